package proxy

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/conformance/traffic"
	"github.com/roadworthy-project/roadworthy/reports"
)

// TestContentCodings: what cannot be read is never told as fine, and never passes
// where the contract is enforced.
func TestContentCodings(t *testing.T) {
	base := contract(t).BasePath
	bad := strings.Replace(good, `"weight":1`, `"weight":"1"`, 1)
	var deflated bytes.Buffer
	z := zlib.NewWriter(&deflated)
	_, _ = z.Write([]byte(bad))
	z.Close()
	for _, tc := range []struct {
		name, mode, coding string
		body               string // of the response
		status             int
		scenario           reports.Status
	}{
		{"deflate is read", Report, "deflate", deflated.String(), 200, reports.Failed},
		{"deflate is enforced", Enforce, "deflate", deflated.String(), 502, reports.Failed},
		{"another is not judged", Report, "br", "\x8b\x03\x80{}\x03", 200, reports.NotReached},
		{"another is held back", Enforce, "br", "\x8b\x03\x80{}\x03", 502, reports.NotReached},
		{"what is not in its coding", Report, "gzip", "{}", 200, reports.NotReached},
	} {
		url, stop := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", tc.coding)
			_, _ = io.WriteString(w, tc.body)
		}), Options{Mode: tc.mode})
		req, err := http.NewRequest("GET", url+base+"/parcels/2b0c3d4e-0000-4000-8000-000000000001", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip, br")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		r := stop()
		if resp.StatusCode != tc.status || r.Scenarios[0].Status != tc.scenario {
			t.Errorf("%s: status %d, scenario %s (%s); expected %d and %s", tc.name, resp.StatusCode, r.Scenarios[0].Status, r.Scenarios[0].Why, tc.status, tc.scenario)
		}
	}
	url, stop := start(t, answer(201, "application/json", good), Options{Mode: Enforce})
	req, err := http.NewRequest("POST", url+base+"/parcels", strings.NewReader("?"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Content-Encoding", "br")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	stop()
	if resp.StatusCode != http.StatusUnsupportedMediaType || !strings.Contains(resp.Header.Get("Accept-Encoding"), "gzip") {
		t.Errorf("a request that cannot be read is answered with %d, %v", resp.StatusCode, resp.Header)
	}
}

func TestWhatIsOfferedToTheUpstream(t *testing.T) {
	for given, want := range map[string]string{"gzip": "gzip", "br, GZIP;q=0.5": "gzip", "gzip;q=0, br": "identity", "br": "identity", "gzip; q=0": "identity", "*": "identity"} {
		if got := readable(given); got != want {
			t.Errorf("of %q, %q is offered; expected %q", given, got, want)
		}
	}
}

// TestOnTheWire speaks HTTP/1.1 by hand: trailers, the chain of proxies, an expectation
// and an upgrade go through.
func TestOnTheWire(t *testing.T) {
	url, _ := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			conn, rw, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
			line, _ := rw.ReadString('\n')
			fmt.Fprint(conn, "back "+line)
			return
		}
		body, err := io.ReadAll(r.Body)
		w.Header().Set("Trailer", "X-Out")
		fmt.Fprintf(w, "%s %v trailer=%s for=%s", body, err, r.Trailer.Get("X-In"), r.Header.Get("X-Forwarded-For"))
		w.Header().Set("X-Out", "done")
	}), Options{})
	for _, path := range []string{"/elsewhere", contract(t).BasePath + "/parcels"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nTrailer: X-In\r\nX-Forwarded-For: 192.0.2.9\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n", path)
		in := bufio.NewReader(conn)
		if line, err := in.ReadString('\n'); !strings.HasPrefix(line, "HTTP/1.1 100 ") {
			t.Fatalf("%s: expected to be told to continue, found %q %v", path, line, err)
		}
		_, _ = in.ReadString('\n')
		fmt.Fprint(conn, "2\r\nhi\r\n0\r\nX-In: yes\r\n\r\n")
		resp, err := http.ReadResponse(in, nil)
		for err == nil && resp.StatusCode == http.StatusContinue {
			// The proxy says it, and passes on that the upstream said it too: a client takes
			// any number of them (RFC 9110, 15.2).
			resp, err = http.ReadResponse(in, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || string(body) != "hi <nil> trailer=yes for=192.0.2.9, 127.0.0.1" || resp.Trailer.Get("X-Out") != "done" {
			t.Errorf("%s: %q %v, trailers %v", path, body, err, resp.Trailer)
		}
		fmt.Fprint(conn, "GET /upgrade HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		if resp, err = http.ReadResponse(in, nil); err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
			t.Fatalf("%v %v, expected 101", resp, err)
		}
		fmt.Fprint(conn, "hello\n")
		if line, err := in.ReadString('\n'); line != "back hello\n" {
			t.Errorf("after the upgrade: %q %v", line, err)
		}
		conn.Close()
	}
}

// TestWhatHangsTogetherIsOneScenario: a request that was refused for what an earlier one
// did is recorded with it, in the form in which it was sent, and without credentials.
func TestWhatHangsTogetherIsOneScenario(t *testing.T) {
	c := contract(t)
	rec := NewRecorder(c)
	status := 201
	url, stop := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status == 201 {
			answer(201, "application/json", good).ServeHTTP(w, r)
			return
		}
		answer(409, "application/problem+json", `{"title": "Conflict", "status": 409, "detail": "there is one"}`).ServeHTTP(w, r)
	}), Options{Record: func(j *traffic.Judged, _ *mask.Masker) error { rec.Add(j); return nil }})
	for _, number := range []string{"ABCDEFGH", "ABCDEFGH", "IJKLMNOP"} {
		req, err := http.NewRequest("POST", url+c.BasePath+"/parcels", strings.NewReader(`{"number":"`+number+`","weight":1}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json")
		req.Header.Set("X-Client-Secret", "very-secret-text")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		status = 409
	}
	stop()
	text, _, left, err := rec.Scenarios()
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := strings.Cut(string(text), "\n---\n")
	for _, want := range []string{"addParcel-1", "addParcel-2", "number: ${addParcel-1.request:/number}", "Accept: application/json", "status: 409"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first scenario lacks %q", want)
		}
	}
	if !strings.Contains(rest, "IJKLMNOP") || strings.Contains(string(text), "very-secret-text") {
		t.Errorf("expected a second scenario of its own, and no secret\n%s\nleft %v", text, left)
	}
}
