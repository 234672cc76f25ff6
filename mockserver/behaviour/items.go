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
	b := payload.NewBuilder(t.Root.Size() + few)
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
	lists := listsOf(t, e)
	for c := e.First(); c != nil; c = c.Next() {
		if c.Kind == payload.Attribute {
			n.Append(b.NewNode(payload.String, "@"+c.Name, c.Value))
			continue
		}
		leaf = false
		form := elementForm(t, c, b)
		list, is := lists[c.Name]
		switch {
		case !is:
			form.Name = c.Name
			n.Append(form)
		case list == nil:
			list = b.NewNode(payload.Array, c.Name, "")
			n.Append(list).Append(form)
			lists[c.Name] = list
		default:
			list.Append(form)
		}
	}
	if leaf && strings.TrimSpace(e.Value) != "" {
		n.Append(b.NewNode(payload.String, "#text", e.Value))
	}
	return n
}

// few is the number of children up to which looking at each beats a table.
const few = 16

// listsOf names the children that are lists: by the schema, or because there is
// a second one of the same name. Most elements have none, and cost no table.
func listsOf(t *payload.Tree, e *payload.Node) (lists map[string]*payload.Node) {
	var seen map[string]bool
	if e.Len() > few {
		seen = make(map[string]bool, few)
	}
	last := ""
	for c := e.First(); c != nil; c = c.Next() {
		if c.Kind == payload.Attribute || c.Name == last {
			if c.Kind != payload.Attribute && lists[c.Name] == nil {
				lists = listed(lists, c.Name)
			}
			continue
		}
		last = c.Name
		again := seen[c.Name]
		if seen != nil {
			seen[c.Name] = true
		} else {
			again = before(c)
		}
		if again || t.Repeats != nil && t.Repeats(c.Name) {
			lists = listed(lists, c.Name)
		}
	}
	return lists
}

func listed(lists map[string]*payload.Node, name string) map[string]*payload.Node {
	if lists == nil {
		lists = map[string]*payload.Node{}
	}
	lists[name] = nil
	return lists
}

// before tells whether an element has an earlier sibling of its name.
func before(c *payload.Node) bool {
	for e := c.Parent().First(); e != c; e = e.Next() {
		if e.Kind != payload.Attribute && e.Name == c.Name {
			return true
		}
	}
	return false
}

// itemNumber writes the number of an item for messages and paths: from 1.
func itemNumber(index int) string { return strconv.Itoa(index + 1) }
