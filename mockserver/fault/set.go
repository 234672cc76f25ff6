package fault

import (
	"fmt"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/redis"
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

	entry  Fault
	values values
}

// ready checks a fault and prepares it for use.
func (a *Active) ready() error {
	f, err := find(a.Fault)
	if err != nil {
		return err
	}
	if a.values, err = f.complete(a.Params); err != nil {
		return err
	}
	if a.Probability < 0 || a.Probability > 1 || a.Call < 0 || a.Every < 0 {
		return fmt.Errorf("the fault %s: probability lies between 0 and 1, call and every are not negative", a.Fault)
	}
	a.entry = f
	return nil
}

// fits tells whether a call is one that the fault is about.
func (a *Active) fits(c Call) bool {
	return (a.Contract == "" || a.Contract == c.Contract) && (a.Operation == "" || a.Operation == c.Operation) && (a.Session == "" || a.Session == c.Session)
}

// hits tells whether the fault hits its n-th call, counted from 1.
func (a *Active) hits(n uint64, chance func() float64) bool {
	switch {
	case a.Call > 0 && n != uint64(a.Call), a.Every > 0 && n%uint64(a.Every) != 0:
		return false
	}
	return a.Probability == 0 || chance() < a.Probability
}

// Call is one call of an operation.
type Call struct{ Contract, Operation, Session string }

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
// not ready, use NewSet or NewShared.
type Set struct {
	opts Options
	kept keeper
}

// Options of a set.
type Options struct {
	// Chance gives numbers from 0 to below 1.
	Chance func() float64
	// Clock gives the time; default time.Now.
	Clock func() time.Time
	// Idle is how long a fault of one session waits for a call of it; default one
	// hour. Those of sessions for which Keep holds wait for ever.
	Idle time.Duration
	Keep func(session string) bool
}

// keeper is where the faults in force are: in memory, or where several servers share
// them. An id of "" is all.
type keeper interface {
	// add gives an id to a fault that has none, and leaves one that is there.
	add(a Active) (Active, error)
	list() ([]Status, error)
	remove(id string) (int, error)
	// hit gives the faults that hit a call, and counts.
	hit(c Call) ([]*Active, error)
}

// NewSet makes an empty set in memory.
func NewSet(opts Options) *Set {
	opts = opts.withDefaults()
	return &Set{opts, &memory{opts: opts}}
}

// NewShared gives the set that all servers have in common that are at the same Redis
// server: the n-th call is counted over all of them.
func NewShared(opts Options, client *redis.Client) *Set {
	opts = opts.withDefaults()
	return &Set{opts, newShared(opts, client)}
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Idle <= 0 {
		o.Idle = time.Hour
	}
	if o.Keep == nil {
		o.Keep = func(session string) bool { return session == "default" }
	}
	return o
}

// expires tells whether the fault ends when its session is silent.
func (o Options) expires(a *Active) bool { return a.Session != "" && !o.Keep(a.Session) }

// Add puts a fault in force and gives it an id. A *BadFault is one that makes no
// sense; any other error says that a shared set could not be reached.
func (s *Set) Add(a Active) (Active, error) {
	if err := a.ready(); err != nil {
		return a, &BadFault{err}
	}
	a.ID = ""
	return s.kept.add(a)
}

// AddOnce is Add with an id of the caller's. Where that fault is in force already,
// put there by another server at the same store, it stays as it is.
func (s *Set) AddOnce(id string, a Active) (Active, error) {
	if err := a.ready(); err != nil {
		return a, &BadFault{err}
	}
	a.ID = id
	return s.kept.add(a)
}

// BadFault is a fault that makes no sense.
type BadFault struct{ Err error }

func (b *BadFault) Error() string { return b.Err.Error() }

func (b *BadFault) Unwrap() error { return b.Err }

// List gives the faults in force, in the order in which they were added.
func (s *Set) List() ([]Status, error) { return s.kept.list() }

// Remove ends the fault with that id, or all when it is "". It says how many there were.
func (s *Set) Remove(id string) (int, error) { return s.kept.remove(id) }

// Plan says what must go wrong in an exchange; nil when nothing must. Each call
// counts as one call of the faults that fit.
func (s *Set) Plan(c Call) (*Plan, error) {
	hitting, err := s.kept.hit(c)
	if len(hitting) == 0 || err != nil {
		return nil, err
	}
	p := &Plan{}
	for _, a := range hitting {
		p.Names = append(p.Names, a.Fault)
		a.entry.apply(p, a.values)
	}
	return p, nil
}
