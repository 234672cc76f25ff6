package conformance_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
)

// flawed is a server with deviations of several kinds.
func flawed() *parcels { return &parcels{weightAsText: true, duplicates: true} }

// Two runs with one seed give one report: order and ids do not depend on which
// worker was faster.
func TestReportIsTheSameInEveryRun(t *testing.T) {
	text := func() string {
		r := runParcels(t, flawed())
		r.Started, r.DurationMs, r.Target.URL = time.Time{}, 0, ""
		for i := range r.Scenarios {
			r.Scenarios[i].DurationMs = 0
			for j := range r.Scenarios[i].Steps {
				st := &r.Scenarios[i].Steps[j]
				st.DurationMs, st.Exchange = 0, reports.Exchange{}
			}
		}
		for i := range r.Deviations {
			r.Deviations[i].Actual = "" // ids that the server made are not ours
		}
		out, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if a, b := text(), text(); a != b {
		t.Errorf("two runs, two reports:\n%s\n%s", a, b)
	}
}

// Everything that a deviation names is in the report.
func TestReportIsConsistent(t *testing.T) {
	r := runParcels(t, flawed())
	byID := map[string]reports.Deviation{}
	for _, d := range r.Deviations {
		if d.ID == "" || d.Source == "" || d.Severity == "" || d.Expected == "" || d.Actual == "" {
			t.Errorf("incomplete: %+v", d)
		}
		byID[d.ID] = d
	}
	named := 0
	for _, s := range r.Scenarios {
		if len(s.Steps) == 0 || s.Status == "" || s.Origin == "" {
			t.Errorf("incomplete: %+v", s)
		}
		for _, st := range s.Steps {
			for _, id := range st.Deviations {
				if d := byID[id]; d.Scenario != s.ID || d.Step != st.ID {
					t.Errorf("%s/%s names the deviation %s of %s/%s", s.ID, st.ID, id, d.Scenario, d.Step)
				}
				named++
			}
		}
	}
	if named != len(r.Deviations) || named == 0 {
		t.Errorf("%d deviations, %d are named by a step", len(r.Deviations), named)
	}
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A baseline lets pass what was known, and nothing else; so do waivers, until they end.
func TestBaselineAndWaivers(t *testing.T) {
	c := open(t, parcelsBundle)
	before := run(t, conformance.Config{Contract: c, Target: serve(t, &parcels{duplicates: true}), Generated: "off"})
	text, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	baseline := file(t, "report.json", string(text))
	id := ""
	for _, d := range before.Deviations {
		if d.Scenario == "parcels.duplicate" {
			id = d.ID
		}
	}
	waiver := func(day string) string {
		return file(t, "waivers.yaml", "waivers:\n  - {deviation: "+id+", reason: known, owner: me, expires: "+day+"}\n")
	}
	for _, tc := range []struct {
		name   string
		server *parcels
		config conformance.Config
		want   reports.Verdict
		why    string
	}{
		{"the same flaw", &parcels{duplicates: true}, conformance.Config{Baseline: baseline}, reports.Partial, "waived"},
		{"another flaw", &parcels{duplicates: true, weightAsText: true}, conformance.Config{Baseline: baseline}, reports.NonConformant, "failed"},
		{"waived", &parcels{duplicates: true}, conformance.Config{Waivers: waiver("2999-12-31")}, reports.Partial, "waived"},
		{"the waiver has ended", &parcels{duplicates: true}, conformance.Config{Waivers: waiver("2020-01-01")}, reports.NonConformant, "expired"},
		{"the waiver is stale", &parcels{}, conformance.Config{Waivers: waiver("2999-12-31")}, reports.Partial, "fits no deviation"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.config.Contract, tc.config.Target, tc.config.Generated = c, serve(t, tc.server), "off"
			r := run(t, tc.config)
			if why := strings.Join(r.Why, "; "); r.Verdict != tc.want || !strings.Contains(why, tc.why) {
				t.Errorf("verdict %s because %q, expected %s because of %q", r.Verdict, why, tc.want, tc.why)
			}
		})
	}
}

// Coverage says what was met, and why the rest was not.
func TestCoverage(t *testing.T) {
	c := open(t, parcelsBundle)
	r := run(t, conformance.Config{Contract: c, Target: serve(t, &parcels{}), Only: []string{"parcels.create-and-read", "parcels.prepared"}})
	seen := map[string]reports.OutcomeCoverage{}
	for _, o := range r.Coverage.Outcomes {
		seen[o.Operation+" "+o.Code] = o
		if !o.Observed && o.WhyNot == "" {
			t.Errorf("%s %s was not observed, and nothing says why", o.Operation, o.Code)
		}
	}
	if o := seen["addParcel 201"]; !o.Observed || !o.Attempted || len(o.Scenarios) != 1 {
		t.Errorf("addParcel 201: %+v", o)
	}
	if o := seen["addParcel 409"]; o.Observed || o.Attempted {
		t.Errorf("addParcel 409: %+v", o)
	}
	requirements := map[string]string{}
	for _, q := range r.Coverage.Requirements {
		requirements[q.ID] = q.Status
	}
	if requirements["PA-001"] != "held" || requirements["PA-002"] != "not-tested" {
		t.Errorf("requirements %v", requirements)
	}
	gates, err := verdict.ParseGates([]string{"outcomes=90"})
	if err != nil {
		t.Fatal(err)
	}
	if verdict.Exit(r, "error", gates) != verdict.ExitDeviations || verdict.Exit(r, "error", nil) != verdict.ExitFine {
		t.Errorf("a gate of 90%% of the outcomes holds at %+v", r.Coverage.Outcomes)
	}
}
