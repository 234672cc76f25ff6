package sample

import (
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// MadeKeyword is the keyword of a schema that holds what values are made by, beside what
// judges them: bounds of dates as texts, what must be there though nothing describes it,
// and, in a text, an array for a list that is written with spaces between its items.
const MadeKeyword = "x-made"

// list makes the text of a list; ok is false where the text is none.
func (m *maker) list(v view) (text string, ok bool) {
	for _, n := range v.nodes {
		if t := n.Member("type"); t == nil || t.Value != "array" || n.Member("items") == nil {
			continue
		}
		own := m.view(n, "")
		least, most := own.least("minItems"), own.most("maxItems", 1000)
		count := min(max(least, 1+m.rand.IntN(3)), max(most, least), mostItems)
		items := make([]string, count)
		for i := range items {
			// The items have a place of their own, so that a choice among types is made for each.
			item := m.view(n.Member("items"), "list "+strconv.Itoa(i))
			items[i] = m.one(item, "list "+strconv.Itoa(i), mostDepth).Value
			if strings.ContainsAny(items[i], " \t\r\n") {
				items[i] = strings.Join(strings.Fields(items[i]), "-")
			}
		}
		return strings.Join(items, " "), true
	}
	return "", false
}

// edges are the bounds of a text that stands for a date, a time or a duration.
type edges struct {
	format            string
	low, high         string // "" for none
	lowOpen, highOpen bool
}

// edges gives the bounds that are said as texts.
func (v view) edges() (e edges, ok bool) {
	for _, n := range v.nodes {
		for _, bound := range []struct {
			keyword string
			value   *string
			is      *bool
			open    bool
		}{
			{"minimum", &e.low, &e.lowOpen, false}, {"exclusiveMinimum", &e.low, &e.lowOpen, true},
			{"maximum", &e.high, &e.highOpen, false}, {"exclusiveMaximum", &e.high, &e.highOpen, true},
		} {
			if k := n.Member(bound.keyword); k != nil && k.Kind == payload.String && n.Member("format") != nil {
				*bound.value, *bound.is, e.format, ok = k.Value, bound.open, n.Member("format").Value, true
			}
		}
	}
	return e, ok
}

// manyTries bounds how often a bounded text is made until it matches a pattern.
const manyTries = 60

// bounded makes a date, a time or a duration between its bounds.
func (m *maker) bounded(v view, e edges) (string, bool) {
	pattern := v.find("pattern")
	for range manyTries {
		var made []string
		if e.format == "duration" {
			made = m.durations(e)
		} else {
			made = m.moments(e)
		}
		for _, text := range made {
			if pattern == nil || m.matches(pattern.Value, text) {
				return text, true
			}
		}
	}
	return "", false
}
