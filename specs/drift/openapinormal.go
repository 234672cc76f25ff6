package drift

import (
	"mime"
	"reflect"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/flatten/commonparams"
)

// normalise writes in one way what means the same on the wire: parameters and
// servers of a path stand with its operations, media types are in lower case, 3.1 is put as 3.0 puts
// it, and what only people read is gone.
func normalise(doc *openapi3.T) {
	commonparams.Move(doc)
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.Servers == nil && len(item.Servers) > 0 {
				op.Servers = &item.Servers
			}
		}
	}
	eachOperation(doc, func(_ string, op *openapi3.Operation) {
		if op.RequestBody != nil && op.RequestBody.Value != nil {
			plainMediaTypes(op.RequestBody.Value.Content)
			withoutViews(op.RequestBody.Value.Content)
		}
		for _, response := range op.Responses.Map() {
			if response.Value != nil {
				plainMediaTypes(response.Value.Content)
				withoutViews(response.Value.Content)
			}
		}
	})
	walkSchemas(reflect.ValueOf(doc), map[uintptr]bool{}, func(ref *openapi3.SchemaRef) {
		if ref.Value != nil {
			plainSchema(ref.Value)
		}
	})
	writeMappings(doc)
}

// withoutViews leaves the schemas out that stand beside an XSD: they say how its XML reads
// as JSON, and nobody sees them on the wire. The XSDs are compared on their own.
func withoutViews(content openapi3.Content) {
	for _, media := range content {
		if _, judged := media.Extensions["x-xsd"]; judged {
			media.Schema = nil
		}
	}
}

// plainMediaTypes: case does not count in a media type (RFC 9110, section 8.3.1),
// and UTF-8 is what JSON and XML are in anyway.
func plainMediaTypes(content openapi3.Content) {
	for _, name := range sortedNames(content, nil) {
		kind, params, err := mime.ParseMediaType(name)
		if err != nil {
			continue
		}
		if strings.EqualFold(params["charset"], "utf-8") {
			delete(params, "charset")
		}
		plain := mime.FormatMediaType(kind, params)
		if _, taken := content[plain]; plain == "" || taken {
			continue
		}
		content[plain] = content[name]
		delete(content, name)
	}
}

func plainSchema(s *openapi3.Schema) {
	s.Description, s.Comment, s.Example, s.Examples, s.ExternalDocs = "", "", nil, nil, nil
	if s.Type != nil && len(*s.Type) > 1 {
		if i := slices.Index(*s.Type, "null"); i >= 0 {
			rest := slices.Delete(slices.Clone(*s.Type), i, i+1)
			s.Type, s.Nullable = &rest, true
		}
	}
	plainNull(s)
	s.ExclusiveMin, s.Min = bound30(s.ExclusiveMin, s.Min, func(a, b float64) bool { return a > b })
	s.ExclusiveMax, s.Max = bound30(s.ExclusiveMax, s.Max, func(a, b float64) bool { return a < b })
	if anything(s.AdditionalProperties) {
		s.AdditionalProperties = openapi3.AdditionalProperties{}
	}
}

// plainNull writes "this or null" as this, which may be null.
func plainNull(s *openapi3.Schema) {
	for _, list := range []*openapi3.SchemaRefs{&s.OneOf, &s.AnyOf} {
		rest := slices.DeleteFunc(slices.Clone(*list), func(member *openapi3.SchemaRef) bool {
			return member.Value != nil && member.Value.Type != nil && member.Value.Type.Is("null")
		})
		if len(rest) == len(*list) || len(rest) == 0 {
			continue
		}
		s.Nullable = true
		if len(rest) == 1 && s.Discriminator == nil {
			s.AllOf, rest = append(s.AllOf[:len(s.AllOf):len(s.AllOf)], rest[0]), nil
		}
		*list = rest
	}
}

// bound30 writes an exclusive bound of 3.1, which is a number, as 3.0 does: the bound,
// and that it is exclusive.
func bound30(exclusive openapi3.ExclusiveBound, bound *float64, tighter func(a, b float64) bool) (openapi3.ExclusiveBound, *float64) {
	switch {
	case exclusive.Value == nil && !exclusive.IsTrue():
		return openapi3.ExclusiveBound{}, bound
	case exclusive.Value == nil:
		return exclusive, bound
	case bound != nil && tighter(*bound, *exclusive.Value):
		return openapi3.ExclusiveBound{}, bound
	}
	yes := true
	return openapi3.ExclusiveBound{Bool: &yes}, exclusive.Value
}

// anything tells whether a keyword allows every value, which it also does when it is
// left out.
func anything(s openapi3.BoolSchema) bool {
	if s.Schema == nil || s.Schema.Value == nil {
		return s.Has != nil && *s.Has
	}
	plain := *s.Schema.Value
	plain.Origin, plain.Extensions, plain.Title, plain.Description = nil, nil, "", ""
	return plain.Always != nil && *plain.Always || reflect.DeepEqual(plain, openapi3.Schema{})
}

const componentPrefix = "#" + schemaPath

// writeMappings writes down what a discriminator means without saying so: the name of
// a schema is the value that stands for it.
func writeMappings(doc *openapi3.T) {
	walkSchemas(reflect.ValueOf(doc), map[uintptr]bool{}, func(ref *openapi3.SchemaRef) {
		if ref.Value == nil || ref.Value.Discriminator == nil {
			return
		}
		d := ref.Value.Discriminator
		mapping, mapped := map[string]openapi3.MappingRef{}, map[string]bool{}
		for value, to := range d.Mapping {
			if doc.Components != nil && doc.Components.Schemas[to.Ref] != nil {
				to.Ref = componentPrefix + to.Ref
			}
			mapping[value], mapped[to.Ref] = to, true
		}
		for _, member := range slices.Concat(ref.Value.OneOf, ref.Value.AnyOf) {
			name, named := strings.CutPrefix(member.Ref, componentPrefix)
			if named && !mapped[member.Ref] {
				mapping[name] = openapi3.MappingRef{Ref: member.Ref, Value: member.Value}
			}
		}
		if len(mapping) > 0 {
			d.Mapping = mapping
		}
	})
}
