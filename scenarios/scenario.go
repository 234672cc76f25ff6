package scenarios

import (
	"slices"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Scenario is one story that an implementation is taken through.
type Scenario struct {
	ID           string
	Title        string
	Profile      string // default core
	Requirements []string
	Given        []Given
	Steps        []*Step

	File string // below scenarios/, or "generated"
	Line int
	at   places
	// Alone says that nobody else may call its operations meanwhile: what it counts would
	// be spread over others. Set by generated cases only.
	Alone bool
	// Source is the rule that a generated case tests: a place in a schema.
	Source string
}

// Given asks for a provider state; its answers are ${As.field}.
type Given struct {
	State  string
	Params map[string]string
	As     string // default: the name of the state
	Line   int
	at     places
}

// Step is one exchange.
type Step struct {
	ID        string
	Title     string
	Operation string
	Identity  string // default, none, wrong, or a name of the auth file
	Scheme    string // the only scheme by which its credentials are sent; "" is any
	Request   Request
	Expect    Expect
	Capture   map[string]string // name → path in the response
	// Within is how long the step is repeated until it holds; 0 is once.
	Within time.Duration
	// Cleanup runs even when an earlier step failed; what it finds is a warning.
	Cleanup bool
	Line    int
	at      places
}

// Request says what is sent. At most one of Example, Body and Raw is set.
type Request struct {
	Example   string
	Body      *payload.Node // inline; object form also for XML
	Raw       []byte        // nil: not raw
	RawText   bool          // Raw is a text, in which references are replaced
	Set       []Assignment
	Remove    []string
	MediaType string
	Method    string
	Path      map[string]string
	Query     map[string]string
	Headers   map[string]string
	Line      int
	at        places
}

// Assignment puts a value at a path.
type Assignment struct {
	Path  string
	Value *payload.Node
	Line  int
	at    place // of the path
}

// Expect says what must come back.
type Expect struct {
	Status  []int // any of these; none: see Outcomes, else any 2xx
	Because string
	// Outcomes are references; any of them must have been observed.
	Outcomes []string
	// Items gives the outcomes (any of) by item number, counted from 1.
	Items   map[int][]string
	Headers []Expectation
	Body    []Expectation
	SameAs  string // "step.response" or "step.request": the whole body
	NoBody  bool
	// Refused demands that the request is not accepted, in whatever way: no 2xx
	// without an error code.
	Refused bool
	// Whole demands that the refusal is one of the whole request: a failure of its items
	// is none. Set by generated cases only.
	Whole bool
	// Since says what the request has that must be refused: "no /route". Set by
	// generated cases only.
	Since string
	// Guessed says that the contract does not tell which refusal it is: another one
	// that it documents gives a warning. Set by generated cases only.
	Guessed bool
	// Unread says that the request is none that anybody can read: HTTP's own word
	// for that, 400, needs no document. Set by generated cases only.
	Unread bool
	// Weak turns what this step expects into a warning: the contract does not
	// document it. Set by generated cases only.
	Weak bool
	Line int
	at   places
}

// LineOf is where a key of the step stands in its file, "capture id" for one in a
// mapping; where it is not given, the line of the step.
func (s *Step) LineOf(key string) int { return s.at.of(key, s.Line).line }

// LineOf is where a key of the expectation stands in its file; where it is not given,
// the line of the whole.
func (e *Expect) LineOf(key string) int { return e.at.of(key, e.Line).line }

// Expectation is a matcher at a path (body) or of a header.
type Expectation struct {
	Path    string
	Matcher *Matcher
	Line    int
	at      place // of the path
}

// Step finds a step by id; nil if there is none.
func (s *Scenario) Step(id string) *Step {
	for _, st := range s.Steps {
		if st.ID == id {
			return st
		}
	}
	return nil
}

// Operations lists the operations that the scenario calls, sorted, each once.
func (s *Scenario) Operations() []string {
	var ids []string
	for _, st := range s.Steps {
		ids = append(ids, st.Operation)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Outcomes lists "operation layer:code" of every outcome that the steps expect,
// sorted, each once.
func (s *Scenario) Outcomes() []string {
	var refs []string
	for _, st := range s.Steps {
		for _, ref := range st.Expect.Refs() {
			refs = append(refs, st.Operation+" "+ref)
		}
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// Prepares reports whether a step only makes what later steps need: it expects that
// its items are taken, and says no code for it ("item:").
func (e *Expect) Prepares() bool {
	return slices.ContainsFunc(e.Outcomes, func(ref string) bool { return strings.HasSuffix(ref, ":") })
}

// Refs lists the outcomes that an expectation names, statuses as "http:409".
func (e *Expect) Refs() []string {
	var refs []string
	for _, s := range e.Status {
		refs = append(refs, "http:"+itoa(s))
	}
	refs = append(refs, e.Outcomes...)
	for _, any := range e.Items {
		refs = append(refs, any...)
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}
