package payload

import (
	"strings"
	"unicode/utf8"
)

// XML writes the tree as a document without layout, in UTF-8 with a declaration.
// It refuses nothing: a character that XML cannot hold becomes U+FFFD. An
// element with text and child elements gets the text first. A JSON tree gives
// only the declaration.
func (t *Tree) XML() []byte { return t.writeXML(false) }

// IndentXML is [Tree.XML] with each element on a line of its own, indented by
// two spaces, and a line feed at the end. Text is never broken or padded.
func (t *Tree) IndentXML() []byte { return t.writeXML(true) }

func (t *Tree) writeXML(indent bool) []byte {
	w := xmlWriter{indent: indent, out: make([]byte, 0, 1024)}
	w.out = append(w.out, declaration...)
	if t != nil && t.Root != nil && t.Root.Kind == Element {
		w.element(t.Root, 0)
	}
	if indent {
		w.out = append(w.out, '\n')
	}
	return w.out
}

const declaration = `<?xml version="1.0" encoding="UTF-8"?>`

type xmlWriter struct {
	out    []byte
	indent bool
}

func (w *xmlWriter) line(depth int) {
	w.out = append(w.out, '\n')
	for range depth {
		w.out = append(w.out, "  "...)
	}
}

func (w *xmlWriter) element(n *Node, depth int) {
	if w.indent {
		w.line(depth)
	}
	w.out = append(w.out, '<')
	w.out = append(w.out, n.Name...)
	children := false
	for c := n.First(); c != nil; c = c.Next() {
		if c.Kind != Attribute {
			children = true
			break
		}
		w.attribute(c.Name, c.Value)
	}
	if depth == 0 && n.usesInstance() && n.Attr("xmlns:xsi") == nil {
		w.attribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
	}
	if !children && n.Value == "" {
		w.out = append(w.out, '/', '>')
		return
	}
	w.out = append(w.out, '>')
	w.text(n.Value, false)
	indent := w.indent
	if n.Value != "" {
		w.indent = false // layout would become part of the text
	}
	for c := n.First(); c != nil; c = c.Next() {
		if c.Kind == Element {
			w.element(c, depth+1)
		}
	}
	if w.indent && children {
		w.line(depth)
	}
	w.indent = indent
	w.out = append(w.out, '<', '/')
	w.out = append(w.out, n.Name...)
	w.out = append(w.out, '>')
}

// usesInstance tells whether an xsi:type or xsi:nil is written, the only names that a
// tree keeps with a prefix.
func (n *Node) usesInstance() bool {
	for c := range n.Children() {
		if c.Kind == Attribute && strings.HasPrefix(c.Name, "xsi:") || c.Kind == Element && c.usesInstance() {
			return true
		}
	}
	return false
}

func (w *xmlWriter) attribute(name, value string) {
	w.out = append(append(w.out, ' '), name...)
	w.out = append(w.out, '=', '"')
	w.text(value, true)
	w.out = append(w.out, '"')
}

// text escapes what would end or change the text. In an attribute the white
// space that a parser would turn into a space is written by number, and so is a
// carriage return everywhere, which a parser would turn into a line feed.
func (w *xmlWriter) text(s string, attribute bool) {
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		size, with := 1, ""
		switch {
		case c == '&':
			with = "&amp;"
		case c == '<':
			with = "&lt;"
		case c == '>':
			with = "&gt;"
		case c == '\r':
			with = "&#13;"
		case attribute && c == '"':
			with = "&quot;"
		case attribute && c == '\n':
			with = "&#10;"
		case attribute && c == '\t':
			with = "&#9;"
		case c < 0x20 && c != '\n' && c != '\t':
			with = "\uFFFD"
		case c >= utf8.RuneSelf:
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
				with = "\uFFFD"
			}
		}
		if with != "" {
			w.out = append(append(w.out, s[from:i]...), with...)
			from = i + size
		}
		i += size
	}
	w.out = append(w.out, s[from:]...)
}
