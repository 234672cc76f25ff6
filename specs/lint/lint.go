package lint

import (
	"sort"

	"github.com/roadworthy-project/roadworthy/specs"
)

// Severity says what a finding means for the contract.
type Severity string

// The severities. Only errors make lint fail.
const (
	Error   Severity = "error"   // the contract contradicts itself
	Warning Severity = "warning" // something that counts is left out
	Info    Severity = "info"    // worth knowing
)

// Finding is one thing that a rule found.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	File     string   `json:"file,omitempty"`
	Line     int      `json:"line,omitempty"` // from 1; 0 is the file as a whole
	What     string   `json:"what"`
	Hint     string   `json:"hint,omitempty"` // what to do next
}

// String writes the finding on one line: "errors.yaml:12: what (hint) [rule-id]".
func (f Finding) String() string {
	p := specs.Problem{File: f.File, Line: f.Line, What: f.What, Hint: f.Hint}
	return p.String() + " [" + f.Rule + "]"
}

// Rule is one thing that is looked at.
type Rule struct {
	ID       string
	Severity Severity
	// About says in one sentence what must hold.
	About string

	check func(*run)
}

// ScenarioRef is what a scenario names. Scenarios stand above this package, so
// that they come in as plain data.
type ScenarioRef struct {
	File         string
	Line         int
	ID           string
	Operations   []string
	Requirements []string
	Outcomes     []string // "operation layer:code"
}

// Options of a run. The zero value looks at the bundle alone.
type Options struct {
	// Scenarios of the contract; nil leaves out the rules about them.
	Scenarios []ScenarioRef
	// CheckBehaviour compiles expressions and templates; nil leaves that out. The
	// rule of its findings is behaviour-invalid.
	CheckBehaviour func(*specs.Contract) []Finding
}

// run is one lint of one contract.
type run struct {
	c     *specs.Contract
	opts  Options
	rule  *Rule
	found []Finding
}

func (r *run) add(file string, line int, what, hint string) {
	r.found = append(r.found, Finding{Rule: r.rule.ID, Severity: r.rule.Severity, File: file, Line: line, What: what, Hint: hint})
}

// Rules lists every rule, in the order in which they are applied.
func Rules() []Rule {
	var all []Rule
	for _, group := range [][]Rule{documentRules(), exampleRules(), outcomeRules(), referenceRules(), coverageRules()} {
		all = append(all, group...)
	}
	return all
}

// Run applies every rule and gives all findings, sorted by file and line.
func Run(c *specs.Contract, opts Options) []Finding {
	r := &run{c: c, opts: opts}
	for _, rule := range Rules() {
		r.rule = &rule
		rule.check(r)
	}
	sort.SliceStable(r.found, func(i, j int) bool {
		a, b := r.found[i], r.found[j]
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Line < b.Line
	})
	return r.found
}

// Failed tells whether there is an error among the findings.
func Failed(all []Finding) bool {
	for _, f := range all {
		if f.Severity == Error {
			return true
		}
	}
	return false
}
