package compare

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/reports"
)

func sample() *reports.Report {
	return &reports.Report{
		Schema: reports.SchemaVersion, Verdict: reports.Partial, Started: time.Unix(0, 0), DurationMs: 10,
		Suite: reports.Suite{Contract: "sound", ContractVersion: "1", ContractDigest: "sha256:1"},
		Scenarios: []reports.Scenario{
			{ID: "a", Status: reports.Failed, DurationMs: 3, Steps: []reports.Step{{Exchange: reports.Exchange{Request: reports.Request{Body: `{"plate": "B-XY 11"}`}}}}}, {ID: "b", Status: reports.Passed}, {ID: "c", Status: reports.NotReached},
		},
		Deviations: []reports.Deviation{
			{ID: "d1", Scenario: "a", Operation: "add", In: "body", Path: "/id", Kind: "value", Severity: reports.SeverityError,
				Expected: `"B-XY 11"`, Actual: "0b6e6a1e-7a0f-4c5c-8a52-0b1c9b1f4a11 at 2026-01-01T10:00:00Z after 12 ms from http://127.0.0.1:4711 K7Q2M9X4B1ZZ"},
			{ID: "d2", Scenario: "b", Operation: "add", In: "status", Kind: "status", Severity: reports.SeverityWarning, Expected: "200", Actual: "201"},
		},
		Coverage: reports.Coverage{
			Operations:   []reports.OperationCoverage{{Operation: "add", Exercised: true}},
			Outcomes:     []reports.OutcomeCoverage{{Operation: "add", Layer: "http", Code: "409", Observed: true}},
			Fields:       []reports.FieldCoverage{{Operation: "add", Direction: "response", Path: "/id", Seen: true}},
			Requirements: []reports.RequirementCoverage{{ID: "S-1", Status: "held"}},
		},
	}
}

func ids(t *testing.T, old, now *reports.Report) []string {
	t.Helper()
	all, _, err := Reports(old, now)
	if err != nil {
		t.Fatal(err)
	}
	found := []string{}
	for _, c := range all {
		found = append(found, string(c.Severity)+" "+c.ID)
	}
	slices.Sort(found)
	return found
}

