package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs"
)

// A pet that came as XML is the same pet as JSON, and the other way round.
func TestXMLDescribedByJSONSchema(t *testing.T) {
	c, err := specs.Open("../specs/testdata/bare/petstore.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := mockserver.New([]*specs.Contract{c}, mockserver.Options{VerifyResponses: true})
	if err != nil {
		t.Fatal(err)
	}
	call := func(method, path, body string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer demo")
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	made := call(http.MethodPost, "/v1/pets", "<NewPet><name>Rex</name><tag>dog</tag></NewPet>", "Content-Type", "application/xml")
	if made.Code != http.StatusCreated || !strings.Contains(made.Body.String(), `"name":"Rex"`) {
		t.Fatalf("found %d %s", made.Code, made.Body)
	}
	at := made.Header().Get("Location")
	if got := call(http.MethodGet, at, ""); !strings.Contains(got.Body.String(), `"name":"Rex"`) || got.Header().Get("Content-Type") != "application/json" {
		t.Errorf("found %s %s", got.Header(), got.Body)
	}
	if got := call(http.MethodGet, at, "", "Accept", "application/xml"); !strings.Contains(got.Body.String(), "<Pet>") || !strings.Contains(got.Body.String(), "<name>Rex</name>") || got.Header().Get("Content-Type") != "application/xml" {
		t.Errorf("found %s %s", got.Header(), got.Body)
	}
	wrong := call(http.MethodPost, "/v1/pets", "<NewPet><status>lost</status></NewPet>", "Content-Type", "application/xml")
	if wrong.Code != http.StatusUnprocessableEntity || !strings.Contains(wrong.Body.String(), "/NewPet/name") || !strings.Contains(wrong.Body.String(), "/NewPet/status") {
		t.Errorf("both fields are named as the caller knows them, found %d %s", wrong.Code, wrong.Body)
	}
	if got := call(http.MethodGet, "/v1/pets/7.xml", ""); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "<pet id=") {
		t.Errorf("data is made for XML as well, found %d %s", got.Code, got.Body)
	}
}
