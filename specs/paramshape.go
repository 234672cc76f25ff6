package specs

import (
	"maps"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// valueShape is what the text of a parameter has to become.
type valueShape struct {
	number, boolean, array, object, text, null bool
	// open is set where members without a description are named as allowed.
	open    bool
	items   *valueShape
	prefix  []*valueShape // of the first items, where each has its own
	members map[string]*valueShape
	// other is what members without a description are; nil if nothing says so.
	other *valueShape
	// allowed is the list of an enumeration.
	allowed *payload.Node
}

// allows tells whether a scalar has a text of the enumeration.
func (s *valueShape) allows(n *payload.Node) bool {
	if !n.IsScalar() {
		return false
	}
	for one := range s.allowed.Children() {
		if one.IsScalar() && one.Value == n.Value {
			return true
		}
	}
	return false
}

// simple tells a shape that says nothing but types.
func (s *valueShape) simple() bool {
	return s.items == nil && s.prefix == nil && s.members == nil && s.other == nil && s.allowed == nil
}

// shape reads the types that a schema allows, through references and allOf, with
// its items and members as many levels down as asked: schemas may recurse.
func (d *document) shape(at *payload.Node, levels int) *valueShape {
	return d.shapeAt(at, levels, visited{})
}

func (d *document) shapeAt(at *payload.Node, levels int, seen visited) *valueShape {
	s := &valueShape{}
	if at = d.follow(at); !seen.first(at) {
		return s
	}
	note := func(t string) {
		switch t {
		case "integer", "number":
			s.number = true
		case "boolean":
			s.boolean = true
		case "array":
			s.array = true
		case "object":
			s.object = true
		case "string":
			s.text = true
		case "null":
			s.null = true
		}
	}
	if t := at.Member("type"); t != nil {
		note(t.Value)
		for one := range t.Children() {
			note(one.Value)
		}
	}
	items, prefix := at.Member("items"), at.Member("prefixItems")
	if items != nil && items.Kind == payload.Array {
		items, prefix = at.Member("additionalItems"), items // draft 7
	}
	if items != nil && levels > 0 {
		s.items = d.shape(items, levels-1)
	}
	if prefix != nil && levels > 0 {
		for one := range prefix.Children() {
			s.prefix = append(s.prefix, d.shape(one, levels-1))
		}
	}
	if properties := at.Member("properties"); properties != nil && levels > 0 {
		s.members = map[string]*valueShape{}
		for p := range properties.Children() {
			s.members[p.Name] = d.shape(p, levels-1)
		}
	}
	if more := at.Member("additionalProperties"); more != nil && more.Value != "false" {
		if s.open = true; more.Kind == payload.Object && levels > 0 {
			s.other = d.shape(more, levels-1)
		}
	}
	if list := at.Member("enum"); list != nil && at.Member("not") == nil && at.Member("const") == nil {
		s.allowed = list
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if list := at.Member(keyword); list != nil {
			for one := range list.Children() {
				s.merge(d.shapeAt(one, levels, seen))
			}
		}
	}
	return s
}

func (s *valueShape) merge(o *valueShape) {
	s.number, s.boolean, s.array = s.number || o.number, s.boolean || o.boolean, s.array || o.array
	s.object, s.text, s.null = s.object || o.object, s.text || o.text, s.null || o.null
	if s.items == nil {
		s.items = o.items
	}
	if s.prefix == nil {
		s.prefix = o.prefix
	}
	switch {
	case s.members == nil:
		s.members = o.members
	case o.members != nil:
		all := maps.Clone(s.members)
		for name, shape := range o.members {
			if all[name] == nil {
				all[name] = shape
			}
		}
		s.members = all
	}
	if s.other == nil {
		s.other = o.other
	}
	s.open = s.open || o.open
}

// item is the shape of the item at a place.
func (s *valueShape) item(i int) *valueShape {
	if i < len(s.prefix) {
		return s.prefix[i]
	}
	return s.items
}

// member is the shape of a member, described or not.
func (s *valueShape) member(name string) *valueShape {
	if s == nil {
		return nil
	}
	if m := s.members[name]; m != nil {
		return m
	}
	return s.other
}

// scalar types a text by the shape: "12" is a number only where one is allowed.
func (s *valueShape) scalar(text string) *payload.Node {
	if s != nil {
		switch {
		case s.number && isJSONNumber(text):
			return &payload.Node{Kind: payload.Number, Value: text}
		case s.boolean && (text == "true" || text == "false"):
			return &payload.Node{Kind: payload.Bool, Value: text}
		case s.null && text == "" && !s.text:
			return &payload.Node{Kind: payload.Null, Value: "null"}
		}
	}
	return &payload.Node{Kind: payload.String, Value: text}
}

// isJSONNumber keeps "0x10", "1_000", "+1" and "Inf" text.
func isJSONNumber(s string) bool {
	if s == "" || len(s) > 400 || strings.Trim(s, "0123456789+-.eE") != "" {
		return false
	}
	tree, err := payload.ParseJSON([]byte(s), payload.JSONLimits{})
	return err == nil && tree.Root.Kind == payload.Number
}
