package engine

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

const parcel = `{"id":"2b0c3d4e-0000-4000-8000-000000000001","number":"A","weight":1}`

func parcels(t *testing.T) *specs.Contract {
	t.Helper()
	c, err := specs.Open("../testdata/parcels")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// one runs a single scenario, given by its steps, against a handler.
func one(t *testing.T, h http.HandlerFunc, o Options, steps string) *Result {
	t.Helper()
	return oneOf(t, parcels(t), h, o, steps)
}

// oneOf does so for any contract.
func oneOf(t *testing.T, c *specs.Contract, h http.HandlerFunc, o Options, steps string) *Result {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	list, err := scenarios.Parse("test.yaml", []byte("id: test\ntitle: Test\n"+steps))
	if err == nil {
		err = scenarios.Check(c, list)
	}
	if err != nil {
		t.Fatal(err)
	}
	o.Target = server.URL
	if strings.HasPrefix(o.ProviderStates, "/") {
		o.ProviderStates = server.URL + o.ProviderStates
	}
	r, err := New(c, o)
	if err != nil {
		t.Fatal(err)
	}
	return r.Run(t.Context(), list[0], "file")
}

func good(w http.ResponseWriter, _ *http.Request) { send(w, 200, "application/json", parcel) }

func send(w http.ResponseWriter, status int, kind, body string) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

const readStep = "steps:\n  - {id: read, operation: getParcel, expect: {status: 200}}\n"

// Whatever an auth file holds, and whatever the server does with it, no report has it.
func TestSecretsAreMasked(t *testing.T) {
	secret := "s3cr3t-token/with+signs"
	h := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Echo", "you said "+r.Header.Get("Authorization"))
		w.Header().Set("Set-Cookie", "session=abc")
		send(w, 200, "application/json", fmt.Sprintf(`{"id":%q,"number":%q,"weight":1}`, secret, secret))
	}
	for name, id := range map[string]Credentials{
		"bearer":  {Bearer: secret},
		"basic":   {Login: "acme-login", Password: secret},
		"headers": {Headers: map[string]string{"X-Key": secret}},
	} {
		res := one(t, h, Options{Identities: map[string]Credentials{"default": id}}, "steps:\n  - {id: read, operation: getParcel, expect: {body: {/number: other}}}\n")
		text, err := json.Marshal(res)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{secret, "acme-login", "session=abc"} {
			if strings.Contains(string(text), s) {
				t.Errorf("%s: the result holds %q: %s", name, s, text)
			}
		}
		if len(res.Deviations) == 0 || !strings.Contains(string(text), masked) {
			t.Errorf("%s: nothing was masked: %s", name, text)
		}
	}
}

// A redirect is judged, not followed: credentials stay with the target.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var leaked atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { leaked.Store(true) }))
	defer other.Close()
	res := one(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	}, Options{}, readStep)
	if leaked.Load() || res.Scenario.Status != reports.Failed || res.Scenario.Steps[0].Exchange.Open().Response.Status != 307 {
		t.Errorf("followed: %v, status %s", leaked.Load(), res.Scenario.Status)
	}
}

// eventually is the only retry, and the report shows it.
func TestEventually(t *testing.T) {
	slow := func() http.HandlerFunc {
		n := 0
		return func(w http.ResponseWriter, r *http.Request) {
			if n++; n < 3 {
				send(w, 404, "application/problem+json", `{"title":"not yet","status":404}`)
				return
			}
			good(w, r)
		}
	}
	patient := "steps:\n  - {id: read, operation: getParcel, eventually: {within: 5s}, expect: {status: 200}}\n"
	res := one(t, slow(), Options{}, patient)
	if res.Scenario.Status != reports.Passed || res.Scenario.Steps[0].Attempts != 3 {
		t.Errorf("%s after %d attempts, expected passed after 3", res.Scenario.Status, res.Scenario.Steps[0].Attempts)
	}
	if res := one(t, slow(), Options{}, readStep); res.Scenario.Status != reports.Failed || res.Scenario.Steps[0].Attempts != 0 {
		t.Errorf("%s after %d attempts: what does not say eventually is asked once", res.Scenario.Status, res.Scenario.Steps[0].Attempts)
	}
	// What counts as a warning only is waited for as well.
	weak := "requirements: [PA-004]\n" + patient
	if res := one(t, slow(), Options{}, weak); res.Scenario.Status != reports.Passed || res.Scenario.Steps[0].Attempts != 3 {
		t.Errorf("%s after %d attempts, expected passed after 3, though the requirement is a SHOULD", res.Scenario.Status, res.Scenario.Steps[0].Attempts)
	}
	never := strings.Replace(patient, "5s", "300ms", 1)
	if res := one(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, Options{}, never); res.Scenario.Status != reports.Failed {
		t.Errorf("%s, expected failed when the time is over", res.Scenario.Status)
	}
}

