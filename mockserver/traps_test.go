package mockserver_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// order is a minimal shipping order.
func order(number string) []byte {
	return []byte(`{"number":"` + number + `","route":{"events":[` +
		`{"place":{"address":{"locality":"Berlin","postal_code":"10115","country":"DE"}},"time_frame":{"day":"2026-03-02"},"type":"loading"},` +
		`{"place":{"address":{"locality":"Wroclaw","postal_code":"50-001","country":"PL"}},"time_frame":{"day":"2026-03-03"},"type":"unloading"}]}}`)
}

const orders = "/api/rest/v1/shipping-orders"

// What is wrong is found in the documented order: route, method, credentials,
// media type, body, state; and hostile bodies get an answer like any other.
func TestHostileRequests(t *testing.T) {
	c := open(t, "transeu")
	_, web := start(t, mockserver.Options{}, c)
	resp, body := send(t, request(t, "POST", web.URL+orders, order("TAKEN")))
	if resp.StatusCode != 201 {
		t.Fatalf("expected 201, found %d: %s", resp.StatusCode, body)
	}
	for _, one := range []struct {
		name, reason string
		change       func(*http.Request)
		method, path string
		body         []byte
		want         int
		says         string
	}{
		{name: "unknown route", reason: "comes first", path: "/api/rest/v1/nothing", change: noAuth, want: 404},
		{name: "wrong method", reason: "before credentials", method: "PATCH", change: noAuth, want: 405},
		{name: "no credentials", reason: "before the media type", change: func(r *http.Request) { noAuth(r); r.Header.Set("Content-Type", "text/plain") }, want: 401},
		{name: "blank credentials", reason: "an empty header is none", change: func(r *http.Request) { r.Header.Set("Authorization", "") }, want: 401},
		{name: "wrong token", reason: "unknown credentials", change: token("nobody"), want: 401},
		{name: "no scope", reason: "authenticated and not allowed", change: token("demo-no-scope"), want: 403},
		{name: "wrong media type", reason: "before the body", change: func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, body: []byte("{"), want: 415},
		{name: "empty body", reason: "a body is needed", body: []byte{}, want: 400},
		{name: "malformed", reason: "not JSON", body: []byte(`{"number":`), want: 400},
		{name: "invalid UTF-8", reason: "JSON is UTF-8", body: []byte("{\"number\":\"\xff\"}"), want: 400},
		{name: "NUL", reason: "a control character", body: []byte("{\"number\":\"a\x00b\"}"), want: 400},
		{name: "duplicate key", reason: "two values for one name", body: []byte(`{"number":"a","number":"b"}`), want: 400, says: "twice"},
		{name: "deep nesting", reason: "would exhaust the stack", body: []byte(strings.Repeat("[", 100_000)), want: 400},
		{name: "huge number", reason: "would exhaust the memory", body: []byte(`{"number":1e2000000}`), want: 400},
		{name: "missing fields", reason: "the schema names them", body: []byte(`{}`), want: 422, says: "number"},
		{name: "taken number", reason: "comes last", body: order("TAKEN"), want: 409, says: "TAKEN"},
		{name: "gzip", reason: "a bomb is not unpacked", change: func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, body: zipped(), want: 415},
	} {
		t.Run(one.name, func(t *testing.T) {
			if one.method == "" {
				one.method = "POST"
			}
			if one.path == "" {
				one.path = orders
			}
			if one.body == nil {
				one.body = order("OTHER-" + strings.ReplaceAll(one.name, " ", "-"))
			}
			r := request(t, one.method, web.URL+one.path, one.body)
			if one.change != nil {
				one.change(r)
			}
			resp, body := send(t, r)
			if resp.StatusCode != one.want {
				t.Errorf("%s: expected %d, found %d: %s", one.reason, one.want, resp.StatusCode, body)
			}
			if !strings.Contains(string(body), one.says) {
				t.Errorf("expected the body to say %q, found %s", one.says, body)
			}
			if one.want == 405 && resp.Header.Get("Allow") != "POST" {
				t.Errorf("expected Allow: POST, found %q", resp.Header.Get("Allow"))
			}
			if one.want == 401 && resp.Header.Get("WWW-Authenticate") == "" {
				t.Error("a 401 carries WWW-Authenticate (RFC 9110)")
			}
		})
	}
}

func noAuth(r *http.Request) { r.Header.Del("Authorization") }

func token(s string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+s) }
}

func zipped() []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(make([]byte, 1<<20))
	_ = w.Close()
	return b.Bytes()
}

