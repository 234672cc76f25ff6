package schema

import (
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// simple describes a simple type. JSON knows fewer types: dates are texts with a
// format, and what is left of XML's own types a text with a pattern.
func (v *JSONView) simple(s *xsdSimple, depth int) *payload.Node {
	n := node(payload.Object)
	switch {
	case s == nil || depth > 8:
		n.Append(named("type", str("string")))
		return n
	case s.union != nil && s.enum == nil:
		any := node(payload.Array)
		for _, member := range s.union {
			any.Append(v.simple(member, depth+1))
		}
		n.Append(named("anyOf", any))
		return n
	case s.list != nil && s.enum == nil:
		return v.simple(s.list, depth+1) // one entry is a list
	}
	kind, format, pattern := builtinAsJSON(s.builtin)
	n.Append(named("type", str(kind)))
	if s.enum != nil {
		n.Append(named("enum", listOf(n, s.enum...)))
		return n
	}
	if format != "" {
		n.Append(named("format", str(format)))
	}
	switch kind {
	case "string":
		v.textFacets(n, s, pattern)
	case "integer", "number":
		v.numberFacets(n, s)
	}
	return n
}

func (v *JSONView) textFacets(n *payload.Node, s *xsdSimple, pattern string) {
	for _, own := range s.patterns {
		// Classes of XML names, of blocks and subtraction have no equal elsewhere.
		if !strings.Contains(own, `\i`) && !strings.Contains(own, `\c`) && !strings.Contains(own, `\p{Is`) && !strings.Contains(own, "-[") {
			pattern = "^(?:" + own + ")$"
		}
	}
	// JSON Schema has no bounds of dates: a value is made at the bound.
	if s.low != "" && !s.lowOpen {
		n.Append(named("example", str(s.low)))
	} else if s.high != "" && !s.highOpen {
		n.Append(named("example", str(s.high)))
	}
	if pattern != "" {
		n.Append(named("pattern", str(pattern)))
	}
	if s.minLength > 0 {
		n.Append(named("minLength", number(strconv.Itoa(s.minLength))))
	}
	if s.maxLength >= 0 {
		n.Append(named("maxLength", number(strconv.Itoa(s.maxLength))))
	}
}

func (v *JSONView) numberFacets(n *payload.Node, s *xsdSimple) {
	low, high, lowOpen, highOpen := s.low, s.high, s.lowOpen, s.highOpen
	if l, h, ok := integerBounds(s.builtin); ok {
		if low == "" {
			low, lowOpen = l, false
		}
		if high == "" {
			high, highOpen = h, false
		}
	}
	fractions := s.fractions
	if digits := s.totalDigits; digits > 0 && digits < 16 {
		whole := digits - max(fractions, 0)
		if most := strings.Repeat("9", max(whole, 1)); high == "" || longer(high, most) {
			high, highOpen = most, false
		}
		if fractions < 0 && s.builtin == "decimal" {
			fractions = 0
		}
	}
	v.bound(n, "minimum", "exclusiveMinimum", low, lowOpen)
	v.bound(n, "maximum", "exclusiveMaximum", high, highOpen)
	if fractions > 0 && fractions < 16 {
		n.Append(named("multipleOf", number("0."+strings.Repeat("0", fractions-1)+"1")))
	} else if fractions == 0 && s.builtin == "decimal" {
		n.Append(named("multipleOf", number("1")))
	}
}

// longer compares two bounds by their whole digits.
func longer(a, b string) bool {
	a, _, _ = strings.Cut(a, ".")
	return len(a) > len(b)
}

func (v *JSONView) bound(n *payload.Node, keyword, exclusive, value string, open bool) {
	if _, err := strconv.ParseFloat(value, 64); value == "" || err != nil {
		return
	}
	value = strings.TrimPrefix(value, "+")
	switch {
	case !open:
		n.Append(named(keyword, number(value)))
	case v.Exclusive30:
		n.Append(named(keyword, number(value)))
		n.Append(named(exclusive, &payload.Node{Kind: payload.Bool, Value: "true"}))
	default:
		n.Append(named(exclusive, number(value)))
	}
}

// builtinAsJSON gives the JSON type, format and pattern of a built-in type.
func builtinAsJSON(builtin string) (kind, format, pattern string) {
	if _, _, integer := integerBounds(builtin); integer {
		return "integer", "", ""
	}
	switch builtin {
	case "decimal", "float", "double":
		return "number", "", ""
	case "boolean":
		return "boolean", "", ""
	case "dateTime":
		return "string", "date-time", ""
	case "date", "time", "duration":
		return "string", builtin, ""
	case "anyURI":
		return "string", "uri", ""
	case "base64Binary":
		return "string", "byte", ""
	case "hexBinary":
		return "string", "", "^([0-9A-F]{2}){1,8}$"
	case "gYear":
		return "string", "", "^20[0-9]{2}$"
	case "gYearMonth":
		return "string", "", "^20[0-9]{2}-(0[1-9]|1[0-2])$"
	case "gMonthDay":
		return "string", "", "^--(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$"
	case "gMonth":
		return "string", "", "^--(0[1-9]|1[0-2])$"
	case "gDay":
		return "string", "", "^---(0[1-9]|1[0-9]|2[0-8])$"
	case "language":
		return "string", "", "^[a-z]{2}$"
	case "Name", "NCName", "ID", "IDREF", "NMTOKEN", "QName", "ENTITY", "IDREFS", "NMTOKENS":
		return "string", "", "^[A-Za-z][A-Za-z0-9]{2,12}$"
	}
	return "string", "", ""
}
