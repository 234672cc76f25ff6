package conformance_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
)

// What a set-up hook does not bring about is not-reached, with the reason, and never
// held against the implementation, whatever the hook answers.
func TestHooksThatDoNothing(t *testing.T) {
	c := open(t, parcelsBundle)
	list, err := scenarios.For(c)
	if err != nil {
		t.Fatal(err)
	}
	own, err := scenarios.Parse("own.yaml", []byte(`
id: own.fails
title: A failure inside
given: [{state: internal-error, params: {operation: getParcel}}]
steps:
  - id: read
    operation: getParcel
    request: {path: {id: 2b0c3d4e-0000-4000-8000-000000000001}}
    expect: {status: 500}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		status int
		body   string
		why    string
	}{
		{"a page", 200, "<html>", "something other than a JSON object"},
		{"a list", 200, "[1]", "something other than a JSON object"},
		{"yes and nothing else", 200, "", "did not give it"},
		{"another value", 200, `{"name": "x"}`, "did not give it"},
		{"null for the value", 200, `{"id": null}`, "did not give it"},
		{"a refusal", 404, `{"title": "unknown state"}`, "unknown state"},
		{"a failure", 500, "boom", "500 Internal Server Error"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			good := &parcels{byID: map[string]parcel{documented().ID: documented()}}
			target := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/hook" {
					status(tc.status, "application/json", tc.body).ServeHTTP(w, r)
					return
				}
				good.ServeHTTP(w, r)
			}))
			r := run(t, conformance.Config{Contract: c, Target: target, ProviderStates: target + "/hook", Scenarios: append(own, list...), Generated: "off"})
			if len(r.Deviations) > 0 {
				tell(t, r, 5)
				t.Errorf("%d deviations", len(r.Deviations))
			}
			for _, s := range r.Scenarios {
				if s.ID == "parcels.prepared" && (s.Status != reports.NotReached || !strings.Contains(s.Why, tc.why)) {
					t.Errorf("%s is %s: %s", s.ID, s.Status, s.Why)
				}
				if s.ID == "own.fails" && s.Status != reports.NotReached {
					t.Errorf("%s is %s: %s", s.ID, s.Status, s.Why)
				}
			}
		})
	}
}
