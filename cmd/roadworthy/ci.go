package main

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/lint"
)

// summaryVariable names the file that a GitHub job shows on its page.
const summaryVariable = "GITHUB_STEP_SUMMARY"

// stepSummary appends Markdown to the page of the job, where there is one.
func (a *app) stepSummary(write func(io.Writer) error) error {
	file, ok := a.lookupEnv(summaryVariable)
	if !ok || file == "" {
		return nil
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return failWith(exitUsage, fmt.Errorf("%s: %w", summaryVariable, err))
	}
	if err := write(f); err != nil {
		f.Close()
		return failWith(exitUsage, fmt.Errorf("%s: %w", summaryVariable, err))
	}
	_, err = io.WriteString(f, "\n")
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// own reports whether the files of a contract lie where the reader has them.
func own(c *specs.Contract) bool { return c.Origin != "" && c.Origin != "built-in" }

// locate turns places inside a contract into places below the working folder, so
// that an annotation lands on the line.
func locate(c *specs.Contract, r *reports.Report) {
	if !own(c) || c.Bare {
		return
	}
	for i := range r.Scenarios {
		if s := &r.Scenarios[i]; s.Origin == "file" && strings.HasPrefix(s.Source, "scenarios/") {
			s.Source = path.Join(filepath.ToSlash(c.Origin), s.Source)
		}
	}
}

// lintFile names the file of a finding below the working folder.
func lintFile(c *specs.Contract, f lint.Finding) string {
	switch {
	case f.File == "" || !own(c):
		return f.File
	case c.Bare:
		return path.Join(path.Dir(filepath.ToSlash(c.Origin)), f.File)
	}
	return path.Join(filepath.ToSlash(c.Origin), f.File)
}

// lintAnnotations writes one workflow command for each finding.
func lintAnnotations(w io.Writer, c *specs.Contract, findings []lint.Finding) error {
	var b strings.Builder
	for _, f := range findings {
		level := map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning"}[f.Severity]
		if level == "" {
			level = "notice"
		}
		place := ""
		if file := lintFile(c, f); file != "" {
			place = fmt.Sprintf("file=%s,line=%d,", commandProperty(file), max(f.Line, 1))
		}
		what := f.What
		if f.Hint != "" {
			what += " (" + f.Hint + ")"
		}
		fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", level, place, commandProperty("lint: "+f.Rule), commandData(reports.Visible(what)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// lintSummary writes the findings as Markdown.
func lintSummary(w io.Writer, c *specs.Contract, findings []lint.Finding) error {
	var b strings.Builder
	mark := "✅"
	if lint.Failed(findings) {
		mark = "❌"
	}
	fmt.Fprintf(&b, "# %s lint of %s %s: %d findings\n", mark, code(c.Name), code(c.Version), len(findings))
	if len(findings) > 0 {
		b.WriteString("\n| | Place | Finding | Rule |\n|---|---|---|---|\n")
	}
	for i, f := range findings {
		if i == maxSummaryLines {
			fmt.Fprintf(&b, "\n%d more findings are in the log.\n", len(findings)-i)
			break
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", f.Severity, code(fmt.Sprintf("%s:%d", lintFile(c, f), f.Line)), code(f.What), code(f.Rule))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// maxSummaryLines keeps a page far below what a job may show.
const maxSummaryLines = 50

// code writes text from outside as a code span that also holds in a table.
func code(s string) string {
	s = strings.NewReplacer("`", "'", "|", `\|`).Replace(reports.OneLine(s, 300))
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func commandData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func commandProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(reports.OneLine(s, 0))
}
