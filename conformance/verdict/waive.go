package verdict

import (
	"fmt"
	"time"

	"github.com/roadworthy-project/roadworthy/reports"
)

// WaiverRule accepts a deviation by its id until a day.
type WaiverRule struct {
	Deviation string `yaml:"deviation"`
	Reason    string `yaml:"reason"`
	Owner     string `yaml:"owner"`
	Expires   string `yaml:"expires"` // YYYY-MM-DD, the last day on which it holds
	Line      int    // in its file
	Col       int
}

// Waive marks the deviations that a waiver or the baseline accepts, and folds the
// steps and scenarios that hold them anew. It gives back what a person should know:
// waivers that have expired, and such that fit nothing any more. Both fail the run
// (see Exit): a list of waivers that nobody tends hides what it was not made for.
// Where only a part was run, a waiver may fit what was left out.
func Waive(r *reports.Report, rules []WaiverRule, baseline *reports.Report, now time.Time) (notes []string) {
	accepted := map[string]*reports.Waiver{}
	whole := len(r.Suite.Filters) == 0
	if baseline != nil {
		for _, d := range baseline.Deviations {
			if d.Waived == nil {
				accepted[d.ID] = &reports.Waiver{Reason: "known from the baseline of " + baseline.Started.UTC().Format(time.DateOnly)}
			}
		}
	}
	today := now.UTC().Format(time.DateOnly)
	used := map[string]bool{}
	for _, w := range rules {
		if w.Expires < today {
			notes = append(notes, fmt.Sprintf("the waiver of %s (%s) expired on %s", w.Deviation, w.Owner, w.Expires))
			r.StaleWaivers = append(r.StaleWaivers, w.Deviation)
			continue
		}
		accepted[w.Deviation] = &reports.Waiver{Reason: w.Reason, Owner: w.Owner, Expires: w.Expires}
	}
	for i := range r.Deviations {
		d := &r.Deviations[i]
		if w := accepted[d.ID]; w != nil && d.Severity != reports.SeverityInfo {
			d.Waived = w
			used[d.ID] = true
		}
	}
	for _, w := range rules {
		if !used[w.Deviation] && w.Expires >= today {
			if r.Suite.Shard != "" {
				r.UnusedWaivers = append(r.UnusedWaivers, w.Deviation) // the merged shards decide
				continue
			}
			notes = append(notes, fmt.Sprintf("the waiver of %s (%s) fits no deviation of this run: take it out", w.Deviation, w.Owner))
			if whole {
				r.StaleWaivers = append(r.StaleWaivers, w.Deviation)
			}
		}
	}
	if len(used) > 0 {
		refold(r)
	}
	return notes
}

// refold gives steps and scenarios the status that their waived deviations leave.
func refold(r *reports.Report) {
	byID := map[string]*reports.Deviation{}
	for i := range r.Deviations {
		byID[r.Deviations[i].ID] = &r.Deviations[i]
	}
	for i := range r.Scenarios {
		s := &r.Scenarios[i]
		changed := false
		for j := range s.Steps {
			if step(&s.Steps[j], byID) {
				changed = true
			}
		}
		if changed {
			behind(s)
			s.Status, s.Why = Scenario(s.Steps)
		}
	}
}

func step(st *reports.Step, byID map[string]*reports.Deviation) bool {
	if st.Status != reports.Failed && st.Status != reports.Warned {
		return false
	}
	waived, errors, warned := 0, 0, 0
	for _, id := range st.Deviations {
		d := byID[id]
		switch {
		case d == nil:
		case d.Waived != nil:
			waived++
		case d.Severity == reports.SeverityError:
			errors++
		case d.Severity == reports.SeverityWarning:
			warned++
		}
	}
	switch {
	case waived == 0 || errors > 0:
		return false
	case warned > 0:
		st.Status = reports.Warned
	default:
		st.Status = reports.Waived
	}
	return true
}

// behind gives steps that could not be reached because of a waived one the same
// status: nobody is to look for a second cause.
func behind(s *reports.Scenario) {
	waived := ""
	for j := range s.Steps {
		st := &s.Steps[j]
		switch {
		case st.Status == reports.Waived && waived == "":
			waived = st.ID
		case st.Status == reports.NotReached && waived != "":
			st.Status, st.Why = reports.Waived, "behind the waived step "+waived
		}
	}
}
