package payload

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Key is the same text for two values that are equal in the sense of [Diff],
// and differs for any others.
func (n *Node) Key() string { return string(appendKey(nil, n)) }

func appendKey(b []byte, n *Node) []byte {
	switch n.Kind {
	case Number:
		return append(b, decimal(n.Value).Key()...)
	case Object:
		members := make([]*Node, 0, n.count)
		for c := n.First(); c != nil; c = c.Next() {
			members = append(members, c)
		}
		slices.SortStableFunc(members, func(a, b *Node) int { return strings.Compare(a.Name, b.Name) })
		b = append(b, '{')
		for _, c := range members {
			b = append(appendKey(append(AppendQuoted(b, c.Name), ':'), c), ',')
		}
		return append(b, '}')
	case Array:
		b = append(b, '[')
		for c := n.First(); c != nil; c = c.Next() {
			b = append(appendKey(b, c), ',')
		}
		return append(b, ']')
	case Element, Attribute:
		b = append(append(b, '<'), n.Name...)
		b = AppendQuoted(b, strings.TrimSpace(n.Value))
		attrs := make([]string, 0, 4)
		for c := n.First(); c != nil && c.Kind == Attribute; c = c.Next() {
			attrs = append(attrs, "@"+c.Name+string(AppendQuoted(nil, c.Value)))
		}
		slices.Sort(attrs)
		b = append(b, strings.Join(attrs, "")...)
		for c := n.First(); c != nil; c = c.Next() {
			if c.Kind == Element {
				b = appendKey(b, c)
			}
		}
		return append(b, '>')
	case String:
		return AppendQuoted(b, n.Value)
	}
	return append(b, n.Value...)
}

// Brief shows the value in one short line: a scalar as JSON, anything else by
// what it is and how much it holds.
func (n *Node) Brief() string {
	switch n.Kind {
	case Null, Bool:
		return n.Value
	case Number:
		return cut(n.Value)
	case Array:
		return counted("an array of", int(n.count), "item")
	case Object:
		return counted("an object of", int(n.count), "member")
	case Element:
		if !n.IsScalar() {
			return "element " + n.Name
		}
	}
	if n.Kind == String {
		return brief(n.Value) // blanks count
	}
	return brief(strings.TrimSpace(n.Value))
}

// contrast shows two texts that differ. Where they do so only beyond what is shown of a
// long text, it shows the place, with the length of each.
func contrast(a, b string) (expected, found string) {
	expected, found = brief(a), brief(b)
	if expected != found {
		return expected, found
	}
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	const before = 30
	from := max(0, at-before)
	for from < at && !utf8.RuneStart(a[from]) {
		from++
	}
	show := func(text string) string {
		lead := ""
		if from > 0 {
			lead = "… "
		}
		return lead + brief(text[from:]) + ", " + counted("a text of", utf8.RuneCountInString(text), "character")
	}
	return show(a), show(b)
}

func counted(what string, n int, of string) string {
	if n != 1 {
		of += "s"
	}
	return what + " " + strconv.Itoa(n) + " " + of
}

func brief(s string) string { return string(AppendQuoted(nil, cut(s))) }

// cut shortens what a person reads to eighty bytes.
func cut(s string) string {
	if len(s) <= 80 {
		return s
	}
	return strings.ToValidUTF8(s[:77], "") + "…"
}
