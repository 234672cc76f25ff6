package verdict

import (
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/reports"
)

func TestContradictions(t *testing.T) {
	fresh := func() *reports.Report {
		r := &reports.Report{
			Scenarios: []reports.Scenario{
				{ID: "a", Profile: "core", Status: reports.Passed, Steps: []reports.Step{{ID: "one", Status: reports.Passed}}},
				{ID: "b", Profile: "core", Status: reports.Failed, Steps: []reports.Step{{ID: "one", Status: reports.Failed, Deviations: []string{"x"}}}},
			},
			Deviations: []reports.Deviation{{ID: "x", Scenario: "b", Step: "one", Severity: reports.SeverityError}},
		}
		Apply(r, Scope{})
		return r
	}
	if wrong := Contradictions(fresh()); len(wrong) > 0 {
		t.Fatalf("a report as it is written: %v", wrong)
	}
	for _, tc := range []struct {
		name   string
		change func(*reports.Report)
		want   string
	}{
		{"a scenario made to pass", func(r *reports.Report) { r.Scenarios[1].Status = reports.Passed }, "the scenario b says passed"},
		{"with its step", func(r *reports.Report) {
			r.Scenarios[1].Status, r.Scenarios[1].Steps[0].Status = reports.Passed, reports.Passed
		}, "its deviation x is an error"},
		{"and without its deviation", func(r *reports.Report) {
			r.Scenarios[1].Status, r.Scenarios[1].Steps[0] = reports.Passed, reports.Step{ID: "one", Status: reports.Passed}
		}, "no step has the deviation x"},
		{"a deviation taken away", func(r *reports.Report) { r.Deviations = nil }, "which is not there"},
		{"a count made better", func(r *reports.Report) { r.Profiles[0].Failed = 0 }, "counts of the profile core"},
		{"a scenario taken away", func(r *reports.Report) { r.Scenarios = r.Scenarios[1:] }, "counts of the profile core"},
		{"a profile taken away", func(r *reports.Report) { r.Profiles = nil }, "core is missing"},
	} {
		r := fresh()
		tc.change(r)
		wrong := Contradictions(r)
		if len(wrong) == 0 || !strings.Contains(wrong[0].Error(), tc.want) {
			t.Errorf("%s: found %v, expected %q", tc.name, wrong, tc.want)
		}
	}
}
