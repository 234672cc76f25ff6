package otherhand

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// node is an element, read or to be written.
type node struct {
	name  string
	attrs [][2]string
	text  string
	kids  []*node
	list  bool // written even when it is empty
	loose bool // no page shows the order of its children
}

func el(name string, kids ...*node) *node { return &node{name: name, kids: kids} }
func tx(name, text string) *node          { return &node{name: name, text: text} }

// parse reads a document with encoding/xml.
func parse(body []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	var stack []*node
	var root *node
	for {
		t, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local}
			for _, a := range t.Attr {
				n.attrs = append(n.attrs, [2]string{a.Name.Local, a.Value})
			}
			if len(stack) > 0 {
				up := stack[len(stack)-1]
				up.kids = append(up.kids, n)
			} else if root != nil {
				return nil, fmt.Errorf("a second root")
			} else {
				root = n
			}
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text += string(t)
			}
		case xml.Directive:
			return nil, fmt.Errorf("no document types")
		}
	}
	if root == nil {
		return nil, fmt.Errorf("nothing")
	}
	return root, nil
}

func (n *node) kid(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// at follows names downwards.
func (n *node) at(names ...string) *node {
	for _, name := range names {
		n = n.kid(name)
	}
	return n
}

func (n *node) get(names ...string) string {
	if n = n.at(names...); n == nil {
		return ""
	}
	return strings.TrimSpace(n.text)
}

func (n *node) attr(name string) (string, bool) {
	for _, a := range n.attrs {
		if a[0] == name {
			return a[1], true
		}
	}
	return "", false
}

// walk visits a node and all below it.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, k := range n.kids {
		k.walk(visit)
	}
}

// document writes an answer in the look that the readings say.
func (r readings) document(root *node) (body []byte, charset string) {
	q := `"`
	if r.Quotes == 1 {
		q = `'`
	}
	charset = []string{"UTF-8", "utf-8", "ISO-8859-1", "UTF-16", "us-ascii"}[r.Encoding]
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=%s1.0%s encoding=%s%s%s?>", q, q, q, charset, q)
	if r.Remarks == 1 {
		b.WriteString("<?xml-stylesheet type=\"text/css\" href=\"a.css\"?><!-- Auskunft -->")
	}
	if r.Schema == 1 {
		root.attrs = append([][2]string{{"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"}, {"xmlns:ns2", "urn:example:unused"},
			{"xsi:noNamespaceSchemaLocation", "webservices.xsd"}}, root.attrs...)
	}
	if r.Extra == 1 {
		root.attrs = append(root.attrs, [2]string{"node", "app-7"})
		root.kids = append(root.kids, tx("serverTime", "2031-05-06T07:08:09.5-03:30"))
	}
	r.write(&b, root, 0, q)
	text := b.String()
	switch charset {
	case "UTF-16":
		units := utf16.Encode([]rune(text))
		body = []byte{0xFE, 0xFF}
		for _, u := range units {
			body = append(body, byte(u>>8), byte(u))
		}
	case "utf-8":
		body = append([]byte{0xEF, 0xBB, 0xBF}, text...)
	case "ISO-8859-1":
		for _, c := range text {
			body = append(body, byte(c))
		}
	default:
		body = []byte(text)
	}
	return body, charset
}

func (r readings) write(b *strings.Builder, n *node, depth int, q string) {
	line := []string{"", "\n" + strings.Repeat("  ", depth), "\r\n" + strings.Repeat("\t", depth)}[r.Indent]
	b.WriteString(line + "<" + n.name)
	for _, a := range n.attrs {
		gap := " "
		if r.Indent == 2 {
			gap = "\r\n\t\t"
		}
		b.WriteString(gap + a[0] + "=" + q + r.escape(a[1]) + q)
	}
	if n.text == "" && len(n.kids) == 0 && r.Quotes == 0 {
		b.WriteString(" />")
		return
	}
	b.WriteString(">")
	if r.Remarks == 1 && len(n.kids) > 0 {
		b.WriteString("<!-- " + n.name + " --><?app trace?>")
	}
	switch {
	case n.text == "":
	case r.CData == 1 && r.representable(n.text) && !strings.Contains(n.text, "]]>"):
		half := len(n.text) / 2
		for half > 0 && n.text[half]&0xC0 == 0x80 {
			half--
		}
		b.WriteString("<![CDATA[" + n.text[:half] + "]]><![CDATA[" + n.text[half:] + "]]>")
	default:
		b.WriteString(r.escape(n.text))
	}
	for _, k := range n.kids {
		r.write(b, k, depth+1, q)
	}
	if len(n.kids) > 0 {
		b.WriteString(line)
	}
	b.WriteString("</" + n.name + ">")
}

func (r readings) most() rune { return []rune{0x10FFFF, 0x10FFFF, 0xFF, 0x10FFFF, 0x7F}[r.Encoding] }

func (r readings) representable(s string) bool {
	for _, c := range s {
		if c > r.most() {
			return false
		}
	}
	return true
}

func (r readings) escape(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case strings.ContainsRune(`<>&"'`, c), c > r.most(), c < ' ':
			fmt.Fprintf(&b, "&#x%X;", c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// tidy leaves away what has no content, and turns round what has no order, as the
// readings say.
func (r readings) tidy(n *node) {
	kept := n.kids[:0]
	for _, k := range n.kids {
		r.tidy(k)
		empty := k.text == "" && len(k.kids) == 0
		if empty && (k.list && r.Lists == 1 || !k.list && r.Leave == 1) {
			continue
		}
		kept = append(kept, k)
	}
	n.kids = kept
	if n.loose && r.Unordered == 1 {
		for i, j := 0, len(n.kids)-1; i < j; i, j = i+1, j-1 {
			n.kids[i], n.kids[j] = n.kids[j], n.kids[i]
		}
	}
}
