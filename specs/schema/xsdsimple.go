package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

func (r *xsdReader) simpleNamed(name string) *xsdSimple {
	local, builtin := r.builtin(name)
	if name == "" {
		local, builtin = "string", true // an attribute without a type takes any text
	}
	if builtin {
		r.model.refers = r.model.refers || local == "IDREF" || local == "IDREFS"
		return &xsdSimple{name: local, builtin: local, minLength: -1, maxLength: -1, totalDigits: -1, fractions: -1}
	}
	if s := r.simples[local]; s != nil {
		return s
	}
	_, plain := splitName(local)
	s := &xsdSimple{name: plain, minLength: -1, maxLength: -1, totalDigits: -1, fractions: -1}
	r.simples[local] = s
	if n := r.global["simpleType"][local]; n != nil {
		*s = *r.simple(n)
		s.name = plain
	}
	return s
}

// simple reads an xs:simpleType.
func (r *xsdReader) simple(n *payload.Node) *xsdSimple {
	s := &xsdSimple{line: int(n.Line), minLength: -1, maxLength: -1, totalDigits: -1, fractions: -1}
	for c := range n.Children() {
		switch c.Name {
		case "restriction":
			base := r.simpleNamed(xsdAttr(c, "base"))
			if inner := c.Child("simpleType"); inner != nil {
				base = r.simple(inner)
			}
			s = r.facets(base, c)
			s.line = int(n.Line)
		case "union":
			for _, member := range strings.Fields(xsdAttr(c, "memberTypes")) {
				s.union = append(s.union, r.simpleNamed(member))
			}
			for inner := range c.Children() {
				if inner.Name == "simpleType" {
					s.union = append(s.union, r.simple(inner))
				}
			}
		case "list":
			if inner := c.Child("simpleType"); inner != nil {
				s.list = r.simple(inner)
			} else {
				s.list = r.simpleNamed(xsdAttr(c, "itemType"))
			}
		}
	}
	return s
}

// facets gives the base narrowed by the facets inside n.
func (r *xsdReader) facets(base *xsdSimple, n *payload.Node) *xsdSimple {
	s := *base
	s.name, s.line = "", int(n.Line)
	s.patterns = slices.Clone(base.patterns)
	var enum, patterns []string
	for f := range n.Children() {
		value := xsdAttr(f, "value")
		switch f.Name {
		case "enumeration":
			enum = append(enum, value)
		case "pattern":
			patterns = append(patterns, value)
		case "length":
			s.minLength = xsdNumber(value)
			s.maxLength = s.minLength
		case "minLength":
			s.minLength = xsdNumber(value)
		case "maxLength":
			s.maxLength = xsdNumber(value)
		case "minInclusive":
			s.low, s.lowOpen = value, false
		case "minExclusive":
			s.low, s.lowOpen = value, true
		case "maxInclusive":
			s.high, s.highOpen = value, false
		case "maxExclusive":
			s.high, s.highOpen = value, true
		case "totalDigits":
			s.totalDigits = xsdNumber(value)
		case "fractionDigits":
			s.fractions = xsdNumber(value)
		}
	}
	if enum != nil {
		s.enum = enum
	}
	if patterns != nil { // patterns of one step are alternatives
		s.patterns = append(s.patterns, strings.Join(patterns, "|"))
	}
	return &s
}

func xsdNumber(s string) int {
	i, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return -1
	}
	return i
}

// onlyEmpty reports whether nothing but the empty string is a value.
func (s *xsdSimple) onlyEmpty() bool {
	return s.maxLength == 0 || len(s.enum) == 1 && s.enum[0] == ""
}