// A body beyond the limit is refused, announced or not, and not kept.
func TestLargeBody(t *testing.T) {
	c := open(t, "transeu")
	s, web := start(t, mockserver.Options{}, c)
	for name, length := range map[string]int64{"announced": 50 << 20, "chunked": -1} {
		t.Run(name, func(t *testing.T) {
			r := request(t, "POST", web.URL+orders, []byte("x"))
			r.Body = io.NopCloser(io.LimitReader(endless{}, 50<<20))
			r.ContentLength = length
			resp, err := http.DefaultTransport.(*http.Transport).Clone().RoundTrip(r)
			if err != nil {
				// The server may close while the body is still being sent.
				t.Log(err)
			} else {
				resp.Body.Close()
				if resp.StatusCode != 413 {
					t.Errorf("expected 413, found %d", resp.StatusCode)
				}
			}
		})
	}
	found := s.Journal().Entries(journal.Filter{Status: 413})
	if len(found) != 2 {
		t.Fatalf("expected two refusals in the journal, found %d", len(found))
	}
	for _, e := range found {
		if len(e.RequestBody) != 0 {
			t.Errorf("a body that was refused must not be kept, found %d bytes", len(e.RequestBody))
		}
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// Hostile XML is answered in the words of the XML contract.
func TestHostileXML(t *testing.T) {
	c := open(t, "otms")
	_, web := start(t, mockserver.Options{}, c)
	for _, one := range []struct{ name, body string }{
		{"DTD", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><orderLinkRequest version="0.1">&x;</orderLinkRequest>`},
		{"entity bomb", `<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;">]><a>&y;&y;</a>`},
		{"deep nesting", strings.Repeat("<a>", 100_000)},
		{"NUL", "<orderLinkRequest>\x00</orderLinkRequest>"},
		{"invalid UTF-8", "<orderLinkRequest>\xff</orderLinkRequest>"},
		{"not closed", "<orderLinkRequest>"},
		{"empty", ""},
	} {
		t.Run(one.name, func(t *testing.T) {
			r := request(t, "PUT", web.URL+"/ws/orderLink", []byte(one.body))
			r.Header.Set("Content-Type", "application/xml")
			r.SetBasicAuth("demo", "demo")
			resp, body := send(t, r)
			if resp.StatusCode != 400 || !strings.Contains(string(body), "<fault>") {
				t.Errorf("expected 400 with a fault, found %d %s", resp.StatusCode, body)
			}
			if strings.Contains(string(body), "root:") {
				t.Error("a file of the server was read")
			}
		})
	}
}

// One of many parallel creations of one number is accepted, whatever the store does.
func TestParallelCreations(t *testing.T) {
	c := open(t, "transeu")
	_, web := start(t, mockserver.Options{}, c)
	var created, refused atomic.Int32
	var wg sync.WaitGroup
	for range 24 {
		wg.Go(func() {
			r := request(t, "POST", web.URL+orders, order("ONE"))
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			switch resp.StatusCode {
			case 201:
				created.Add(1)
			case 409:
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	if created.Load() != 1 || refused.Load() != 23 {
		t.Errorf("expected 1 created and 23 refused, found %d and %d", created.Load(), refused.Load())
	}
}

// A caller that goes away in the middle of its body leaves no trace in the state.
func TestClosedConnection(t *testing.T) {
	c := open(t, "transeu")
	s, web := start(t, mockserver.Options{}, c)
	conn, err := net.Dial("tcp", strings.TrimPrefix(web.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"number\":", orders)
	conn.Close()
	deadline := time.Now().Add(5 * time.Second)
	for len(s.Journal().Entries(journal.Filter{Status: 400})) == 0 {
		if time.Now().After(deadline) {
			t.Fatal("the journal does not show the request")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// A server that is told to end finishes what it has begun.
func TestGracefulDrain(t *testing.T) {
	c := open(t, "transeu")
	s, err := mockserver.New(all(c), mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		ended <- mockserver.Run(ctx, 5*time.Second, mockserver.Listener{Net: l, Server: s.HTTP("")})
	}()
	status, sent := make(chan int), make(chan struct{})
	go func() {
		r := request(t, "POST", "http://"+l.Addr().String()+orders, order("SLOW"))
		r.Header.Set("Prefer", "wait=0.8")
		r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { close(sent) }}))
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			status <- 0
			return
		}
		resp.Body.Close()
		status <- resp.StatusCode
	}()
	<-sent
	time.Sleep(150 * time.Millisecond)
	stop()
	if got := <-status; got != 201 {
		t.Errorf("expected the request under way to be answered with 201, found %d", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("expected a clean end, found %v", err)
	}
}
