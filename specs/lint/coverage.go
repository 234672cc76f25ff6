package lint

import (
	"fmt"

	"github.com/roadworthy-project/roadworthy/specs"
)

func coverageRules() []Rule {
	return []Rule{
		{"operation-without-example", Warning, "Every operation has an example.", operationWithoutExample},
		{"operation-without-scenario", Warning, "Every operation is called by a scenario.", operationWithoutScenario},
		{"requirement-without-scenario", Warning, "Every requirement is named by a scenario, or says why it is not tested.", requirementWithoutScenario},
		{"outcome-without-scenario", Info, "Every documented outcome is expected by a scenario.", outcomeWithoutScenario},
		{"operation-without-outcome", Warning, "Every operation has an outcome that is a success.", operationWithoutOutcome},
		{"erratum-without-example", Info, "A broken documented example has a corrected one beside it.", brokenWithoutCorrection},
	}
}

func operationWithoutExample(r *run) {
	for _, op := range r.c.Operations {
		if len(op.Examples()) == 0 {
			r.add(r.c.Document(), op.Line, "operation "+op.ID+" has no example", "add examples/"+op.ID+"/<name>/example.yaml")
		}
	}
}

func operationWithoutScenario(r *run) {
	if r.opts.Scenarios == nil {
		return
	}
	called := map[string]bool{}
	for _, s := range r.opts.Scenarios {
		for _, op := range s.Operations {
			called[op] = true
		}
	}
	for _, op := range r.c.Operations {
		if !called[op.ID] {
			r.add(r.c.Document(), op.Line, "no scenario calls operation "+op.ID, "")
		}
	}
}

func requirementWithoutScenario(r *run) {
	if r.opts.Scenarios == nil {
		return
	}
	tested := map[string]bool{}
	for _, s := range r.opts.Scenarios {
		for _, id := range s.Requirements {
			tested[id] = true
		}
	}
	for _, q := range r.c.Requirements {
		switch {
		case !tested[q.ID] && q.NotTested == "":
			r.add("requirements.yaml", q.Line, "no scenario tests requirement "+q.ID, "name it in a scenario, or say why not under not-tested")
		case tested[q.ID] && q.NotTested != "":
			r.add("requirements.yaml", q.Line, "requirement "+q.ID+" says why it is not tested, and a scenario tests it", "take not-tested away")
		}
	}
}

func outcomeWithoutScenario(r *run) {
	if r.opts.Scenarios == nil {
		return
	}
	expected := map[string]bool{}
	for _, s := range r.opts.Scenarios {
		for _, ref := range s.Outcomes {
			expected[ref] = true
		}
	}
	for _, op := range r.c.Operations {
		for _, o := range op.Outcomes() {
			if o.Basis == specs.Documented && o.ReachedBy.NotReachable == "" && !expected[op.ID+" "+o.Ref()] {
				r.add("errors.yaml", o.Line, fmt.Sprintf("no scenario expects outcome %s of %s", o.Ref(), op.ID), "")
			}
		}
	}
}

func operationWithoutOutcome(r *run) {
	for _, op := range r.c.Operations {
		success := false
		for _, o := range op.Outcomes() {
			success = success || o.Success
		}
		if !success {
			r.add(r.c.Document(), op.Line, "operation "+op.ID+" has no outcome with success: true", "add it to errors.yaml")
		}
	}
}

func brokenWithoutCorrection(r *run) {
	if r.c.Bare {
		return
	}
	corrected := map[string]bool{}
	for _, e := range r.c.Examples {
		corrected[e.Operation+"/"+e.Corrects] = true
	}
	eachHalf(r, func(e *specs.Example, h half) {
		if !h.valid && e.Basis == specs.Documented && !corrected[e.Operation+"/"+e.Name] {
			r.add(exampleFile(r.c, e), 0, "the documented "+h.name+" is broken, and no example corrects it", "")
		}
	})
}
