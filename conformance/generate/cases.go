package generate

import (
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// file is what generated scenarios name as their file.
const file = "generated"

// Cases gives every generated case of a contract, in the order of its operations.
// Outcomes that the given scenarios ask for already are left to them.
func Cases(c *specs.Contract, known []*scenarios.Scenario) []*scenarios.Scenario {
	asked := map[string]bool{}
	for _, s := range known {
		for _, ref := range s.Outcomes() {
			asked[ref] = true
		}
	}
	made := make([][]*scenarios.Scenario, len(c.Operations))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(c.Operations)) {
		workers.Go(func() {
			for i := range next {
				made[i] = operationCases(c, c.Operations[i], known, asked)
			}
		})
	}
	for i := range c.Operations {
		next <- i
	}
	close(next)
	workers.Wait()
	return slices.Concat(made...)
}

// operationCases makes the cases of one operation; asked are the outcomes that
// scenarios cause.
func operationCases(c *specs.Contract, op *specs.Operation, known []*scenarios.Scenario, asked map[string]bool) []*scenarios.Scenario {
	if op.Shadowed() != nil {
		return nil // what is asked is answered by another one
	}
	g := &generator{c: c, op: op, bases: bases(op), told: called(op, known)}
	g.security()
	g.messages()
	g.bodies()
	g.armed(asked)
	g.served()
	g.unknown(asked)
	g.lifeCycle()
	return g.cases
}

type generator struct {
	c     *specs.Contract
	op    *specs.Operation
	bases []base
	cases []*scenarios.Scenario
	// told is set where a written scenario calls the operation, and so says what comes
	// back and what may be otherwise.
	told bool
	// broken are the first edits that a schema refuses, for the check that a refused
	// write changes nothing.
	broken []edit
	// asked counts the cases of kinds of which a few say all; see enough.
	asked map[string]int
}

// base is a valid example that cases start from.
type base struct {
	name  string // "" when the body was made from the schema
	media *specs.Media
	tree  *payload.Tree // nil for an operation without a body
	// fresh gives fields that must be new in every request a value of this run.
	fresh []scenarios.Assignment
}

// bases finds the examples that the schema accepts, those that succeed first. An
// example that another one corrects comes last: it leaves out what the page folded.
func bases(op *specs.Operation) []base {
	var good, other, corrected []base
	mended := map[string]bool{}
	for _, e := range op.Examples() {
		mended[e.Corrects] = true
	}
	for _, e := range op.Examples() {
		if e.Request == nil || e.Request.Valid != nil && !*e.Request.Valid {
			continue
		}
		b := base{name: e.Name}
		if len(e.Request.Body) > 0 {
			if b.media = mediaOf(op, e.Request.MediaType); b.media == nil {
				continue
			}
			tree, violations := b.media.Judge(e.Request.Body, "")
			if tree == nil || hard(violations) {
				continue
			}
			b.tree = tree
			b.fresh = fresh(op, b)
		} else if op.RequestBody != nil && op.RequestBody.Required {
			continue
		}
		switch {
		case mended[e.Name]:
			corrected = append(corrected, b)
		case e.Response == nil || e.Response.Status < 300:
			good = append(good, b)
		default:
			other = append(other, b)
		}
	}
	if all := slices.Concat(good, other, corrected); len(all) > 0 || op.RequestBody == nil {
		return all
	}
	for _, m := range op.RequestBody.Media {
		if tree := made(m, false); tree != nil {
			b := base{media: m, tree: withoutOwnID(op, m, tree)}
			b.fresh = fresh(op, b)
			return []base{b}
		}
	}
	return nil
}

// withoutOwnID leaves the id of a record to the server where the schema allows it:
// two scenarios that run at the same time must not make the same record.
func withoutOwnID(op *specs.Operation, m *specs.Media, made *payload.Tree) *payload.Tree {
	if op.Method != "POST" || made.Format != payload.JSON || made.Root.Member("id") == nil {
		return made
	}
	without := made.Clone()
	without.Remove("/id")
	if hard(m.JudgeTree(without)) {
		return made
	}
	return without
}

func mediaOf(op *specs.Operation, mediaType string) *specs.Media {
	if op.RequestBody == nil || len(op.RequestBody.Media) == 0 {
		return nil
	}
	if m := op.RequestBody.For(mediaType); m != nil && mediaType != "" {
		return m
	}
	return op.RequestBody.Media[0]
}

