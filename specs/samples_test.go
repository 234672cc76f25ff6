package specs_test

import (
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
)

// A body is made for every schema that one can be made for.
func TestSamplesOfHardSchemas(t *testing.T) {
	for _, tc := range []struct{ name, schema string }{
		{"the same members, one closed", `oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, additionalProperties: false, properties: {a: {type: string}}}]`},
		{"the same members, other constants", `oneOf: [{type: object, properties: {k: {type: string}}}, {type: object, properties: {k: {type: string, enum: [x]}}}]`},
		{"one within the other", `oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {a: {type: string}, b: {type: integer}}}]`},
		{"one needs more", `oneOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: object, required: [a, b], properties: {a: {type: string}, b: {type: string}}}]`},
		{"number or integer", `oneOf: [{type: number}, {type: integer}]`},
		{"maps of other texts", `oneOf: [{type: object, properties: {m: {type: object, additionalProperties: {type: string}}}}, {type: object, properties: {m: {type: object, additionalProperties: {type: string, format: date}}}}]`},
		{"a difference in items", `oneOf: [{type: array, items: {type: object, properties: {a: {type: string}}}}, {type: array, items: {type: object, properties: {a: {type: string}, b: {type: integer}}}}]`},
		{"closed parts", `allOf: [{type: object, properties: {a: {type: string}, b: {type: string}}}, {type: object, additionalProperties: false, properties: {a: {type: string}}}]`},
		{"types of parts", `allOf: [{type: [string, integer, "null"]}, {type: [integer, boolean]}]`},
		{"enumerations of parts", `allOf: [{enum: [a, b, c]}, {enum: [c, d]}]`},
		{"bounds of parts", `allOf: [{type: string, minLength: 2, maxLength: 30}, {minLength: 12, maxLength: 14}]`},
		{"a pattern and a format", `{type: string, format: uri, pattern: '^https://'}`},
		{"a pattern and a length", `{type: string, pattern: '^[a-z]+(-[a-z]+)*$', minLength: 20, maxLength: 22}`},
		{"a password", `{type: string, pattern: '^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)(?=.*[^\w\s]).{8,64}$'}`},
		{"a name that does not look like an address", `{type: string, pattern: '^(?=.{3,63}$)(?!\d+(\.\d+){3}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$'}`},
		{"a long date and time", `{type: string, format: date-time, minLength: 24}`},
		{"a short address", `{type: string, format: email, maxLength: 8}`},
		{"dependent members", `{type: object, properties: {a: {type: string}}, required: [a], dependentRequired: {a: [b], b: [c]}}`},
		{"a dependent schema", `{type: object, properties: {a: {type: string}}, required: [a], dependentSchemas: {a: {required: [b], properties: {b: {type: integer}}}}}`},
		{"if and then", `{type: object, required: [k], properties: {k: {enum: [x, y]}}, if: {properties: {k: {const: x}}}, then: {required: [a], properties: {a: {type: integer}}}, else: {required: [b]}}`},
		{"not with a member", `{type: object, properties: {a: {type: string}, b: {type: string}}, not: {required: [b]}}`},
		{"names by a pattern", `{type: object, minProperties: 3, additionalProperties: false, patternProperties: {'^[a-z]{4}_[0-9]$': {type: integer}}}`},
		{"names by a schema", `{type: object, minProperties: 2, propertyNames: {pattern: '^[A-Z]{3,9}$'}}`},
		{"few members", `{type: object, maxProperties: 1, properties: {a: {type: string}, b: {type: string}}, required: [b]}`},
		{"all of few values", `{type: array, uniqueItems: true, minItems: 5, items: {enum: [a, b, c, d, e]}}`},
		{"both truths", `{type: array, uniqueItems: true, minItems: 2, items: {type: boolean}}`},
		{"many items", `{type: array, minItems: 120, items: {type: integer}}`},
		{"something within", `{type: array, items: {type: object}, contains: {type: object, required: [a]}, minContains: 2}`},
		{"a prefix", `{type: array, minItems: 3, prefixItems: [{type: string}, {type: integer}], items: {type: boolean}}`},
		{"hundredths", `{type: number, multipleOf: 0.01, minimum: 0.07, maximum: 0.08}`},
		{"between two", `{type: number, exclusiveMinimum: 0, exclusiveMaximum: 1}`},
		{"an example that is wrong in one branch", `oneOf: [{type: object, required: [a], properties: {a: {type: integer, example: x, maximum: 3}}}, {type: object, required: [a, b], additionalProperties: false, properties: {a: {type: string}, b: {type: string}}}]`},
		{"three levels of choices", `{type: object, required: [a, b], properties: {a: {oneOf: [{type: string, not: {}}, {oneOf: [{not: {}}, {type: integer}]}]}, b: {anyOf: [{not: {}}, {not: {}}, {type: boolean}]}}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			doc := "openapi: 3.1.0\ninfo: {title: S, version: '1'}\npaths: {/s: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {allOf: [" + braced(tc.schema) + "]}}}}}}}}\n"
			c, err := specs.OpenDocument(fstest.MapFS{"s.yaml": {Data: []byte(doc)}}, "s.yaml")
			if err != nil {
				t.Fatal(err)
			}
			for seed := range uint64(20) {
				if body, _, ok := c.Operations[0].Responses[0].Body.Media[0].SampleBody(seed); !ok {
					t.Fatalf("seed %d: no valid body, found at best %s", seed, body)
				}
			}
		})
	}
}

func braced(schema string) string {
	if schema[0] == '{' {
		return schema
	}
	return "{" + schema + "}"
}
