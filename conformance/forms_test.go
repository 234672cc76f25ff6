package conformance_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
)

const loginDocument = `openapi: 3.0.3
info: {title: Login, version: "1"}
paths:
  /login:
    post:
      operationId: login
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [user, code], properties: {user: {type: string}, code: {type: integer}, scope: {type: array, items: {type: string}}}}
      responses:
        "200": {description: In}
`

// A body that is written as a mapping goes out as the form that the operation takes.
func TestInlineForm(t *testing.T) {
	path := filepath.Join(t.TempDir(), "login.yaml")
	if err := os.WriteFile(path, []byte(loginDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := scenarios.Parse("forms.yaml", []byte(`
id: login.form
title: A form
steps:
  - id: in
    operation: login
    request: {body: {user: "A & B=${unique}", code: 7, scope: [read, write]}, set: {/code: 8}}
    expect: {status: 200}
`))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string][]string
	target := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.ParseForm() == nil && len(r.PostForm) > 0 {
			got = r.PostForm
		}
	}))
	r := run(t, conformance.Config{Contract: open(t, path), Target: target, Scenarios: list, Generated: "off"})
	if r.Verdict != reports.Partial {
		tell(t, r, 5)
		t.Errorf("verdict %s: %v", r.Verdict, r.Why)
	}
	if len(got["user"]) != 1 || len(got["user"][0]) != len("A & B=")+12 || got["code"][0] != "8" || len(got["scope"]) != 2 {
		t.Errorf("the server read %v", got)
	}
}
