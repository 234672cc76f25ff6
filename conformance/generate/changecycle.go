package generate

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// changes tells the operations that change what is there and refuse what is not: their
// cases begin with another operation that writes a record.
func (g *generator) changes() bool {
	own := g.c.Behaviour.Operations[g.op.ID]
	return pathParam(g.op) != "" && own != nil && slices.ContainsFunc(own.Rules, func(r specs.Rule) bool {
		return nothingThere.MatchString(r.When) && r.Outcome == "http:404"
	})
}

// creator is the generator of the operation that writes a record of the same kind anew;
// nil if there is none.
func (g *generator) creator(resource string) (*generator, reading, int) {
	for _, op := range g.c.Operations {
		if op.Method != http.MethodPost || op == g.op {
			continue
		}
		other := &generator{c: g.c, op: op, bases: bases(op)}
		r, ok := other.reader()
		if !ok || r.resource != resource || len(other.bases) == 0 || other.bases[0].tree == nil || other.changes() {
			continue
		}
		status, known := other.success()
		if _, addressed := other.request(); known && addressed {
			return other, r, status
		}
	}
	return nil, reading{}, 0
}

// changeCycle makes the cases of what a change of a record leaves behind.
func (g *generator) changeCycle(r reading, status int) {
	creator, created, createdStatus := g.creator(r.resource)
	if creator == nil {
		return
	}
	create := creator.create("create", "changed", createdStatus, created)
	steps := []*scenarios.Step{create}
	for i := range writes {
		name := fmt.Sprint(i + 1)
		q := g.changing(r, name)
		change := &scenarios.Step{ID: "write-" + name, Operation: g.op.ID, Identity: "default", Request: q, Expect: scenarios.Expect{Status: []int{status}, Weak: g.guessed()}}
		read := g.read("read-"+name, "create", created)
		read.Expect.Body = append(append(read.Expect.Body, g.whole(r, change.ID)...), g.readBack(r, q.Set)...)
		steps = append(steps, change, read)
	}
	g.add("kept", fmt.Sprintf("what %s changes, %s reads, %d times over", g.op.ID, r.op.ID, writes), "", steps...).Alone = true
	if len(g.broken) == 0 {
		return
	}
	before, after := g.read("before", "create", created), g.read("after", "create", created)
	after.Expect = scenarios.Expect{Status: []int{200}, SameAs: "before.response", Weak: g.guessed()}
	steps = []*scenarios.Step{creator.create("create", "kept", createdStatus, created), before}
	for i, e := range g.broken {
		q := g.changing(r, "kept")
		q.Set = slices.DeleteFunc(q.Set, func(a scenarios.Assignment) bool { return a.Path == e.path })
		e.into(&q)
		steps = append(steps, &scenarios.Step{ID: fmt.Sprintf("refused-%d", i+1), Operation: g.op.ID, Identity: "default", Request: q, Expect: g.refusesBody(e.path)})
	}
	g.add("unchanged", "a refused "+g.op.ID+" changes nothing", "", append(steps, after)...)
}

// changing is a change of the record that the step "create" wrote.
func (g *generator) changing(r reading, name string) scenarios.Request {
	b := g.bases[0]
	q := b.request(renamed(b.fresh, name))
	q.Path = map[string]string{pathParam(g.op): "${create.id}"}
	if path := fieldOf(b.tree, r.key); path != "" {
		q.Set = slices.DeleteFunc(q.Set, func(a scenarios.Assignment) bool { return a.Path == path })
		q.Set = append(q.Set, scenarios.Assignment{Path: path, Value: text("${create.id}")})
	}
	if path := g.marked(r); path != "" && !slices.ContainsFunc(q.Set, func(a scenarios.Assignment) bool { return a.Path == path }) {
		q.Set = append(q.Set, scenarios.Assignment{Path: path, Value: text("${unique:" + name + "}")})
	}
	return q
}

// marked is a free text of the record, by which one change is told from the one before:
// the last, for the first are names and numbers that something else may hold on to.
func (g *generator) marked(r reading) (path string) {
	b := g.bases[0]
	for c := range b.tree.Root.Children() {
		at := b.tree.Path(c)
		if c.Name != r.key && c.Kind != payload.Attribute && takes(b, at, sampleUnique) {
			path = at
		}
	}
	return path
}

// readBack expects the mark of a change where the record shows it.
func (g *generator) readBack(r reading, set []scenarios.Assignment) (all []scenarios.Expectation) {
	answer := r.op.Response(http.StatusOK)
	if answer == nil || answer.Body == nil || len(answer.Body.Media) == 0 {
		return nil
	}
	mark, shown := g.marked(r), made(answer.Body.Media[0], true)
	for _, a := range set {
		if a.Path == mark && shown != nil && shown.At(a.Path) != nil {
			all = append(all, scenarios.Expectation{Path: a.Path, Matcher: &scenarios.Matcher{Literal: text(a.Value.Value)}})
		}
	}
	return all
}
