package payload

import "unicode/utf8"

// JSON writes a JSON tree without white space. Numbers keep their literal and
// members their order; an XML tree gives its [Node.Go] form.
func (t *Tree) JSON() []byte { return t.writeJSON("") }

// IndentJSON writes a JSON tree for people: two spaces a level.
func (t *Tree) IndentJSON() []byte { return t.writeJSON("  ") }

// JSON writes one node of a JSON tree without white space.
func (n *Node) JSON() []byte { return appendJSON(make([]byte, 0, n.room()), n, "", 0) }

// room guesses how long the JSON of a node is: exactly, where nothing is escaped.
func (n *Node) room() int {
	size := len(n.Name) + len(n.Value) + len(`"":"",`)
	for c := n.First(); c != nil; c = c.Next() {
		size += c.room()
	}
	return size
}

func (t *Tree) writeJSON(indent string) []byte {
	if t == nil || t.Root == nil {
		return []byte("null")
	}
	root := t.Root
	if t.Format == XML {
		root = FromGo(root.Go())
	}
	return appendJSON(make([]byte, 0, root.room()), root, indent, 0)
}

func appendJSON(b []byte, n *Node, indent string, level int) []byte {
	switch n.Kind {
	case Null:
		return append(b, "null"...)
	case Bool, Number:
		return append(b, n.Value...)
	case Object, Array:
		open, shut := byte('{'), byte('}')
		if n.Kind == Array {
			open, shut = '[', ']'
		}
		b = append(b, open)
		for c := n.First(); c != nil; c = c.Next() {
			if c != n.First() {
				b = append(b, ',')
			}
			b = newLine(b, indent, level+1)
			if n.Kind == Object {
				b = append(AppendQuoted(b, c.Name), ':')
				if indent != "" {
					b = append(b, ' ')
				}
			}
			b = appendJSON(b, c, indent, level+1)
		}
		if n.First() != nil {
			b = newLine(b, indent, level)
		}
		return append(b, shut)
	}
	return AppendQuoted(b, n.Value)
}

func newLine(b []byte, indent string, level int) []byte {
	if indent == "" {
		return b
	}
	b = append(b, '\n')
	for range level {
		b = append(b, indent...)
	}
	return b
}

// AppendQuoted writes a string as JSON: quoted, with the escapes that RFC 8259
// demands and no others. Bytes that are not UTF-8 become U+FFFD.
func AppendQuoted(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += size
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}
