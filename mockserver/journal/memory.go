package journal

import (
	"maps"
	"sort"
	"sync"
	"time"
)

// memory keeps the entries of one process: a ring for each session, bounded in
// number, and all rings together bounded in bytes.
type memory struct {
	limits  Limits
	readers *readers

	mu      sync.Mutex
	last    uint64
	evicted uint64
	rings   map[string]*ring
	silent  ring // the rings by their last use: silent.later is the first to go
	bytes   int  // of all entries
	bodies  int  // of these, what bodies take
	oldest  slot // all slots by number: oldest.later is the oldest
	whole   *slot
}

// slot is the place of one entry in its ring.
type slot struct {
	entry          *Entry
	ring           *ring
	size, bodies   int
	earlier, later *slot
}

// ring holds the entries of one session.
type ring struct {
	name           string
	slots          []*slot
	next           int
	used           time.Time
	earlier, later *ring
}

func newMemory(l Limits, r *readers) *memory {
	m := &memory{limits: l, readers: r}
	m.empty()
	return m
}

func (m *memory) empty() {
	m.rings, m.bytes, m.bodies, m.whole = map[string]*ring{}, 0, 0, nil
	m.silent.earlier, m.silent.later = &m.silent, &m.silent
	m.oldest.earlier, m.oldest.later = &m.oldest, &m.oldest
}

func (m *memory) add(e *Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++ // in here, so that readers get the entries in the order of their numbers
	e.ID = m.last
	r := m.ringOf(e.Session, m.limits.Clock())
	var s *slot
	if len(r.slots) < m.limits.Entries {
		s = &slot{ring: r}
		r.slots = append(r.slots, s)
	} else {
		s = r.slots[r.next]
		r.next = (r.next + 1) % len(r.slots)
		m.takeOut(s)
	}
	s.entry, s.size, s.bodies = e, e.size(), e.bodySize()
	m.bytes, m.bodies = m.bytes+s.size+s.bodies, m.bodies+s.bodies
	s.earlier, s.later = m.oldest.earlier, &m.oldest
	s.earlier.later, s.later.earlier = s, s
	if m.whole == nil {
		m.whole = s
	}
	m.squeeze(s)
	m.readers.tell(News{Entry: e})
	return nil
}

// ringOf gives the ring of a session and makes it the last to go.
func (m *memory) ringOf(session string, now time.Time) *ring {
	r := m.rings[session]
	if r == nil {
		m.makeRoom(now)
		r = &ring{name: session}
		m.rings[session] = r
	} else {
		r.earlier.later, r.later.earlier = r.later, r.earlier
	}
	r.used = now
	r.earlier, r.later = m.silent.earlier, &m.silent
	r.earlier.later, r.later.earlier = r, r
	return r
}

// makeRoom forgets the sessions that are silent for too long, and one more where
// there are still too many.
func (m *memory) makeRoom(now time.Time) {
	m.expire(now)
	if r := m.silent.later; len(m.rings) >= m.limits.Sessions && r != &m.silent {
		m.forget(r, true)
	}
}

// expire forgets the sessions that are silent for too long.
func (m *memory) expire(now time.Time) {
	for r := m.silent.later; r != &m.silent && now.Sub(r.used) > m.limits.Idle; r = r.later {
		if !m.limits.Keep(r.name) {
			m.forget(r, true)
		}
	}
}

// forget gives up a session.
func (m *memory) forget(r *ring, evicted bool) {
	for _, s := range r.slots {
		if s.entry == nil {
			continue
		}
		if !evicted {
			m.unlink(s)
			continue
		}
		m.takeOut(s)
	}
	r.earlier.later, r.later.earlier = r.later, r.earlier
	delete(m.rings, r.name)
}

// takeOut makes room for another entry.
func (m *memory) takeOut(s *slot) {
	if s.entry == nil {
		return
	}
	m.evicted = max(m.evicted, s.entry.ID)
	m.unlink(s)
}

func (m *memory) unlink(s *slot) {
	if m.whole == s {
		m.whole = m.after(s)
	}
	s.earlier.later, s.later.earlier = s.later, s.earlier
	m.bytes, m.bodies = m.bytes-s.size-s.bodies, m.bodies-s.bodies
	s.entry, s.size, s.bodies = nil, 0, 0
}

func (m *memory) after(s *slot) *slot {
	if s.later == &m.oldest {
		return nil
	}
	return s.later
}

// squeeze keeps all entries within their bytes. While bodies take the larger part,
// the oldest bodies make room; else the oldest entries. The newest one stays whole.
func (m *memory) squeeze(newest *slot) {
	for m.bytes > m.limits.Bytes {
		s := m.whole
		switch {
		case m.bodies > m.limits.Bytes/2 && s != nil && s != newest:
			m.whole = m.after(s)
			// Whoever reads the entry now keeps it as it was.
			s.entry = s.entry.withoutBodies()
			m.bytes, m.bodies, s.bodies = m.bytes-s.bodies, m.bodies-s.bodies, 0
		case m.oldest.later != newest:
			m.takeOut(m.oldest.later)
		default:
			return
		}
	}
}

func (m *memory) read(f Filter) ([]*Entry, error) {
	var all []*Entry
	m.mu.Lock()
	m.expire(m.limits.Clock())
	for name, r := range m.rings {
		if f.Session != "" && f.Session != name {
			continue
		}
		for _, s := range r.slots {
			if s.entry != nil {
				all = append(all, s.entry)
			}
		}
	}
	m.mu.Unlock()
	found := all[:0]
	for _, e := range all {
		if f.Matches(e) {
			found = append(found, e)
		}
	}
	sort.Slice(found, func(i, k int) bool { return found[i].ID < found[k].ID })
	if f.Limit > 0 && len(found) > f.Limit {
		found = found[len(found)-f.Limit:]
	}
	return found, nil
}

func (m *memory) entry(id uint64) (*Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for s := m.oldest.earlier; s != &m.oldest && s.entry.ID >= id; s = s.earlier {
		if s.entry.ID == id {
			return s.entry, nil
		}
	}
	return nil, nil
}

func (m *memory) position() (Position, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Position{Last: m.last, Evicted: m.evicted}, nil
}

func (m *memory) clear(session string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if session == "" {
		m.empty()
	} else if r := m.rings[session]; r != nil {
		m.forget(r, false)
	}
	m.readers.tell(News{Cleared: session})
	return nil
}

func (m *memory) sessions() (map[string]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire(m.limits.Clock())
	counts := maps.Collect(func(yield func(string, int) bool) {
		for name, r := range m.rings {
			n := 0
			for _, s := range r.slots {
				if s.entry != nil {
					n++
				}
			}
			if !yield(name, n) {
				return
			}
		}
	})
	return counts, nil
}

func (m *memory) follow() error { return nil }
