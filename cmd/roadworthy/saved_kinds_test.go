package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
)

// parcels can be sent in every way: as JSON, as a form, as bytes.
const parcels = `openapi: 3.0.3
info: {title: Parcels, version: "1"}
paths:
  /parcels:
    get:
      operationId: listParcels
      parameters: [{name: q, in: query, schema: {type: string}}, {name: X-Trace, in: header, schema: {type: string}}]
      responses: {"200": {description: all, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Parcel'}}}}}}
    post:
      operationId: addParcel
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Parcel'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Parcel'}}
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}}
        "400": {description: wrong}
        "409": {description: taken}
  /parcels/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getParcel
      responses:
        "200": {description: it, content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}}
        "404": {description: none}
    delete:
      operationId: removeParcel
      responses: {"204": {description: gone}, "404": {description: none}}
  /scans:
    post:
      operationId: addScan
      requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}, text/plain: {schema: {type: string}}}}
      responses: {"204": {description: taken}}
components:
  schemas:
    Parcel: {type: object, required: [id, weight], properties: {id: {type: string, minLength: 1}, weight: {type: number, minimum: 0}, note: {type: string}}}
`

// TestSavedRequestsOfEveryKind saves each of many kinds of requests by itself and
// runs what was saved as it is.
func TestSavedRequestsOfEveryKind(t *testing.T) {
	document := filepath.Join(t.TempDir(), "parcels.yaml")
	if err := os.WriteFile(document, []byte(parcels), 0o600); err != nil {
		t.Fatal(err)
	}
	contract, err := specs.Open(document)
	if err != nil {
		t.Fatal(err)
	}
	server, base := serveMock(t, contract)
	const form, json = "application/x-www-form-urlencoded", "application/json"
	for _, one := range []struct {
		name, method, path, mediaType, body string
		headers                             map[string]string
		status                              int
	}{
		{"json", "POST", "/parcels", json, `{"id":"p-1","weight":1.50,"note":"it's \"quoted\" & ünï\n"}`, nil, 201},
		{"json again", "POST", "/parcels", json, `{"id":"p-1","weight":1}`, nil, 409},
		{"form", "POST", "/parcels", form, "id=p-2&weight=3&note=it%27s+%26+more", nil, 201},
		{"form again", "POST", "/parcels", form, "id=p-2&weight=3&note=x", nil, 409},
		{"wrong form", "POST", "/parcels", form, "id=&weight=heavy", nil, 400},
		{"what was made", "GET", "/parcels/p-2", "", "", nil, 200},
		{"query and header", "GET", "/parcels?q=%26%3D%27%C3%A9", "", "", map[string]string{"X-Trace": `it's "quoted" ${HOME}`}, 200},
		{"an id with a slash", "GET", "/parcels/a%2Fb%20c", "", "", nil, 404},
		{"a session", "POST", "/parcels", json, `{"id":"p-1","weight":2}`, map[string]string{"Mock-Session": "team-a"}, 201},
		{"another method", "PUT", "/parcels", json, `{"id":"p-1","weight":2}`, nil, 405},
		{"a preference", "GET", "/parcels/p-1", "", "", map[string]string{"Prefer": "code=404"}, 404},
		{"a reference that is none", "POST", "/parcels", json, `{"id":"${x}","weight":2}`, nil, 201},
		{"malformed", "POST", "/parcels", json, `{"id":`, nil, 400},
		{"bytes", "POST", "/scans", "application/octet-stream", "\x00\xff\x01'\"\n", nil, 204},
		{"text", "POST", "/scans", "text/plain", "two\nlines\r\n'\u202e", nil, 204},
		{"removed", "DELETE", "/parcels/p-2", "", "", nil, 204},
		{"removed again", "DELETE", "/parcels/p-2", "", "", nil, 404},
	} {
		t.Run(one.name, func(t *testing.T) {
			r, err := http.NewRequest(one.method, base+one.path, strings.NewReader(one.body))
			if err != nil {
				t.Fatal(err)
			}
			if one.mediaType != "" {
				r.Header.Set("Content-Type", one.mediaType)
			}
			for name, value := range one.headers {
				r.Header.Set(name, value)
			}
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != one.status {
				t.Fatalf("expected %d, found %d", one.status, resp.StatusCode)
			}
			all := server.Journal().Entries(journal.Filter{Limit: 1})
			text := get(t, fmt.Sprintf("%s/__admin/requests/%d/scenario", base, all[0].ID))
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "saved.yaml"), text, 0o600); err != nil {
				t.Fatal(err)
			}
			_, fresh := serveMock(t, contract)
			for _, target := range []string{base, fresh} {
				var out bytes.Buffer
				if code := Main([]string{"test", document, "--target", target, "--scenarios", folder, "--generated", "off", "--report-dir", t.TempDir(), "--format", "json"}, nil, nil, &out, &out); code != 0 {
					t.Errorf("exit %d:\n%s\n%s", code, out.String(), text)
				}
			}
		})
	}
}
