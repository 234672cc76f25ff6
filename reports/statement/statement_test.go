package statement

import (
	"crypto/ed25519"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/reports"
)

func sampleReport(t *testing.T) []byte {
	t.Helper()
	source, err := json.MarshalIndent(reports.Report{
		Schema:  reports.SchemaVersion,
		Suite:   reports.Suite{Version: "1.2.3", Contract: "pets", ContractVersion: "1", ContractDigest: "sha256:" + hexSum([]byte("pets"))},
		Target:  reports.Target{URL: "http://127.0.0.1:1/", Implementation: reports.Implementation{Vendor: "ACME", Product: "Pets", Version: "7"}},
		Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Verdict: reports.Conformant,
	}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func testKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune(seed)), ed25519.SeedSize)))
}

func stated(r *reports.Report) reports.Verdict { return r.Verdict }

func TestSignedStatementVerifies(t *testing.T) {
	report, key := sampleReport(t), testKey('a')
	envelope, err := Sign(report, About{Contacts: []string{"qa@example.com"}, SuiteDigest: "sha256:00"}, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, public := range []ed25519.PublicKey{nil, key.Public().(ed25519.PublicKey)} {
		s, err := Verify(envelope, report, public, stated)
		if err != nil {
			t.Fatalf("with key %x: %v", public, err)
		}
		if s.Predicate.Verdict != reports.Conformant || s.Predicate.Implementation.Vendor != "ACME" {
			t.Errorf("stated %+v", s.Predicate)
		}
	}
}

func TestEveryChangedByteIsCaught(t *testing.T) {
	report, key := sampleReport(t), testKey('a')
	envelope, err := Sign(report, About{}, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []struct {
		name   string
		source []byte
		verify func(changed []byte) error
	}{
		{"statement", envelope, func(changed []byte) error { _, err := Verify(changed, report, nil, stated); return err }},
		{"report", report, func(changed []byte) error { _, err := Verify(envelope, changed, nil, stated); return err }},
	} {
		for i := range file.source {
			for _, flip := range []byte{1, 0x20, 0x80} {
				changed := append([]byte(nil), file.source...)
				changed[i] ^= flip
				if file.verify(changed) == nil {
					t.Fatalf("%s: byte %d changed from %q to %q and nothing was noticed", file.name, i, file.source[i], changed[i])
				}
			}
		}
		if file.verify(append(append([]byte(nil), file.source...), ' ')) == nil {
			t.Errorf("%s: a byte was added and nothing was noticed", file.name)
		}
		if file.verify(file.source[:len(file.source)-1]) == nil {
			t.Errorf("%s: the last byte was cut off and nothing was noticed", file.name)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	report, key := sampleReport(t), testKey('a')
	envelope, err := Sign(report, About{}, key)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, reason string
		key          ed25519.PublicKey
		fold         func(*reports.Report) reports.Verdict
		want         string
	}{
		{"another key", "the pinned key decides, not the one inside", testKey('b').Public().(ed25519.PublicKey), stated, "signature"},
		{"verdict does not follow", "a verdict must be recomputable from the report", nil,
			func(*reports.Report) reports.Verdict { return reports.NonConformant }, "recomputed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Verify(envelope, report, tt.key, tt.fold)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: got %v, want an error about %q", tt.reason, err, tt.want)
			}
		})
	}
}
