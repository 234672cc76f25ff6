package mockserver_test

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/fault"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

func TestPreferences(t *testing.T) {
	c := open(t, "transeu")
	_, web := start(t, mockserver.Options{}, c)
	const seeded = "/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c"
	for _, one := range []struct {
		name, prefer, query string
		want                int
		applied             string
	}{
		{"a documented code", "code=404", "", 404, "code=404"},
		{"by layer", "code=http:404", "", 404, "code=http:404"},
		{"in the query", "", "?__code=404", 404, "code=404"},
		{"an unknown code is ignored", "code=418", "", 200, ""},
		{"an example", "example=documented", "", 200, "example=documented"},
		{"an unknown example is ignored", "example=none", "", 200, ""},
		{"generated", "dynamic=true", "", 200, "dynamic=true"},
		{"two at once", `code="404", wait=0.01`, "", 404, "code=404, wait=0.01"},
		{"nonsense", `;;==,"`, "", 200, ""},
	} {
		t.Run(one.name, func(t *testing.T) {
			r := request(t, "GET", web.URL+seeded+one.query, nil)
			if one.prefer != "" {
				r.Header.Set("Prefer", one.prefer)
			}
			resp, body := send(t, r)
			if resp.StatusCode != one.want {
				t.Errorf("expected %d, found %d: %s", one.want, resp.StatusCode, body)
			}
			if got := resp.Header.Get("Preference-Applied"); got != one.applied {
				t.Errorf("expected Preference-Applied %q, found %q", one.applied, got)
			}
		})
	}
}

// The same request gets the same generated data, in this server and in the next.
func TestGeneratedDataIsRepeatable(t *testing.T) {
	c := open(t, "transeu")
	var first string
	for range 2 {
		_, web := start(t, mockserver.Options{}, c)
		r := request(t, "GET", web.URL+"/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c", nil)
		r.Header.Set("Prefer", "dynamic=true")
		_, body := send(t, r)
		if first == "" {
			first = string(body)
		}
		if string(body) != first || len(body) < 20 {
			t.Errorf("expected the same data twice, found\n%s\n%s", first, body)
		}
	}
}

func TestItemCode(t *testing.T) {
	c := open(t, "otms")
	_, web := start(t, mockserver.Options{}, c)
	body := `<shipPointRemoveRequest version="0.1"><shipPoints>` +
		`<shipPoint sequence="1"><clientReferenceNumber>sh00105001</clientReferenceNumber><type>0</type><externalId>11223344</externalId></shipPoint>` +
		`<shipPoint sequence="2"><clientReferenceNumber>sh00105002</clientReferenceNumber><type>1</type><externalId>11223344</externalId></shipPoint>` +
		`</shipPoints></shipPointRemoveRequest>`
	r := request(t, "DELETE", web.URL+"/ws/shipPointImport", []byte(body))
	r.Header.Set("Content-Type", "application/xml")
	r.SetBasicAuth("demo", "demo")
	r.Header.Set("Prefer", `item-code="2:1047"`)
	resp, answer := send(t, r)
	if resp.StatusCode != 200 || !strings.Contains(string(answer), "<code>1047</code>") || strings.Count(string(answer), "REMOVED") != 1 {
		t.Errorf("expected the second item to fail with 1047, found %d %s", resp.StatusCode, answer)
	}
	if resp.Header.Get("Preference-Applied") == "" {
		t.Error("expected Preference-Applied")
	}
}

