package selftest

import (
	"fmt"
	"io"
	"strings"
)

// Text writes the result for a person.
func (r *Result) Text(w io.Writer, verbose bool) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d clean runs, %d scenarios, %d steps, %d false alarms\n", r.Contract, r.CleanRuns, r.CleanScenarios, r.CleanSteps, len(r.FalseAlarms))
	for _, a := range r.FalseAlarms {
		fmt.Fprintf(&b, "  false alarm in run %d (seed %d): %s: %s\n", a.Run, a.Seed, a.Scenario, a.Why)
	}
	fmt.Fprintf(&b, "%-20s %-10s %9s %7s %8s %10s\n", "fault", "kind", "found", "warned", "allowed", "tolerated")
	found, seeded := 0, 0
	for _, t := range r.Tallies() {
		if t.Places() == 0 {
			continue
		}
		found, seeded = found+t.Count[Found], seeded+t.Seeded()
		fmt.Fprintf(&b, "%-20s %-10s %9s %7d %8d %10d\n", t.Fault, t.Kind, fmt.Sprintf("%d/%d", t.Count[Found], t.Seeded()), t.Count[Warned], t.Count[Allowed], t.Count[Tolerated])
	}
	fmt.Fprintf(&b, "%-20s %-10s %9s\n", "all", "", fmt.Sprintf("%d/%d", found, seeded))
	classes := []Class{Survived, FalseAlarm}
	if verbose {
		classes = append(classes, Warned, Allowed)
	}
	for _, class := range classes {
		for _, p := range r.Of(class) {
			fmt.Fprintf(&b, "%s: %s\n", class, p)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// String names the seed and what became of it.
func (p Planted) String() string {
	text := p.Fault
	if p.Variant != "" {
		text += " (" + p.Variant + ")"
	}
	text += " in " + p.Operation
	if p.Path != "" {
		text += " at " + p.Path
	}
	text += ": " + p.Why
	if len(p.Red) > 0 {
		text += fmt.Sprintf("; %d failed, such as %s", len(p.Red), p.Red[0])
	}
	return text
}
