package reports

import (
	"fmt"
	"strings"
)

// headline says the first deviation that counts, or the reason of the status.
func headline(sc Scenario, known evidence) string {
	var first *Deviation
	for _, step := range sc.Steps {
		for _, id := range step.Deviations {
			if d, ok := known.deviations[id]; ok && (first == nil || weight(d.Severity) > weight(first.Severity)) {
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

func waiverOf(sc Scenario, known evidence) *Waiver {
	if sc.Status != Waived {
		return nil
	}
	for _, step := range sc.Steps {
		for _, id := range step.Deviations {
			if d := known.deviations[id]; d.Waived != nil {
				return d.Waived
			}
		}
	}
	return nil
}

func firstKind(sc Scenario, known evidence) string {
	for _, step := range sc.Steps {
		for _, id := range step.Deviations {
			if d, ok := known.deviations[id]; ok && d.Severity == SeverityError {
				return Visible(d.Kind)
			}
		}
	}
	return "deviation"
}

// scenarioText is the whole story of a scenario that did not simply pass.
func scenarioText(sc Scenario, known evidence) string {
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
			if d, ok := known.deviations[id]; ok {
				b.WriteString(deviationText(d, known, "  "))
			}
		}
		if len(step.Deviations) > 0 && !step.Exchange.Empty() {
			fmt.Fprintf(&b, "  repeat it:\n%s\n", Curl(step.Exchange.Open().Request))
		}
	}
	return xmlText(b.String())
}

// words says until when and by whom; what a baseline accepts has neither.
func (w *Waiver) words() string {
	until := ""
	if w.Expires != "" || w.Owner != "" {
		until = fmt.Sprintf(" until %s by %s", w.Expires, w.Owner)
	}
	return until + ": " + w.Reason
}

func deviationText(d Deviation, known evidence, indent string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s: %s (%s)\n", indent, d.Severity, where(d.In, d.Path), d.Kind)
	fmt.Fprintf(&b, "%s  expected %s\n%s  found    %s\n", indent, d.Expected, indent, d.Actual)
	if d.Requirement != "" {
		fmt.Fprintf(&b, "%s  requirement %s\n", indent, known.requirement(d.Requirement))
	}
	if d.Source != "" {
		fmt.Fprintf(&b, "%s  source %s\n", indent, d.Source)
	}
	if file, line := known.place(d); file != "" {
		fmt.Fprintf(&b, "%s  at %s:%d\n", indent, file, line)
	}
	if d.Waived != nil {
		fmt.Fprintf(&b, "%s  waived%s\n", indent, d.Waived.words())
	}
	fmt.Fprintf(&b, "%s  id %s\n", indent, d.ID)
	return b.String()
}

// evidence is what a report says of its deviations and requirements, by their ids.
type evidence struct {
	deviations map[string]Deviation
	texts      map[string]string // of requirements
	place      func(Deviation) (file string, line int)
}

func evidenceOf(r *Report) evidence {
	known := evidence{make(map[string]Deviation, len(r.Deviations)), make(map[string]string, len(r.Coverage.Requirements)), places(r)}
	for _, d := range r.Deviations {
		known.deviations[d.ID] = d
	}
	for _, q := range r.Coverage.Requirements {
		known.texts[q.ID] = q.Text
	}
	return known
}

// requirement gives the id, and the sentence where the report has it.
func (e evidence) requirement(id string) string {
	if text := e.texts[id]; text != "" {
		return id + ": " + text
	}
	return id
}
