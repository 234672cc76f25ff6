package behaviour

import (
	"strconv"
	"strings"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// itemsOf gives the values of a list; nothing for null, and a single value as a
// list of one.
func itemsOf(v any) []any {
	switch v := v.(type) {
	case view:
		if v.kind() != payload.Array {
			break
		}
		items := make([]any, 0, v.node().Len())
		for c := range v.node().Children() {
			items = append(items, viewOf(c))
		}
		return items
	case record:
		return []any{v}
	case traits.Lister:
		var items []any
		for it := v.Iterator(); it.HasNext() == types.True; {
			items = append(items, it.Next())
		}
		return items
	case traits.Mapper:
		return []any{v}
	}
	if isNull(v) {
		return nil
	}
	if val, ok := v.(ref.Val); ok && val == types.String("") {
		return nil
	}
	if n, ok := v.(view); ok && n.kind() == payload.String && n.node().Value == "" {
		// An empty container element.
		return nil
	}
	return []any{v}
}

// jsonForm makes the tree of an XML body what expressions see: an object whose
// one member is the root element. An element is an object of its attributes
// ("@name") and children, a leaf without attributes its text, and an element
// that may repeat a list.
func jsonForm(t *payload.Tree) *payload.Node {
	if t == nil || t.Root == nil {
		return nil
	}
	if t.Format != payload.XML {
		return t.Root
	}
	b := payload.NewBuilder(64)
	n := b.NewNode(payload.Object, "", "")
	root := elementForm(t, t.Root, b)
	root.Name = t.Root.Name
	n.Append(root)
	return n
}

func elementForm(t *payload.Tree, e *payload.Node, b *payload.Builder) *payload.Node {
	if e.First() == nil {
		return b.NewNode(payload.String, "", e.Value)
	}
	n := b.NewNode(payload.Object, "", "")
	leaf := true
	forms := formsOf(t, e)
	for c := e.First(); c != nil; c = c.Next() {
		if c.Kind == payload.Attribute {
			n.Append(b.NewNode(payload.String, "@"+c.Name, c.Value))
			continue
		}
		leaf = false
		form := elementForm(t, c, b)
		known := forms[c.Name]
		switch {
		case !known.list:
			form.Name = c.Name
			n.Append(form)
		case known.made == nil:
			known.made = b.NewNode(payload.Array, c.Name, "")
			n.Append(known.made).Append(form)
			forms[c.Name] = known
		default:
			known.made.Append(form)
		}
	}
	if leaf && strings.TrimSpace(e.Value) != "" {
		n.Append(b.NewNode(payload.String, "#text", e.Value))
	}
	return n
}

// childForm says for one name of a child whether it is a list, and holds the list.
type childForm struct {
	seen, list bool
	made       *payload.Node
}

// formsOf finds the children that are lists: by the schema, or because there is
// a second one of the same name.
func formsOf(t *payload.Tree, e *payload.Node) map[string]childForm {
	forms := make(map[string]childForm, e.Len())
	for c := e.First(); c != nil; c = c.Next() {
		if c.Kind == payload.Attribute {
			continue
		}
		f := forms[c.Name]
		f.list = f.seen || t.Repeats != nil && t.Repeats(c.Name)
		f.seen = true
		forms[c.Name] = f
	}
	return forms
}

// xmlTree makes an XML body of a filled template: an object with one member, the
// root element.
func xmlTree(n *payload.Node) *payload.Tree {
	root := n.First()
	if root == nil {
		return nil
	}
	b := payload.NewBuilder(64)
	e := b.NewNode(payload.Element, root.Name, "")
	fillElement(e, root, b)
	return &payload.Tree{Format: payload.XML, Root: e}
}

func fillElement(e, from *payload.Node, b *payload.Builder) {
	switch from.Kind {
	case payload.Null:
	case payload.Array:
		// A list where one element was expected: the first counts.
		if from.First() != nil {
			fillElement(e, from.First(), b)
		}
	case payload.Object:
		for c := from.First(); c != nil; c = c.Next() {
			switch {
			case c.Name == "#text":
				e.Value = c.Value
			case strings.HasPrefix(c.Name, "@"):
				if c.Kind != payload.Null {
					e.Append(b.NewNode(payload.Attribute, c.Name[1:], c.Value))
				}
			case c.Kind == payload.Array:
				for item := c.First(); item != nil; item = item.Next() {
					child := b.NewNode(payload.Element, c.Name, "")
					fillElement(child, item, b)
					e.Append(child)
				}
			default:
				child := b.NewNode(payload.Element, c.Name, "")
				fillElement(child, c, b)
				e.Append(child)
			}
		}
	default:
		e.Value = from.Value
	}
}

// itemNumber writes the number of an item for messages and paths: from 1.
func itemNumber(index int) string { return strconv.Itoa(index + 1) }
