package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Every keyword of a schema judges, or is named with its line.
func TestConstructsOfSchemas(t *testing.T) {
	const (
		v30 = "3.0.3"
		v31 = "3.1.0"
	)
	for _, c := range []construct{
		{name: "type", says: "{type: integer}", good: []string{"1", "1.0"}, bad: []string{"1.5", `"1"`, "null"}},
		{name: "types", version: v31, says: "{type: [integer, 'null']}", good: []string{"1", "null"}, bad: []string{`"1"`}},
		{name: "nullable", version: v30, says: "{type: integer, nullable: true}", good: []string{"1", "null"}, bad: []string{`"1"`}},
		{name: "nullable of 3.0 in 3.1", version: v31, says: "{type: integer, nullable: true}", good: []string{"1"}, bad: []string{"null"}, named: "d.yaml:7:"},
		{name: "enum", says: "{enum: [1, a]}", good: []string{"1", `"a"`}, bad: []string{"2", `"A"`}},
		{name: "const", version: v31, says: "{const: {a: [1]}}", good: []string{`{"a":[1.0]}`}, bad: []string{`{"a":[2]}`}},
		{name: "const of 3.1 in 3.0", version: v30, says: "{const: 1}", named: "d.yaml:7:"},
		{name: "multipleOf", says: "{multipleOf: 0.01}", good: []string{"4.02"}, bad: []string{"4.021"}},
		{name: "exclusiveMinimum beside minimum", version: v30, says: "{minimum: 5, exclusiveMinimum: true}", good: []string{"5.1"}, bad: []string{"5"}},
		{name: "exclusiveMinimum false", version: v30, says: "{minimum: 5, exclusiveMinimum: false}", good: []string{"5"}, bad: []string{"4"}},
		{name: "exclusiveMinimum alone", version: v31, says: "{exclusiveMinimum: 5}", good: []string{"5.1"}, bad: []string{"5"}},
		{name: "exclusiveMaximum beside maximum", version: v30, says: "{maximum: 5, exclusiveMaximum: true}", good: []string{"4.9"}, bad: []string{"5"}},
		{name: "exclusiveMaximum alone", version: v31, says: "{exclusiveMaximum: 5}", good: []string{"4.9"}, bad: []string{"5"}},
		{name: "exclusiveMinimum of 3.1 in 3.0", version: v30, says: "{exclusiveMinimum: 5}", named: "d.yaml:7:"},
		{name: "exclusiveMinimum of 3.0 in 3.1", version: v31, says: "{minimum: 5, exclusiveMinimum: true}", named: "d.yaml:7:"},
		{name: "lengths", says: "{minLength: 2, maxLength: 3}", good: []string{`"äö"`, `"abc"`}, bad: []string{`"a"`, `"abcd"`}},
		{name: "pattern", says: "{pattern: '^a+$'}", good: []string{`"aa"`, "1"}, bad: []string{`"b"`}},
		{name: "format", says: "{type: string, format: date}", good: []string{`"2026-02-28"`}, bad: []string{`"2026-02-30"`}},
		{name: "a format that is not known", says: "{type: string, format: licence-plate}", good: []string{`"x"`}, named: "d.yaml:7:"},
		{name: "items and sizes", says: "{type: array, items: {type: integer}, minItems: 1, maxItems: 2, uniqueItems: true}", good: []string{"[1]", "[1,2]"}, bad: []string{"[]", "[1,2,3]", `["a"]`, "[1,1.0]"}},
		{name: "prefixItems", version: v31, says: "{prefixItems: [{type: integer}], items: {type: string}}", good: []string{`[1,"a"]`, "[]"}, bad: []string{`["a"]`, "[1,2]"}},
		{name: "items false", version: v31, says: "{prefixItems: [{type: integer}], items: false}", good: []string{"[1]"}, bad: []string{"[1,2]"}},
		{name: "prefixItems of 3.1 in 3.0", version: v30, says: "{type: array, items: {}, prefixItems: [{type: integer}]}", named: "d.yaml:7:"},
		{name: "contains", version: v31, says: "{contains: {const: 1}, minContains: 2, maxContains: 3}", good: []string{"[1,1]", "[1,1,1,2]"}, bad: []string{"[1]", "[1,1,1,1]"}},
		{name: "minContains 0", version: v31, says: "{contains: {const: 1}, minContains: 0, maxContains: 1}", good: []string{"[]"}, bad: []string{"[1,1]"}},
		{name: "minContains without contains", version: v31, says: "{minContains: 2}", named: "d.yaml:7:"},
		{name: "properties and required", says: "{type: object, properties: {a: {type: integer}}, required: [a]}", good: []string{`{"a":1}`}, bad: []string{`{}`, `{"a":"x"}`}},
		{name: "additionalProperties", says: "{type: object, properties: {a: {}}, additionalProperties: {type: integer}}", good: []string{`{"a":"x","b":1}`}, bad: []string{`{"b":"x"}`}},
		{name: "additionalProperties false", says: "{type: object, properties: {a: {}}, additionalProperties: false}", good: []string{`{"a":1}`}, bad: []string{`{"b":1}`}},
		{name: "numbers of members", says: "{type: object, minProperties: 1, maxProperties: 2}", good: []string{`{"a":1}`}, bad: []string{"{}", `{"a":1,"b":1,"c":1}`}},
		{name: "patternProperties", version: v31, says: "{patternProperties: {'^n': {type: integer}}, additionalProperties: false}", good: []string{`{"n1":1}`}, bad: []string{`{"n1":"a"}`, `{"m":1}`}},
		{name: "patternProperties of 3.1 in 3.0", version: v30, says: "{patternProperties: {'^n': {type: integer}}}", named: "d.yaml:7:"},
		{name: "propertyNames", version: v31, says: "{propertyNames: {maxLength: 2}}", good: []string{`{"ab":1}`}, bad: []string{`{"abc":1}`}},
		{name: "dependentRequired", version: v31, says: "{dependentRequired: {a: [b]}}", good: []string{`{"a":1,"b":1}`, `{"b":1}`}, bad: []string{`{"a":1}`}},
		{name: "dependentSchemas", version: v31, says: "{dependentSchemas: {a: {required: [b]}}}", good: []string{`{"a":1,"b":1}`}, bad: []string{`{"a":1}`}},
		{name: "dependencies of draft 7", version: v31, says: "{dependencies: {a: [b]}}", named: "d.yaml:7:"},
		{name: "additionalItems of draft 7", version: v31, says: "{type: array, additionalItems: false}", named: "d.yaml:7:"},
		{name: "if, then, else", version: v31, says: "{if: {required: [a]}, then: {required: [b]}, else: {required: [c]}}", good: []string{`{"a":1,"b":1}`, `{"c":1}`}, bad: []string{`{"a":1}`, `{}`}},
		{name: "then without if", version: v31, says: "{then: {required: [b]}}", named: "d.yaml:7:"},
		{name: "allOf", says: "{allOf: [{required: [a]}, {required: [b]}]}", good: []string{`{"a":1,"b":1}`}, bad: []string{`{"a":1}`}},
		{name: "anyOf", says: "{anyOf: [{type: integer}, {type: boolean}]}", good: []string{"1", "true"}, bad: []string{`"a"`}},
		{name: "oneOf", says: "{oneOf: [{type: integer}, {type: number, minimum: 5}]}", good: []string{"1", "5.5"}, bad: []string{"5", "1.5"}},
		{name: "not", says: "{not: {type: integer}}", good: []string{`"a"`}, bad: []string{"1"}},
		{name: "true and false", version: v31, says: "{properties: {a: true, b: false}}", good: []string{`{"a":1}`}, bad: []string{`{"b":1}`}},
		{name: "unevaluatedProperties", version: v31, says: "{allOf: [{properties: {a: {}}}], properties: {b: {}}, unevaluatedProperties: false}", good: []string{`{"a":1,"b":1}`}, bad: []string{`{"c":1}`}},
		{name: "unevaluatedItems", version: v31, says: "{anyOf: [{prefixItems: [{const: 1}]}], unevaluatedItems: false}", good: []string{"[1]"}, bad: []string{"[1,2]"}},
		{name: "unevaluatedProperties of 3.1 in 3.0", version: v30, says: "{type: object, unevaluatedProperties: false}", named: "d.yaml:7:"},
		{name: "$ref", says: "{$ref: '#/components/schemas/A'}", beside: "{schemas: {A: {type: integer}}}", good: []string{"1"}, bad: []string{`"a"`}},
		{name: "beside a $ref in 3.1", version: v31, says: "{$ref: '#/components/schemas/A', minimum: 5}", beside: "{schemas: {A: {type: integer}}}", good: []string{"5"}, bad: []string{"4"}},
		{name: "beside a $ref in 3.0", version: v30, says: "{$ref: '#/components/schemas/A', minimum: 5}", beside: "{schemas: {A: {type: integer}}}", good: []string{"4"}, named: "d.yaml:7:"},
		{name: "summary and description beside a $ref", says: "{$ref: '#/components/schemas/A', description: d}", beside: "{schemas: {A: {type: integer}}}", good: []string{"4"}, bad: []string{`"a"`}},
		{name: "a $ref to nothing", says: "{$ref: '#/components/schemas/B'}", beside: "{schemas: {A: {type: integer}}}", named: "d.yaml:7:"},
		{name: "a $ref to itself", says: "{$ref: '#/components/schemas/A'}", beside: "{schemas: {A: {$ref: '#/components/schemas/A'}}}", named: "d.yaml:9:"},
		{name: "a tree", says: "{$ref: '#/components/schemas/A'}", beside: "{schemas: {A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}, additionalProperties: false}}}", good: []string{`{"a":{"a":{}}}`}, bad: []string{`{"a":{"a":{"b":1}}}`}},
		{name: "$defs", version: v31, says: "{$defs: {n: {type: integer}}, properties: {a: {$ref: '#/paths/~1a/post/requestBody/content/application~1json/schema/$defs/n'}}}", good: []string{`{"a":1}`}, bad: []string{`{"a":"x"}`}},
		{name: "$defs of 3.1 in 3.0", version: v30, says: "{type: object, $defs: {n: {type: integer}}}", named: "d.yaml:7:"},
		{name: "$anchor", version: v31, says: "{$ref: '#num'}", beside: "{schemas: {A: {$anchor: num, type: integer}}}", good: []string{"1"}, bad: []string{`"a"`}},
		{name: "$anchor beside the reference", version: v31, says: "{properties: {a: {$anchor: num, type: integer}, b: {$ref: '#num'}}}", good: []string{`{"b":1}`}, bad: []string{`{"b":"a"}`}},
		{name: "an $anchor that is not there", version: v31, says: "{$ref: '#num'}", named: "d.yaml:7:"},
		{name: "$id", version: v31, says: "{$ref: 'https://example.com/a'}", beside: "{schemas: {A: {$id: 'https://example.com/a', type: integer}}}", good: []string{"1"}, bad: []string{`"a"`}},
		{name: "$id that is relative", version: v31, says: "{$ref: 'a.json'}", beside: "{schemas: {A: {$id: 'a.json', type: integer}}}", good: []string{"1"}, bad: []string{`"a"`}},
		{name: "$id with definitions", version: v31, says: "{$ref: '#/components/schemas/A'}", beside: "{schemas: {A: {$id: 'https://example.com/a', $defs: {n: {type: integer}}, properties: {a: {$ref: '#/$defs/n'}}}}}", good: []string{`{"a":1}`}, bad: []string{`{"a":"x"}`}},
		{name: "$id with an anchor", version: v31, says: "{$ref: 'https://example.com/a#num'}", beside: "{schemas: {A: {$id: 'https://example.com/a', $defs: {n: {$anchor: num, type: integer}}}}}", good: []string{"1"}, bad: []string{`"x"`}},
		{name: "$id below an $id", version: v31, says: "{$ref: 'https://example.com/d/b'}", beside: "{schemas: {A: {$id: 'https://example.com/d/a', $defs: {n: {$id: b, type: integer}}}}}", good: []string{"1"}, bad: []string{`"x"`}},
		{name: "$id within the body", version: v31, says: "{$id: 'https://example.com/s', properties: {a: {$ref: '#/$defs/n'}}, $defs: {n: {type: integer}}}", good: []string{`{"a":1}`}, bad: []string{`{"a":"x"}`}},
		{name: "a reference within an $id to a sibling", version: v31, says: "{$ref: 'https://example.com/d/a'}", beside: "{schemas: {A: {$id: 'https://example.com/d/a', properties: {x: {$ref: b}}}, B: {$id: 'https://example.com/d/b', type: integer}}}", good: []string{`{"x":1}`}, bad: []string{`{"x":"a"}`}},
		{name: "an $id that is not there", version: v31, says: "{$ref: 'https://example.com/b'}", beside: "{schemas: {A: {$id: 'https://example.com/a', type: integer}}}", named: "d.yaml:7:"},
		{name: "the same $id twice", version: v31, says: "{$ref: 'https://example.com/a'}", beside: "{schemas: {A: {$id: 'https://example.com/a', type: integer}, B: {$id: 'https://example.com/a', type: string}}}", named: "d.yaml:9:"},
		{name: "the same $anchor twice", version: v31, says: "{$ref: '#n'}", beside: "{schemas: {A: {$anchor: n, type: integer}, B: {$anchor: n, type: string}}}", named: "d.yaml:9:"},
		{name: "$id of 3.1 in 3.0", version: v30, says: "{type: object, $id: 'https://example.com/s'}", named: "d.yaml:7:"},
		{name: "$dynamicRef", version: v31, says: "{$id: 'https://example.com/strict', $dynamicAnchor: node, $ref: 'https://example.com/tree', unevaluatedProperties: false}",
			beside: "{schemas: {T: {$id: 'https://example.com/tree', $dynamicAnchor: node, type: object, properties: {v: {}, kids: {type: array, items: {$dynamicRef: '#node'}}}}}}",
			good:   []string{`{"kids":[{"v":1}]}`}, bad: []string{`{"kids":[{"w":1}]}`}},
		{name: "$dynamicRef to nothing", version: v31, says: "{$dynamicRef: '#node'}", named: "d.yaml:7:"},
		{name: "$recursiveRef of 2019-09", version: v31, says: "{$recursiveRef: '#'}", named: "d.yaml:7:"},
		{name: "$schema of a schema", version: v31, says: "{$schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{type: integer}]}", good: []string{"[1]"}, bad: []string{`["a"]`}},
		{name: "$schema of draft 7", version: v31, says: "{$id: 'https://example.com/s', $schema: 'http://json-schema.org/draft-07/schema#', items: [{type: integer}], additionalItems: false}", good: []string{"[1]"}, bad: []string{`["a"]`, "[1,2]"}},
		{name: "$schema that is not known", version: v31, says: "{$schema: 'https://example.com/dialect', type: integer}", named: "d.yaml:7:"},
		{name: "$vocabulary", version: v31, says: "{$vocabulary: {'https://example.com/v': true}, type: integer}", named: "d.yaml:7:"},
		{name: "a keyword that is none", says: "{type: integer, minimun: 5}", named: "d.yaml:7:"},
		{name: "an extension", says: "{type: integer, x-minimun: 5}", good: []string{"1"}, bad: []string{`"a"`}},
		{name: "contentEncoding", version: v31, says: "{type: string, contentEncoding: base64}", good: []string{`"YQ=="`}, named: "d.yaml:7:"},
		{name: "contentMediaType and contentSchema", version: v31, says: "{type: string, contentMediaType: application/json, contentSchema: {type: integer}}", good: []string{`"1"`}, named: "d.yaml:7:"},
		{name: "contentMediaType of 3.1 in 3.0", version: v30, says: "{type: string, contentMediaType: application/json}", named: "d.yaml:7:"},
		{name: "format byte", says: "{type: string, format: byte}", good: []string{`"YQ=="`}, bad: []string{`"%%"`}},
		{name: "readOnly", says: "{type: object, properties: {a: {type: integer, readOnly: true}, b: {type: integer}}, required: [a, b]}", good: []string{`{"b":1}`}, bad: []string{`{"a":1}`}},
		{name: "writeOnly", says: "{type: object, properties: {a: {type: integer, writeOnly: true}}, required: [a]}", good: []string{`{"a":1}`}, bad: []string{`{}`}},
		{name: "deprecated", says: "{type: object, properties: {a: {type: integer, deprecated: true}}}", good: []string{`{"a":1}`}, bad: []string{`{"a":"x"}`}},
		{name: "default, example and title say nothing", says: "{type: integer, default: 1, example: 2, title: T}", good: []string{"5"}, bad: []string{`"a"`}},
		{name: "an example that breaks the schema", says: "{type: integer, example: text}", good: []string{"5"}, named: "d.yaml"},
		{name: "discriminator with a mapping", says: "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: k, mapping: {one: '#/components/schemas/A', two: B}}}",
			beside: "{schemas: {A: {type: object, properties: {k: {type: string}, a: {type: integer}}, required: [k]}, B: {type: object, properties: {k: {type: string}, a: {type: string}}, required: [k]}}}",
			good:   []string{`{"k":"one","a":1}`, `{"k":"two","a":"x"}`}, bad: []string{`{"k":"one","a":"x"}`, `{"k":"three","a":"x"}`}},
		{name: "discriminator without a mapping", says: "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: k}}",
			beside: "{schemas: {A: {type: object, properties: {k: {type: string}, a: {type: integer}}, required: [k]}, B: {type: object, properties: {k: {type: string}, a: {type: string}}, required: [k]}}}",
			good:   []string{`{"k":"A","a":1}`}, bad: []string{`{"k":"A","a":"x"}`, `{"a":1}`}},
		{name: "discriminator of a base", says: "{$ref: '#/components/schemas/Base'}",
			beside: "{schemas: {Base: {type: object, discriminator: {propertyName: k}, properties: {k: {type: string}}, required: [k]}, A: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {a: {type: integer}}}]}}}",
			good:   []string{`{"k":"A","a":1}`}, named: "d.yaml:9:"},
		{name: "discriminator to nothing", says: "{oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: k, mapping: {one: '#/components/schemas/C'}}}", beside: "{schemas: {A: {type: object}}}", named: "d.yaml:7:"},
		{name: "discriminator to a name that is not there", says: "{oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: k, mapping: {one: C}}}", beside: "{schemas: {A: {type: object}}}", named: "d.yaml:7:"},
		{name: "discriminator without propertyName", says: "{oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {}}", beside: "{schemas: {A: {type: object}}}", named: "d.yaml:7:"},
		{name: "xml of a schema of JSON", says: "{type: object, xml: {name: n}, properties: {a: {type: integer, xml: {attribute: true}}}}", good: []string{`{"a":1}`}, bad: []string{`{"a":"x"}`}},
	} {
		for _, version := range c.versions() {
			t.Run(c.name+" in "+version, func(t *testing.T) {
				doc := "openapi: " + version + "\ninfo: {title: D, version: '1'}\npaths:\n  /a:\n    post:\n      operationId: do\n" +
					"      requestBody: {required: true, content: {application/json: {schema: " + c.says + "}}}\n" +
					"      responses: {'204': {description: ok}, '400': {description: bad}}\n"
				if c.beside != "" {
					doc += "components: " + c.beside + "\n"
				}
				c.try(t, doc, func(body string) *http.Request {
					r := httptest.NewRequest(http.MethodPost, "/a", strings.NewReader(body))
					r.Header.Set("Content-Type", "application/json")
					return r
				})
			})
		}
	}
}
