package mockserver

import (
	"net/http"

	"github.com/roadworthy-project/roadworthy/specs"
)

// fromExamples answers an operation that has no template: a documented request
// gets its documented response, any other the example that fits best, and where
// there is none, data is made from the schema.
func (x *exchange) fromExamples() {
	if e := x.op.behaviour().Recognise(&x.call); e != nil && e.Response != nil {
		if e = x.repaired(e); e != nil {
			x.answerWithExample(e)
			return
		}
	}
	if e := x.exampleOf(x.isSuccess); e != nil {
		x.answerWithExample(e)
		return
	}
	x.generated(0)
}

// isSuccess selects the examples of responses that say that all went well.
func (x *exchange) isSuccess(e *specs.Example) bool {
	return e.Response.Status >= 200 && e.Response.Status < 300
}

// valid reports a response that its schema accepts.
func valid(e *specs.Example) bool { return e.Response.Valid == nil || *e.Response.Valid }

// repaired gives the corrected twin of an example whose response is broken as it
// is documented; nil if there is none.
func (x *exchange) repaired(e *specs.Example) *specs.Example {
	if valid(e) {
		return e
	}
	for _, other := range x.op.spec.Examples() {
		if other.Corrects == e.Name && other.Response != nil && valid(other) {
			return other
		}
	}
	return nil
}

// exampleOf gives the example that fits the request best among those that are
// wanted: one for the same path and query first, then in their own order.
func (x *exchange) exampleOf(wanted func(*specs.Example) bool) *specs.Example {
	var best *specs.Example
	points := -1
	for _, e := range x.op.spec.Examples() {
		if e.Response == nil || !valid(e) || !wanted(e) {
			continue
		}
		if p := x.likeness(e); p > points {
			best, points = e, p
		}
	}
	return best
}

// likeness counts the parameters that an example and the request share.
func (x *exchange) likeness(e *specs.Example) int {
	if e.Request == nil {
		return 0
	}
	points := 0
	for name, value := range e.Request.Path {
		if x.params[name] == value {
			points++
		}
	}
	for name, value := range e.Request.Query {
		if x.call.Query.Get(name) == value {
			points++
		}
	}
	return points
}

// fromNamedExample heeds the preference for an example.
func (x *exchange) fromNamedExample() bool {
	for _, e := range x.op.spec.Examples() {
		if e.Name == x.prefer.example && e.Response != nil {
			x.prefer.applies("example=" + e.Name)
			if !valid(e) {
				x.note("the example is broken as it is documented; see erratum " + e.Erratum)
			}
			x.answerWithExample(e)
			return true
		}
	}
	x.note("the operation has no example " + x.prefer.example + ": the preference was ignored")
	return false
}

// answerWithExample gives the response of an example.
func (x *exchange) answerWithExample(e *specs.Example) {
	r := e.Response
	x.answer = answer{status: r.Status, mediaType: r.MediaType, body: r.Body, header: http.Header{}}
	if x.answer.mediaType == "" && len(r.Body) > 0 {
		x.answer.mediaType = x.mediaType(r.Status)
	}
	for name, value := range r.Headers {
		x.answer.header.Set(name, value)
	}
	x.entry.Decision.Source = "example " + e.Operation + "/" + e.Name
	x.entry.Decision.Basis = string(e.Basis)
}

// mediaType is the first described type of a response.
func (x *exchange) mediaType(status int) string {
	if described := x.op.spec.Response(status); described != nil && described.Body != nil && len(described.Body.Media) > 0 {
		return described.Body.Media[0].Type
	}
	return "application/json"
}

// answerWithStatus answers with an example of a status, or with generated data.
func (x *exchange) answerWithStatus(status int) {
	if e := x.exampleOf(func(e *specs.Example) bool { return e.Response.Status == status }); e != nil {
		x.answerWithExample(e)
		return
	}
	x.generated(status)
}
