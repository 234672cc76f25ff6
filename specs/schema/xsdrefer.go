package schema

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Refers tells whether anything in a body refers to another part of it.
func (v *XMLValidator) Refers() bool { return v.xsd.model.refers }

// Refer lets the references in a tree that was made up lead somewhere: the fields of each
// xs:keyref get the values of one of its keys, in turn, and an xs:IDREF is one of the IDs
// of the tree. What refers to nothing that is there stays as it is.
func (v *XMLValidator) Refer(t *payload.Tree) {
	m := v.xsd.model
	e := m.roots[v.root]
	if !m.refers || e == nil || t.Root.Name != v.root {
		return
	}
	r := &referring{model: m}
	r.walk(t.Root, e, e.space)
	for i, ref := range r.idrefs {
		if len(r.ids) > 0 {
			ref.Value = r.ids[i%len(r.ids)]
		}
	}
	for _, s := range r.scopes {
		for _, c := range s.e.constraints {
			if c.kind == "keyref" {
				r.point(s, c)
			}
		}
	}
}

// referring is one tree with what its references may lead to.
type referring struct {
	model  *xsdModel
	scopes []scope
	ids    []string
	idrefs []*payload.Node
}

// scope is an element that has keys or references to keys.
type scope struct {
	n *payload.Node
	e *xsdElement
}

func (r *referring) walk(n *payload.Node, e *xsdElement, space string) {
	if e == nil || e.typ == nil {
		return
	}
	if len(e.constraints) > 0 {
		r.scopes = append(r.scopes, scope{n, e})
	}
	t := r.model.typeOf(n, e)
	r.identity(n, t.text)
	for c := range n.Children() {
		if c.Kind == payload.Attribute {
			if a := t.attribute(c.Name); a != nil {
				r.identity(c, a.typ)
			}
			continue
		}
		child, in := r.model.spaceOf(c, t, space)
		r.walk(c, child, in)
	}
}

func (r *referring) identity(n *payload.Node, s *xsdSimple) {
	switch {
	case s == nil:
	case s.builtin == "ID":
		r.ids = append(r.ids, n.Value)
	case s.builtin == "IDREF":
		r.idrefs = append(r.idrefs, n)
	}
}

// point gives the fields of a keyref the values of keys.
func (r *referring) point(s scope, c xsdConstraint) {
	_, name := splitName(c.refer)
	var keys [][]string
	for _, other := range r.scopes {
		if !below(other.n, s.n) {
			continue
		}
		for _, key := range other.e.constraints {
			if key.name == name && key.kind != "keyref" {
				keys = append(keys, key.values(other.n)...)
			}
		}
	}
	if len(keys) == 0 {
		return
	}
	for i, n := range selected(s.n, c.selector) {
		for k, field := range c.fields {
			at := selected(n, field)
			if key := keys[i%len(keys)]; len(at) == 1 && k < len(key) {
				at[0].Value = key[k]
			}
		}
	}
}

// values gives the tuples of a key that are whole.
func (c xsdConstraint) values(n *payload.Node) (all [][]string) {
	for _, one := range selected(n, c.selector) {
		var tuple []string
		for _, field := range c.fields {
			if at := selected(one, field); len(at) == 1 {
				tuple = append(tuple, at[0].Value)
			}
		}
		if len(tuple) == len(c.fields) {
			all = append(all, tuple)
		}
	}
	return all
}

func below(n, above *payload.Node) bool {
	for ; n != nil; n = n.Parent() {
		if n == above {
			return true
		}
	}
	return false
}

// selected gives what the small XPath of a selector or field leads to (XML Schema part 1,
// section 3.11.6). Names are compared without their namespaces.
func selected(n *payload.Node, path string) (all []*payload.Node) {
	for one := range strings.SplitSeq(path, "|") {
		one = strings.TrimSpace(one)
		at := []*payload.Node{n}
		if rest, deep := strings.CutPrefix(one, ".//"); deep {
			one, at = rest, descendants(n)
		}
		for step := range strings.SplitSeq(one, "/") {
			at = stepped(at, strings.TrimSpace(step))
		}
		for _, found := range at {
			if !slices.Contains(all, found) {
				all = append(all, found)
			}
		}
	}
	return all
}

func stepped(from []*payload.Node, step string) (to []*payload.Node) {
	if step == "." || step == "" {
		return from
	}
	step = strings.Replace(strings.TrimPrefix(step, "child::"), "attribute::", "@", 1)
	name, attribute := strings.CutPrefix(step, "@")
	name = strings.TrimSpace(name[strings.LastIndexByte(name, ':')+1:])
	for _, n := range from {
		for c := range n.Children() {
			if (c.Kind == payload.Attribute) == attribute && (name == "*" || c.Name == name) {
				to = append(to, c)
			}
		}
	}
	return to
}

// descendants gives an element and all elements below it.
func descendants(n *payload.Node) []*payload.Node {
	all := []*payload.Node{n}
	for c := range n.Children() {
		if c.Kind == payload.Element {
			all = append(all, descendants(c)...)
		}
	}
	return all
}
