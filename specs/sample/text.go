package sample

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// text makes a string for a schema: by format, by pattern, or plain, of an
// allowed length.
func (m *maker) text(v view) string {
	if made, ok := m.list(v); ok {
		return made
	}
	if e, ok := v.edges(); ok {
		if made, ok := m.bounded(v, e); ok {
			return made
		}
	}
	low, high := v.least("minLength"), v.most("maxLength", 1000)
	p, f := v.find("pattern"), v.find("format")
	if p != nil && f != nil {
		if made, ok := m.formatted(f.Value); ok && m.matches(p.Value, made) {
			return made
		}
	}
	if p != nil {
		if made, ok := m.patternText(p.Value, low, high); ok {
			return made
		}
	}
	if f != nil {
		if made, ok := m.formatted(f.Value); ok {
			if made = sized(f.Value, made, low, high); length(made) >= low && length(made) <= high {
				return made
			}
		}
	}
	word := "sample " + strings.ToLower(m.word(5))
	if length(word) < low {
		word += strings.Repeat("x", min(low-length(word), 100_000))
	}
	if runes := []rune(word); len(runes) > max(high, low) {
		// The end differs from one to the next.
		word = string(runes[len(runes)-max(high, low):])
	}
	return word
}

func length(s string) int { return utf8.RuneCountInString(s) }

// sized draws a value of a format out to a length, or takes a shorter one.
func sized(format, made string, low, high int) string {
	n := length(made)
	switch missing := min(low-n, 10_000); {
	case n > high:
		switch format {
		case "email", "idn-email":
			return "a@b.co"
		case "uri", "url", "iri", "uri-reference", "iri-reference":
			return "a:b"
		case "hostname", "idn-hostname":
			return "a.b"
		}
	case missing <= 0:
	case format == "date-time":
		// Digits of a second, as many as it takes.
		return strings.TrimSuffix(made, "Z") + "." + strings.Repeat("0", max(missing-1, 1)) + "Z"
	case format == "email" || format == "idn-email":
		return strings.Repeat("x", missing) + made
	case format == "hostname" || format == "idn-hostname":
		return strings.Repeat("x", missing) + made
	case format == "byte":
		return strings.Repeat("c2FtcGxl", missing/8+1) + made
	case strings.HasPrefix(made, "http"), format == "json-pointer":
		return made + strings.Repeat("x", missing)
	}
	return made
}

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
