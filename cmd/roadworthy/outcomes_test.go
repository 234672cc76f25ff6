package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Every outcome that a contract documents comes about without Prefer: through
// the requests of its scenarios, those that are made from its schemas, the
// provider states, and the settings of the server (largest body, call limits).
func TestEveryOutcomeIsReached(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &outcomeWalk{t: t, contract: openBuiltIn(t, name), reached: map[string]int{}}
			w.suite()
			w.settings(mockserver.Options{MaxBody: 8}, 1)
			w.settings(mockserver.Options{RateLimits: "1"}, 3)
			w.wrongAddress()
			w.tell()
		})
	}
}

func openBuiltIn(t *testing.T, name string) *specs.Contract {
	t.Helper()
	c, err := specs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// outcomeWalk counts what was reached, by "operation layer:code".
type outcomeWalk struct {
	t        *testing.T
	contract *specs.Contract
	reached  map[string]int
	sample   map[string]*journal.Entry // one request of each operation that went well
}

// serve starts a server that takes no preferences, and gives its journal.
func (w *outcomeWalk) serve(o mockserver.Options) (*mockserver.Server, string) {
	o.Journal = journal.Limits{Entries: 100_000}
	s, err := mockserver.New([]*specs.Contract{w.contract}, o)
	if err != nil {
		w.t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Prefer") != "" || strings.Contains(r.URL.RawQuery, "__") {
			w.t.Errorf("%s %s asks for its answer", r.Method, r.URL)
		}
		s.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(func() { web.Close(); _ = s.Close() })
	return s, web.URL
}

// collect counts the outcomes of a server's journal.
func (w *outcomeWalk) collect(s *mockserver.Server) {
	sessions, err := s.Journal().Sessions()
	if err != nil {
		w.t.Fatal(err)
	}
	for session := range sessions {
		for _, e := range s.Journal().Entries(journal.Filter{Session: session}) {
			w.reached[e.Operation+" http:"+fmt.Sprint(e.Status)]++
			for _, o := range append(slices.Clone(e.Decision.Items), e.Decision.Outcome) {
				w.reached[e.Operation+" "+o]++
			}
			if e.Status < 300 && e.Operation != "" && len(e.RequestBody) > len(w.body(e.Operation)) || w.sample[e.Operation] == nil {
				w.sample[e.Operation] = e
			}
		}
	}
}

func (w *outcomeWalk) body(operation string) []byte {
	if e := w.sample[operation]; e != nil {
		return e.RequestBody
	}
	return nil
}

// suite runs everything that is written and generated for the contract.
func (w *outcomeWalk) suite() {
	w.sample = map[string]*journal.Entry{}
	s, url := w.serve(mockserver.Options{})
	r, err := conformance.Run(w.t.Context(), conformance.Config{Contract: w.contract, Target: url,
		ProviderStates: url + "/__admin/provider-states", Seed: 1, Version: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	// What the body says beside the outcome that the server names: the code of a
	// whole batch that went well.
	for _, o := range r.Coverage.Outcomes {
		if o.Observed {
			w.reached[o.Operation+" "+o.Layer+":"+o.Code]++
		}
	}
	w.collect(s)
}

// settings repeats one good request of each operation against a server with a limit.
func (w *outcomeWalk) settings(o mockserver.Options, times int) {
	s, url := w.serve(o)
	for _, op := range w.contract.Operations {
		e := w.sample[op.ID]
		if e == nil {
			continue
		}
		for range times {
			w.repeat(url, e)
		}
	}
	kept := w.sample
	w.sample = map[string]*journal.Entry{}
	w.collect(s)
	w.sample = kept
}

func (w *outcomeWalk) repeat(url string, e *journal.Entry) {
	r, err := http.NewRequest(e.Method, url+e.URL, bytes.NewReader(e.RequestBody))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, name := range []string{"Authorization", "Content-Type", "Login", "Password"} {
		if v := e.RequestHeader.Values(name); len(v) > 0 {
			r.Header[name] = v
		}
	}
	w.send(r)
}

// send gives the answer with its body read and closed.
func (w *outcomeWalk) send(r *http.Request) *http.Response {
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		w.t.Fatal(err)
	}
	return resp
}

// wrongAddress asks for an address that no operation has, and for each of those
// that there are by a method that none has. No operation is called then: what
// comes back counts for those that were meant.
func (w *outcomeWalk) wrongAddress() {
	_, url := w.serve(mockserver.Options{})
	ask := func(method, path string, meant ...string) {
		r, err := http.NewRequest(method, url+path, nil)
		if err != nil {
			w.t.Fatal(err)
		}
		resp := w.send(r)
		for _, op := range meant {
			w.reached[fmt.Sprint(op, " http:", resp.StatusCode)]++
		}
	}
	for _, op := range w.contract.Operations {
		ask("GET", w.contract.BasePath+"/nowhere", op.ID)
		if e := w.sample[op.ID]; e != nil {
			path, _, _ := strings.Cut(e.URL, "?")
			ask("PATCH", path, op.ID)
		}
	}
}

// tell prints the figures and fails on what could be reached and was not.
func (w *outcomeWalk) tell() {
	entries := map[*specs.Outcome]bool{}
	pairs, pairsReached := 0, 0
	var order []*specs.Outcome
	for _, op := range w.contract.Operations {
		for _, o := range op.Outcomes() {
			if _, known := entries[o]; !known {
				entries[o] = false
				order = append(order, o)
			}
			pairs++
			if w.reached[op.ID+" "+o.Ref()] > 0 {
				entries[o] = true
				pairsReached++
			} else if o.ReachedBy.NotReachable == "" {
				w.t.Logf("not reached for %s: %s", op.ID, o.Ref())
			}
		}
	}
	reached, not := 0, 0
	for _, o := range order {
		switch {
		case entries[o]:
			reached++
		case o.ReachedBy.NotReachable != "":
			not++
			w.t.Logf("cannot be reached: %s of %s (line %d): %s", o.Ref(), strings.Join(o.Operations, ", "), o.Line, o.ReachedBy.NotReachable)
		default:
			w.t.Errorf("%s of %s (errors.yaml line %d) was not reached: %+v", o.Ref(), strings.Join(o.Operations, ", "), o.Line, o.ReachedBy)
		}
	}
	w.t.Logf("%s: %d of %d documented outcomes reached, %d of %d that can be; by operation %d of %d",
		w.contract.Name, reached, len(order), reached, len(order)-not, pairsReached, pairs)
}
