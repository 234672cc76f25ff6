package reports_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/roadworthy-project/roadworthy/reports"
)

func TestWriteAndRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "report")
	if err := reports.Write(sample(), dir, []string{"json", "junit", "html", "markdown", "sarif"}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		if info, _ := e.Info(); info.Mode().Perm() != 0o644 {
			t.Errorf("%s has mode %v, others cannot read it", e.Name(), info.Mode())
		}
	}
	if diff := cmp.Diff([]string{"junit.xml", "report.html", "report.json", "report.md", "report.sarif"}, names); diff != "" {
		t.Errorf("files of the folder (-want +got):\n%s", diff)
	}
	back, err := reports.Read(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(render(t, reports.JSON, sample()), render(t, reports.JSON, back)); diff != "" {
		t.Errorf("read is not what was written:\n%s", diff)
	}
}

func TestWriteRefuses(t *testing.T) {
	for _, c := range []struct{ name, format, want string }{
		{"unknown", "pdf", "the formats are json, junit, html, markdown, sarif, github"},
		{"no file", "github", "standard output"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := reports.Write(sample(), t.TempDir(), []string{c.format})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// A report that cannot be written leaves the earlier file and no other behind.
func TestWriteKeepsTheOldFile(t *testing.T) {
	dir := t.TempDir()
	if err := reports.Write(sample(), dir, []string{"json"}); err != nil {
		t.Fatal(err)
	}
	bad := sample()
	bad.Started = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) // no RFC 3339 year
	if err := reports.Write(bad, dir, []string{"json"}); err == nil {
		t.Fatal("an impossible time was written")
	}
	if _, err := reports.Read(filepath.Join(dir, "report.json")); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := render(t, reports.JSON, sample())
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", "no report"},
		{"no JSON", "<html>", "line 1"},
		{"another JSON", `{"a": 1}`, `schema is ""`},
		{"a later version", `{"schema": "roadworthy.report/v2"}`, "roadworthy.report/v2"},
		{"an escape in the version", `{"schema": "\u001b[31m"}`, `\x1b`},
		{"deep nesting", strings.Repeat("[", 100000), "nested"},
		{"a wrong type", `{"schema": "roadworthy.report/v1",` + "\n" + `"scenarios": 5}`, "line 2"},
		{"an unknown status", strings.Replace(good, `"status": "error"`, `"status": "skipped"`, 1), `scenarios[3].status is "skipped"`},
		{"a deviation that is not there", strings.Replace(good, `"id": "d3"`, `"id": "d9"`, 1), `"d3", which is not in the report`},
		{"a deviation twice", strings.Replace(good, `"id": "d3"`, `"id": "d1"`, 1), "twice"},
		{"a scenario twice", strings.Replace(good, `"id": "petshop.link"`, `"id": "petshop.enum"`, 1), "twice"},
		{"cut off", good[:len(good)/2], "line"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := reports.Decode(strings.NewReader(c.in))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// An added member is not an error: the version allows it.
func TestDecodeIgnoresWhatItDoesNotKnow(t *testing.T) {
	in := strings.Replace(render(t, reports.JSON, sample()), `"verdict"`, `"added": {"x": [1]}, "verdict"`, 1)
	if _, err := reports.Decode(strings.NewReader(in)); err != nil {
		t.Error(err)
	}
}

//fuzz:file
func FuzzDecode(f *testing.F) {
	f.Add(`{"schema": "roadworthy.report/v1", "verdict": "partial", "scenarios": [{"id": "x", "steps": [{}]}]}`)
	var sampled strings.Builder
	reports.JSON(&sampled, sample())
	f.Add(sampled.String())
	f.Fuzz(func(t *testing.T, s string) {
		r, err := reports.Decode(strings.NewReader(s))
		if err != nil {
			return
		}
		for _, format := range reports.Formats() {
			render(t, format.Render, r)
		}
		reports.Terminal(&strings.Builder{}, r, reports.TerminalOptions{Trace: true})
	})
}

func TestGroups(t *testing.T) {
	groups := reports.Groups([]reports.Deviation{
		{ID: "1", Operation: "b", In: "body", Path: "/x/0/y", Kind: "type", Severity: reports.SeverityWarning, Scenario: "s1", Requirement: "R2"},
		{ID: "2", Operation: "a", In: "status", Kind: "status", Severity: reports.SeverityError, Scenario: "s1"},
		{ID: "3", Operation: "b", In: "body", Path: "/x/12/y", Kind: "type", Severity: reports.SeverityError, Scenario: "s2", Actual: "other", Requirement: "R1"},
		{ID: "4", Operation: "b", In: "body", Path: "/x/12/y", Kind: "missing", Severity: reports.SeverityInfo, Scenario: "s2"},
		{ID: "5", Operation: "c", In: "body", Path: "/l/i[3]/z", Kind: "type", Severity: reports.SeverityError, Waived: &reports.Waiver{}},
		{ID: "6", Operation: "a", In: "status", Kind: "status", Severity: reports.SeverityError, Scenario: "s3", Expected: "201 Created", Actual: "400 Bad Request"},
		{ID: "7", Operation: "a", In: "status", Kind: "status", Severity: reports.SeverityError, Scenario: "s4", Expected: "a refusal", Actual: "200 OK: accepted"},
		{ID: "8", Operation: "a", In: "status", Kind: "status", Severity: reports.SeverityWarning, Scenario: "s5", Expected: "a refusal", Actual: "200 OK: accepted"},
	})
	var got []string
	for _, g := range groups {
		got = append(got, g.Operation+" "+g.Where()+" "+g.Kind+" "+string(g.Severity))
	}
	want := []string{"b body /x/*/y type error", "a status status error", "a status 400 status error", "a status 200 status error", "a status 200 status warning",
		"b body /x/*/y missing info", "c body /l/i[*]/z type error"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("one cause each, the gravest and most frequent first, waived last (-want +got):\n%s", diff)
	}
	if first := groups[0].Deviations[0].ID; first != "3" {
		t.Errorf("the group begins with %s, expected the error", first)
	}
	if g := groups[0]; g.Variants() != 2 || g.Scenarios() != 2 || cmp.Diff([]string{"R1", "R2"}, g.Requirements()) != "" {
		t.Errorf("variants %d, scenarios %d, requirements %v", g.Variants(), g.Scenarios(), g.Requirements())
	}
}

func TestMerge(t *testing.T) {
	a, b := sample(), sample()
	b.Scenarios = []reports.Scenario{{ID: "petshop.other", Profile: "core", Status: reports.Passed}}
	b.Deviations = nil
	b.Started, b.DurationMs = a.Started.Add(time.Minute), 1000
	b.Coverage.Outcomes = []reports.OutcomeCoverage{{Operation: "addOrder", Layer: "http", Code: "422", Documented: true, Attempted: true, Observed: true, Scenarios: []string{"petshop.other"}}}
	b.Coverage.Requirements = []reports.RequirementCoverage{{ID: "PS-002", Status: "held"}, {ID: "PS-003", Status: "held"}}
	a.Suite.Shard, b.Suite.Shard = "1/2", "2/2"
	folded := false
	m, err := reports.Merge(func(r *reports.Report) { folded = true; r.Verdict = reports.Partial }, a, b)
	if err != nil {
		t.Fatal(err)
	}
	if !folded || m.Verdict != reports.Partial {
		t.Error("the verdict is not that of the rule")
	}
	if len(m.Scenarios) != 9 || len(m.Deviations) != 5 || m.Suite.Shard != "" {
		t.Errorf("%d scenarios, %d deviations, shard %q", len(m.Scenarios), len(m.Deviations), m.Suite.Shard)
	}
	if m.DurationMs != 61000 {
		t.Errorf("duration is %d, want from the first start to the last end", m.DurationMs)
	}
	if o := m.Coverage.Outcomes[1]; !o.Observed || o.WhyNot != "" || len(o.Scenarios) != 1 {
		t.Errorf("an outcome that one shard saw is %+v", o)
	}
	status := map[string]string{}
	for _, q := range m.Coverage.Requirements {
		status[q.ID] = q.Status
	}
	if diff := cmp.Diff(map[string]string{"PS-001": "held", "PS-002": "violated", "PS-003": "held"}, status); diff != "" {
		t.Errorf("requirements (-want +got):\n%s", diff)
	}
	if m.Profiles[0].Passed != 2 {
		t.Errorf("profile core has %d passed, want 2", m.Profiles[0].Passed)
	}
}

func TestMergeRefuses(t *testing.T) {
	fold := func(*reports.Report) {}
	for _, c := range []struct {
		name, want string
		change     func(*reports.Report)
	}{
		{"another contract", "same contract", func(r *reports.Report) { r.Suite.ContractDigest = "sha256:other" }},
		{"another target", "one target", func(r *reports.Report) { r.Target.URL = "http://elsewhere" }},
		{"another version", "one version", func(r *reports.Report) { r.Suite.Version = "9" }},
		{"a report twice", "each must have been run once", func(*reports.Report) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := sample()
			c.change(b)
			if _, err := reports.Merge(fold, sample(), b); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
	if _, err := reports.Merge(fold); err == nil {
		t.Error("nothing was merged without an error")
	}
}

func TestSARIFIsConsistent(t *testing.T) {
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID              string
				RuleIndex           int
				Level               string
				Message             struct{ Text string }
				Locations           []json.RawMessage
				PartialFingerprints map[string]string
				Suppressions        []json.RawMessage
			}
		}
	}
	if err := json.Unmarshal([]byte(render(t, reports.SARIF, sample())), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || len(run.Results) != 5 {
		t.Fatalf("version %s, %d results", log.Version, len(run.Results))
	}
	for i, res := range run.Results {
		if run.Tool.Driver.Rules[res.RuleIndex].ID != res.RuleID {
			t.Errorf("result %d names rule %s and points to %s", i, res.RuleID, run.Tool.Driver.Rules[res.RuleIndex].ID)
		}
		if res.Message.Text == "" || len(res.Locations) != 1 || len(res.PartialFingerprints) != 1 {
			t.Errorf("result %d lacks text, place or fingerprint", i)
		}
	}
	if len(run.Results[4].Suppressions) != 1 || run.Results[3].Level != "warning" {
		t.Error("the waived deviation is not suppressed, or the warning is none")
	}
}

// Every kind of deviation has words of its own in SARIF.
func TestSARIFRuleTexts(t *testing.T) {
	r := sample()
	r.Deviations = nil
	for _, kind := range reports.DeviationKinds() {
		r.Deviations = append(r.Deviations, reports.Deviation{ID: kind, In: "body", Kind: kind, Severity: reports.SeverityError})
	}
	text := render(t, reports.SARIF, r)
	for _, kind := range reports.DeviationKinds() {
		if strings.Contains(text, "of a response "+kind+".") {
			t.Errorf("the kind %s has no words", kind)
		}
	}
}
