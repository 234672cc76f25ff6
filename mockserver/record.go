package mockserver

import (
	"slices"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// record keeps the exchange in the journal and counts it, once.
func (x *exchange) record() {
	if x.recorded {
		return
	}
	x.recorded = true
	e := x.entry
	e.Duration = x.server.opts.Clock().Sub(x.started)
	e.Status, e.ResponseHeader, e.ResponseBody = x.answer.status, x.w.Header(), x.answer.body
	if x.op != nil {
		if e.Decision.Outcome == "" {
			e.Decision.Outcome = "http:" + statusText(e.Status)
		}
		e.Decision.Refused = x.op.refused(e)
	}
	e.Decision.Refused = e.Decision.Refused || e.Status >= 400 || e.Decision.Reason != ""
	x.server.metrics.count(e)
	var failed error
	if x.op != nil {
		failed = x.server.tally.count(x.op, e)
	}
	if failed == nil {
		// Where the one could not be kept, the other would only wait for the same.
		failed = x.server.journal.Add(e)
	}
	if failed != nil {
		x.server.notKept(failed)
	}
}

// notKept tells the operator that a request is in no journal: a caller has its
// answer all the same.
func (s *Server) notKept(why error) {
	s.metrics.lost.Add(1)
	s.opts.Log.Error("a request was not recorded", "cause", why.Error())
}

// refused tells whether the outcome of a request, or of one of its items, is no success.
func (op *operation) refused(e *journal.Entry) bool {
	fails := func(ref string) bool {
		o := op.behaviour().Outcome(ref)
		return o != nil && !o.Success
	}
	return fails(e.Decision.Outcome) || slices.ContainsFunc(e.Decision.Items, fails)
}

// statusText writes the usual statuses without an allocation.
func statusText(status int) string {
	switch status {
	case 200:
		return "200"
	case 201:
		return "201"
	case 204:
		return "204"
	case 404:
		return "404"
	}
	return itoa3(status)
}

func itoa3(n int) string {
	return string([]byte{byte('0' + n/100%10), byte('0' + n/10%10), byte('0' + n%10)})
}
