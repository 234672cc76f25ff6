package generate

import (
	"net/http"
	"slices"

	"github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}

// security makes the cases of callers that the operation must refuse.
func (g *generator) security() {
	if len(g.op.Security) == 0 {
		return
	}
	q, ok := g.request()
	if !ok {
		return
	}
	step := func(identity string, e scenarios.Expect) *scenarios.Step {
		return &scenarios.Step{ID: "call", Operation: g.op.ID, Identity: identity, Request: q, Expect: e}
	}
	g.add("no-credentials", g.op.ID+" without credentials is refused", "security of "+g.op.ID, step("none", g.refusesCaller("unauthenticated")))
	g.add("wrong-credentials", g.op.ID+" with wrong credentials is refused", "security of "+g.op.ID, step("wrong", g.refusesCaller("bad-credentials")))
	// One way in that asks for no scope is open to whoever has none.
	open := slices.ContainsFunc(g.op.Security, func(s specs.Security) bool { return len(s.Needs()) == 0 })
	if !open && slices.ContainsFunc(g.c.Refusals, func(r refusal) bool { return r.When == "scope" }) {
		g.add("no-scope", g.op.ID+" without the scope "+g.op.Security[0].Needs()[0]+" is refused", "security of "+g.op.ID, step("no-scope", g.refused("scope")))
	}
}

// refusesCaller expects that a caller is refused, with everything that is asked. That
// an operation wants credentials is documented wherever it says so; in what form it
// refuses them may not be, and then any will do.
func (g *generator) refusesCaller(reason string) scenarios.Expect {
	e := g.refused(reason)
	if e.Whole = true; e.Weak && g.op.Evidence != "thin" && !g.guessed() {
		e.Weak = false
	}
	return e
}

// messages makes the cases of requests that are wrong before anybody looks at
// their fields.
func (g *generator) messages() {
	g.method()
	if g.op.RequestBody == nil || len(g.bases) == 0 || g.bases[0].tree == nil {
		return
	}
	b := g.bases[0]
	q, ok := g.request()
	if !ok {
		return
	}
	step := func(q scenarios.Request, e scenarios.Expect) *scenarios.Step {
		return &scenarios.Step{ID: "call", Operation: g.op.ID, Identity: "default", Request: q, Expect: e}
	}
	if g.op.RequestBody.For("application/x-roadworthy") == nil {
		other := q
		other.MediaType = "application/x-roadworthy"
		g.add("media-type", g.op.ID+" with a body of another media type is refused", "request of "+g.op.ID, step(other, g.refused("media-type")))
	}
	cut := scenarios.Request{Raw: halved(b), MediaType: b.media.Type, Path: q.Path}
	broken := g.refused("malformed")
	broken.Unread = g.guessed()
	g.add("malformed", g.op.ID+" with a body that breaks off is refused", "request of "+g.op.ID, step(cut, broken))
	if g.op.RequestBody.Required {
		empty := scenarios.Request{Raw: []byte{}, MediaType: b.media.Type, Path: q.Path}
		e := g.refused("malformed", "invalid-body")
		if judge.ByBasis(g.op.RequestBody.RequiredBasis) != reports.SeverityError {
			e = g.anyOf(nil)
		}
		e.Unread = g.guessed()
		g.add("empty", g.op.ID+" with an empty body is refused", "request of "+g.op.ID, step(empty, e))
	}
}

func halved(b base) []byte {
	body := b.tree.JSON()
	if b.tree.Format == xml {
		body = b.tree.XML()
	}
	return body[:len(body)*2/3]
}

// method calls the path with a method that no operation has there.
func (g *generator) method() {
	q, ok := g.request()
	if !ok {
		return
	}
	taken := map[string]bool{http.MethodHead: true}
	for _, op := range g.c.Operations {
		if op.Path == g.op.Path {
			taken[op.Method] = true
		}
	}
	for _, m := range []string{http.MethodPatch, http.MethodPut, http.MethodPost, http.MethodGet} {
		if taken[m] {
			continue
		}
		q.Method = m
		g.add("method", m+" "+g.op.Path+" is refused", "methods of "+g.op.Path,
			&scenarios.Step{ID: "call", Operation: g.op.ID, Identity: "default", Request: q, Expect: g.refused("method", "unknown-route")})
		return
	}
}
