package specs

import (
	"net/url"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// maxFormFields bounds what a form is read into.
const maxFormFields = 10_000

// parseForm makes an object of a form: one member per field, a list where the
// schema says so, numbers and booleans typed by the schema. Without a tree it is no form;
// with one, what is found is about single fields.
func parseForm(body []byte, shape *valueShape, styles fieldStyles) (*payload.Tree, []schema.Violation) {
	malformed := func(what string) []schema.Violation {
		return []schema.Violation{{Kind: schema.Malformed, Expected: "a form (name=value&…)", Actual: what}}
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, malformed(err.Error())
	}
	if len(values) > maxFormFields {
		return nil, malformed("too many fields")
	}
	root := &payload.Node{Kind: payload.Object}
	styled, found := styles.take(values)
	for _, name := range sortedKeys(values) {
		own := shape.members[name]
		var child *payload.Node
		switch list := values[name]; {
		case own != nil && own.array && len(list) == 1 && own.nested(list[0]).Kind == payload.Array:
			child = own.nested(list[0])
		case own != nil && own.array || len(list) > 1:
			child = &payload.Node{Kind: payload.Array}
			for _, v := range list {
				var item *valueShape
				if own != nil {
					item = own.items
				}
				child.Append(item.nested(v))
			}
		default:
			child = own.nested(list[0])
		}
		child.Name = name
		root.Append(child)
	}
	for _, field := range styled {
		root.Append(field)
	}
	return &payload.Tree{Format: payload.JSON, Root: root}, found
}

// nested reads the text of one field: an object or a list inside a form is
// written as JSON.
func (s *valueShape) nested(text string) *payload.Node {
	if s != nil && (s.object || s.array) && !s.text {
		if t, err := payload.ParseJSON([]byte(text), payload.JSONLimits{}); err == nil && (t.Root.Kind == payload.Object || t.Root.Kind == payload.Array) {
			return t.Root
		}
	}
	return s.scalar(text)
}
