package engine

import (
	"fmt"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// elementRoot makes an XML tree of an inline body: one key, the root element.
func elementRoot(n *payload.Node) (*payload.Tree, error) {
	if n.Kind == payload.Element {
		return &payload.Tree{Format: payload.XML, Root: n}, nil // of a generated case
	}
	if n.Kind != payload.Object || n.Len() != 1 || n.First().Kind == payload.Array {
		return nil, fmt.Errorf("an inline XML body is a mapping with one key, the root element")
	}
	root := n.First()
	e, err := element(root.Name, root)
	if err != nil {
		return nil, err
	}
	return &payload.Tree{Format: payload.XML, Root: e}, nil
}

// element makes an XML element: "@name" is an attribute, "#text" the text beside
// attributes, a list a repeated element.
func element(name string, n *payload.Node) (*payload.Node, error) {
	e := &payload.Node{Kind: payload.Element, Name: name}
	switch n.Kind {
	case payload.Null:
		return e, nil
	case payload.Object:
	case payload.Array:
		return nil, fmt.Errorf("element %s: a list may stand only below a name", name)
	default:
		e.Value = n.Value
		return e, nil
	}
	for c := range n.Children() {
		switch {
		case strings.HasPrefix(c.Name, "@"):
			if !c.IsScalar() {
				return nil, fmt.Errorf("attribute %s of %s must be a text", c.Name, name)
			}
			value := c.Value
			if c.Kind == payload.Null {
				value = ""
			}
			e.Append(&payload.Node{Kind: payload.Attribute, Name: c.Name[1:], Value: value})
		case c.Name == "#text":
			e.Value = c.Value
		case c.Kind == payload.Array:
			for item := range c.Children() {
				child, err := element(c.Name, item)
				if err != nil {
					return nil, err
				}
				e.Append(child)
			}
		default:
			child, err := element(c.Name, c)
			if err != nil {
				return nil, err
			}
			e.Append(child)
		}
	}
	return e, nil
}
