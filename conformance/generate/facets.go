package generate

import (
	"regexp"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// maxNearer bounds how many values between a valid and a wrong one are tried.
const maxNearer = 64

// facetEdits are tried on the text of an element or attribute, each against one facet of
// XML Schema (part 2, section 4.3) that the others do not reach.
func facetEdits(f field) []edit {
	var all []edit
	add := func(what string, nearer []string) {
		if len(nearer) > 0 {
			last := nearer[len(nearer)-1]
			all = append(all, edit{what: what, path: f.path, value: text(last), nearer: nearer})
		}
	}
	value := strings.TrimSpace(f.node.Value)
	add("too-short", shorter(value))
	if value != "" && strings.Trim(value, "+-.0123456789") == "" && !strings.Contains(value[1:], "-") {
		add("precise", moreDigits(value))
	}
	add("early", moved(value, -1))
	add("late", moved(value, 1))
	if items := strings.Fields(value); len(items) > 1 {
		add("fewer-items", fewerItems(items))
		add("more-items", moreItems(items))
		add("wrong-item", []string{strings.Join(append(items[:len(items)-1:len(items)-1], strange), " ")})
	}
	if twin := twinOf(f.node); twin != nil && twin.Value != f.node.Value {
		add("duplicate", []string{twin.Value})
	}
	return all
}

// says tells the edits that are about one rule from those that break another on the way.
func (e edit) says(v violation) bool {
	switch e.what {
	case "too-short":
		return v.Kind == schema.Length && !v.OfList()
	case "fewer-items", "more-items":
		return v.Kind == schema.Length && v.OfList()
	case "wrong-item":
		return v.OfList()
	case "precise", "early", "late":
		return v.Kind == schema.Range
	case "duplicate":
		return v.Kind == schema.Value
	}
	return true
}

func shorter(value string) (all []string) {
	runes := []rune(value)
	for n := len(runes) - 1; n > 0 && len(all) < maxNearer; n-- {
		all = append(all, string(runes[:n]))
	}
	return all
}

// moreDigits writes a number with ever more digits behind its point.
func moreDigits(value string) (all []string) {
	if !strings.Contains(value, ".") {
		value += "."
	}
	for range 20 {
		value += "1"
		all = append(all, value)
	}
	return all
}

func fewerItems(items []string) (all []string) {
	for n := len(items) - 1; n > 0 && len(all) < maxNearer; n-- {
		all = append(all, strings.Join(items[:n], " "))
	}
	return all
}

func moreItems(items []string) (all []string) {
	last := items[len(items)-1]
	for range maxNearer {
		items = append(items[:len(items):len(items)], last)
		all = append(all, strings.Join(items, " "))
	}
	return all
}

var (
	dated  = regexp.MustCompile(`^\d{4}-\d\d-\d\d`)
	inYear = regexp.MustCompile(`^\d{4}(-\d\d)?(Z|[+-]\d\d:\d\d)?$`)
	clock  = regexp.MustCompile(`^\d\d:\d\d:\d\d`)
	lasts  = regexp.MustCompile(`^-?P`)
)

// moved gives dates, times and durations ever farther before or after one, the nearest
// first: bounds are met within a day.
func moved(value string, sign int) (all []string) {
	switch {
	case dated.MatchString(value):
		at, err := time.Parse(time.DateOnly, value[:10])
		if err != nil {
			return nil
		}
		for days := 1; len(all) < maxNearer; days = days*5/4 + 1 {
			if moved := at.AddDate(0, 0, sign*days); moved.Year() > 0 && moved.Year() < 10_000 {
				all = append(all, moved.Format(time.DateOnly)+value[10:])
			}
			if days > 4_000_000 {
				break
			}
		}
	case inYear.MatchString(value):
		all = append(all, map[int]string{-1: "0001", 1: "9999"}[sign]+value[4:])
	case clock.MatchString(value):
		all = append(all, map[int]string{-1: "00:00:00", 1: "23:59:59"}[sign]+value[8:])
	case lasts.MatchString(value):
		all = append(all, map[int]string{-1: "-P9999Y", 1: "P9999Y"}[sign])
	}
	return all
}

// twinOf is the same field of the next item of a list; nil if there is none.
func twinOf(n *payload.Node) *payload.Node {
	item := n.Parent()
	if item == nil {
		return nil
	}
	next := item.Next()
	if next == nil || next.Kind != payload.Element || next.Name != item.Name {
		return nil
	}
	if n.Kind == payload.Attribute {
		return next.Attr(n.Name)
	}
	if twin := next.Child(n.Name); twin != nil && twin.First() == nil {
		return twin
	}
	return nil
}

// typeEdits say of an element what xsi:nil and xsi:type can say, wrongly.
func typeEdits(b base, f field) []edit {
	if !strings.Contains(b.media.Schema, ".xsd#") || f.node.Kind != payload.Element {
		return nil
	}
	if f.node.IsScalar() {
		return []edit{{what: "nil", path: f.path + "/@xsi:nil", value: text("true")}}
	}
	return []edit{{what: "other-type", path: f.path + "/@xsi:type", value: text("roadworthyUnknown")}}
}

// enough tells that an operation was asked a question of its parser, which does not
// depend on the field, often enough; and whether the question is in place: where the
// XSDs were made of prose, nobody may have them.
func (g *generator) enough(what string) bool {
	if what != "nil" && what != "other-type" {
		return false
	}
	if g.c.UnknownElements != "" {
		return true
	}
	if g.asked == nil {
		g.asked = map[string]int{}
	}
	g.asked[what]++
	return g.asked[what] > 2
}
