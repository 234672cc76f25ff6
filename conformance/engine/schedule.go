package engine

import (
	"slices"
	"sync"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// schedule hands out jobs in their order, or the longest first, so that none of
// them is begun when all others are over; what removes something of others comes
// last. A scenario that changes how an operation
// answers whoever calls it next has that operation for itself: it waits until
// nobody calls it, and others run meanwhile.
type schedule struct {
	mu      sync.Mutex
	changed sync.Cond
	jobs    []scheduled
	order   []int
	next    int   // place in the order of the first job that was not looked at
	put     []int // jobs that have to wait, in their order
	calling map[string]int
	taken   map[string]bool
}

// scheduled is a job with the operations that it calls, and those among them that
// it needs for itself.
type scheduled struct{ calls, alone []string }

func newSchedule(c *specs.Contract, jobs []Job, longestFirst bool) *schedule {
	s := &schedule{calling: map[string]int{}, taken: map[string]bool{}}
	s.changed.L = &s.mu
	for i, j := range jobs {
		s.jobs = append(s.jobs, scheduled{calls: j.Scenario.Operations(), alone: alone(c, j.Scenario)})
		s.order = append(s.order, i)
	}
	slices.SortStableFunc(s.order, func(a, b int) int {
		if d := len(jobs[b].Scenario.Steps) - len(jobs[a].Scenario.Steps); longestFirst && d != 0 {
			return d
		}
		return removes(c, jobs[a].Scenario) - removes(c, jobs[b].Scenario)
	})
	return s
}

// removes is 1 for a scenario that does nothing but remove something that it did not
// make: others ask for that, too, and come before.
func removes(c *specs.Contract, sc *scenarios.Scenario) int {
	if len(sc.Steps) == 1 {
		if op := c.Operation(sc.Steps[0].Operation); op != nil && op.Method == "DELETE" {
			return 1
		}
	}
	return 0
}

// alone lists the operations that a scenario needs for itself.
func alone(c *specs.Contract, sc *scenarios.Scenario) []string {
	if sc.Alone {
		return sc.Operations()
	}
	var all []string
	for _, g := range sc.Given {
		if id := g.Params["operation"]; nextCall(c, g.State, id) {
			all = append(all, id)
		}
	}
	return all
}

// nextCall tells the states that are spent by the next call of an operation,
// whoever calls: a failure inside the server, and an outcome that no value in the
// request can be tied to.
func nextCall(c *specs.Contract, state, operation string) bool {
	switch state {
	case "internal-error":
		return true
	case "outcome":
		return c.Behaviour == nil || c.Behaviour.Operations[operation] == nil || c.Behaviour.Operations[operation].Trigger == nil
	}
	return false
}

// take gives the next job that may begin; it waits for one. False: all are out.
func (s *schedule) take() (job int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		for at, i := range s.put {
			if s.free(i) {
				s.put = slices.Delete(s.put, at, at+1)
				s.begin(i)
				return i, true
			}
		}
		for s.next < len(s.jobs) {
			i := s.order[s.next]
			s.next++
			if s.free(i) {
				s.begin(i)
				return i, true
			}
			s.put = append(s.put, i)
		}
		if len(s.put) == 0 {
			return 0, false
		}
		s.changed.Wait()
	}
}

func (s *schedule) free(i int) bool {
	for _, op := range s.jobs[i].calls {
		if s.taken[op] {
			return false
		}
	}
	for _, op := range s.jobs[i].alone {
		if s.calling[op] > 0 || s.taken[op] {
			return false
		}
	}
	return true
}

func (s *schedule) begin(i int) {
	for _, op := range s.jobs[i].calls {
		s.calling[op]++
	}
	for _, op := range s.jobs[i].alone {
		s.taken[op] = true
	}
}

// done gives the operations of a job back.
func (s *schedule) done(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, op := range s.jobs[i].calls {
		s.calling[op]--
	}
	for _, op := range s.jobs[i].alone {
		delete(s.taken, op)
	}
	s.changed.Broadcast()
}
