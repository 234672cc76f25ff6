package journal

import (
	"net/http"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Entry is one exchange. After it was added it is never changed.
type Entry struct {
	ID        uint64 // set by Add, from 1
	Time      time.Time
	Duration  time.Duration
	Session   string
	Contract  string // "" when no contract has the address
	Operation string // "" when no operation was found
	Identity  string
	Remote    string

	// Host is the address that the caller used; TLS tells whether by HTTPS.
	Host string
	TLS  bool

	Method        string
	URL           string
	Proto         string
	RequestHeader http.Header
	RequestBody   []byte // as much of it as is kept
	RequestSize   int    // of the whole; set by Add

	Status         int
	ResponseHeader http.Header
	ResponseBody   []byte
	ResponseSize   int

	// RequestCut and ResponseCut are how much of the bodies is not kept, in bytes.
	RequestCut, ResponseCut int

	// Dropped tells that the bodies and the changes of the state had to make room.
	Dropped bool

	Decision Decision
	// Internal says what went wrong inside the server: a panic, a template that
	// fails, an answer that its own schema refuses. Empty is as it should be.
	Internal string
	// Secrets names the members of the body whose values are masked.
	Secrets []string
	// Masked tells that the secrets were taken out before the entry was kept: those who
	// share a journal do not get them.
	Masked bool
}

// Decision is why the answer is what it is.
type Decision struct {
	// Stage is the station at which the answer was settled: route, authenticate,
	// limit, decode, validate, decide, respond.
	Stage string
	// Reason is what was wrong with the request itself, one of
	// specs.RefusalReasons; empty when nothing was.
	Reason  string
	Outcome string // "http:409"
	// Items are the outcomes of a batch, in order; empty for nothing to say.
	Items []string
	// Refused tells that the request, or one of its items, came to no success: an
	// HTTP 200 may say so in its body.
	Refused bool
	Rule    string
	Clause  string
	Basis   string
	Detail  string
	// Hard violations refused the request or an item; soft ones did not.
	Hard, Soft []schema.Violation
	// Source is where the answer's data came from: "behaviour", "example
	// getOrder/documented", "generated", "refusal".
	Source  string
	Changes []behaviour.Change
	// Preferences that were applied, and faults that were in force.
	Preferences []string
	Faults      []string
	// Notes say what a person should know: a preference that nothing came of.
	Notes []string
}
