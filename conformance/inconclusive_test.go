package conformance_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
)

func status(code int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	})
}

// A target that cannot be judged is never judged: no scenario is red, and the
// report is there and says why.
func TestInconclusive(t *testing.T) {
	for _, tc := range []struct {
		name    string
		handler http.Handler
		why     string
	}{
		{"login page with 200", status(200, "text/html; charset=utf-8", "<html>please log in</html>"), "web page"},
		{"502 of a proxy", status(502, "text/html", "<html>bad gateway</html>"), "gateway"},
		{"plain HTTP where HTTPS is spoken", status(400, "application/problem+json", `{"title":"this address speaks HTTPS","status":400}`), "give the target with https://"},
		{"503 of a proxy", status(503, "text/plain", "down"), "gateway"},
		{"redirect to a login", http.RedirectHandler("https://login.example/", http.StatusFound), "redirected"},
		{"credentials refused", status(401, "application/problem+json", `{"title":"no","status":401}`), "credentials"},
		{"hangs up", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), "does not answer"},
		{"never answers", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(3 * time.Second):
			}
		}), "no answer within"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: serve(t, tc.handler), Timeout: 100 * time.Millisecond})
			inconclusive(t, r, tc.why)
		})
	}
}

func TestInconclusiveWhenNobodyIsThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target := "http://" + l.Addr().String()
	l.Close()
	inconclusive(t, run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: target}), "no connection")
}

// A target that fails only after the first questions is found out afterwards.
func TestInconclusiveAfterPreflight(t *testing.T) {
	asked := 0
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("X-Roadworthy-Step"), "preflight/") {
			asked++
			(&parcels{}).ServeHTTP(w, r)
			return
		}
		status(502, "text/html", "bad gateway").ServeHTTP(w, r)
	})
	r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: serve(t, h)})
	if asked == 0 {
		t.Error("nothing was asked before the run")
	}
	inconclusive(t, r, "gateway")
}

// A target that goes away in the middle leaves gaps, and gaps are no success.
func TestTargetGoesAway(t *testing.T) {
	good := &parcels{}
	var server *httptest.Server
	calls := 0
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls == 20 {
			server.Listener.Close()
			w.Header().Set("Connection", "close")
		}
		good.ServeHTTP(w, r)
	}))
	defer server.Close()
	r := run(t, conformance.Config{Contract: open(t, parcelsBundle), Target: server.URL, Parallel: 1})
	if r.Verdict != reports.Inconclusive || !strings.Contains(strings.Join(r.Why, "; "), "went away") {
		tell(t, r, 5)
		t.Errorf("verdict %s because %v", r.Verdict, r.Why)
	}
	for _, s := range r.Scenarios {
		if s.Status == reports.Failed {
			t.Errorf("%s failed because nobody was there", s.ID)
		}
	}
}

func inconclusive(t *testing.T, r *reports.Report, why string) {
	t.Helper()
	if r.Verdict != reports.Inconclusive || !strings.Contains(strings.Join(r.Why, "; "), why) {
		tell(t, r, 5)
		t.Fatalf("verdict %s because %v, expected inconclusive because of %q", r.Verdict, r.Why, why)
	}
	if code := verdict.Exit(r, "error", nil); code != verdict.ExitInconclusive {
		t.Errorf("exit code %d", code)
	}
	if len(r.Scenarios) == 0 || len(r.Deviations) > 0 {
		t.Errorf("%d scenarios and %d deviations are in the report, expected all and none", len(r.Scenarios), len(r.Deviations))
	}
	for _, s := range r.Scenarios {
		if s.Status != reports.NotReached || s.Why == "" {
			t.Fatalf("scenario %s is %s because %q", s.ID, s.Status, s.Why)
		}
	}
}

// Nothing that counts: never a success.
func TestNothingRunIsNoSuccess(t *testing.T) {
	c := open(t, parcelsBundle)
	target := serve(t, &parcels{})
	for _, tc := range []struct {
		name   string
		config conformance.Config
		reason string
	}{
		{"all skipped", conformance.Config{Only: []string{"parcels.prepared"}}, "its state cannot be had"},
		{"all excluded", conformance.Config{Exclude: []string{"*"}}, "no scenario is left"},
		{"an unknown identity", conformance.Config{Only: []string{"parcels.foreign"}, Identities: map[string]engine.Credentials{"other": {Bearer: "demo"}}}, "no credentials"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.config.Contract, tc.config.Target = c, target
			r := run(t, tc.config)
			if r.Verdict != reports.Inconclusive || verdict.Exit(r, "error", nil) != verdict.ExitInconclusive {
				t.Fatalf("verdict %s because %v, exit %d: %s", r.Verdict, r.Why, verdict.Exit(r, "error", nil), tc.reason)
			}
		})
	}
}

// What cannot be configured is an error before anything is sent.
func TestConfigurationErrors(t *testing.T) {
	c := open(t, parcelsBundle)
	for _, tc := range []struct {
		name   string
		config conformance.Config
		want   string
	}{
		{"no contract", conformance.Config{Target: "http://127.0.0.1:1"}, "no contract"},
		{"no target", conformance.Config{Contract: c}, "no target"},
		{"no URL", conformance.Config{Contract: c, Target: "127.0.0.1:80"}, "not a base URL"},
		{"a pattern that fits nothing", conformance.Config{Contract: c, Target: "http://127.0.0.1:1", Only: []string{"parcels.dupicate"}}, "fits nothing"},
		{"an exclusion that fits nothing", conformance.Config{Contract: c, Target: "http://127.0.0.1:1", Exclude: []string{"gone.*"}}, "fits nothing"},
		{"an operation that is none", conformance.Config{Contract: c, Target: "http://127.0.0.1:1", Operations: []string{"addParcels"}}, "did you mean"},
		{"an unknown profile", conformance.Config{Contract: c, Target: "http://127.0.0.1:1", Profile: "gold"}, "profile"},
		{"a shard that is none", conformance.Config{Contract: c, Target: "http://127.0.0.1:1", Shard: "3/2"}, "shard"},
		{"generated: perhaps", conformance.Config{Contract: c, Target: "http://127.0.0.1:1", Generated: "perhaps"}, "generated"},
		{"no auth file", conformance.Config{Contract: c, Target: "http://127.0.0.1:1", Auth: "testdata/none.yaml"}, "none.yaml"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := conformance.Run(t.Context(), tc.config)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("report %v, error %v, expected an error about %q", r != nil, err, tc.want)
			}
		})
	}
}

// An interrupted run reports what ran.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	// At this rate the next step waits for its turn when the run is interrupted.
	cfg := conformance.Config{Contract: open(t, parcelsBundle), Target: serve(t, &parcels{}), Seed: 1, Parallel: 1, Rate: 20, Progress: func(p engine.Progress) {
		if p.Done == 3 {
			time.AfterFunc(10*time.Millisecond, cancel)
		}
	}}
	r, err := conformance.Run(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	n := map[reports.Status]int{}
	for _, s := range r.Scenarios {
		n[s.Status]++
	}
	if n[reports.Passed] < 3 || n[reports.Failed] > 0 || n[reports.NotReached] == 0 || r.Verdict == reports.Conformant {
		t.Errorf("verdict %s, statuses %v: what ran must stay, the rest is not-reached", r.Verdict, n)
	}
	if why := strings.Join(r.Why, "; "); strings.Contains(why, "went away") || !strings.Contains(why, "interrupted") {
		t.Errorf("expected that it was interrupted, and no blame of the target, found %s", why)
	}
}