// The credentials in the root element work, Basic wins over them, and a wrong
// login is answered by the operation's own response.
func TestCredentialsInTheBody(t *testing.T) {
	c := open(t, "otms")
	s, web := start(t, mockserver.Options{}, c)
	body := func(login string) []byte {
		return []byte(`<shipPointRemoveRequest version="0.1" login="` + login + `" password="demo"><shipPoints><shipPoint sequence="1">` +
			`<clientReferenceNumber>nobody</clientReferenceNumber><type>0</type></shipPoint></shipPoints></shipPointRemoveRequest>`)
	}
	for _, one := range []struct {
		name, login, basic, want string
	}{
		{"right", "demo", "", "<code>1045</code>"},
		{"wrong", "nobody", "", "<responseCode>0</responseCode>"},
		{"none", "", "", "<responseCode>0</responseCode>"},
		{"Basic decides, though wrong", "demo", "nobody", "<responseCode>0</responseCode>"},
		{"Basic decides", "nobody", "demo", "<code>1045</code>"},
	} {
		t.Run(one.name, func(t *testing.T) {
			r := request(t, "DELETE", web.URL+"/ws/shipPointImport", body(one.login))
			r.Header.Set("Content-Type", "application/xml")
			r.Header.Del("Authorization")
			if one.basic != "" {
				r.SetBasicAuth(one.basic, "demo")
			}
			resp, answer := send(t, r)
			if resp.StatusCode != 200 || !strings.Contains(string(answer), one.want) {
				t.Errorf("expected 200 with %s, found %d %s", one.want, resp.StatusCode, answer)
			}
		})
	}
	for _, e := range s.Journal().Entries(journal.Filter{}) {
		if strings.Contains(e.Render().Request.Body, `password="demo"`) {
			t.Error("the journal shows a password")
		}
	}
}

func TestSessionsAreIsolated(t *testing.T) {
	c := open(t, "transeu")
	_, web := start(t, mockserver.Options{}, c)
	post := func(session string) int {
		r := request(t, "POST", web.URL+orders, order("SAME"))
		if session != "" {
			r.Header.Set("Mock-Session", session)
		}
		resp, _ := send(t, r)
		return resp.StatusCode
	}
	for _, one := range []struct {
		session string
		want    int
	}{{"", 201}, {"", 409}, {"a", 201}, {"a", 409}, {"b", 201}, {"bad/name", 400}} {
		if got := post(one.session); got != one.want {
			t.Errorf("session %q: expected %d, found %d", one.session, one.want, got)
		}
	}
}

func TestRateLimit(t *testing.T) {
	c := open(t, "transeu")
	now := time.Unix(1_700_000_000, 0)
	_, web := start(t, mockserver.Options{RateLimits: "2", Clock: func() time.Time { return now }}, c)
	get := func() *http.Response {
		resp, _ := send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c", nil))
		return resp
	}
	for i, want := range []int{200, 200, 429} {
		resp := get()
		if resp.StatusCode != want {
			t.Errorf("call %d: expected %d, found %d", i+1, want, resp.StatusCode)
		}
		if want == 429 && resp.Header.Get("Retry-After") != "1" {
			t.Errorf("expected Retry-After: 1, found %q", resp.Header.Get("Retry-After"))
		}
	}
	now = now.Add(time.Second)
	if resp := get(); resp.StatusCode != 200 {
		t.Errorf("a second later: expected 200, found %d", resp.StatusCode)
	}
}

