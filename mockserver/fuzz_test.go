package mockserver_test

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// FuzzRequest gives the server whatever may come on a connection: requests, torn and
// one after the other, and what is none. It answers, nothing fails inside, and the
// journal explains every refusal.
//
//fuzz:wire
func FuzzRequest(f *testing.F) {
	const head = "Host: mock\r\nAuthorization: Bearer demo\r\n"
	for _, seed := range []string{
		rawPost(orders, string(order("A"))),
		rawPost(orders, `{"number":1,"number":2}`, `Prefer: code="409", wait=0.0001; dynamic=true`),
		"GET /api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c?__code=404&__example=x HTTP/1.1\r\n" + head + "Mock-Session: a\r\n\r\n",
		"GET /api/rest/v1/orders/%2e%2e%2f HTTP/1.1\r\n" + head + "Prefer: ;;=,\"\r\nMock-Session: a/b\r\n\r\n",
		"POST /ws/orderRevenue HTTP/1.1\r\nHost: mock\r\nAuthorization: Basic ZGVtbzpkZW1v\r\nContent-Type: application/xml\r\nPrefer: item-code=\"1:1045\"\r\nContent-Length: 135\r\n\r\n" +
			`<orderRevenueUpdateRequest version="0.1"><orders><order sequence="1"><orderNumber>A</orderNumber></order></orders></orderRevenueUpdateRequest>`,
		"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n",
		"POST /__admin/requests/count HTTP/1.1\r\nHost: mock\r\nContent-Length: 18\r\n\r\n" + `{"urlPattern":"("}`,
	} {
		f.Add([]byte(seed))
		f.Add([]byte(seed + seed))
	}
	s, err := mockserver.New(all(open(f, "transeu"), open(f, "otms")), mockserver.Options{MaxBody: 1 << 20, Callbacks: mockserver.CallbacksOff,
		Journal: journal.Limits{Entries: 10, Sessions: 4}, MaxSessions: 16})
	if err != nil {
		f.Fatal(err)
	}
	l := make(callers)
	web := s.HTTP("")
	go func() { _ = web.Serve(mockserver.Explained(l, s)) }()
	f.Cleanup(func() { _ = web.Close(); _ = s.Close() })
	f.Fuzz(func(t *testing.T, raw []byte) {
		if lower := bytes.ToLower(raw); bytes.Contains(lower, []byte("wait")) || bytes.Contains(lower, []byte("stream")) {
			return // what waits on purpose would only be slow
		}
		c := &caller{in: bytes.NewReader(raw), answered: make(chan struct{})}
		l <- c
		<-c.answered
		resp, err := http.ReadResponse(bufio.NewReader(&c.out), nil)
		if err != nil && len(bytes.TrimSpace(raw)) > 0 && bytes.Contains(raw, []byte("\n\n")) {
			t.Errorf("no answer: %v", err)
		}
		if err == nil && (resp.StatusCode == 500 || resp.StatusCode == 503) && !bytes.Contains(raw, []byte("5")) {
			t.Errorf("answered with %s", resp.Status)
		}
		for _, e := range s.Journal().Entries(journal.Filter{}) {
			if e.Internal != "" {
				t.Errorf("failed inside: %s", e.Internal)
			}
			if e.Status >= 400 && e.Decision.Reason == "" && e.Decision.Outcome == "" {
				t.Errorf("the journal does not explain %d", e.Status)
			}
		}
		_ = s.Journal().Clear("")
	})
}

// callers come without a network.
type callers chan *caller

func (l callers) Accept() (net.Conn, error) {
	c, open := <-l
	if !open {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (l callers) Close() error   { close(l); return nil }
func (l callers) Addr() net.Addr { return &net.TCPAddr{} }

// caller says all that it has to say and listens until the server hangs up.
type caller struct {
	in       *bytes.Reader
	reading  sync.Mutex
	out      bytes.Buffer
	once     sync.Once
	answered chan struct{}
}

func (c *caller) Read(p []byte) (int, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	return c.in.Read(p)
}
func (c *caller) Write(p []byte) (int, error)      { return c.out.Write(p) }
func (c *caller) CloseWrite() error                { return c.Close() }
func (c *caller) Close() error                     { c.once.Do(func() { close(c.answered) }); return nil }
func (c *caller) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *caller) RemoteAddr() net.Addr             { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
func (c *caller) SetDeadline(time.Time) error      { return nil }
func (c *caller) SetReadDeadline(time.Time) error  { return nil }
func (c *caller) SetWriteDeadline(time.Time) error { return nil }
