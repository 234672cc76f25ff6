package verdict

import (
	"fmt"

	"github.com/roadworthy-project/roadworthy/reports"
)

// order is the order in which a scenario takes the status of a step.
func order() []reports.Status {
	return []reports.Status{reports.Failed, reports.Error, reports.NotSupported, reports.NotReached, reports.Waived, reports.Warned, reports.Passed}
}

// Scenario folds the steps of a scenario. Without steps it is an error: it tested
// nothing.
func Scenario(steps []reports.Step) (status reports.Status, why string) {
	if len(steps) == 0 {
		return reports.Error, "the scenario has no steps"
	}
	for _, s := range order() {
		for _, st := range steps {
			if st.Status != s {
				continue
			}
			if s == reports.Error || s == reports.NotReached || s == reports.NotSupported {
				why = st.Why
			}
			return s, why
		}
	}
	return reports.Error, fmt.Sprintf("step %s has the unknown status %q", steps[0].ID, steps[0].Status)
}

// Scope says what a run left out before it began.
type Scope struct {
	// Unusable is why the target could not be tested; "" when it could.
	Unusable string
	// Excluded counts the scenarios that filters or a shard took out.
	Excluded int
	Filters  []string
	// Problems are planned steps that did not come back exactly once.
	Problems []string
}

// Apply sets profiles, verdict and its reasons on a report whose scenarios are
// complete.
func Apply(r *reports.Report, s Scope) {
	r.Profiles = profiles(r.Scenarios, s)
	r.Verdict, r.Why = Run(r.Scenarios, s)
}

// Run folds scenarios into a verdict, and says why in words.
func Run(all []reports.Scenario, s Scope) (v reports.Verdict, why []string) {
	n := count(all)
	ran := n[reports.Passed] + n[reports.Failed] + n[reports.Warned] + n[reports.Waived]
	add := func(format string, args ...any) { why = append(why, fmt.Sprintf(format, args...)) }
	switch {
	case s.Unusable != "":
		add("%s", s.Unusable)
		return reports.Inconclusive, why
	case n[reports.Failed] > 0:
		v = reports.NonConformant
		add("%s failed", scenarios(n[reports.Failed]))
	case len(s.Problems) > 0 || n[reports.Error] > 0 || ran == 0:
		v = reports.Inconclusive
	case s.Excluded > 0 || len(s.Filters) > 0 || n[reports.Waived] > 0:
		v = reports.Partial
	default:
		v = reports.Conformant
		if ran == len(all) {
			add("all %s passed", scenarios(ran))
		} else {
			add("%s of %d passed, and none failed", scenarios(ran), len(all))
		}
	}
	why = append(why, s.Problems...)
	if n[reports.Error] > 0 {
		add("%s could not be run by the suite", scenarios(n[reports.Error]))
	}
	if ran == 0 {
		add("nothing that counts was run")
	}
	if n[reports.NotReached] > 0 {
		add("%s not reached", scenarios(n[reports.NotReached]))
	}
	if n[reports.NotSupported] > 0 {
		add("%s not supported by the implementation", scenarios(n[reports.NotSupported]))
	}
	if n[reports.Waived] > 0 {
		add("%s waived", scenarios(n[reports.Waived]))
	}
	if s.Excluded > 0 {
		add("%s left out by %v", scenarios(s.Excluded), s.Filters)
	}
	if n[reports.Warned] > 0 {
		add("%s with warnings", scenarios(n[reports.Warned]))
	}
	return v, why
}

func scenarios(n int) string {
	if n == 1 {
		return "1 scenario"
	}
	return fmt.Sprintf("%d scenarios", n)
}

func count(all []reports.Scenario) map[reports.Status]int {
	n := map[reports.Status]int{}
	for _, s := range all {
		n[s.Status]++
	}
	return n
}

func profiles(all []reports.Scenario, s Scope) []reports.ProfileResult {
	var names []string
	byName := map[string][]reports.Scenario{}
	for _, sc := range all {
		if _, seen := byName[sc.Profile]; !seen {
			names = append(names, sc.Profile)
		}
		byName[sc.Profile] = append(byName[sc.Profile], sc)
	}
	out := []reports.ProfileResult{}
	for _, name := range names {
		n := count(byName[name])
		v, _ := Run(byName[name], s)
		out = append(out, reports.ProfileResult{Name: name, Verdict: v, Passed: n[reports.Passed], Failed: n[reports.Failed], Warned: n[reports.Warned],
			Error: n[reports.Error], NotSupported: n[reports.NotSupported], NotReached: n[reports.NotReached], Waived: n[reports.Waived]})
	}
	return out
}
