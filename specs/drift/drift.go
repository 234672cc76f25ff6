package drift

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Drift is the result of one comparison, as it is printed.
type Drift struct {
	// Kind is contract, xsd or report.
	Kind string `json:"kind"`
	// Old and New name the two sides as the user gave them.
	Old     string   `json:"old"`
	New     string   `json:"new"`
	Changes []Change `json:"changes"`
	// Open are deviations that both of two reports have; they are no change.
	Open []Change `json:"open,omitempty"`
	// Notes say what could not be compared.
	Notes []string `json:"notes,omitempty"`
}

// Format is one way to print a drift.
type Format struct {
	Name  string
	Title string
	Write func(io.Writer, *Drift) error
}

// Formats lists every format, in the order of the documentation.
func Formats() []Format {
	return []Format{
		{"text", "for people", Text},
		{"json", "for other tools", JSON},
		{"markdown", "for pull requests and job pages", Markdown},
		{"github", "annotations of GitHub Actions", GitHub},
		{"sarif", "SARIF 2.1.0, for code scanning", SARIF},
		{"junit", "JUnit XML, for merge requests on GitLab", JUnit},
	}
}

// Group is one change, met at one or more operations and places.
type Group struct {
	Change
	Operations []string
	Paths      []string
}

// Groups takes together what is the same change in a place that many share.
func Groups(all []Change) []Group {
	var groups []Group
	at := map[Change]int{}
	for _, c := range all {
		key := c
		key.Operation, key.Path = "", ""
		i, known := at[key]
		if !known {
			i = len(groups)
			at[key] = i
			groups = append(groups, Group{Change: c})
		}
		groups[i].Operations = with(groups[i].Operations, c.Operation)
		groups[i].Paths = with(groups[i].Paths, c.Path)
	}
	return groups
}

func with(list []string, s string) []string {
	if s == "" || len(list) > 0 && list[len(list)-1] == s {
		return list
	}
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// some names the first of a list and counts the rest.
func some(list []string, most int) string {
	if len(list) <= most+1 {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

// summary counts the changes, those met in many places once.
func (d *Drift) summary() string {
	counts := map[Severity]int{}
	for _, g := range Groups(d.Changes) {
		counts[g.Severity]++
	}
	text := fmt.Sprintf("%s → %s: ", d.Old, d.New)
	if len(d.Changes) == 0 {
		text += "nothing changed"
	} else {
		text += fmt.Sprintf("%d breaking, %d to look at, %d for information", counts[Breaking], counts[Warning], counts[Info])
	}
	if len(d.Open) > 0 {
		text += fmt.Sprintf("; %d deviations still open", len(d.Open))
	}
	return text
}

// visible makes text from outside safe for a terminal and for one line: line ends
// are spaces, other control and direction characters are gone.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

// shortened keeps a sentence within what one reads.
func shortened(s string) string {
	const most = 400
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
