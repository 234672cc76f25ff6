package conformance_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
)

// answered lets a right server answer and hands the answer over, to be sent in
// another way.
func answered(send func(w http.ResponseWriter, r *http.Request, rec *httptest.ResponseRecorder)) http.Handler {
	good := &parcels{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		good.ServeHTTP(rec, r)
		for name, v := range rec.Header() {
			w.Header()[name] = v
		}
		send(w, r, rec)
	})
}

// The same answers, carried in every way that HTTP allows: nothing of it is a
// deviation.
func TestWaysOfCarrying(t *testing.T) {
	type recorded = httptest.ResponseRecorder
	plain := func(w http.ResponseWriter, rec *recorded) {
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	}
	retype := func(change func(string) string) func(http.ResponseWriter, *http.Request, *recorded) {
		return func(w http.ResponseWriter, _ *http.Request, rec *recorded) {
			if kind := rec.Header().Get("Content-Type"); kind != "" {
				w.Header().Set("Content-Type", change(kind))
			}
			plain(w, rec)
		}
	}
	for _, tc := range []struct {
		name string
		send func(http.ResponseWriter, *http.Request, *recorded)
	}{
		{"gzip", func(w http.ResponseWriter, r *http.Request, rec *recorded) {
			if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				plain(w, rec)
				return
			}
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(rec.Code)
			z := gzip.NewWriter(w)
			_, _ = z.Write(rec.Body.Bytes())
			_ = z.Close()
		}},
		{"chunked, byte by byte", func(w http.ResponseWriter, _ *http.Request, rec *recorded) {
			w.WriteHeader(rec.Code)
			for _, b := range rec.Body.Bytes() {
				_, _ = w.Write([]byte{b})
				w.(http.Flusher).Flush()
			}
		}},
		{"a connection for each answer", func(w http.ResponseWriter, _ *http.Request, rec *recorded) {
			w.Header().Set("Connection", "close")
			plain(w, rec)
		}},
		{"charset", retype(func(s string) string { return s + ";charset=UTF-8" })},
		{"a charset that JSON does not have", retype(func(s string) string { return s + "; charset=ISO-8859-1" })},
		{"charset in quotes", retype(func(s string) string { return s + ` ; Charset="utf-8"` })},
		{"capital letters", retype(strings.ToUpper)},
		{"a parameter nobody knows", retype(func(s string) string { return s + "; odata=verbose; q=1" })},
		{"hangs up after each answer, without a word", func(w http.ResponseWriter, _ *http.Request, rec *recorded) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				panic(err)
			}
			head := fmt.Sprintf("HTTP/1.1 %d X\r\nContent-Length: %d\r\n", rec.Code, rec.Body.Len())
			if kind := rec.Header().Get("Content-Type"); kind != "" {
				head += "Content-Type: " + kind + "\r\n"
			}
			_, _ = conn.Write([]byte(head + "\r\n" + rec.Body.String()))
			_ = conn.Close()
		}},
		{"white space around", func(w http.ResponseWriter, _ *http.Request, rec *recorded) {
			w.WriteHeader(rec.Code)
			if rec.Body.Len() > 0 {
				_, _ = w.Write([]byte("\r\n \t" + rec.Body.String() + "\r\n\r\n"))
			}
		}},
		{"early hints", func(w http.ResponseWriter, _ *http.Request, rec *recorded) {
			w.WriteHeader(http.StatusEarlyHints)
			plain(w, rec)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			target := serve(t, answered(tc.send))
			r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: target, ProviderStates: target + "/states"})
			if r.Verdict != reports.Conformant || len(r.Deviations) > 0 {
				tell(t, r, 5)
				t.Errorf("verdict %s: HTTP allows it", r.Verdict)
			}
		})
	}
}

// The base URL may be written in every usual way.
func TestBasePaths(t *testing.T) {
	for _, tc := range []struct{ behind, target string }{
		{"", ""}, {"", "/"}, {"", "/api"}, {"", "/api/"}, {"/v2/tms", "/v2/tms"}, {"/v2/tms", "/v2/tms/api"}, {"/v2/tms", "/v2/tms/api/"}, {"/ä b", "/%C3%A4%20b"},
	} {
		t.Run(fmt.Sprintf("%s at %s", tc.behind, tc.target), func(t *testing.T) {
			server := serve(t, http.StripPrefix(tc.behind, &parcels{}))
			r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: server + tc.target, Only: []string{"parcels.create-and-read"}})
			if r.Verdict != reports.Partial {
				tell(t, r, 5)
				t.Errorf("verdict %s: %v", r.Verdict, r.Why)
			}
		})
	}
}

