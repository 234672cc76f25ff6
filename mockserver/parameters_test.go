package mockserver_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs"
)

const parametersDocument = `openapi: 3.0.3
info: {title: Search, version: "1"}
paths:
  /search:
    get:
      parameters:
        - {name: q, in: query, required: true, schema: {type: integer}}
        - {name: where, in: query, required: true, style: deepObject, schema: {type: object, required: [city], properties: {city: {type: string}, zip: {type: integer}}}}
        - {name: X-Trace, in: header, required: true, schema: {type: string}}
      responses: {"200": {description: ok}, "400": {description: wrong}}
  /orders?view=open:
    get: {responses: {"200": {description: ok, content: {application/xml: {schema: {$ref: "#/components/schemas/Open"}}}}}}
  /orders:
    get: {responses: {"200": {description: ok, content: {application/xml: {schema: {$ref: "#/components/schemas/All"}}}}}}
  /items/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/xml: {schema: {$ref: "#/components/schemas/Item"}}}}, "404": {description: unknown}}
    put:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {required: true, content: {application/xml: {schema: {$ref: "#/components/schemas/Item"}}}}
      responses: {"200": {description: ok, content: {application/xml: {schema: {$ref: "#/components/schemas/Item"}}}}}
components:
  schemas:
    Open: {type: object, required: [o], properties: {o: {type: integer}}}
    All: {type: object, required: [a], properties: {a: {type: integer}}}
    Item: {type: object, required: [name], properties: {id: {type: string, xml: {attribute: true}}, name: {type: string}, size: {type: integer}}}
`

func TestParameters(t *testing.T) {
	c, err := specs.OpenDocument(fstest.MapFS{"api.yaml": {Data: []byte(parametersDocument)}}, "api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	server, err := mockserver.New([]*specs.Contract{c}, mockserver.Options{VerifyResponses: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for _, tc := range []struct {
		name, method, target, trace, body string
		status                            int
		says                              string
	}{
		{"all is there", "GET", "/search?q=1&where[city]=x", "t", "", 200, ""},
		{"a query parameter is missing", "GET", "/search?where[city]=x", "t", "", 400, "query/q is missing"},
		{"an object is missing", "GET", "/search?q=1", "t", "", 400, "query/where is missing"},
		{"a member of it is missing", "GET", "/search?q=1&where[zip]=5", "t", "", 400, "query/where/city is missing"},
		{"a member of it is wrong", "GET", "/search?q=1&where[city]=x&where[zip]=y", "t", "", 400, "query/where/zip: expected integer"},
		{"a header is missing", "GET", "/search?q=1&where[city]=x", "", "", 400, "header/X-Trace is missing"},
		{"what stands behind the path", "GET", "/orders?view=open", "", "", 200, "<Open>"},
		{"nothing behind the path", "GET", "/orders", "", "", 200, "<All>"},
		{"XML that a JSON schema describes is kept", "PUT", "/items/7", "", `<Item id="7"><name>n</name><size>3</size></Item>`, 200, `<Item id="7"><name>n</name><size>3</size></Item>`},
		{"and read", "GET", "/items/7", "", "", 200, `<Item id="7"><name>n</name><size>3</size></Item>`},
	} {
		r := httptest.NewRequest(tc.method, tc.target, strings.NewReader(tc.body))
		if tc.trace != "" {
			r.Header.Set("X-Trace", tc.trace)
		}
		if tc.body != "" {
			r.Header.Set("Content-Type", "application/xml")
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.says) {
			t.Errorf("%s: expected %d that says %q, found %d: %s", tc.name, tc.status, tc.says, w.Code, w.Body)
		}
	}
}
