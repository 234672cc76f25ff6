package specs

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/sample"
	"github.com/roadworthy-project/roadworthy/specs/schema"
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

// betterExample makes a value where the one that was found is none, or breaks
// the schema of its own parameter. An empty value is none: no path has room for
// it.
func (r *reader) betterExample(p *Param, at *payload.Node, d valueDecoder) {
	plain := r.doc.plain(at)
	if p.Example != "" && (plain || len(schema.Hard(p.Judge([]string{p.Example}))) == 0) {
		return
	}
	sample.Make(at, sample.Options{Seed: 1, Sent: true, Follow: r.doc.follow, Judge: func(t *payload.Tree) []string {
		value := d.encode(t.Root)
		if value == "" {
			return []string{""}
		}
		wrong := schema.Hard(p.Judge([]string{value}))
		if len(wrong) == 0 {
			p.Example = value
			return nil
		}
		var paths []string
		for _, v := range wrong {
			paths = append(paths, strings.TrimPrefix(v.Path, p.In+"/"+p.Name))
		}
		return paths
	}})
}

// plain tells a schema that refuses nothing but another type: there is no need
// to compile it to know that a value fits.
func (d *document) plain(at *payload.Node) bool {
	if at = d.follow(at); at == nil || at.Kind != payload.Object || d.typeOf(at) != "string" {
		return false
	}
	for c := range at.Children() {
		switch c.Name {
		case "type", "description", "title", "example", "examples", "default", "nullable", "deprecated":
		default:
			return strings.HasPrefix(c.Name, "x-")
		}
	}
	return true
}

// encode writes a value as the text of a parameter, which decode reads back.
func (d valueDecoder) encode(n *payload.Node) string {
	switch {
	case d.asJSON:
		return string(n.JSON())
	case n.Kind == payload.Array:
		var parts []string
		for c := range n.Children() {
			parts = append(parts, formText(c))
		}
		if d.repeated {
			return strings.Join(parts[:min(1, len(parts))], "")
		}
		return strings.Join(parts, d.separator)
	case n.Kind == payload.Object:
		var parts []string
		for c := range n.Children() {
			parts = append(parts, c.Name, formText(c))
		}
		return strings.Join(parts, ",")
	}
	return n.Value
}
