package fault

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// memory is the faults in force in one process.
type memory struct {
	opts  Options
	count atomic.Int32

	mu     sync.Mutex
	last   int
	active []*counted
}

// counted is a fault in force with what came of it.
type counted struct {
	Active
	calls, hit uint64
	used       time.Time
}

func (m *memory) add(a Active) (Active, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire()
	if a.ID == "" {
		m.last++
		a.ID = "f" + strconv.Itoa(m.last)
	} else if slices.ContainsFunc(m.active, func(have *counted) bool { return have.ID == a.ID }) {
		return a, nil
	}
	m.active = append(m.active, &counted{Active: a, used: m.opts.Clock()})
	m.count.Store(int32(len(m.active)))
	return a, nil
}

// expire ends the faults of sessions that are silent for too long. The caller holds
// the lock.
func (m *memory) expire() {
	now := m.opts.Clock()
	m.active = slices.DeleteFunc(m.active, func(a *counted) bool { return m.opts.expires(&a.Active) && now.Sub(a.used) > m.opts.Idle })
	m.count.Store(int32(len(m.active)))
}

func (m *memory) list() ([]Status, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire()
	list := make([]Status, len(m.active))
	for i, a := range m.active {
		list[i] = a.status(a.calls, a.hit)
	}
	return list, nil
}

// status is a fault with its counts.
func (a *Active) status(calls, hits uint64) Status {
	return Status{Active: *a, Calls: calls, Hits: hits, Over: a.Call > 0 && calls >= uint64(a.Call)}
}

func (m *memory) remove(id string) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := len(m.active)
	m.active = slices.DeleteFunc(m.active, func(a *counted) bool { return id == "" || a.ID == id })
	m.count.Store(int32(len(m.active)))
	return before - len(m.active), nil
}

func (m *memory) hit(c Call) ([]*Active, error) {
	if m.count.Load() == 0 {
		return nil, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var hitting []*Active
	m.expire()
	for _, a := range m.active {
		if !a.fits(c) {
			continue
		}
		a.calls++
		a.used = m.opts.Clock()
		if a.hits(a.calls, m.opts.Chance) {
			a.hit++
			hitting = append(hitting, &a.Active)
		}
	}
	return hitting, nil
}
