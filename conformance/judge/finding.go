package judge

import (
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Finding is one difference between an exchange and its contract.
type Finding struct {
	In       string // status, header, body, timing, state
	Path     string // JSON Pointer, XPath or header name
	Kind     string // a word of reports.DeviationKinds
	Expected string
	Actual   string
	Severity reports.Severity
	Source   string // where the contract says so
	// Line of the scenario file that demands it; 0 where the contract does.
	Line int
}

// Observed is an outcome that a response carried.
type Observed struct {
	Ref string // "http:409", "global:0", "item:1045"
	// Item counts from 1; 0 where the outcome is of the whole response.
	Item int
	// Outcome is nil when the contract does not know it.
	Outcome *specs.Outcome
	Success bool
}

// Judgement is what was found in one message.
type Judgement struct {
	Findings []Finding
	// Tree of the body; nil when there is none or it cannot be read.
	Tree     *payload.Tree
	Outcomes []Observed
}

// Success reports whether a response said yes: a status below 400 and no code of a
// failure for the request or for any of its items.
func (j *Judgement) Success() bool {
	for _, o := range j.Outcomes {
		if !o.Success {
			return false
		}
	}
	return len(j.Outcomes) > 0
}

// Saw reports whether an outcome was observed, for any item.
func (j *Judgement) Saw(ref string) bool {
	for _, o := range j.Outcomes {
		if o.Ref == ref {
			return true
		}
	}
	return false
}

// ByBasis is the rule of severity: documented is an error, all else a warning.
func ByBasis(b specs.Basis) reports.Severity {
	if b == specs.Documented || b == "" {
		return reports.SeverityError
	}
	return reports.SeverityWarning
}

// FromViolation turns a violation of a body into a finding.
func FromViolation(v schema.Violation) Finding {
	f := Finding{In: "body", Path: v.Path, Kind: string(v.Kind), Expected: v.Expected, Actual: v.Actual,
		Severity: ByBasis(specs.Basis(v.Basis)), Source: v.Schema}
	if v.Soft {
		f.Severity = reports.SeverityInfo
	}
	if f.Actual == "" && f.Kind == "missing" {
		f.Actual = "absent"
	}
	return f
}

// partial reports whether the sources describe an operation only in part, so that
// what is not described is not thereby forbidden.
func partial(op *specs.Operation) bool {
	return op.Evidence == "partial" || op.Evidence == "thin"
}

func closed(op *specs.Operation) reports.Severity {
	if partial(op) {
		return reports.SeverityWarning
	}
	return reports.SeverityError
}
