package payload

// Format says which of the two notations a tree was read from.
type Format uint8

// The two notations.
const (
	JSON Format = iota + 1
	XML
)

func (f Format) String() string {
	if f == XML {
		return "xml"
	}
	return "json"
}

// Kind is the type of a node's value.
type Kind uint8

// JSON kinds, in the order in which a mixed list is sorted, then the XML ones.
const (
	Null Kind = iota + 1
	Bool
	Number
	String
	Array
	Object
	Element   // an XML element
	Attribute // an XML attribute; attributes come before the child elements of their element
)

var kindNames = [...]string{"", "null", "boolean", "number", "string", "array", "object", "element", "attribute"}

// String gives the JSON Schema name of a kind, or "element" and "attribute".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Tree is one parsed body.
type Tree struct {
	Format Format
	Root   *Node
	// Repeats says which XML elements may occur more than once under their
	// parent by the schema, so that a path shows order[1] even where only one
	// order was sent. Nil means: only what occurs twice gets an index.
	Repeats func(element string) bool
	// Namespace is that of the root of an XML body that was read.
	Namespace string
}

// Node is one value of a tree.
//
// Name is the member name in JSON (empty for the root and for array items), the
// local name of an element or attribute in XML. Value is the decoded string, the
// literal of a number as it was written, "true", "false" or "null" in JSON; the
// character data of an element or the value of an attribute in XML. Line and Col
// count from 1; zero means unknown.
type Node struct {
	Kind  Kind
	count int32 // here, where it takes no room of its own: documents have many nodes
	Name  string
	// Value is the scalar text; for an element all of its own character data.
	Value string
	Line  int32
	Col   int32

	// Three links and not five, for a document has hundreds of thousands of nodes:
	// the last child knows the first as its next.
	parent, last, next *Node
}

// SpaceAttr is the attribute that says the namespace of an element of an XML tree, where
// the contract alone does not tell it.
const SpaceAttr = "xmlns"

// Parent gives the enclosing node, nil at the root.
func (n *Node) Parent() *Node { return n.parent }

// First gives the first child (in XML: the first attribute, then elements).
func (n *Node) First() *Node {
	if n.last == nil {
		return nil
	}
	return n.last.next
}

// Next gives the following sibling.
func (n *Node) Next() *Node {
	if n.parent == nil || n.parent.last == n {
		return nil
	}
	return n.next
}

// previous gives the sibling before, nil for the first. It looks for it.
func (n *Node) previous() *Node {
	for c := n.parent.First(); c != nil && c != n; c = c.next {
		if c.next == n {
			return c
		}
	}
	return nil
}

// Len counts the children: members, items, or attributes and elements together.
func (n *Node) Len() int { return int(n.count) }

// Size counts the node and everything below it.
func (n *Node) Size() int {
	size := 1
	for c := n.First(); c != nil; c = c.Next() {
		size += c.Size()
	}
	return size
}

// Children yields the children in document order. The current child may be
// detached while the loop runs.
func (n *Node) Children() func(yield func(*Node) bool) {
	return func(yield func(*Node) bool) {
		for c := n.First(); c != nil; {
			following := c.Next()
			if !yield(c) {
				return
			}
			c = following
		}
	}
}

// Member gives the first JSON member of that name, nil if there is none.
func (n *Node) Member(name string) *Node {
	for c := n.First(); c != nil; c = c.Next() {
		if c.Name == name && c.Kind != Attribute {
			return c
		}
	}
	return nil
}

// Child gives the first XML child element (or JSON member) of that name.
func (n *Node) Child(name string) *Node { return n.Member(name) }

// Attr gives the attribute of that name, nil if there is none.
func (n *Node) Attr(name string) *Node {
	for c := n.First(); c != nil && c.Kind == Attribute; c = c.Next() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Item gives the i-th array item, counted from 0; nil if there is none.
func (n *Node) Item(i int) *Node {
	if i < 0 {
		return nil
	}
	for c := n.First(); c != nil; c = c.Next() {
		if i == 0 {
			return c
		}
		i--
	}
	return nil
}

// IsScalar reports whether the node has a value of its own and no children.
func (n *Node) IsScalar() bool {
	switch n.Kind {
	case Array, Object:
		return false
	case Element:
		for c := n.First(); c != nil; c = c.Next() {
			if c.Kind == Element {
				return false
			}
		}
	}
	return true
}

// Append adds a child at the end; an attribute goes behind the last attribute,
// before the elements. The child must not have a parent.
func (n *Node) Append(child *Node) *Node {
	if child.Kind == Attribute && n.last != nil && n.last.Kind != Attribute {
		before := n.First()
		for before.Kind == Attribute {
			before = before.next
		}
		n.insertBefore(child, before)
		return child
	}
	n.hang(child)
	return child
}

// hang adds a child at the end.
func (n *Node) hang(child *Node) {
	child.parent, child.next = n, child
	if n.last != nil {
		child.next, n.last.next = n.last.next, child
	}
	n.last = child
	n.count++
}

func (n *Node) insertBefore(child, before *Node) {
	after := before.previous()
	if after == nil {
		after = n.last // the first comes behind the last
	}
	child.parent, child.next, after.next = n, before, child
	n.count++
}

// Detach takes the node out of its parent. At the root it does nothing.
func (n *Node) Detach() {
	p := n.parent
	if p == nil {
		return
	}
	before := n.previous()
	if before == nil {
		before = p.last
	}
	before.next = n.next
	switch {
	case before == n:
		p.last = nil // it was the only one
	case p.last == n:
		p.last = before
	}
	p.count--
	n.parent, n.next = nil, nil
}

// Replace puts another node, which must not have a parent, in the place of n.
// The replacement takes over the name of n.
func (n *Node) Replace(with *Node) {
	p := n.parent
	if p == nil {
		return
	}
	with.Name = n.Name
	p.insertBefore(with, n)
	n.Detach()
}

// Clone copies the node and everything below it; the copy has no parent.
func (n *Node) Clone() *Node {
	c := &Node{Kind: n.Kind, Name: n.Name, Value: n.Value, Line: n.Line, Col: n.Col}
	for child := n.First(); child != nil; child = child.Next() {
		c.Append(child.Clone())
	}
	return c
}

// Clone copies the whole tree.
func (t *Tree) Clone() *Tree {
	return &Tree{Format: t.Format, Root: t.Root.Clone(), Repeats: t.Repeats}
}
