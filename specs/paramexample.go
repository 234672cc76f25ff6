package specs

import (
	"net/url"
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
func (r *reader) betterExample(p *Param, n, at *payload.Node) {
	d := p.decoder
	documented := r.documentedValues(n, at)
	for _, value := range documented {
		if value.Kind == payload.Array && p.takes(value) == nil {
			return
		}
	}
	written := d.style == "simple" || d.style == "form" && !d.shape.object // the text is the value
	if p.Example != "" && written && (!d.asJSON && r.doc.plain(at) || len(schema.Hard(p.Judge([]string{p.Example}))) == 0) {
		return
	}
	for _, value := range documented {
		if p.takes(value) == nil {
			return
		}
	}
	found := p.Example
	sample.Make(at, sample.Options{Seed: 1, Sent: true, Follow: r.doc.follow, Matches: schema.NewMatcher(), Judge: func(t *payload.Tree) []string { return p.takes(t.Root) }})
	if p.In == "path" && p.Example == "" {
		for _, any := range []string{"text", "1"} {
			if p.Example == "" && len(schema.Hard(p.Judge([]string{any}))) == 0 {
				p.Example = any // a path has room for something only
			}
		}
	}
	if p.sent == nil && found != "" && len(schema.Hard(p.Judge([]string{found}))) > 0 && p.In == "query" {
		p.sent = url.Values{p.Name: {found}} // nothing better is known
	}
}

// takes makes a value the example if the parameter accepts it; else it gives the
// places where it does not.
func (p *Param) takes(value *payload.Node) []string {
	if value.Kind == payload.Object && value.First() == nil && p.decoder.shape.open && p.In == "query" {
		// Of an object without members a query says nothing.
		member := &payload.Node{Kind: payload.String, Name: "key", Value: "sample"}
		if other := p.decoder.shape.other; other != nil && other.number {
			member = &payload.Node{Kind: payload.Number, Name: "key", Value: "1"}
		}
		value.Append(member)
	}
	texts, sent := p.decoder.encode(value)
	if len(texts) == 0 || texts[0] == "" && (len(texts) == 1 || p.In == "path") {
		return []string{""}
	}
	var wrong []schema.Violation
	if p.In == "query" {
		_, wrong = p.JudgeQuery(sent)
	} else {
		wrong = p.Judge(texts[:1])
	}
	if wrong = schema.Hard(wrong); len(wrong) == 0 {
		p.Example, p.sent = texts[0], sent
		return nil
	}
	var paths []string
	for _, v := range wrong {
		paths = append(paths, strings.TrimPrefix(v.Path, p.In+"/"+p.Name))
	}
	return paths
}

// documentedValues are the examples of a parameter and of its schema.
func (r *reader) documentedValues(n, at *payload.Node) []*payload.Node {
	var all []*payload.Node
	add := func(value *payload.Node) {
		if value != nil {
			all = append(all, value)
		}
	}
	add(n.Member("example"))
	if list := n.Member("examples"); list != nil && list.Kind == payload.Object {
		for entry := range list.Children() {
			if one := r.doc.follow(entry); one != nil {
				add(one.Member("value"))
			}
		}
	}
	if content := n.Member("content"); content != nil && content.First() != nil {
		add(content.First().Member("example"))
	}
	if at = r.doc.follow(at); at == nil {
		return all
	}
	add(at.Member("example"))
	if list := at.Member("examples"); list != nil && list.Kind == payload.Array {
		for value := range list.Children() {
			add(value)
		}
	}
	add(at.Member("default"))
	return all
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
