package mockserver

import (
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/fault"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Server is the mock of one or more contracts. It is an http.Handler and safe
// for concurrent use.
type Server struct {
	opts    Options
	mounts  []*mount // longest prefix first
	byName  map[string]*mount
	store   state.Store
	random  *randomness
	given   *behaviour.Sources
	journal *journal.Journal
	faults  *fault.Set
	tally   tally
	seeds   seedFolder
	metrics *metrics
	admin   http.Handler
	courier *courier
	cors    cors
	started time.Time
	closed  chan struct{}
	close   sync.Once
}

// mount is one contract at its place.
type mount struct {
	contract  *specs.Contract
	prefix    string // "" or "/api/v5"
	behaviour *behaviour.Behaviour
	callers   *callers
	limiter   *limiter
	secrets   []string
	// operations by the contract's own, so that a request looks nothing up by name.
	operations map[*specs.Operation]*operation
}

// operation is what the server knows about one operation before any request.
type operation struct {
	spec     *specs.Operation
	of       *behaviour.Behaviour
	compiled atomic.Pointer[behaviour.Operation] // when it was asked for
	open     bool                                // nobody needs credentials
	limits   []*limit
	seen     *seen
}

// behaviour is what the operation does.
func (o *operation) behaviour() *behaviour.Operation {
	if known := o.compiled.Load(); known != nil {
		return known
	}
	b := o.of.Operation(o.spec.ID)
	o.compiled.Store(b)
	return b
}

// New makes a server for the contracts. Everything is compiled here; the error
// says all that is wrong, with file and line.
func New(contracts []*specs.Contract, opts Options) (*Server, error) {
	opts = opts.withDefaults()
	s := &Server{
		opts: opts, byName: map[string]*mount{}, random: newRandomness(opts.Rand), metrics: newMetrics(),
	}
	s.given = s.sources()
	s.started, s.closed = opts.Clock(), make(chan struct{})
	if p := opts.Previous; p != nil {
		s.journal, s.faults, s.metrics, s.started = p.journal, p.faults, p.metrics, p.started
	}
	if len(contracts) == 0 {
		return nil, errors.New("a mock server needs at least one contract")
	}
	if err := s.mountAll(contracts); err != nil {
		return nil, err
	}
	var err error
	if s.cors, err = newCORS(opts.CORS); err != nil {
		return nil, err
	}
	if s.courier, err = newCourier(opts.Callbacks); err != nil {
		return nil, err
	}
	if s.seeds, err = openSeeds(opts.Seed); err != nil {
		return nil, err
	}
	s.store, err = opts.Store(state.Options{
		Seed: s.seed, Clock: opts.Clock, Idle: opts.SessionIdle, MaxSpaces: opts.MaxSessions * len(contracts),
		Keep: func(space string) bool { return strings.HasSuffix(space, "/"+DefaultSession) },
	})
	if err != nil {
		return nil, err
	}
	s.share(s.store)
	s.opts.Previous = nil // a chain of servers would never be given back
	for _, m := range s.mounts {
		go m.behaviour.Warm(s.closed)
	}
	s.admin = admin.New(backend{s}, admin.Options{Token: opts.AdminToken, Version: opts.Version, Clock: opts.Clock, Started: s.started})
	return s, nil
}

func (s *Server) mountAll(contracts []*specs.Contract) error {
	for name := range s.opts.Mounts {
		if !named(contracts, name) {
			return fmt.Errorf("mount %s=%s: no contract of that name is served", name, s.opts.Mounts[name])
		}
	}
	compiled := make([]func() (*mount, error), len(contracts))
	for i, c := range contracts {
		compiled[i] = inBackground(func() (*mount, error) { return s.mount(c) })
	}
	var failed []error
	for i, c := range contracts {
		m, err := compiled[i]()
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if s.byName[c.Name] != nil {
			failed = append(failed, fmt.Errorf("two contracts have the name %s", c.Name))
			continue
		}
		for _, other := range s.mounts {
			if other.prefix == m.prefix {
				failed = append(failed, fmt.Errorf("the contracts %s and %s are both at %q; give one of them another prefix with a mount", other.contract.Name, c.Name, m.prefix+"/"))
			}
		}
		s.byName[c.Name] = m
		s.mounts = append(s.mounts, m)
	}
	sort.SliceStable(s.mounts, func(i, j int) bool { return len(s.mounts[i].prefix) > len(s.mounts[j].prefix) })
	return errors.Join(failed...)
}

// inBackground runs a function while others run, and gives a function that
// waits for its result.
func inBackground[T any](fn func() (T, error)) func() (T, error) {
	var value T
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		value, err = fn()
	}()
	return func() (T, error) {
		<-done
		return value, err
	}
}

func named(contracts []*specs.Contract, name string) bool {
	for _, c := range contracts {
		if c.Name == name {
			return true
		}
	}
	return false
}

func (s *Server) mount(c *specs.Contract) (*mount, error) {
	b, err := behaviour.Compile(c)
	if err != nil {
		return nil, err
	}
	documented, all, err := s.opts.rate()
	if err != nil {
		return nil, err
	}
	prefix := c.BasePath
	if other, ok := s.opts.Mounts[c.Name]; ok {
		prefix = other
	}
	m := &mount{
		contract: c, prefix: cleanPrefix(prefix), behaviour: b, operations: map[*specs.Operation]*operation{},
		callers: newCallers(c, append(append([]specs.Identity(nil), s.opts.Identities[""]...), s.opts.Identities[c.Name]...)),
		limiter: newLimiter(c, documented, all, s.opts.Clock), secrets: secretNames(c),
	}
	for _, op := range c.Operations {
		m.operations[op] = &operation{
			spec: op, of: b, open: openToAll(op), limits: m.limiter.of(op.ID), seen: newSeen(s.opts.SessionIdle),
		}
	}
	return m, nil
}

// cleanPrefix writes a prefix with a slash in front and none behind.
func cleanPrefix(p string) string {
	p = strings.Trim(p, "/")
	if p == "" {
		return ""
	}
	return "/" + p
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.opts.NoAdmin && (strings.HasPrefix(r.URL.Path, admin.Prefix) || r.URL.Path+"/" == admin.Prefix) {
		s.admin.ServeHTTP(w, r)
		return
	}
	if len(r.Header["Origin"]) > 0 && s.cors.answer(w, r) {
		return
	}
	s.exchange(w, r)
}

// Admin is the admin API, for a listener of its own.
func (s *Server) Admin() http.Handler { return s.admin }

// Journal is what came in and why it was answered so.
func (s *Server) Journal() *journal.Journal { return s.journal }

// Faults are the faults in force.
func (s *Server) Faults() *fault.Set { return s.faults }

// Contracts lists the contracts that are served, with their prefix.
func (s *Server) Contracts() map[string]string {
	all := map[string]string{}
	for name, m := range s.byName {
		all[name] = m.prefix
	}
	return all
}

// Close gives the state back.
func (s *Server) Close() error {
	s.close.Do(func() { close(s.closed) })
	return s.store.Close()
}

// space names the state of a contract in a session.
func space(contract, session string) string { return contract + "/" + session }

// seed fills a space that comes into being.
func (s *Server) seed(name string, tx state.Tx) error {
	contract, _, _ := strings.Cut(name, "/")
	m := s.byName[contract]
	if m == nil {
		return nil
	}
	if s.opts.Seed == "examples" {
		return m.behaviour.Seed(&behaviour.Call{Tx: tx, Sources: s.given, Caller: m.callers.byDefault()})
	}
	return s.seeds.into(m, tx)
}
