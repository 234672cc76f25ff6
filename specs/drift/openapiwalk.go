package drift

import (
	"reflect"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// directed is a schema of a message.
type directed struct {
	schema    *openapi3.SchemaRef
	direction Direction
}

func eachOperation(doc *openapi3.T, call func(id string, op *openapi3.Operation)) {
	if doc.Paths == nil {
		return
	}
	paths := doc.Paths.Map()
	names := make([]string, 0, len(paths))
	for name := range paths {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		operations := paths[name].Operations()
		for _, method := range []string{"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"} {
			op := operations[method]
			if op == nil {
				continue
			}
			id := op.OperationID
			if id == "" {
				id = method + " " + name
			}
			call(id, op)
		}
	}
}

// bodies gives the schemas of the bodies of an operation.
func bodies(op *openapi3.Operation) []directed {
	var all []directed
	add := func(content openapi3.Content, direction Direction) {
		for _, media := range content {
			if media.Schema != nil {
				all = append(all, directed{media.Schema, direction})
			}
		}
	}
	if op.RequestBody != nil && op.RequestBody.Value != nil {
		add(op.RequestBody.Value.Content, Request)
	}
	for _, response := range op.Responses.Map() {
		if response.Value != nil {
			add(response.Value.Content, Response)
		}
	}
	return all
}

// children gives the schemas right inside a schema, whatever keyword holds them.
func children(schema *openapi3.Schema) []*openapi3.SchemaRef {
	var found []*openapi3.SchemaRef
	v := reflect.ValueOf(schema).Elem()
	for i := range v.NumField() {
		collect(v.Field(i), &found)
	}
	return found
}

func collect(v reflect.Value, found *[]*openapi3.SchemaRef) {
	if !v.CanInterface() {
		return
	}
	switch one := v.Interface().(type) {
	case *openapi3.SchemaRef:
		if one != nil {
			*found = append(*found, one)
		}
		return
	}
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			collect(v.Index(i), found)
		}
	case reflect.Map:
		for _, key := range sortedKeys(v) {
			collect(v.MapIndex(key), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			collect(v.Field(i), found)
		}
	}
}

func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

// walkSchemas calls for every place of a document that holds a schema, once.
func walkSchemas(v reflect.Value, seen map[uintptr]bool, call func(*openapi3.SchemaRef)) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return
		}
		seen[v.Pointer()] = true
		if v.CanInterface() {
			if ref, ok := v.Interface().(*openapi3.SchemaRef); ok {
				call(ref)
			}
			// Paths, responses and callbacks keep what they hold to themselves.
			if m := v.MethodByName("Map"); m.IsValid() && m.Type().NumIn() == 0 && m.Type().NumOut() == 1 {
				walkSchemas(m.Call(nil)[0], seen, call)
				return
			}
		}
		walkSchemas(v.Elem(), seen, call)
	case reflect.Interface:
		// Extensions and examples are values, not schemas.
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walkSchemas(v.Index(i), seen, call)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			walkSchemas(v.MapIndex(key), seen, call)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walkSchemas(v.Field(i), seen, call)
		}
	}
}
