package drift

import (
	"fmt"
	"maps"
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// raiseParts moves what the parts of an allOf say to the schema itself: an object is
// the same however its description is spread, and oasdiff says less of what stands in
// a part. A part of which nothing is left is gone; what is left of one is known by its
// number.
func raiseParts(doc *openapi3.T) {
	done := map[*openapi3.Schema]bool{}
	var raise func(schema *openapi3.Schema)
	raise = func(schema *openapi3.Schema) {
		if schema == nil || done[schema] {
			return
		}
		done[schema] = true // before its parts: one may lead back here
		var parts openapi3.SchemaRefs
		for i, part := range schema.AllOf {
			if part.Value == nil || isStub(part.Value) {
				parts = append(parts, part)
				continue
			}
			raise(part.Value)
			rest := *part.Value
			rest.Title = fmt.Sprint("part ", i+1)
			// What a part forbids is about its own properties, so that it says the same of
			// the schema only where there are no others.
			alone := len(schema.AllOf) == 1 && len(schema.Properties) == 0 && !closed(schema)
			if alone || !closed(&rest) && !closed(schema) {
				raiseFrom(schema, &rest, alone)
			}
			if !emptyPart(&rest) {
				parts = append(parts, &openapi3.SchemaRef{Value: &rest})
			}
		}
		schema.AllOf = parts
	}
	walkSchemas(reflect.ValueOf(doc), map[uintptr]bool{}, func(ref *openapi3.SchemaRef) { raise(ref.Value) })
}

func raiseFrom(schema, part *openapi3.Schema, alone bool) {
	if part.Type != nil && schema.Type == nil {
		schema.Nullable = schema.Nullable || part.Nullable
	}
	part.Nullable = false
	raiseProperties(schema, part)
	raiseKeywords(schema, part, alone)
}

func raiseProperties(schema, part *openapi3.Schema) {
	kept := openapi3.Schemas{}
	properties := maps.Clone(schema.Properties)
	if properties == nil {
		properties = openapi3.Schemas{}
	}
	for name, property := range part.Properties {
		if properties[name] != nil {
			kept[name] = property // described twice: both hold
			continue
		}
		properties[name] = property
	}
	if len(properties) > 0 {
		schema.Properties = properties
	}
	part.Properties = nil
	if len(kept) > 0 {
		part.Properties = kept
	}
	required := schema.Required[:len(schema.Required):len(schema.Required)]
	known := map[string]bool{}
	for _, name := range required {
		known[name] = true
	}
	for _, name := range part.Required {
		if !known[name] {
			known[name] = true
			required = append(required, name)
		}
	}
	schema.Required, part.Required = required, nil
}

// staysInPart tells the keywords that are not moved one by one: they are moved
// otherwise, or mean something only beside others of the part.
func staysInPart(keyword string, alone bool) bool {
	switch keyword {
	case "Extensions", "Origin", "Title", "AllOf", "Properties", "Required", "Nullable", "If", "Then", "Else", "Contains", "MinContains", "MaxContains":
		return true
	case "AdditionalProperties", "UnevaluatedProperties", "UnevaluatedItems", "PatternProperties":
		return !alone
	}
	return false
}

// raiseKeywords moves what the schema does not say itself, and takes out of the part
// what both say.
func raiseKeywords(schema, part *openapi3.Schema, alone bool) {
	to, from := reflect.ValueOf(schema).Elem(), reflect.ValueOf(part).Elem()
	for i := range to.NumField() {
		field := to.Type().Field(i)
		if staysInPart(field.Name, alone) || from.Field(i).IsZero() {
			continue
		}
		if to.Field(i).IsZero() {
			to.Field(i).Set(from.Field(i))
			keyword, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			raiseLine(schema, part, keyword)
		} else if !reflect.DeepEqual(to.Field(i).Interface(), from.Field(i).Interface()) {
			continue // both hold
		}
		from.Field(i).SetZero()
	}
}

// raiseLine keeps the line on which a keyword stands.
func raiseLine(schema, part *openapi3.Schema, keyword string) {
	if schema.Origin == nil || part.Origin == nil {
		return
	}
	for _, at := range part.Origin.Fields {
		if at.Name == keyword {
			origin := *schema.Origin
			origin.Fields = append(origin.Fields[:len(origin.Fields):len(origin.Fields)], at)
			schema.Origin = &origin
		}
	}
}

// emptyPart tells whether nothing is left of a part.
func emptyPart(s *openapi3.Schema) bool {
	rest := *s
	rest.Title, rest.Origin, rest.Extensions, rest.Nullable = "", nil, nil, false
	return reflect.ValueOf(rest).IsZero()
}

func closed(s *openapi3.Schema) bool {
	return s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has || s.AdditionalProperties.Schema != nil
}

func isStub(s *openapi3.Schema) bool {
	if len(s.Enum) != 1 {
		return false
	}
	text, ok := s.Enum[0].(string)
	return ok && len(text) > len(stubMark) && text[:len(stubMark)] == stubMark
}
