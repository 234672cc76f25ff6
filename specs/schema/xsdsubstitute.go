package schema

import (
	"maps"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// What may stand in place of what is declared: the elements of a substitution group,
// and the types that are derived from another, which xsi:type names.

const (
	// In trees, the attributes of the instance namespace have this prefix, whatever
	// was sent, and xsi:type is a name without one.
	xsiPrefix = "xsi:"
	xsiType   = xsiPrefix + "type"
	xsiNil    = xsiPrefix + "nil"
)

func (r *xsdReader) readSubstitutes() {
	direct := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(r.global["element"])) {
		if head := xsdAttr(r.global["element"][name], "substitutionGroup"); head != "" {
			direct[head] = append(direct[head], name)
		}
	}
	r.substitutes = map[string][]string{}
	for head := range direct {
		r.substitutes[head] = chain(direct, head, nil)
	}
}

// chain gives what is below a name, the nearest first; a circle ends where it began.
func chain(direct map[string][]string, name string, have []string) []string {
	for _, next := range direct[name] {
		if !slices.Contains(have, next) {
			have = chain(direct, next, append(have, next))
		}
	}
	return have
}

func blocks(n *payload.Node, what string) bool {
	words := strings.Fields(xsdAttr(n, "block"))
	return slices.Contains(words, what) || slices.Contains(words, "#all")
}

// reference makes a particle of a reference to a global element: a choice where others
// may stand in its place.
func (r *xsdReader) reference(p *xsdParticle, e *xsdElement, name string) {
	var all []*xsdElement
	if decl := r.global["element"][name]; !xsdTrue(decl, "abstract") {
		all = append(all, e)
	}
	if !blocks(r.global["element"][name], "substitution") {
		for _, other := range r.substitutes[name] {
			if !xsdTrue(r.global["element"][other], "abstract") {
				all = append(all, r.globalElement(other))
			}
		}
	}
	if len(all) == 0 {
		all = append(all, e) // abstract, and nothing to put in its place
	}
	for _, one := range all {
		r.in(one.space)
	}
	if len(all) == 1 {
		p.element = all[0]
		return
	}
	p.kind, p.standsIn = inChoice, all[0] == e
	for _, one := range all {
		p.parts = append(p.parts, &xsdParticle{kind: anElement, min: 1, max: 1, element: one})
	}
}

// readDerived finds for each type the types that xsi:type may name in its place.
func (r *xsdReader) readDerived() {
	direct := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(r.global["complexType"])) {
		if base := baseOf(r.global["complexType"][name]); base != "" {
			direct[base] = append(direct[base], name)
		}
	}
	r.model.types = map[string]*xsdType{}
	for known := 0; known < len(r.types); { // a derived type may hold elements of others
		known = len(r.types)
		for _, name := range slices.Sorted(maps.Keys(r.types)) {
			t := r.types[name]
			t.derived = nil
			for _, below := range chain(direct, name, nil) {
				t.derived = append(t.derived, r.typeNamed(below))
			}
		}
		r.readPending()
	}
	for _, name := range slices.Sorted(maps.Keys(r.types)) {
		t := r.types[name]
		if r.model.types[t.name] == nil {
			r.model.types[t.name] = t
		}
		t.derived = slices.DeleteFunc(t.derived, func(below *xsdType) bool { return below.abstract })
		r.model.told = r.model.told || len(t.derived) > 0
	}
}

func baseOf(n *payload.Node) string {
	for content := range n.Children() {
		if content.Name != "complexContent" && content.Name != "simpleContent" {
			continue
		}
		for d := range content.Children() {
			if d.Name == "extension" || d.Name == "restriction" {
				return xsdAttr(d, "base")
			}
		}
	}
	return ""
}

// typeOf is the type of an element of a body: the one that it names by xsi:type, or
// that of its declaration.
func (m *xsdModel) typeOf(n *payload.Node, e *xsdElement) *xsdType {
	if !m.told {
		return e.typ
	}
	if a := n.Attr(xsiType); a != nil && e.typ != nil {
		if t := m.types[a.Value]; t != nil && (t == e.typ || slices.Contains(e.typ.derived, t) || e.typ.open) {
			return t
		}
	}
	return e.typ
}
