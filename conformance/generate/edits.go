package generate

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// field is a node of an example, with its path.
type field struct {
	node *payload.Node
	path string
}

// fieldsOf lists the fields of a body below the root; of a list only the first item
// is taken, for the others are of the same kind.
func fieldsOf(t *payload.Tree) []field {
	var all []field
	var walk func(n *payload.Node)
	walk = func(n *payload.Node) {
		seen := map[string]bool{}
		for c := range n.Children() {
			key := c.Kind.String() + c.Name
			if n.Kind == payload.Array {
				key = "item"
			}
			if seen[key] && (n.Kind == payload.Array || c.Kind == payload.Element) {
				continue
			}
			seen[key] = true
			all = append(all, field{node: c, path: t.Path(c)})
			walk(c)
		}
	}
	if t.Root != nil {
		walk(t.Root)
	}
	return all
}

const (
	// strange fits no enumeration, no pattern and no format that anybody writes.
	strange = "~rw~"
	// far is longer than any limit worth documenting.
	far = 5000
)

// edits lists what is tried on a field. The schema decides which of them count; the
// first that it refuses for a reason stands for the others of the same kind.
func edits(b base, f field) []edit {
	if b.tree.Format == payload.XML {
		return append(xmlEdits(f), typeEdits(b, f)...)
	}
	return jsonEdits(f)
}

func jsonEdits(f field) []edit {
	set := func(what string, kind payload.Kind, value string) edit {
		return edit{what: what, path: f.path, value: &payload.Node{Kind: kind, Value: value}}
	}
	var all []edit
	if f.node.Parent().Kind == payload.Object {
		all = append(all, edit{what: "missing", path: f.path, remove: true})
	}
	if f.node.Kind != payload.Null {
		all = append(all, set("null", payload.Null, "null"))
	}
	switch f.node.Kind {
	case payload.String:
		all = append(all, set("type", payload.Bool, "true"), set("blank", payload.String, ""), set("value", payload.String, strange),
			set("too-long", payload.String, stretched(f.node.Value, far)))
	case payload.Number:
		all = append(all, set("type", payload.String, f.node.Value), set("negative", payload.Number, "-1"), set("zero", payload.Number, "0"),
			set("fraction", payload.Number, "0.5"), set("huge", payload.Number, "1e18"))
	case payload.Bool:
		all = append(all, set("type", payload.String, f.node.Value))
	case payload.Object:
		all = append(all, set("type", payload.String, strange), edit{what: "unknown", path: f.path + "/roadworthyUnknown", value: text(strange)})
	case payload.Array:
		all = append(all, set("type", payload.String, strange), edit{what: "empty-list", path: f.path, value: &payload.Node{Kind: payload.Array}})
	}
	return all
}

func xmlEdits(f field) []edit {
	all := []edit{{what: "missing", path: f.path, remove: true}}
	if f.node.Kind == payload.Element && f.node.First() == nil && beforeAnother(f.node) {
		all = append(all, edit{what: "misplaced", path: f.path, move: true, value: text(f.node.Value)})
	}
	if !f.node.IsScalar() {
		return all
	}
	set := func(what, value string) edit { return edit{what: what, path: f.path, value: text(value)} }
	all = append(all, set("blank", ""), set("value", strange), set("too-long", stretched(f.node.Value, far)))
	if value := strings.TrimSpace(f.node.Value); value != "" && strings.Trim(value, "+-.0123456789") == "" {
		all = append(all, set("negative", "-1"), set("zero", "0"), set("fraction", "0.5"), set("huge", strings.Repeat("9", 30)))
	}
	return append(all, facetEdits(f)...)
}

// beforeAnother tells the elements that stand alone of their name and before one of
// another name.
func beforeAnother(n *payload.Node) bool {
	after, passed := false, false
	for c := range n.Parent().Children() {
		switch {
		case c == n:
			passed = true
		case c.Kind == payload.Element && c.Name == n.Name:
			return false
		case passed && c.Kind == payload.Element:
			after = true
		}
	}
	return after
}

// stretched repeats the last letter of a text, so that a pattern which bounds no
// length still holds.
func stretched(s string, n int) string {
	if s == "" {
		s = "x"
	}
	if len(s) >= n {
		return s + s
	}
	return s + strings.Repeat(s[len(s)-1:], n-len(s))
}