// profile is the first profile of the contract that names the operation.
func (g *generator) profile() string {
	last := "core"
	for _, p := range g.c.Profiles {
		last = p.Name
		if len(p.Operations) == 0 || slices.ContainsFunc(p.Operations, func(glob string) bool { return fits(glob, g.op.ID) }) {
			return p.Name
		}
	}
	return last
}

// fits knows '*' at the end of a glob, which is all that profiles use.
func fits(glob, word string) bool {
	if before, ok := strings.CutSuffix(glob, "*"); ok {
		return strings.HasPrefix(word, before)
	}
	return glob == word
}

// id names a case: generated.addShippingOrder.missing/route/events/*/type.
func (g *generator) id(what string) string {
	return "generated." + strings.ReplaceAll(g.op.ID, " ", "-") + "." + what
}

func (g *generator) add(what, title, source string, steps ...*scenarios.Step) *scenarios.Scenario {
	s := &scenarios.Scenario{ID: g.id(what), Title: title, Profile: g.profile(), Requirements: g.requirements(kind(what), steps), Steps: steps, File: file, Source: source}
	if s.Source == "" {
		s.Source = "operation " + g.op.ID
	}
	g.cases = append(g.cases, s)
	return s
}

// kind is the word of [specs.CaseKinds] that a case is called by.
func kind(what string) string {
	what, at, _ := strings.Cut(what, "/")
	switch {
	case what == "unknown" && at != "":
		return "unknown-member"
	case strings.HasPrefix(what, "outcome."):
		return "outcome"
	}
	return what
}

// requirements are those that a kind of case tests, by requirements.yaml: of the
// operations that it calls.
func (g *generator) requirements(kind string, steps []*scenarios.Step) []string {
	var ids []string
	for _, q := range g.c.Requirements {
		called := func(st *scenarios.Step) bool { return slices.Contains(q.Operations, st.Operation) }
		if slices.Contains(q.Generated, kind) && (slices.Contains(q.Operations, "*") || slices.ContainsFunc(steps, called)) {
			ids = append(ids, q.ID)
		}
	}
	return ids
}

// request starts from the first base; ok is false when the operation has none and
// needs one.
func (g *generator) request() (q scenarios.Request, ok bool) {
	if len(g.bases) > 0 {
		b := g.bases[0]
		return b.request(slices.Clone(b.fresh)), g.addressed(b)
	}
	if g.op.RequestBody != nil && g.op.RequestBody.Required {
		return q, false
	}
	return q, g.addressed(base{})
}

// addressed reports whether every path parameter has a value.
func (g *generator) addressed(b base) bool {
	if b.name != "" {
		return true
	}
	return !slices.ContainsFunc(g.op.Params, func(p *specs.Param) bool { return p.In == "path" && p.Example == "" })
}

// literal makes every text stand for itself: one of a document may look like a reference.
func literal(n *payload.Node) *payload.Node {
	if n.Kind == payload.String {
		n.Value = scenarios.Literal(n.Value)
	}
	for c := range n.Children() {
		literal(c)
	}
	return n
}

// request sends the base with some fields set.
func (b base) request(set []scenarios.Assignment) scenarios.Request {
	q := scenarios.Request{Example: b.name, Set: set}
	if b.name == "" && b.tree != nil {
		q.Body, q.MediaType = literal(b.tree.Root.Clone()), b.media.Type
		if strings.Contains(q.MediaType, "*") {
			q.MediaType = "application/json"
		}
	}
	return q
}

// refused expects one of the outcomes that the contract names for the reasons.
func (g *generator) refused(reasons ...string) scenarios.Expect {
	var refs []string
	for _, reason := range reasons {
		for _, r := range g.c.Refusals {
			if r.When == reason && (len(r.Operations) == 0 || slices.Contains(r.Operations, g.op.ID)) {
				refs = append(refs, r.Outcome)
			}
		}
	}
	return g.anyOf(refs)
}

// anyOf expects one of some outcomes when the contract documents at least one of
// them, and any refusal, as a warning, when it does not.
func (g *generator) anyOf(refs []string) scenarios.Expect {
	e := scenarios.Expect{Refused: true, Weak: true, Guessed: g.guessed()}
	slices.Sort(refs)
	for _, ref := range slices.Compact(refs) {
		if o := g.op.Outcome(ref); o != nil {
			e.Outcomes = append(e.Outcomes, ref)
			if o.Basis == specs.Documented {
				e.Weak = false
			}
		}
	}
	if e.Weak {
		e.Outcomes = nil
	}
	return e
}

func hard(violations []violation) bool {
	for _, v := range violations {
		if !v.Soft {
			return true
		}
	}
	return false
}