// A deviation names the line of the file that expects something else: of the path, else
// of the key, else of the step.
func TestDeviationsNameTheLine(t *testing.T) {
	for expect, line := range map[string]int{
		"status: 404": 7,
		"\n      body:\n        /number: A\n        /weight: 2":                     9,
		"\n      headers:\n        Content-Type: {regex: json}\n        X-Other: x": 9,
		"no-body: true":       7,
		"refused: true":       7,
		"outcome: 'http:404'": 7,
	} {
		if !strings.HasPrefix(expect, "\n") {
			expect = "\n      " + expect
		}
		res := one(t, good, Options{}, "steps:\n  - id: read\n    operation: getParcel\n    expect:"+expect+"\n    capture: {id: /id}\n")
		if len(res.Deviations) != 1 || res.Deviations[0].Line != line {
			t.Errorf("%s: expected one deviation with the line %d, found %+v", expect, line, res.Deviations)
		}
	}
	res := one(t, good, Options{}, "steps:\n  - id: read\n    operation: getParcel\n    capture:\n      no: /no\n")
	if len(res.Deviations) != 1 || res.Deviations[0].Line != 7 {
		t.Errorf("expected the line of the capture, found %+v", res.Deviations)
	}
}

func TestFailureStopsWhatFollowsAndNotTheCleanup(t *testing.T) {
	var called []string
	h := func(w http.ResponseWriter, r *http.Request) {
		called = append(called, r.Header.Get("X-Roadworthy-Step"))
		w.WriteHeader(500)
	}
	res := one(t, h, Options{}, `steps:
  - {id: first, operation: getParcel, expect: {status: 200}}
  - {id: second, operation: getParcel}
  - {id: tidy, operation: getParcel, cleanup: true}
`)
	if got := strings.Join(called, " "); got != "test/first test/tidy" {
		t.Errorf("called %s", got)
	}
	var have []string
	for _, st := range res.Scenario.Steps {
		have = append(have, string(st.Status))
	}
	if got := strings.Join(have, " "); got != "failed not-reached warned" {
		t.Errorf("statuses %s, expected failed not-reached warned", got)
	}
}

// What an earlier step did not give makes the later one not-reached, with the reason.
func TestMissingValueIsNotReached(t *testing.T) {
	h := func(w http.ResponseWriter, _ *http.Request) {
		send(w, 200, "application/json", `{"number":"A","weight":1}`)
	}
	res := one(t, h, Options{}, `steps:
  - {id: first, operation: getParcel, expect: {status: 200}, capture: {id: /id}}
  - {id: second, operation: getParcel, request: {path: {id: "${first.id}"}}}
`)
	if st := res.Scenario.Steps[1]; st.Status != reports.NotReached || !strings.Contains(st.Why, "first.id") {
		t.Errorf("%s because %q", st.Status, st.Why)
	}
}

// A step that only makes what later ones need fails nobody where it is refused, and
// they are not tried; nor are they where an empty element stands for the value.
func TestWhatPrepares(t *testing.T) {
	c, err := specs.Open("otms")
	if err != nil {
		t.Fatal(err)
	}
	const steps = `requirements: [OTMS-205]
steps:
  - id: import
    operation: orderImport
    request: {example: inline-complete}
    expect: {status: 200%s}
    capture: {number: "/orderImportResponse/orders/order[1]/orderNumber"}
  - id: costs
    operation: orderRevenue
    request: {example: corrected, set: {"/orderRevenueUpdateRequest/orders/order[1]/orderNumber": "${import.number}"}}
    expect: {status: 200, outcome: "item:7009"}
`
	for _, tc := range []struct {
		name, expect, codes, number string
		want, later                 reports.Status
	}{
		{"taken", `, outcome: "item:"`, "", "N1", reports.Passed, reports.Passed},
		{"refused", `, outcome: "item:"`, "<responseCode><code>1025</code></responseCode>", "N1", reports.Warned, reports.NotReached},
		{"no number", "", "", "", reports.Failed, reports.NotReached},
	} {
		h := func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "orderRevenue") {
				send(w, 200, "application/xml", `<orderRevenueUpdateResponse version="0.1"><orders><order><updateStatus>FAILED</updateStatus><strResponseCodes><strResponseCodes>7009</strResponseCodes></strResponseCodes></order></orders></orderRevenueUpdateResponse>`)
				return
			}
			send(w, 200, "application/xml", `<orderImportResponse version="0.1"><orders><order sequence="1"><importStatus>INBOX</importStatus><responseCodes>`+tc.codes+`</responseCodes><orderNumber>`+tc.number+`</orderNumber></order></orders></orderImportResponse>`)
		}
		res := oneOf(t, c, h, Options{}, fmt.Sprintf(steps, tc.expect))
		if first, later := res.Scenario.Steps[0].Status, res.Scenario.Steps[1].Status; first != tc.want || later != tc.later {
			t.Errorf("%s: %s, then %s, expected %s and %s: %+v", tc.name, first, later, tc.want, tc.later, res.Deviations)
		}
	}
}

