package drift

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Text prints a change in two lines: what it means, and where.
func Text(w io.Writer, d *Drift) error {
	var b strings.Builder
	for _, g := range Groups(d.Changes) {
		fmt.Fprintf(&b, "%s: %s [%s]\n", g.Severity, shortened(visible(g.What)), g.ID)
		if at := placeWords(g); at != "" {
			fmt.Fprintf(&b, "    %s\n", visible(at))
		}
	}
	if len(d.Open) > 0 {
		b.WriteString("still open:\n")
		for _, line := range openLines(d) {
			fmt.Fprintf(&b, "    %s\n", shortened(visible(line)))
		}
	}
	for _, note := range d.Notes {
		fmt.Fprintf(&b, "not compared: %s\n", shortened(visible(note)))
	}
	b.WriteString(visible(d.summary()) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// openLines tells of what is still open, the same at several steps once.
func openLines(d *Drift) []string {
	var lines []string
	times := map[string]int{}
	for _, c := range d.Open {
		line := fmt.Sprintf("%s: %s", c.Severity, c.What)
		if times[line]++; times[line] == 1 {
			lines = append(lines, line)
		}
	}
	for i, line := range lines {
		if n := times[line]; n > 1 {
			lines[i] = fmt.Sprintf("%s (%d times)", line, n)
		}
	}
	return lines
}

func placeWords(g Group) string {
	var parts []string
	if len(g.Operations) > 0 {
		of := some(g.Operations, 2)
		if g.Direction != Both {
			of = string(g.Direction) + " of " + of
		}
		parts = append(parts, of)
	} else if g.Direction != Both {
		parts = append(parts, string(g.Direction))
	}
	if len(g.Paths) > 0 {
		parts = append(parts, some(g.Paths, 1))
	}
	if g.Where != "" {
		parts = append(parts, g.Where)
	}
	return strings.Join(parts, " · ")
}

// JSON prints every change by itself, in one object.
func JSON(w io.Writer, d *Drift) error {
	out := *d
	if out.Changes == nil {
		out.Changes = []Change{}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		Schema string           `json:"schema"`
		Counts map[Severity]int `json:"counts"`
		Drift
	}{"roadworthy.drift/v1", Count(out.Changes), out})
}

// maxRows is how many changes of a severity a page of a job lists.
const maxRows = 100

// Markdown prints a table per severity; what is only for information is folded.
func Markdown(w io.Writer, d *Drift) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### Drift: %s\n", cell(d.summary()))
	groups := Groups(d.Changes)
	for _, severity := range Severities() {
		rows := 0
		for _, g := range groups {
			if g.Severity != severity {
				continue
			}
			if rows == 0 {
				if severity == Info {
					b.WriteString("\n<details><summary>For information</summary>\n")
				}
				fmt.Fprintf(&b, "\n| %s | where | rule |\n|---|---|---|\n", severity)
			}
			if rows++; rows > maxRows {
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | `%s` |\n", cell(shortened(g.What)), cell(placeWords(g)), cell(g.ID))
		}
		if rows > maxRows {
			fmt.Fprintf(&b, "\nand %d more: the text format lists all\n", rows-maxRows)
		}
		if rows > 0 && severity == Info {
			b.WriteString("\n</details>\n")
		}
	}
	for i, line := range openLines(d) {
		if i == 0 {
			b.WriteString("\nStill open:\n\n")
		}
		if i == maxRows {
			b.WriteString("- and more: the text format lists all\n")
			break
		}
		fmt.Fprintf(&b, "- %s\n", cell(shortened(line)))
	}
	for i, note := range d.Notes {
		if i == 0 {
			b.WriteString("\nNot compared:\n\n")
		}
		fmt.Fprintf(&b, "- %s\n", cell(shortened(note)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// cell keeps text from outside within a cell and from being markup.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "[", `\[`, "@", "&#64;").Replace(visible(s))
}
