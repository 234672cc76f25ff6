package behaviour

import (
	"net/http"
	"net/textproto"
	"net/url"
	"sort"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Sources gives what a rule cannot compute: the time, ids and tokens. They are
// given from outside, so that a run can be repeated.
type Sources struct {
	Now   func() time.Time
	UUID  func() string
	Token func(n int) string // n upper-case hexadecimal characters
}

// Caller is who calls.
type Caller struct {
	Identity string
	Company  string
	Scopes   []string
	Values   map[string]any
}

// Call is one request to decide about, inside one transaction.
type Call struct {
	Tx      state.Tx
	Sources *Sources
	Method  string
	Path    map[string]string // path parameters
	Query   url.Values
	Header  http.Header
	Body    *payload.Tree // nil: none
	Caller  Caller
	// Violations are those that refuse: with PerItem the ones inside items,
	// otherwise none, because the request would not have come here.
	Violations []schema.Violation
	// Force lists outcomes that items have whatever the rules say, by number from 1.
	Force map[int]*specs.Outcome

	form *payload.Node // the body as expressions see it
}

func (c *Call) jsonForm() *payload.Node {
	if c.form == nil && c.Body != nil {
		c.form = jsonForm(c.Body)
	}
	return c.form
}

// requestRecord is the variable "request".
type requestRecord struct{ call *Call }

func (r requestRecord) member(name string) (any, bool) {
	switch name {
	case "method":
		return r.call.Method, true
	case "path":
		return record{textMap(r.call.Path)}, true
	case "query":
		return record{queryRecord(r.call.Query)}, true
	case "headers":
		return record{headerRecord(r.call.Header)}, true
	case "body":
		if n := r.call.jsonForm(); n != nil {
			return viewOf(n), true
		}
		return absent, true
	}
	return nil, false
}

func (r requestRecord) names() []string {
	return []string{"body", "headers", "method", "path", "query"}
}

// queryRecord gives a parameter as text, and as a list when it was repeated.
type queryRecord url.Values

func (q queryRecord) member(name string) (any, bool) {
	switch values := q[name]; len(values) {
	case 0:
		return nil, false
	case 1:
		return values[0], true
	default:
		items := make([]ref.Val, len(values))
		for i, v := range values {
			items[i] = types.String(v)
		}
		return listOfValues(items), true
	}
}

func (q queryRecord) names() []string { return sortedNames(q) }

// headerRecord gives headers by their name in lower case.
type headerRecord http.Header

func (h headerRecord) member(name string) (any, bool) {
	values := h[textproto.CanonicalMIMEHeaderKey(name)]
	if len(values) == 0 {
		return nil, false
	}
	return strings.Join(values, ", "), true
}

func (h headerRecord) names() []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, strings.ToLower(name))
	}
	sort.Strings(names)
	return names
}

// callerRecord is the variable "caller".
type callerRecord struct{ c *Caller }

func (r callerRecord) member(name string) (any, bool) {
	switch name {
	case "identity":
		return r.c.Identity, true
	case "company":
		return r.c.Company, true
	case "scopes":
		items := make([]ref.Val, len(r.c.Scopes))
		for i, s := range r.c.Scopes {
			items[i] = types.String(s)
		}
		return listOfValues(items), true
	case "values":
		return viewOf(payload.FromGo(r.c.Values)), true
	}
	return nil, false
}

func (r callerRecord) names() []string { return []string{"company", "identity", "scopes", "values"} }

// Item is what became of one item of a batch.
type Item struct {
	Value      *payload.Node
	Outcome    *specs.Outcome // nil: nothing was said about it
	Rule       *specs.Rule
	Detail     string
	Violations []schema.Violation

	lets kept
}

// itemRecord is one entry of the variable "results".
type itemRecord struct {
	item  *Item
	index int
}

func (r *itemRecord) member(name string) (any, bool) {
	switch name {
	case "item":
		return viewOf(r.item.Value), true
	case "index":
		return r.index, true
	case "outcome":
		return outcomeValue(r.item.Outcome), true
	case "violations":
		return violationList(r.item.Violations), true
	case "detail":
		return r.item.Detail, true
	}
	return r.item.lets.value(name)
}

func (r *itemRecord) names() []string {
	return append([]string{"detail", "index", "item", "outcome", "violations"}, r.item.lets.names()...)
}
