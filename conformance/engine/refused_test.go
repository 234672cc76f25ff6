package engine

import (
	"net/http"
	"testing"

	"github.com/roadworthy-project/roadworthy/reports"
)

// refused: true holds for whatever documented refusal comes, and for nothing that was
// accepted; beside a status, both must hold.
func TestRefused(t *testing.T) {
	const problem = `{"title":"No","status":404}`
	for _, tc := range []struct {
		name, expect string
		status       int
		body, kind   string
		want         reports.Status
		expected     string
	}{
		{"a documented refusal", "{refused: true}", 404, problem, "application/problem+json", reports.Passed, ""},
		{"another one", "{refused: true}", 401, problem, "application/problem+json", reports.Passed, ""},
		{"accepted", "{refused: true}", 200, parcel, "application/json", reports.Failed, "a refusal"},
		{"the status asked for", "{refused: true, status: 404}", 404, problem, "application/problem+json", reports.Passed, ""},
		{"another status", "{refused: true, status: 404}", 401, problem, "application/problem+json", reports.Failed, "404 Not Found"},
		{"refused where nothing says so", "{}", 404, problem, "application/problem+json", reports.Failed, "a status from 200 to 299"},
	} {
		res := one(t, func(w http.ResponseWriter, _ *http.Request) { send(w, tc.status, tc.kind, tc.body) }, Options{},
			"steps:\n  - {id: read, operation: getParcel, expect: "+tc.expect+"}\n")
		if res.Scenario.Status != tc.want {
			t.Errorf("%s: expected %s, found %s: %+v", tc.name, tc.want, res.Scenario.Status, res.Deviations)
		}
		if tc.expected != "" && (len(res.Deviations) != 1 || res.Deviations[0].Expected != tc.expected) {
			t.Errorf("%s: expected one deviation from %q, found %+v", tc.name, tc.expected, res.Deviations)
		}
	}
}
