package statement

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports"
)

// The types that name a statement to other tools.
const (
	PayloadType   = "application/vnd.in-toto+json"
	StatementType = "https://in-toto.io/Statement/v1"
	PredicateType = "https://roadworthy-project.github.io/conformance/v1"
)

// Statement is the in-toto statement inside the envelope.
type Statement struct {
	Type          string    `json:"_type"`
	Subject       []Subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     Predicate `json:"predicate"`
}

// Subject is one thing that the statement is about, by its digest.
type Subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

// Predicate is what is stated.
type Predicate struct {
	Verdict         reports.Verdict        `json:"verdict"`
	Implementation  reports.Implementation `json:"implementation"`
	Contacts        []string               `json:"contacts,omitempty"`
	Features        []string               `json:"features,omitempty"`
	Target          string                 `json:"target"`
	Contract        string                 `json:"contract"`
	ContractVersion string                 `json:"contractVersion"`
	Suite           string                 `json:"suite"`
	Started         string                 `json:"started"` // RFC 3339
	// PublicKey is the signer's ed25519 key in hex, so that a statement can be
	// checked for integrity without another file. Whose key it is must be known
	// from elsewhere.
	PublicKey string `json:"publicKey"`
}

// About is what a statement says beyond the report.
type About struct {
	Contacts []string
	Features []string
	// SuiteDigest is "sha256:…" of the program that judged.
	SuiteDigest string
}

// Sign makes the envelope of a statement over reportJSON, the exact bytes of
// report.json.
func Sign(reportJSON []byte, about About, key ed25519.PrivateKey) ([]byte, error) {
	report, err := decodeReport(reportJSON)
	if err != nil {
		return nil, err
	}
	public := key.Public().(ed25519.PublicKey)
	subjects := []Subject{
		{Name: "report.json", Digest: map[string]string{"sha256": hexSum(reportJSON)}},
		{Name: "contract:" + report.Suite.Contract, Digest: map[string]string{"sha256": strings.TrimPrefix(report.Suite.ContractDigest, "sha256:")}},
	}
	if about.SuiteDigest != "" {
		subjects = append(subjects, Subject{Name: "suite", Digest: map[string]string{"sha256": strings.TrimPrefix(about.SuiteDigest, "sha256:")}})
	}
	body, err := json.Marshal(Statement{
		Type: StatementType, PredicateType: PredicateType, Subject: subjects,
		Predicate: Predicate{
			Verdict: report.Verdict, Implementation: report.Target.Implementation, Contacts: about.Contacts, Features: about.Features,
			Target: report.Target.URL, Contract: report.Suite.Contract, ContractVersion: report.Suite.ContractVersion,
			Suite: report.Suite.Version, Started: report.Started.UTC().Format("2006-01-02T15:04:05Z"), PublicKey: hex.EncodeToString(public),
		},
	})
	if err != nil {
		return nil, err
	}
	return encodeEnvelope(seal(PayloadType, body, key))
}

// Verify checks a statement: its form, its signature, and that it states what
// reportJSON says. With a nil key the one inside the statement is used, which
// proves integrity and not who signed. fold recomputes the verdict of a report.
// All that is wrong is returned together.
func Verify(statement, reportJSON []byte, key ed25519.PublicKey, fold func(*reports.Report) reports.Verdict) (*Statement, error) {
	var parsed envelope
	if err := json.Unmarshal(statement, &parsed); err != nil {
		return nil, fmt.Errorf("the statement is not a DSSE envelope: %w", err)
	}
	canonical, err := encodeEnvelope(&parsed)
	if err != nil || !bytes.Equal(canonical, statement) {
		return nil, errors.New("the statement's file was changed: its bytes are not those that certify writes")
	}
	if parsed.PayloadType != PayloadType {
		return nil, fmt.Errorf("the envelope holds %q, expected %q", parsed.PayloadType, PayloadType)
	}
	if len(parsed.Signatures) != 1 {
		return nil, fmt.Errorf("the envelope has %d signatures, expected 1", len(parsed.Signatures))
	}
	body, err := decodeStrictly(parsed.Payload)
	if err != nil {
		return nil, fmt.Errorf("the envelope's payload: %w", err)
	}
	var s Statement
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return nil, fmt.Errorf("the envelope's payload is not a statement: %w", err)
	}
	// The payload is signed as bytes; one that reads otherwise than it is written could say
	// two things at once.
	if written, err := json.Marshal(s); err != nil || !bytes.Equal(written, body) {
		return nil, errors.New("the envelope's payload is not written as certify writes it: a member stands twice, or something follows the statement")
	}
	if key == nil {
		inside, err := hex.DecodeString(s.Predicate.PublicKey)
		if err != nil || len(inside) != ed25519.PublicKeySize {
			return nil, errors.New("the statement holds no usable public key")
		}
		key = inside
	}
	if err := parsed.check(key, body); err != nil {
		return nil, fmt.Errorf("the signature is not that of the key %s: %w", keyID(key), err)
	}
	return &s, errors.Join(compare(&s, reportJSON, fold)...)
}

// compare lists where the statement and the report differ.
func compare(s *Statement, reportJSON []byte, fold func(*reports.Report) reports.Verdict) []error {
	var wrong []error
	differ := func(what, stated, found string) {
		if stated != found {
			wrong = append(wrong, fmt.Errorf("%s: the statement says %q, found %q", what, stated, found))
		}
	}
	differ("statement type", s.Type, StatementType)
	differ("predicate type", s.PredicateType, PredicateType)
	digests := map[string]string{}
	for _, subject := range s.Subject {
		digests[subject.Name] = subject.Digest["sha256"]
	}
	if found := hexSum(reportJSON); found != digests["report.json"] {
		wrong = append(wrong, fmt.Errorf("digest of report.json: the statement says %q, found %q: it was changed after it was signed, or is that of another run",
			digests["report.json"], found))
	}
	report, err := decodeReport(reportJSON)
	if err != nil {
		return append(wrong, err)
	}
	differ("digest of the contract", "sha256:"+digests["contract:"+report.Suite.Contract], report.Suite.ContractDigest)
	differ("contract", s.Predicate.Contract, report.Suite.Contract)
	differ("contract version", s.Predicate.ContractVersion, report.Suite.ContractVersion)
	differ("suite", s.Predicate.Suite, report.Suite.Version)
	differ("target", s.Predicate.Target, report.Target.URL)
	differ("verdict", string(s.Predicate.Verdict), string(report.Verdict))
	differ("vendor", s.Predicate.Implementation.Vendor, report.Target.Implementation.Vendor)
	differ("product", s.Predicate.Implementation.Product, report.Target.Implementation.Product)
	differ("product version", s.Predicate.Implementation.Version, report.Target.Implementation.Version)
	differ("verdict recomputed from the report", string(s.Predicate.Verdict), string(fold(report)))
	return wrong
}

func decodeReport(source []byte) (*reports.Report, error) {
	var r reports.Report
	if err := json.Unmarshal(source, &r); err != nil {
		return nil, fmt.Errorf("report.json: %w", err)
	}
	if r.Schema != reports.SchemaVersion {
		return nil, fmt.Errorf("report.json: schema %q, expected %q", r.Schema, reports.SchemaVersion)
	}
	return &r, nil
}

func encodeEnvelope(e *envelope) ([]byte, error) {
	out, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(out, '\n'), nil
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func keyID(public ed25519.PublicKey) string { return "sha256:" + hexSum(public) }
