package mockserver_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs"
)

const petStore = `openapi: 3.0.3
info: {title: Pets, version: "1"}
servers: [{url: "https://pets.example/v1"}]
paths:
  /pets:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/NewPet"}}}}
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
        "400": {description: wrong}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: string}}]
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
        "404": {description: unknown}
    delete:
      responses: {"204": {description: gone}, "404": {description: unknown}}
  /statistics:
    get:
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: object
                required: [count, when, code, share, kind, id, list]
                properties:
                  count: {type: integer, minimum: 5, maximum: 7}
                  when: {type: string, format: date-time}
                  code: {type: string, pattern: "^[A-Z]{3}-[0-9]{2,4}$"}
                  share: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true}
                  kind: {type: string, enum: [small, large]}
                  id: {type: string, format: uuid}
                  list: {type: array, minItems: 3, items: {type: string, minLength: 20, maxLength: 25}}
components:
  schemas:
    NewPet:
      type: object
      required: [name]
      properties: {name: {type: string, minLength: 1}, tag: {type: string}}
    Pet:
      allOf:
        - {$ref: "#/components/schemas/NewPet"}
        - {type: object, required: [id], properties: {id: {type: string}}}
`

func bare(t testing.TB, document string) *specs.Contract {
	t.Helper()
	c, err := specs.OpenDocument(fstest.MapFS{"pets.yaml": {Data: []byte(document)}}, "pets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A bare OpenAPI document is a stateful mock with no configuration at all.
func TestBareDocumentIsStateful(t *testing.T) {
	c := bare(t, petStore)
	_, web := start(t, mockserver.Options{}, c)
	resp, body := send(t, request(t, "POST", web.URL+"/v1/pets", []byte(`{"name":"Rex","tag":"dog"}`)))
	var made struct{ ID, Name string }
	if err := json.Unmarshal(body, &made); err != nil || resp.StatusCode != http.StatusCreated || made.ID == "" || made.Name != "Rex" {
		t.Fatalf("expected 201 with an id and the name, found %d %s", resp.StatusCode, body)
	}
	for _, one := range []struct {
		method, path, body string
		want               int
		says               string
	}{
		{"GET", "/v1/pets/" + made.ID, "", 200, "Rex"},
		{"HEAD", "/v1/pets/" + made.ID, "", 200, ""},
		{"GET", "/v1/pets", "", 200, made.ID},
		{"GET", "/v1/pets/unknown", "", 404, ""},
		{"POST", "/v1/pets", `{"tag":"nameless"}`, 400, ""},
		{"OPTIONS", "/v1/pets", "", 204, ""},
		{"PUT", "/v1/pets", `{}`, 405, ""},
		{"DELETE", "/v1/pets/" + made.ID, "", 204, ""},
		{"GET", "/v1/pets/" + made.ID, "", 404, ""},
	} {
		var text []byte
		if one.body != "" {
			text = []byte(one.body)
		}
		resp, body := send(t, request(t, one.method, web.URL+one.path, text))
		if resp.StatusCode != one.want || !strings.Contains(string(body), one.says) {
			t.Errorf("%s %s: expected %d with %q, found %d %s", one.method, one.path, one.want, one.says, resp.StatusCode, body)
		}
	}
}

// Where no success is described, the caller is sent where the document says.
func TestBareDocumentAnswersWithItsRedirect(t *testing.T) {
	for name, one := range map[string]struct {
		responses string
		want      int
	}{
		"a redirect alone":         {`"304": {description: same}, "302": {description: there}, "404": {description: none}`, 302},
		"a redirect and a default": {`default: {description: any}, "307": {description: there}`, 307},
		"a success, too":           {`"302": {description: there}, "202": {description: later}`, 202},
		"a range, too":             {`"302": {description: there}, "2XX": {description: well}`, 200},
		"a default alone":          {`default: {description: any}`, 200},
	} {
		c := bare(t, `{openapi: 3.0.3, info: {title: t, version: "1"}, paths: {/file: {get: {responses: {`+one.responses+`}}}}}`)
		server, err := mockserver.New([]*specs.Contract{c}, mockserver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest("GET", "/file", nil))
		if w.Code != one.want {
			t.Errorf("%s: expected %d, found %d", name, one.want, w.Code)
		}
		server.Close()
	}
}

// The examples of every operation on an item ask for the one that is documented.
func TestBareDocumentRemovesItsDocumentedItem(t *testing.T) {
	c := bare(t, `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /certs/{cert}:
    parameters: [{name: cert, in: path, required: true, schema: {type: string}}]
    get: {operationId: read, responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/C"}, example: {id: 66, name: a}}}}}}
    delete: {operationId: remove, responses: {"200": {description: ok, content: {application/json: {schema: {type: object}, example: {}}}}}}
components: {schemas: {C: {type: object, properties: {id: {type: number}, name: {type: string}}}}}
`)
	server, err := mockserver.New([]*specs.Contract{c}, mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for _, op := range []string{"read", "remove"} {
		for _, e := range c.Operation(op).Examples() {
			if got := e.Request.Path["cert"]; got != "66" {
				t.Errorf("%s: the example asks for %q, the documented item is 66", op, got)
			}
			w := httptest.NewRecorder()
			server.ServeHTTP(w, httptest.NewRequest(c.Operation(op).Method, "/certs/"+e.Request.Path["cert"], nil))
			if w.Code != 200 {
				t.Errorf("%s: expected 200, found %d", op, w.Code)
			}
		}
	}
}

// Data that is made up is valid by its schema; start judges it.
func TestGeneratedDataIsValid(t *testing.T) {
	c := bare(t, petStore)
	_, web := start(t, mockserver.Options{}, c)
	resp, body := send(t, request(t, "GET", web.URL+"/v1/statistics", nil))
	if resp.StatusCode != 200 || !strings.Contains(string(body), `"list":["sample `) {
		t.Errorf("expected generated data, found %d %s", resp.StatusCode, body)
	}
	for seed := range uint64(50) {
		m := c.Operation("GET /statistics").Response(200).Body.Media[0]
		if wrong := m.JudgeTree(m.Sample(seed)); len(wrong) > 0 {
			t.Errorf("seed %d: %s", seed, wrong[0].Message())
		}
	}
}

// Two contracts at one place cannot be told apart; a mount helps.
func TestMounts(t *testing.T) {
	a, b := bare(t, petStore), open(t, "transeu")
	if _, err := mockserver.New(all(a, b), mockserver.Options{Mounts: map[string]string{b.Name: "/v1"}}); err == nil || !strings.Contains(err.Error(), "both at") {
		t.Errorf("expected the clash to be named, found %v", err)
	}
	if _, err := mockserver.New(all(a), mockserver.Options{Mounts: map[string]string{"other": "/x"}}); err == nil {
		t.Error("expected a mount without contract to be refused")
	}
	_, web := start(t, mockserver.Options{Mounts: map[string]string{b.Name: "/other/place"}}, a, b)
	for path, want := range map[string]int{
		"/v1/pets": 200, "/other/place/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c": 200, "/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c": 404,
	} {
		if resp, body := send(t, request(t, "GET", web.URL+path, nil)); resp.StatusCode != want {
			t.Errorf("%s: expected %d, found %d %s", path, want, resp.StatusCode, body)
		}
	}
}
