package verdict

import (
	"os"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/reports"
)

// The page that people read names every status, every verdict and every gate.
func TestThePageIsComplete(t *testing.T) {
	page, err := os.ReadFile("../../docs/verdict.md")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, s := range reports.Statuses() {
		words = append(words, "| "+string(s)+" |")
	}
	for _, v := range []reports.Verdict{reports.Conformant, reports.NonConformant, reports.Partial, reports.Inconclusive} {
		words = append(words, "| "+string(v)+" |")
	}
	for _, f := range FailOn() {
		if f != "error" {
			words = append(words, "--fail-on "+f)
		}
	}
	var names []string
	for _, s := range order() {
		names = append(names, string(s))
	}
	words = append(words, strings.Join(names, ", "))
	for _, w := range words {
		if !strings.Contains(string(page), w) {
			t.Errorf("docs/verdict.md does not say %q", w)
		}
	}
}
