package mockserver

import (
	"sync"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// reached is an outcome of an operation; "" instead of an outcome is the calls.
type reached struct{ contract, operation, outcome string }

// tally counts which outcomes were reached, of all sessions and of each.
type tally interface {
	count(op *operation, e *journal.Entry) error
	totals() (map[reached]uint64, error)
	in(session string) (map[reached]uint64, error)
	// forget makes a session begin anew; the counts of all stay. contract "" is all.
	forget(contract, session string) error
}

// outcomesOf gives the outcomes that a request came to. One of the body's layers
// implies the HTTP status.
func outcomesOf(e *journal.Entry, each func(outcome string)) {
	http := "http:" + statusText(e.Status)
	each(http)
	if o := e.Decision.Outcome; o != "" && o != http {
		each(o)
	}
	for _, o := range e.Decision.Items {
		if o != "" {
			each(o)
		}
	}
}

// alone is the tally of a server that shares nothing: each operation has its own.
type alone struct{ s *Server }

func (a alone) count(op *operation, e *journal.Entry) error {
	if op.seen.silent(e.Session, e.Time) {
		// This operation was not called for long; others may have been.
		if err := a.forgetSilent(e.Session, e.Time); err != nil {
			return err
		}
	}
	op.seen.request(e)
	return nil
}

// forgetSilent forgets a session of which no operation was called for long.
func (a alone) forgetSilent(session string, now time.Time) error {
	silent := true
	a.each("", func(_ *mount, op *operation) {
		op.seen.mu.Lock()
		_, there := op.seen.sessions[session]
		op.seen.mu.Unlock()
		silent = silent && (!there || op.seen.silent(session, now))
	})
	if !silent {
		return nil
	}
	return a.forget("", session)
}

func (a alone) totals() (map[reached]uint64, error) {
	all := map[reached]uint64{}
	a.each("", func(m *mount, op *operation) {
		op.seen.mu.Lock()
		defer op.seen.mu.Unlock()
		all[reached{m.contract.Name, op.spec.ID, ""}] = op.seen.requests
		for o, n := range op.seen.calls {
			all[reached{m.contract.Name, op.spec.ID, o}] = n
		}
	})
	return all, nil
}

func (a alone) in(session string) (map[reached]uint64, error) {
	if err := a.forgetSilent(session, a.s.opts.Clock()); err != nil {
		return nil, err
	}
	all := map[reached]uint64{}
	a.each("", func(m *mount, op *operation) {
		op.seen.mu.Lock()
		defer op.seen.mu.Unlock()
		if own := op.seen.sessions[session]; own != nil {
			for o, n := range own.calls {
				all[reached{m.contract.Name, op.spec.ID, o}] = n
			}
		}
	})
	return all, nil
}

func (a alone) forget(contract, session string) error {
	a.each(contract, func(_ *mount, op *operation) {
		op.seen.mu.Lock()
		defer op.seen.mu.Unlock()
		delete(op.seen.sessions, session)
	})
	return nil
}

func (a alone) each(contract string, do func(*mount, *operation)) {
	for _, m := range a.s.mounts {
		if contract != "" && contract != m.contract.Name {
			continue
		}
		for _, op := range m.operations {
			do(m, op)
		}
	}
}

// seen counts the outcomes of one operation.
type seen struct {
	idle     time.Duration
	mu       sync.Mutex
	requests uint64
	calls    map[string]uint64
	sessions map[string]*seenSession
}

// seenSession is the same of one session.
type seenSession struct {
	calls map[string]uint64
	used  time.Time
}

// maxSeenSessions bounds the sessions that are counted by themselves; the one that
// was silent for the longest time makes room.
const maxSeenSessions = 4096

func newSeen(idle time.Duration) *seen {
	return &seen{idle: idle} // most operations of a large document are never called
}

// request counts one request with the outcomes that it came to.
func (s *seen) request(e *journal.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	if s.calls == nil {
		s.calls, s.sessions = map[string]uint64{}, map[string]*seenSession{}
	}
	own := s.sessions[e.Session]
	if own == nil {
		s.makeRoom()
		own = &seenSession{calls: map[string]uint64{}}
		s.sessions[e.Session] = own
	}
	own.used = e.Time
	outcomesOf(e, func(o string) {
		s.calls[o]++
		own.calls[o]++
	})
}

// silent tells whether a session did not call the operation for as long as silent
// sessions are kept.
func (s *seen) silent(session string, now time.Time) bool {
	if isDefault(session) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.sessions[session]
	return own != nil && now.Sub(own.used) > s.idle
}

func (s *seen) makeRoom() {
	if len(s.sessions) < maxSeenSessions {
		return
	}
	var oldest string
	var since time.Time
	for name, own := range s.sessions {
		if oldest == "" || own.used.Before(since) {
			oldest, since = name, own.used
		}
	}
	delete(s.sessions, oldest)
}
