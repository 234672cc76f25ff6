package fault

import (
	"strconv"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// messageFaults spoil what an answer says.
func messageFaults() []Fault {
	at := Param{"path", "the field, as JSON Pointer or XPath; empty takes the first that fits", "", "text"}
	edit := func(name, title string, change func(t *payload.Tree, n *payload.Node), fits func(*payload.Node) bool) Fault {
		return Fault{Name: name, Kind: Message, Title: title, Params: []Param{at}, apply: func(p *Plan, v values) {
			p.Edits = append(p.Edits, func(t *payload.Tree) {
				if n := target(t, v["path"], fits); n != nil {
					change(t, n)
				}
			})
		}}
	}
	return []Fault{
		edit("drop-field", "A field is missing", func(_ *payload.Tree, n *payload.Node) { n.Detach() }, field),
		edit("retype", "A number becomes text, or text a number", retype, scalar),
		edit("out-of-enum", "A field has a value that is none of the allowed ones",
			func(_ *payload.Tree, n *payload.Node) { setText(n, "NOT_ONE_OF_THEM") }, text),
		edit("reorder", "Two neighbouring elements change places", reorder, func(n *payload.Node) bool { return swappable(n) != nil }),
		edit("extra-field", "A field is there that nobody described", extra, container),
	}
}

// target finds the field: by its path, else the first below the root that fits.
func target(t *payload.Tree, path string, fits func(*payload.Node) bool) *payload.Node {
	if t == nil || t.Root == nil {
		return nil
	}
	if path != "" {
		return t.At(path)
	}
	return first(t.Root, fits)
}

func first(n *payload.Node, fits func(*payload.Node) bool) *payload.Node {
	if fits(n) {
		return n
	}
	for c := range n.Children() {
		if found := first(c, fits); found != nil {
			return found
		}
	}
	return nil
}

func field(n *payload.Node) bool {
	return n.Parent() != nil && n.Parent().Kind != payload.Array && n.Kind != payload.Attribute
}

func scalar(n *payload.Node) bool {
	switch n.Kind {
	case payload.Number, payload.String, payload.Bool:
		return true
	case payload.Element:
		return n.IsScalar() && n.Parent() != nil && isNumber(n.Value)
	}
	return false
}

func text(n *payload.Node) bool {
	return n.Kind == payload.String || n.Kind == payload.Element && n.IsScalar() && n.Parent() != nil && n.Value != "" && !isNumber(n.Value)
}

func container(n *payload.Node) bool {
	return n.Kind == payload.Object || n.Kind == payload.Element && !n.IsScalar()
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func setText(n *payload.Node, s string) {
	if n.Kind != payload.Element && n.Kind != payload.Attribute {
		n.Kind = payload.String
	}
	n.Value = s
}

func retype(_ *payload.Tree, n *payload.Node) {
	switch n.Kind {
	case payload.Number, payload.Bool:
		n.Kind = payload.String
	case payload.String:
		n.Kind = payload.Number
		if !isNumber(n.Value) {
			n.Value = "0"
		}
	case payload.Element, payload.Attribute:
		n.Value = "abc"
	}
}

// swappable gives the second of two neighbours that may change places.
func swappable(n *payload.Node) *payload.Node {
	if n.Kind != payload.Element && n.Kind != payload.Array {
		return nil
	}
	for c := range n.Children() {
		next := c.Next()
		if c.Kind != payload.Attribute && next != nil && (n.Kind == payload.Array || c.Name != next.Name) {
			return next
		}
	}
	return nil
}

func reorder(_ *payload.Tree, n *payload.Node) {
	second := swappable(n)
	if second == nil {
		return
	}
	var ahead, behind []*payload.Node
	for c := range n.Children() {
		switch {
		case c.Kind == payload.Attribute:
		case c.Next() == second:
			behind = append(behind, c)
		case c == second:
			ahead = append(ahead, c)
			ahead = append(ahead, behind...)
			behind = nil
		default:
			ahead = append(ahead, c)
		}
	}
	for _, c := range ahead {
		c.Detach()
	}
	for _, c := range ahead {
		n.Append(c)
	}
}

func extra(t *payload.Tree, n *payload.Node) {
	c := &payload.Node{Kind: payload.String, Name: "unexpected", Value: "nobody described this"}
	if t.Format == payload.XML {
		c.Kind = payload.Element
	}
	n.Append(c)
}
