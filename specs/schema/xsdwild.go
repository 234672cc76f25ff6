package schema

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// What a wildcard lets stand in a body, and children of the same name and different
// namespaces: there a tree says the namespace (payload.SpaceAttr) where the schema alone
// does not tell it.

// spaceOf is the namespace of an element: the one that it says, or the one that is to be
// thought of without a word.
func (m *xsdModel) spaceOf(n *payload.Node, parent *xsdType, around string) (*xsdElement, string) {
	var e *xsdElement
	if parent != nil {
		e = parent.child(n)
	}
	if a := n.Attr(payload.SpaceAttr); a != nil {
		if e == nil {
			e = m.globals[written(a.Value, n.Name)]
		}
		return e, a.Value
	}
	space := m.unsaid(e, around)
	if e == nil {
		e = m.globals[written(space, n.Name)]
	}
	return e, space
}

// unsaid is the namespace of an element that says none.
func (m *xsdModel) unsaid(e *xsdElement, around string) string {
	switch {
	case e != nil:
		return e.space
	case m.qualified:
		return around // what the schema does not know is where its parent is
	}
	return ""
}

// settle leaves in a tree that was read the namespaces that the schema does not tell,
// and no others.
func (m *xsdModel) settle(n *payload.Node, e *xsdElement, space string) {
	var t *xsdType
	if e != nil {
		t = m.typeOf(n, e)
	}
	for c := range n.Children() {
		if c.Kind != payload.Element {
			m.settleAttribute(c, t)
			continue
		}
		in := space
		said := c.Attr(payload.SpaceAttr)
		if said != nil {
			in = said.Value
			said.Detach()
		}
		var child *xsdElement
		if t != nil {
			if child = t.children[c.Name]; child == nil || child.space != in {
				child = t.children[written(in, c.Name)]
			}
		}
		plain := child
		if t != nil && (child == nil || t.key(child) != c.Name) {
			plain = t.children[c.Name]
		}
		if m.unsaid(plain, space) != in || plain != child {
			c.Append(&payload.Node{Kind: payload.Attribute, Name: payload.SpaceAttr, Value: in, Line: c.Line})
			if child == nil {
				child = m.globals[written(in, c.Name)]
			}
		}
		m.settle(c, child, in)
	}
}

func (m *xsdModel) settleAttribute(a *payload.Node, t *xsdType) {
	if t == nil {
		return
	}
	space, local := splitName(a.Name)
	if have := t.attributeIn(local, space); have != nil {
		if a.Name = local; t.attribute(local) != have {
			a.Name = written(space, local)
		}
	}
}

// takes tells whether a wildcard lets an element of a namespace stand there.
func (p *xsdParticle) takes(space, target string) bool {
	switch p.from {
	case "", "##any":
		return true
	case "##other":
		return space != target && space != ""
	}
	for one := range strings.FieldsSeq(p.from) {
		switch {
		case one == "##local" && space == "", one == "##targetNamespace" && space == target, one == space:
			return true
		}
	}
	return false
}

// wildcards calls fn for every wildcard for elements below p, as visit does for elements.
func (p *xsdParticle) wildcards(least, most int, fn func(p *xsdParticle, least, most int)) {
	if p == nil {
		return
	}
	least, most = min(least*p.min, 1<<20), timesOccurs(most, p.max)
	if p.kind == anyElement {
		fn(p, least, most)
	}
	for _, part := range p.parts {
		if p.kind == inChoice && len(p.parts) > 1 {
			part.wildcards(0, most, fn)
			continue
		}
		part.wildcards(least, most, fn)
	}
}

// madeUpSpace is the namespace of elements that no schema declares.
const madeUpSpace = "urn:example:any"

// candidates are elements that may stand for a wildcard: declared ones where they have
// to be, else one that is made up. made is its name, {namespace}local.
func (m *xsdModel) candidates(p *xsdParticle) (declared []*xsdElement, made string) {
	if p.strict {
		names := make([]string, 0, len(m.globals))
		for name := range m.globals {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if e := m.globals[name]; p.takes(e.space, p.target) && len(declared) < maxCandidates {
				declared = append(declared, e)
			}
		}
		return declared, ""
	}
	space := madeUpSpace
	for one := range strings.FieldsSeq(p.from) {
		switch one {
		case "##any", "##other":
		case "##local":
			space = ""
		case "##targetNamespace":
			space = p.target
		default:
			space = one
		}
	}
	local := "sample"
	for m.globals[written(space, local)] != nil {
		local += "Sample"
	}
	return nil, written(space, local)
}

// maxCandidates is how many elements are tried in the place of a wildcard.
const maxCandidates = 8
