package xmlsafe

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// Scan refuses, with a *[Malformed], a body that libxml2 must not see: it must
// be valid UTF-8 without control characters, with balanced and properly nested
// tags, without DTD, and within the limits.
// What it accepts need not be well-formed in every detail (character
// references, duplicate attributes and undeclared prefixes are left to the
// parser), but where an element, an attribute and a value begin and end, scan
// and parser agree: otherwise the limits could be talked around.
func Scan(body []byte, lim Limits) error {
	s := scanner{body: body, lim: lim.withDefaults()}
	if m := s.run(); m != nil {
		return m
	}
	return nil
}

type scanner struct {
	body []byte
	lim  Limits
	at   int
	// open holds where the names of the open elements are.
	open       [maxDepth]span
	depth      int
	elements   int
	namespaces int
	text       int // bytes of character data since the last tag
}

type span struct{ from, to int }

func (s *scanner) fail(at int, format string, args ...any) *Malformed {
	return malformedAt(s.body, at, format, args...)
}

func (s *scanner) run() *Malformed {
	if len(s.body) > s.lim.Bytes {
		return &Malformed{What: fmt.Sprintf("the body has %d bytes, and at most %d are read", len(s.body), s.lim.Bytes)}
	}
	if m := s.characters(); m != nil {
		return m
	}
	if len(bytes.TrimLeft(s.body, " \t\r\n")) == 0 {
		return &Malformed{Line: 1, Col: 1, What: "the body is empty, and an XML document was expected"}
	}
	if m := s.declaration(); m != nil {
		return m
	}
	for s.at < len(s.body) {
		if m := s.content(); m != nil {
			return m
		}
		if s.at == len(s.body) {
			break
		}
		if m := s.markup(); m != nil {
			return m
		}
	}
	switch {
	case s.depth > 0:
		name := s.open[s.depth-1]
		return s.fail(len(s.body), "the body ends inside <%s>, opened at line %d", s.body[name.from:name.to], s.line(name.from))
	case s.elements == 0:
		return s.fail(len(s.body), "there is no root element")
	}
	return nil
}

func (s *scanner) line(at int) int { return 1 + bytes.Count(s.body[:at], []byte{'\n'}) }

// characters refuses bytes that no XML document can hold.
func (s *scanner) characters() *Malformed {
	if !utf8.Valid(s.body) {
		at := 0
		for at < len(s.body) {
			r, size := utf8.DecodeRune(s.body[at:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			at += size
		}
		return s.fail(at, "the byte 0x%02X is not UTF-8 here: if the body is in another encoding, name it in the Content-Type or in the XML declaration", s.body[at])
	}
	if at := indexControl(s.body); at >= 0 {
		return s.fail(at, "the control character 0x%02X is not allowed in XML", s.body[at])
	}
	for _, forbidden := range []string{"\uFFFE", "\uFFFF"} {
		if at := bytes.Index(s.body, []byte(forbidden)); at >= 0 {
			return s.fail(at, "the character %U is not allowed in XML", []rune(forbidden)[0])
		}
	}
	return nil
}

// indexControl finds the first byte below 0x20 that is not tab, line feed or
// carriage return; -1 if there is none. Eight bytes are looked at together.
func indexControl(body []byte) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(body); i += 8 {
		w := binary.LittleEndian.Uint64(body[i:])
		if (w-ones*0x20)&^w&high == 0 {
			continue
		}
		for j, c := range body[i : i+8] {
			if control(c) {
				return i + j
			}
		}
	}
	for ; i < len(body); i++ {
		if control(body[i]) {
			return i
		}
	}
	return -1
}

func control(c byte) bool { return c < 0x20 && c != '\t' && c != '\n' && c != '\r' }

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// content skips character data up to the next '<'.
func (s *scanner) content() *Malformed {
	from := s.at
	if n := bytes.IndexByte(s.body[from:], '<'); n >= 0 {
		s.at = from + n
	} else {
		s.at = len(s.body)
	}
	if s.depth > 0 {
		if s.text += s.at - from; s.text > s.lim.Value {
			return s.fail(from, "the text is longer than %d bytes", s.lim.Value)
		}
		return nil
	}
	for i, c := range s.body[from:s.at] {
		if space(c) {
			continue
		}
		if s.elements == 0 {
			return s.fail(from+i, "text before the root element")
		}
		return s.fail(from+i, "text after the end of the root element")
	}
	return nil
}

// markup reads one tag, comment or CDATA section; s.at is at a '<'.
func (s *scanner) markup() *Malformed {
	rest := s.body[s.at:]
	if len(rest) < 2 {
		return s.fail(s.at, "the body ends after '<'")
	}
	switch rest[1] {
	case '/':
		return s.endTag()
	case '!':
		return s.bang(rest)
	case '?':
		return s.instruction(rest)
	}
	return s.startTag()
}

// instruction skips a processing instruction, which says nothing to anybody here. A
// second XML declaration is none.
func (s *scanner) instruction(rest []byte) *Malformed {
	end := bytes.Index(rest, []byte("?>"))
	n := 2
	for n < len(rest) && nameBytes[rest[n]] {
		n++
	}
	switch {
	case end < 0:
		return s.fail(s.at, "a processing instruction that does not end")
	case n == 2 || !nameStart(rest[2]) || n != end && !space(rest[n]):
		return s.fail(s.at, "a processing instruction without a name")
	case n == 5 && bytes.EqualFold(rest[2:n], []byte("xml")):
		return s.fail(s.at, "an XML declaration that is not at the beginning")
	case end > s.lim.Value:
		return s.fail(s.at, "a processing instruction longer than %d bytes", s.lim.Value)
	}
	s.at += end + 2
	return nil
}

func (s *scanner) bang(rest []byte) *Malformed {
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		end := bytes.Index(rest[4:], []byte("--"))
		if end < 0 || len(rest) < 4+end+3 {
			return s.fail(s.at, "a comment that does not end")
		}
		if rest[4+end+2] != '>' {
			return s.fail(s.at+4+end, "'--' inside a comment")
		}
		if end > s.lim.Value {
			return s.fail(s.at, "a comment longer than %d bytes", s.lim.Value)
		}
		s.at += 4 + end + 3
		return nil
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		if s.depth == 0 {
			return s.fail(s.at, "a CDATA section outside of the root element")
		}
		end := bytes.Index(rest, []byte("]]>"))
		if end < 0 {
			return s.fail(s.at, "a CDATA section that does not end")
		}
		if s.text += end; s.text > s.lim.Value {
			return s.fail(s.at, "the text is longer than %d bytes", s.lim.Value)
		}
		s.at += end + 3
		return nil
	case len(rest) >= 9 && bytes.EqualFold(rest[:9], []byte("<!DOCTYPE")):
		return s.fail(s.at, "a document type declaration (DTD) is not accepted, nor are entities that it would declare")
	}
	return s.fail(s.at, "'<!' begins neither a comment nor a CDATA section")
}
