package engine

import (
	"sync"
	"testing"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

func job(id, operation string, given ...scenarios.Given) Job {
	return Job{Scenario: &scenarios.Scenario{ID: id, Given: given, Steps: []*scenarios.Step{{ID: "call", Operation: operation}}}}
}

func fails(operation string) scenarios.Given {
	return scenarios.Given{State: "internal-error", Params: map[string]string{"operation": operation}}
}

// A scenario that makes the next call of an operation fail waits until nobody
// calls it; whoever calls something else does not wait for either.
func TestOnlyTheOperationThatIsMadeToFailIsHeld(t *testing.T) {
	s := newSchedule(&specs.Contract{}, []Job{job("a", "read"), job("b", "read", fails("read")), job("c", "read"), job("d", "write"), job("e", "write", fails("write"))}, false)
	take := func(want int) {
		t.Helper()
		if got, ok := s.take(); !ok || got != want {
			t.Fatalf("expected job %d, got %d %v", want, got, ok)
		}
	}
	take(0)
	take(2) // b waits for a
	take(3)
	s.done(0)
	s.done(3)
	take(4) // b still waits, for c
	s.done(2)
	take(1)
	s.done(1)
	s.done(4)
	if i, ok := s.take(); ok {
		t.Errorf("job %d was handed out twice", i)
	}
}

func TestAnOutcomeWithoutATriggerIsMetByWhoeverCallsNext(t *testing.T) {
	c := &specs.Contract{Behaviour: &specs.Behaviour{Operations: map[string]*specs.OperationBehaviour{"tied": {Trigger: &specs.Trigger{Field: "/number"}}, "loose": {}}}}
	for operation, want := range map[string]int{"tied": 0, "loose": 1, "unknown": 1} {
		given := scenarios.Given{State: "outcome", Params: map[string]string{"operation": operation, "code": "500"}}
		if got := alone(c, job("a", operation, given).Scenario); len(got) != want {
			t.Errorf("%s: held alone are %v", operation, got)
		}
	}
}

func TestEveryJobIsHandedOutOnceAndNoneDisturbsAnother(t *testing.T) {
	var jobs []Job
	for i := range 300 {
		operation := string(rune('a' + i%5))
		if i%7 == 0 {
			jobs = append(jobs, job("x", operation, fails(operation)))
		} else {
			jobs = append(jobs, job("x", operation))
		}
	}
	s := newSchedule(&specs.Contract{}, jobs, true)
	var mu sync.Mutex
	seen, calling, alone := map[int]int{}, map[string]int{}, map[string]bool{}
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for i, ok := s.take(); ok; i, ok = s.take() {
				op := jobs[i].Scenario.Steps[0].Operation
				single := len(jobs[i].Scenario.Given) > 0
				mu.Lock()
				seen[i]++
				if alone[op] || single && calling[op] > 0 {
					t.Errorf("job %d meets another caller of %s", i, op)
				}
				calling[op]++
				alone[op] = single
				mu.Unlock()
				mu.Lock()
				calling[op]--
				if single {
					alone[op] = false
				}
				mu.Unlock()
				s.done(i)
			}
		})
	}
	workers.Wait()
	for i := range jobs {
		if seen[i] != 1 {
			t.Errorf("job %d was handed out %d times", i, seen[i])
		}
	}
}

func TestTheLongestIsBegunFirst(t *testing.T) {
	long := job("long", "read")
	long.Scenario.Steps = append(long.Scenario.Steps, long.Scenario.Steps[0])
	jobs := []Job{job("a", "read"), long, job("b", "read")}
	for _, c := range []struct {
		longestFirst bool
		want         [3]int
	}{{true, [3]int{1, 0, 2}}, {false, [3]int{0, 1, 2}}} {
		s := newSchedule(&specs.Contract{}, jobs, c.longestFirst)
		for _, want := range c.want {
			if got, ok := s.take(); !ok || got != want {
				t.Errorf("longest first is %v: expected job %d, got %d %v", c.longestFirst, want, got, ok)
			}
		}
	}
}

// What removes a documented item, and nothing else, comes behind those that ask for it.
func TestWhatRemovesComesLast(t *testing.T) {
	c := &specs.Contract{Operations: []*specs.Operation{{ID: "remove", Method: "DELETE"}, {ID: "read", Method: "GET"}}}
	own := job("own", "write")
	own.Scenario.Steps = append(own.Scenario.Steps, &scenarios.Step{ID: "remove", Operation: "remove"})
	jobs := []Job{job("a", "remove"), job("b", "read"), own, job("c", "unknown")}
	for longestFirst, order := range map[bool][]int{false: {1, 2, 3, 0}, true: {2, 1, 3, 0}} {
		s := newSchedule(c, jobs, longestFirst)
		for _, want := range order {
			if got, ok := s.take(); !ok || got != want {
				t.Errorf("longest first is %v: expected job %d, got %d %v", longestFirst, want, got, ok)
			}
		}
	}
}

// A scenario that counts has all of its operations for itself.
func TestAScenarioThatCountsIsAlone(t *testing.T) {
	sc := job("a", "write").Scenario
	sc.Steps = append(sc.Steps, &scenarios.Step{ID: "read", Operation: "read"})
	if got := alone(&specs.Contract{}, sc); len(got) != 0 {
		t.Errorf("held alone are %v, expected nothing", got)
	}
	sc.Alone = true
	if got := alone(&specs.Contract{}, sc); len(got) != 2 {
		t.Errorf("held alone are %v, expected write and read", got)
	}
}