func TestRequestsNameTheSuiteAndTheStep(t *testing.T) {
	var agent, mark, accept, path string
	h := func(w http.ResponseWriter, r *http.Request) {
		agent, mark, accept, path = r.UserAgent(), r.Header.Get("X-Roadworthy-Step"), r.Header.Get("Accept"), r.URL.EscapedPath()
		good(w, r)
	}
	one(t, h, Options{Version: "1.2.3"}, "steps:\n  - {id: read, operation: getParcel, request: {path: {id: 'a/b c'}}}\n")
	if agent != "roadworthy/1.2.3" || mark != "test/read" || accept != "application/json, application/problem+json" || path != "/api/parcels/a%2Fb%20c" {
		t.Errorf("User-Agent %q, step %q, Accept %q, path %q", agent, mark, accept, path)
	}
}

func TestBaseURL(t *testing.T) {
	for _, tc := range []struct{ target, want string }{
		{"http://a:1", "http://a:1/api"}, {"http://a:1/", "http://a:1/api"}, {"http://a:1/api", "http://a:1/api"}, {"http://a:1/api/", "http://a:1/api"},
		{"https://a/tenant", "https://a/tenant/api"}, {"https://a/tenant/api", "https://a/tenant/api"},
		{"ftp://a", ""}, {"a:1", ""}, {"http://", ""}, {"http://a?x=1", ""}, {"", ""},
	} {
		u, err := BaseURL(parcels(t), tc.target)
		if (err != nil) != (tc.want == "") || err == nil && u.String() != tc.want {
			t.Errorf("%q: %v, %v, expected %q", tc.target, u, err, tc.want)
		}
	}
}

// A password in the target would be in every report.
func TestTargetHoldsNoCredentials(t *testing.T) {
	_, err := BaseURL(parcels(t), "http://acme:hush@127.0.0.1")
	if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "--auth") {
		t.Errorf("expected a refusal that points to --auth and keeps the password, found %v", err)
	}
}

func TestRateIsKept(t *testing.T) {
	begun := time.Now()
	one(t, good, Options{Rate: 20}, `steps:
  - {id: a, operation: getParcel}
  - {id: b, operation: getParcel}
  - {id: c, operation: getParcel}
`)
	if took := time.Since(begun); took < 90*time.Millisecond {
		t.Errorf("three requests at 20 a second took %s, expected 100ms", took)
	}
}

// A server may answer with anything; it is judged, and the suite lives on.
func TestHostileAnswers(t *testing.T) {
	huge := strings.Repeat("x", 1<<20)
	for _, tc := range []struct {
		name string
		h    http.HandlerFunc
		kind string
	}{
		{"deep nesting", func(w http.ResponseWriter, _ *http.Request) {
			send(w, 200, "application/json", strings.Repeat("[", 100000))
		}, "malformed"},
		{"invalid UTF-8", func(w http.ResponseWriter, _ *http.Request) {
			send(w, 200, "application/json", "{\"id\":\"\xff\xfe\"}")
		}, "malformed"},
		{"control characters", func(w http.ResponseWriter, _ *http.Request) { send(w, 200, "application/json", "\x00\x1b[31m") }, "malformed"},
		{"a repeated member", func(w http.ResponseWriter, _ *http.Request) {
			send(w, 200, "application/json", `{"id":"x","id":"y"}`)
		}, "malformed"},
		{"too much", func(w http.ResponseWriter, _ *http.Request) {
			for range 10 {
				_, _ = io.WriteString(w, huge)
			}
		}, ""},
		{"no end", func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := io.WriteString(w, huge); err != nil {
					return
				}
			}
		}, "length"},
		{"a compressed bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.(http.Flusher).Flush() // the headers are there in time, whatever packing takes
			z := gzip.NewWriter(w)
			for range 20 {
				_, _ = io.WriteString(z, huge)
			}
			_ = z.Close()
		}, ""},
		{"a lie about the length", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, parcel)
		}, "unreachable"},
		{"a strange charset", func(w http.ResponseWriter, _ *http.Request) {
			send(w, 200, "application/json; charset=utf-7", strings.Replace(parcel, "A", "\xc4", 1))
		}, "malformed"},
		{"a broken content type", func(w http.ResponseWriter, _ *http.Request) { send(w, 200, ";;;", parcel) }, "header"},
		{"silence", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "unreachable"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			deadline := 30 * time.Second // no case but silence is about time
			if tc.kind == "unreachable" {
				deadline = 2 * time.Second
			}
			res := one(t, tc.h, Options{Timeout: deadline, Transport: quick()}, readStep)
			if tc.kind == "" {
				// More than is read: no word about the implementation.
				if res.Scenario.Status != reports.Error || len(res.Deviations) > 0 {
					t.Errorf("%s: %s, %d deviations", res.Scenario.Status, res.Scenario.Why, len(res.Deviations))
				}
				return
			}
			if res.Scenario.Status != reports.Failed {
				t.Fatalf("%s: %s", res.Scenario.Status, res.Scenario.Why)
			}
			for _, d := range res.Deviations {
				if d.Kind == tc.kind {
					return
				}
			}
			t.Errorf("deviations %+v, expected one of the kind %s", res.Deviations, tc.kind)
		})
	}
}

