package selftest

import (
	"fmt"
	"os"
	"strings"
)

// marks enclose the part of the page that is generated for a contract.
func marks(contract string) (begin, end string) {
	return "<!-- selftest " + contract + ": generated -->\n", "<!-- selftest " + contract + ": end -->\n"
}

// UpdatePage writes the figures of a result into a page, between its marks; a
// contract that the page does not have yet comes at the end.
func UpdatePage(path string, r *Result) error {
	page, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(path, []byte(Page(string(page), r)), 0o644)
}

// Page gives the page with the figures of a result in it.
func Page(page string, r *Result) string {
	begin, end := marks(r.Contract)
	section := begin + r.Markdown() + end
	from := strings.Index(page, begin)
	to := strings.Index(page, end)
	if from < 0 || to < from {
		return strings.TrimRight(page, "\n") + "\n\n" + section
	}
	return page[:from] + section + page[to+len(end):]
}

// Markdown gives the figures of one contract as a table.
func (r *Result) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", r.Contract)
	fmt.Fprintf(&b, "%d clean runs in random order: %d scenarios, %d steps, **%d false alarms**. Faults in messages: at most %d fields of an operation.\n\n",
		r.CleanRuns, r.CleanScenarios, r.CleanSteps, len(r.FalseAlarms), r.Fields)
	b.WriteString("| fault | kind | places | found / must be found | warned | allowed | tolerated |\n|---|---|---:|---:|---:|---:|---:|\n")
	sum := Tally{Count: map[Class]int{}}
	for _, t := range r.Tallies() {
		fmt.Fprintf(&b, "| %s | %s | %d | %d / %d | %d | %d | %d |\n", t.Fault, t.Kind, t.Places(), t.Count[Found], t.Seeded(), t.Count[Warned], t.Count[Allowed], t.Count[Tolerated])
		for _, c := range Classes() {
			sum.Count[c] += t.Count[c]
		}
	}
	fmt.Fprintf(&b, "| **all** | | %d | **%d / %d** | %d | %d | %d |\n", sum.Places(), sum.Count[Found], sum.Seeded(), sum.Count[Warned], sum.Count[Allowed], sum.Count[Tolerated])
	if survivors := append(r.Of(Survived), r.Of(FalseAlarm)...); len(survivors) > 0 {
		b.WriteString("\nNot as they should be:\n\n")
		for _, p := range survivors {
			fmt.Fprintf(&b, "- %s: %s\n", p.Class, p)
		}
	}
	return b.String()
}
