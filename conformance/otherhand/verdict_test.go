package otherhand

import (
	"flag"
	"fmt"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

func judge(t *testing.T, s *server, hook bool, operations ...string) *reports.Report {
	t.Helper()
	contract, err := specs.Open("otms")
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s)
	defer h.Close()
	c := conformance.Config{Contract: contract, Target: h.URL, Seed: 11, Version: "test", Timeout: 5 * time.Second, Parallel: 1, Operations: operations}
	if hook {
		c.ProviderStates = h.URL + "/hook"
	}
	r, err := conformance.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// each runs every single reading too: go test ./conformance/otherhand -each
var each = flag.Bool("each", false, "try each reading by itself too")

// Whatever way the open points are read: what the pages say is held, and that counts.
func TestEveryReadingIsConformant(t *testing.T) {
	names, list := ways(*each, 12)
	for i, r := range list {
		for _, hook := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/states-%v", names[i], hook), func(t *testing.T) {
				report := judge(t, newServer(r, ""), hook)
				ran := 0
				for _, s := range report.Scenarios {
					if s.Status == reports.Passed || s.Status == reports.Warned {
						ran++
					}
				}
				if ran < 400 || hook && ran < 500 {
					t.Errorf("only %d of %d scenarios were run", ran, len(report.Scenarios))
				}
				if report.Verdict == reports.Conformant {
					return
				}
				t.Errorf("verdict %s: %v", report.Verdict, report.Why)
				for _, d := range report.Deviations {
					if d.Severity == reports.SeverityError {
						t.Logf("%s/%s %s %s %s: expected %s, found %s", d.Scenario, d.Step, d.In, d.Path, d.Kind, d.Expected, d.Actual)
					}
				}
			})
		}
	}
}

// The mixtures leave no way of any reading untried.
func TestMixturesHaveEveryWay(t *testing.T) {
	_, list := ways(false, 12)
	for f := range reflect.TypeFor[readings]().Fields() {
		for v := range max(2, kinds[f.Name]) {
			if !slices.ContainsFunc(list, func(r readings) bool { return reflect.ValueOf(r).FieldByName(f.Name).Int() == int64(v) }) {
				t.Errorf("no mixture has %s %d", f.Name, v)
			}
		}
	}
}
