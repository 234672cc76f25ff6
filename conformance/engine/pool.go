package engine

import (
	"context"
	"sync"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
)

// Job is a scenario to run, with where it comes from ("file" or "generated").
type Job struct {
	Scenario *scenarios.Scenario
	Origin   string
}

// Running is a list of jobs under way.
type Running struct {
	done    []chan struct{}
	results []*Result

	mu       sync.Mutex
	progress Progress
	tell     func(Progress)
}

// Progress says how far a run is.
type Progress struct {
	Done, Failed, All int // scenarios
}

// Start runs the jobs in a pool, in their order as far as the schedule allows. Every
// job comes to an end, also when the context does. tell hears of each as soon as it
// is over, one call at a time; nil does not.
func (r *Runner) Start(ctx context.Context, jobs []Job, tell func(Progress)) *Running {
	all := &Running{done: make([]chan struct{}, len(jobs)), results: make([]*Result, len(jobs)), progress: Progress{All: len(jobs)}, tell: tell}
	for i := range jobs {
		all.done[i] = make(chan struct{})
	}
	plan := newSchedule(r.contract, jobs, r.options.Parallel > 1 && !r.options.InOrder)
	for range min(r.options.Parallel, max(1, len(jobs))) {
		go func() {
			for i, ok := plan.take(); ok; i, ok = plan.take() {
				all.results[i] = r.Run(ctx, jobs[i].Scenario, jobs[i].Origin)
				plan.done(i)
				all.over(i)
			}
		}()
	}
	return all
}

func (a *Running) over(i int) {
	if a.tell != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.progress.Done++
		if s := a.results[i].Scenario.Status; s == reports.Failed || s == reports.Error {
			a.progress.Failed++
		}
		a.tell(a.progress)
	}
	close(a.done[i])
}

// Wait gives the result of the i-th job when it is there.
func (a *Running) Wait(i int) *Result {
	<-a.done[i]
	return a.results[i]
}
