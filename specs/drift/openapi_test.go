package drift

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/roadworthy-project/roadworthy/specs"
)

// meshed gives a document of n schemas of which each holds all others: unfolded it
// would be larger than any memory.
func meshed(n int, edits ...string) string {
	var b strings.Builder
	b.WriteString(`openapi: 3.0.3
info: {title: Mesh, version: "1"}
paths:
  /a:
    put:
      operationId: putA
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/S0"}}}}
      responses: {"200": {description: Done, content: {application/json: {schema: {$ref: "#/components/schemas/S0"}}}}}
  /b:
    get:
      operationId: getB
      responses: {"200": {description: Done, content: {application/json: {schema: {type: object, properties: {one: {$ref: "#/components/schemas/S1"}}}}}}}
components:
  schemas:
`)
	for i := range n {
		fmt.Fprintf(&b, "    S%d:\n      allOf:\n        - type: object\n          properties:\n            own%d: {type: string}\n", i, i)
		for j := range n {
			fmt.Fprintf(&b, "            to%d: {$ref: \"#/components/schemas/S%d\"}\n", j, j)
		}
	}
	return strings.NewReplacer(edits...).Replace(b.String())
}

func bare(t testing.TB, text string) *specs.Contract {
	t.Helper()
	c, err := specs.OpenDocument(fstest.MapFS{"api.yaml": {Data: []byte(text)}}, "api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSchemasThatHoldEachOther(t *testing.T) {
	base := bare(t, meshed(14))
	for _, row := range []struct {
		name  string
		edits []string
		want  []string
	}{
		{"nothing", nil, []string{}},
		{"another name of a schema", []string{"schemas/S7\"", "schemas/Seven\"", "    S7:", "    Seven:"}, []string{}},
		{"other names of two that hold each other", []string{"schemas/S7\"", "schemas/Seven\"", "    S7:", "    Seven:", "schemas/S8\"", "schemas/Eight\"", "    S8:", "    Eight:"}, []string{}},
		{"another type", []string{"own7: {type: string}", "own7: {type: integer}"}, []string{"breaking request request-property-type-changed", "breaking response response-property-type-changed"}},
		{"a required property", []string{"own7: {type: string}", "own7: {type: string}\n            new: {type: string}", "    S7:\n      allOf:\n        - type: object\n", "    S7:\n      allOf:\n        - type: object\n          required: [new]\n"}, []string{"breaking request new-required-request-property", "info response response-required-property-added"}},
		{"another schema at one place", []string{"one: {$ref: \"#/components/schemas/S1\"}", "one: {$ref: \"#/components/schemas/S2\"}"}, []string{"warning response schema-reference-changed"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			start := time.Now()
			all, err := Compare(base, bare(t, meshed(14, row.edits...)))
			if err != nil {
				t.Fatal(err)
			}
			if got := brief(all); !slices.Equal(got, row.want) {
				t.Errorf("found %q, want %q\n%v", got, row.want, all)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			for _, c := range all {
				if strings.Contains(c.What, stubMark+"S") || strings.Contains(c.Operation, "/") {
					t.Errorf("%+v shows how it was compared", c)
				}
			}
		})
	}
	all, err := Compare(base, bare(t, meshed(14, "own7: {type: string}", "own7: {type: integer}")))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, c := range all {
		told = append(told, string(c.Direction)+" of "+c.Operation)
	}
	if want := []string{"request of putA", "response of getB", "response of putA"}; !slices.Equal(told, want) {
		t.Errorf("told of %v, want %v", told, want)
	}
}

func TestDocumentsAsWholes(t *testing.T) {
	const text = `openapi: 3.0.3
info: {title: Pets, version: "1"}
servers: [{url: /v1}]
paths:
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: limit, in: query, schema: {type: integer}}]
      responses:
        "200": {description: One, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
  /pets:
    delete:
      responses: {"204": {description: Gone}}
components: {schemas: {Pet: {type: object, required: [name], properties: {name: {type: string}}}}}
`
	base := bare(t, text)
	for _, row := range []struct {
		name, from, to, want string
	}{
		{"a parameter that is required", "in: query, schema", "in: query, required: true, schema", "breaking request request-parameter-became-required GET /pets/{id} query/limit"},
		{"a property that is optional", "required: [name], ", "", "breaking response response-property-became-optional GET /pets/{id} name"},
		{"an operation less", "  /pets:\n    delete:\n      responses: {\"204\": {description: Gone}}\n", "", "breaking both api-path-removed-without-deprecation DELETE /pets"},
		{"another base path", "url: /v1", "url: /v2", "breaking both base-path-changed  /v2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			all, err := Compare(base, bare(t, strings.Replace(text, row.from, row.to, 1)))
			if err != nil || len(all) != 1 {
				t.Fatalf("found %v, %v; want one change", all, err)
			}
			c := all[0]
			if got := strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", c.Severity, c.Direction, c.ID, c.Operation, c.Path)); got != row.want {
				t.Errorf("found %q, want %q", got, row.want)
			}
			if !strings.HasPrefix(c.Where, "api.yaml") {
				t.Errorf("where is %q, want a line of api.yaml", c.Where)
			}
		})
	}
}

// FuzzCompareOpenAPI: no document makes the comparison panic, and one that is
// compared with itself has not changed.
//
//fuzz:file
func FuzzCompareOpenAPI(f *testing.F) {
	f.Add([]byte(meshed(2)))
	f.Add([]byte(`{"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/a": {"get": {"responses": {"200": {"description": "x", "content": {"application/json": {"schema": {"type": ["string", "null"], "const": 1}}}}}}}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 4096 {
			return
		}
		open := func() *specs.Contract {
			c, err := specs.OpenDocument(fstest.MapFS{"api.yaml": {Data: text}}, "api.yaml")
			if err != nil {
				return nil
			}
			return c
		}
		before, after := open(), open()
		if before == nil || after == nil {
			return
		}
		if all, err := Compare(before, after); err == nil && len(all) > 0 {
			t.Errorf("a document differs from itself: %v", all)
		}
	})
}
