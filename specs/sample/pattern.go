package sample

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// tries is how many texts are made for a pattern before the last one is taken.
const tries = 40

// patternText makes a text by a pattern, of an allowed length where that can be.
// ok is false where the pattern cannot be read.
func (m *maker) patternText(pattern string, low, high int) (made string, ok bool) {
	var readings []*syntax.Regexp
	looks := strings.Contains(pattern, "(?=") || strings.Contains(pattern, "(?!") || strings.Contains(pattern, "(?<")
	for _, ahead := range []bool{false, true} {
		if re, err := syntax.Parse(readable(pattern, ahead), syntax.Perl); err == nil {
			readings = append(readings, re)
		}
		if !looks {
			break
		}
	}
	if len(readings) == 0 {
		return "", false
	}
	if least, most := lookedFor(pattern); least > 0 {
		low, high = max(low, least), min(high, most)
	}
	if !m.sparse {
		low = max(low, min(1, high)) // an empty text says little, and no path has room for one
	}
	for i := range tries {
		re := readings[i%len(readings)]
		made = m.ofLength(re, low, high, i)
		if n := length(made); n >= low && n <= high && (!looks && m.attempt == 0 || m.matches(pattern, made)) {
			return made, true
		}
	}
	if looks {
		for _, word := range []string{"Sample-1", "Sample1!", "aB3$aB3$aB3$", "sample", "sample1", "SAMPLE1"} {
			for length(word) < low {
				word += word
			}
			if length(word) <= high && m.matches(pattern, word) {
				return word, true
			}
		}
	}
	return made, true
}

// ofLength makes a text by a pattern that is as long as asked for; how long it
// gets is tried out, since that depends on the pattern.
func (m *maker) ofLength(re *syntax.Regexp, low, high, try int) string {
	made := m.matching(re, try/8)
	n := length(made)
	if n >= low {
		return made
	}
	// Repetitions are drawn out by what is missing; how much one more makes of it
	// depends on the pattern.
	for _, more := range []int{low - n, low - n + 1, low - n + 2, (low - n + 1) / 2, low, high} {
		made := m.matching(re, min(more, 10_000))
		if n := length(made); n >= low && n <= high {
			return made
		}
	}
	if try%2 == 0 {
		// A pattern without an end takes more.
		return made + strings.ToLower(m.word(min(low-n, 10_000)))
	}
	return made
}

// matches asks the judge's engine where there is one.
func (m *maker) matches(pattern, text string) bool {
	if m.Matches != nil {
		return m.Matches(pattern, text)
	}
	return goMatches(pattern, text)
}

// goMatches takes what Go cannot read for a match: it is for the judge.
func goMatches(pattern, text string) bool {
	re, err := regexp.Compile(pattern)
	return err != nil || re.MatchString(text)
}

// lookedFor reads the length that a pattern looks ahead for, "(?=^.{3,63}$)";
// 0 where it does not.
func lookedFor(pattern string) (least, most int) {
	found := aheadLength().FindStringSubmatch(pattern)
	if found == nil {
		return 0, 0
	}
	least, most = number(found[1]), 1000
	if found[2] != "" {
		most = number(found[2])
	}
	return max(least, 1), most
}

func aheadLength() *regexp.Regexp { return regexp.MustCompile(`\(\?=\^?\.\{(\d{1,4}),(\d{0,4})\}\$`) }

func number(digits string) int {
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}

// readable rewrites what ECMAScript allows in a pattern and this reader does not:
// counts above 1000, code units by number, and looking ahead or behind. What is
// looked for ahead is left out, or taken in where it stands.
func readable(pattern string, ahead bool) string {
	pattern = manyTimes().ReplaceAllStringFunc(pattern, func(s string) string {
		low, high, pair := strings.Cut(s[1:len(s)-1], ",")
		low = atMostThousand(low)
		if pair {
			low += "," + atMostThousand(high)
		}
		return "{" + low + "}"
	})
	pattern = codeUnit().ReplaceAllString(pattern, `\x{$1}`)
	return withoutLooks(pattern, ahead)
}

// withoutLooks takes the groups (?=…), (?!…), (?<=…) and (?<!…) out, whatever
// they hold.
func withoutLooks(pattern string, ahead bool) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '\\' && i+1 < len(pattern) {
			b.WriteString(pattern[i : i+2])
			i++
			continue
		}
		if pattern[i] == '[' {
			end := classEnd(pattern, i)
			b.WriteString(pattern[i:end])
			i = end - 1
			continue
		}
		rest := pattern[i:]
		look := ""
		for _, one := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
			if strings.HasPrefix(rest, one) {
				look = one
			}
		}
		if look == "" {
			b.WriteByte(pattern[i])
			continue
		}
		end := groupEnd(pattern, i)
		if look == "(?=" && ahead && end-1 > i+3 {
			inner := strings.TrimSuffix(strings.TrimPrefix(pattern[i+3:end-1], "^"), "$")
			b.WriteString("(" + withoutLooks(inner, ahead) + ")")
		}
		i = end - 1
	}
	return b.String()
}

// groupEnd is where the group that begins at a place is over.
func groupEnd(pattern string, at int) int {
	depth := 0
	for i := at; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '[':
			i = classEnd(pattern, i) - 1
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(pattern)
}

// classEnd is where the class that begins at a place is over.
func classEnd(pattern string, at int) int {
	for i := at + 1; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case ']':
			return i + 1
		}
	}
	return len(pattern)
}

func atMostThousand(number string) string {
	if len(number) > 3 {
		return "1000"
	}
	return number
}

func manyTimes() *regexp.Regexp { return regexp.MustCompile(`\{\d*,?\d{4,}\}`) }
func codeUnit() *regexp.Regexp  { return regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`) }

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
