package coverage

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Of gives the coverage of a contract by the results of a run.
func Of(c *specs.Contract, results []*engine.Result) reports.Coverage {
	met := collect(results)
	return reports.Coverage{Operations: operations(c, met), Outcomes: outcomes(c, met), Fields: fields(c, met), Requirements: requirements(c, results)}
}

// meeting is what the steps of a run met, by operation.
type meeting struct {
	answered  map[string]bool
	attempted map[string]bool // "operation ref"
	observed  map[string]bool
	unreached map[string]string              // "operation ref" → why the step that asks for it was not reached
	by        map[string]map[string]struct{} // "operation ref" → scenarios
	sent      map[string]bool                // "operation path"
	received  map[string]bool
}

func collect(results []*engine.Result) *meeting {
	m := &meeting{answered: map[string]bool{}, attempted: map[string]bool{}, observed: map[string]bool{}, unreached: map[string]string{},
		by: map[string]map[string]struct{}{}, sent: map[string]bool{}, received: map[string]bool{}}
	for _, res := range results {
		for i, f := range res.Facts {
			m.answered[f.Operation] = m.answered[f.Operation] || f.Status > 0
			for _, ref := range f.Expected {
				key := f.Operation + " " + ref
				if f.Sent {
					m.attempted[key] = true
				} else if m.unreached[key] == "" {
					m.unreached[key] = res.Scenario.Steps[i].Why
				}
				m.add(key, res.Scenario.ID)
			}
			for _, o := range f.Observed {
				key := f.Operation + " " + o.Ref
				m.observed[key] = true
				m.add(key, res.Scenario.ID)
			}
			if f.Status == 0 {
				continue
			}
			for _, p := range f.Requested {
				m.sent[f.Operation+" "+p] = true
			}
			for _, p := range f.Received {
				m.received[f.Operation+" "+p] = true
			}
		}
	}
	return m
}

func (m *meeting) add(key, scenario string) {
	if m.by[key] == nil {
		m.by[key] = map[string]struct{}{}
	}
	m.by[key][scenario] = struct{}{}
}

// maxNamed is the most scenarios that are named for one outcome.
const maxNamed = 20

func (m *meeting) scenarios(key string) []string {
	all := []string{}
	for id := range m.by[key] {
		all = append(all, id)
	}
	slices.Sort(all)
	return all[:min(len(all), maxNamed)]
}

func operations(c *specs.Contract, m *meeting) []reports.OperationCoverage {
	out := []reports.OperationCoverage{}
	for _, op := range c.Operations {
		out = append(out, reports.OperationCoverage{Operation: op.ID, Exercised: m.answered[op.ID], Evidence: op.Evidence, Source: line(c, op)})
	}
	return out
}

// line is the place of an operation in a contract that lies beside the reader.
func line(c *specs.Contract, op *specs.Operation) string {
	if c.Origin == "built-in" || c.Origin == "" || op.Line == 0 {
		return ""
	}
	folder := filepath.ToSlash(c.Origin)
	if c.Bare {
		folder = path.Dir(folder)
	}
	return fmt.Sprintf("%s:%d", path.Join(folder, c.Document()), op.Line)
}

func outcomes(c *specs.Contract, m *meeting) []reports.OutcomeCoverage {
	out := []reports.OutcomeCoverage{}
	for _, op := range c.Operations {
		known := map[string]bool{}
		for _, o := range op.Outcomes() {
			key := op.ID + " " + o.Ref()
			known[key] = true
			line := reports.OutcomeCoverage{Operation: op.ID, Layer: string(o.Layer), Code: o.Code, Title: o.Title, Documented: o.Basis == specs.Documented,
				Attempted: m.attempted[key], Observed: m.observed[key], Scenarios: m.scenarios(key)}
			if !line.Observed {
				line.WhyNot = whyNot(o, key, m)
			}
			out = append(out, line)
		}
		out = append(out, unknown(op, m, known)...)
	}
	return out
}

func whyNot(o *specs.Outcome, key string, m *meeting) string {
	switch {
	case m.attempted[key]:
		return "it was asked for, and something else came back"
	case m.unreached[key] != "":
		return m.unreached[key]
	case o.ReachedBy.NotReachable != "":
		return "cannot be reached: " + o.ReachedBy.NotReachable
	case o.ReachedBy.Armed:
		return "no request alone leads to it; it needs the provider state \"outcome\""
	case o.ReachedBy.State != "":
		return "it needs the provider state " + o.ReachedBy.State
	}
	return "no scenario of this run asks for it"
}

// unknown lists outcomes that were observed and that the contract does not have.
func unknown(op *specs.Operation, m *meeting, known map[string]bool) []reports.OutcomeCoverage {
	var keys []string
	for key := range m.observed {
		if strings.HasPrefix(key, op.ID+" ") && !known[key] && !strings.HasSuffix(key, ":") {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var out []reports.OutcomeCoverage
	for _, key := range keys {
		layer, code, _ := strings.Cut(strings.TrimPrefix(key, op.ID+" "), ":")
		out = append(out, reports.OutcomeCoverage{Operation: op.ID, Layer: layer, Code: code, Observed: true, Attempted: m.attempted[key], Scenarios: m.scenarios(key)})
	}
	return out
}

func requirements(c *specs.Contract, results []*engine.Result) []reports.RequirementCoverage {
	status := map[string]string{}
	why := map[string]string{}
	rank := map[string]int{"": 0, "not-reached": 1, "held": 2, "violated": 3}
	for _, res := range results {
		for _, id := range res.Scenario.Requirements {
			s := "not-reached"
			switch res.Scenario.Status {
			case reports.Passed, reports.Warned:
				s = "held"
			case reports.Failed, reports.Waived:
				s = "violated"
			}
			if rank[s] > rank[status[id]] {
				status[id], why[id] = s, res.Scenario.Why
			}
		}
	}
	out := []reports.RequirementCoverage{}
	for _, q := range c.Requirements {
		line := reports.RequirementCoverage{ID: q.ID, Level: q.Level, Text: q.Text, Status: status[q.ID]}
		switch line.Status {
		case "":
			line.Status, line.WhyNot = "not-tested", q.NotTested
			if line.WhyNot == "" {
				line.WhyNot = "no scenario of this run tests it"
			}
		case "not-reached":
			line.WhyNot = why[q.ID]
		}
		out = append(out, line)
	}
	return out
}

// Summary is the coverage in one line.
func Summary(c reports.Coverage, covered func(reports.Coverage, string) (int, int)) string {
	var parts []string
	for _, what := range []string{"operations", "outcomes", "fields", "requirements"} {
		hit, all := covered(c, what)
		parts = append(parts, fmt.Sprintf("%s %d/%d", what, hit, all))
	}
	return strings.Join(parts, " · ")
}
