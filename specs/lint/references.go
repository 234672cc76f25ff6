package lint

import (
	"fmt"
	"path"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

func referenceRules() []Rule {
	return []Rule{
		{"requirement-unknown", Error, "Scenarios name requirements that are there.", requirementUnknown},
		{"requirement-invalid", Error, "Requirements have an id of their own, a level and operations that are there.", requirementInvalid},
		{"erratum-unknown", Error, "Examples name errata that are there.", erratumUnknown},
		{"erratum-invalid", Error, "Errata have an id of their own, and name examples and operations that are there.", erratumInvalid},
		{"source-unknown", Warning, "What is documented names a source of contract.yaml.", sourceUnknown},
		{"profile-empty", Error, "Every profile holds an operation.", profileEmpty},
		{"limit-unknown", Error, "Call limits name operations that are there.", limitUnknown},
		{"scenario-unknown-operation", Error, "Scenarios call operations that are there.", scenarioUnknownOperation},
	}
}

func has(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

func near(word string, known []string) string { return yamlfile.DidYouMean(word, known) }

func operationIDs(c *specs.Contract) []string {
	var ids []string
	for _, op := range c.Operations {
		ids = append(ids, op.ID)
	}
	return ids
}

func requirementUnknown(r *run) {
	var ids []string
	for _, q := range r.c.Requirements {
		ids = append(ids, q.ID)
	}
	for _, s := range r.opts.Scenarios {
		for _, id := range s.Requirements {
			if !has(ids, id) {
				r.add(s.File, s.Line, fmt.Sprintf("scenario %s names the requirement %s, which is not there", s.ID, id), near(id, ids))
			}
		}
	}
}

func requirementInvalid(r *run) {
	seen := map[string]int{}
	known := operationIDs(r.c)
	for _, q := range r.c.Requirements {
		if line, twice := seen[q.ID]; twice {
			r.add("requirements.yaml", q.Line, fmt.Sprintf("requirement %s is there twice, first in line %d", q.ID, line), "an id is never used again")
		}
		seen[q.ID] = q.Line
		if q.ID == "" || q.Text == "" {
			r.add("requirements.yaml", q.Line, "a requirement needs an id and a text", "")
		}
		if !has([]string{"MUST", "SHOULD", "MAY"}, q.Level) {
			r.add("requirements.yaml", q.Line, fmt.Sprintf("requirement %s: level %q", q.ID, q.Level), "use MUST, SHOULD or MAY")
		}
		for _, op := range q.Operations {
			if op != "*" && !has(known, op) {
				r.add("requirements.yaml", q.Line, fmt.Sprintf("requirement %s: there is no operation %q", q.ID, op), near(op, known))
			}
		}
		for _, kind := range q.Generated {
			if !has(specs.CaseKinds(), kind) {
				r.add("requirements.yaml", q.Line, fmt.Sprintf("requirement %s: there is no kind of generated case %q", q.ID, kind), near(kind, specs.CaseKinds()))
			}
		}
	}
}

func erratumUnknown(r *run) {
	var ids []string
	for _, e := range r.c.Errata {
		ids = append(ids, e.ID)
	}
	for _, e := range r.c.Examples {
		if e.Erratum != "" && !has(ids, e.Erratum) {
			r.add(exampleFile(r.c, e), 0, "erratum "+e.Erratum+" is not in errata.yaml", near(e.Erratum, ids))
		}
	}
	if id := r.c.NullIsAbsent; id != "" && !has(ids, id) {
		r.add("contract.yaml", 0, "null-is-absent: erratum "+id+" is not in errata.yaml", near(id, ids))
	}
	for _, scheme := range r.c.Auth.Schemes {
		for _, op := range scheme.FirstFor {
			if r.c.Operation(op) == nil {
				r.add("contract.yaml", 0, "auth scheme "+scheme.ID+": first-for names the operation "+op+", which is not there", near(op, operationIDs(r.c)))
			}
		}
	}
	for _, place := range r.c.NotCompared {
		if !has(ids, place.Because) {
			r.add("contract.yaml", 0, "not-compared "+place.At+": erratum "+place.Because+" is not in errata.yaml", near(place.Because, ids))
		}
	}
}

func erratumInvalid(r *run) {
	seen := map[string]int{}
	known := operationIDs(r.c)
	for _, e := range r.c.Errata {
		if line, twice := seen[e.ID]; twice {
			r.add("errata.yaml", e.Line, fmt.Sprintf("erratum %s is there twice, first in line %d", e.ID, line), "")
		}
		seen[e.ID] = e.Line
		if e.Reading == "" || e.Why == "" || len(e.Says) == 0 {
			r.add("errata.yaml", e.Line, "erratum "+e.ID+" must say what the sources say, the reading and why", "")
		}
		for _, op := range e.Operations {
			if op != "*" && !has(known, op) {
				r.add("errata.yaml", e.Line, fmt.Sprintf("erratum %s: there is no operation %q", e.ID, op), near(op, known))
			}
		}
		for _, ref := range e.Examples {
			operation, name, _ := strings.Cut(ref, "/")
			if r.c.Example(operation, name) == nil {
				r.add("errata.yaml", e.Line, fmt.Sprintf("erratum %s: there is no example %q", e.ID, ref), "write operation/name")
			}
		}
	}
}

// sourceUnknown looks at the first word of a source: the id, before page and
// section.
func sourceUnknown(r *run) {
	if len(r.c.Sources) == 0 || r.c.Bare {
		return
	}
	var ids []string
	for _, s := range r.c.Sources {
		ids = append(ids, s.ID)
	}
	check := func(file string, line int, what, source string, basis specs.Basis) {
		if basis != specs.Documented {
			return
		}
		id := strings.FieldsFunc(source, func(c rune) bool { return strings.ContainsRune(" ,;:#", c) })
		if len(id) == 0 || !has(ids, id[0]) {
			r.add(file, line, fmt.Sprintf("%s is documented, and its source %q is not one of contract.yaml", what, source), "begin it with a source id: "+strings.Join(ids, ", "))
		}
	}
	for _, q := range r.c.Requirements {
		check("requirements.yaml", q.Line, "requirement "+q.ID, q.Source, q.Basis)
	}
	for _, o := range r.c.Outcomes {
		check("errors.yaml", o.Line, "outcome "+o.Ref(), o.Source, o.Basis)
	}
	for _, e := range r.c.Examples {
		check(exampleFile(r.c, e), 0, "the example", e.Source, e.Basis)
	}
}

func profileEmpty(r *run) {
	for _, p := range r.c.Profiles {
		for _, glob := range p.Operations {
			matched := false
			for _, op := range r.c.Operations {
				ok, err := path.Match(glob, op.ID)
				matched = matched || ok && err == nil
			}
			if !matched {
				r.add("contract.yaml", 0, fmt.Sprintf("profile %s: %q matches no operation", p.Name, glob), near(glob, operationIDs(r.c)))
			}
		}
	}
}

func limitUnknown(r *run) {
	known := operationIDs(r.c)
	for _, l := range r.c.Limits {
		for _, op := range l.Operations {
			if op != "*" && !has(known, op) {
				r.add("contract.yaml", 0, fmt.Sprintf("a call limit names %q, which is no operation", op), near(op, known))
			}
		}
	}
}

// taken tells the reference to a success that has no code, such as "item:".
func taken(op *specs.Operation, ref string) bool {
	layer, bare := strings.CutSuffix(ref, ":")
	return bare && op.SucceedsWithoutCode(specs.Layer(layer))
}

func scenarioUnknownOperation(r *run) {
	known := operationIDs(r.c)
	for _, s := range r.opts.Scenarios {
		for _, op := range s.Operations {
			if !has(known, op) {
				r.add(s.File, s.Line, fmt.Sprintf("scenario %s calls %q, which is no operation", s.ID, op), near(op, known))
			}
		}
		for _, outcome := range s.Outcomes {
			id, ref, _ := strings.Cut(outcome, " ")
			// A plain status may be expected of any operation: what the contract
			// says of it is asked when the exchange is judged.
			if op := r.c.Operation(id); op != nil && !strings.HasPrefix(ref, "http:") && op.Outcome(ref) == nil && !taken(op, ref) {
				r.add(s.File, s.Line, fmt.Sprintf("scenario %s expects %s of %s, which is not among its outcomes", s.ID, ref, id), near(ref, refs(op)))
			}
		}
	}
}
