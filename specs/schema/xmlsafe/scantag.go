package xmlsafe

import (
	"bytes"
	"regexp"
)

// xmlDeclaration is the only XML declaration that is let through.
var xmlDeclaration = regexp.MustCompile(`^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*("1\.0"|'1\.0')` +
	`([ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*("[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?` +
	`([ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*("(yes|no)"|'(yes|no)'))?[ \t\r\n]*\?>`)

// usual gives the length of the declaration where it is one of those that nearly
// everybody writes, which need no closer look; 0 for any other and for none.
func usual(body []byte) int {
	const begin, end = `<?xml version="1.0" encoding="UTF-8"`, `?>`
	if !bytes.HasPrefix(body, []byte(begin)) {
		return 0
	}
	rest := body[len(begin):]
	for _, standalone := range []string{"", ` standalone="yes"`, ` standalone="no"`} {
		if bytes.HasPrefix(rest, []byte(standalone+end)) {
			return len(begin) + len(standalone) + len(end)
		}
	}
	return 0
}

func (s *scanner) declaration() *Malformed {
	if n := usual(s.body); n > 0 {
		s.at = n
		return nil
	}
	if !bytes.HasPrefix(s.body, []byte("<?xml")) || len(s.body) > 5 && nameBytes[s.body[5]] {
		return nil
	}
	head := s.body[:min(len(s.body), 1024)]
	end := xmlDeclaration.FindIndex(head)
	if end == nil {
		return s.fail(0, `the XML declaration must read <?xml version="1.0" encoding="UTF-8"?>, with standalone="yes" or "no" behind it or nothing`)
	}
	s.at = end[1]
	return nil
}

// nameBytes tells the bytes of a name; what is above ASCII is left to the
// parser, which knows the classes of Unicode.
var nameBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x80 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			c == '_' || c == '-' || c == '.' || c == ':'
	}
	return t
}()

func nameStart(c byte) bool {
	return nameBytes[c] && c != '-' && c != '.' && (c < '0' || c > '9')
}

// name reads a name at s.at.
func (s *scanner) name(what string) (span, *Malformed) {
	from, body := s.at, s.body
	if from == len(body) || !nameStart(body[from]) {
		if from == len(body) {
			return span{}, s.fail(from, "the body ends where %s name was expected", what)
		}
		return span{}, s.fail(from, "%s name was expected, found %q", what, []rune(string(body[from:min(len(body), from+4)]))[0])
	}
	to := from + 1
	for to < len(body) && nameBytes[body[to]] {
		to++
	}
	if to-from > s.lim.Name {
		return span{}, s.fail(from, "%s name is longer than %d bytes", what, s.lim.Name)
	}
	s.at = to
	return span{from, to}, nil
}

func (s *scanner) skipSpace() bool {
	from := s.at
	for s.at < len(s.body) && space(s.body[s.at]) {
		s.at++
	}
	return s.at > from
}

func (s *scanner) endTag() *Malformed {
	start := s.at
	s.at += 2
	name, m := s.name("an element")
	if m != nil {
		return m
	}
	s.skipSpace()
	if s.at == len(s.body) || s.body[s.at] != '>' {
		return s.fail(start, "the end tag </%s does not end with '>'", s.body[name.from:name.to])
	}
	s.at++
	if s.depth == 0 {
		return s.fail(start, "the end tag </%s> has no start tag", s.body[name.from:name.to])
	}
	open := s.open[s.depth-1]
	if !bytes.Equal(s.body[open.from:open.to], s.body[name.from:name.to]) {
		return s.fail(start, "the end tag </%s> does not match <%s>, opened at line %d",
			s.body[name.from:name.to], s.body[open.from:open.to], s.line(open.from))
	}
	s.depth--
	s.text = 0
	return nil
}

func (s *scanner) startTag() *Malformed {
	start := s.at
	s.at++
	name, m := s.name("an element")
	if m != nil {
		return m
	}
	if s.depth == 0 && s.elements > 0 {
		return s.fail(start, "a second root element <%s>", s.body[name.from:name.to])
	}
	if s.elements++; s.elements > s.lim.Elements {
		return s.fail(start, "more than %d elements", s.lim.Elements)
	}
	if s.depth >= s.lim.Depth {
		return s.fail(start, "elements are nested more than %d deep", s.lim.Depth)
	}
	s.text = 0
	for attributes := 0; ; attributes++ {
		spaced := s.skipSpace()
		if s.at == len(s.body) {
			return s.fail(start, "the start tag <%s does not end", s.body[name.from:name.to])
		}
		switch c := s.body[s.at]; {
		case c == '>':
			s.at++
			s.open[s.depth] = name
			s.depth++
			return nil
		case c == '/' && s.at+1 < len(s.body) && s.body[s.at+1] == '>':
			s.at += 2
			return nil
		case !spaced:
			return s.fail(s.at, "white space, '>' or '/>' was expected in the start tag <%s", s.body[name.from:name.to])
		}
		if attributes == s.lim.Attributes {
			return s.fail(start, "<%s> has more than %d attributes", s.body[name.from:name.to], s.lim.Attributes)
		}
		if m := s.attribute(); m != nil {
			return m
		}
	}
}

func (s *scanner) attribute() *Malformed {
	name, m := s.name("an attribute")
	if m != nil {
		return m
	}
	text := s.body[name.from:name.to]
	if bytes.HasPrefix(text, []byte("xmlns")) && (len(text) == 5 || text[5] == ':') {
		if s.namespaces++; s.namespaces > s.lim.Namespaces {
			return s.fail(name.from, "more than %d namespace declarations", s.lim.Namespaces)
		}
	}
	s.skipSpace()
	if s.at == len(s.body) || s.body[s.at] != '=' {
		return s.fail(s.at, "the attribute %s has no value", text)
	}
	s.at++
	s.skipSpace()
	if s.at == len(s.body) || s.body[s.at] != '"' && s.body[s.at] != '\'' {
		return s.fail(s.at, "the value of the attribute %s is not in quotes", text)
	}
	from := s.at + 1
	n := bytes.IndexByte(s.body[from:], s.body[s.at])
	if n < 0 {
		return s.fail(s.at, "the value of the attribute %s does not end", text)
	}
	if lt := bytes.IndexByte(s.body[from:from+n], '<'); lt >= 0 {
		return s.fail(from+lt, "'<' in the value of the attribute %s: write &lt;", text)
	}
	if n > s.lim.Value {
		return s.fail(from, "the value of the attribute %s is longer than %d bytes", text, s.lim.Value)
	}
	s.at = from + n + 1
	return nil
}
