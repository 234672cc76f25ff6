package reports

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// TerminalOptions say how the summary is written; the zero value is plain text, 80
// columns wide.
type TerminalOptions struct {
	Color bool
	// Trace prints the exchange below each deviation.
	Trace bool
	Width int
	// Contract is how the contract was named on the command line; "" is its name.
	Contract string
}

// maxTerminalGroups is how many causes a terminal shows.
const maxTerminalGroups = 20

// tableWidth is what the table of profiles needs, in columns.
const tableWidth = 76

// maxTerminalRequirements is how many requirements of one cause a terminal shows.
const maxTerminalRequirements = 3

// Terminal writes the summary for a person at a terminal: the verdict first, the
// counts of each profile, the causes of deviations, coverage, and what to do next.
func Terminal(w io.Writer, r *Report, o TerminalOptions) error {
	if o.Width <= 0 {
		o.Width = 80
	}
	t := &terminal{opts: o, report: r, known: evidenceOf(r), steps: stepsOfDeviations(r)}
	t.head()
	t.profiles()
	t.deviations()
	t.notRun()
	t.tail()
	_, err := io.WriteString(w, t.b.String())
	return err
}

type terminal struct {
	b      strings.Builder
	opts   TerminalOptions
	report *Report
	known  evidence
	// steps that have deviations, by scenario and step; one is traced once.
	steps map[[2]string]Step
}

func (t *terminal) head() {
	r := t.report
	color := "33" // yellow
	switch r.Verdict {
	case Conformant:
		color = "32"
	case NonConformant:
		color = "31"
	}
	t.b.WriteString("\n" + t.paint("1;"+color, strings.ToUpper(string(r.Verdict))) + "  " + OneLine(r.Suite.title(), 0) + "\n")
	who := r.Target.URL
	if words := r.Target.Implementation.words(); words != "" {
		who = words + " at " + who
	}
	t.wrap("  ", who)
	t.wrap("  ", r.Verdict.meaning())
	for _, why := range r.Why {
		t.wrap("  - ", why)
	}
	s := Summarize(r)
	t.wrap("  ", fmt.Sprintf("%s (%d scenarios, %d steps, %.1f s)", s.line(), s.Total, s.Steps, float64(r.DurationMs)/1000))
}

func (t *terminal) profiles() {
	if len(t.report.Profiles) == 0 {
		return
	}
	if t.opts.Width < tableWidth {
		t.b.WriteByte('\n')
		for _, p := range t.report.Profiles {
			t.wrap("  "+OneLine(p.Name, 24)+" ", fmt.Sprintf("%s: %d passed, %d failed, %d warned, %d waived, %d not run, %d error",
				p.Verdict, p.Passed, p.Failed, p.Warned, p.Waived, p.NotReached+p.NotSupported, p.Error))
		}
		return
	}
	width := len("profile")
	for _, p := range t.report.Profiles {
		width = max(width, len([]rune(OneLine(p.Name, 24))))
	}
	fmt.Fprintf(&t.b, "\n  %-*s  %-14s %6s %6s %6s %6s %8s %9s\n", width, "profile", "verdict", "passed", "failed", "warned", "waived", "not run", "error")
	for _, p := range t.report.Profiles {
		fmt.Fprintf(&t.b, "  %-*s  %-14s %6d %6d %6d %6d %8d %9d\n", width, OneLine(p.Name, 24), p.Verdict, p.Passed, p.Failed, p.Warned, p.Waived, p.NotReached+p.NotSupported, p.Error)
	}
}

func (t *terminal) deviations() {
	groups := Groups(t.report.Deviations)
	if len(groups) == 0 {
		return
	}
	families := Families(groups)
	t.b.WriteByte('\n')
	t.wrap(t.paint("1", "Deviations: "), fmt.Sprintf("%s, of %d %s in %d %s", tally(t.report.Deviations),
		len(groups), plural(len(groups), "cause"), len(families), plural(len(families), "kind")))
	most := quota(families, maxTerminalGroups)
	for i, f := range families {
		t.b.WriteString("\n  " + t.paint("1", f.Title) + "\n")
		t.wrap("  ", f.size()+". "+f.Hint)
		for j, g := range f.Groups {
			if j == most[i] {
				fmt.Fprintf(&t.b, "\n    … and %d more %s of this kind in the report\n", len(f.Groups)-j, plural(len(f.Groups)-j, "cause"))
				break
			}
			t.group(g)
		}
	}
}

