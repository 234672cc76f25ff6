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

// An operation that takes a form is called, whatever else is made of its document.
func TestGeneratedForm(t *testing.T) {
	path := filepath.Join(t.TempDir(), "login.yaml")
	if err := os.WriteFile(path, []byte(loginDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	served := 0
	target := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodPost:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case r.ParseForm() != nil || r.PostForm.Get("user") == "" || r.PostForm.Get("code") == "":
			w.WriteHeader(http.StatusBadRequest)
		default:
			served++
		}
	}))
	r := run(t, conformance.Config{Contract: open(t, path), Target: target})
	if r.Verdict != reports.Conformant || served == 0 {
		tell(t, r, 5)
		t.Errorf("verdict %s: %v; %d forms were served", r.Verdict, r.Why, served)
	}
}

const readOnlyDocument = `openapi: 3.0.3
info: {title: Items, version: "1"}
paths:
  /items:
    post:
      operationId: addItem
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}}
      responses: {"201": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}}}
  /items/{id}:
    get:
      operationId: getItem
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Item"}}}}
        "404": {description: none}
components:
  schemas:
    Item: {type: object, required: [name], properties: {id: {type: string, readOnly: true}, name: {type: string}, secret: {type: string, writeOnly: true}}}
`

// An id that only the server writes is known to be the id all the same: what is written
// is read.
func TestReadOnlyIDs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "items.yaml")
	if err := os.WriteFile(path, []byte(readOnlyDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := (&conformance.Config{Contract: open(t, path), Target: "http://127.0.0.1:1"}).Plan()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range p.Cases {
		if one.Scenario.ID == "generated.addItem.kept" {
			return
		}
	}
	t.Error("nothing reads what addItem writes")
}
