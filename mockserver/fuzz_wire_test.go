package mockserver_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Each target gives the server what only its part of a request can be. All hold the
// same: there is an answer, nothing fails inside, and the journal explains it.

// fuzzed is a server that is asked without a network.
type fuzzed struct{ s *mockserver.Server }

func newFuzzed(f *testing.F, contracts ...*specs.Contract) fuzzed {
	f.Helper()
	s, err := mockserver.New(contracts, mockserver.Options{MaxBody: 1 << 20, Callbacks: mockserver.CallbacksOff, VerifyResponses: true,
		Journal: journal.Limits{Entries: 10, Sessions: 4}, MaxSessions: 16})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	return fuzzed{s}
}

// ask sends a request; a path that no client can send is none.
func (f fuzzed) ask(t *testing.T, method, target, body string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	u, err := url.ParseRequestURI(target)
	if err != nil {
		t.Skip()
	}
	for name, values := range header {
		for _, v := range values {
			if strings.ContainsAny(name+v, "\r\n\x00") {
				t.Skip()
			}
		}
	}
	r := &http.Request{Method: method, URL: u, RequestURI: target, Host: "localhost", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), RemoteAddr: "127.0.0.1:1"}
	w := httptest.NewRecorder()
	f.s.ServeHTTP(w, r)
	for _, e := range f.s.Journal().Entries(journal.Filter{}) {
		if e.Internal != "" {
			t.Errorf("failed inside: %s", e.Internal)
		}
		if e.Status >= 400 && e.Decision.Reason == "" && e.Decision.Outcome == "" {
			t.Errorf("the journal does not explain %d", e.Status)
		}
		e.Render()
	}
	_ = f.s.Journal().Clear("")
	return w
}

// hurried takes out of a text what makes the mock wait.
func hurried(text string) string {
	return regexp.MustCompile(`(?i)wait`).ReplaceAllString(text, "haste")
}

// prefers tells whether a query asks for an answer by name.
func prefers(query string) bool {
	values, _ := url.ParseQuery(query)
	for name := range values {
		if strings.HasPrefix(name, "__") {
			return true
		}
	}
	return false
}

const parameters = `
openapi: 3.0.3
info: {title: Parameters, version: "1"}
paths:
  /things/{id}/{list}:
    post:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
        - {name: list, in: path, required: true, style: matrix, explode: true, schema: {type: array, items: {type: string}}}
        - {name: form, in: query, schema: {type: array, items: {type: integer}}}
        - {name: spaces, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: string}}}
        - {name: pipes, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
        - {name: deep, in: query, style: deepObject, schema: {type: object, properties: {a: {type: boolean}, b: {type: string, format: date}}}}
        - {name: json, in: query, content: {application/json: {schema: {type: object, properties: {n: {type: number}}}}}}
        - {name: X-Simple, in: header, schema: {type: object, properties: {a: {type: string, pattern: "^[a-z]+$"}}}}
        - {name: c, in: cookie, schema: {type: string, enum: [a, b]}}
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [name], properties: {name: {type: string}, age: {type: integer}, tags: {type: array, items: {type: string}}}}
          multipart/form-data:
            schema: {type: object, required: [name], properties: {name: {type: string}, file: {type: string, format: binary}}}
          application/json: {schema: {type: object, properties: {name: {type: string}}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
`

