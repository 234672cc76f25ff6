package conformance_test

import (
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// A server that answers every request with the documented example knows nothing,
// and a suite that it satisfies tests nothing.
func TestStatelessStubIsNotConformant(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			c := open(t, name)
			r := run(t, conformance.Config{Contract: c, Target: serve(t, stub(c))})
			if r.Verdict != reports.NonConformant {
				tell(t, r, 20)
				t.Errorf("a stub without state is judged %s", r.Verdict)
			}
			tell(t, r, 12)
		})
	}
}
