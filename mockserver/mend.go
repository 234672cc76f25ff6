package mockserver

import (
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// mendRounds is how often an answer is mended before made-up data takes its place.
const mendRounds = 4

// mend makes an answer valid that comes out of an inferred behaviour: nobody has
// written its template, so what the schema asks for beyond the stored document
// may be missing. Only what is wrong is exchanged for made-up data.
func (x *exchange) mend() {
	a := &x.answer
	if x.op == nil || !x.mount.contract.Behaviour.Inferred || x.entry.Internal != "" {
		return
	}
	if made := x.entry.Decision.Source; made != "behaviour" && made != "refusal" {
		return // examples and made-up data were judged where they come from
	}
	described := x.op.spec.Response(a.status)
	if described == nil {
		return
	}
	if described.Body == nil || len(described.Body.Media) == 0 {
		if a.status < 300 {
			a.tree, a.body = nil, nil
		}
		return
	}
	if !bodyAllowed(a.status) {
		return
	}
	m := described.Body.For(a.mediaType)
	if m == nil || a.tree == nil && len(a.body) == 0 {
		if x.sampled(described.Body.Media, a.status) {
			a.tree = nil
		}
		return
	}
	tree, found := a.tree, []schema.Violation(nil)
	if len(a.body) > 0 {
		tree, found = m.Judge(a.body, "")
	} else {
		found = m.JudgeTree(tree)
	}
	if len(schema.Hard(found)) == 0 {
		return
	}
	x.note("made-up data stands where the answer did not fit its schema")
	if tree == nil || tree.Format != payload.JSON || m.Mapped() {
		if x.sampled(described.Body.Media, a.status) {
			a.tree = nil
		}
		return
	}
	a.tree, a.body = tree, nil
	x.exchangeParts(m)
}

// exchangeParts puts made-up data where the answer is wrong.
func (x *exchange) exchangeParts(m *specs.Media) {
	made := m.Sample(x.seedOf(x.answer.status))
	if made == nil {
		return
	}
	tree := x.answer.tree.Clone()
	for range mendRounds {
		found := schema.Hard(m.JudgeTree(tree))
		if len(found) == 0 {
			x.answer.tree = tree
			return
		}
		for _, v := range found {
			if with := made.At(v.Path); with != nil && v.Path != "" {
				with = with.Clone()
				if tree.Set(v.Path, with) == nil {
					continue
				}
			}
			tree.Remove(v.Path)
		}
	}
	x.answer.tree = made
}
