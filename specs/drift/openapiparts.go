package drift

import (
	"fmt"
	"maps"
	"reflect"

	"github.com/getkin/kin-openapi/openapi3"
)

// raiseParts moves the properties that the parts of an allOf describe to the schema
// itself: an object is the same however its description is spread, and oasdiff
// says less of what stands in a part. What is left of a part is known by its number.
func raiseParts(doc *openapi3.T) {
	done := map[*openapi3.Schema]bool{}
	var raise func(schema *openapi3.Schema)
	raise = func(schema *openapi3.Schema) {
		if schema == nil || done[schema] {
			return
		}
		done[schema] = true // before its parts: one may lead back here
		parts := make(openapi3.SchemaRefs, len(schema.AllOf))
		for i, part := range schema.AllOf {
			parts[i] = part
			if part.Value == nil {
				continue
			}
			raise(part.Value)
			rest := *part.Value
			parts[i] = &openapi3.SchemaRef{Value: &rest}
			if !isStub(&rest) {
				rest.Title = fmt.Sprint("part ", i+1)
			}
			if closed(&rest) || closed(schema) {
				continue // what it forbids is about its own properties
			}
			raiseFrom(schema, &rest)
		}
		if len(parts) > 0 {
			schema.AllOf = parts
		}
	}
	walkSchemas(reflect.ValueOf(doc), map[uintptr]bool{}, func(ref *openapi3.SchemaRef) { raise(ref.Value) })
}

func raiseFrom(schema, part *openapi3.Schema) {
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
