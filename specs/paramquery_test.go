package specs_test

import (
	"net/url"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// operationWith opens a document with one operation that has these parameters.
func operationWith(t *testing.T, path, params string) *specs.Operation {
	t.Helper()
	doc := "openapi: 3.0.3\ninfo: {title: P, version: '1'}\npaths:\n  " + path + ":\n    get:\n      parameters: [" + params + "]\n      responses: {}\n"
	c, err := specs.OpenDocument(fstest.MapFS{"p.yaml": {Data: []byte(doc)}}, "p.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c.Operations[0]
}

func TestJudgeQuery(t *testing.T) {
	const color = "schema: {type: object, required: [R], properties: {R: {type: integer}, G: {type: integer}, tags: {type: array, items: {type: string, minLength: 2}}}}"
	for _, tc := range []struct{ name, param, query, want, reason string }{
		{"form, exploded", "name: c, in: query, " + color, "R=1&G=2", "", "the members are parameters of their own"},
		{"form, exploded, wrong", "name: c, in: query, " + color, "R=1&G=x", "query/c/G type", ""},
		{"form, exploded, missing", "name: c, in: query, " + color, "G=1", "query/c/R missing", ""},
		{"form, exploded, a list in it", "name: c, in: query, " + color, "R=1&tags=ab&tags=c", "query/c/tags/1 length", ""},
		{"form, exploded, nothing", "name: c, in: query, " + color, "z=1", "not given", "what is not described says nothing of it"},
		{"form", "name: c, in: query, explode: false, " + color, "c=R,1,G,x", "query/c/G type", ""},
		{"deepObject", "name: c, in: query, style: deepObject, " + color, "c[R]=1&c[G]=2", "", ""},
		{"deepObject, wrong", "name: c, in: query, style: deepObject, " + color, "c[R]=1&c[tags][]=ab&c[tags][]=x", "query/c/tags/1 length", ""},
		{"deepObject, numbered", "name: c, in: query, style: deepObject, " + color, "c[R]=1&c[tags][0]=ab&c[tags][1]=x", "query/c/tags/1 length", ""},
		{"deepObject, other brackets", "name: c, in: query, style: deepObject, " + color, "d[R]=1", "not given", ""},
		{"deepObject or a number", "name: c, in: query, style: deepObject, schema: {anyOf: [{type: integer}, {type: object, properties: {gt: {type: integer}}}]}", "c=5", "", ""},
		{"pipeDelimited", "name: c, in: query, style: pipeDelimited, explode: false, " + color, "c=R|1|G|x", "query/c/G type", ""},
		{"spaceDelimited", "name: c, in: query, style: spaceDelimited, explode: false, " + color, "c=R+x", "query/c/R type", ""},
		{"other members", "name: c, in: query, style: deepObject, schema: {type: object, additionalProperties: {type: integer}}", "c[a]=1&c[b]=x", "query/c/b type", ""},
		{"a number for a text", "name: c, in: query, schema: {type: string, enum: [1, 2]}", "c=1", "", "a text on the wire has no type"},
		{"a text for a number", "name: c, in: query, schema: {type: integer, enum: ['1', '2']}", "c=3", "query/c enum", ""},
		{"an enumeration beside the items", "name: c, in: query, schema: {type: array, enum: [a, b], items: {type: string}}", "c=a&c=b", "", "is meant item by item"},
		{"an enumeration beside the items, wrong", "name: c, in: query, schema: {type: array, enum: [a, b], items: {type: string}}", "c=a&c=z", "query/c enum", ""},
		{"empty", "name: c, in: query, allowEmptyValue: true, schema: {type: boolean}", "c=", "", ""},
		{"empty where it may not", "name: c, in: query, schema: {type: boolean}", "c=", "query/c type", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q, err := url.ParseQuery(tc.query)
			if err != nil {
				t.Fatal(err)
			}
			given, found := operationWith(t, "/p", "{"+tc.param+"}").Params[0].JudgeQuery(q)
			got := words(found)
			if !given {
				got = "not given"
			}
			if got != tc.want {
				t.Errorf("%s: expected %q, found %q (%s)", tc.query, tc.want, got, tc.reason)
			}
		})
	}
}

// An object with other members does not take those that are parameters themselves.
func TestJudgeQueryLeavesOthersAlone(t *testing.T) {
	op := operationWith(t, "/p", "{name: page, in: query, schema: {type: string}}, {name: c, in: query, schema: {type: object, additionalProperties: {type: integer}}}")
	if given, found := op.Params[1].JudgeQuery(url.Values{"page": {"x"}}); given {
		t.Errorf("page is a parameter of its own, found %q", words(found))
	}
	if _, found := op.Params[1].JudgeQuery(url.Values{"page": {"x"}, "a": {"y"}}); words(found) != "query/c/a type" {
		t.Errorf("expected a to be a member of c, found %q", words(found))
	}
}

func TestPathStyles(t *testing.T) {
	for _, tc := range []struct{ name, param, value, want string }{
		{"label", "style: label, schema: {type: integer}", ".5", ""},
		{"label without its dot", "style: label, schema: {type: integer}", "5", "path/v malformed"},
		{"label, wrong", "style: label, schema: {type: integer}", ".x", "path/v type"},
		{"label, a list", "style: label, explode: true, schema: {type: array, items: {type: integer}}", ".1.x", "path/v/1 type"},
		{"matrix", "style: matrix, schema: {type: integer}", ";v=5", ""},
		{"matrix, another name", "style: matrix, schema: {type: integer}", ";w=5", "path/v malformed"},
		{"matrix, a list", "style: matrix, explode: true, schema: {type: array, items: {type: integer}}", ";v=1;v=x", "path/v/1 type"},
		{"matrix, an object", "style: matrix, explode: true, schema: {type: object, properties: {R: {type: integer}}}", ";R=x", "path/v/R type"},
		{"simple, an object", "explode: true, schema: {type: object, properties: {R: {type: integer}}}", "R=x", "path/v/R type"},
	} {
		p := operationWith(t, "/p/{v}", "{name: v, in: path, required: true, "+tc.param+"}").Params[0]
		if got := words(p.Judge([]string{tc.value})); got != tc.want {
			t.Errorf("%s: %s: expected %q, found %q", tc.name, tc.value, tc.want, got)
		}
		if found := schema.Hard(p.Judge([]string{p.Example})); len(found) > 0 {
			t.Errorf("%s: its own example %q is refused: %q", tc.name, p.Example, words(found))
		}
	}
}

// What a parameter is sent with is accepted by it, whatever its style.
func TestSent(t *testing.T) {
	for _, tc := range []struct{ name, param, want string }{
		{"an object, exploded", "schema: {type: object, required: [R, G], properties: {R: {type: integer, enum: [7]}, G: {type: string, enum: [g]}}}", "G=g&R=7"},
		{"an object", "explode: false, schema: {type: object, required: [R], properties: {R: {type: integer, enum: [7]}}}", "c=R%2C7"},
		{"an object, deep", "style: deepObject, schema: {type: object, required: [R], properties: {R: {type: object, required: [x], properties: {x: {type: integer, enum: [7]}}}}}", "c%5BR%5D%5Bx%5D=7"},
		{"a list that needs two", "schema: {type: array, minItems: 2, uniqueItems: true, items: {type: integer, enum: [1, 2]}}", ""},
		{"JSON", "content: {application/json: {schema: {type: object, required: [R], properties: {R: {type: integer, enum: [7]}}}}}", "c=%7B%22R%22%3A7%7D"},
		{"JSON of a text", "content: {application/json: {schema: {type: string, enum: [a]}}}", "c=%22a%22"},
		{"an example that is an object", "example: {R: 3}, schema: {type: object, required: [R], properties: {R: {type: integer}}}", "R=3"},
		{"an example of the schema that is a list", "explode: false, schema: {type: array, items: {type: integer}, example: [4, 5]}", "c=4%2C5"},
	} {
		p := operationWith(t, "/p", "{name: c, in: query, required: true, "+tc.param+"}").Params[0]
		sent := p.Sent()
		if got := sent.Encode(); tc.want != "" && got != tc.want {
			t.Errorf("%s: expected %s, found %s", tc.name, tc.want, got)
		}
		if given, found := p.JudgeQuery(sent); !given || len(schema.Hard(found)) > 0 {
			t.Errorf("%s: what is sent, %s, is not accepted: given %v, %q", tc.name, sent.Encode(), given, words(found))
		}
	}
}
