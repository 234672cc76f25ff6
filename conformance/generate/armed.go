package generate

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// armed makes a case for every outcome that no request alone can cause: the provider
// state "outcome" says which value leads to it.
func (g *generator) armed(asked map[string]bool) {
	for _, o := range g.op.Outcomes() {
		if !o.ReachedBy.Armed || asked[g.op.ID+" "+o.Ref()] {
			continue
		}
		q, ok := g.request()
		if !ok {
			return
		}
		at, ok := g.trigger()
		switch {
		case !ok && o.Layer == specs.LayerItem:
			continue
		case strings.HasPrefix(at, "path:"):
			q.Path = map[string]string{strings.TrimPrefix(at, "path:"): "${armed.value}"}
		case ok:
			q.Set = append(q.Set, scenarios.Assignment{Path: at, Value: text("${armed.value}")})
		}
		e := scenarios.Expect{Outcomes: []string{o.Ref()}, Weak: o.Basis != specs.Documented}
		if o.Layer == specs.LayerItem {
			e = scenarios.Expect{Items: map[int][]string{1: {o.Ref()}}, Weak: e.Weak}
		}
		s := g.add("outcome."+string(o.Layer)+"-"+o.Code, g.op.ID+" answers "+o.Ref()+": "+o.Title, o.Source,
			&scenarios.Step{ID: "call", Operation: g.op.ID, Identity: "default", Request: q, Expect: e})
		s.Given = []scenarios.Given{{State: "outcome", Params: map[string]string{"operation": g.op.ID, "code": g.code(o)}, As: "armed"}}
	}
}

// code names an outcome for the provider state: by its layer too where the code
// alone would mean two things.
func (g *generator) code(o *specs.Outcome) string {
	for _, other := range g.op.Outcomes() {
		if other.Code == o.Code && other.Layer != o.Layer {
			return o.Ref()
		}
	}
	return o.Code
}

// trigger is the place in the first item where the value is planted.
func (g *generator) trigger() (string, bool) {
	if g.c.Behaviour == nil || g.c.Behaviour.Operations[g.op.ID] == nil || g.c.Behaviour.Operations[g.op.ID].Trigger == nil {
		return "", false
	}
	t := g.c.Behaviour.Operations[g.op.ID].Trigger
	switch {
	case t.Path != "":
		return "path:" + t.Path, true
	case t.Field == "":
		return "", false
	}
	if b := g.bases; len(b) > 0 && b[0].tree != nil {
		if n := b[0].tree.At(t.Field); n != nil {
			return b[0].tree.Path(n), true
		}
	}
	return t.Field, true
}
