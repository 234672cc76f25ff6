package mockserver

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/fault"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// exchange is one request on its way through the house. It only grows: each
// station adds what it found.
type exchange struct {
	server  *Server
	w       http.ResponseWriter
	r       *http.Request
	started time.Time
	prefer  preferences
	plan    *fault.Plan
	entry   *journal.Entry

	// route
	mount  *mount
	op     *operation
	params map[string]string
	// authenticate
	caller behaviour.Caller
	// decode
	body    []byte
	bodyErr *refusal // found while reading; credentials are more important
	media   *specs.Media
	tree    *payload.Tree
	found   []schema.Violation
	// decide
	call   behaviour.Call
	result *behaviour.Result
	// respond
	answer   answer
	recorded bool
}

// answer is what leaves.
type answer struct {
	status    int
	header    http.Header
	mediaType string
	body      []byte
	tree      *payload.Tree // the body once more, where it was made as a tree
}

// refusal is why a request is not carried out.
type refusal struct {
	stage      string
	reason     string // one of specs.RefusalReasons
	detail     string
	violations []schema.Violation
	header     http.Header
}

// The stations, in order. One that gives a refusal ends the way.
type station struct {
	name string
	pass func(*exchange) *refusal
}

func stations() []station {
	return []station{
		{"route", (*exchange).route},
		{"authenticate", (*exchange).authenticate},
		{"limit", (*exchange).limit},
		{"decode", (*exchange).decode},
		{"validate", (*exchange).validate},
		{"decide", (*exchange).decide},
	}
}

// exchange takes one request through the stations, answers and records it.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request) {
	x := &exchange{server: s, w: w, r: r, started: s.opts.Clock(), entry: &journal.Entry{}}
	defer x.recoverPanic()
	x.open()
	x.walk()
	x.respond()
	x.callBack()
}

func (x *exchange) walk() {
	for _, st := range stations() {
		x.entry.Decision.Stage = st.name
		if no := st.pass(x); no != nil {
			x.refuse(no)
			return
		}
	}
}

// recoverPanic answers a panic as the contract answers an internal error, and
// shows it in the journal. Nobody else notices.
func (x *exchange) recoverPanic() {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		x.record()
		panic(cause)
	}
	x.server.metrics.panics.Add(1)
	if x.recorded {
		// The answer is on its way; the connection is all that can still be ended.
		x.server.opts.Log.Error("panic while writing", "url", x.r.URL.Path, "cause", fmt.Sprint(cause))
		panic(http.ErrAbortHandler)
	}
	x.entry.Internal = fmt.Sprintf("panic: %v\n%s", cause, debug.Stack())
	x.server.opts.Log.Error("panic while answering", "method", x.r.Method, "url", x.r.URL.Path, "cause", fmt.Sprint(cause))
	defer func() {
		// The words of the contract may be what panicked.
		if again := recover(); again != nil {
			x.answer = plainAnswer(http.StatusInternalServerError, "internal", "the server failed", nil)
			x.write()
		}
	}()
	x.plan = nil
	x.refuse(&refusal{stage: x.entry.Decision.Stage, reason: "internal", detail: "the server failed while answering; its journal says more"})
	x.respond()
}

// internal notes a fault of the server or the bundle, and refuses.
func (x *exchange) internal(stage string, err error) *refusal {
	x.entry.Internal = err.Error()
	x.server.opts.Log.Error("cannot answer", "method", x.r.Method, "url", x.r.URL.Path, "cause", err.Error())
	if state.IsUnavailable(err) {
		return x.unavailable(stage)
	}
	return &refusal{stage: stage, reason: "internal", detail: "the server failed while answering; its journal says more"}
}

// storeUnavailable is what a caller hears when the store is away. Where it is, and
// why it fails, is for the operator.
const storeUnavailable = "the store of the mock cannot be used at the moment, and nothing was changed; try again"

// unavailable refuses while the store is away: with the 503 of the operation, if its
// contract has one, else as it answers any failure inside.
func (x *exchange) unavailable(stage string) *refusal {
	no := &refusal{stage: stage, reason: "internal", detail: storeUnavailable, header: http.Header{"Retry-After": {"1"}}}
	if x.op == nil {
		return no
	}
	if o := x.op.behaviour().Outcome("http:503"); o != nil {
		x.entry.Decision.Reason, x.entry.Decision.Source, x.entry.Decision.Detail = no.reason, "refusal", no.detail
		x.fillRefusal(o, no)
		return &refusal{stage: stage}
	}
	return no
}
