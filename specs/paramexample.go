package specs

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// paramExample finds a value for a parameter: its own example, that of its
// schema, a default, an allowed value, or one made of type and format. "" where
// none is known.
func (r *reader) paramExample(n, at *payload.Node) string {
	if v := scalarText(n.Member("example")); v != "" {
		return v
	}
	if list := n.Member("examples"); list != nil && list.First() != nil {
		if one := r.doc.follow(list.First()); one != nil {
			if v := scalarText(one.Member("value")); v != "" {
				return v
			}
		}
	}
	if at == nil {
		return ""
	}
	if at = r.doc.follow(at); at == nil {
		return ""
	}
	for _, keyword := range []string{"example", "default", "const"} {
		if v := scalarText(at.Member(keyword)); v != "" {
			return v
		}
	}
	for _, keyword := range []string{"examples", "enum"} {
		if list := at.Member(keyword); list != nil && list.Kind == payload.Array && list.First() != nil {
			return scalarText(list.First())
		}
	}
	switch r.doc.typeOf(at) {
	case "integer", "number":
		if v := lowest(at); v != "0" || at.Member("minimum") != nil {
			return v
		}
		return "1"
	case "boolean":
		return "true"
	case "array":
		if items := at.Member("items"); items != nil {
			return r.paramExample(&payload.Node{Kind: payload.Object}, items)
		}
		return ""
	case "object":
		return ""
	}
	switch text(at, "format") {
	case "uuid":
		return "5f0c8f7e-3b1d-4c7a-9c55-0d6a2f1b7e11"
	case "date":
		return "2026-01-15"
	case "date-time":
		return "2026-01-15T12:00:00Z"
	}
	if f := textFiller(at); f != nil {
		return f.Value
	}
	return ""
}

func scalarText(n *payload.Node) string {
	if n == nil || n.Kind == payload.Object || n.Kind == payload.Array || n.Kind == payload.Null {
		return ""
	}
	return n.Value
}
