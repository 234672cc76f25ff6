package admin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/reports/design/browsertest"
	"github.com/roadworthy-project/roadworthy/specs"
)

// TestConsole uses the console as a person does: in a browser, with the mouse and
// the keys. One browser serves all.
func TestConsole(t *testing.T) {
	started := browsertest.Start(t)
	for _, one := range []struct {
		name string
		use  func(*testing.T, context.Context)
	}{
		{"first steps", consoleFirstSteps},
		{"requests", consoleRequests},
		{"addresses", consoleAddresses},
		{"why", consoleWhy},
		{"restart", consoleRestart},
		{"bodies", consoleBodies},
		{"dropped bodies", consoleDroppedBodies},
		{"state", consoleState},
		{"editor", consoleEditor},
		{"many documents", consoleManyDocuments},
		{"outcomes", consoleOutcomes},
		{"faults", consoleFaults},
		{"contract", consoleContract},
		{"token", consoleToken},
		{"pages", pagesCallTheMock},
		{"shows hostile text as text", consoleShowsHostileTextAsText},
		{"shows a hostile contract as text", consoleShowsAHostileContractAsText},
		{"many rows", consoleManyRows},
		{"looks", consoleLooks},
	} {
		t.Run(one.name, func(t *testing.T) { one.use(t, started) })
	}
}

func open(t *testing.T, name string) *specs.Contract {
	t.Helper()
	c, err := specs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// start serves contracts; an internal fault in the journal fails the test.
func start(t *testing.T, opts mockserver.Options, contracts ...*specs.Contract) (*mockserver.Server, *httptest.Server) {
	t.Helper()
	opts.VerifyResponses = true
	s, err := mockserver.New(contracts, opts)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
		for _, e := range s.Journal().Entries(journal.Filter{Internal: true}) {
			t.Errorf("%s %s: %s", e.Method, e.URL, e.Internal)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, web
}

// page opens the console of a server at a place in it.
func page(t *testing.T, started context.Context, web *httptest.Server, at string) *browsertest.Tab {
	t.Helper()
	return browsertest.Open(t, started, web.URL+admin.Prefix+at)
}

const orders = "/api/rest/v1/shipping-orders"

// sample is an order that is there from the start.
const sample = "e674e0a3-847c-4f75-bdff-cedaf6986c7c"

func order(number string) []byte {
	return []byte(`{"number":"` + number + `","route":{"events":[` +
		`{"type":"loading","place":{"address":{"locality":"Berlin","postal_code":"10115","country":"DE"}},"time_frame":{"day":"2026-03-02"}},` +
		`{"type":"unloading","place":{"address":{"locality":"Wroclaw","postal_code":"50-001","country":"PL"}},"time_frame":{"day":"2026-03-03"}}]}}`)
}

// stored is an order as the state keeps it.
func stored(number string) string {
	return strings.Replace(string(order(number)), "{", `{"id":"0b8f5d2e-4c1a-4d1e-9a53-2f6c1f0e7a11",`, 1)
}

func request(t *testing.T, method, url string, body []byte) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(url, "/api/rest/") {
		r.Header.Set("Authorization", "Bearer demo")
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// xml is a request with XML, by the demo login.
func xml(t *testing.T, url, body string) *http.Request {
	t.Helper()
	r := request(t, "POST", url, []byte(body))
	r.SetBasicAuth("demo", "demo")
	r.Header.Set("Content-Type", "application/xml")
	return r
}

func send(t *testing.T, r *http.Request) (*http.Response, []byte) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 20 * time.Second}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Header.Get("Content-Type") == "text/event-stream" {
		return resp, nil
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

// caller calls the admin API and checks the status.
func caller(t *testing.T, base string) func(method, path string, body any, want int) {
	return func(method, path string, body any, want int) {
		t.Helper()
		text, ok := body.(string)
		if !ok && body != nil {
			raw, _ := json.Marshal(body)
			text = string(raw)
		}
		if resp, answer := send(t, request(t, method, base+admin.Prefix+path, []byte(text))); resp.StatusCode != want {
			t.Errorf("%s %s: expected %d, found %d: %s", method, path, want, resp.StatusCode, answer)
		}
	}
}
