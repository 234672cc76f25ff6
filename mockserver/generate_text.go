package mockserver

import (
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// text makes a string for a schema: by format, by pattern, or plain, of an
// allowed length.
func (g *generator) text(s *payload.Node) string {
	if f := s.Member("format"); f != nil {
		if v, ok := g.formatted(f.Value); ok {
			return v
		}
	}
	if p := s.Member("pattern"); p != nil {
		if re, err := syntax.Parse(p.Value, syntax.Perl); err == nil {
			return g.matching(re.Simplify(), g.whole(s, "minLength", 0))
		}
	}
	low, high := g.whole(s, "minLength", 0), g.whole(s, "maxLength", 1000)
	word := "sample " + strings.ToLower(g.word(5))
	for utf8.RuneCountInString(word) < low {
		word += " " + strings.ToLower(g.word(5))
	}
	if runes := []rune(word); len(runes) > max(high, low) {
		word = string(runes[:max(high, low)])
	}
	return word
}

func (g *generator) word(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('A' + g.rand.IntN(26))
	}
	return string(b)
}

// formatted makes a value of a format that the judge asserts.
func (g *generator) formatted(format string) (string, bool) {
	day := fmt.Sprintf("2026-%02d-%02d", 1+g.rand.IntN(12), 1+g.rand.IntN(28))
	hour := fmt.Sprintf("%02d:%02d:00Z", g.rand.IntN(24), g.rand.IntN(60))
	switch format {
	case "date":
		return day, true
	case "date-time":
		return day + "T" + hour, true
	case "time":
		return hour, true
	case "duration":
		return fmt.Sprintf("PT%dM", 1+g.rand.IntN(59)), true
	case "uuid":
		return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", g.rand.Uint32(), g.rand.IntN(1<<16), g.rand.IntN(1<<12), g.rand.IntN(1<<12), g.rand.Int64N(1<<48)), true
	case "email":
		return strings.ToLower(g.word(6)) + "@example.com", true
	case "uri", "url", "uri-reference", "iri":
		return "https://example.com/" + strings.ToLower(g.word(6)), true
	case "hostname":
		return strings.ToLower(g.word(6)) + ".example.com", true
	case "ipv4":
		return fmt.Sprintf("192.0.2.%d", 1+g.rand.IntN(254)), true
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x", 1+g.rand.IntN(0xffff)), true
	case "byte":
		return "c2FtcGxl", true
	}
	return "", false
}

// matching makes a string that a regular expression accepts. Look-arounds do not
// come here; a length is met as far as repetitions allow.
func (g *generator) matching(re *syntax.Regexp, atLeast int) string {
	var b strings.Builder
	g.write(&b, re, atLeast, 0)
	return b.String()
}

func (g *generator) write(b *strings.Builder, re *syntax.Regexp, atLeast, depth int) {
	if depth > 50 || b.Len() > 4096 {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(g.oneOf(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte(byte('a' + g.rand.IntN(26)))
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			g.write(b, sub, atLeast, depth+1)
		}
	case syntax.OpAlternate:
		g.write(b, re.Sub[g.rand.IntN(len(re.Sub))], atLeast, depth+1)
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
			count = max(low, min(atLeast, 200))
		} else if high > low && re.Op != syntax.OpQuest {
			count = min(max(low, atLeast), high)
		}
		for range count {
			g.write(b, re.Sub[0], 0, depth+1)
		}
	}
}

// oneOf takes a rune of a class, a printable ASCII one if the class has any.
func (g *generator) oneOf(ranges []rune) rune {
	var good []rune
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := max(ranges[i], '!'); r <= min(ranges[i+1], '~'); r++ {
			good = append(good, r)
		}
	}
	if len(good) == 0 {
		return ranges[0]
	}
	return good[g.rand.IntN(len(good))]
}
