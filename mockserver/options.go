package mockserver

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Options of a server. The zero value works.
type Options struct {
	// AuthOff lets every caller in as the identity "default".
	AuthOff bool
	// Strict refuses unknown fields in a request; otherwise the journal shows them.
	Strict bool
	// MaxBody is the most bytes of a request body; default 8 MiB.
	MaxBody int64
	// Store opens the state; default in memory. See state.Open.
	Store func(state.Options) (state.Store, error)
	// Seed is "examples" (default: the sample documents of the contract),
	// "none", or a folder with CONTRACT/RESOURCE/KEY.json.
	Seed string
	// Clock gives the time; default time.Now.
	Clock func() time.Time
	// Rand gives the randomness of ids and tokens; default crypto/rand.
	Rand io.Reader
	// Mounts puts contracts, by name, under another path prefix than their own.
	Mounts map[string]string
	// Identities are added to those of the contracts, by contract name; one
	// with the name of an existing identity takes its place. "" is every contract.
	Identities map[string][]specs.Identity
	// RateLimits is "off" (default), "documented", or a number of calls a second.
	RateLimits string
	// AdminToken must be presented to the admin API; empty: nobody is asked.
	AdminToken string
	// NoAdmin keeps the admin API off this handler; Server.Admin still gives it.
	NoAdmin bool
	// Address is where callers reach the mock (host:port), for lines that a person
	// copies from an admin API elsewhere; "" is the address of the admin API.
	Address string
	// VerifyResponses judges every answer by the schema before it leaves. One
	// that fails still leaves, and the journal shows it as an internal fault.
	VerifyResponses bool
	// Journal bounds the journal.
	Journal journal.Limits
	// SessionIdle and MaxSessions bound private states; defaults one hour, 4096.
	SessionIdle time.Duration
	MaxSessions int
	// Callbacks says where callbacks and webhooks may be sent: CallbacksLoopback
	// (default), CallbacksOn (anywhere) or CallbacksOff.
	Callbacks string
	// CORS says which pages of a browser may call the mock: CORSLoopback (default:
	// those that this host serves), CORSOn (all) or CORSOff.
	CORS string
	// Previous is the server that this one takes the place of after a reload. Its
	// journal, faults and metrics go on here; Journal is ignored then.
	Previous *Server
	// Log receives what the operator should know; default nothing.
	Log *slog.Logger
	// Version is what the admin API says about itself.
	Version string
}

// DefaultMaxBody is the limit of a request body where none is set.
const DefaultMaxBody = 8 << 20

// DefaultSession is the state of callers that name no session.
const DefaultSession = "default"

func (o Options) withDefaults() Options {
	if o.MaxBody <= 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.Store == nil {
		o.Store = func(so state.Options) (state.Store, error) { return state.NewMemory(so), nil }
	}
	if o.Seed == "" {
		o.Seed = "examples"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.SessionIdle <= 0 {
		o.SessionIdle = time.Hour
	}
	if o.Journal.Clock == nil {
		o.Journal.Clock = o.Clock
	}
	if o.Journal.Idle <= 0 {
		o.Journal.Idle = o.SessionIdle
	}
	return o
}

// rate reads RateLimits: documented limits, or one rate for everything (0: none).
func (o Options) rate() (documented bool, all float64, err error) {
	switch o.RateLimits {
	case "", "off":
		return false, 0, nil
	case "documented":
		return true, 0, nil
	}
	all, err = strconv.ParseFloat(o.RateLimits, 64)
	if err != nil || all <= 0 {
		return false, 0, fmt.Errorf("rate limits: expected off, documented or a number of calls a second above 0, found %q", o.RateLimits)
	}
	return false, all, nil
}
