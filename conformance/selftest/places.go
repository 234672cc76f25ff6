package selftest

import (
	"strconv"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// member is everything that can be missing: not the body itself, not an item of a list.
func member(_ payload.Format, n *payload.Node) bool {
	return n.Parent() != nil && n.Parent().Kind != payload.Array
}

// typed is a value whose type can be another one.
func typed(f payload.Format, n *payload.Node) bool {
	switch n.Kind {
	case payload.Number, payload.String, payload.Bool:
		return true
	case payload.Element, payload.Attribute:
		return f == payload.XML && n.Parent() != nil && n.IsScalar() && isNumber(n.Value)
	}
	return false
}

// word is a text that is no number.
func word(_ payload.Format, n *payload.Node) bool {
	switch n.Kind {
	case payload.String:
		return true
	case payload.Element, payload.Attribute:
		return n.Parent() != nil && n.IsScalar() && n.Value != "" && !isNumber(n.Value)
	}
	return false
}

// ordered is an element with two children of different names.
func ordered(_ payload.Format, n *payload.Node) bool {
	if n.Kind != payload.Element {
		return false
	}
	for c := range n.Children() {
		if next := c.Next(); c.Kind == payload.Element && next != nil && next.Name != c.Name {
			return true
		}
	}
	return false
}

// container is an object, or an element with elements in it.
func container(_ payload.Format, n *payload.Node) bool {
	return n.Kind == payload.Object || n.Kind == payload.Element && !n.IsScalar()
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}
