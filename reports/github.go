package reports

import (
	"fmt"
	"io"
	"strings"
)

// maxAnnotations is how many annotations are written: the page of a job shows few.
const maxAnnotations = 50

// GitHub writes workflow commands: one annotation per cause, errors first, and a
// notice with the verdict. Waived deviations are notices.
func GitHub(w io.Writer, r *Report) error {
	var b strings.Builder
	groups := Groups(r.Deviations)
	place := places(r)
	for i, g := range groups {
		if i == maxAnnotations {
			fmt.Fprintf(&b, "::notice title=Roadworthy::%d more causes are in the report\n", len(groups)-i)
			break
		}
		level := "error"
		switch {
		case g.Waived, g.Severity == SeverityInfo:
			level = "notice"
		case g.Severity == SeverityWarning:
			level = "warning"
		}
		properties := ""
		if file, line := place(g.Deviations[0]); file != "" {
			properties = fmt.Sprintf("file=%s,line=%d,", property(OneLine(file, 0)), line)
		}
		title := fmt.Sprintf("%s: %s (%s)", g.Operation, g.Where(), g.Kind)
		message := fmt.Sprintf("expected %s, found %s", g.Expected(), g.Actual())
		if ids := g.Requirements(); len(ids) > 0 {
			message += " [" + strings.Join(ids, ", ") + "]"
		}
		if n := len(g.Deviations); n > 1 {
			message += fmt.Sprintf(" (%d times in %d scenarios)", n, g.Scenarios())
		}
		message += "\nscenario " + g.Deviations[0].Scenario
		fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", level, properties, property(OneLine(title, 200)), data(Visible(message)))
	}
	level := "notice"
	if r.Verdict == NonConformant || r.Verdict == Inconclusive {
		level = "error"
	}
	s := Summarize(r)
	fmt.Fprintf(&b, "::%s title=%s::%s\n", level, property(OneLine("Roadworthy: "+r.Suite.title()+" is "+string(r.Verdict), 200)), data(Visible(s.line())))
	_, err := io.WriteString(w, b.String())
	return err
}

// data escapes the message of a workflow command; a line feed would start another.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes a property, in which commas and colons end it.
func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
