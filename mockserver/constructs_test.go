package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs"
)

// construct is a thing that a document may say. It is honoured, which the good and
// the bad messages show, or named with its line.
type construct struct {
	name    string
	version string // "" is both 3.0 and 3.1
	says    string // a schema, a parameter or a whole document, as the table has it
	beside  string // components and other members of the root
	good    []string
	bad     []string
	answers string // what the answer to a bad message says
	named   string // what a warning says, or the error of a document that is not opened
}

// versions that a construct is tried in.
func (c construct) versions() []string {
	if c.version != "" {
		return []string{c.version}
	}
	return []string{"3.0.3", "3.1.0"}
}

// try opens a document and sends the messages.
func (c construct) try(t *testing.T, doc string, request func(message string) *http.Request) {
	t.Helper()
	contract, err := specs.OpenDocument(fstest.MapFS{"d.yaml": {Data: []byte(doc)}}, "d.yaml")
	if err != nil {
		if c.named == "" || !strings.Contains(err.Error(), c.named) {
			t.Errorf("not opened: %v", err)
		}
		return
	}
	warned := strings.Join(contract.Warnings, "\n")
	switch {
	case c.named != "" && !strings.Contains(warned, c.named):
		t.Errorf("expected a warning with %q, found:\n%s", c.named, warned)
	case c.named == "" && warned != "":
		t.Errorf("warned of:\n%s", warned)
	case c.named == "" && len(c.good)+len(c.bad) == 0:
		t.Error("a construct that nothing shows to be honoured")
	}
	server, err := mockserver.New([]*specs.Contract{contract}, mockserver.Options{NoAdmin: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for _, message := range c.good {
		if w := asked(server, request(message)); w.Code >= 300 {
			t.Errorf("good message %s: %d %s", message, w.Code, w.Body)
		}
	}
	for _, message := range c.bad {
		if w := asked(server, request(message)); w.Code < 400 || w.Code >= 500 {
			t.Errorf("bad message %s: %d %s", message, w.Code, w.Body)
		} else if !strings.Contains(w.Body.String(), c.answers) {
			t.Errorf("bad message %s: expected an answer with %q, found %s", message, c.answers, w.Body)
		}
	}
}

func asked(server http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	return w
}
