package specs_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// words shows violations as "path kind" each.
func words(all []schema.Violation) string {
	var parts []string
	for _, v := range all {
		parts = append(parts, v.Path+" "+string(v.Kind))
	}
	return strings.Join(parts, ", ")
}

func TestParams(t *testing.T) {
	const head = "openapi: 3.0.3\ninfo: {title: P, version: '1'}\npaths:\n  /p:\n    get:\n      parameters:\n        - "
	for _, tc := range []struct {
		name, param string
		values      []string
		want        string
		reason      string
	}{
		{"integer", "{name: n, in: query, schema: {type: integer, maximum: 5}}", []string{"4"}, "", ""},
		{"integer out of range", "{name: n, in: query, schema: {type: integer, maximum: 5}}", []string{"6"}, "query/n range", ""},
		{"not an integer", "{name: n, in: query, schema: {type: integer}}", []string{"x"}, "query/n type", ""},
		{"hexadecimal", "{name: n, in: query, schema: {type: integer}}", []string{"0x10"}, "query/n type", "JSON numbers only"},
		{"empty", "{name: n, in: query, schema: {type: integer}}", []string{""}, "query/n type", ""},
		{"a string of digits", "{name: n, in: query, schema: {type: string, minLength: 3}}", []string{"42"}, "query/n length", "text stays text"},
		{"boolean", "{name: n, in: query, schema: {type: boolean}}", []string{"true"}, "", ""},
		{"not a boolean", "{name: n, in: query, schema: {type: boolean}}", []string{"yes"}, "query/n type", ""},
		{"enum", "{name: n, in: header, schema: {type: string, enum: [a, b]}}", []string{"c"}, "header/n enum", ""},
		{"array, repeated", "{name: n, in: query, schema: {type: array, items: {type: integer}}}", []string{"1", "x"}, "query/n/1 type", ""},
		{"array with commas", "{name: n, in: query, explode: false, schema: {type: array, items: {type: integer}, maxItems: 2}}", []string{"1,2,3"}, "query/n length", ""},
		{"array in a header", "{name: n, in: header, schema: {type: array, items: {type: integer}}}", []string{"1, 2"}, "", ""},
		{"array with bars", "{name: n, in: query, style: pipeDelimited, schema: {type: array, items: {type: integer}}}", []string{"1|x"}, "query/n/1 type", ""},
		{"given twice", "{name: n, in: query, schema: {type: string}}", []string{"a", "b"}, "query/n length", "which of the two?"},
		{"object", "{name: n, in: header, schema: {type: object, properties: {a: {type: integer}}}}", []string{"a,x"}, "header/n/a type", ""},
		{"JSON", "{name: n, in: query, content: {application/json: {schema: {type: object, required: [a]}}}}", []string{"{}"}, "query/n/a missing", ""},
		{"broken JSON", "{name: n, in: query, content: {application/json: {schema: {type: object}}}}", []string{"{"}, "query/n malformed", ""},
		{"absent", "{name: n, in: query, schema: {type: string}}", nil, "", "whether it is required is asked elsewhere"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := specs.OpenDocument(fstest.MapFS{"p.yaml": {Data: []byte(head + tc.param + "\n      responses: {}\n")}}, "p.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if got := words(c.Operations[0].Params[0].Judge(tc.values)); got != tc.want {
				t.Errorf("expected %q, found %q (%s)", tc.want, got, tc.reason)
			}
		})
	}
}

// A value that the contract shows as an example is accepted by it.
func TestParamExamplesAreAccepted(t *testing.T) {
	for _, ref := range append(specs.BuiltIn(), "testdata/bare/petstore.yaml", "testdata/bare/store.json") {
		for _, op := range open(t, ref).Operations {
			for _, p := range op.Params {
				if p.Example == "" && p.In != "path" {
					continue
				}
				if found := p.Judge([]string{p.Example}); len(found) > 0 {
					t.Errorf("%s: operation %s: example %q of %s: %v", ref, op.ID, p.Example, p.Name, found)
				}
			}
		}
	}
}
