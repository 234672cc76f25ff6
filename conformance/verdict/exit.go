package verdict

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// The exit codes of a run; 2 and 130 belong to the command line.
const (
	ExitFine         = 0
	ExitDeviations   = 1
	ExitInconclusive = 3
)

// FailOn lists what a run may fail on.
func FailOn() []string { return []string{"error", "warning", "never"} }

// Exit is the exit code of a report.
func Exit(r *reports.Report, failOn string, gates []Gate) int {
	switch {
	case r.Verdict == reports.Inconclusive:
		return ExitInconclusive
	case failOn == "never":
		return ExitFine
	case r.Verdict == reports.NonConformant || len(r.StaleWaivers) > 0:
		return ExitDeviations
	case failOn == "warning" && warnings(r) > 0:
		return ExitDeviations
	}
	for _, g := range gates {
		if g.Missed(r.Coverage) != "" {
			return ExitDeviations
		}
	}
	return ExitFine
}

func warnings(r *reports.Report) int {
	n := 0
	for _, d := range r.Deviations {
		if d.Severity == reports.SeverityWarning && d.Waived == nil {
			n++
		}
	}
	return n
}

// Gate is a least coverage in percent.
type Gate struct {
	What    string // operations, outcomes, fields or requirements
	Percent int
}

// GateNames lists what a gate may watch.
func GateNames() []string { return []string{"operations", "outcomes", "fields", "requirements"} }

// ParseGates reads "outcomes=90" and lists of it with commas.
func ParseGates(texts []string) ([]Gate, error) {
	var gates []Gate
	for _, text := range texts {
		for _, one := range strings.Split(text, ",") {
			name, value, ok := strings.Cut(strings.TrimSpace(one), "=")
			percent, err := strconv.Atoi(strings.TrimSuffix(value, "%"))
			known := false
			for _, n := range GateNames() {
				known = known || n == name
			}
			if !ok || err != nil || percent < 0 || percent > 100 || !known {
				near := ""
				if !known {
					if near = yamlfile.DidYouMean(name, GateNames()); near != "" {
						near = "; " + near
					}
				}
				return nil, fmt.Errorf("minimum coverage %q: write one of %s, '=' and a whole percentage, such as outcomes=90%s", one, strings.Join(GateNames(), ", "), near)
			}
			gates = append(gates, Gate{What: name, Percent: percent})
		}
	}
	return gates, nil
}

// Missed says by how much a gate was missed; "" when it holds. Nothing to cover
// counts as nothing covered: a gate never holds for want of anything to measure.
func (g Gate) Missed(c reports.Coverage) string {
	covered, all := Covered(c, g.What)
	if all > 0 && covered*100 >= g.Percent*all {
		return ""
	}
	return fmt.Sprintf("coverage of %s is %d of %d, and %d%% were asked for", g.What, covered, all, g.Percent)
}

// Covered counts what a run met of one kind. Of the outcomes only documented ones
// are counted.
func Covered(c reports.Coverage, what string) (covered, all int) {
	tally := func(hit bool) {
		all++
		if hit {
			covered++
		}
	}
	switch what {
	case "operations":
		for _, o := range c.Operations {
			tally(o.Exercised)
		}
	case "outcomes":
		for _, o := range c.Outcomes {
			if o.Documented {
				tally(o.Observed)
			}
		}
	case "fields":
		for _, f := range c.Fields {
			tally(f.Seen)
		}
	case "requirements":
		for _, q := range c.Requirements {
			tally(q.Status == "held" || q.Status == "violated")
		}
	}
	return covered, all
}
