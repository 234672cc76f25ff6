package drift

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// value compares what the text of a field may be.
func (x *xsdComparison) value(path string, was, is *schema.XMLOutline) {
	if (was.Value == nil) != (is.Value == nil) {
		x.add("xsd-content-changed", path, was, is, "%s holds %s now, %s before", fieldWord(is), contentWord(is), contentWord(was))
		return
	}
	switch {
	case was.Fixed == is.Fixed:
	case was.Fixed == "":
		x.add("xsd-fixed-added", path, was, is, "%s must be %q now", fieldWord(is), is.Fixed)
	case is.Fixed == "":
		x.add("xsd-fixed-removed", path, was, is, "%s need not be %q any more", fieldWord(is), was.Fixed)
	default:
		x.add("xsd-fixed-changed", path, was, is, "%s must be %q now, %q before", fieldWord(is), is.Fixed, was.Fixed)
	}
	if was.Value == nil || valueText(was.Value) == valueText(is.Value) {
		return
	}
	old, now := alternatives(was.Value), alternatives(is.Value)
	gone, fresh := without(old, now), without(now, old)
	switch {
	case len(gone) == 1 && len(fresh) == 1:
		x.facets(path, was, is, gone[0], fresh[0])
	case len(fresh) == 0 && len(gone) == 0: // the same alternatives in another order
	case len(fresh) == 0:
		x.add("xsd-type-narrowed", path, was, is, "%s can no longer be %s", fieldWord(is), valueWords(gone))
	case len(gone) == 0:
		x.add("xsd-type-widened", path, was, is, "%s can also be %s now", fieldWord(is), valueWords(fresh))
	default:
		x.add("xsd-type-changed", path, was, is, "%s is %s now, %s before", fieldWord(is), valueWords(now), valueWords(old))
	}
}

func contentWord(o *schema.XMLOutline) string {
	switch {
	case o.Value != nil:
		return "text"
	case len(o.Children) > 0:
		return "elements"
	}
	return "nothing that is described"
}

// alternatives takes a union apart.
func alternatives(v *schema.XMLValue) []*schema.XMLValue {
	if len(v.Union) == 0 {
		return []*schema.XMLValue{v}
	}
	var all []*schema.XMLValue
	for _, member := range v.Union {
		all = append(all, alternatives(member)...)
	}
	return all
}

func without(list, other []*schema.XMLValue) []*schema.XMLValue {
	var rest []*schema.XMLValue
	for _, v := range list {
		if !slices.ContainsFunc(other, func(o *schema.XMLValue) bool { return valueText(o) == valueText(v) }) {
			rest = append(rest, v)
		}
	}
	return rest
}

// facets compares two types facet by facet.
func (x *xsdComparison) facets(path string, was, is *schema.XMLOutline, old, now *schema.XMLValue) {
	if (old.List == nil) != (now.List == nil) {
		x.add("xsd-type-changed", path, was, is, "%s is %s now, %s before", fieldWord(is), valueWord(now), valueWord(old))
		return
	}
	if old.List != nil && valueText(old.List) != valueText(now.List) {
		x.facets(path, was, is, old.List, now.List)
	}
	if old.Builtin != now.Builtin {
		id := "xsd-type-changed"
		switch {
		case holds(old.Builtin, now.Builtin):
			id = "xsd-type-narrowed"
		case holds(now.Builtin, old.Builtin):
			id = "xsd-type-widened"
		}
		x.add(id, path, was, is, "%s is of type %s now, %s before", fieldWord(is), now.Builtin, old.Builtin)
	}
	x.enum(path, was, is, old.Enum, now.Enum)
	x.patterns(path, was, is, old.Patterns, now.Patterns)
	x.limit("xsd-length", path, was, is, "characters at least", old.MinLength, now.MinLength, true)
	x.limit("xsd-length", path, was, is, "characters at most", old.MaxLength, now.MaxLength, false)
	x.limit("xsd-digits", path, was, is, "digits at most", old.TotalDigits, now.TotalDigits, false)
	x.limit("xsd-digits", path, was, is, "digits at most after the point", old.Fractions, now.Fractions, false)
	x.bound(path, was, is, "least", edge{old.Low, old.LowOpen}, edge{now.Low, now.LowOpen}, 1)
	x.bound(path, was, is, "greatest", edge{old.High, old.HighOpen}, edge{now.High, now.HighOpen}, -1)
}

func (x *xsdComparison) enum(path string, was, is *schema.XMLOutline, old, now []string) {
	switch {
	case old == nil && now == nil:
		return
	case old == nil:
		x.add("xsd-type-narrowed", path, was, is, "%s must be one of %s now", fieldWord(is), quotedList(now))
		return
	case now == nil:
		x.add("xsd-type-widened", path, was, is, "%s need not be one of %s any more", fieldWord(is), quotedList(old))
		return
	}
	for _, v := range old {
		if !slices.Contains(now, v) {
			x.add("xsd-enum-value-removed", path, was, is, "%s can no longer be %q", fieldWord(is), v)
		}
	}
	for _, v := range now {
		if !slices.Contains(old, v) {
			x.add("xsd-enum-value-added", path, was, is, "%s can also be %q now", fieldWord(is), v)
		}
	}
}

