package schema

import (
	"errors"
	"math"
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
	case s.items() != nil && s.enum == nil:
		n.Append(named("type", str("string")))
		v.listFacets(n, s, depth)
		return n
	}
	kind, format, pattern := builtinAsJSON(s.builtin)
	n.Append(named("type", str(kind)))
	if s.enum != nil {
		n.Append(named("enum", listOf(n, s.enum...)))
		return n
	}
	if format != "" && s.low == "" && s.high == "" {
		// Dates and times of XML may have a zone or not, and durations a sign: JSON's formats
		// judge otherwise, and only say what to make.
		usual := node(payload.Object)
		usual.Append(named("format", str(format)))
		v.made(n, usual)
	}
	switch kind {
	case "string":
		v.textFacets(n, s, pattern)
	case "integer", "number":
		v.numberFacets(n, s)
	}
	return n
}

func (v *JSONView) textFacets(n *payload.Node, s *xsdSimple, usual string) {
	pattern := ""
	for _, own := range s.patterns {
		// Classes of XML names, of blocks and subtraction have no equal elsewhere.
		if !strings.Contains(own, `\i`) && !strings.Contains(own, `\c`) && !strings.Contains(own, `\p{Is`) && !strings.Contains(own, "-[") {
			pattern = "^(?:" + own + ")$"
		}
	}
	// JSON Schema has no bounds of dates: they are said beside it, for values to be made by.
	if s.low != "" || s.high != "" {
		within := node(payload.Object)
		within.Append(named("format", str(s.builtin)))
		edge := func(keyword, exclusive, value string, open bool) {
			if open {
				keyword = exclusive
			}
			if value != "" {
				within.Append(named(keyword, str(value)))
			}
		}
		edge("minimum", "exclusiveMinimum", s.low, s.lowOpen)
		edge("maximum", "exclusiveMaximum", s.high, s.highOpen)
		v.made(n, within)
	}
	switch {
	case pattern != "":
		n.Append(named("pattern", str(pattern)))
	case usual != "" && s.low == "" && s.high == "":
		// How values of the type usually look; others are as good.
		made := node(payload.Object)
		made.Append(named("pattern", str(usual)))
		v.made(n, made)
	}
	if s.minLength > 0 {
		n.Append(named("minLength", number(strconv.Itoa(s.minLength))))
	}
	if s.maxLength >= 0 {
		n.Append(named("maxLength", number(strconv.Itoa(s.maxLength))))
	}
}

// items is the type of the entries of a list; nil if the type is none.
func (s *xsdSimple) items() *xsdSimple {
	switch s.builtin {
	case "NMTOKENS", "IDREFS", "ENTITIES":
		return &xsdSimple{builtin: strings.TrimSuffix(strings.Replace(s.builtin, "IES", "YS", 1), "S"), minLength: -1, maxLength: -1, totalDigits: -1, fractions: -1}
	}
	return s.list
}

// listFacets says of what the text of a list is made: its entries, and how many.
func (v *JSONView) listFacets(n *payload.Node, s *xsdSimple, depth int) {
	list := node(payload.Object)
	list.Append(named("type", str("array")))
	list.Append(named("items", v.simple(s.items(), depth+1)))
	if s.minLength > 0 || s.list == nil {
		list.Append(named("minItems", number(strconv.Itoa(max(s.minLength, 1)))))
	}
	if s.maxLength >= 0 {
		list.Append(named("maxItems", number(strconv.Itoa(s.maxLength))))
	}
	v.made(n, list)
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
	value, ok := jsonNumber(value)
	switch {
	case !ok:
	case !open:
		n.Append(named(keyword, number(value)))
	case v.Exclusive30:
		n.Append(named(keyword, number(value)))
		n.Append(named(exclusive, &payload.Node{Kind: payload.Bool, Value: "true"}))
	default:
		n.Append(named(exclusive, number(value)))
	}
}

// jsonNumber writes a number of XML, such as +.50 or 007, as JSON has it; ok is false for
// INF, NaN and what is no number.
func jsonNumber(value string) (text string, ok bool) {
	value = strings.TrimSpace(value)
	if f, err := strconv.ParseFloat(value, 64); err != nil && !errors.Is(err, strconv.ErrRange) || math.IsInf(f, 0) || math.IsNaN(f) {
		return "", false
	}
	sign := ""
	if rest, negative := strings.CutPrefix(value, "-"); negative {
		sign, value = "-", rest
	}
	value = strings.TrimPrefix(value, "+")
	at := strings.IndexAny(value, "eE")
	exponent := ""
	if at >= 0 {
		value, exponent = value[:at], value[at:]
	}
	whole, behind, _ := strings.Cut(value, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if behind != "" {
		whole += "." + behind
	}
	return sign + whole + exponent, true
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
	case "Name", "NCName", "ID", "IDREF", "NMTOKEN", "QName", "ENTITY":
		return "string", "", "^[A-Za-z][A-Za-z0-9]{2,12}$"
	}
	return "string", "", ""
}
