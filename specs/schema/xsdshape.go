package schema

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// shape is what of a schema document is needed to join it with others.
type shape struct {
	target     string
	prefix     string            // of the root, with its colon
	forms      map[string]string // of "element" and "attribute": qualified or unqualified
	defaults   string            // blockDefault and finalDefault, as they are written
	spaces     []xml.Attr        // namespaces that the root declares
	inside     [2]int            // offsets of what the root holds
	definition []int             // offsets of the start tags of its definitions
	locals     []local           // declarations inside that say no form of their own
	links      []link
}

// local is an element or attribute that is declared where it stands.
type local struct {
	from int // offset of its start tag
	kind string
}

// link is an include, an import, or what is not supported.
type link struct {
	from, to           int // offsets
	kind, where, space string
	line               int
}

// blank takes the links out, and leaves the lines.
func (s *shape) blank(text []byte) []byte {
	text = bytes.Clone(text)
	out := s.links
	if end := bytes.Index(text, []byte("?>")); end > 0 && bytes.HasPrefix(text, []byte("<?xml")) {
		out = append(slices.Clone(out), link{from: 0, to: end + 2}) // it is UTF-8 now, whatever it was
	}
	for _, one := range out {
		for i := one.from; i < one.to; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	return text
}

// definitions gives what the root holds, each definition with the namespaces that the
// root declares, and each declaration inside with the form that the root says where the
// head says another. One without a target namespace takes that of who includes it.
func (s *shape) definitions(text []byte, head *shape, target string) []byte {
	var spaces strings.Builder
	plain := false
	for _, a := range s.spaces {
		name := "xmlns"
		if a.Name.Space != "" {
			name += ":" + a.Name.Local
		} else {
			plain = true
		}
		spaces.WriteString(declaration(name, a.Value))
	}
	if !plain {
		// What has no prefix is in no namespace, whatever the head declares.
		spaces.WriteString(declaration("xmlns", map[bool]string{true: target}[s.target == ""]))
	}
	type insertion struct {
		at   int
		what string
	}
	var more []insertion
	for _, start := range s.definition {
		more = append(more, insertion{start, spaces.String()})
	}
	for _, l := range s.locals {
		if form := s.forms[l.kind]; form != head.forms[l.kind] {
			more = append(more, insertion{l.from, ` form="` + form + `"`})
		}
	}
	slices.SortStableFunc(more, func(a, b insertion) int { return a.at - b.at })
	var out bytes.Buffer
	at := s.inside[0]
	for _, one := range more {
		end := one.at + bytes.IndexAny(text[one.at:], " \t\r\n/>")
		out.Write(text[at:end])
		out.WriteString(one.what)
		at = end
	}
	out.Write(text[at:s.inside[1]])
	return out.Bytes()
}

// declaration is [attribute] that may be empty.
func declaration(name, value string) string {
	if value == "" {
		return " " + name + `=""`
	}
	return attribute(name, value)
}

// attribute writes an attribute, none for an empty value.
func attribute(name, value string) string {
	if value == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(" " + name + `="`)
	_ = xml.EscapeText(&b, []byte(value)) // a Builder never fails
	b.WriteString(`"`)
	return b.String()
}

// shapeOf finds the places in a document that our own reader has accepted.
func (j *joining) shapeOf(name string, source []byte) (*shape, []byte, error) {
	wrong := func(err error) (*shape, []byte, error) {
		return nil, nil, fmt.Errorf("%s: %w", j.files.Show(name), err)
	}
	tree, err := xmlsafe.Parse(source, "", xmlsafe.Limits{})
	if m, ok := err.(*xmlsafe.Malformed); ok && m.Line > 0 {
		return nil, nil, fmt.Errorf("%s:%d: %s", j.files.Show(name), m.Line, m.What)
	} else if err != nil {
		return wrong(err)
	}
	if tree.Root.Name != "schema" {
		return nil, nil, fmt.Errorf("%s:%d: the root element is <%s>, and an XML Schema begins with <xs:schema>", j.files.Show(name), tree.Root.Line, tree.Root.Name)
	}
	text, err := xmlsafe.ToUTF8(source, "")
	if err != nil {
		return wrong(err)
	}
	s := &shape{}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	for depth := 0; ; {
		from := int(d.InputOffset())
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return s, text, nil
		} else if err != nil {
			return wrong(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch depth++; {
			case depth == 1:
				s.root(t, text[from:d.InputOffset()])
				s.inside[0] = int(d.InputOffset())
				if bytes.HasSuffix(text[:s.inside[0]], []byte("/>")) {
					// It holds nothing, and may be given something.
					s.inside = [2]int{s.inside[0] - 1, s.inside[0] - 1}
					return s, slices.Concat(text[:s.inside[0]-1], []byte("></"+s.prefix+"schema>")), nil
				}
			case depth == 2 && slices.Contains([]string{"include", "import", "redefine", "override"}, t.Name.Local):
				if err := d.Skip(); err != nil {
					return wrong(err)
				}
				depth--
				s.links = append(s.links, link{from: from, to: int(d.InputOffset()), kind: t.Name.Local,
					where: attrOf(t, "schemaLocation"), space: attrOf(t, "namespace"), line: lineAt(text[:from])})
			case depth == 2:
				s.definition = append(s.definition, from)
			case t.Name.Space == xsdSpace && s.forms[t.Name.Local] != "" && attrOf(t, "name") != "" && attrOf(t, "form") == "":
				s.locals = append(s.locals, local{from, t.Name.Local})
			}
		case xml.EndElement:
			if depth--; depth == 0 {
				s.inside[1] = from
			}
		}
	}
}

func (s *shape) root(t xml.StartElement, tag []byte) {
	s.target = attrOf(t, "targetNamespace")
	if prefix, _, found := strings.Cut(string(tag[1:bytes.IndexAny(tag, " \t\r\n/>")]), ":"); found {
		s.prefix = prefix + ":"
	}
	s.forms = map[string]string{}
	for _, kind := range []string{"element", "attribute"} {
		s.forms[kind] = "unqualified"
		if value := attrOf(t, kind+"FormDefault"); value != "" {
			s.forms[kind] = value
		}
	}
	for _, name := range []string{"blockDefault", "finalDefault"} {
		s.defaults += attribute(name, attrOf(t, name))
	}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			s.spaces = append(s.spaces, a)
		}
	}
}

func attrOf(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// lineAt gives the number of the line that a text ends on.
func lineAt(text []byte) int { return 1 + bytes.Count(text, []byte("\n")) }
