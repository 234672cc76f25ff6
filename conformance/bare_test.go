package conformance_test

import (
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
)

// A bare OpenAPI document is enough: no scenario, no example, no behaviour.
func TestBareDocument(t *testing.T) {
	const document = parcelsBundle + "/openapi.yaml"
	for _, tc := range []struct {
		name   string
		server *parcels
		want   reports.Verdict
	}{
		{"good", &parcels{}, reports.Conformant},
		{"accepts everything", &parcels{acceptsEverything: true}, reports.NonConformant},
		{"ignores credentials", &parcels{ignoresAuth: true}, reports.NonConformant},
		{"text for a number", &parcels{weightAsText: true}, reports.NonConformant},
		{"an operation is not there", &parcels{noRead: true}, reports.NonConformant},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := run(t, conformance.Config{Contract: open(t, document), Target: serve(t, tc.server)})
			if r.Verdict != tc.want {
				tell(t, r, 20)
				t.Errorf("verdict %s, expected %s", r.Verdict, tc.want)
			}
		})
	}
}
