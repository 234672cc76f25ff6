package selftest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
)

// pinger is a server of one operation that can be told to misbehave. With deaf it
// agrees and goes on as before; with sick it is wrong from the start.
type pinger struct {
	deaf, sick bool

	mu     sync.Mutex
	faults map[string]armed // by session
}

type armed struct {
	Fault, Session string
	Params         map[string]string
}

func (p *pinger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	session := r.Header.Get("Mock-Session")
	switch {
	case strings.HasSuffix(r.URL.Path, "/faults") && r.Method == http.MethodPost:
		var a armed
		_ = json.NewDecoder(r.Body).Decode(&a)
		if !p.deaf {
			p.faults[session] = a
		}
		fmt.Fprint(w, `{"id":"f1"}`)
	case strings.Contains(r.URL.Path, "/faults/"):
		delete(p.faults, session)
	case strings.HasSuffix(r.URL.Path, "/reset"):
	case r.URL.Path != "/ping":
		http.NotFound(w, r)
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
	default:
		p.pong(w, p.faults[session])
	}
}

func (p *pinger) pong(w http.ResponseWriter, a armed) {
	doc := map[string]any{"n": 1, "state": "up", "note": "all is well"}
	name := strings.TrimPrefix(a.Params["path"], "/")
	switch {
	case p.sick:
		doc["n"] = "one"
	case a.Fault == "drop-field":
		delete(doc, name)
	case a.Fault == "out-of-enum":
		doc[name] = "NOT_ONE_OF_THEM"
	case a.Fault == "reset":
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(doc)
}

func catalogue() []Fault {
	return []Fault{{"reset", "wire", ""}, {"drip", "wire", ""}, {"drop-field", "message", ""}, {"out-of-enum", "message", ""}}
}

func try(t *testing.T, p *pinger, only ...string) (*Result, error) {
	t.Helper()
	c, err := specs.Open("testdata/ping.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p.faults = map[string]armed{}
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	return Run(t.Context(), Config{Contract: c, Target: s.URL, Admin: s.URL + "/admin", Faults: catalogue(), Only: only, CleanRuns: 2, Parallel: 2})
}

func classes(r *Result) string {
	var all []string
	for _, p := range r.Planted {
		all = append(all, strings.TrimSpace(p.Fault+" "+p.Path)+": "+string(p.Class))
	}
	return strings.Join(all, "\n")
}

// What breaks the contract is found, what the contract allows is allowed.
func TestFaultsAreFound(t *testing.T) {
	r, err := try(t, &pinger{})
	if err != nil {
		t.Fatal(err)
	}
	want := "reset: found\ndrip: tolerated\ndrop-field /n: found\ndrop-field /note: allowed\ndrop-field /state: found\n" +
		"out-of-enum /note: allowed\nout-of-enum /state: found"
	if got := classes(r); got != want {
		t.Errorf("found\n%s\nexpected\n%s", got, want)
	}
	if r.Failed() || r.CleanRuns != 2 || r.CleanSteps == 0 {
		t.Errorf("failed %v after %d clean runs with %d steps", r.Failed(), r.CleanRuns, r.CleanSteps)
	}
	for _, p := range r.Of(Found) {
		if len(p.Red) == 0 || !strings.Contains(p.Deviation, p.Path) {
			t.Errorf("%s %s: red %v, deviation %q", p.Fault, p.Path, p.Red, p.Deviation)
		}
	}
}

// A fault of the connection that changes nothing survives, and the self-test says so.
func TestSurvivorsFail(t *testing.T) {
	r, err := try(t, &pinger{deaf: true}, "reset", "out-of-enum")
	if err != nil {
		t.Fatal(err)
	}
	if got := classes(r); got != "reset: survived\nout-of-enum /note: survived\nout-of-enum /state: survived" || !r.Failed() {
		t.Errorf("found %q, failed %v", got, r.Failed())
	}
}

// A server that is wrong without any fault raises an alarm in every run.
func TestAlarmsFail(t *testing.T) {
	r, err := try(t, &pinger{sick: true}, "drip")
	if err != nil {
		t.Fatal(err)
	}
	if len(r.FalseAlarms) < 2 || !r.Failed() || len(r.Of(FalseAlarm)) != 1 {
		t.Errorf("alarms %v, seeds %s", r.FalseAlarms, classes(r))
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	c, err := specs.Open("testdata/ping.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		config Config
		want   string
	}{
		{"no contract", Config{Faults: catalogue()}, "needs a contract"},
		{"no faults", Config{Contract: c}, "needs the faults"},
		{"a fault nobody knows", Config{Contract: c, Faults: []Fault{{Name: "sulks"}}}, "does not know what to expect of the fault sulks"},
		{"a pattern that fits nothing", Config{Contract: c, Faults: catalogue(), Only: []string{"dorp-*"}}, "no fault fits"},
		{"no server", Config{Contract: c, Faults: catalogue(), Target: "http://127.0.0.1:1"}, "cannot be tested"},
	} {
		if _, err := Run(t.Context(), tc.config); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, expected one about %q", tc.name, err, tc.want)
		}
	}
}

// The figures of a contract take the place of the older ones and leave the rest.
func TestPage(t *testing.T) {
	first := &Result{Contract: "a", Faults: []Fault{{"reset", "wire", ""}}, CleanRuns: 1}
	page := Page("# Title\n\nWords.\n", first)
	page = Page(page, &Result{Contract: "b", CleanRuns: 2})
	first.CleanRuns = 7
	page = Page(page, first)
	if strings.Count(page, "### a") != 1 || !strings.Contains(page, "7 clean runs") || !strings.Contains(page, "2 clean runs") || !strings.HasPrefix(page, "# Title\n\nWords.\n") {
		t.Errorf("the page is\n%s", page)
	}
}