func TestReports(t *testing.T) {
	tested := map[string]bool{}
	for _, row := range []struct {
		name string
		edit func(*reports.Report)
		want string
		back string
	}{
		{"nothing", func(*reports.Report) {}, "", ""},
		{"a value that is made up for each run", func(r *reports.Report) {
			r.Scenarios[0].Steps = []reports.Step{{Exchange: reports.Exchange{Request: reports.Request{Body: `{"plate": "B-XY 77"}`}}}}
			r.Deviations[0].Expected = `"B-XY 77"`
		}, "", ""},
		{"noise", func(r *reports.Report) {
			r.Started, r.DurationMs, r.Scenarios[0].DurationMs = time.Now(), 99, 7
			r.Deviations[0].Actual = "77777777-7a0f-4c5c-8a52-0b1c9b1f4a11 at 2027-02-03T11:22:33+02:00 after 140 ms from http://127.0.0.1:9999 ZZZZM9X4B1ZZ"
			slices.Reverse(r.Deviations)
			slices.Reverse(r.Scenarios)
		}, "", ""},
		{"a worse verdict", func(r *reports.Report) { r.Verdict = reports.NonConformant }, "breaking verdict-worse", "info verdict-better"},
		{"another contract", func(r *reports.Report) { r.Suite.ContractDigest = "sha256:2" }, "info contract-changed", "info contract-changed"},
		{"a new error", func(r *reports.Report) {
			r.Deviations = append(r.Deviations, reports.Deviation{ID: "d3", Scenario: "a", Severity: reports.SeverityError})
		}, "breaking deviation-new", "info deviation-fixed"},
		{"a new warning", func(r *reports.Report) {
			r.Deviations = append(r.Deviations, reports.Deviation{ID: "d3", Scenario: "a", Severity: reports.SeverityWarning})
		}, "warning deviation-new-warning", "info deviation-fixed"},
		{"a new remark", func(r *reports.Report) {
			r.Deviations = append(r.Deviations, reports.Deviation{ID: "d3", Scenario: "a", Severity: reports.SeverityInfo})
		}, "info deviation-new-info", "info deviation-fixed"},
		{"a deviation where nobody looked", func(r *reports.Report) {
			r.Deviations = append(r.Deviations, reports.Deviation{ID: "d3", Scenario: "c", Severity: reports.SeverityInfo})
		}, "info deviation-new-info", "warning deviation-not-reached"},
		{"a worse deviation", func(r *reports.Report) { r.Deviations[1].Severity = reports.SeverityError }, "breaking deviation-worse", "info deviation-better"},
		{"a waiver", func(r *reports.Report) { r.Deviations[0].Waived = &reports.Waiver{Reason: "known"} }, "info deviation-better", "breaking deviation-worse"},
		{"another status", func(r *reports.Report) { r.Deviations[1].Actual = "202" }, "info deviation-changed", "info deviation-changed"},
		{"a scenario less", func(r *reports.Report) { r.Scenarios = append(r.Scenarios[:1], r.Scenarios[2]) }, "warning scenario-removed", "info scenario-added"},
		{"a scenario not reached", func(r *reports.Report) { r.Scenarios[1].Status = reports.NotReached }, "warning scenario-lost", "info scenario-gained"},
		{"a scenario that could not be done", func(r *reports.Report) { r.Scenarios[1].Status = reports.Error }, "breaking scenario-error", "info scenario-gained"},
		{"an operation not called", func(r *reports.Report) { r.Coverage.Operations[0].Exercised = false }, "warning operation-coverage-lost", ""},
		{"an outcome not seen", func(r *reports.Report) { r.Coverage.Outcomes[0].Observed = false }, "warning outcome-coverage-lost", ""},
		{"a field not seen", func(r *reports.Report) { r.Coverage.Fields = nil }, "warning field-coverage-lost", ""},
		{"a requirement not tested", func(r *reports.Report) { r.Coverage.Requirements[0].Status = "not-tested" }, "warning requirement-coverage-lost", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			other := sample()
			row.edit(other)
			if got := strings.Join(ids(t, sample(), other), ", "); got != row.want {
				t.Errorf("forth: found %q, want %q", got, row.want)
			}
			if got := strings.Join(ids(t, other, sample()), ", "); got != row.back {
				t.Errorf("back: found %q, want %q", got, row.back)
			}
		})
		for _, text := range []string{row.want, row.back} {
			_, id, _ := strings.Cut(text, " ")
			tested[id] = true
		}
	}
	for _, r := range Rules() {
		if !tested[r.ID] || r.About == "" {
			t.Errorf("rule %s has no pair of reports that shows it, or says nothing", r.ID)
		}
	}
}

func TestOpenDeviationsAreNoChange(t *testing.T) {
	changes, open, err := Reports(sample(), sample())
	if err != nil || len(changes) > 0 || len(open) != 2 {
		t.Errorf("found %v and %v open, %v; want none and two", changes, open, err)
	}
}

func TestReportsOfTwoContracts(t *testing.T) {
	other := sample()
	other.Suite.Contract = "other"
	if _, _, err := Reports(sample(), other); err == nil || !strings.Contains(err.Error(), "other") {
		t.Errorf("found %v, want an error that names both contracts", err)
	}
}

// FuzzReports: no report makes the comparison panic, and one that is compared with
// itself has not changed.
//
//fuzz:file
func FuzzReports(f *testing.F) {
	seed, err := json.Marshal(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(seed))
	f.Fuzz(func(t *testing.T, text string) {
		a, err := reports.Decode(strings.NewReader(text))
		if err != nil {
			return
		}
		b, err := reports.Decode(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if all, _, err := Reports(a, b); err != nil || len(all) > 0 {
			t.Errorf("a report differs from itself: %v, %v", all, err)
		}
	})
}
