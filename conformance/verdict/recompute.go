package verdict

import "github.com/roadworthy-project/roadworthy/reports"

// Recompute sets profiles, verdict and reasons of a report from what is in it
// alone, as after a merge of shards.
func Recompute(r *reports.Report) {
	Apply(r, Scope{Excluded: r.Suite.LeftOut, Filters: r.Suite.Filters})
}

// Fold gives the verdict that follows from a report's scenarios, whatever the
// report says itself.
func Fold(r *reports.Report) reports.Verdict {
	v, _ := Run(r.Scenarios, Scope{Filters: r.Suite.Filters})
	return v
}
