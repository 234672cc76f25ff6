package mockserver_test

import (
	"bufio"
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// FuzzRequest gives the server whatever net/http takes for a request: preferences,
// sessions, addresses, parameters, bodies. It answers, and nothing fails inside.
func FuzzRequest(f *testing.F) {
	const head = "Host: mock\r\nAuthorization: Bearer demo\r\n"
	for _, seed := range []string{
		rawPost(orders, string(order("A"))),
		rawPost(orders, `{"number":1,"number":2}`, `Prefer: code="409", wait=0.0001; dynamic=true`),
		"GET /api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c?__code=404&__example=x HTTP/1.1\r\n" + head + "Mock-Session: a\r\n\r\n",
		"GET /api/rest/v1/orders/%2e%2e%2f HTTP/1.1\r\n" + head + "Prefer: ;;=,\"\r\nMock-Session: a/b\r\n\r\n",
		"POST /ws/orderRevenue HTTP/1.1\r\nHost: mock\r\nAuthorization: Basic ZGVtbzpkZW1v\r\nContent-Type: application/xml\r\nPrefer: item-code=\"1:1045\"\r\nContent-Length: 135\r\n\r\n" +
			`<orderRevenueUpdateRequest version="0.1"><orders><order sequence="1"><orderNumber>A</orderNumber></order></orders></orderRevenueUpdateRequest>`,
		"POST /__admin/requests/count HTTP/1.1\r\nHost: mock\r\nContent-Length: 18\r\n\r\n" + `{"urlPattern":"("}`,
	} {
		f.Add([]byte(seed))
	}
	s, err := mockserver.New(all(open(f, "transeu"), open(f, "otms")), mockserver.Options{MaxBody: 1 << 20, Callbacks: mockserver.CallbacksOff,
		Journal: journal.Limits{Entries: 10, Sessions: 4}, MaxSessions: 16})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil || bytes.Contains(raw, []byte("wait")) || bytes.Contains(raw, []byte("stream")) {
			return // what waits on purpose would only be slow
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 500 && !bytes.Contains(raw, []byte("5")) {
			t.Errorf("answered with %d: %s", w.Code, w.Body)
		}
		for _, e := range s.Journal().Entries(journal.Filter{Internal: true}) {
			t.Errorf("failed inside: %s", e.Internal)
		}
		s.Journal().Clear("")
	})
}