// Every fault of the catalogue does what its title says.
func TestFaults(t *testing.T) {
	c := open(t, "transeu")
	s, err := mockserver.New(all(c), mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	web := serve(t, s)
	const seeded = "/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c"
	good := func(t *testing.T) string {
		_, body := send(t, request(t, "GET", web+seeded, nil))
		return string(body)
	}(t)
	type outcome struct {
		status int
		header http.Header
		body   string
		err    error
		took   time.Duration
	}
	try := func(r *http.Request) outcome {
		begun := time.Now()
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		if err != nil {
			return outcome{err: err}
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return outcome{resp.StatusCode, resp.Header, string(body), err, time.Since(begun)}
	}
	get := func() outcome { return try(request(t, "GET", web+seeded, nil)) }
	tries := 0
	checks := map[string]func() string{
		"latency":        func() string { return expect(get().took > 40*time.Millisecond, "a late answer") },
		"random-latency": func() string { return expect(get().took > 40*time.Millisecond, "a late answer") },
		"reset":          func() string { return expect(get().err != nil, "no answer") },
		"empty":          func() string { return expect(get().body == "", "no body") },
		"truncate":       func() string { return expect(get().err != nil, "half a body") },
		"malformed":      func() string { return expect(get().body != good, "a broken body") },
		"drip": func() string {
			o := get()
			return expect(o.body == good && o.took > 40*time.Millisecond, "a slow body")
		},
		"wrong-content-type": func() string {
			return expect(get().header.Get("Content-Type") == "text/html", "another Content-Type")
		},
		"drop-field":  func() string { return expect(!strings.Contains(get().body, `"number":"EN/`), "no number") },
		"retype":      func() string { return expect(strings.Contains(get().body, `"number":0`), "a number") },
		"out-of-enum": func() string { return expect(strings.Contains(get().body, "NOT_ONE_OF_THEM"), "another value") },
		"reorder": func() string {
			o := get().body
			return expect(strings.Index(o, "unloading") < strings.Index(o, `"loading"`), "events in another order")
		},
		"extra-field": func() string { return expect(strings.Contains(get().body, "nobody described this"), "one field more") },
		"outcome":     func() string { return expect(get().status == 500, "the outcome") },
		"ignore-auth": func() string {
			r := request(t, "GET", web+seeded, nil)
			noAuth(r)
			return expect(try(r).status == 200, "no question for credentials")
		},
		"200-with-error": func() string {
			r := request(t, "GET", web+seeded, nil)
			noAuth(r)
			return expect(try(r).status == 200, "200")
		},
		"accept-everything": func() string {
			return expect(try(request(t, "POST", web+orders, []byte(`{"number":"ANY"}`))).status == 201, "acceptance")
		},
		"allow-duplicate": func() string {
			first := try(request(t, "POST", web+orders, order("TWICE")))
			second := try(request(t, "POST", web+orders, order("TWICE")))
			return expect(first.status == 201 && second.status == 201, "both accepted")
		},
		"forget-write": func() string {
			tries++
			number := "FORGOTTEN-" + strconv.Itoa(tries)
			first := try(request(t, "POST", web+orders, order(number)))
			second := try(request(t, "POST", web+orders, order(number)))
			return expect(first.status == 201 && second.status == 201, "nothing remembered")
		},
		"leak-company": func() string {
			created := try(request(t, "POST", web+orders, order("OF-ONE-COMPANY")))
			other := request(t, "POST", web+orders, order("OF-ONE-COMPANY"))
			other.Header.Set("Authorization", "Bearer demo-foreign")
			return expect(created.status >= 201 && try(other).status == 409, "the first company's order to be in the way")
		},
		"leak-session": func() string {
			first := request(t, "POST", web+orders, order("LEAKED"))
			first.Header.Set("Mock-Session", "one")
			second := request(t, "POST", web+orders, order("LEAKED"))
			second.Header.Set("Mock-Session", "two")
			try(first)
			return expect(try(second).status == 409, "one state")
		},
	}
	params := map[string]map[string]string{
		"latency": {"delay": "50ms"}, "random-latency": {"min": "50ms", "max": "60ms"}, "drip": {"bytes": "500", "delay": "20ms"},
		"drop-field": {"path": "/number"}, "retype": {"path": "/number"}, "out-of-enum": {"path": "/number"}, "reorder": {"path": "/route/events"},
	}
	for _, f := range fault.All() {
		t.Run(f.Name, func(t *testing.T) {
			check := checks[f.Name]
			if check == nil {
				t.Fatal("the test does not know this fault")
			}
			if problem := check(); problem == "" && f.Name != "latency" {
				t.Error("the check holds without the fault")
			}
			a, err := s.Faults().Add(fault.Active{Fault: f.Name, Params: params[f.Name]})
			if err != nil {
				t.Fatal(err)
			}
			if problem := check(); problem != "" {
				t.Error(problem)
			}
			s.Faults().Remove(a.ID)
		})
	}
}

func expect(holds bool, what string) string {
	if holds {
		return ""
	}
	return "expected " + what
}

// A fault may hit one call, each n-th one, or one operation.
func TestFaultSelection(t *testing.T) {
	s := fault.NewSet(fault.Options{Chance: func() float64 { return 0.5 }})
	for _, f := range []fault.Active{
		{Fault: "empty", Call: 2}, {Fault: "reset", Every: 3}, {Fault: "truncate", Operation: "other"},
		{Fault: "malformed", Probability: 0.5}, {Fault: "drip", Probability: 0.6},
	} {
		if _, err := s.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"drip", "empty drip", "reset drip", "drip", "drip", "reset drip"} {
		p, err := s.Plan(fault.Call{Contract: "c", Operation: "op", Session: "s"})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(p.Names, " "); got != want {
			t.Errorf("call %d: expected %s, found %s", i+1, want, got)
		}
	}
}

// A preference that comes to nothing is told in the journal, with what would do.
func TestUselessPreferencesAreTold(t *testing.T) {
	s, web := start(t, mockserver.Options{}, open(t, "transeu"))
	for _, one := range []struct{ name, prefer, applied, says string }{
		{"unknown", "respond-async", "", `"respond-async=" was ignored: there are code`},
		{"no number", "wait=soon", "", "expected a number of seconds"},
		{"not a number", "wait=NaN", "", "expected a number of seconds"},
		{"no outcome", "code=418", "", "there are http:200"},
		{"no example", "example=nope", "", "no example nope"},
		{"no items", `item-code="1:5"`, "", "no item outcome 5"},
		{"no item", `item-code="x"`, "", "expected NUMBER:CODE"},
		{"one of two", "code=404, nonsense=1", "code=404", "nonsense=1"},
	} {
		r := request(t, "GET", web.URL+"/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c", nil)
		r.Header.Set("Prefer", one.prefer)
		resp, _ := send(t, r)
		if got := resp.Header.Get("Preference-Applied"); got != one.applied {
			t.Errorf("%s: expected Preference-Applied %q, found %q", one.name, one.applied, got)
		}
		entries := s.Journal().Entries(journal.Filter{Limit: 1})
		if notes := strings.Join(entries[0].Decision.Notes, "\n"); !strings.Contains(notes, one.says) {
			t.Errorf("%s: expected the journal to say %q, found %q", one.name, one.says, notes)
		}
	}
}

// A preference that a refusal came before is told in the journal, whatever it was that refused.
func TestPreferencesBehindARefusalAreTold(t *testing.T) {
	s, web := start(t, mockserver.Options{}, open(t, "transeu"))
	for _, one := range []struct {
		name, prefer, token, body, says string
		want                            int
	}{
		{"a body", "code=409", "demo", "{}", `not heeded: "code=409";`, 422},
		{"no body", "code=http:409", "demo", "", `not heeded: "code=http:409";`, 400},
		{"credentials", "example=documented, dynamic=true, seed=7", "nobody", "{}", `not heeded: "example=documented", "seed=7", dynamic=true;`, 401},
		{"items", `item-code="1:5"`, "demo", "{", "not heeded: item-code;", 400},
		{"one that is heeded nevertheless", "wait=0.01", "demo", "{}", "", 422},
		{"none", "", "demo", "{}", "", 422},
	} {
		r := request(t, "POST", web.URL+"/api/rest/v1/shipping-orders", []byte(one.body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+one.token)
		r.Header.Set("Prefer", one.prefer)
		if resp, body := send(t, r); resp.StatusCode != one.want {
			t.Errorf("%s: expected %d, found %d: %s", one.name, one.want, resp.StatusCode, body)
		}
		notes := strings.Join(s.Journal().Entries(journal.Filter{Limit: 1})[0].Decision.Notes, "\n")
		if !strings.Contains(notes, one.says) || one.says == "" && strings.Contains(notes, "not heeded") {
			t.Errorf("%s: expected the journal to say %q, found %q", one.name, one.says, notes)
		}
	}
}

// Made-up data is the same for the same seed, and other data for another.
func TestSeedOfMadeUpData(t *testing.T) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"))
	get := func(prefer string) string {
		r := request(t, "GET", web.URL+"/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c", nil)
		r.Header.Set("Prefer", prefer)
		resp, body := send(t, r)
		if resp.StatusCode != 200 || resp.Header.Get("Preference-Applied") != prefer {
			t.Fatalf("%s: found %d, applied %q", prefer, resp.StatusCode, resp.Header.Get("Preference-Applied"))
		}
		return string(body)
	}
	one, again, other := get("dynamic=true, seed=7"), get("dynamic=true, seed=7"), get("dynamic=true, seed=8")
	if one != again || one == other {
		t.Error("expected the same data for the same seed and other data for another")
	}
}
