package verdict

import (
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/reports"
)

func steps(all ...reports.Status) []reports.Step {
	var out []reports.Step
	for _, s := range all {
		out = append(out, reports.Step{Status: s, Why: "why " + string(s)})
	}
	return out
}

func TestScenarioTakesTheWorstStep(t *testing.T) {
	const p, f, w, e, ns, nr, wv = reports.Passed, reports.Failed, reports.Warned, reports.Error, reports.NotSupported, reports.NotReached, reports.Waived
	for _, tc := range []struct {
		name  string
		steps []reports.Step
		want  reports.Status
	}{
		{"nothing tests nothing", nil, e},
		{"passed", steps(p, p), p},
		{"failed wins", steps(p, nr, e, f), f},
		{"error over not reached", steps(p, nr, e), e},
		{"not supported over not reached", steps(nr, ns, p), ns},
		{"not reached over warned", steps(w, nr), nr},
		{"waived over warned", steps(w, wv, p), wv},
		{"warned", steps(p, w), w},
		{"unknown", steps("fine"), e},
	} {
		if got, _ := Scenario(tc.steps); got != tc.want {
			t.Errorf("%s: %s, expected %s", tc.name, got, tc.want)
		}
	}
	// Every status of the report has its place in the order.
	if len(order()) != len(reports.Statuses()) {
		t.Error("the order of the fold and the statuses of the report are two lists")
	}
}

func all(list ...reports.Status) []reports.Scenario {
	var out []reports.Scenario
	for _, s := range list {
		out = append(out, reports.Scenario{Status: s, Profile: "core"})
	}
	return out
}

func TestRun(t *testing.T) {
	const p, f, w, e, ns, nr, wv = reports.Passed, reports.Failed, reports.Warned, reports.Error, reports.NotSupported, reports.NotReached, reports.Waived
	for _, tc := range []struct {
		name  string
		given []reports.Scenario
		scope Scope
		want  reports.Verdict
		exit  int
	}{
		{"all passed", all(p, p), Scope{}, reports.Conformant, 0},
		{"warnings do not count", all(p, w), Scope{}, reports.Conformant, 0},
		{"one failed", all(p, f), Scope{}, reports.NonConformant, 1},
		{"failed outweighs an error", all(e, f), Scope{}, reports.NonConformant, 1},
		{"an error is nobody's fault", all(p, e), Scope{}, reports.Inconclusive, 3},
		{"nothing was planned", nil, Scope{}, reports.Inconclusive, 3},
		{"all skipped", all(nr, nr), Scope{}, reports.Inconclusive, 3},
		{"all unsupported", all(ns), Scope{}, reports.Inconclusive, 3},
		{"one not reached lowers coverage alone", all(p, nr), Scope{}, reports.Conformant, 0},
		{"one not declared", all(p, ns), Scope{}, reports.Conformant, 0},
		{"not reached excuses no failure", all(f, nr), Scope{}, reports.NonConformant, 1},
		{"one waived", all(p, wv), Scope{}, reports.Partial, 0},
		{"all waived ran", all(wv), Scope{}, reports.Partial, 0},
		{"narrowed by a filter", all(p), Scope{Excluded: 3, Filters: []string{"--only x"}}, reports.Partial, 0},
		{"the target cannot be tested", all(p, f), Scope{Unusable: "no connection"}, reports.Inconclusive, 3},
		{"a step did not come back", all(p), Scope{Problems: []string{"a/b came back 0 times"}}, reports.Inconclusive, 3},
	} {
		r := &reports.Report{Scenarios: tc.given}
		Apply(r, tc.scope)
		if r.Verdict != tc.want || len(r.Why) == 0 {
			t.Errorf("%s: %s because %v, expected %s", tc.name, r.Verdict, r.Why, tc.want)
		}
		if got := Exit(r, "error", nil); got != tc.exit {
			t.Errorf("%s: exit %d, expected %d", tc.name, got, tc.exit)
		}
	}
}

func TestExitByFailOnAndGates(t *testing.T) {
	failed := &reports.Report{Verdict: reports.NonConformant}
	warned := &reports.Report{Verdict: reports.Conformant, Deviations: []reports.Deviation{{Severity: reports.SeverityWarning}},
		Coverage: reports.Coverage{Outcomes: []reports.OutcomeCoverage{{Documented: true, Observed: true}, {Documented: true}, {Observed: true}}}}
	for _, tc := range []struct {
		name   string
		r      *reports.Report
		failOn string
		gates  string
		want   int
	}{
		{"error", failed, "error", "", 1},
		{"never", failed, "never", "", 0},
		{"never is not for inconclusive", &reports.Report{Verdict: reports.Inconclusive}, "never", "", 3},
		{"a warning", warned, "warning", "", 1},
		{"a warning is no error", warned, "error", "", 0},
		{"gate held", warned, "error", "outcomes=50", 0},
		{"gate missed", warned, "error", "outcomes=51", 1},
		{"nothing to measure holds no gate", warned, "error", "fields=0", 1},
	} {
		var gates []Gate
		if tc.gates != "" {
			var err error
			if gates, err = ParseGates([]string{tc.gates}); err != nil {
				t.Fatal(err)
			}
		}
		if got := Exit(tc.r, tc.failOn, gates); got != tc.want {
			t.Errorf("%s: exit %d, expected %d", tc.name, got, tc.want)
		}
	}
	for _, wrong := range []string{"outcomes", "outcomes=", "outcomes=101", "lines=3"} {
		if _, err := ParseGates([]string{wrong}); err == nil || !strings.Contains(err.Error(), "outcomes=90") {
			t.Errorf("%q: error %v", wrong, err)
		}
	}
}

