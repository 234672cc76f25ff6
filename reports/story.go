package reports

import (
	"fmt"
	"strings"
)

// headline says the first deviation that counts, or the reason of the status.
func headline(sc Scenario, find map[string]Deviation) string {
	var first *Deviation
	for _, step := range sc.Steps {
		for _, id := range step.Deviations {
			if d, ok := find[id]; ok && (first == nil || weight(d.Severity) > weight(first.Severity)) {
				first = &d
			}
		}
	}
	switch {
	case first != nil:
		return fmt.Sprintf("%s: %s: expected %s, found %s", first.Operation, where(first.In, first.Path), first.Expected, first.Actual)
	case sc.Why != "":
		return sc.Why
	}
	for _, step := range sc.Steps {
		if step.Why != "" {
			return step.Why
		}
	}
	return sc.Title
}

func waiverOf(sc Scenario, find map[string]Deviation) *Waiver {
	if sc.Status != Waived {
		return nil
	}
	for _, step := range sc.Steps {
		for _, id := range step.Deviations {
			if d := find[id]; d.Waived != nil {
				return d.Waived
			}
		}
	}
	return nil
}

func firstKind(sc Scenario, find map[string]Deviation) string {
	for _, step := range sc.Steps {
		for _, id := range step.Deviations {
			if d, ok := find[id]; ok && d.Severity == SeverityError {
				return Visible(d.Kind)
			}
		}
	}
	return "deviation"
}

// scenarioText is the whole story of a scenario that did not simply pass.
func scenarioText(sc Scenario, find map[string]Deviation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", sc.Title)
	if sc.Why != "" {
		fmt.Fprintf(&b, "%s\n", sc.Why)
	}
	for _, step := range sc.Steps {
		if len(step.Deviations) == 0 && step.Status == Passed {
			continue
		}
		fmt.Fprintf(&b, "\nstep %s (%s): %s", step.ID, step.Operation, words(step.Status))
		if step.Why != "" {
			fmt.Fprintf(&b, ", %s", step.Why)
		}
		b.WriteString("\n")
		for _, id := range step.Deviations {
			if d, ok := find[id]; ok {
				b.WriteString(deviationText(d, "  "))
			}
		}
		if len(step.Deviations) > 0 && !step.Exchange.Empty() {
			fmt.Fprintf(&b, "  repeat it:\n%s\n", Curl(step.Exchange.Open().Request))
		}
	}
	return xmlText(b.String())
}

func deviationText(d Deviation, indent string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s: %s (%s)\n", indent, d.Severity, where(d.In, d.Path), d.Kind)
	fmt.Fprintf(&b, "%s  expected %s\n%s  found    %s\n", indent, d.Expected, indent, d.Actual)
	if d.Requirement != "" {
		fmt.Fprintf(&b, "%s  requirement %s\n", indent, d.Requirement)
	}
	if d.Source != "" {
		fmt.Fprintf(&b, "%s  source %s\n", indent, d.Source)
	}
	if d.Waived != nil {
		fmt.Fprintf(&b, "%s  waived until %s by %s: %s\n", indent, d.Waived.Expires, d.Waived.Owner, d.Waived.Reason)
	}
	fmt.Fprintf(&b, "%s  id %s\n", indent, d.ID)
	return b.String()
}

func deviationsByID(r *Report) map[string]Deviation {
	find := make(map[string]Deviation, len(r.Deviations))
	for _, d := range r.Deviations {
		find[d.ID] = d
	}
	return find
}
