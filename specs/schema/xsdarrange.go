package schema

import (
	"slices"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Arrange puts the children of each element of a tree that was built and not
// received in the order that the schema asks for. What the schema does not know
// comes last.
func (v *XMLValidator) Arrange(t *payload.Tree) {
	if e := v.xsd.model.roots[v.root]; e != nil && t.Root.Name == v.root {
		m := v.xsd.model
		m.arrange(t.Root, m.typeOf(t.Root, e))
	}
}

func (m *xsdModel) arrange(n *payload.Node, t *xsdType) {
	if t == nil || t.content == nil {
		return
	}
	place := map[string]int{}
	if !t.content.places(place) {
		place = nil // its children repeat in turns: they stay as they are
	}
	var children []*payload.Node
	for c := range n.Children() {
		if c.Kind != payload.Element {
			continue
		}
		if e := t.children[c.Name]; e != nil {
			m.arrange(c, m.typeOf(c, e))
		}
		children = append(children, c)
	}
	if place == nil {
		return
	}
	at := func(c *payload.Node) int {
		if i, known := place[c.Name]; known {
			return i
		}
		return len(place)
	}
	if slices.IsSortedFunc(children, func(a, b *payload.Node) int { return at(a) - at(b) }) {
		return
	}
	slices.SortStableFunc(children, func(a, b *payload.Node) int { return at(a) - at(b) })
	for _, c := range children {
		c.Detach()
	}
	for _, c := range children {
		n.Append(c)
	}
}

// places numbers the elements below p in the order in which they have to stand;
// those whose order is free have the same number. It says no where a group of
// several may occur again and again.
func (p *xsdParticle) places(place map[string]int) bool {
	switch {
	case p.kind == anElement:
		if _, known := place[p.element.name]; !known {
			place[p.element.name] = len(place)
		}
		return true
	case p.kind == inSequence && p.max != 1 && len(p.parts) > 1:
		return false
	}
	free := p.kind == inAll || p.kind == inChoice && p.max != 1
	first := len(place)
	for _, part := range p.parts {
		if !part.places(place) {
			return false
		}
	}
	if free {
		for name, i := range place {
			if i > first {
				place[name] = first
			}
		}
	}
	return true
}