func deviating() *reports.Report {
	return &reports.Report{
		Scenarios: []reports.Scenario{{Status: reports.Failed, Steps: []reports.Step{
			{ID: "a", Status: reports.Failed, Deviations: []string{"d1", "d2"}}, {ID: "b", Status: reports.NotReached}}}},
		Deviations: []reports.Deviation{{ID: "d1", Severity: reports.SeverityError}, {ID: "d2", Severity: reports.SeverityWarning}},
	}
}

func TestWaive(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name     string
		waivers  []WaiverRule
		baseline *reports.Report
		want     reports.Status
		note     string
	}{
		{"none", nil, nil, reports.Failed, ""},
		{"the error waived leaves the warning", []WaiverRule{{Deviation: "d1", Reason: "known", Owner: "me", Expires: "2026-06-01"}}, nil, reports.NotReached, ""},
		{"both waived", []WaiverRule{{Deviation: "d1", Reason: "known", Owner: "me", Expires: "2026-12-31"}, {Deviation: "d2", Reason: "known", Owner: "me", Expires: "2026-12-31"}}, nil, reports.Waived, ""},
		{"expired", []WaiverRule{{Deviation: "d1", Reason: "known", Owner: "me", Expires: "2026-05-31"}}, nil, reports.Failed, "expired on 2026-05-31"},
		{"stale", []WaiverRule{{Deviation: "d9", Reason: "known", Owner: "me", Expires: "2026-12-31"}}, nil, reports.Failed, "fits no deviation"},
		{"in the baseline", nil, deviating(), reports.Waived, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := deviating()
			notes := strings.Join(Waive(r, tc.waivers, tc.baseline, now), "\n")
			if got := r.Scenarios[0].Status; got != tc.want {
				t.Errorf("the scenario is %s, expected %s", got, tc.want)
			}
			if !strings.Contains(notes, tc.note) || tc.note == "" && notes != "" {
				t.Errorf("notes %q, expected %q", notes, tc.note)
			}
		})
	}
}

// A waiver that has expired, or that fits nothing where everything was run, makes
// the run fail; one that may fit what was left out does not.
func TestStaleWaiversFailTheRun(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		name   string
		waiver WaiverRule
		suite  reports.Suite
		want   int
	}{
		{"holds", WaiverRule{Deviation: "d1", Reason: "known", Owner: "me", Expires: "2026-12-31"}, reports.Suite{}, ExitFine},
		{"expired", WaiverRule{Deviation: "d1", Reason: "known", Owner: "me", Expires: "2026-05-31"}, reports.Suite{}, ExitDeviations},
		{"expired in a part", WaiverRule{Deviation: "d1", Reason: "known", Owner: "me", Expires: "2026-05-31"}, reports.Suite{Shard: "1/2"}, ExitDeviations},
		{"passes now", WaiverRule{Deviation: "d9", Reason: "known", Owner: "me", Expires: "2026-12-31"}, reports.Suite{}, ExitDeviations},
		{"of what was filtered out", WaiverRule{Deviation: "d9", Reason: "known", Owner: "me", Expires: "2026-12-31"}, reports.Suite{Filters: []string{"--only x"}}, ExitFine},
		{"of another shard", WaiverRule{Deviation: "d9", Reason: "known", Owner: "me", Expires: "2026-12-31"}, reports.Suite{Shard: "1/2"}, ExitFine},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := deviating()
			r.Suite = tc.suite
			Waive(r, []WaiverRule{tc.waiver}, nil, now)
			r.Verdict = reports.Partial
			if got := Exit(r, "error", nil); got != tc.want {
				t.Errorf("expected exit code %d, found %d", tc.want, got)
			}
		})
	}
}

func TestFingerprint(t *testing.T) {
	f := Finding{Contract: "c", Operation: "o", Scenario: "s", Step: "t", In: "body", Path: "/a/3/b", Kind: "type"}
	same, other := f, f
	same.Path, other.Kind = "/a/17/b", "enum"
	if Fingerprint(f) != Fingerprint(same) || Fingerprint(f) == Fingerprint(other) || len(Fingerprint(f)) != 16 {
		t.Errorf("%s, %s, %s: the place in a list must not count, the kind must", Fingerprint(f), Fingerprint(same), Fingerprint(other))
	}
}
