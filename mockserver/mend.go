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
	if a.tree == nil || a.body != nil || x.op == nil || !x.mount.contract.Behaviour.Inferred {
		return
	}
	described := x.op.spec.Response(a.status)
	if described == nil {
		return
	}
	if described.Body == nil || len(described.Body.Media) == 0 {
		if a.status < 300 {
			a.tree = nil
		}
		return
	}
	m := described.Body.For(a.mediaType)
	if m == nil {
		x.sampled(described.Body.Media, a.status)
		return
	}
	if a.tree.Format != payload.JSON || m.Mapped() {
		if len(schema.Hard(m.JudgeTree(a.tree))) > 0 && x.sampled(described.Body.Media, a.status) {
			a.tree = nil
		}
		return
	}
	if len(schema.Hard(m.JudgeTree(a.tree))) > 0 {
		x.note("made-up data stands where the answer did not fit its schema")
		x.exchangeParts(m)
	}
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
