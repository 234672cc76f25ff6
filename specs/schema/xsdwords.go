package schema

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// maxQuoted is how many characters of a value are shown.
const maxQuoted = 80

// quoteValue shows a found value; a secret one is masked.
func quoteValue(name, value string) string {
	switch {
	case xmlsafe.Secret(name) && value != "":
		return xmlsafe.Masked
	case value == "":
		return "nothing"
	case utf8.RuneCountInString(value) > maxQuoted:
		return strconv.Quote(string([]rune(value[:min(len(value), 4*maxQuoted)])[:maxQuoted])) + "… (" + strconv.Itoa(utf8.RuneCountInString(value)) + " characters)"
	}
	return strconv.Quote(value)
}

const listWords = "a list"

// OfList tells whether a violation is about a value that is an xs:list.
func (v Violation) OfList() bool { return strings.HasPrefix(v.Expected, listWords) }

// words says what a simple type accepts, on one line.
func (s *xsdSimple) words() string { return s.wordsTo(0) }

func (s *xsdSimple) wordsTo(depth int) string {
	switch {
	case s == nil || depth > 8:
		return "text"
	case s.onlyEmpty():
		return "nothing"
	case s.union != nil:
		members := make([]string, 0, len(s.union))
		empty := false
		for _, m := range s.union {
			if m.onlyEmpty() {
				empty = true
				continue
			}
			members = append(members, m.wordsTo(depth+1))
		}
		if empty {
			members = append(members, "nothing")
		}
		return strings.Join(members, " or ")
	case s.list != nil:
		words := listWords + ", separated by spaces, of: " + s.list.wordsTo(depth+1)
		if length := lengthWords(s.minLength, s.maxLength); length != "" {
			words = listWords + " " + strings.Replace(length, "characters", "items", 1) + strings.TrimPrefix(words, listWords)
		}
		return words
	case s.enum != nil:
		return s.enumWords()
	}
	words := []string{builtinWords(s.builtin)}
	if bounds := s.bounds(); bounds != "" {
		words = append(words, bounds)
	}
	if s.totalDigits >= 0 {
		words = append(words, fmt.Sprintf("of at most %d digits", s.totalDigits))
	}
	if s.fractions >= 0 {
		words = append(words, fmt.Sprintf("with at most %d decimals", s.fractions))
	}
	if length := lengthWords(s.minLength, s.maxLength); length != "" {
		words = append(words, length)
	}
	if len(s.patterns) > 0 {
		words = append(words, "matching "+strings.Join(s.patterns, " and "))
	}
	return strings.Join(words, " ")
}

// maxListed is how many allowed values or names are listed.
const maxListed = 20

func (s *xsdSimple) enumWords() string {
	if len(s.enum) == 1 {
		return strconv.Quote(s.enum[0])
	}
	return "one of " + listed(s.enum)
}

func listed(names []string) string {
	if len(names) > maxListed {
		return strings.Join(names[:maxListed], ", ") + fmt.Sprintf(" and %d more", len(names)-maxListed)
	}
	return strings.Join(names, ", ")
}

func lengthWords(least, most int) string {
	switch {
	case least > 0 && least == most:
		return fmt.Sprintf("of exactly %d characters", least)
	case least > 0 && most >= 0:
		return fmt.Sprintf("of %d to %d characters", least, most)
	case least > 0:
		return fmt.Sprintf("of at least %d characters", least)
	case most >= 0:
		return fmt.Sprintf("of at most %d characters", most)
	}
	return ""
}

// integerBounds are the bounds that a built-in integer type has by its name.
func integerBounds(builtin string) (low, high string, integer bool) {
	switch builtin {
	case "integer":
		return "", "", true
	case "positiveInteger":
		return "1", "", true
	case "nonNegativeInteger":
		return "0", "", true
	case "negativeInteger":
		return "", "-1", true
	case "nonPositiveInteger":
		return "", "0", true
	case "long":
		return "-9223372036854775808", "9223372036854775807", true
	case "int":
		return "-2147483648", "2147483647", true
	case "short":
		return "-32768", "32767", true
	case "byte":
		return "-128", "127", true
	case "unsignedLong":
		return "0", "18446744073709551615", true
	case "unsignedInt":
		return "0", "4294967295", true
	case "unsignedShort":
		return "0", "65535", true
	case "unsignedByte":
		return "0", "255", true
	}
	return "", "", false
}

// bounds words the facets, and the bounds of the built-in type where it has some
// that a reader would not guess from the word integer.
func (s *xsdSimple) bounds() string {
	low, high := s.low, s.high
	if l, h, integer := integerBounds(s.builtin); integer && s.builtin != "long" && s.builtin != "int" {
		if low == "" {
			low = l
		}
		if high == "" {
			high = h
		}
	}
	above, below := "of at least ", "of at most "
	if s.lowOpen {
		above = "above "
	}
	if s.highOpen {
		below = "below "
	}
	switch {
	case low != "" && high != "" && !s.lowOpen && !s.highOpen:
		return "from " + low + " to " + high
	case low != "" && high != "":
		return above + low + " and " + below + high
	case low != "":
		return above + low
	case high != "":
		return below + high
	}
	return ""
}

func builtinWords(name string) string {
	if _, _, integer := integerBounds(name); integer {
		switch name {
		case "int":
			return "integer of 32 bits"
		case "long":
			return "integer of 64 bits"
		}
		return "integer"
	}
	switch name {
	case "string", "normalizedString", "token", "anySimpleType", "":
		return "text"
	case "decimal":
		return "decimal number"
	case "float", "double":
		return "number"
	case "boolean":
		return "true or false"
	case "date":
		return "date (YYYY-MM-DD)"
	case "dateTime":
		return "date and time (YYYY-MM-DDThh:mm:ss)"
	case "time":
		return "time (hh:mm:ss)"
	case "duration":
		return "duration (as P1DT2H)"
	case "anyURI":
		return "URI"
	case "base64Binary":
		return "base64"
	case "hexBinary":
		return "hexadecimal digits"
	}
	return "xs:" + name
}
