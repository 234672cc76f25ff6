package pattern

import (
	"strings"

	"github.com/antchfx/xpath"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// navigator walks a tree for XPath. It stands at the document (node nil), at an element
// or attribute, or at the text of an element, which the tree keeps in one piece.
type navigator struct {
	root, node *payload.Node
	text       bool
}

func (n *navigator) NodeType() xpath.NodeType {
	switch {
	case n.node == nil:
		return xpath.RootNode
	case n.text:
		return xpath.TextNode
	case n.node.Kind == payload.Attribute:
		return xpath.AttributeNode
	}
	return xpath.ElementNode
}

func (n *navigator) LocalName() string {
	if n.node == nil || n.text {
		return ""
	}
	return n.node.Name
}

func (n *navigator) Prefix() string { return "" }

// Value is the text of a node and of all below it.
func (n *navigator) Value() string {
	if n.node == nil {
		return allText(n.root)
	}
	if n.text || n.node.Kind == payload.Attribute {
		return n.node.Value
	}
	return allText(n.node)
}

func allText(n *payload.Node) string {
	if n.First() == nil {
		return n.Value
	}
	var b strings.Builder
	b.WriteString(n.Value)
	for c := range n.Children() {
		if c.Kind == payload.Element {
			b.WriteString(allText(c))
		}
	}
	return b.String()
}

func (n *navigator) Copy() xpath.NodeNavigator {
	c := *n
	return &c
}

func (n *navigator) MoveToRoot() { n.node, n.text = nil, false }

func (n *navigator) MoveToParent() bool {
	switch {
	case n.node == nil:
		return false
	case n.text:
		n.text = false
	default:
		n.node = n.node.Parent()
	}
	return true
}

func (n *navigator) MoveToNextAttribute() bool {
	if n.node == nil || n.text {
		return false
	}
	next := n.node.Next()
	if n.node.Kind == payload.Element {
		next = n.node.First()
	}
	if next == nil || next.Kind != payload.Attribute {
		return false
	}
	n.node = next
	return true
}

func (n *navigator) MoveToChild() bool {
	switch {
	case n.node == nil:
		n.node = n.root
		return true
	case n.text || n.node.Kind == payload.Attribute:
		return false
	case strings.TrimSpace(n.node.Value) != "":
		n.text = true
		return true
	}
	return n.toElement(n.node.First())
}

// toElement goes to a node, or to the first element behind it.
func (n *navigator) toElement(c *payload.Node) bool {
	for ; c != nil; c = c.Next() {
		if c.Kind == payload.Element {
			n.node, n.text = c, false
			return true
		}
	}
	return false
}

func (n *navigator) MoveToFirst() bool {
	if n.node == nil || n.node == n.root && !n.text || n.node.Kind == payload.Attribute {
		return false
	}
	up := n.Copy()
	if !up.MoveToParent() || !up.MoveToChild() {
		return false
	}
	return n.MoveTo(up)
}

func (n *navigator) MoveToNext() bool {
	switch {
	case n.node == nil || n.node.Kind == payload.Attribute || n.node == n.root && !n.text:
		return false
	case n.text:
		return n.toElement(n.node.First())
	}
	return n.toElement(n.node.Next())
}

func (n *navigator) MoveToPrevious() bool {
	if n.node == nil || n.text || n.node == n.root || n.node.Kind == payload.Attribute {
		return false
	}
	var before *payload.Node
	for c := range n.node.Parent().Children() {
		if c == n.node {
			break
		}
		if c.Kind == payload.Element {
			before = c
		}
	}
	if before != nil {
		n.node = before
		return true
	}
	if strings.TrimSpace(n.node.Parent().Value) != "" {
		n.node, n.text = n.node.Parent(), true
		return true
	}
	return false
}

func (n *navigator) MoveTo(to xpath.NodeNavigator) bool {
	other, is := to.(*navigator)
	if !is || other.root != n.root {
		return false
	}
	*n = *other
	return true
}
