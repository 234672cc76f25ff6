package fault

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
)

// Active is a fault in force. Contract, Operation and Session narrow it down;
// empty is any.
type Active struct {
	ID        string            `json:"id"`
	Fault     string            `json:"fault"`
	Contract  string            `json:"contract,omitempty"`
	Operation string            `json:"operation,omitempty"`
	Session   string            `json:"session,omitempty"`
	Params    map[string]string `json:"params,omitempty"`
	// Probability of each call, above 0 to 1; 0 means always.
	Probability float64 `json:"probability,omitempty"`
	// Call is the one call, counted from 1, that it hits; 0 is every call.
	Call int `json:"call,omitempty"`
	// Every hits each n-th call; 0 is every call.
	Every int `json:"every,omitempty"`

	calls  uint64
	hits   uint64
	entry  Fault
	values values
}

// Status is a fault in force with what came of it so far.
type Status struct {
	Active
	// Calls that it was there for, and Hits among them.
	Calls uint64 `json:"calls"`
	Hits  uint64 `json:"hits"`
	// Over tells that its one call has been: it hits no more.
	Over bool `json:"over,omitempty"`
}

// Set is the faults in force. It is safe for concurrent use; the zero value is
// not ready, use NewSet.
type Set struct {
	count  atomic.Int32
	chance func() float64

	mu     sync.Mutex
	last   int
	active []*Active
}

// NewSet makes an empty set; chance gives numbers from 0 to below 1.
func NewSet(chance func() float64) *Set { return &Set{chance: chance} }

// Add puts a fault in force and gives it an id.
func (s *Set) Add(a Active) (Active, error) {
	f, err := find(a.Fault)
	if err != nil {
		return a, err
	}
	if a.values, err = f.complete(a.Params); err != nil {
		return a, err
	}
	if a.Probability < 0 || a.Probability > 1 || a.Call < 0 || a.Every < 0 {
		return a, fmt.Errorf("the fault %s: probability lies between 0 and 1, call and every are not negative", a.Fault)
	}
	a.entry = f
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	a.ID = "f" + strconv.Itoa(s.last)
	s.active = append(s.active, &a)
	s.count.Store(int32(len(s.active)))
	return a, nil
}

// List gives the faults in force, in the order in which they were added.
func (s *Set) List() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Status, len(s.active))
	for i, a := range s.active {
		list[i] = Status{Active: *a, Calls: a.calls, Hits: a.hits, Over: a.Call > 0 && a.calls >= uint64(a.Call)}
	}
	return list
}

// Remove ends the fault with that id, or all when it is "". It says how many there were.
func (s *Set) Remove(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.active)
	s.active = slices.DeleteFunc(s.active, func(a *Active) bool { return id == "" || a.ID == id })
	s.count.Store(int32(len(s.active)))
	return before - len(s.active)
}

// Plan says what must go wrong in an exchange; nil when nothing must. Each call
// counts as one call of the faults that fit.
func (s *Set) Plan(contract, operation, session string) *Plan {
	if s.count.Load() == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var p *Plan
	for _, a := range s.active {
		if a.Contract != "" && a.Contract != contract || a.Operation != "" && a.Operation != operation || a.Session != "" && a.Session != session {
			continue
		}
		a.calls++
		if a.Call > 0 && a.calls != uint64(a.Call) || a.Every > 0 && a.calls%uint64(a.Every) != 0 {
			continue
		}
		if a.Probability > 0 && s.chance() >= a.Probability {
			continue
		}
		a.hits++
		if p == nil {
			p = &Plan{}
		}
		p.Names = append(p.Names, a.Fault)
		a.entry.apply(p, a.values)
	}
	return p
}
