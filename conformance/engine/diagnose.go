package engine

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports"
)

// Unusable looks back at a run and says why it tells nothing about the
// implementation: nothing answered, a gateway answered, a web page or one and the same
// text was answered to everything, nothing of the contract is there, or the credentials
// were refused by everything. "" when the run counts.
func (r *Runner) Unusable(results []*Result) string {
	var n tallies
	for _, res := range results {
		for _, f := range res.Facts {
			if f.Sent {
				n.add(r, f)
			}
		}
	}
	switch {
	case n.sent == 0:
		return ""
	case n.unreachable == n.sent:
		return fmt.Sprintf("no connection to %s", r.base)
	case n.unreachable+n.silent == n.sent:
		return fmt.Sprintf("%s answers nothing", r.base)
	case n.gateway == n.sent:
		return "a gateway answers for every request; the implementation behind it was never reached"
	case n.page == n.sent:
		return "a web page is answered to every request: is there a login or a proxy in front of the API?"
	case n.sent > 1 && n.shapes[n.shape] == n.sent && 2*n.alien > n.sent:
		return fmt.Sprintf("every request gets the same answer (%s), and it is none of the contract's: is this the API, or something in front of it?", n.shape)
	case n.absent == n.sent && n.wanted > 0 && (len(n.operations) > 1 || len(r.contract.Operations) == 1):
		return fmt.Sprintf("no operation of the contract is there: every request below %s is answered with 404, 405 or 501; is the path of --target right?", r.base)
	case n.asDefault > 0 && n.refused == n.asDefault:
		return "the credentials are refused by every operation; check --auth"
	}
	return ""
}

// tallies count what a run met.
type tallies struct {
	sent, unreachable, silent, gateway, page, refused, asDefault, absent, alien, wanted int

	operations map[string]bool
	shapes     map[string]int
	shape      string // the last one
}

func (n *tallies) add(r *Runner, f Fact) {
	if n.operations == nil {
		n.operations, n.shapes = map[string]bool{}, map[string]int{}
	}
	n.sent++
	n.operations[f.Operation] = true
	if f.Wanted {
		n.wanted++
	}
	if f.Alien {
		n.alien++
	}
	if f.Shape != "" {
		n.shape = f.Shape
		n.shapes[f.Shape]++
	}
	switch {
	case f.Unreachable:
		n.unreachable++
	case f.Silent:
		n.silent++
	case f.Status >= 502 && f.Status <= 504:
		n.gateway++
	case f.Page:
		n.page++
	case f.Status == http.StatusNotFound, f.Status == http.StatusMethodNotAllowed, f.Status == http.StatusNotImplemented, deniedCaller(f):
		n.absent++
	}
	if f.Identity == identityDefault && !f.Unreachable {
		n.asDefault++
		if r.credentialsRefused(f) {
			n.refused++
		}
	}
}

func (r *Runner) credentialsRefused(f Fact) bool {
	if f.Status == 401 || f.Status == 403 {
		return true
	}
	op := r.contract.Operation(f.Operation)
	if op == nil {
		return false
	}
	o := op.Refusal("bad-credentials")
	if o == nil || strings.HasPrefix(o.Ref(), "http:") {
		return false
	}
	for _, seen := range f.Observed {
		if seen.Ref == o.Ref() {
			return true
		}
	}
	return false
}

// NotReached gives the result of a scenario that was not tried.
func NotReached(job Job, why string) *Result {
	sc := job.Scenario
	res := &Result{Scenario: reports.Scenario{ID: sc.ID, Title: sc.Title, Origin: job.Origin, Profile: sc.Profile,
		Requirements: append([]string{}, sc.Requirements...), Status: reports.NotReached, Why: why, Source: place(sc)}}
	for _, st := range sc.Steps {
		res.Scenario.Steps = append(res.Scenario.Steps, reports.Step{ID: st.ID, Title: st.Title, Operation: st.Operation,
			Status: reports.NotReached, Why: why, Deviations: []string{}})
		res.Facts = append(res.Facts, Fact{Operation: st.Operation, Identity: st.Identity})
	}
	return res
}

// Lost names what kept steps from being tried although everything for them had been
// supplied: a target that went away in between, that refused to be called so often, or a
// gateway that answered in its place.
// A run with such gaps says less than was asked. Call it when [CollapseAbsent] is done.
func Lost(results []*Result) (problems []string) {
	var gone, limited, gateway, sent int
	for _, res := range results {
		for i, f := range res.Facts {
			if !f.Sent {
				continue
			}
			sent++
			switch {
			case f.Unreachable:
				gone++
			case f.PutOff:
				limited++
			case f.Gateway && res.Scenario.Steps[i].Status == reports.NotReached:
				gateway++
			}
		}
	}
	if gone > 0 {
		problems = append(problems, fmt.Sprintf("the target went away: %d steps found no connection", gone))
	}
	if limited > 0 {
		problems = append(problems, fmt.Sprintf("the target limited calls: %d steps were put off again and again; lower --rate or --parallel", limited))
	}
	if gateway > 0 {
		problems = append(problems, fmt.Sprintf("a gateway answered %d of %d requests instead of the implementation (502, 503 or 504)", gateway, sent))
	}
	return problems
}

// Patience says how often a run waited because the target asked it to; "" for never.
func Patience(results []*Result) string {
	n := 0
	for _, res := range results {
		for _, f := range res.Facts {
			n += f.Limited
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("the target put off %d requests (429, or 503 with Retry-After); each was sent again when it said", n)
}
