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
		m.arrange(t.Root, m.typeOf(t.Root, e), e.space)
	}
}

func (m *xsdModel) arrange(n *payload.Node, t *xsdType, around string) {
	if t == nil || t.content == nil {
		return
	}
	order := &places{t: t, at: map[string]int{}}
	inTurns := !order.add(t.content) // its children repeat in turns: they stay as they are
	var children []*payload.Node
	for c := range n.Children() {
		if c.Kind != payload.Element {
			continue
		}
		e, space := m.spaceOf(c, t, around)
		if e != nil {
			m.arrange(c, m.typeOf(c, e), space)
		}
		children = append(children, c)
	}
	if inTurns {
		t.takeTurns(n, children)
		return
	}
	at := func(c *payload.Node) int {
		if e := t.child(c); e != nil {
			return order.at[t.key(e)]
		}
		_, space := m.spaceOf(c, t, around)
		for _, w := range order.wild {
			if w.takes(space, w.target) {
				return w.at
			}
		}
		return order.next
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

// takeTurns puts the children of a sequence of elements that may be there again and again
// into its order, where they stand name by name, as lists are written.
func (t *xsdType) takeTurns(n *payload.Node, children []*payload.Node) {
	var left [][]*payload.Node
	for _, part := range t.content.parts {
		if part.kind != anElement || part.max != 1 {
			return
		}
		var own []*payload.Node
		for i, c := range children {
			if t.child(c) != part.element {
				continue
			}
			if len(own) > 0 && children[i-1] != own[len(own)-1] {
				return // they take turns already
			}
			own = append(own, c)
		}
		left = append(left, own)
	}
	for _, c := range children {
		c.Detach()
	}
	for moved := true; moved; {
		moved = false
		for i, own := range left {
			if len(own) > 0 {
				n.Append(own[0])
				left[i], moved = own[1:], true
			}
		}
	}
	for _, c := range children {
		if c.Parent() == nil {
			n.Append(c) // of another schema, which is told
		}
	}
}

// places numbers the children of a type in the order in which they have to stand; those
// whose order is free have the same number.
type places struct {
	t    *xsdType
	at   map[string]int // of elements, by the key that the type knows them by
	wild []placedWild
	next int
}

type placedWild struct {
	*xsdParticle
	at int
}

// add numbers what lies below p. It says no where a group of several may occur again
// and again.
func (o *places) add(p *xsdParticle) bool {
	switch {
	case p.kind == anElement:
		if key := o.t.key(p.element); !o.known(key) {
			o.at[key] = o.next
			o.next++
		}
		return true
	case p.kind == anyElement:
		o.wild = append(o.wild, placedWild{p, o.next})
		o.next++
		return true
	case p.kind == inSequence && p.max != 1 && len(p.parts) > 1:
		return false
	}
	free := p.kind == inAll || p.kind == inChoice && p.max != 1
	first := o.next
	for _, part := range p.parts {
		if !o.add(part) {
			return false
		}
	}
	if free {
		for key, i := range o.at {
			o.at[key] = min(i, first)
		}
		for i := range o.wild {
			if o.wild[i].at > first {
				o.wild[i].at = first
			}
		}
	}
	return true
}

func (o *places) known(key string) bool {
	_, known := o.at[key]
	return known
}
