package pattern

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// placeholder begins the texts that stand for more than themselves.
const placeholder = "${json-unit."

// ignored are values that are not compared.
func ignored(n *payload.Node) bool {
	return n.Value == "${json-unit.ignore}" || n.Value == "${json-unit.any}" || n.Value == "${xmlunit.ignore}"
}

// diff compares JSON field by field.
func (m Matcher) diff(want, got *payload.Node) []string {
	got = got.Clone()
	a := aligner{anyOrder: m.IgnoreArrayOrder, more: m.IgnoreExtraElements}
	want = want.Clone()
	a.align(want, got)
	return told(payload.Diff(want, got, a.options()))
}

func told(found []payload.Difference) []string {
	var why []string
	for _, d := range found {
		at := d.Path
		if at == "" {
			at = "the value"
		}
		switch d.Kind {
		case payload.DiffMissing:
			why = append(why, at+" is missing: expected "+d.Expected)
		case payload.DiffUnexpected:
			why = append(why, at+" is not expected: found "+d.Actual)
		case payload.DiffOrder:
			why = append(why, at+" is in another order: expected "+d.Expected+", found "+d.Actual)
		default:
			why = append(why, at+": expected "+d.Expected+", found "+d.Actual)
		}
	}
	return why
}

// aligner brings a value that was found next to the one that is wanted: lists whose
// order does not matter are put in the wanted one, placeholders take what they stand
// for.
type aligner struct {
	anyOrder, more bool
	steps          int
}

// maxSteps bounds the comparisons of lists in any order.
const maxSteps = 200_000

func (a *aligner) options() payload.DiffOptions {
	return payload.DiffOptions{MoreMembers: a.more, Skip: ignored, Max: maxWhy}
}

func (a *aligner) align(want, got *payload.Node) {
	if want == nil || got == nil {
		return
	}
	if strings.HasPrefix(want.Value, placeholder) && want.Kind == payload.String {
		a.fill(want, got)
		return
	}
	switch {
	case want.Kind == payload.Object && got.Kind == payload.Object:
		for c := range want.Children() {
			a.align(c, got.Member(c.Name))
		}
	case want.Kind == payload.Array && got.Kind == payload.Array:
		if a.anyOrder {
			a.reorder(want, got)
			return
		}
		for i, n := 0, min(want.Len(), got.Len()); i < n; i++ {
			a.align(want.Item(i), got.Item(i))
		}
	}
}

// fill makes a placeholder the value that it stands for, if it does.
func (a *aligner) fill(want, got *payload.Node) {
	kinds := map[string]payload.Kind{"any-string": payload.String, "any-number": payload.Number, "any-boolean": payload.Bool}
	name := strings.TrimSuffix(strings.TrimPrefix(want.Value, placeholder), "}")
	if expr, is := strings.CutPrefix(name, "regex}"); is {
		if re, err := whole(expr, false); err == nil && got.Kind == payload.String && re.MatchString(got.Value) {
			want.Value = got.Value
		}
		return
	}
	if kind, known := kinds[name]; known && got.Kind == kind {
		want.Kind, want.Value = got.Kind, got.Value
	}
}

// reorder puts the items of a list that was found in the order of those that are
// wanted, as far as they are there.
func (a *aligner) reorder(want, got *payload.Node) {
	var left []*payload.Node
	for c := range got.Children() {
		left = append(left, c)
	}
	for _, c := range left {
		c.Detach()
	}
	var wanted, placed []*payload.Node
	for c := range want.Children() {
		wanted = append(wanted, c)
	}
	var without []int
	for i, w := range wanted {
		at := -1
		for k, g := range left {
			if a.steps++; g != nil && a.steps < maxSteps && a.same(w, g) {
				at = k
				break
			}
		}
		if at < 0 {
			placed = append(placed, nil)
			without = append(without, i)
			continue
		}
		a.align(w, left[at])
		placed = append(placed, left[at])
		left[at] = nil
	}
	// What fits nothing stands where something is missing, so that the two are told together.
	for _, g := range left {
		switch {
		case g == nil:
		case len(without) > 0:
			placed[without[0]], without = g, without[1:]
		default:
			placed = append(placed, g)
		}
	}
	for _, g := range placed {
		if g != nil {
			got.Append(g)
		}
	}
}

func (a *aligner) same(want, got *payload.Node) bool {
	want, got = want.Clone(), got.Clone()
	a.align(want, got)
	o := a.options()
	o.Max = 1
	return len(payload.Diff(want, got, o)) == 0
}
