package conformance_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

func open(t testing.TB, name string) *specs.Contract {
	t.Helper()
	c, err := specs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// stub answers every operation with the first good example of the contract, and
// knows no state, no caller and no body.
func stub(c *specs.Contract) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		op, _, allow := c.Match(r.Method, r.URL.Path)
		if op == nil {
			if len(allow) > 0 {
				w.WriteHeader(http.StatusMethodNotAllowed)
				return
			}
			http.NotFound(w, r)
			return
		}
		answer(w, good(op))
	})
}

func good(op *specs.Operation) *specs.ExampleResponse {
	for _, e := range op.Examples() {
		if e.Response != nil && e.Response.Status < 300 && (e.Response.Valid == nil || *e.Response.Valid) {
			return e.Response
		}
	}
	return &specs.ExampleResponse{Status: http.StatusNoContent}
}

func answer(w http.ResponseWriter, e *specs.ExampleResponse) {
	for name, v := range e.Headers {
		w.Header().Set(name, v)
	}
	if e.MediaType != "" {
		w.Header().Set("Content-Type", e.MediaType)
	}
	w.WriteHeader(e.Status)
	_, _ = w.Write(e.Body)
}

func run(t *testing.T, cfg conformance.Config) *reports.Report {
	t.Helper()
	cfg.Seed, cfg.Version = 7, "test"
	if cfg.Timeout == 0 {
		cfg.Timeout = 5 * time.Second
	}
	r, err := conformance.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// digest counts the deviations by operation, kind and path, for messages.
func tell(t *testing.T, r *reports.Report, most int) {
	t.Helper()
	t.Logf("verdict %s: %v; %d scenarios, %d deviations", r.Verdict, r.Why, len(r.Scenarios), len(r.Deviations))
	for i, d := range r.Deviations {
		if i == most {
			break
		}
		t.Logf("%s %s/%s %s %s %s: expected %s, found %s", d.Severity, d.Scenario, d.Step, d.In, d.Path, d.Kind, d.Expected, d.Actual)
	}
}
