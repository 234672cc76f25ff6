package lint

import (
	"fmt"
	"sort"

	"github.com/roadworthy-project/roadworthy/specs"
)

func outcomeRules() []Rule {
	return []Rule{
		{"outcome-unreachable", Error, "Every outcome says what leads to it, and that is there.", outcomeUnreachable},
		{"outcome-unknown", Error, "Rules, refusals and successes lead to outcomes of errors.yaml.", outcomeUnknown},
		{"outcome-twice", Error, "An operation has each outcome once.", outcomeTwice},
		{"outcome-status-not-described", Warning, "The OpenAPI document describes the status of every documented outcome.", outcomeStatus},
		{"rule-twice", Error, "The rules of an operation have ids of their own.", ruleTwice},
		{"shape-unused", Info, "Every shape belongs to an outcome.", shapeUnused},
	}
}

// rulesOf lists the rules of an operation, those of items included.
func rulesOf(c *specs.Contract, op string) []specs.Rule {
	if c.Behaviour == nil || c.Behaviour.Operations[op] == nil {
		return nil
	}
	b := c.Behaviour.Operations[op]
	return append(append([]specs.Rule{}, b.Rules...), b.ItemRules...)
}

func outcomeUnreachable(r *run) {
	for _, o := range r.c.Outcomes {
		by := o.ReachedBy
		named := 0
		for _, is := range []bool{by.Rule != "", by.Refusal != "", by.State != "", by.Request != "", by.Success, by.Armed, by.NotReachable != ""} {
			if is {
				named++
			}
		}
		if named != 1 {
			r.add("errors.yaml", o.Line, fmt.Sprintf("outcome %s: reached-by must name exactly one way, found %d", o.Ref(), named), "use rule, refusal, state, request, success, armed or not-reachable")
			continue
		}
		switch {
		case by.Rule != "":
			leadsByRule(r, o)
		case by.Refusal != "" && !has(specs.RefusalReasons(), by.Refusal):
			r.add("errors.yaml", o.Line, fmt.Sprintf("outcome %s: %q is no reason to refuse", o.Ref(), by.Refusal), near(by.Refusal, specs.RefusalReasons()))
		case by.State != "" && (r.c.Behaviour == nil || r.c.Behaviour.States[by.State] == nil):
			r.add("errors.yaml", o.Line, fmt.Sprintf("outcome %s: there is no provider state %q", o.Ref(), by.State), "describe it under states in behaviour.yaml")
		}
	}
}

// leadsByRule looks for the rule in the operations of the outcome.
func leadsByRule(r *run, o *specs.Outcome) {
	var ids []string
	for _, op := range r.c.Operations {
		if !has(o.Operations, op.ID) && !has(o.Operations, "*") {
			continue
		}
		for _, rule := range rulesOf(r.c, op.ID) {
			ids = append(ids, rule.ID)
			if rule.ID != o.ReachedBy.Rule {
				continue
			}
			if rule.Outcome == o.Ref() {
				return
			}
			r.add("errors.yaml", o.Line, fmt.Sprintf("outcome %s: the rule %s leads to %s", o.Ref(), rule.ID, rule.Outcome), "")
			return
		}
	}
	r.add("errors.yaml", o.Line, fmt.Sprintf("outcome %s: its operations have no rule %q", o.Ref(), o.ReachedBy.Rule), near(o.ReachedBy.Rule, ids))
}

func refs(op *specs.Operation) []string {
	var all []string
	for _, o := range op.Outcomes() {
		all = append(all, o.Ref())
	}
	return all
}

func outcomeUnknown(r *run) {
	if r.c.Behaviour == nil {
		return
	}
	for _, op := range r.c.Operations {
		known := refs(op)
		for _, rule := range rulesOf(r.c, op.ID) {
			if !has(known, rule.Outcome) {
				r.add("behaviour.yaml", rule.Line, fmt.Sprintf("operation %s: rule %s leads to %s, which errors.yaml does not give to it", op.ID, rule.ID, rule.Outcome), near(rule.Outcome, known))
			}
		}
		if b := r.c.Behaviour.Operations[op.ID]; b != nil && b.Success != "" && !has(known, b.Success) {
			r.add("behaviour.yaml", b.Line, fmt.Sprintf("operation %s: success is %s, which errors.yaml does not give to it", op.ID, b.Success), near(b.Success, known))
		}
		for _, refusal := range r.c.Refusals {
			if has(refusal.Operations, op.ID) && !has(known, refusal.Outcome) {
				r.add("errors.yaml", refusal.Line, fmt.Sprintf("refusal %s: operation %s has no outcome %s", refusal.When, op.ID, refusal.Outcome), near(refusal.Outcome, known))
			}
		}
	}
	for _, refusal := range r.c.Refusals {
		if len(refusal.Operations) > 0 {
			continue
		}
		there := false
		for _, o := range r.c.Outcomes {
			there = there || o.Ref() == refusal.Outcome
		}
		if !there {
			r.add("errors.yaml", refusal.Line, fmt.Sprintf("refusal %s leads to %s, which is no outcome", refusal.When, refusal.Outcome), "")
		}
	}
}

func outcomeTwice(r *run) {
	seen := map[string]int{}
	for _, o := range r.c.Outcomes {
		for _, op := range o.Operations {
			key := op + " " + o.Ref()
			if line, twice := seen[key]; twice {
				r.add("errors.yaml", o.Line, fmt.Sprintf("outcome %s of %s is described twice, first in line %d", o.Ref(), op, line), "")
				continue
			}
			seen[key] = o.Line
		}
	}
}

func outcomeStatus(r *run) {
	for _, op := range r.c.Operations {
		for _, o := range op.Outcomes() {
			status := o.Status
			if status == 0 && o.Layer != specs.LayerHTTP {
				status = 200
			}
			if status == 0 {
				fmt.Sscanf(o.Code, "%d", &status)
			}
			if o.Basis == specs.Documented && has(o.Operations, op.ID) && status >= 100 && op.Response(status) == nil {
				r.add("errors.yaml", o.Line, fmt.Sprintf("outcome %s is documented for %s, and %s does not describe status %d", o.Ref(), op.ID, r.c.Document(), status), "")
			}
		}
	}
}

func ruleTwice(r *run) {
	for _, op := range r.c.Operations {
		seen := map[string]int{}
		for _, rule := range rulesOf(r.c, op.ID) {
			if line, twice := seen[rule.ID]; twice {
				r.add("behaviour.yaml", rule.Line, fmt.Sprintf("operation %s: rule %s is there twice, first in line %d", op.ID, rule.ID, line), "")
			}
			seen[rule.ID] = rule.Line
		}
	}
}

func shapeUnused(r *run) {
	used := map[string]bool{}
	for _, o := range r.c.Outcomes {
		used[o.Shape] = true
	}
	var names []string
	for name := range r.c.Shapes {
		if !used[name] {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		r.add("errors.yaml", 0, "no outcome has the shape "+name, "")
	}
}
