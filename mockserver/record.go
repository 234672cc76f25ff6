package mockserver

import (
	"maps"
	"slices"
	"sync"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// record keeps the exchange in the journal and counts it, once.
func (x *exchange) record() {
	if x.recorded {
		return
	}
	x.recorded = true
	e := x.entry
	e.Duration = x.server.opts.Clock().Sub(x.started)
	e.Status, e.ResponseHeader, e.ResponseBody = x.answer.status, x.w.Header(), x.answer.body
	if x.op != nil {
		if e.Decision.Outcome == "" {
			e.Decision.Outcome = "http:" + statusText(e.Status)
		}
		e.Decision.Refused = x.op.refused(e)
		x.op.seen.request(e)
	}
	e.Decision.Refused = e.Decision.Refused || e.Status >= 400 || e.Decision.Reason != ""
	x.server.metrics.count(e)
	x.server.journal.Add(e)
}

// refused tells whether the outcome of a request, or of one of its items, is no success.
func (op *operation) refused(e *journal.Entry) bool {
	fails := func(ref string) bool {
		o := op.behaviour.Outcome(ref)
		return o != nil && !o.Success
	}
	return fails(e.Decision.Outcome) || slices.ContainsFunc(e.Decision.Items, fails)
}

// seen counts the outcomes of one operation.
type seen struct {
	mu       sync.Mutex
	requests uint64
	calls    map[string]uint64
	sessions map[string]map[string]uint64 // the same by session
}

// maxSeenSessions bounds the sessions that are counted by themselves.
const maxSeenSessions = 512

func newSeen() *seen {
	return &seen{calls: map[string]uint64{}, sessions: map[string]map[string]uint64{}}
}

// request counts one request with the outcomes that it came to. One of the
// body's layers implies the HTTP status.
func (s *seen) request(e *journal.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	own := s.sessions[e.Session]
	if own == nil && len(s.sessions) < maxSeenSessions {
		own = map[string]uint64{}
		s.sessions[e.Session] = own
	}
	count := func(o string) {
		s.calls[o]++
		if own != nil {
			own[o]++
		}
	}
	http := "http:" + statusText(e.Status)
	count(http)
	if o := e.Decision.Outcome; o != "" && o != http {
		count(o)
	}
	for _, o := range e.Decision.Items {
		if o != "" {
			count(o)
		}
	}
}

// in gives how often a session came to each outcome.
func (s *seen) in(session string) map[string]uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.sessions[session])
}

// forget makes a session begin anew; the counts of all stay.
func (s *seen) forget(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, session)
}

func (s *seen) counts() map[string]uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]uint64, len(s.calls))
	for o, n := range s.calls {
		all[o] = n
	}
	return all
}

func (s *seen) total() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// statusText writes the usual statuses without an allocation.
func statusText(status int) string {
	switch status {
	case 200:
		return "200"
	case 201:
		return "201"
	case 204:
		return "204"
	case 404:
		return "404"
	}
	return itoa3(status)
}

func itoa3(n int) string {
	return string([]byte{byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
}
