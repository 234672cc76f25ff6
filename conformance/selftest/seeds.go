package selftest

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Seed is one fault in one place.
type Seed struct {
	Fault     string `json:"fault"`
	Kind      string `json:"kind"`
	Variant   string `json:"variant,omitempty"`
	Operation string `json:"operation"`
	// Path is the field, list items as '*', for a fault in a message.
	Path string `json:"path,omitempty"`

	rule rule
	at   string // the path in the first item of each list
	jobs []engine.Job
}

// ground is what a healthy server answered: where faults can sit.
type ground struct {
	contract *specs.Contract
	jobs     []engine.Job
	byID     map[string]engine.Job
	fields   map[string][]*field // by operation, sorted by path
	clean    map[string][]byte   // answers by scenario/step
}

// field is a place in the answers of an operation.
type field struct {
	path, at string
	fits     map[string]bool // by fault
	jobs     []engine.Job    // scenarios that receive it, in the order of the plan
}

// survey finds the fields in the answers of a clean run.
func survey(c *specs.Contract, jobs []engine.Job, answers []seen) *ground {
	g := &ground{contract: c, jobs: jobs, byID: map[string]engine.Job{}, fields: map[string][]*field{}, clean: map[string][]byte{}}
	order := map[string]int{}
	for i, j := range jobs {
		g.byID[j.Scenario.ID], order[j.Scenario.ID] = j, i
	}
	slices.SortStableFunc(answers, func(a, b seen) int { return order[a.scenario] - order[b.scenario] })
	for _, a := range answers {
		g.clean[a.scenario+"/"+a.step] = a.body
		g.look(a)
	}
	for _, all := range g.fields {
		slices.SortFunc(all, func(a, b *field) int { return strings.Compare(a.path, b.path) })
	}
	return g
}

func (g *ground) look(a seen) {
	job, known := g.byID[a.scenario]
	if !known {
		return
	}
	st := job.Scenario.Step(a.step)
	op := g.contract.Operation(st.Operation)
	media := mediaOf(op, a)
	if media == nil || len(a.body) == 0 || st.Request.Method != "" {
		return
	}
	tree, _ := media.Judge(a.body, "")
	for _, path := range tree.FieldPaths() {
		if path == "" {
			path = "/"
		}
		at := strings.ReplaceAll(strings.TrimSuffix(path, "/"), "/*", "/0")
		n := tree.At(at)
		if n == nil {
			continue
		}
		f := g.field(op.ID, strings.TrimSuffix(path, "/"), at)
		for _, r := range rules() {
			if r.field != nil && r.field(tree.Format, n) {
				f.fits[r.fault] = true
			}
		}
		if !slices.ContainsFunc(f.jobs, func(j engine.Job) bool { return j.Scenario == job.Scenario }) {
			f.jobs = append(f.jobs, job)
		}
	}
}

func (g *ground) field(operation, path, at string) *field {
	for _, f := range g.fields[operation] {
		if f.path == path {
			return f
		}
	}
	f := &field{path: path, at: at, fits: map[string]bool{}}
	g.fields[operation] = append(g.fields[operation], f)
	return f
}

func mediaOf(op *specs.Operation, a seen) *specs.Media {
	r := op.Response(a.status)
	if r == nil || r.Body == nil {
		return nil
	}
	return r.Body.For(a.contentType)
}

// seeds lists every fault in every place.
func (g *ground) seeds(c Config) []Seed {
	var all []Seed
	for _, f := range c.Faults {
		if !c.wanted(f.Name) {
			continue
		}
		for _, r := range rules() {
			if r.fault != f.Name || r.effect == notSeen {
				continue
			}
			for _, op := range g.contract.Operations {
				if r.applies != nil && !r.applies(g.contract, op) {
					continue
				}
				s := Seed{Fault: f.Name, Kind: f.Kind, Variant: r.variant, Operation: op.ID, rule: r}
				if r.field != nil {
					all = append(all, g.inFields(s, op.ID, c.Fields)...)
					continue
				}
				if s.jobs = g.calling(op.ID, r.most); len(s.jobs) > 0 {
					all = append(all, s)
				}
			}
		}
	}
	return all
}

func (g *ground) inFields(s Seed, operation string, most int) []Seed {
	var all []Seed
	for _, f := range g.fields[operation] {
		if f.fits[s.Fault] && len(all) < most {
			s.Path, s.at, s.jobs = f.path, f.at, f.jobs
			all = append(all, s)
		}
	}
	return all
}

// calling gives the scenarios that call an operation, most of them at most: written
// ones first, and those whose first step it is.
func (g *ground) calling(operation string, most int) []engine.Job {
	var all []engine.Job
	for _, j := range g.jobs {
		if slices.Contains(j.Scenario.Operations(), operation) {
			all = append(all, j)
		}
	}
	if most == 0 || len(all) <= most {
		return all
	}
	slices.SortStableFunc(all, func(a, b engine.Job) int { return distance(a, operation) - distance(b, operation) })
	return all[:most]
}

// distance is how many steps stand before the operation is called and expected to serve.
func distance(j engine.Job, operation string) int {
	for i, st := range j.Scenario.Steps {
		if st.Operation == operation && st.Identity == "default" && !st.Expect.Refused {
			return i + len(j.Scenario.Given)
		}
	}
	return 1000
}