// tally counts deviations by weight: "3 errors, 12 warnings, 40 notes".
func tally(all []Deviation) string {
	count := map[Severity]int{}
	for _, d := range all {
		count[d.Severity]++
	}
	var parts []string
	for _, s := range []Severity{SeverityError, SeverityWarning, SeverityInfo} {
		word := string(s)
		if s == SeverityInfo {
			word = "note"
		}
		if n := count[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, plural(n, word)))
		}
	}
	return strings.Join(parts, ", ")
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func (t *terminal) group(g Group) {
	label, color := string(g.Severity), "31"
	switch {
	case g.Waived:
		label, color = "waived", "2"
	case g.Severity == SeverityWarning:
		color = "33"
	case g.Severity == SeverityInfo:
		color = "36"
	}
	d := g.Deviations[0]
	t.b.WriteByte('\n')
	t.wrap("  "+t.paint(color, label)+" ", g.Operation+": "+g.Where()+" ("+g.Kind+")")
	t.wrap("    expected ", g.Expected())
	t.wrap("    found    ", g.Actual())
	if v := g.Variants(); v > 1 {
		fmt.Fprintf(&t.b, "    and %d more pairs of expected and found\n", v-1)
	}
	for i, id := range g.Requirements() {
		if i == maxTerminalRequirements {
			fmt.Fprintf(&t.b, "    and %d more requirements\n", len(g.Requirements())-i)
			break
		}
		t.wrap("    requirement ", t.known.requirement(id))
	}
	if d.Source != "" {
		t.wrap("    source ", d.Source)
	}
	at := d.Scenario
	if d.Step != "" {
		at += " / " + d.Step
	}
	if n := len(g.Deviations); n > 1 {
		at = fmt.Sprintf("%s, %d times in %d scenarios", at, n, g.Scenarios())
	}
	if d.Scenario != "" {
		t.wrap("    in ", at)
	}
	if file, line := t.known.place(d); file != "" {
		t.wrap("    at ", file+":"+strconv.Itoa(line))
	}
	if d.Waived != nil {
		t.wrap("    waived ", fmt.Sprintf("until %s by %s: %s", d.Waived.Expires, d.Waived.Owner, d.Waived.Reason))
	}
	key := [2]string{d.Scenario, d.Step}
	if step, ok := t.steps[key]; ok && t.opts.Trace {
		delete(t.steps, key)
		t.exchange(step.Exchange.Open())
	}
}

func (t *terminal) exchange(x Exchange) {
	for _, line := range strings.Split(Visible(exchangeText(x)), "\n") {
		t.b.WriteString(strings.TrimRight("    "+t.paint("2", "│ ")+line, " ") + "\n")
	}
	if x.Request.URL != "" {
		// As it is, without a margin, so that it can be copied.
		fmt.Fprintf(&t.b, "    %s\n%s\n", t.paint("2", "repeat it:"), Visible(Curl(x.Request)))
	}
}

func (t *terminal) notRun() {
	reasons := reasonsNotRun(t.report)
	if len(reasons) == 0 {
		return
	}
	fmt.Fprintf(&t.b, "\n%s\n", t.paint("1", "Not run"))
	for i, reason := range reasons {
		if i == maxTerminalGroups {
			fmt.Fprintf(&t.b, "  … and %d more reasons in the report\n", len(reasons)-i)
			break
		}
		t.wrap(fmt.Sprintf("  %5d  ", reason.count), reason.text)
	}
}

func (t *terminal) tail() {
	s := Summarize(t.report)
	var parts []string
	for _, row := range coverageRows(s) {
		parts = append(parts, strings.ToLower(row.name)+" "+row.share.String())
	}
	if len(parts) > 0 {
		t.b.WriteString("\n")
		t.wrap("Coverage: ", strings.Join(parts, " · "))
	}
	for _, step := range next(t.report, t.opts.Contract) {
		t.wrap("→ ", step)
	}
}

// wrap writes text behind a lead, broken at blanks to the width; further lines are
// indented below the text.
func (t *terminal) wrap(lead, text string) {
	width := len([]rune(bare(lead)))
	room := max(20, t.opts.Width-width)
	indent := strings.Repeat(" ", min(width, max(4, t.opts.Width/3)))
	line := 0
	t.b.WriteString(lead)
	for i, word := range strings.Fields(OneLine(text, 2000)) {
		n := len([]rune(word))
		switch {
		case i == 0:
		case line+1+n > room:
			t.b.WriteString("\n" + indent)
			line = 0
		default:
			t.b.WriteByte(' ')
			line++
		}
		t.b.WriteString(word)
		line += n
	}
	t.b.WriteByte('\n')
}

// bare is a text without the colours that paint gives.
func bare(s string) string {
	for {
		head, rest, painted := strings.Cut(s, "\x1b[")
		if !painted {
			return s
		}
		_, rest, _ = strings.Cut(rest, "m")
		s = head + rest
	}
}

func (t *terminal) paint(color, s string) string {
	if !t.opts.Color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

func stepsOfDeviations(r *Report) map[[2]string]Step {
	steps := map[[2]string]Step{}
	for _, sc := range r.Scenarios {
		for _, step := range sc.Steps {
			if len(step.Deviations) > 0 {
				steps[[2]string{sc.ID, step.ID}] = step
			}
		}
	}
	return steps
}
