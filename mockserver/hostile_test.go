package mockserver_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
)

// hardened serves with the limits of the real server, which httptest lacks.
func hardened(t *testing.T, o mockserver.Options, contract string, headerTimeout time.Duration) (*mockserver.Server, string) {
	t.Helper()
	return hardenedAt(t, o, open(t, contract), headerTimeout, false)
}

// hardenedAt serves with or without TLS; the address says which.
func hardenedAt(t *testing.T, o mockserver.Options, contract *specs.Contract, headerTimeout time.Duration, secure bool) (*mockserver.Server, string) {
	t.Helper()
	s, err := mockserver.New(all(contract), o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := s.HTTP("")
	if headerTimeout > 0 {
		h.ReadHeaderTimeout = headerTimeout
	}
	address, served := l.Addr().String(), mockserver.Explained(l, s)
	if secure {
		web := httptest.NewTLSServer(nil) // for its certificate
		address, served = "https://"+address, mockserver.Secured(l, h, web.TLS)
		web.Close()
	}
	go func() { _ = h.Serve(served) }()
	t.Cleanup(func() { _ = h.Close(); _ = s.Close() })
	return s, address
}

// exchangeRaw sends bytes on a connection of their own and reads the answers until the
// server closes or enough of them came.
func exchangeRaw(address, text string, answers int) ([]int, string, error) {
	address, secure := strings.CutPrefix(address, "https://")
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, "", err
	}
	defer conn.Close()
	if secure {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	go func() { _, _ = io.WriteString(conn, text) }()
	var found []int
	var last string
	for in := bufio.NewReader(conn); len(found) < answers; {
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			return found, last, err
		}
		body, _ := io.ReadAll(resp.Body)
		found, last = append(found, resp.StatusCode), string(body)
	}
	return found, last, nil
}

func rawPost(path, body string, headers ...string) string {
	head := "POST " + path + " HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer demo\r\nContent-Type: application/json\r\n"
	for _, h := range headers {
		head += h + "\r\n"
	}
	if !strings.Contains(head, "Transfer-Encoding") {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	return head + "\r\n" + body
}

func bomb() string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(make([]byte, 10<<20))
	_ = w.Close()
	return b.String()
}

