package reports_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/reports"
)

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// A narrow window gets lines that fit it, as far as words go.
func TestNarrowTerminal(t *testing.T) {
	for _, width := range []int{40, 60, 80, 120} {
		for _, color := range []bool{false, true} {
			var b strings.Builder
			if err := reports.Terminal(&b, sample(), reports.TerminalOptions{Width: width, Color: color}); err != nil {
				t.Fatal(err)
			}
			if color != strings.Contains(b.String(), "\x1b") {
				t.Errorf("colour %v, found %v", color, !color)
			}
			for _, line := range strings.Split(colours.ReplaceAllString(b.String(), ""), "\n") {
				longest := 0
				for _, word := range strings.Fields(line) {
					longest = max(longest, len([]rune(word)))
				}
				if n := len([]rune(line)); n > width && longest < 20 {
					t.Errorf("%d columns where %d are there: %q", n, width, line)
				}
			}
		}
	}
}

// The terminal and Markdown tell the kinds that the page tells, in the same order, and
// show a part of each however many causes the first one has.
func TestKindsInEveryFormat(t *testing.T) {
	r := sample()
	r.Deviations = nil
	for i := range 200 {
		r.Deviations = append(r.Deviations, reports.Deviation{ID: fmt.Sprint("a", i), Operation: fmt.Sprint("op", i), In: "status", Kind: "status", Expected: "400 Bad Request",
			Actual: "200 OK", Severity: reports.SeverityError, Scenario: "s", Step: "x"})
	}
	r.Deviations = append(r.Deviations,
		reports.Deviation{ID: "b", Operation: "op", In: "body", Path: "/needle", Kind: "type", Expected: "number", Actual: "string", Severity: reports.SeverityError, Scenario: "s", Step: "x"},
		reports.Deviation{ID: "c", Operation: "op", In: "body", Path: "/pin", Kind: "order", Expected: "a", Actual: "b", Severity: reports.SeverityWarning, Scenario: "s", Step: "x"})
	var terminal, markdown strings.Builder
	if err := reports.Terminal(&terminal, r, reports.TerminalOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := reports.Markdown(&markdown, r); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"terminal": terminal.String(), "Markdown": markdown.String()} {
		at := 0
		for _, f := range reports.Families(reports.Groups(r.Deviations)) {
			found := strings.Index(text[at:], f.Title)
			if found < 0 {
				t.Errorf("%s does not tell %q, or not in its order", name, f.Title)
				continue
			}
			at += found
		}
		for _, want := range []string{"/needle", "/pin", "more causes of this kind"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not show %s beside 200 other causes", name, want)
			}
		}
		if lines := strings.Count(text, "\n"); lines > 250 {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}
