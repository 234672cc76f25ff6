package conformance_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// The servers of the independent_*_test.go files were written from the documents,
// without a part of the mock: other orders of fields, other indentation, other
// headers, other words in errors. Each comes in two styles that read every open point
// of the documents differently; both are right. What is refused for its body is
// decided by the contract's schema, the one thing that they share with the suite.
//
// A flaw makes a right server wrong in one way.
type independent struct {
	contract *specs.Contract
	style    int // 0 or 1
	flaw     flaw

	mu     sync.Mutex
	writes int
}

type flaw string

const (
	none           flaw = ""
	ignoresAuth    flaw = "ignores credentials"
	acceptsAll     flaw = "accepts everything"
	errorInside    flaw = "answers 200 with the error in the body"
	losesWrites    flaw = "loses every tenth write"
	exampleOnly    flaw = "is right for the documented example only"
	swapsElements  flaw = "swaps two elements"
	textForNumber  flaw = `writes "1" for 1`
	leaksCompanies flaw = "mixes the data of companies"
	otherStatus    flaw = "says another status in the body"
	textLinks      flaw = "writes links as text"
)

// loses reports whether this write is one of those that get lost.
func (i *independent) loses() bool {
	if i.flaw != losesWrites {
		return false
	}
	i.writes++
	return i.writes%10 == 0
}

// wrong gives the violations of a body; malformed is set when it cannot be read.
func (i *independent) wrong(operation string, r *http.Request, body []byte) (tree *payload.Tree, violations []schema.Violation, malformed bool) {
	tree, violations = i.contract.Operation(operation).RequestBody.Media[0].Judge(body, "")
	violations = schema.Hard(violations)
	if i.style == 1 {
		// What no document says is not asked for.
		violations = slices.DeleteFunc(violations, func(v schema.Violation) bool { return v.Basis == schema.BasisInferred })
	}
	if tree == nil {
		return nil, violations, true
	}
	if i.flaw == acceptsAll {
		return tree, nil, false
	}
	return tree, violations, false
}

// noise are headers that no contract knows and none forbids.
func (i *independent) noise(h http.Header) {
	h.Set("Server", "Kestrel")
	h.Set("X-Request-Id", newID())
	h.Set("Vary", "Accept-Encoding")
	if i.style == 1 {
		h.Set("Strict-Transport-Security", "max-age=63072000")
		h["x-correlation-id"] = []string{newID()}
	}
}

// json writes a body: in one line, or indented by tabs.
func (i *independent) json(w http.ResponseWriter, status int, mediaType string, body any) {
	text, err := json.Marshal(body)
	if i.style == 1 {
		text, err = json.MarshalIndent(body, "", "\t")
		mediaType += ";charset=UTF-8"
	}
	if err != nil {
		panic(err)
	}
	i.noise(w.Header())
	w.Header().Set("Content-Type", mediaType)
	if i.flaw == errorInside && status >= 400 {
		status = http.StatusOK
	}
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

func read(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body)
	return body
}

func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// decode reads a JSON object, with numbers as they were written.
func decode(body []byte) map[string]any {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	var doc map[string]any
	if d.Decode(&doc) != nil {
		return map[string]any{}
	}
	return doc
}

// each visits every object in a document, the innermost last.
func each(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, below := range v {
			each(below, visit)
		}
	case []any:
		for _, below := range v {
			each(below, visit)
		}
	}
}

// clone copies a document deeply.
func clone(doc map[string]any) map[string]any {
	text, err := json.Marshal(doc)
	if err != nil {
		panic(err)
	}
	return decode(text)
}

// broken is what is expected of a server with a flaw.
type broken struct {
	flaw flaw
	// operation and path that a deviation of severity error must name.
	operation, path, kind string
	reason                string
}

// judge runs the suite; the set-up hook, if there is one, is a path of the server.
func judge(t *testing.T, c conformance.Config, h http.Handler) *reports.Report {
	t.Helper()
	c.Target = serve(t, h)
	if c.ProviderStates != "" {
		c.ProviderStates = c.Target + c.ProviderStates
	}
	return run(t, c)
}

// bothConform holds that both styles are conformant.
func bothConform(t *testing.T, config conformance.Config, server func(style int, f flaw) http.Handler) {
	t.Helper()
	for style := range 2 {
		t.Run(fmt.Sprintf("style %d is conformant", style+1), func(t *testing.T) {
			r := judge(t, config, server(style, none))
			if r.Verdict != reports.Conformant {
				tell(t, r, 40)
				t.Errorf("verdict %s: %v", r.Verdict, r.Why)
			}
			passed := 0
			for _, s := range r.Scenarios {
				if s.Status == reports.Passed || s.Status == reports.Warned {
					passed++
				}
			}
			if passed < 20 {
				t.Errorf("only %d scenarios were run: %v", passed, r.Why)
			}
		})
	}
}

// flawsAreFound holds that every flaw is found, in the field where it is.
func flawsAreFound(t *testing.T, config conformance.Config, server func(style int, f flaw) http.Handler, flaws []broken) {
	t.Helper()
	for _, b := range flaws {
		t.Run(string(b.flaw), func(t *testing.T) {
			r := judge(t, config, server(1, b.flaw))
			if r.Verdict != reports.NonConformant {
				tell(t, r, 20)
				t.Fatalf("verdict %s: %s", r.Verdict, b.reason)
			}
			for _, d := range r.Deviations {
				if d.Severity == reports.SeverityError && d.Operation == b.operation && payload.StripIndexes(d.Path) == b.path && d.Kind == b.kind {
					return
				}
			}
			tell(t, r, 20)
			t.Errorf("no deviation says %s %s %s: %s", b.operation, b.path, b.kind, b.reason)
		})
	}
}
