package payload

import (
	"unicode/utf16"
	"unicode/utf8"
)

// plain marks the bytes that stand for themselves in a JSON string. UTF-8 was
// checked before.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= ' ' && c != '"' && c != '\\'
	}
	return t
}()

// str reads a string; the position is on its opening quote.
func (p *jsonParser) str() (string, error) {
	start := p.pos + 1
	i := start
	for i < len(p.src) && plain[p.src[i]] {
		i++
	}
	if i < len(p.src) && p.src[i] == '"' {
		p.pos = i + 1
		return p.src[start:i], nil
	}
	return p.escaped(start, i)
}

// escaped reads a string that holds an escape, or is broken, at i.
func (p *jsonParser) escaped(start, i int) (string, error) {
	text := append(make([]byte, 0, i-start+32), p.src[start:i]...)
	for {
		from := i
		for i < len(p.src) && plain[p.src[i]] {
			i++
		}
		text = append(text, p.src[from:i]...)
		if i >= len(p.src) {
			return "", p.fail(start-1, "the string that begins here has no closing quote")
		}
		switch c := p.src[i]; {
		case c == '"':
			p.pos = i + 1
			return string(text), nil
		case c != '\\':
			return "", p.fail(i, "control character 0x%02x in a string must be written as \\u%04x", c, c)
		}
		r, size, err := p.escape(i)
		if err != nil {
			return "", err
		}
		text = utf8.AppendRune(text, r)
		i += size
	}
}

// escape reads the escape whose backslash is at i.
func (p *jsonParser) escape(i int) (r rune, size int, err error) {
	if i+1 >= len(p.src) {
		return 0, 0, p.fail(i, "the body ends inside an escape")
	}
	switch c := p.src[i+1]; c {
	case '"', '\\', '/':
		return rune(c), 2, nil
	case 'b':
		return '\b', 2, nil
	case 'f':
		return '\f', 2, nil
	case 'n':
		return '\n', 2, nil
	case 'r':
		return '\r', 2, nil
	case 't':
		return '\t', 2, nil
	case 'u':
		first, ok := p.hex4(i + 2)
		if !ok {
			return 0, 0, p.fail(i, "\\u must be followed by four hexadecimal digits")
		}
		if !utf16.IsSurrogate(first) {
			return first, 6, nil
		}
		if i+7 < len(p.src) && p.src[i+6] == '\\' && p.src[i+7] == 'u' {
			if second, ok := p.hex4(i + 8); ok {
				if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
					return r, 12, nil
				}
			}
		}
		return 0, 0, p.fail(i, "\\u%04x is half of a surrogate pair and stands alone", first)
	}
	return 0, 0, p.fail(i, "\\%c is no escape of JSON", p.src[i+1])
}

func (p *jsonParser) hex4(i int) (rune, bool) {
	if i+4 > len(p.src) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.src[i : i+4]) {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// number reads a number literal and keeps it as it is written.
func (p *jsonParser) number() (string, error) {
	start := p.pos
	i := start
	if p.src[i] == '-' {
		i++
	}
	digits := func(what string) error {
		from := i
		for i < len(p.src) && p.src[i]-'0' <= 9 {
			i++
		}
		if i == from {
			p.pos = i
			return p.fail(i, "expected a digit %s, found %s", what, p.found())
		}
		return nil
	}
	whole := i
	if err := digits("in a number"); err != nil {
		return "", err
	}
	if p.src[whole] == '0' && i > whole+1 {
		return "", p.fail(start, "the number begins with a zero that JSON does not allow")
	}
	if i < len(p.src) && p.src[i] == '.' {
		i++
		if err := digits("after the decimal point"); err != nil {
			return "", err
		}
	}
	if i < len(p.src) && p.src[i]|0x20 == 'e' {
		i++
		if i < len(p.src) && (p.src[i] == '+' || p.src[i] == '-') {
			i++
		}
		from := i
		if err := digits("in the exponent"); err != nil {
			return "", err
		}
		exponent := 0
		for _, c := range []byte(p.src[from:i]) {
			if exponent = exponent*10 + int(c-'0'); exponent > p.lim.Exponent {
				return "", p.tooMuch(start, "the exponent of the number is beyond ±%d", p.lim.Exponent)
			}
		}
	}
	if i-start > p.lim.Number {
		return "", p.tooMuch(start, "the number has %d characters, the limit is %d", i-start, p.lim.Number)
	}
	p.pos = i
	return p.src[start:i], nil
}
