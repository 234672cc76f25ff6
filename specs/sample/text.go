package sample

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// text makes a string for a schema: by format, by pattern, or plain, of an
// allowed length.
func (m *maker) text(v view) string {
	low, high := v.whole("minLength", 0), v.whole("maxLength", 1000)
	if made, ok := m.patterned(v, low, high); ok {
		return made
	}
	if f := v.find("format"); f != nil {
		if made, ok := m.formatted(f.Value); ok && len(made) >= low && len(made) <= high {
			return made
		}
	}
	word := "sample " + strings.ToLower(m.word(5))
	if utf8.RuneCountInString(word) < low {
		word += strings.Repeat("x", min(low-utf8.RuneCountInString(word), 100_000))
	}
	if runes := []rune(word); len(runes) > max(high, low) {
		// The end differs from one to the next.
		word = string(runes[len(runes)-max(high, low):])
	}
	return word
}

// patterned makes a text by a pattern, of an allowed length where that can be.
func (m *maker) patterned(v view, low, high int) (string, bool) {
	p := v.find("pattern")
	if p == nil {
		return "", false
	}
	re, err := syntax.Parse(readable(p.Value), syntax.Perl)
	if err != nil {
		return "", false
	}
	if !m.sparse {
		low = max(low, min(1, high)) // an empty text says little, and no path has room for one
	}
	shortest := m.matching(re, 0)
	length := utf8.RuneCountInString(shortest)
	if length < low {
		// Repetitions are drawn out by what is missing; how much one more makes of
		// it depends on the pattern.
		for _, more := range []int{low - length, low - length + 1, low - length + 2, (low - length + 1) / 2, low, high} {
			made := m.matching(re, min(more, 10_000))
			if n := utf8.RuneCountInString(made); n >= low && n <= high {
				return made, true
			}
		}
		// A pattern without an end takes more.
		return shortest + strings.ToLower(m.word(min(low-length, 10_000))), true
	}
	for range 8 {
		if length <= high {
			break
		}
		shortest = m.matching(re, 0)
		length = utf8.RuneCountInString(shortest)
	}
	return shortest, true
}

// readable rewrites what ECMAScript allows in a pattern and this reader does not:
// counts above 1000, code units by number, and looking ahead or behind, which is left to the judge.
func readable(pattern string) string {
	pattern = manyTimes().ReplaceAllStringFunc(pattern, func(s string) string {
		low, high, pair := strings.Cut(s[1:len(s)-1], ",")
		low = atMostThousand(low)
		if pair {
			low += "," + atMostThousand(high)
		}
		return "{" + low + "}"
	})
	pattern = codeUnit().ReplaceAllString(pattern, `\x{$1}`)
	return lookAround().ReplaceAllString(pattern, "")
}

func atMostThousand(number string) string {
	if len(number) > 3 {
		return "1000"
	}
	return number
}

func manyTimes() *regexp.Regexp  { return regexp.MustCompile(`\{\d*,?\d{4,}\}`) }
func codeUnit() *regexp.Regexp   { return regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`) }
func lookAround() *regexp.Regexp { return regexp.MustCompile(`\(\?<?[=!][^()]*\)`) }

func (m *maker) word(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('A' + m.rand.IntN(26))
	}
	return string(b)
}

// formatted makes a value of a format that the judge asserts.
func (m *maker) formatted(format string) (string, bool) {
	day := fmt.Sprintf("2026-%02d-%02d", 1+m.rand.IntN(12), 1+m.rand.IntN(28))
	hour := fmt.Sprintf("%02d:%02d:00Z", m.rand.IntN(24), m.rand.IntN(60))
	switch format {
	case "date":
		return day, true
	case "date-time":
		return day + "T" + hour, true
	case "time":
		return hour, true
	case "duration":
		return fmt.Sprintf("PT%dM", 1+m.rand.IntN(59)), true
	case "uuid":
		return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", m.rand.Uint32(), m.rand.IntN(1<<16), m.rand.IntN(1<<12), m.rand.IntN(1<<12), m.rand.Int64N(1<<48)), true
	case "email":
		return strings.ToLower(m.word(6)) + "@example.com", true
	case "uri", "url", "uri-reference", "iri":
		return "https://example.com/" + strings.ToLower(m.word(6)), true
	case "hostname":
		return strings.ToLower(m.word(6)) + ".example.com", true
	case "ipv4":
		return fmt.Sprintf("192.0.2.%d", 1+m.rand.IntN(254)), true
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x", 1+m.rand.IntN(0xffff)), true
	case "json-pointer":
		return "/" + strings.ToLower(m.word(5)), true
	case "relative-json-pointer":
		return "0/" + strings.ToLower(m.word(5)), true
	case "uri-template":
		return "https://example.com/{" + strings.ToLower(m.word(4)) + "}", true
	case "regex":
		return "^[a-z]*$", true
	case "idn-email":
		return strings.ToLower(m.word(6)) + "@example.com", true
	case "idn-hostname":
		return strings.ToLower(m.word(6)) + ".example.com", true
	case "iri-reference":
		return "https://example.com/" + strings.ToLower(m.word(6)), true
	case "byte":
		return "c2FtcGxl", true
	}
	return "", false
}

// matching makes a string that a regular expression accepts. Look-arounds do not
// come here; a length is met as far as repetitions allow.
func (m *maker) matching(re *syntax.Regexp, atLeast int) string {
	var b strings.Builder
	m.write(&b, re, atLeast, 0)
	return b.String()
}

func (m *maker) write(b *strings.Builder, re *syntax.Regexp, atLeast, depth int) {
	if depth > 50 || b.Len() > 4096 {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(m.oneOf(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte(byte('a' + m.rand.IntN(26)))
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			m.write(b, sub, atLeast, depth+1)
		}
	case syntax.OpAlternate:
		m.write(b, re.Sub[m.rand.IntN(len(re.Sub))], atLeast, depth+1)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		low, high := re.Min, re.Max
		switch re.Op {
		case syntax.OpStar:
			low, high = 0, -1
		case syntax.OpPlus:
			low, high = 1, -1
		case syntax.OpQuest:
			low, high = 0, 1
		}
		count := low
		if high < 0 {
			count = max(low, min(atLeast, 10_000))
		} else if high > low && re.Op != syntax.OpQuest {
			count = min(max(low, atLeast), high)
		}
		for range count {
			m.write(b, re.Sub[0], 0, depth+1)
		}
	}
}

// oneOf takes a rune of a class, a printable ASCII one if the class has any.
func (m *maker) oneOf(ranges []rune) rune {
	var good []rune
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := max(ranges[i], '!'); r <= min(ranges[i+1], '~'); r++ {
			good = append(good, r)
		}
	}
	if len(good) == 0 {
		return ranges[0]
	}
	return good[m.rand.IntN(len(good))]
}
