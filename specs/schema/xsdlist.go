package schema

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// violations gives what was found in the order of the body, each once.
func (j *judging) violations() []Violation {
	if len(j.found) == 0 {
		return nil
	}
	position := map[*payload.Node]int{}
	var walk func(n *payload.Node)
	walk = func(n *payload.Node) {
		position[n] = len(position)
		for c := range n.Children() {
			walk(c)
		}
	}
	walk(j.tree.Root)
	slices.SortStableFunc(j.found, func(a, b finding) int {
		return cmp.Compare(position[a.node], position[b.node])
	})
	seen := map[Violation]bool{}
	out := make([]Violation, 0, len(j.found))
	for _, f := range j.found {
		if !seen[f.Violation] {
			seen[f.Violation] = true
			out = append(out, f.Violation)
		}
	}
	return capViolations(out)
}

// capViolations keeps the first [MaxViolations]; hard ones go before soft ones,
// so that a body cannot hide a fault behind extras.
func capViolations(all []Violation) []Violation {
	if len(all) <= MaxViolations {
		return all
	}
	hard := 0
	for _, v := range all {
		if !v.Soft {
			hard++
		}
	}
	hard = min(hard, MaxViolations)
	soft := MaxViolations - hard
	kept := make([]Violation, 0, MaxViolations+1)
	for _, v := range all {
		switch {
		case v.Soft && soft > 0:
			soft--
		case !v.Soft && hard > 0:
			hard--
		default:
			continue
		}
		kept = append(kept, v)
	}
	last := Violation{Kind: Length, Expected: fmt.Sprintf("at most %d violations", MaxViolations), Actual: fmt.Sprintf("%d; the rest is not listed", len(all)), Soft: true}
	return append(kept, last)
}