func (x *xsdComparison) patterns(path string, was, is *schema.XMLOutline, old, now []string) {
	a, b := strings.Join(old, " and "), strings.Join(now, " and ")
	switch {
	case a == b:
	case a == "":
		x.add("xsd-pattern-added", path, was, is, "%s must have the form %s now", fieldWord(is), b)
	case b == "":
		x.add("xsd-pattern-removed", path, was, is, "%s need not have the form %s any more", fieldWord(is), a)
	default:
		x.add("xsd-pattern-changed", path, was, is, "%s must have the form %s now, %s before", fieldWord(is), b, a)
	}
}

// limit compares a number of characters or digits; -1 is none.
func (x *xsdComparison) limit(id, path string, was, is *schema.XMLOutline, what string, old, now int, least bool) {
	if old == now {
		return
	}
	narrowed := now >= 0 && (old < 0 || now < old)
	if least {
		narrowed = now > old
	}
	side := "-widened"
	if narrowed {
		side = "-narrowed"
	}
	number := func(n int) string {
		if n < 0 {
			return "any number of"
		}
		return fmt.Sprint(n)
	}
	x.add(id+side, path, was, is, "%s has %s %s now, %s before", fieldWord(is), number(now), what, number(old))
}

// edge is a bound; open means that the value itself is outside.
type edge struct {
	at   string
	open bool
}

func (e edge) String() string {
	switch {
	case e.at == "":
		return "unbounded"
	case e.open:
		return e.at + " (itself not)"
	}
	return e.at
}

// bound compares two edges; inward is 1 where a greater one is narrower, else -1.
func (x *xsdComparison) bound(path string, was, is *schema.XMLOutline, what string, old, now edge, inward int) {
	if old == now {
		return
	}
	order := compareValues(now.at, old.at) * inward
	if old.at == now.at || order == 0 {
		order = 0
		if old.open == now.open {
			return // the same number, written otherwise
		}
		if now.open {
			order = 1
		}
	}
	id := "xsd-bound-widened"
	if now.at != "" && (old.at == "" || order > 0) {
		id = "xsd-bound-narrowed"
	}
	x.add(id, path, was, is, "the %s value of %s is %s now, %s before", what, fieldWord(is), now, old)
}

// compareValues orders numbers by value, all else (dates of one form) as text.
func compareValues(a, b string) int {
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			return x.Cmp(y)
		}
	}
	return strings.Compare(a, b)
}

// number reads a bound; those that would need a lot of memory are no numbers.
func number(s string) (*big.Rat, bool) {
	if len(s) > 100 || strings.ContainsAny(s, "eE/_xX") {
		return nil, false
	}
	return new(big.Rat).SetString(strings.TrimSpace(s))
}

func quotedList(values []string) string {
	if len(values) > 8 {
		return fmt.Sprintf("%q and %d more", values[:8], len(values)-8)
	}
	return fmt.Sprintf("%q", values)
}

// valueText writes a type down, so that two are the same when their texts are.
func valueText(v *schema.XMLValue) string {
	if v == nil {
		return "-"
	}
	if len(v.Union) > 0 {
		var members []string
		for _, m := range alternatives(v) {
			members = append(members, valueText(m))
		}
		slices.Sort(members)
		return "union" + fmt.Sprintf("%q", slices.Compact(members))
	}
	enum := slices.Sorted(slices.Values(v.Enum))
	patterns := slices.Sorted(slices.Values(v.Patterns))
	return fmt.Sprintf("%s %q %q %d %d %q %q %v %v %d %d [%s]", v.Builtin, enum, patterns, v.MinLength, v.MaxLength, v.Low, v.High, v.LowOpen, v.HighOpen, v.TotalDigits, v.Fractions, valueText(v.List))
}

func valueWords(list []*schema.XMLValue) string {
	var all []string
	for _, v := range list {
		all = append(all, valueWord(v))
	}
	return strings.Join(all, " or ")
}

func valueWord(v *schema.XMLValue) string {
	switch {
	case v.List != nil:
		return "a list of " + valueWord(v.List)
	case len(v.Enum) > 0:
		return "one of " + quotedList(v.Enum)
	case v.MaxLength == 0:
		return "empty"
	case len(v.Patterns) > 0:
		return v.Builtin + " of the form " + strings.Join(v.Patterns, " and ")
	}
	return v.Builtin
}

// holds tells whether every value of the built-in type inner is one of outer too,
// as it is written in a body.
func holds(outer, inner string) bool {
	if outer == inner || outer == "string" || outer == "anySimpleType" {
		return true
	}
	parents := map[string][]string{
		"byte": {"short"}, "short": {"int"}, "int": {"long"}, "long": {"integer"}, "integer": {"decimal"}, "decimal": {"double"}, "float": {"double"},
		"positiveInteger": {"nonNegativeInteger"}, "nonNegativeInteger": {"integer"}, "negativeInteger": {"nonPositiveInteger"}, "nonPositiveInteger": {"integer"},
		"unsignedByte": {"unsignedShort", "short"}, "unsignedShort": {"unsignedInt", "int"}, "unsignedInt": {"unsignedLong", "long"}, "unsignedLong": {"nonNegativeInteger"},
		"token": {"normalizedString"}, "language": {"token"}, "NMTOKEN": {"token"}, "Name": {"token"}, "NCName": {"Name"}, "ID": {"NCName"}, "IDREF": {"NCName"},
	}
	for _, parent := range parents[inner] {
		if holds(outer, parent) {
			return true
		}
	}
	return false
}
