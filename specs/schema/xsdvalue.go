package schema

import (
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// kindOfCode gives the kind of a wrong value where the rule that libxml2 names
// decides it. The others ("not a value of the type") are looked at by kindOf.
func kindOfCode(code xmlsafe.Code) (Kind, bool) {
	switch code {
	case xmlsafe.CodeLength, xmlsafe.CodeMinLength, xmlsafe.CodeMaxLength:
		return Length, true
	case xmlsafe.CodeMinInclusive, xmlsafe.CodeMaxInclusive, xmlsafe.CodeMinExclusive, xmlsafe.CodeMaxExclusive,
		xmlsafe.CodeTotalDigits, xmlsafe.CodeFractionDigits:
		return Range, true
	case xmlsafe.CodePattern:
		return Pattern, true
	case xmlsafe.CodeEnumeration:
		return Enum, true
	case xmlsafe.CodeFixedAttr, xmlsafe.CodeFixedElement:
		return Value, true
	}
	return Type, false
}

// kindOf says in what way a value that libxml2 refused is not of a type. It
// never decides that a value is good.
func (s *xsdSimple) kindOf(value string) Kind {
	if s == nil {
		return Type
	}
	value = strings.TrimSpace(value)
	if s.union != nil {
		var real []*xsdSimple
		for _, m := range s.union {
			if !m.onlyEmpty() {
				real = append(real, m)
			}
		}
		if len(real) == 1 {
			return real[0].kindOf(value)
		}
		kind := Kind("")
		for _, m := range real {
			if k := m.kindOf(value); kind == "" {
				kind = k
			} else if kind != k {
				return Type
			}
		}
		return kind
	}
	_, _, integer := integerBounds(s.builtin)
	switch s.builtin {
	case "decimal", "float", "double":
		if !isNumber(value, false) {
			return Type
		}
	case "boolean":
		return Type
	case "date", "dateTime", "time", "duration", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay",
		"anyURI", "base64Binary", "hexBinary", "QName", "NCName", "Name", "NMTOKEN", "NMTOKENS", "ID", "IDREF", "language":
		if s.enum == nil {
			return Format
		}
	default:
		if integer && !isNumber(value, true) {
			return Type
		}
	}
	switch {
	case s.outOfRange(value), integer && s.totalDigits >= 0 && len(strings.TrimLeft(value, "+-0")) > s.totalDigits:
		return Range
	case s.enum != nil && !slices.Contains(s.enum, value):
		return Enum
	case s.maxLength >= 0 && utf8.RuneCountInString(value) > s.maxLength,
		utf8.RuneCountInString(value) < s.minLength:
		return Length
	case len(s.patterns) > 0:
		return Pattern
	}
	return Type
}

func isNumber(s string, integer bool) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	digits, dots := 0, 0
	for i := range len(s) {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			digits++
		case s[i] == '.' && !integer:
			dots++
		default:
			return false
		}
	}
	return digits > 0 && dots <= 1
}

func (s *xsdSimple) outOfRange(value string) bool {
	low, high, integer := integerBounds(s.builtin)
	if s.low != "" {
		low = s.low
	}
	if s.high != "" {
		high = s.high
	}
	if !isNumber(value, integer) || len(value) > 400 {
		return isNumber(value, integer) && (low != "" || high != "") // longer than any bound
	}
	v, ok := new(big.Rat).SetString(value)
	if !ok {
		return false
	}
	compare := func(bound string) int {
		b, ok := new(big.Rat).SetString(bound)
		if bound == "" || !isNumber(bound, false) || !ok {
			return 2
		}
		return v.Cmp(b)
	}
	if c := compare(low); c == -1 || c == 0 && s.lowOpen {
		return true
	}
	c := compare(high)
	return c == 1 || c == 0 && s.highOpen
}
