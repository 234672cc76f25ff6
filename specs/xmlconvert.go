package specs

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Mapped tells whether the media type is XML that a JSON schema describes, so
// that a body can stand as JSON: see AsJSON and AsXML.
func (m *Media) Mapped() bool { return m.shape != nil }

// AsJSON reads an XML body of a mapped media type as the JSON that its schema
// describes. Any other tree comes back as it is.
func (m *Media) AsJSON(t *payload.Tree) *payload.Tree {
	if m.shape == nil || t == nil || t.Root == nil || t.Format != payload.XML {
		return t
	}
	mapping := &xmlMapping{tree: t, from: map[*payload.Node]mapped{}}
	return &payload.Tree{Format: payload.JSON, Root: mapping.value([]*payload.Node{t.Root}, m.shape(), true)}
}

// AsXML writes a JSON body as the XML that the schema of a mapped media type
// describes. Any other tree comes back as it is.
func (m *Media) AsXML(t *payload.Tree) *payload.Tree {
	if m.shape == nil || t == nil || t.Root == nil || t.Format != payload.JSON {
		return t
	}
	s := m.shape()
	name := s.name
	if name == "" {
		name = "body"
	}
	root := &payload.Node{Kind: payload.Element, Name: name}
	if s.types.array && t.Root.Kind == payload.Array {
		s.writeItems(root, t.Root, "item")
	} else {
		s.write(root, t.Root)
	}
	written := &payload.Tree{Format: payload.XML, Root: root}
	if m.arrange != nil {
		m.arrange(written)
	}
	return written
}

// write fills an element with a value.
func (s *xmlShape) write(element, value *payload.Node) {
	switch value.Kind {
	case payload.Object:
		order := value.Member(orderMember)
		written := map[string][]*payload.Node{} // elements, by the member that they are of
		for c := range value.Children() {
			if s.byXSD && c.Name == orderMember {
				continue
			}
			if order == nil || !s.byXSD {
				s.member(c.Name).writeInto(element, c)
				continue
			}
			before := len(elements(element))
			s.member(c.Name).writeInto(element, c)
			written[c.Name] = elements(element)[before:]
		}
		if order != nil && s.byXSD {
			inOrder(element, written, order.Value)
		}
	case payload.Array:
		s.writeItems(element, value, "item")
	case payload.Null:
		if s.nilled {
			element.Append(&payload.Node{Kind: payload.Attribute, Name: "xsi:nil", Value: "true"})
		}
	default:
		element.Value = value.Value
	}
}

func elements(n *payload.Node) (all []*payload.Node) {
	for c := range n.Children() {
		if c.Kind == payload.Element {
			all = append(all, c)
		}
	}
	return all
}

func (s *xmlShape) member(name string) *xmlMember {
	for _, m := range s.members {
		if m.name == name {
			return m
		}
	}
	// What nobody describes; xsi:type and xsi:nil may stand in any element.
	rules := &xmlRules{types: &valueShape{}, attribute: strings.HasPrefix(name, "xsi:"), byXSD: s.byXSD}
	m := &xmlMember{name: name, shape: &xmlShape{name: name, xmlRules: rules}}
	switch {
	case !s.byXSD:
	case name == schema.TextMember:
		rules.textual = true
	case strings.HasPrefix(name, "@"):
		m.shape.name, rules.attribute = name[1:], true
	case strings.HasPrefix(name, "{"):
		space, local, _ := strings.Cut(name[1:], "}")
		m.shape.name, rules.space = local, &space
	}
	return m
}

// element begins the element of the member.
func (m *xmlMember) element(parent *payload.Node, name string) *payload.Node {
	n := parent.Append(&payload.Node{Kind: payload.Element, Name: name})
	if m.shape.space != nil {
		n.Append(&payload.Node{Kind: payload.Attribute, Name: payload.SpaceAttr, Value: *m.shape.space})
	}
	return n
}

func (m *xmlMember) writeInto(parent, value *payload.Node) {
	s := m.shape
	switch {
	case s.textual:
		parent.Value = value.Value
	case s.attribute && value.Kind != payload.Object && value.Kind != payload.Array:
		if value.Kind != payload.Null {
			parent.Append(&payload.Node{Kind: payload.Attribute, Name: m.elementName(), Value: value.Value})
		}
	case value.Kind == payload.Array && s.wrapped:
		s.writeItems(parent.Append(&payload.Node{Kind: payload.Element, Name: s.name}), value, m.name)
	case value.Kind == payload.Array && s.byXSD && (s.space != nil || s.items == nil):
		items := s
		if s.items != nil {
			items = s.items
		}
		for item := range value.Children() {
			items.write(m.element(parent, m.elementName()), item)
		}
	case value.Kind == payload.Array:
		s.writeItems(parent, value, m.elementName())
	default:
		s.write(m.element(parent, m.elementName()), value)
	}
}

// writeItems writes the items of a list side by side; fallback names them where
// the schema does not.
func (s *xmlShape) writeItems(parent, list *payload.Node, fallback string) {
	items := s.items
	if items == nil {
		items = &xmlShape{xmlRules: &xmlRules{types: &valueShape{}, byXSD: s.byXSD}}
	}
	name := items.name
	if name == "" {
		name = fallback
	}
	for item := range list.Children() {
		items.write(parent.Append(&payload.Node{Kind: payload.Element, Name: name}), item)
	}
}
