package generate

import (
	"regexp"
	"strings"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

type refusal = specs.Refusal

const xml = payload.XML

// edit is one change of an example that makes it invalid.
type edit struct {
	base   int
	what   string // missing, null, type, …
	path   string
	remove bool
	move   bool // value comes back after everything else
	value  *payload.Node
	// nearer are values between the valid one and this one, the nearest to the valid one
	// first: the first of them that is refused for the same reason stands for all.
	nearer []string
	found  violation
}

// bodies makes one case for every field and every way in which the schema refuses a
// value there.
func (g *generator) bodies() {
	seen := map[string]bool{}
	for i, b := range g.bases {
		if b.tree == nil || !g.addressed(b) {
			continue
		}
		for _, f := range fieldsOf(b.tree) {
			name := payload.StripIndexes(f.path)
			if seen[name] || g.isCredential(f.path) {
				continue
			}
			seen[name] = true
			tried := map[string]bool{}
			for _, e := range edits(b, f) {
				v, ok := g.breaks(b, e)
				if !ok || !g.means(b, e) || !e.says(v) || g.enough(e.what) {
					continue
				}
				e.base, e.found = i, v
				if e = g.tightened(b, e, f.node); !tried[e.key()] {
					tried[e.key()] = true
					of := name
					if strings.HasSuffix(e.path, "/@xsi:nil") || strings.HasSuffix(e.path, "/@xsi:type") {
						of = payload.StripIndexes(e.path) // which is no field of the body
					}
					g.body(e, of)
				}
			}
		}
	}
}

func (g *generator) body(e edit, name string) {
	b := g.bases[e.base]
	q := b.request(nil)
	for _, a := range b.fresh {
		if a.Path != e.path && !strings.HasPrefix(a.Path, e.path+"/") {
			q.Set = append(q.Set, a)
		}
	}
	e.into(&q)
	step := &scenarios.Step{ID: "call", Operation: g.op.ID, Identity: "default", Request: q, Expect: g.refusesBody(e.path)}
	step.Expect.Since = e.title(name)
	before := len(g.cases)
	g.add(e.what+name, g.op.ID+" with "+e.title(name)+" is refused", e.found.Schema, step)
	if len(g.broken) < 5 && e.base == 0 && before < len(g.cases) {
		g.broken = append(g.broken, e)
	}
}

// into puts the edit into a request.
func (e edit) into(q *scenarios.Request) {
	if e.remove || e.move {
		q.Remove = []string{e.path}
	}
	if !e.remove {
		q.Set = append(q.Set, scenarios.Assignment{Path: e.path, Value: literal(e.value.Clone())})
	}
}

// key tells edits of one field apart by what they send.
func (e edit) key() string {
	if e.remove {
		return "remove"
	}
	if e.move {
		return "move"
	}
	return e.path + " " + e.value.Kind.String() + " " + string(e.value.JSON())
}

func (e edit) title(name string) string {
	switch {
	case e.remove:
		return "no " + name
	case e.move:
		return name + " out of its order"
	case e.value.IsScalar() && len(e.value.Value) <= 40:
		return name + " " + e.value.Brief()
	}
	return name + " " + e.what
}

// refusesBody expects the refusal of a body, or of the item that the field is in.
func (g *generator) refusesBody(path string) scenarios.Expect {
	if g.c.Behaviour != nil {
		if own := g.c.Behaviour.Operations[g.op.ID]; own != nil && own.Batch != nil && own.Batch.Violations == "item" {
			items := payload.StripIndexes(own.Batch.Items)
			if p := payload.StripIndexes(path); strings.HasPrefix(p, items+"/") {
				var refs []string
				for _, r := range own.ItemRules {
					if strings.Contains(r.When, "violations") {
						refs = append(refs, r.Outcome)
					}
				}
				if len(refs) > 0 {
					return g.anyOf(append(refs, unknownRecord(own)...))
				}
			}
		}
	}
	return g.refused("invalid-body")
}

// nothingThere is a rule about a record that does not exist.
var nothingThere = regexp.MustCompile(`^\w+ == null$`)

// unknownRecord are the outcomes of an item whose record does not exist. The case is
// an example, and an implementation need not know what the example names; which of
// two mistakes it then reports is its own affair. That a wrong field of a record that
// exists gets the code of the field is for scenarios to ask, which ask for the record.
func unknownRecord(op *specs.OperationBehaviour) (refs []string) {
	for _, r := range op.ItemRules {
		if nothingThere.MatchString(r.When) {
			refs = append(refs, r.Outcome)
		}
	}
	return refs
}

// breaks asks the schema whether an edit makes the body invalid at the field, by a
// rule that the sources document.
func (g *generator) breaks(b base, e edit) (violation, bool) {
	try := b.tree.Clone()
	if (e.remove || e.move) && try.Remove(e.path) == 0 {
		return violation{}, false
	}
	if !e.remove && try.Set(e.path, e.value.Clone()) != nil {
		return violation{}, false
	}
	var found violation
	ok := false
	for _, v := range b.media.JudgeTree(try) {
		switch {
		case v.Soft:
		case v.Basis != "" && v.Basis != string(specs.Documented):
			return violation{}, false
		case v.Kind == schema.Malformed:
			return violation{}, false
		case !ok && (e.move || near(v.Path, e.path)):
			found, ok = v, true
		}
	}
	return found, ok
}

// means reports whether an edit says something: where the contract takes an empty
// element for none, a blank one is wrong only if none is.
func (g *generator) means(b base, e edit) bool {
	if e.what != "blank" || b.tree.Format != xml || g.c.NullIsAbsent == "" || strings.Contains(e.path, "@") {
		return true
	}
	_, wrong := g.breaks(b, edit{path: e.path, remove: true})
	return wrong
}

// near reports whether a violation is about a field: at it, or at what holds it.
func near(found, edited string) bool {
	found, edited = payload.StripIndexes(found), payload.StripIndexes(edited)
	return found == edited || strings.HasPrefix(edited, found) || strings.HasPrefix(found, edited+"/")
}

func (g *generator) isCredential(path string) bool {
	for _, s := range g.c.Auth.Schemes {
		if s.Type == "body" && (sameEnd(path, s.Login) || sameEnd(path, s.Password)) {
			return true
		}
	}
	return false
}

func sameEnd(path, pattern string) bool {
	return pattern != "" && path[strings.LastIndexByte(path, '/')+1:] == pattern[strings.LastIndexByte(pattern, '/')+1:]
}
