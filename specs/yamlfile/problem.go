package yamlfile

import (
	"fmt"
	"sort"
	"strings"
)

// Problem is one thing that is wrong with a file.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"` // from 1; 0 is the file as a whole
	Col  int    `json:"col,omitempty"`
	// What was found and what was expected, in one line.
	What string `json:"what"`
	// Hint says what to do next; may be empty.
	Hint string `json:"hint,omitempty"`
}

// String writes the problem as "file:line:col: what (hint)".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
		if p.Col > 0 {
			fmt.Fprintf(&b, ":%d", p.Col)
		}
	}
	if p.File != "" {
		b.WriteString(": ")
	}
	b.WriteString(p.What)
	if p.Hint != "" {
		b.WriteString(" (" + p.Hint + ")")
	}
	return b.String()
}

// Sort orders problems by file, line and column, and takes repetitions out.
func Sort(all []Problem) []Problem {
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		switch {
		case a.File != b.File:
			return a.File < b.File
		case a.Line != b.Line:
			return a.Line < b.Line
		}
		return a.Col < b.Col
	})
	kept := all[:0]
	for i, p := range all {
		if i == 0 || p != all[i-1] {
			kept = append(kept, p)
		}
	}
	return kept
}

// Nearest finds the known word that was probably meant; "" if none is close.
func Nearest(word string, known []string) string {
	best, bestAt := "", 1+(len(word)+1)/3
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k), bestAt); d < bestAt {
			best, bestAt = k, d
		}
	}
	return best
}

// Slip finds the known word of which a word is a slip of the pen: one letter more, less
// or other, or two that changed places. "" where there is none, or where the word goes on
// behind a known one.
func Slip(word string, known []string) string {
	for _, k := range known {
		if !strings.HasPrefix(word, k) && distance(strings.ToLower(word), strings.ToLower(k), 2) == 1 {
			return k
		}
	}
	return ""
}

// DidYouMean is Nearest as a hint; "" if none is close.
func DidYouMean(word string, known []string) string {
	if near := Nearest(word, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}

// distance counts the letters to insert, delete, replace or swap (a swap of two
// neighbours is one step); more than limit is not told apart.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 100 {
		return limit
	}
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	now := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
