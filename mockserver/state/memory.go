package state

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
)

// Memory is a store without a life after the process. Spaces do not wait for
// each other.
type Memory struct {
	opts   Options
	mu     sync.RWMutex
	spaces map[string]*space
	// log hears of everything before the space is unlocked; nil in the plain store.
	log    changeLog
	recent recent
	swept  int64 // when the idle spaces were last looked for
}

// changeLog is how the store with a file hears of changes. What a function gives
// back is waited for after the lock is released; nil is nothing to wait for.
type changeLog interface {
	// ready is asked before anything is begun.
	ready() error
	committed(space string, changes []change, counters map[string]uint64, seq uint64) (wait func() error, err error)
	restored(space string, image *Image) (wait func() error, err error)
	dropped(space string) (wait func() error, err error)
}

// NewMemory makes an empty store.
func NewMemory(opts Options) *Memory {
	return &Memory{opts: opts.withDefaults(), spaces: map[string]*space{}}
}

// space looks a space up, makes it if need be, and marks it as used.
func (m *Memory) space(name string) *space {
	now := m.opts.Clock().UnixNano()
	m.mu.RLock()
	s := m.spaces[name]
	m.mu.RUnlock()
	if s != nil && m.idle(name, s, now) {
		m.mu.Lock()
		if m.spaces[name] == s && m.idle(name, s, now) {
			m.drop(name, s)
		}
		s = m.spaces[name]
		m.mu.Unlock()
	}
	if s == nil {
		m.mu.Lock()
		if s = m.spaces[name]; s == nil {
			m.makeRoom(now)
			s = newSpace()
			// Used from the beginning: a space that another caller makes at the same
			// time must not take it for an idle one.
			s.used.Store(now)
			m.spaces[name] = s
		}
		m.mu.Unlock()
	}
	s.used.Store(now)
	return s
}

// idle tells whether a space was not used for so long that it is forgotten.
func (m *Memory) idle(name string, s *space, now int64) bool {
	return now-s.used.Load() > int64(m.opts.Idle) && !m.opts.Keep(name)
}

// sweeps is how often in the time after which a space is idle all are looked at;
// roomMade is the part of all spaces that makes room at once. Both keep many new
// spaces from looking at all others each.
const (
	sweeps   = 8
	roomMade = 16
)

// makeRoom drops the spaces that were idle for too long, and those that were not used
// for the longest time if there are still too many. The caller holds the lock.
func (m *Memory) makeRoom(now int64) {
	if full := len(m.spaces) >= m.opts.MaxSpaces; !full && now-m.swept < int64(m.opts.Idle)/sweeps {
		return
	}
	m.swept = now
	type candidate struct {
		name string
		used int64
	}
	var left []candidate
	for name, s := range m.spaces {
		switch {
		case m.opts.Keep(name):
		case m.idle(name, s, now):
			m.drop(name, s)
		default:
			left = append(left, candidate{name, s.used.Load()})
		}
	}
	if len(m.spaces) < m.opts.MaxSpaces {
		return
	}
	slices.SortFunc(left, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.used, b.used), strings.Compare(a.name, b.name)) })
	for _, c := range left[:min(len(left), max(1, m.opts.MaxSpaces/roomMade))] {
		m.drop(c.name, m.spaces[c.name])
	}
}

// drop forgets a space, unless somebody is at work in it. Who has found it and
// not entered it yet sees that it is gone. Should the log not take it, the space
// comes back after a restart, which does no harm.
func (m *Memory) drop(name string, s *space) {
	if !s.mu.TryLock() {
		return
	}
	s.gone = true
	s.mu.Unlock()
	delete(m.spaces, name)
	if m.log != nil {
		_, _ = m.log.dropped(name)
	}
}

func (m *Memory) ready() error {
	if m.log == nil {
		return nil
	}
	return m.log.ready()
}

// lock gives a seeded space, locked; the caller unlocks it.
func (m *Memory) lock(name string, write bool) (*space, error) {
	if err := m.ready(); err != nil {
		return nil, err
	}
	for {
		s := m.space(name)
		if !write {
			s.mu.RLock()
			if s.seeded && !s.gone {
				return s, nil
			}
			s.mu.RUnlock()
		}
		s.mu.Lock()
		if s.gone {
			s.mu.Unlock()
			continue
		}
		if !s.seeded {
			tx := memoryTx{space: s, write: true}
			if err := m.opts.Seed(name, &tx); err != nil {
				tx.undo()
				s.mu.Unlock()
				return nil, err
			}
			if m.log != nil {
				if _, err := m.log.committed(name, tx.changes, tx.counted(), s.seq); err != nil {
					tx.undo()
					s.mu.Unlock()
					return nil, err
				}
			}
			s.seeded = true
		}
		if write {
			return s, nil
		}
		s.mu.Unlock()
	}
}

// View runs fn on a space that nobody changes meanwhile.
func (m *Memory) View(ctx context.Context, name string, fn func(Tx) error) error {
	s, err := m.lock(name, false)
	if err != nil {
		return err
	}
	defer s.mu.RUnlock()
	tx := memoryTx{space: s}
	return fn(&tx)
}

// Update runs fn alone on the space.
func (m *Memory) Update(ctx context.Context, name string, fn func(Tx) error) error {
	return waitFor(m.update(name, fn))
}

func (m *Memory) update(name string, fn func(Tx) error) (wait func() error, err error) {
	s, err := m.lock(name, true)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	tx := memoryTx{space: s, write: true}
	done := false
	// A panic in fn must not leave half a transaction behind.
	defer func() {
		if !done {
			tx.undo()
		}
	}()
	if err := fn(&tx); err != nil {
		return nil, err
	}
	if m.log != nil && (len(tx.changes) > 0 || len(tx.counters) > 0) {
		if wait, err = m.log.committed(name, tx.changes, tx.counted(), s.seq); err != nil {
			return nil, err
		}
	}
	done = true
	m.recent.keep(tx.changes)
	return wait, nil
}

// Reset forgets the space.
func (m *Memory) Reset(ctx context.Context, name string) error {
	if err := m.ready(); err != nil {
		return err
	}
	m.mu.Lock()
	s := m.spaces[name]
	delete(m.spaces, name)
	m.mu.Unlock()
	if s == nil {
		return nil
	}
	s.mu.Lock()
	s.gone = true
	var wait func() error
	var err error
	if m.log != nil {
		wait, err = m.log.dropped(name)
	}
	s.mu.Unlock()
	return waitFor(wait, err)
}

func waitFor(wait func() error, err error) error {
	if err != nil || wait == nil {
		return err
	}
	return wait()
}

// Snapshot copies the space. The documents themselves are shared: they never change.
func (m *Memory) Snapshot(ctx context.Context, name string) (*Image, error) {
	s, err := m.lock(name, false)
	if err != nil {
		return nil, err
	}
	defer s.mu.RUnlock()
	return s.image(), nil
}

// Restore puts the image in the place of what the space holds.
func (m *Memory) Restore(ctx context.Context, name string, image *Image) error {
	if err := m.ready(); err != nil {
		return err
	}
	for {
		s := m.space(name)
		s.mu.Lock()
		if !s.gone {
			s.load(image)
			var wait func() error
			var err error
			if m.log != nil {
				wait, err = m.log.restored(name, image)
			}
			s.mu.Unlock()
			return waitFor(wait, err)
		}
		s.mu.Unlock()
	}
}

// Spaces lists the spaces in use.
func (m *Memory) Spaces(ctx context.Context) ([]string, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	names := make([]string, 0, len(m.spaces))
	for name := range m.spaces {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// Close does nothing.
func (m *Memory) Close() error { return nil }
