package conformance_test

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
)

// A server that knows a part of the operations: what is declared and not there is one
// finding each, what is not declared is none, and what is there is judged. An operation
// that its gateway alone answers for is not there either.
func TestHalfOfTheOperations(t *testing.T) {
	mock := startMock(t, "otm5")
	u, err := url.Parse(mock)
	if err != nil {
		t.Fatal(err)
	}
	next := httputil.NewSingleHostReverseProxy(u)
	c := open(t, "otm5")
	half := func(missing http.Handler, method string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "/vehicles") || strings.Contains(r.URL.Path, "/trips") && r.Method != method {
				next.ServeHTTP(w, r)
				return
			}
			missing.ServeHTTP(w, r)
		})
	}
	for _, tc := range []struct {
		name     string
		server   http.Handler
		declared []string
		want     reports.Verdict
		findings int
	}{
		{"undeclared", half(http.NotFoundHandler(), ""), []string{"*Vehicle", "*Trip"}, reports.Conformant, 0},
		{"declared, a page for what is not there", half(status(404, "text/html", "<html>"), ""), []string{"*Vehicle", "*Goods"}, reports.NonConformant, 3},
		{"declared, no body", half(status(404, "", ""), http.MethodPut), []string{"*Vehicle", "putTrip"}, reports.NonConformant, 1},
		{"declared, 501", half(status(501, "application/json", "{}"), http.MethodPut), []string{"*Vehicle", "putTrip"}, reports.NonConformant, 1},
		{"declared, a gateway answers for one", half(status(503, "text/html", "<html>"), http.MethodPut), []string{"*Vehicle", "putTrip"}, reports.NonConformant, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			forget(t, mock)
			r := run(t, conformance.Config{Contract: c, Target: serve(t, tc.server), Declared: tc.declared, ProviderStates: mock + "/__admin/provider-states"})
			errors := 0
			for _, d := range r.Deviations {
				if d.Severity == reports.SeverityError {
					errors++
				}
			}
			if r.Verdict != tc.want || errors != tc.findings {
				tell(t, r, 10)
				t.Errorf("verdict %s with %d findings, expected %s with %d", r.Verdict, errors, tc.want, tc.findings)
			}
		})
	}
}
