package payload

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// JSONLimits bounds what [ParseJSON] accepts. A zero field takes the default.
type JSONLimits struct {
	Depth    int // nesting of arrays and objects; default 64
	Bytes    int // size of the body; default 8 MiB
	Number   int // characters of one number; default 1000
	Exponent int // largest exponent of a number, either sign; default 400
}

// The limits that apply where none is set.
const (
	DefaultDepth    = 64
	DefaultBytes    = 8 << 20
	DefaultNumber   = 1000
	DefaultExponent = 400
)

func (l JSONLimits) withDefaults() JSONLimits {
	for _, f := range []struct {
		limit *int
		value int
	}{{&l.Depth, DefaultDepth}, {&l.Bytes, DefaultBytes}, {&l.Number, DefaultNumber}, {&l.Exponent, DefaultExponent}} {
		if *f.limit <= 0 {
			*f.limit = f.value
		}
	}
	return l
}

// SyntaxError says why a body is not JSON that can be read.
type SyntaxError struct {
	Line   int    // from 1
	Col    int    // from 1, in bytes
	Offset int    // in bytes, from 0
	What   string // "expected ',' or '}' after a member, found 'x'"
	// Limit is set where the body may be JSON and is beyond a limit of [JSONLimits].
	Limit bool
}

// Sides takes apart what was expected and what was found instead; expected is "JSON" where
// the error does not say more.
func (e *SyntaxError) Sides() (expected, found string) {
	rest, says := strings.CutPrefix(e.What, "expected ")
	at := strings.LastIndex(rest, ", found ")
	if !says || at < 0 {
		return "JSON", e.What
	}
	if expected, found = rest[:at], rest[at+len(", found "):]; expected != "a JSON value" {
		expected = "JSON: " + expected
	}
	return expected, found
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("not JSON that can be read: line %d, column %d: %s", e.Line, e.Col, e.What)
}

// ParseJSON reads one JSON text (RFC 8259) into a tree, strictly: duplicate
// member names, a byte order mark, invalid UTF-8, lone surrogates and anything
// behind the value are refused, and so is what lies beyond the limits. Every
// node knows its line and column (in bytes, of the value). The error is a
// *[SyntaxError].
func ParseJSON(body []byte, lim JSONLimits) (*Tree, error) {
	p := jsonParser{lim: lim.withDefaults(), line: 1}
	if len(body) > p.lim.Bytes {
		return nil, &SyntaxError{Line: 1, Col: 1, Limit: true,
			What: fmt.Sprintf("the body has %d bytes, the limit is %d", len(body), p.lim.Bytes)}
	}
	if err := checkEncoding(body); err != nil {
		return nil, err
	}
	// One copy of the body; every name and value without an escape is a part of it.
	p.src = string(body)
	p.nodes.size = min(max(len(p.src)/32, minBlock), maxBlock)
	p.tree.Format = JSON
	if err := p.document(); err != nil {
		return nil, err
	}
	return &p.tree, nil
}

func checkEncoding(body []byte) error {
	if strings.HasPrefix(string(body[:min(3, len(body))]), "\ufeff") {
		return &SyntaxError{Line: 1, Col: 1, What: "the body begins with a byte order mark; RFC 8259 section 8.1 forbids it, send the JSON without it"}
	}
	if utf8.Valid(body) {
		return nil
	}
	e := &SyntaxError{Line: 1, Col: 1}
	for i := 0; i < len(body); {
		r, size := utf8.DecodeRune(body[i:])
		if r == utf8.RuneError && size == 1 {
			e.Offset = i
			e.What = fmt.Sprintf("byte 0x%02x is not UTF-8", body[i])
			return e
		}
		if e.Col += size; r == '\n' {
			e.Line, e.Col = e.Line+1, 1
		}
		i += size
	}
	return e
}

type jsonParser struct {
	src       string
	pos       int
	line      int
	lineStart int // offset at which the line begins
	depth     int
	lim       JSONLimits
	nodes     Builder
	tree      Tree
}

func (p *jsonParser) fail(at int, format string, args ...any) error {
	return &SyntaxError{Line: p.line, Col: at - p.lineStart + 1, Offset: at, What: fmt.Sprintf(format, args...)}
}

func (p *jsonParser) tooMuch(at int, format string, args ...any) error {
	return &SyntaxError{Line: p.line, Col: at - p.lineStart + 1, Offset: at, What: fmt.Sprintf(format, args...), Limit: true}
}