func quick() http.RoundTripper {
	return &http.Transport{ResponseHeaderTimeout: 200 * time.Millisecond}
}

// A server that limits calls has not been judged by the call it refused, unless the
// step is about just that.
func TestLimitedCallsAreNotReached(t *testing.T) {
	h := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "86400")
		w.WriteHeader(429)
	}
	if res := one(t, h, Options{}, readStep); res.Scenario.Status != reports.NotReached || len(res.Deviations) > 0 || !strings.Contains(res.Scenario.Why, "--rate") {
		t.Errorf("%s because %q", res.Scenario.Status, res.Scenario.Why)
	}
	asked := strings.Replace(readStep, "status: 200", "status: 429", 1)
	if res := one(t, h, Options{}, asked); res.Scenario.Status != reports.Warned {
		t.Errorf("%s where 429 was expected and is not documented", res.Scenario.Status)
	}
}

type panicking struct{}

func (panicking) RoundTrip(*http.Request) (*http.Response, error) { panic("broken transport") }

// A failure of the suite is an error, of every step that is left, and no deviation.
func TestOwnFailureIsAnError(t *testing.T) {
	res := one(t, good, Options{Transport: panicking{}}, readStep)
	if res.Scenario.Status != reports.Error || len(res.Deviations) > 0 || !strings.Contains(res.Scenario.Why, "broken transport") {
		t.Errorf("%s because %q with %d deviations", res.Scenario.Status, res.Scenario.Why, len(res.Deviations))
	}
	if len(res.Scenario.Steps) != 1 || len(res.Facts) != 1 {
		t.Errorf("%d steps and %d facts came back, expected one of each", len(res.Scenario.Steps), len(res.Facts))
	}
}

func TestUniqueValues(t *testing.T) {
	a, b := newScope(1, "a"), newScope(1, "b")
	if a.unique("") != newScope(1, "a").unique("") || a.unique("") == b.unique("") || a.unique("") == a.unique("x") || a.unique("") == newScope(2, "a").unique("") {
		t.Error("a unique value must depend on seed, scenario and name, and on nothing else")
	}
	if len(a.unique("")) != 12 || len(a.uuid("")) != 36 || a.uuid("") == b.uuid("") {
		t.Errorf("unique %q, uuid %q", a.unique(""), a.uuid(""))
	}
}

// A deviation names the requirement that speaks of its operation, not the first of
// the scenario.
func TestDeviationNamesTheRequirementOfItsOperation(t *testing.T) {
	c := parcels(t)
	about := map[string]string{}
	for _, q := range c.Requirements {
		for _, op := range q.Operations {
			if about[op] == "" && len(q.Operations) == 1 {
				about[op] = q.ID
			}
		}
	}
	first, second := about["addParcel"], about["getParcel"]
	if first == "" || second == "" {
		t.Fatalf("the contract has no requirement of one operation alone: %v", about)
	}
	h := func(w http.ResponseWriter, _ *http.Request) { send(w, 500, "text/plain", "no") }
	res := one(t, h, Options{}, "requirements: ["+first+", "+second+"]\n"+readStep)
	for _, d := range res.Deviations {
		if d.Requirement != second {
			t.Errorf("%s at %s names %s, expected %s", d.In, d.Path, d.Requirement, second)
		}
	}
	if len(res.Deviations) == 0 {
		t.Error("a 500 is no deviation")
	}
}
