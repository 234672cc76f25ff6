package conformance_test

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// shelves is a document that lists 422 and leaves every other refusal to "default".
const shelves = `
openapi: 3.0.3
info: {title: Shelves, version: "1"}
security: [{token: []}]
paths:
  /shelves:
    post:
      operationId: addShelf
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}}
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}}
        "422": {$ref: "#/components/responses/No"}
        default: {$ref: "#/components/responses/No"}
  /shelves/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}, example: s-1}]
    put:
      operationId: changeShelf
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}}
      responses:
        "200": {description: changed, content: {application/json: {schema: {$ref: "#/components/schemas/Shelf"}}}}
        "404": {$ref: "#/components/responses/No"}
        "422": {$ref: "#/components/responses/No"}
        default: {$ref: "#/components/responses/No"}
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
  schemas:
    Shelf:
      type: object
      required: [label, height]
      properties: {id: {type: string, readOnly: true}, label: {type: string, minLength: 1, maxLength: 40}, height: {type: integer, minimum: 1}}
    No: {type: object, required: [why], properties: {why: {type: string}}}
  responses:
    No: {description: no, content: {application/json: {schema: {$ref: "#/components/schemas/No"}}}}
`

// shelfServer looks for the record before it looks at the body, and tells a body
// that cannot be read from one that is wrong.
type shelfServer struct {
	missing    int  // the status of a record that is not there
	unread     int  // the status of a body that cannot be read
	serverless bool // answers 404 to everything that is wrong
	mu         sync.Mutex
	kept       int
}

func (s *shelfServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := func(status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	no := func(status int, why string) { answer(status, map[string]any{"why": why}) }
	if r.Header.Get("Authorization") != "Bearer demo" {
		no(http.StatusUnauthorized, "who are you?")
		return
	}
	id, one := strings.CutPrefix(r.URL.Path, "/shelves/")
	switch {
	case r.URL.Path != "/shelves" && !one:
		no(http.StatusNotFound, "nothing here")
		return
	case r.URL.Path == "/shelves" && r.Method != http.MethodPost, one && r.Method != http.MethodPut:
		no(http.StatusMethodNotAllowed, "not so")
		return
	case one && !strings.HasPrefix(id, "made-"):
		no(s.missing, "no such shelf")
		return
	}
	if t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); t != "application/json" {
		no(http.StatusUnsupportedMediaType, "JSON, please")
		return
	}
	body, _ := io.ReadAll(r.Body)
	var shelf map[string]any
	if json.Unmarshal(body, &shelf) != nil {
		no(s.unread, "not JSON")
		return
	}
	label, isText := shelf["label"].(string)
	height, isNumber := shelf["height"].(float64)
	if !isText || label == "" || len(label) > 40 || !isNumber || height < 1 || height != float64(int64(height)) {
		if s.serverless {
			no(http.StatusNotFound, "nothing here")
			return
		}
		no(http.StatusUnprocessableEntity, "wrong")
		return
	}
	s.mu.Lock()
	s.kept++
	shelf["id"] = fmt.Sprint("made-", s.kept)
	s.mu.Unlock()
	answer(http.StatusCreated, shelf)
}

// Which refusal it is, a bare document does not say: another one that it describes
// is no deviation, and one that it does not describe is.
func TestRefusalsThatABareDocumentLeavesOpen(t *testing.T) {
	for _, tc := range []struct {
		name   string
		server *shelfServer
		want   reports.Verdict
		lists  string // instead of "default"
	}{
		{"the record before the body, 400 for what is not JSON", &shelfServer{missing: 404, unread: 400}, reports.Conformant, ""},
		{"410 by default", &shelfServer{missing: 410, unread: 422}, reports.Conformant, ""},
		{"500 for what is not JSON", &shelfServer{missing: 404, unread: 500}, reports.NonConformant, ""},
		{"404 for a wrong body", &shelfServer{missing: 404, unread: 400, serverless: true}, reports.NonConformant, ""},
		{"400 for what is not JSON, where only 422 is listed", &shelfServer{missing: 404, unread: 400}, reports.Conformant, `"401"`},
		{"409 for what is not JSON, where only 422 is listed", &shelfServer{missing: 404, unread: 409}, reports.NonConformant, `"401"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text := shelves
			if tc.lists != "" {
				text = strings.ReplaceAll(text, "default:", tc.lists+":")
			}
			contract, err := specs.OpenDocument(fstest.MapFS{"shelves.yaml": {Data: []byte(text)}}, "shelves.yaml")
			if err != nil {
				t.Fatal(err)
			}
			r := run(t, conformance.Config{Contract: contract, Target: serve(t, tc.server)})
			if r.Verdict != tc.want {
				tell(t, r, 20)
				t.Errorf("verdict %s, expected %s", r.Verdict, tc.want)
			}
		})
	}
}
