package specs

import (
	"net/url"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// fieldStyles read and write the fields of a form that its encoding gives a style, as
// query parameters have one (OpenAPI 3.1, "Encoding Object").
type fieldStyles []*valueDecoder

// fieldStyles reads the styles that an encoding object says.
func (r *reader) fieldStyles(op *Operation, n, at *payload.Node) fieldStyles {
	encoding := n.Member("encoding")
	if encoding == nil || encoding.Kind != payload.Object {
		return nil
	}
	fields := r.doc.objectOf(at)
	// A field whose members are fields of their own takes no other field's.
	known := &Operation{}
	for _, m := range fields.members {
		known.Params = append(known.Params, &Param{Name: m.name, In: "query"})
	}
	var all fieldStyles
	for field := range encoding.Children() {
		style := field.Member("style")
		if style == nil && field.Member("explode") == nil {
			continue
		}
		if fields.member(field.Name) == nil {
			r.warn(field, "operation %s: the form has no field %s, so that its encoding says nothing", op.ID, quoted(field.Name))
			continue
		}
		d := &valueDecoder{param: &Param{Name: field.Name, In: "query"}, op: known, style: styleOf(field, "query"), shape: r.doc.shape(fields.member(field.Name), 2)}
		d.explode = text(field, "explode") == "true" || text(field, "explode") == "" && (d.style == "form" || d.style == "deepObject")
		switch {
		case !slices.Contains([]string{"form", "spaceDelimited", "pipeDelimited", "deepObject"}, d.style):
			r.warn(style, "operation %s: the style %s is none for a field of a form (form, spaceDelimited, pipeDelimited, deepObject); the field %s is read as it comes", op.ID, quoted(d.style), field.Name)
		case d.style == "deepObject" && !d.shape.object && !d.shape.array:
			r.warn(style, "operation %s: the style deepObject is none for the field %s, which is no object; it is read as it comes", op.ID, field.Name)
		default:
			all = append(all, d)
		}
	}
	return all
}

// of gives the style of a field; nil if it has none.
func (s fieldStyles) of(name string) *valueDecoder {
	for _, d := range s {
		if d.param.Name == name {
			return d
		}
	}
	return nil
}

// takes tells whether a name on the wire carries a field, or a part of it.
func (d *valueDecoder) takes(name string) bool {
	switch {
	case name == d.param.Name:
		return true
	case d.style == "deepObject":
		return strings.HasPrefix(name, d.param.Name+"[") && strings.HasSuffix(name, "]")
	}
	return d.style == "form" && d.explode && d.shape.object && d.shape.members[name] != nil && !d.others(name)
}

// take reads the fields that have a style out of a form, and leaves the others in it.
func (s fieldStyles) take(values url.Values) (fields []*payload.Node, found []schema.Violation) {
	for _, d := range s {
		own := url.Values{}
		for _, name := range sortedKeys(values) {
			if d.takes(name) {
				own[name] = values[name]
				delete(values, name)
			}
		}
		tree, given, violation := d.fromQuery(own)
		switch {
		case violation != nil:
			violation.Path = "/" + payload.EscapePointer(d.param.Name)
			found = append(found, *violation)
		case given && tree != nil:
			tree.Root.Name = d.param.Name
			fields = append(fields, tree.Root)
		}
	}
	return fields, found
}

// write gives what carries a field on the wire; ok is false where it has no style.
func (s fieldStyles) write(field *payload.Node) (sent url.Values, ok bool) {
	d := s.of(field.Name)
	if d == nil {
		return nil, false
	}
	_, sent = d.encode(field)
	return sent, true
}
