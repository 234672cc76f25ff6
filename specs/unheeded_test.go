package specs_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
)

// What a document says and nothing heeds is told, with its line.
func TestUnheededIsTold(t *testing.T) {
	const paths = "paths:\n  /a:\n    get: {responses: {'200': {description: ok, content: {application/json: {schema: "
	for _, tc := range []struct{ name, version, rest, want string }{
		{"a later version", "3.2.0", "paths: {/a: {get: {responses: {}}}}\n", "d.yaml:1:1: OpenAPI 3.2.0 is read as 3.1"},
		{"a method of a later version", "3.2.0", "paths:\n  /a:\n    query: {responses: {}}\n", "d.yaml:5:5: path /a: query is of OpenAPI 3.2"},
		{"servers of a path", "3.1.0", "paths:\n  /a:\n    servers: [{url: /b}]\n    get: {responses: {}}\n", "d.yaml:5:5: path /a: its own servers are not heeded"},
		{"servers of an operation", "3.1.0", "paths:\n  /a:\n    get:\n      servers: [{url: /b}]\n      responses: {}\n", "d.yaml:6:7: GET /a: its own servers are not heeded"},
		{"a body that nobody reads", "3.1.0", "paths:\n  /a:\n    post:\n      requestBody: {content: {multipart/mixed: {schema: {type: object}}}}\n      responses: {}\n", "multipart/mixed is not read"},
		{"an encoding", "3.1.0", "paths:\n  /a:\n    post:\n      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object}, encoding: {f: {style: pipeDelimited}}}}}\n      responses: {}\n", "the form has no field f"},
		{"content without a type", "3.1.0", "paths:\n  /a:\n    get: {responses: {'200': {description: ok, content: {json: {}}}}}\n", `"json" is not a media type`},
		{"beside a reference", "3.0.3", paths + "{$ref: '#/components/schemas/S', minimum: 5}}}}}}\ncomponents: {schemas: {S: {type: integer}}}\n", "minimum: has no effect beside a $ref before OpenAPI 3.1"},
		{"a dialect", "3.1.0", "jsonSchemaDialect: https://example.com/d\npaths: {/a: {get: {responses: {}}}}\n", "d.yaml:3:1: the dialect"},
		{"a namespace", "3.1.0", "paths:\n  /a:\n    get: {responses: {'200': {description: ok, content: {application/xml: {schema: {type: object, xml: {name: a, namespace: 'http://n'}}}}}}}\n", "the namespace http://n is not heeded"},
		{"a list of types", "3.0.3", paths + "{type: [string, integer]}}}}}}\n", "a list of types is OpenAPI 3.1"},
		{"a pattern that is none", "3.0.3", paths + "{type: string, pattern: 5}}}}}}\n", "pattern: expected a regular expression"},
		{"a pattern between slashes", "3.0.3", paths + "{type: string, pattern: '/^a$/'}}}}}}\n", "which no text matches"},
	} {
		doc := "openapi: " + tc.version + "\ninfo: {title: D, version: '1'}\n" + tc.rest
		c, err := specs.OpenDocument(fstest.MapFS{"d.yaml": {Data: []byte(doc)}}, "d.yaml")
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		if all := strings.Join(c.Warnings, "\n"); !strings.Contains(all, tc.want) {
			t.Errorf("%s: expected a warning with %q, found:\n%s", tc.name, tc.want, all)
		}
	}
}

// A JSON document may begin with a byte order mark, as a YAML one may.
func TestByteOrderMark(t *testing.T) {
	const doc = `{"openapi": "3.1.0", "info": {"title": "D", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}`
	if _, err := specs.OpenDocument(fstest.MapFS{"d.json": {Data: []byte("\ufeff" + doc)}}, "d.json"); err != nil {
		t.Error(err)
	}
}
