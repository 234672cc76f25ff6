package main

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// What a document shows with "${" is sent as it stands: references are of scenarios.
func TestDocumentedTextsAreNoReferences(t *testing.T) {
	r := againstItsMock(t, `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /things/{name}:
    parameters:
      - {name: name, in: path, required: true, schema: {type: string}, example: "${HOME}"}
      - {name: in, in: query, required: true, schema: {type: string}, example: "${WHERE}"}
      - {name: X-From, in: header, required: true, schema: {type: string}, example: "${FROM}"}
    put:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [format, parts]
              properties:
                format: {type: string, example: "${SOURCE_NAMESPACE}", maxLength: 30}
                parts: {type: array, minItems: 1, items: {type: object, required: [of], properties: {of: {type: string, enum: ["${A}", "${B}"]}}}}
      responses: {"204": {description: put}, "400": {description: wrong}}
`)
	if r.Verdict != reports.Conformant || len(r.Scenarios) < 5 {
		t.Errorf("the verdict is %s, of %d scenarios: %v", r.Verdict, len(r.Scenarios), r.Why)
	}
	for _, s := range r.Scenarios {
		if s.Status == reports.Error {
			t.Errorf("%s: %s", s.ID, s.Why)
		}
	}
}

// Who lacks a scope is refused where every way in asks for one, of whichever scheme;
// elsewhere nothing is said of scopes.
func TestScopesOfAlternatives(t *testing.T) {
	const operation = `{post: {responses: {"200": {description: ok}, "403": {description: no}}, security: `
	r := againstItsMock(t, `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /all: `+operation+`[{oauth: [write], key: []}, {other: [write]}]}}
  /one: `+operation+`[{oauth: [write]}, {key: []}]}}
  /key: `+operation+`[{key: [], oauth: [write]}]}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://example.com/t", scopes: {write: w}}}}
    other: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://example.com/t", scopes: {write: w}}}}
`)
	asked := map[string]bool{}
	for _, s := range r.Scenarios {
		if strings.HasSuffix(s.ID, ".no-scope") {
			asked[s.ID] = true
		}
		if s.Status == reports.Failed {
			t.Errorf("%s failed", s.ID)
		}
	}
	if !asked["generated.POST-/all.no-scope"] || !asked["generated.POST-/key.no-scope"] || asked["generated.POST-/one.no-scope"] {
		t.Errorf("asked without a scope were %v", asked)
	}
}

// A document of webhooks alone is inconclusive, and says why.
func TestNoOperationIsTheReason(t *testing.T) {
	r := againstItsMock(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
webhooks: {made: {post: {responses: {"200": {description: thanks}}}}}
`)
	if r.Verdict != reports.Inconclusive || !strings.Contains(strings.Join(r.Why, "\n"), "the contract describes no operation") {
		t.Errorf("the verdict is %s: %v", r.Verdict, r.Why)
	}
}

func againstItsMock(t *testing.T, document string) *reports.Report {
	t.Helper()
	c, err := specs.OpenDocument(fstest.MapFS{"d.yaml": {Data: []byte(document)}}, "d.yaml")
	if err != nil {
		t.Fatal(err)
	}
	server, err := mockserver.New([]*specs.Contract{c}, mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	r, err := conformance.Run(context.Background(), conformance.Config{Contract: c, Target: web.URL})
	if err != nil {
		t.Fatal(err)
	}
	return r
}
