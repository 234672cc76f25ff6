package engine

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
)

const preparedSteps = "given: [{state: parcel, as: p}]\nsteps:\n  - {id: read, operation: getParcel, request: {path: {id: '${p.id}'}}, expect: {status: 200, body: {/number: A}}}\n"

func TestGivenStates(t *testing.T) {
	hook := func(status int, answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/states" {
				send(w, status, "application/json", answer)
				return
			}
			good(w, r)
		}
	}
	for _, tc := range []struct {
		name    string
		handler http.HandlerFunc
		options Options
		want    reports.Status
		why     string
	}{
		{"the hook answers", hook(200, `{"id":"7"}`), Options{ProviderStates: "/states"}, reports.Passed, ""},
		{"a fixture stands in", good, Options{Fixtures: []Fixture{{State: "parcel", Values: map[string]string{"id": "7"}}}}, reports.Passed, ""},
		{"neither", good, Options{}, reports.NotReached, "give --provider-states or a fixture"},
		{"a fixture of other parameters", good, Options{Fixtures: []Fixture{{State: "parcel", Params: map[string]string{"a": "1"}, Values: map[string]string{"id": "7"}}}}, reports.NotReached, "fixture"},
		{"an unknown state", hook(404, `{"title":"no such state"}`), Options{ProviderStates: "/states"}, reports.NotReached, "no such state"},
		{"the hook fails", hook(500, "oops"), Options{ProviderStates: "/states"}, reports.NotReached, "500"},
		{"the hook talks nonsense", hook(200, "fine"), Options{ProviderStates: "/states"}, reports.NotReached, "JSON object"},
		{"the hook forgets a value", hook(200, "{}"), Options{ProviderStates: "/states"}, reports.NotReached, "p.id"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res := one(t, tc.handler, tc.options, preparedSteps)
			if res.Scenario.Status != tc.want || !strings.Contains(res.Scenario.Why, tc.why) || len(res.Deviations) > 0 {
				t.Errorf("%s because %q, expected %s because of %q", res.Scenario.Status, res.Scenario.Why, tc.want, tc.why)
			}
		})
	}
}

// A set-up hook that does not answer is not waited for in every scenario.
func TestSilentHookIsLeftAlone(t *testing.T) {
	var asked atomic.Int32
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked.Add(1)
		<-release
	}))
	defer server.Close()
	defer close(release)
	c := parcels(t)
	r, err := New(c, Options{Target: server.URL, ProviderStates: server.URL + "/states", Timeout: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	list, err := scenarios.Parse("test.yaml", []byte("id: test\ntitle: Test\n"+preparedSteps))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"no answer within 300ms", "no answer within 300ms", "no answer within 300ms", "asked no more", "asked no more"} {
		if res := r.Run(t.Context(), list[0], "file"); res.Scenario.Status != reports.NotReached || !strings.Contains(res.Scenario.Why, want) {
			t.Errorf("run %d: %s because %q, expected not-reached because of %q", i, res.Scenario.Status, res.Scenario.Why, want)
		}
	}
	if n := asked.Load(); n != maxSilent {
		t.Errorf("the hook was asked %d times, expected %d", n, maxSilent)
	}
}

// A state is taken down once, after the last scenario that stands on it: the
// protocol names no instance, and a hook may clear away all of them.
func TestTeardownWaitsForTheLast(t *testing.T) {
	var mu sync.Mutex
	var actions []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/states" {
			good(w, r)
			return
		}
		var s struct{ Action string }
		_ = json.NewDecoder(r.Body).Decode(&s)
		mu.Lock()
		actions = append(actions, s.Action)
		mu.Unlock()
		send(w, 200, "application/json", `{"id":"7"}`)
	}))
	defer server.Close()
	r, err := New(parcels(t), Options{Target: server.URL, ProviderStates: server.URL + "/states"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := scenarios.Parse("test.yaml", []byte("id: test\ntitle: Test\n"+preparedSteps))
	if err != nil {
		t.Fatal(err)
	}
	begin := func() func() {
		x := &run{r: r, sc: list[0], scope: newScope(1, "test"), result: &Result{}}
		return x.prepare(t.Context())
	}
	first, second := begin(), begin()
	first()
	second()
	if want := []string{"setup", "setup", "teardown"}; !slices.Equal(actions, want) {
		t.Errorf("actions %v, expected %v", actions, want)
	}
}

// What waits for the next call of an operation is taken down with its scenario, while
// another one waits for a call of another operation.
func TestTeardownOfTheNextCallIsAtOnce(t *testing.T) {
	var mu sync.Mutex
	var actions []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var s struct {
			Action string
			Params map[string]string
		}
		_ = json.NewDecoder(r.Body).Decode(&s)
		mu.Lock()
		actions = append(actions, s.Action+" "+s.Params["operation"])
		mu.Unlock()
		send(w, 200, "application/json", `{}`)
	}))
	defer server.Close()
	r, err := New(parcels(t), Options{Target: server.URL, ProviderStates: server.URL + "/states"})
	if err != nil {
		t.Fatal(err)
	}
	begin := func(operation string) func() {
		list, err := scenarios.Parse("test.yaml", []byte("id: test\ntitle: Test\ngiven: [{state: internal-error, params: {operation: "+operation+"}}]\nsteps: [{id: a, operation: getParcel}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		x := &run{r: r, sc: list[0], scope: newScope(1, "test"), result: &Result{}}
		return x.prepare(t.Context())
	}
	first, second := begin("addParcel"), begin("getParcel")
	first()
	if want := []string{"setup addParcel", "setup getParcel", "teardown addParcel"}; !slices.Equal(actions, want) {
		t.Errorf("%q, expected %q", actions, want)
	}
	second()
}
