package engine

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
)

// Result is what came of one scenario.
type Result struct {
	Scenario   reports.Scenario
	Deviations []reports.Deviation
	Facts      []Fact // one per step, in the order of the steps
}

// Fact is what a step met, for coverage and for telling whether an operation is
// there at all.
type Fact struct {
	Operation string
	Identity  string
	// Sent is false when the step was not reached.
	Sent     bool
	Status   int // 0 when nothing came back
	Observed []judge.Observed
	// Expected are the outcomes that the step asked for.
	Expected []string
	// Fields that were sent and received, without indexes.
	Requested []string
	Received  []string
	// Foreign is set when the answer does not look like one of the contract: an HTML
	// page, a media type that the operation does not know.
	Foreign bool
	// Page is set when it is a web page that says that all is well.
	Page bool
	// Unreachable is set when no connection was made.
	Unreachable bool
	// Silent is set when a connection was made and no answer came.
	Silent bool
	// Wanted is set when the step expected a success.
	Wanted bool
	// Plain is set when the operation was called by its own method and with credentials.
	Plain bool
	// Fits is set when the answer is one that the contract describes.
	Fits bool
	// Shape is an answer that says yes, without its values: to tell whether all answers
	// are one.
	Shape string
	// Alien is set when it has nothing of what the contract describes.
	Alien bool
	// Gateway is set when a gateway answered in the place of the implementation.
	Gateway bool
	// Limited counts the answers that asked to call again later, and PutOff is set when
	// there was never another one.
	Limited int
	PutOff  bool
}

// run is the state of one scenario while it runs.
type run struct {
	r      *Runner
	sc     *scenarios.Scenario
	scope  *scope
	result *Result
	// stopped says why the following steps cannot be reached.
	stopped string
}

// record turns findings of a step into deviations of the report; one with the same
// fingerprint is kept once.
func (x *run) record(st *scenarios.Step, step *reports.Step, findings []judge.Finding) {
	for _, f := range findings {
		d := reports.Deviation{Scenario: x.sc.ID, Step: st.ID, Operation: st.Operation, In: f.In, Path: f.Path, Kind: f.Kind,
			Expected: x.r.mask.text(f.Expected), Actual: x.r.mask.text(f.Actual), Severity: f.Severity, Source: f.Source}
		if x.sc.Source == "" {
			d.Line = f.Line
			if d.Line == 0 {
				d.Line = st.Line
			}
		}
		d.Requirement = x.requirement(st.Operation)
		if d.Source == "" {
			d.Source = x.source(d.Requirement)
		}
		if st.Cleanup && d.Severity == reports.SeverityError {
			d.Severity = reports.SeverityWarning
		}
		d.ID = verdict.Fingerprint(verdict.Finding{Contract: x.r.contract.Name, Operation: st.Operation, Scenario: x.sc.ID, Step: st.ID,
			In: f.In, Path: f.Path, Kind: f.Kind})
		if slices.Contains(step.Deviations, d.ID) {
			continue
		}
		step.Deviations = append(step.Deviations, d.ID)
		x.result.Deviations = append(x.result.Deviations, d)
		switch {
		case d.Severity == reports.SeverityError:
			step.Status = reports.Failed
		case d.Severity == reports.SeverityWarning && step.Status == reports.Passed:
			step.Status = reports.Warned
		}
	}
}

// requirement is the first of the scenario that speaks of the operation, else the
// first.
func (x *run) requirement(operation string) string {
	for _, id := range x.sc.Requirements {
		for _, q := range x.r.contract.Requirements {
			if q.ID == id && (slices.Contains(q.Operations, operation) || slices.Contains(q.Operations, "*")) {
				return id
			}
		}
	}
	if len(x.sc.Requirements) > 0 {
		return x.sc.Requirements[0]
	}
	return ""
}

// source says where a requirement stands, and of a generated case the place in the
// contract that it was made from.
func (x *run) source(requirement string) string {
	for _, q := range x.r.contract.Requirements {
		if q.ID == requirement {
			return strings.TrimSuffix(q.Source+"; "+x.sc.Source, "; ")
		}
	}
	return x.sc.Source
}
