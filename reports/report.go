package reports

import "time"

// SchemaVersion names the format of report.json.
const SchemaVersion = "roadworthy.report/v1"

// Report is the product of a run.
type Report struct {
	Schema     string          `json:"schema"`
	Suite      Suite           `json:"suite"`
	Target     Target          `json:"target"`
	Started    time.Time       `json:"started"`
	DurationMs int64           `json:"durationMs"`
	Verdict    Verdict         `json:"verdict"`
	Why        []string        `json:"why,omitempty"` // the reasons of the verdict, in words
	Profiles   []ProfileResult `json:"profiles"`
	Scenarios  []Scenario      `json:"scenarios"`
	Deviations []Deviation     `json:"deviations"`
	Coverage   Coverage        `json:"coverage"`
	// StaleWaivers are the deviations whose waiver has expired or fits nothing.
	StaleWaivers []string `json:"staleWaivers,omitempty"`
	// UnusedWaivers are the deviations whose waiver fits nothing in this part of a run:
	// another part may have them.
	UnusedWaivers []string `json:"unusedWaivers,omitempty"`
}

// Suite says what judged.
type Suite struct {
	Version         string   `json:"version"`
	Contract        string   `json:"contract"`
	ContractTitle   string   `json:"contractTitle,omitempty"`
	ContractVersion string   `json:"contractVersion"`
	ContractDigest  string   `json:"contractDigest"`
	Seed            int64    `json:"seed,omitempty"`
	Shard           string   `json:"shard,omitempty"`
	Filters         []string `json:"filters,omitempty"` // what the user narrowed the run with
	LeftOut         int      `json:"leftOut,omitempty"` // scenarios that the filters took out, the shard not counted
	// FailOn and MinCoverage are what the user asked of the exit code, where that is not
	// the default: merged shards are held to it.
	FailOn      string   `json:"failOn,omitempty"`
	MinCoverage []string `json:"minCoverage,omitempty"`
}

// Target says what was judged.
type Target struct {
	URL            string         `json:"url"`
	Implementation Implementation `json:"implementation"`
}

// Implementation is what the vendor says of the target.
type Implementation struct {
	Vendor  string `json:"vendor"`
	Product string `json:"product"`
	Version string `json:"version"`
}

// Verdict is the answer of a run.
type Verdict string

// The four verdicts.
const (
	Conformant    Verdict = "conformant"
	NonConformant Verdict = "non-conformant"
	Partial       Verdict = "partial"
	Inconclusive  Verdict = "inconclusive"
)

// Status of a scenario or step.
type Status string

// The statuses, in the order of a table.
const (
	Passed       Status = "passed"
	Failed       Status = "failed"
	Warned       Status = "warned"
	Error        Status = "error" // the suite itself could not do it
	NotSupported Status = "not-supported"
	NotReached   Status = "not-reached"
	Waived       Status = "waived"
)

// Statuses lists every status in the order of a table.
func Statuses() []Status {
	return []Status{Passed, Failed, Warned, Error, NotSupported, NotReached, Waived}
}

// ProfileResult counts the scenarios of one profile.
type ProfileResult struct {
	Name         string  `json:"name"`
	Verdict      Verdict `json:"verdict"`
	Passed       int     `json:"passed"`
	Failed       int     `json:"failed"`
	Warned       int     `json:"warned"`
	Error        int     `json:"error"`
	NotSupported int     `json:"not-supported"`
	NotReached   int     `json:"not-reached"`
	Waived       int     `json:"waived"`
}

// Scenario is the result of one scenario or generated case.
type Scenario struct {
	ID           string   `json:"id"`
	Title        string   `json:"title"`
	Origin       string   `json:"origin"` // file or generated
	Profile      string   `json:"profile"`
	Requirements []string `json:"requirements"`
	Status       Status   `json:"status"`
	Why          string   `json:"why,omitempty"` // for not-supported, not-reached, error
	Source       string   `json:"source,omitempty"`
	DurationMs   int64    `json:"durationMs"`
	Steps        []Step   `json:"steps"`
}

// Step is the result of one exchange.
type Step struct {
	ID         string   `json:"id"`
	Title      string   `json:"title,omitempty"`
	Operation  string   `json:"operation"`
	Status     Status   `json:"status"`
	Why        string   `json:"why,omitempty"`
	DurationMs int64    `json:"durationMs"`
	Attempts   int      `json:"attempts,omitempty"` // more than 1 only for eventually
	Exchange   Exchange `json:"exchange"`
	Deviations []string `json:"deviations"` // ids
}