// found names what stands at the position, for a message.
func (p *jsonParser) found() string {
	if p.pos >= len(p.src) {
		return "the end of the body"
	}
	r, _ := utf8.DecodeRuneInString(p.src[p.pos:])
	return fmt.Sprintf("%q", r)
}

// space skips white space and gives the byte behind it, 0 at the end.
func (p *jsonParser) space() byte {
	for p.pos < len(p.src) {
		c := p.src[p.pos]
		switch {
		case c > ' ':
			return c
		case c == '\n':
			p.pos++
			p.line, p.lineStart = p.line+1, p.pos
		case c == ' ' || c == '\t' || c == '\r':
			p.pos++
		default:
			return c
		}
	}
	return 0
}

func (p *jsonParser) document() error {
	if p.space(); p.pos >= len(p.src) {
		return p.fail(p.pos, "the body is empty, expected a JSON value")
	}
	if err := p.value(nil, ""); err != nil {
		return err
	}
	if p.space(); p.pos < len(p.src) {
		return p.fail(p.pos, "expected the end of the body after the JSON value, found %s", p.found())
	}
	return nil
}

// add makes a node at the place where its value begins and hangs it under its parent.
func (p *jsonParser) add(parent *Node, kind Kind, name, value string, at int) *Node {
	n := p.nodes.NewNode(kind, name, value)
	n.Line, n.Col = int32(p.line), int32(at-p.lineStart+1)
	if parent == nil {
		p.tree.Root = n
		return n
	}
	parent.hang(n)
	return n
}

// value reads one value; the position is on its first byte.
func (p *jsonParser) value(parent *Node, name string) error {
	start := p.pos
	var c byte
	if start < len(p.src) {
		c = p.src[start]
	}
	switch c {
	case '"':
		v, err := p.str()
		if err == nil {
			p.add(parent, String, name, v, start)
		}
		return err
	case '{', '[':
		if p.depth++; p.depth > p.lim.Depth {
			return p.tooMuch(start, "nested deeper than %d arrays and objects", p.lim.Depth)
		}
		p.pos++
		var err error
		if c == '{' {
			err = p.object(p.add(parent, Object, name, "", start))
		} else {
			err = p.array(p.add(parent, Array, name, "", start))
		}
		p.depth--
		return err
	case 't':
		return p.word(parent, name, "true", Bool)
	case 'f':
		return p.word(parent, name, "false", Bool)
	case 'n':
		return p.word(parent, name, "null", Null)
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		v, err := p.number()
		if err == nil {
			p.add(parent, Number, name, v, start)
		}
		return err
	}
	return p.fail(start, "expected a JSON value, found %s", p.found())
}

func (p *jsonParser) word(parent *Node, name, word string, kind Kind) error {
	if !strings.HasPrefix(p.src[p.pos:], word) {
		return p.fail(p.pos, "expected a JSON value, found a word that begins with %s and is not %s", p.found(), word)
	}
	p.add(parent, kind, name, word, p.pos)
	p.pos += len(word)
	return nil
}

func (p *jsonParser) array(n *Node) error {
	if p.space() == ']' {
		p.pos++
		return nil
	}
	for {
		if err := p.value(n, ""); err != nil {
			return err
		}
		switch p.space() {
		case ',':
			p.pos++
			p.space()
		case ']':
			p.pos++
			return nil
		default:
			return p.fail(p.pos, "expected ',' or ']' after an array item, found %s", p.found())
		}
	}
}

func (p *jsonParser) object(n *Node) error {
	if p.space() == '}' {
		p.pos++
		return nil
	}
	var names nameSet
	for {
		if p.space() != '"' {
			return p.fail(p.pos, "expected a member name in double quotes, found %s", p.found())
		}
		start := p.pos
		name, err := p.str()
		if err != nil {
			return err
		}
		if n.count > 0 && names.repeated(n, name) {
			return p.fail(start, "member %s/%s occurs twice", p.tree.Path(n), EscapePointer(name))
		}
		if p.space() != ':' {
			return p.fail(p.pos, "expected ':' after the member name %q, found %s", shorten(name), p.found())
		}
		p.pos++
		p.space()
		if err := p.value(n, name); err != nil {
			return err
		}
		switch p.space() {
		case ',':
			p.pos++
		case '}':
			p.pos++
			return nil
		default:
			return p.fail(p.pos, "expected ',' or '}' after a member, found %s", p.found())
		}
	}
}

func shorten(s string) string {
	if len(s) <= 40 {
		return s
	}
	return strings.ToValidUTF8(s[:40], "") + "…"
}
