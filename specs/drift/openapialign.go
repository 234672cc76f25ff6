package drift

import (
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// align gives what is the same on the wire the same name in both documents: headers,
// whose case does not count, and schemas, whose names nobody sends.
func align(old, current *openapi3.T) {
	spelling := map[string]string{}
	eachHeader(old, func(name string) string {
		lower := strings.ToLower(name)
		if spelling[lower] == "" {
			spelling[lower] = name
		}
		return spelling[lower]
	})
	eachHeader(current, func(name string) string {
		if known := spelling[strings.ToLower(name)]; known != "" {
			return known
		}
		return name
	})
	takeIn(old, current)
	alignSchemas(old, current)
}

// takeIn writes out what the wildcards of a new request body take in of the old one.
func takeIn(old, current *openapi3.T) {
	before := map[string]openapi3.Content{}
	eachOperation(old, func(id string, op *openapi3.Operation) {
		if op.RequestBody != nil && op.RequestBody.Value != nil {
			before[id] = op.RequestBody.Value.Content
		}
	})
	eachOperation(current, func(id string, op *openapi3.Operation) {
		if op.RequestBody == nil || op.RequestBody.Value == nil {
			return
		}
		content := op.RequestBody.Value.Content
		for _, general := range sortedNames(content, nil) {
			for _, special := range sortedNames(before[id], nil) {
				if content[special] == nil && covers(general, special) {
					content[special] = content[general]
				}
			}
		}
	})
}

// eachHeader renames the headers of requests and responses.
func eachHeader(doc *openapi3.T, rename func(string) string) {
	eachOperation(doc, func(_ string, op *openapi3.Operation) {
		for _, param := range op.Parameters {
			if param.Value != nil && param.Value.In == openapi3.ParameterInHeader {
				param.Value.Name = rename(param.Value.Name)
			}
		}
		responses := op.Responses.Map()
		for _, status := range sortedNames(responses, nil) {
			if responses[status].Value == nil {
				continue
			}
			headers := responses[status].Value.Headers
			for _, name := range sortedNames(headers, nil) {
				header := headers[name]
				delete(headers, name)
				headers[rename(name)] = header
			}
		}
	})
}

// alignSchemas gives schemas of the new document that only got another name the one
// of the old document. The value of a discriminator is not touched: that is sent.
func alignSchemas(old, current *openapi3.T) {
	c := &cutter{namedSchemas(old), namedSchemas(current)}
	c.matchNames()
	renamed := map[string]string{}
	for name, alias := range c.current.alias {
		if alias != name {
			renamed[componentPrefix+name] = componentPrefix + alias
		}
	}
	if len(renamed) == 0 {
		return
	}
	walkSchemas(reflect.ValueOf(current), map[uintptr]bool{}, func(ref *openapi3.SchemaRef) {
		if to := renamed[ref.Ref]; to != "" {
			ref.Ref = to
		}
		if ref.Value == nil || ref.Value.Discriminator == nil {
			return
		}
		for value, schema := range ref.Value.Discriminator.Mapping {
			if to := renamed[schema.Ref]; to != "" {
				schema.Ref = to
				ref.Value.Discriminator.Mapping[value] = schema
			}
		}
	})
	for from, to := range renamed {
		name := strings.TrimPrefix(from, componentPrefix)
		current.Components.Schemas[strings.TrimPrefix(to, componentPrefix)] = current.Components.Schemas[name]
		delete(current.Components.Schemas, name)
	}
}