// Exchange is one request and its response, with secrets masked. It may lie on a
// [Shelf]: look at what [Exchange.Open] gives.
type Exchange struct {
	Request  Request  `json:"request"`
	Response Response `json:"response"`
	at       shelved
}

// Request is what was sent.
type Request struct {
	Method  string              `json:"method"`
	URL     string              `json:"url"`
	Headers map[string][]string `json:"headers,omitempty"`
	Body    string              `json:"body,omitempty"`
	// BodyCut is the number of bytes that were left out of Body.
	BodyCut int `json:"bodyCut,omitempty"`
}

// Response is what came back; Status 0 means that nothing did.
type Response struct {
	Status  int                 `json:"status"`
	Headers map[string][]string `json:"headers,omitempty"`
	Body    string              `json:"body,omitempty"`
	BodyCut int                 `json:"bodyCut,omitempty"`
	Error   string              `json:"error,omitempty"` // why nothing came back
}

// Severity of a deviation.
type Severity string

// The three severities.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityInfo    Severity = "info"
)

// Deviation is one difference between what the contract says and what came back.
type Deviation struct {
	// ID is the same in every run for the same finding: over contract,
	// operation, scenario, path without indexes of generated data, and kind.
	ID          string   `json:"id"`
	Scenario    string   `json:"scenario"`
	Step        string   `json:"step"`
	Operation   string   `json:"operation"`
	Requirement string   `json:"requirement"`
	In          string   `json:"in"`   // status, header, body, state, timing
	Path        string   `json:"path"` // JSON Pointer, XPath or header name
	Kind        string   `json:"kind"`
	Expected    string   `json:"expected"`
	Actual      string   `json:"actual"`
	Severity    Severity `json:"severity"`
	Source      string   `json:"source"`
	// Line of the scenario's file that expects it; 0 with generated cases. The file is
	// that of the scenario's source.
	Line   int     `json:"line,omitempty"`
	Waived *Waiver `json:"waived"`
}

// DeviationKinds lists the kinds of a deviation.
func DeviationKinds() []string {
	return []string{"missing", "unexpected", "type", "format", "enum", "pattern", "range", "length", "value", "order",
		"status", "code", "header", "malformed", "unreachable"}
}

// Waiver accepts a deviation for a time.
type Waiver struct {
	Reason  string `json:"reason"`
	Owner   string `json:"owner"`
	Expires string `json:"expires"` // YYYY-MM-DD
}

// Coverage says what of the contract the run met.
type Coverage struct {
	Operations   []OperationCoverage   `json:"operations"`
	Outcomes     []OutcomeCoverage     `json:"outcomes"`
	Fields       []FieldCoverage       `json:"fields"`
	Requirements []RequirementCoverage `json:"requirements"`
}

// OperationCoverage says whether an operation was called.
type OperationCoverage struct {
	Operation string `json:"operation"`
	Exercised bool   `json:"exercised"`
	Evidence  string `json:"evidence,omitempty"`
	// Source is the line of the operation in the reader's own contract,
	// "api/openapi.yaml:12"; "" for a built-in one.
	Source string `json:"source,omitempty"`
}

// OutcomeCoverage says whether an outcome was tried and seen.
type OutcomeCoverage struct {
	Operation  string   `json:"operation"`
	Layer      string   `json:"layer"`
	Code       string   `json:"code"`
	Title      string   `json:"title,omitempty"`
	Documented bool     `json:"documented"`
	Attempted  bool     `json:"attempted"`
	Observed   bool     `json:"observed"`
	Scenarios  []string `json:"scenarios"`
	WhyNot     string   `json:"why-not"`
}

// FieldCoverage says whether a field was seen.
type FieldCoverage struct {
	Operation string `json:"operation"`
	Direction string `json:"direction"` // request or response
	Path      string `json:"path"`
	Seen      bool   `json:"seen"`
}

// RequirementCoverage says whether a requirement held.
type RequirementCoverage struct {
	ID     string `json:"id"`
	Level  string `json:"level,omitempty"`
	Text   string `json:"text,omitempty"`
	Status string `json:"status"` // held, violated, not-tested, not-reached
	WhyNot string `json:"why-not,omitempty"`
}