// A redirect is no answer of the contract, and nobody's credentials go where it leads.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var leaked []string
	other := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaked = append(leaked, r.Header.Get("Authorization"))
		status(200, "application/json", "{}").ServeHTTP(w, r)
	}))
	good := &parcels{}
	target := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.Redirect(w, r, other+r.URL.Path, http.StatusTemporaryRedirect)
			return
		}
		good.ServeHTTP(w, r)
	}))
	r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: target})
	if len(leaked) > 0 {
		t.Errorf("%d requests went to the other host", len(leaked))
	}
	if r.Verdict != reports.NonConformant {
		t.Errorf("verdict %s: %v", r.Verdict, r.Why)
	}
	for _, g := range reports.Groups(r.Deviations) {
		if g.Operation == "getParcel" && g.Kind == "status" && strings.HasPrefix(g.Actual(), "307") {
			return
		}
	}
	tell(t, r, 10)
	t.Error("no deviation says that a read is redirected")
}

// An answer that is larger than anybody reads cannot be judged: that is said, and held
// against nobody. One without an end is a deviation, and costs neither memory nor time.
func TestAnswersWithoutEnd(t *testing.T) {
	line := bytes.Repeat([]byte(" "), 1<<16)
	for _, tc := range []struct {
		name   string
		length int
		want   reports.Verdict
	}{
		{"7 MB", 7 << 20, reports.Partial},
		{"50 MB", 50 << 20, reports.Inconclusive},
		{"without end", -1, reports.NonConformant},
	} {
		t.Run(tc.name, func(t *testing.T) {
			target := serve(t, answered(func(w http.ResponseWriter, r *http.Request, rec *httptest.ResponseRecorder) {
				w.WriteHeader(rec.Code)
				for n := 0; r.Method == http.MethodGet && rec.Code == 200 && (n < tc.length || tc.length < 0); n += len(line) {
					if _, err := w.Write(line); err != nil {
						return
					}
				}
				_, _ = w.Write(rec.Body.Bytes())
			}))
			begun := time.Now()
			r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: target, Only: []string{"parcels.create-and-read"}})
			if r.Verdict != tc.want || len(r.Deviations) > 0 && tc.want != reports.NonConformant || len(r.Deviations) > 1 || time.Since(begun) > 30*time.Second {
				tell(t, r, 5)
				t.Errorf("verdict %s after %s: %v", r.Verdict, time.Since(begun), r.Why)
			}
			if s := r.Scenarios[0]; tc.want == reports.Inconclusive && (s.Status != reports.Error || !strings.Contains(s.Why, "8 MB")) {
				t.Errorf("the scenario is %s: %s", s.Status, s.Why)
			}
		})
	}
}

// A server that hangs up on some requests, or is too slow for some, is judged by what
// it does: each is a deviation, and the rest of the run goes on.
func TestHangsUp(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(http.ResponseWriter, *http.Request)
		want string
	}{
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
		{"breaks off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("{"))
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}, "broke off after 1 bytes"},
		{"too slow", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(2 * time.Second):
			}
		}, "no answer within 150ms"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			good := &parcels{}
			target := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet && r.Header.Get("Authorization") == "Bearer demo" && !strings.HasPrefix(r.Header.Get("X-Roadworthy-Step"), "preflight/") {
					tc.do(w, r)
					return
				}
				good.ServeHTTP(w, r)
			}))
			r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: target, Timeout: 150 * time.Millisecond})
			if r.Verdict != reports.NonConformant {
				tell(t, r, 5)
				t.Fatalf("verdict %s: %v", r.Verdict, r.Why)
			}
			groups := reports.Groups(r.Deviations)
			if len(groups) != 1 || groups[0].Kind != "unreachable" || !strings.Contains(groups[0].Actual(), tc.want) {
				tell(t, r, 10)
				t.Errorf("%d causes, the first %s %q; expected one that says %q", len(groups), groups[0].Kind, groups[0].Actual(), tc.want)
			}
		})
	}
}
