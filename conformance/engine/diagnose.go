package engine

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports"
)

// Unusable looks back at a run and says why it tells nothing about the
// implementation: nothing answered, a gateway answered, a web page answered, or the
// credentials were refused by everything. "" when the run counts.
func (r *Runner) Unusable(results []*Result) string {
	var sent, unreachable, silent, gateway, page, refused, asDefault int
	for _, res := range results {
		for _, f := range res.Facts {
			if !f.Sent {
				continue
			}
			sent++
			switch {
			case f.Unreachable:
				unreachable++
			case f.Silent:
				silent++
			case f.Status >= 502 && f.Status <= 504:
				gateway++
			case f.Page:
				page++
			}
			if f.Identity == identityDefault && !f.Unreachable {
				asDefault++
				if r.credentialsRefused(f) {
					refused++
				}
			}
		}
	}
	switch {
	case sent == 0:
		return ""
	case unreachable == sent:
		return fmt.Sprintf("no connection to %s", r.base)
	case unreachable+silent == sent:
		return fmt.Sprintf("%s answers nothing", r.base)
	case gateway == sent:
		return "a gateway answers for every request; the implementation behind it was never reached"
	case page == sent:
		return "a web page is answered to every request: is there a login or a proxy in front of the API?"
	case asDefault > 0 && refused == asDefault:
		return "the credentials are refused by every operation; check --auth"
	}
	return ""
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
// supplied: a target that went away in between, or that refused to be called so often.
// A run with such gaps says less than was asked.
func Lost(results []*Result) (problems []string) {
	var gone, limited int
	for _, res := range results {
		for i, f := range res.Facts {
			switch {
			case !f.Sent:
			case f.Unreachable:
				gone++
			case f.Status == http.StatusTooManyRequests && res.Scenario.Steps[i].Status == reports.NotReached:
				limited++
			}
		}
	}
	if gone > 0 {
		problems = append(problems, fmt.Sprintf("the target went away: %d steps found no connection", gone))
	}
	if limited > 0 {
		problems = append(problems, fmt.Sprintf("the target limited calls: %d steps were answered 429; lower --rate or --parallel", limited))
	}
	return problems
}
