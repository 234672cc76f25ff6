package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxMarkdownGroups keeps the page far below the 1 MiB that a job summary may have.
const maxMarkdownGroups = 30

// Markdown writes a summary for a job page or a pull request: the verdict, a table
// of the profiles, coverage, and the causes of deviations that weigh most.
func Markdown(w io.Writer, r *Report) error {
	var b strings.Builder
	s := Summarize(r)
	fmt.Fprintf(&b, "# %s %s: %s\n\n", verdictMark(r.Verdict), strings.ToUpper(string(r.Verdict)), plain(r.Suite.title()))
	fmt.Fprintf(&b, "%s\n\n", r.Verdict.meaning())
	for _, why := range r.Why {
		fmt.Fprintf(&b, "- %s\n", plain(why))
	}
	if len(r.Why) > 0 {
		b.WriteString("\n")
	}
	target := code(r.Target.URL)
	if who := r.Target.Implementation.words(); who != "" {
		target = plain(who) + " at " + target
	}
	fmt.Fprintf(&b, "%s · %s · %s scenarios, %d steps · %.1f s · roadworthy %s\n\n", target, r.Started.UTC().Format("2006-01-02 15:04 UTC"),
		plain(fmt.Sprint(s.Total)), s.Steps, float64(r.DurationMs)/1000, plain(orUnknown(r.Suite.Version)))

	if len(r.Profiles) > 0 {
		b.WriteString("| Profile | Verdict | Passed | Failed | Warned | Error | Not supported | Not reached | Waived |\n")
		b.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|\n")
		for _, p := range r.Profiles {
			fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d | %d | %d |\n", plain(p.Name), p.Verdict,
				p.Passed, p.Failed, p.Warned, p.Error, p.NotSupported, p.NotReached, p.Waived)
		}
		b.WriteString("\n")
	}

	if rows := coverageRows(s); len(rows) > 0 {
		b.WriteString("| Coverage | Seen | |\n|---|--:|---|\n")
		for _, row := range rows {
			fmt.Fprintf(&b, "| %s | %s | %s %d %% |\n", row.name, row.share, bar(row.share), row.share.Percent())
		}
		b.WriteString("\n")
	}

	deviationsMarkdown(&b, r)
	if reasons := reasonsNotRun(r); len(reasons) > 0 {
		b.WriteString("## Not run\n\n| Scenarios | Reason |\n|--:|---|\n")
		for _, reason := range reasons {
			fmt.Fprintf(&b, "| %d | %s |\n", reason.count, plain(OneLine(reason.text, 300)))
		}
		b.WriteString("\n")
	}
	b.WriteString("## Next\n\n")
	for _, step := range next(r, "") {
		fmt.Fprintf(&b, "- %s\n", plain(OneLine(step, 500)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// deviationsMarkdown writes the kinds of deviations, and below each its causes.
func deviationsMarkdown(b *strings.Builder, r *Report) {
	families := Families(Groups(r.Deviations))
	if len(families) == 0 {
		return
	}
	b.WriteString("## Deviations\n\n| | Kind | Times | Causes | Operations |\n|---|---|--:|--:|--:|\n")
	for _, f := range families {
		fmt.Fprintf(b, "| %s | %s | %d | %d | %d |\n", f.weight(), plain(f.Title), f.Deviations(), len(f.Groups), f.Operations())
	}
	b.WriteString("\n")
	most := quota(families, maxMarkdownGroups)
	for i, f := range families {
		fmt.Fprintf(b, "### %s\n\n%s\n\n", plain(f.Title), plain(f.Hint))
		if most[i] > 0 {
			b.WriteString("| | Operation | Where | Kind | Expected | Found | Requirement | Times |\n|---|---|---|---|---|---|---|--:|\n")
		}
		for _, g := range f.Groups[:most[i]] {
			severity := string(g.Severity)
			if g.Waived {
				severity = "waived"
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %d |\n", severity, code(g.Operation), code(g.Where()), plain(g.Kind),
				code(OneLine(g.Expected(), 120)), code(OneLine(g.Actual(), 120)), plain(strings.Join(g.Requirements(), ", ")), len(g.Deviations))
		}
		b.WriteString("\n")
		if more := len(f.Groups) - most[i]; more > 0 {
			fmt.Fprintf(b, "%d more %s of this kind in report.json and report.html.\n\n", more, plural(more, "cause"))
		}
	}
}

// weight is the worst severity of a family, or that all of it is waived.
func (f Family) weight() string {
	if f.ID == "waived" {
		return "waived"
	}
	return string(f.Severity)
}

type coverageRow struct {
	name  string
	share Share
}

// coverageRows leaves out what there is nothing of.
func coverageRows(s Summary) []coverageRow {
	all := []coverageRow{
		{"Operations called", s.Operations},
		{"Documented outcomes", s.Outcomes},
		{"Fields", s.Fields},
		{"Requirements tested", s.Requirements},
	}
	return slices.DeleteFunc(all, func(r coverageRow) bool { return r.share.Whole == 0 })
}

func verdictMark(v Verdict) string {
	switch v {
	case Conformant:
		return "✅"
	case NonConformant:
		return "❌"
	case Partial:
		return "◐"
	}
	return "❔"
}

func bar(s Share) string {
	full := s.Percent() / 10
	return strings.Repeat("█", full) + strings.Repeat("░", 10-full)
}

func orUnknown(s string) string {
	if s == "" {
		return "(unknown version)"
	}
	return s
}

type reason struct {
	text  string
	count int
}

// reasonsNotRun gathers why scenarios were not reached or not supported, the most
// frequent first.
func reasonsNotRun(r *Report) []reason {
	index := map[string]int{}
	var all []reason
	for _, sc := range r.Scenarios {
		if sc.Status != NotReached && sc.Status != NotSupported && sc.Status != Error {
			continue
		}
		text := words(sc.Status)
		if sc.Why != "" {
			text += ": " + sc.Why
		}
		at, known := index[text]
		if !known {
			at = len(all)
			index[text] = at
			all = append(all, reason{text: text})
		}
		all[at].count++
	}
	sortReasons(all)
	return all
}

// plain writes text in which nothing is Markdown, HTML, a mention or a link.
func plain(s string) string {
	s = OneLine(s, 0)
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '@':
			b.WriteString("&#64;")
		case '\\', '`', '*', '_', '{', '}', '[', ']', '#', '|', '~', '!', '$':
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	// No address becomes a link.
	return strings.NewReplacer("://", "&#58;//", "www.", "www&#46;").Replace(b.String())
}

// code writes text as a code span that also holds in a table.
func code(s string) string {
	s = OneLine(s, 0)
	if s == "" {
		return ""
	}
	longest, run := 0, 0
	for _, r := range s {
		if r == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	fence := strings.Repeat("`", longest+1)
	padding := ""
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		padding = " "
	}
	return fence + padding + strings.ReplaceAll(s, "|", `\|`) + padding + fence
}
