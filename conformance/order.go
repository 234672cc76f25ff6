package conformance

import (
	"context"
	"math/rand/v2"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/conformance/suite"
	"github.com/roadworthy-project/roadworthy/reports"
)

// undone is a scenario that does not apply to the implementation, and why.
type undone struct {
	job engine.Job
	why string
}

// undeclared gives the results of what does not apply.
func (s *session) undeclared() []*engine.Result {
	var all []*engine.Result
	for _, u := range s.undone {
		res := engine.NotReached(u.job, u.why)
		res.Scenario.Status = reports.NotSupported
		for i := range res.Scenario.Steps {
			res.Scenario.Steps[i].Status = reports.NotSupported
		}
		all = append(all, res)
	}
	return all
}

// run runs the jobs, shuffled if asked for, and gives the results in the order of
// the plan.
func (s *session) run(ctx context.Context, o suite.Options) (results []*engine.Result, problems []string) {
	order := make([]int, len(s.jobs))
	for i := range order {
		order[i] = i
	}
	if s.config.Shuffle {
		rand.New(rand.NewPCG(uint64(s.seed), 1)).Shuffle(len(order), func(i, k int) { order[i], order[k] = order[k], order[i] })
	}
	jobs := make([]engine.Job, len(order))
	for i, at := range order {
		jobs[i] = s.jobs[at]
	}
	ran, problems := suite.Run(ctx, s.runner, jobs, o)
	results = make([]*engine.Result, len(ran))
	for i, at := range order[:len(ran)] {
		results[at] = ran[i]
	}
	return results, problems
}