// FuzzParameters: path, query, header, cookie and forms, in every style.
//
//fuzz:wire
func FuzzParameters(f *testing.F) {
	m := newFuzzed(f, bare(f, parameters))
	f.Add("/things/1/;list=a;list=b", "form=1,2&spaces=a%20b&pipes=a|b&deep[a]=true&deep[b]=2026-01-01&json=%7B%22n%22:1%7D", "a,b", "c=a; d=\"e\"", "application/x-www-form-urlencoded", "name=a&age=1&tags=x&tags=y")
	f.Add("/things/0x1/%3Blist", "deep[a][b]=1&deep=1&deep[]=&form=&form&&json=[&%zz=%", "a=b,c", "c", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--x--\r\n")
	f.Add("/things/1/a", "%00=%ff&__code=200&__wait=x", ",,,", "c=\x01", "application/json;charset=utf-16", "{}")
	f.Fuzz(func(t *testing.T, path, query, header, cookie, mediaType, body string) {
		query = hurried(query)
		if strings.Contains(path, "__admin") {
			t.Skip()
		}
		w := m.ask(t, "POST", path+"?"+query, body, http.Header{"X-Simple": {header}, "Cookie": {cookie}, "Content-Type": {mediaType}})
		if w.Code >= 500 && !prefers(query) {
			t.Errorf("answered with %d: %s", w.Code, w.Body)
		}
	})
}

// FuzzPrefer: the header Prefer and the session. Whatever is preferred is an outcome
// of the contract or ignored.
//
//fuzz:wire
func FuzzPrefer(f *testing.F) {
	m := newFuzzed(f, open(f, "transeu"), open(f, "otms"))
	for _, seed := range []string{`code=409`, `code="http:404"; example=x, dynamic=true`, `item-code="2:1045,3:x,:,9999999999999:1"`, `example="documented\"", seed=7, "`, `dynamic=false;;;,,=`, `respond-async, wait=0, code=global:0`} {
		f.Add(seed, "a")
	}
	batch := string(revenue)
	f.Fuzz(func(t *testing.T, prefer, session string) {
		prefer = hurried(prefer)
		header := http.Header{"Authorization": {"Bearer demo"}, "Prefer": {prefer}, "Mock-Session": {session}}
		m.ask(t, "GET", "/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c", "", header)
		m.ask(t, "POST", "/ws/orderRevenue", batch, http.Header{"Authorization": {"Basic ZGVtbzpkZW1v"}, "Content-Type": {"application/xml"}, "Prefer": {prefer}})
	})
}

const revenue = `<orderRevenueUpdateRequest version="0.1"><orders><order sequence="1"><orderNumber>A</orderNumber></order></orders></orderRevenueUpdateRequest>`

// FuzzCredentials: nobody is let in whose credentials are not those of the demo.
//
//fuzz:wire
func FuzzCredentials(f *testing.F) {
	m := newFuzzed(f, open(f, "transeu"), open(f, "otms"))
	for _, seed := range []string{"Bearer demo", "bearer  demo", "Basic ZGVtbzpkZW1v", "Basic !!!", "Bearer", "Bearer demo, Bearer x", "Basic ZGVtbzo=", "\xff\xfe", "Bearer demo-foreign"} {
		f.Add(seed, `login="demo" password="demo"`)
	}
	f.Add("", `login='demo' password="&#100;emo"`)
	f.Add("", `password="demo" xmlns:a="b" a:login="demo"`)
	f.Fuzz(func(t *testing.T, authorization, attributes string) {
		w := m.ask(t, "GET", "/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c", "", http.Header{"Authorization": {authorization}})
		if (w.Code == 200 || w.Code == 404) && !strings.Contains(authorization, "demo") {
			t.Errorf("%q was let in", authorization)
		}
		body := strings.Replace(revenue, `version="0.1"`, `version="0.1" `+attributes, 1)
		m.ask(t, "POST", "/ws/orderRevenue", body, http.Header{"Authorization": {authorization}, "Content-Type": {"application/xml"}})
	})
}

// FuzzAdmin: the documents that the admin API reads. What it takes it must be able to
// give back, and the mock must go on.
//
//fuzz:wire
func FuzzAdmin(f *testing.F) {
	m := newFuzzed(f, open(f, "transeu"))
	routes := []struct{ method, path, seed string }{
		{"POST", "faults", `{"fault":"latency","params":{"delay":"1ms"},"every":2,"probability":0.5}`},
		{"POST", "snapshot", `{"version":1,"contracts":{"transeu":{"collections":{"order":[{"key":"1","body":{"number":"A"},"index":[{"index":"number","value":"A","unique":true}],"rev":1,"seq":1}]},"counters":{"a":1},"seq":1}}}`},
		{"POST", "requests/find", `{"method":"POST","urlPattern":"/a.*","headers":{"X":{"matches":"("}},"bodyPatterns":[{"equalTo":"a"}]}`},
		{"POST", "requests/count", `{"operation":"getOrder","status":4}`},
		{"POST", "provider-states", `{"contract":"transeu","state":"outcome","params":{"operation":"addShippingOrder","code":"409"}}`},
		{"PUT", "state/transeu/order/1?force=true", `{"number":"A"}`},
		{"POST", "reset", `{"session":"a","contract":"transeu"}`},
		{"POST", "try", `{"contract":"transeu","operation":"getOrder","path":{"order-id":"x"},"identity":"default"}`},
		{"GET", "requests", `limit=1&status=4xx&since=2026-01-01T00:00:00Z&format=har&text=%ff`},
		{"GET", "state/transeu/order", `text=a&offset=1&limit=2`},
	}
	for i, r := range routes {
		f.Add(uint8(i), r.seed)
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		r := routes[int(which)%len(routes)]
		text = hurried(text)
		target, body := "/__admin/"+r.path, text
		if r.method == "GET" {
			target, body = target+"?"+text, ""
		}
		w := m.ask(t, r.method, target, body, http.Header{"Content-Type": {"application/json"}})
		if w.Code >= 500 {
			t.Errorf("%s %s: answered with %d: %s", r.method, r.path, w.Code, w.Body)
		}
		for _, after := range []string{"snapshot", "faults", "state/transeu/order"} {
			if w := m.ask(t, "GET", "/__admin/"+after, "", nil); w.Code != 200 {
				t.Errorf("GET %s answers %d after that: %s", after, w.Code, w.Body)
			}
		}
		m.ask(t, "DELETE", "/__admin/faults", "", nil)
		if got := m.ask(t, "POST", orders, string(order("AFTER")), http.Header{"Authorization": {"Bearer demo"}, "Content-Type": {"application/json"}}); got.Code >= 500 && r.path != "provider-states" { // which may have armed a failure
			t.Errorf("the mock is broken after that: %d %s", got.Code, got.Body)
		}
		m.ask(t, "POST", "/__admin/reset", "", nil)
	})
}
