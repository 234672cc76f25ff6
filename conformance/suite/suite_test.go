package suite

import (
	"bytes"
	"flag"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
	contracts "github.com/roadworthy-project/roadworthy/specs"
)

func jobs(t *testing.T, text string) (*engine.Runner, []engine.Job) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/broken") {
			w.WriteHeader(500)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id":"2b0c3d4e-0000-4000-8000-000000000001","number":"A","weight":1}`))
	}))
	t.Cleanup(server.Close)
	c, err := contracts.Open("../testdata/parcels")
	if err != nil {
		t.Fatal(err)
	}
	r, err := engine.New(c, engine.Options{Target: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	list, err := scenarios.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var out []engine.Job
	for _, s := range list {
		out = append(out, engine.Job{Scenario: s, Origin: "file"})
	}
	return r, out
}

const three = `id: a
title: Good, twice
steps: [{id: one, operation: getParcel}, {id: two, operation: getParcel}]
---
id: b
title: Broken, and what follows
steps: [{id: one, operation: getParcel, request: {path: {id: broken}}}, {id: two, operation: getParcel}]
---
id: c
title: Good again
steps: [{id: one, operation: getParcel}]
`

// Every planned step comes back once, in the order of the plan, with and without
// Ginkgo; Ginkgo's console goes where it is sent.
func TestRun(t *testing.T) {
	r, list := jobs(t, three)
	var console bytes.Buffer
	holder := &verdictHolder{}
	progress := 0
	results, problems := Run(t.Context(), r, list, Options{Output: &console, Testing: holder, Progress: func(engine.Progress) { progress++ }})
	want(t, results, problems)
	if !holder.failed || progress != 3 {
		t.Errorf("failed %v, progress %d times, expected a failure and 3", holder.failed, progress)
	}
	if text := console.String(); !refusesGo(flag.CommandLine) && !strings.Contains(text, "Broken, and what follows") {
		t.Errorf("the console does not name the scenario that failed: %q", text)
	}

	came := map[outcome]int{}
	running, holder := r.Start(t.Context(), list, nil), &verdictHolder{}
	plain(running, list, Options{Testing: holder}, came)
	for i, job := range list {
		problems = append(problems, reconcile(i, job, running.Wait(i), came)...)
	}
	if len(problems) > 0 || !holder.failed {
		t.Errorf("without Ginkgo: problems %v, failed %v", problems, holder.failed)
	}
}

// Many scenarios are several suites to Ginkgo, and one run to everybody else.
func TestManyScenariosAreSeveralSuites(t *testing.T) {
	r, list := jobs(t, three)
	var console bytes.Buffer
	holder := &verdictHolder{}
	results, problems := Run(t.Context(), r, list, Options{Output: &console, Testing: holder, perSuite: 1})
	want(t, results, problems)
	if !holder.failed {
		t.Error("a failure in the second suite was lost")
	}
	if n := strings.Count(console.String(), "conformance"); !refusesGo(flag.CommandLine) && n < 3 {
		t.Errorf("Ginkgo ran %d suites: %s", n, console.String())
	}
}

func want(t *testing.T, results []*engine.Result, problems []string) {
	t.Helper()
	var have []string
	for _, res := range results {
		have = append(have, res.Scenario.ID+" "+string(res.Scenario.Status))
	}
	if got := strings.Join(have, ", "); got != "a passed, b failed, c passed" || len(problems) > 0 {
		t.Errorf("results %s, problems %v", got, problems)
	}
	if st := results[1].Scenario.Steps[1]; st.Status != reports.NotReached {
		t.Errorf("the step behind a broken one is %s", st.Status)
	}
}

// What did not come back is said, and a run with such a problem is never a success.
func TestReconcile(t *testing.T) {
	r, list := jobs(t, three)
	running := r.Start(t.Context(), list, nil)
	for _, tc := range []struct {
		name string
		came map[outcome]int
		want string
	}{
		{"all", map[outcome]int{{0, 0}: 1, {0, 1}: 1}, ""},
		{"one is missing", map[outcome]int{{0, 0}: 1}, "a/two came back 0 times"},
		{"one came twice", map[outcome]int{{0, 0}: 2, {0, 1}: 1}, "a/one came back 2 times"},
	} {
		got := strings.Join(reconcile(0, list[0], running.Wait(0), tc.came), "; ")
		if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
			t.Errorf("%s: %q, expected %q", tc.name, got, tc.want)
		}
	}
	cut := *running.Wait(0)
	cut.Scenario.Steps = cut.Scenario.Steps[:1]
	if got := reconcile(0, list[0], &cut, map[outcome]int{{0, 0}: 1, {0, 1}: 1}); len(got) != 1 {
		t.Errorf("a step that was planned and is not in the result: %v", got)
	}
}

func TestGoFlagsThatGinkgoRefuses(t *testing.T) {
	for _, tc := range []struct {
		args string
		want bool
	}{{"", false}, {"-test.count=1", false}, {"-test.count=2", true}, {"-test.parallel=4", true}} {
		flags := flag.NewFlagSet("test", flag.ContinueOnError)
		flags.Int("test.count", 1, "")
		flags.Int("test.parallel", 1, "")
		if err := flags.Parse(strings.Fields(tc.args)); err != nil {
			t.Fatal(err)
		}
		if got := refusesGo(flags); got != tc.want {
			t.Errorf("%q: %v, expected %v", tc.args, got, tc.want)
		}
	}
}
