package conformance_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
)

// limiter serves some calls and puts the next one off.
type limiter struct {
	next   http.Handler
	every  int    // the n-th call is put off
	status int    // with this
	after  string // Retry-After

	mu        sync.Mutex
	calls     int
	notBefore time.Time
	early     int // calls that came before the time
	served    int
}

func (l *limiter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if now.Before(l.notBefore) {
		l.early++
	}
	if l.calls++; l.calls%l.every == 0 {
		l.notBefore = now.Add(900 * time.Millisecond)
		if l.after != "" {
			w.Header().Set("Retry-After", l.after)
		}
		w.WriteHeader(l.status)
		return
	}
	l.served++
	l.next.ServeHTTP(w, r)
}

// A target that asks to be called later is called later, and nothing is held against
// it: what comes then is judged.
func TestCalledLater(t *testing.T) {
	for _, tc := range []struct {
		name   string
		server *limiter
		reason string
	}{
		{"429 with seconds", &limiter{every: 20, status: 429, after: "1"}, "RFC 9110: Retry-After"},
		{"429 without a time", &limiter{every: 20, status: 429}, "a second is a guess that harms nobody"},
		{"503 with seconds", &limiter{every: 20, status: 503, after: "1"}, "RFC 9110: 503 may say when to come back"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.server.next = &parcels{}
			target := serve(t, tc.server)
			r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: target, ProviderStates: target + "/states", Parallel: 1})
			if r.Verdict != reports.Conformant || !strings.Contains(strings.Join(r.Why, "; "), "put off") {
				tell(t, r, 10)
				t.Fatalf("verdict %s because %v: %s", r.Verdict, r.Why, tc.reason)
			}
			if tc.server.early > 0 && tc.server.after != "" {
				t.Errorf("%d calls came before the time that the server had named", tc.server.early)
			}
		})
	}
}

// One that puts everything off for longer than anybody waits is not judged, and the run
// does not hang.
func TestCalledTooLate(t *testing.T) {
	begun := time.Now()
	target := serve(t, &limiter{next: &parcels{}, every: 2, status: 429, after: "86400"})
	r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: target})
	if r.Verdict != reports.Inconclusive || !strings.Contains(strings.Join(r.Why, "; "), "limited calls") {
		tell(t, r, 5)
		t.Errorf("verdict %s because %v", r.Verdict, r.Why)
	}
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("the run took %s", took)
	}
}
