package verdict

import (
	"fmt"
	"slices"

	"github.com/roadworthy-project/roadworthy/reports"
)

// Contradictions lists where a report contradicts itself: a status that does not follow
// from what was found, a finding that no step has, a count that is another. A report of
// this program has none; one that was made to look better has.
func Contradictions(r *reports.Report) []error {
	var wrong []error
	add := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf("report.json: "+format, args...)) }
	found := map[string]*reports.Deviation{}
	for i := range r.Deviations {
		found[r.Deviations[i].ID] = &r.Deviations[i]
	}
	named := map[string]bool{}
	for _, sc := range r.Scenarios {
		if status, _ := Scenario(sc.Steps); status != sc.Status {
			add("the scenario %s says %s, and its steps %s", sc.ID, sc.Status, status)
		}
		for _, st := range sc.Steps {
			for _, id := range st.Deviations {
				named[id] = true
				d := found[id]
				if d == nil {
					add("step %s of %s has the deviation %s, which is not there", st.ID, sc.ID, id)
				} else if d.Severity == reports.SeverityError && d.Waived == nil && st.Status != reports.Failed {
					add("step %s of %s says %s, and its deviation %s is an error", st.ID, sc.ID, st.Status, id)
				}
			}
		}
	}
	for _, d := range r.Deviations {
		if !named[d.ID] {
			add("no step has the deviation %s", d.ID)
		}
	}
	for _, p := range profiles(r.Scenarios, Scope{}) {
		at := slices.IndexFunc(r.Profiles, func(q reports.ProfileResult) bool { return q.Name == p.Name })
		if at < 0 {
			add("the profile %s is missing", p.Name)
			continue
		}
		if p.Verdict = r.Profiles[at].Verdict; p != r.Profiles[at] {
			add("the counts of the profile %s are not those of its scenarios", p.Name)
		}
	}
	return wrong
}