// 64 clients send everything that is wrong at the same time. Each gets its clear
// error, none disturbs another, nothing is changed and nothing fails inside.
func TestHostileClientsTogether(t *testing.T) {
	s, address := hardened(t, mockserver.Options{MaxBody: 1 << 20}, "transeu", 0)
	a := newAdminClient(t, "http://"+address)
	_, before := a.call("GET", "snapshot", nil, 200)
	good := string(order("NEVER"))
	get := func(path string) string {
		return "GET " + path + " HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer demo\r\n\r\n"
	}
	endlessChunks := strings.Repeat("10000\r\n"+strings.Repeat(" ", 0x10000)+"\r\n", 64)
	cases := []struct {
		name, text string
		want       []int
		says       string
	}{
		{"duplicate names", rawPost(orders, `{"number":"a","number":"b"}`), []int{400}, "twice"},
		{"a number of 10,000 digits", rawPost(orders, `{"number":`+strings.Repeat("9", 10_000)+`}`), []int{400}, ""},
		{"a header of 1 MB", "GET / HTTP/1.1\r\nHost: mock\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", []int{431}, ""},
		{"chunks without end", rawPost(orders, endlessChunks, "Transfer-Encoding: chunked"), []int{413}, ""},
		{"a broken chunk", rawPost(orders, "zz\r\nnothing\r\n", "Transfer-Encoding: chunked"), []int{400}, ""},
		{"a gzip bomb", rawPost(orders, bomb(), "Content-Encoding: gzip"), []int{415}, ""},
		{"both lengths", rawPost(orders, good+"\r\n\r\n", "Transfer-Encoding: chunked", "Content-Length: 3"), []int{400}, ""},
		{"path traversal", get("/api/rest/v1/orders/../../../../etc/passwd"), []int{404}, ""},
		{"escaped path traversal", get("/api/rest/v1/orders/..%2f..%2f..%2fetc%2fpasswd"), []int{400}, "expected a uuid"},
		{"a slash in an id", get("/api/rest/v1/orders/a%2Fb"), []int{400}, "expected a uuid"},
		{"Unicode in an id", get("/api/rest/v1/orders/%F0%9F%9A%9A%E8%AE%A2%E5%8D%95"), []int{400}, "expected a uuid"},
		{"broken UTF-8 in an id", get("/api/rest/v1/orders/%ff%fe"), []int{400}, "expected a uuid"},
		{"a NUL in an id", get("/api/rest/v1/orders/%00"), []int{400}, "expected a uuid"},
		{"not HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", []int{400}, ""},
		{"the next request after an error", rawPost(orders, `{`) + rawPost(orders, `{"number":1}`) + get("/api/rest/v1/nothing"), []int{400, 422, 404}, ""},
		{"a session that is none", rawPost(orders, good, "Mock-Session: ../../etc"), []int{400}, "Mock-Session"},
	}
	var wg sync.WaitGroup
	for client := range 64 {
		wg.Go(func() {
			for i := range cases {
				one := cases[(client+i)%len(cases)]
				got, said, err := exchangeRaw(address, one.text, len(one.want))
				if fmt.Sprint(got) != fmt.Sprint(one.want) {
					t.Errorf("%s: expected %v, found %v %s (%v)", one.name, one.want, got, said, err)
				}
				if !strings.Contains(said, one.says) {
					t.Errorf("%s: expected the answer to say %q, found %s", one.name, one.says, said)
				}
				if strings.Contains(said, "root:") {
					t.Errorf("%s: a file of the server was read", one.name)
				}
			}
		})
	}
	wg.Wait()
	if _, after := a.call("GET", "snapshot", nil, 200); !bytes.Equal(before, after) {
		t.Error("hostile requests changed the state")
	}
	if inside := s.Journal().Entries(journal.Filter{Internal: true}); len(inside) > 0 {
		t.Errorf("%d requests failed inside the server, the first: %s", len(inside), inside[0].Internal)
	}
	for _, e := range s.Journal().Entries(journal.Filter{Status: 4}) {
		if e.Decision.Reason == "" && e.Decision.Outcome == "" {
			t.Fatalf("the journal does not explain %s %s %d", e.Method, e.URL, e.Status)
		}
	}
}

// A caller that sends its header a byte at a time is cut off, and does not keep
// others from being served.
func TestSlowLoris(t *testing.T) {
	_, address := hardened(t, mockserver.Options{}, "transeu", 300*time.Millisecond)
	begun := time.Now()
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			for _, b := range []byte("GET / HTTP/1.1\r\nX-Slow: " + strings.Repeat("x", 1000)) {
				if _, err := conn.Write([]byte{b}); err != nil {
					return // cut off, as it should be
				}
				time.Sleep(50 * time.Millisecond)
			}
			t.Error("a slow caller was heard to the end")
		})
	}
	if got, _, err := exchangeRaw(address, rawPost(orders, string(order("MEANWHILE"))), 1); err != nil || got[0] != 201 {
		t.Errorf("expected others to be served meanwhile, found %v %v", got, err)
	}
	wg.Wait()
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("slow callers were cut off after %s only", took)
	}
}

// Requests that follow each other at once are told apart: that one has a length and the
// next has chunks is no two lengths.
func TestPipelinedRequestsAreApart(t *testing.T) {
	_, address := hardened(t, mockserver.Options{}, "transeu", 0)
	good := string(order("CHUNKS"))
	both := rawPost(orders, string(order("LENGTH"))) + rawPost(orders, fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(good), good), "Transfer-Encoding: chunked") + rawPost(orders, good)
	if got, said, err := exchangeRaw(address, both, 3); fmt.Sprint(got) != "[201 201 409]" {
		t.Errorf("expected both to be created and the third to be refused, found %v %s %v", got, said, err)
	}
}
