package selftest

import (
	"bytes"
	"slices"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Class is what became of a seed.
type Class string

// What can become of a seed.
const (
	// Found: a scenario failed, and its deviation says where the fault is.
	Found Class = "found"
	// Warned: what the fault breaks is a rule that no document states; a warning
	// says so, and that is all it may be.
	Warned Class = "warned"
	// Allowed: the contract promises nothing that the fault breaks, and nothing failed.
	Allowed Class = "allowed"
	// Tolerated: the fault is harmless, and nothing failed.
	Tolerated Class = "tolerated"
	// Survived: nothing failed, or nothing that failed says where the fault is.
	Survived Class = "survived"
	// FalseAlarm: the fault is harmless, and a scenario failed.
	FalseAlarm Class = "false alarm"
)

// Classes lists them in the order of a table.
func Classes() []Class { return []Class{Found, Warned, Allowed, Tolerated, Survived, FalseAlarm} }

// Planted is a seed with what became of it.
type Planted struct {
	Seed
	Class Class `json:"class"`
	// Red are the scenarios that failed, sorted.
	Red []string `json:"red"`
	// Deviation is the one that says where the fault is, as "operation path kind".
	Deviation string `json:"deviation,omitempty"`
	Why       string `json:"why,omitempty"`
}

// classify says what became of a seed by what its run gave.
func classify(g *ground, s Seed, results []*engine.Result, answers []seen) Planted {
	c := g.contract
	p := Planted{Seed: s, Red: []string{}}
	warned := false
	for _, res := range results {
		if res.Scenario.Status == reports.Failed {
			p.Red = append(p.Red, res.Scenario.ID)
		}
		for _, d := range res.Deviations {
			if s.rule.names == nil || !s.rule.names(s, d) {
				continue
			}
			switch {
			case d.Severity == reports.SeverityError && p.Deviation == "":
				p.Deviation = d.Operation + " " + d.Path + " " + d.Kind
			case d.Severity == reports.SeverityWarning:
				warned = true
			}
		}
	}
	slices.Sort(p.Red)
	switch {
	case s.rule.effect == tolerate:
		p.Class, p.Why = Tolerated, s.rule.why
		if len(p.Red) > 0 {
			p.Class = FalseAlarm
		}
	case len(p.Red) > 0 && p.Deviation != "":
		p.Class = Found
	case s.rule.field != nil && len(p.Red) == 0 && g.unchanged(answers):
		p.Class, p.Why = Survived, "the fault changed no answer"
	case warned && len(p.Red) == 0:
		p.Class, p.Why = Warned, "no document states the rule"
	case s.rule.field != nil && !forbidden(c, s, answers):
		// What follows from it may have failed later on, and that is no alarm.
		p.Class, p.Why = Allowed, "the schema allows it, and no scenario asked for it"
		if len(p.Red) > 0 {
			p.Class, p.Why = Found, "by what follows from it"
		}
	case len(p.Red) == 0 && s.rule.promised != nil && !s.rule.promised(c, c.Operation(s.Operation)):
		p.Class, p.Why = Allowed, "no document promises what it breaks"
	case len(p.Red) > 0:
		p.Class, p.Why = Survived, "scenarios failed, and no deviation says where the fault is"
	default:
		p.Class, p.Why = Survived, "no scenario failed"
	}
	return p
}

// unchanged reports that every answer is the one of the clean run, to the byte.
func (g *ground) unchanged(answers []seen) bool {
	return !slices.ContainsFunc(answers, func(a seen) bool { return !bytes.Equal(a.body, g.clean[a.scenario+"/"+a.step]) })
}

// forbidden reports whether a documented rule of the schema refuses one of the
// answers that the operation gave under the fault.
func forbidden(c *specs.Contract, s Seed, answers []seen) bool {
	op := c.Operation(s.Operation)
	steps := map[string]bool{}
	for _, j := range s.jobs {
		for _, st := range j.Scenario.Steps {
			steps[j.Scenario.ID+"/"+st.ID] = st.Operation == s.Operation
		}
	}
	for _, a := range answers {
		if !steps[a.scenario+"/"+a.step] {
			continue
		}
		media := mediaOf(op, a)
		if media == nil || len(a.body) == 0 {
			continue
		}
		_, violations := media.Judge(a.body, "")
		if slices.ContainsFunc(schema.Hard(violations), func(v schema.Violation) bool {
			return v.Basis != schema.BasisInferred && about(s, v)
		}) {
			return true
		}
	}
	return false
}

func about(s Seed, v schema.Violation) bool {
	return beside(s, reports.Deviation{Operation: s.Operation, Path: payload.StripIndexes(v.Path)})
}
