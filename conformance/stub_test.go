package conformance_test

import (
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// A server that answers every request with the documented example knows nothing,
// and a suite that it satisfies tests nothing. The written scenarios find it alone, and
// so do the generated cases.
func TestStatelessStubIsNotConformant(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		c := open(t, name)
		for _, generated := range []string{"off", "only"} {
			t.Run(name+"/generated "+generated, func(t *testing.T) {
				cfg := conformance.Config{Contract: c, Target: serve(t, stub(c)), Generated: generated}
				if generated == "only" && len(c.Operations) > 30 {
					cfg.Operations = []string{"*e*"} // a part of a large contract says as much
					cfg.Shard = "1/4"
				}
				r := run(t, cfg)
				if r.Verdict != reports.NonConformant {
					t.Errorf("a stub without state is judged %s", r.Verdict)
				}
				tell(t, r, 5)
			})
		}
	}
}
