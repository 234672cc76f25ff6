package engine

import (
	"context"
	"sync"

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
}

// Start runs the jobs in a pool, in their order as far as the pool allows. Every
// job comes to an end, also when the context does.
func (r *Runner) Start(ctx context.Context, jobs []Job) *Running {
	all := &Running{done: make([]chan struct{}, len(jobs)), results: make([]*Result, len(jobs))}
	for i := range jobs {
		all.done[i] = make(chan struct{})
	}
	next := make(chan int)
	go func() {
		defer close(next)
		for i := range jobs {
			next <- i
		}
	}()
	var workers sync.WaitGroup
	for range min(r.options.Parallel, max(1, len(jobs))) {
		workers.Go(func() {
			for i := range next {
				all.results[i] = r.Run(ctx, jobs[i].Scenario, jobs[i].Origin)
				close(all.done[i])
			}
		})
	}
	return all
}

// Wait gives the result of the i-th job when it is there.
func (a *Running) Wait(i int) *Result {
	<-a.done[i]
	return a.results[i]
}
