package engine

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// CollapseAbsent makes one finding of an operation that is not there: when every
// request was answered with 404, 405 or 501 in a form that is none of the contract's,
// the first step that wanted to be served carries the one deviation, and all other
// steps of the operation are not-supported.
//
// An operation that a gateway answers for counts as not there too, if it is the only
// one: behind a gateway that fails now and then, nothing can be said.
func CollapseAbsent(c *specs.Contract, results []*Result) {
	behindGateway := map[string]bool{}
	for _, res := range results {
		for _, f := range res.Facts {
			if f.Gateway {
				behindGateway[f.Operation] = true
			}
		}
	}
	for _, op := range c.Operations {
		if behindGateway[op.ID] && len(behindGateway) > 1 {
			continue
		}
		if absent(op, results) {
			collapse(c, op, results)
		}
	}
}

// absent looks at every exchange of an operation.
func absent(op *specs.Operation, results []*Result) bool {
	tried, wanted, plain := 0, 0, 0
	for _, res := range results {
		for _, f := range res.Facts {
			if f.Operation != op.ID || !f.Sent || f.Status == 0 {
				continue
			}
			if !noSuchOperation(op, f) && !deniedCaller(f) {
				return false
			}
			tried++
			if f.Wanted {
				wanted++
			}
			if f.Plain && (f.Status != http.StatusNotFound || op.Response(f.Status) == nil) {
				plain++
			}
		}
	}
	// Where nothing asked to be served, only answers that no record explains tell.
	return tried > 1 && (wanted > 0 || plain > 1)
}

// carrier is the step that carries the one finding of an operation that is not there: the
// first that wanted to be served, else the first that called it as it is called.
func carrier(op *specs.Operation, results []*Result) *Fact {
	var plain *Fact
	for _, res := range results {
		for i := range res.Facts {
			switch f := &res.Facts[i]; {
			case f.Operation != op.ID || !f.Sent:
			case f.Wanted:
				return f
			case f.Plain && plain == nil:
				plain = f
			}
		}
	}
	return plain
}

// deniedCaller sets apart requests that never came as far as the operation: those
// of callers without credentials.
func deniedCaller(f Fact) bool {
	return f.Identity != identityDefault && (f.Status == 401 || f.Status == 403)
}

func noSuchOperation(op *specs.Operation, f Fact) bool {
	switch f.Status {
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return true
	case http.StatusNotFound:
		// A 404 in the form that the contract documents is about a record.
		return op.Response(f.Status) == nil || f.Foreign || !f.Fits
	}
	return f.Gateway
}

func collapse(c *specs.Contract, op *specs.Operation, results []*Result) {
	id := verdict.Fingerprint(verdict.Finding{Contract: c.Name, Operation: op.ID, In: "status", Kind: "status"})
	first := carrier(op, results)
	for _, res := range results {
		touched := false
		for i := range res.Scenario.Steps {
			st, f := &res.Scenario.Steps[i], res.Facts[i]
			if f.Operation != op.ID || !f.Sent {
				continue
			}
			touched = true
			res.Deviations = slices.DeleteFunc(res.Deviations, func(d reports.Deviation) bool { return d.Step == st.ID })
			st.Deviations = []string{}
			if first == &res.Facts[i] {
				st.Status, st.Deviations = reports.Failed, []string{id}
				d := reports.Deviation{ID: id, Scenario: res.Scenario.ID, Step: st.ID, Operation: op.ID, In: "status", Kind: "status",
					Expected: fmt.Sprintf("%s %s is served", op.Method, op.Path), Actual: fmt.Sprintf("%d %s to every request", f.Status, http.StatusText(f.Status)),
					Severity: reports.SeverityError, Source: op.Source}
				if len(res.Scenario.Requirements) > 0 {
					d.Requirement = res.Scenario.Requirements[0]
				}
				res.Deviations = append(res.Deviations, d)
				continue
			}
			st.Status, st.Why = reports.NotSupported, fmt.Sprintf("the operation %s is not there: see deviation %s", op.ID, id)
		}
		if touched {
			behindAbsent(op, res)
			res.Scenario.Status, res.Scenario.Why = verdict.Scenario(res.Scenario.Steps)
		}
	}
}

// behindAbsent gives the steps that could not be reached because of the operation
// the same status.
func behindAbsent(op *specs.Operation, res *Result) {
	for i := range res.Scenario.Steps {
		st := &res.Scenario.Steps[i]
		if st.Status == reports.NotReached && !res.Facts[i].Sent {
			st.Status, st.Why = reports.NotSupported, "it stands behind the operation "+op.ID+", which is not there"
		}
	}
}
