package traffic

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/coverage"
	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
)

// maxListed is how many unmatched requests the reasons of a verdict name.
const maxListed = 10

// Report gives what was gathered so far, in the order in which exchanges began. With
// no exchange that called an operation it is inconclusive.
func (c *Collector) Report(h Head) *reports.Report {
	r := &reports.Report{Schema: reports.SchemaVersion, Started: h.Started.UTC(), DurationMs: h.Took.Milliseconds(),
		Suite: reports.Suite{Version: h.Version, Contract: c.contract.Name, ContractTitle: c.contract.Title, ContractVersion: c.contract.Version,
			ContractDigest: c.contract.Digest, Filters: []string{"recorded traffic only"}},
		Target: reports.Target{URL: h.Target}, Scenarios: []reports.Scenario{}, Deviations: []reports.Deviation{}}
	all := slices.Clone(c.results)
	slices.SortStableFunc(all, func(a, b *engine.Result) int { return cmp.Compare(a.Scenario.ID, b.Scenario.ID) })
	for _, res := range all {
		r.Scenarios = append(r.Scenarios, res.Scenario)
	}
	for _, id := range c.order {
		r.Deviations = append(r.Deviations, c.deviations[id].Deviation)
	}
	if c.over != nil {
		all = append(all, c.over)
	}
	r.Coverage = coverage.Of(c.contract, all)
	scope := verdict.Scope{Filters: r.Suite.Filters}
	if c.Matched() == 0 {
		scope.Unusable = "no exchange calls an operation of " + c.contract.Name
	}
	verdict.Apply(r, scope)
	r.Why = append(r.Why, c.notes()...)
	return r
}

// notes say what a reader should know beside the verdict.
func (c *Collector) notes() []string {
	var notes []string
	if c.Matched() > 0 {
		notes = append(notes, "only what the traffic shows was judged")
	}
	if c.overCount > 0 {
		notes = append(notes, fmt.Sprintf("%d more exchanges are counted in the coverage and not listed; all their deviations are", c.overCount))
	}
	if c.unmatchedCount > 0 {
		list := c.UnmatchedList()
		more := ""
		if len(list) > maxListed {
			list, more = list[:maxListed], ", …"
		}
		notes = append(notes, fmt.Sprintf("%d exchanges call no operation of the contract: %s%s", c.unmatchedCount, strings.Join(list, ", "), more))
	}
	return notes
}
