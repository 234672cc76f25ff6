package specs

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// formatOf tells JSON and XML media types from others (0).
func formatOf(mediaType string) payload.Format {
	t := strings.ToLower(bareType(mediaType))
	switch {
	case t == "application/json" || t == "text/json" || strings.HasSuffix(t, "+json"):
		return payload.JSON
	case t == "application/xml" || t == "text/xml" || strings.HasSuffix(t, "+xml"):
		return payload.XML
	}
	return 0
}

// bareType takes the parameters off a media type.
func bareType(mediaType string) string {
	t, _, _ := strings.Cut(mediaType, ";")
	return strings.TrimSpace(t)
}

// For finds the description of a media type: the type itself, then a range such
// as "application/*", then "*/*". nil if the body may not have that type.
// Parameters of the type are ignored, and so is letter case.
func (b *Body) For(mediaType string) *Media {
	if b == nil {
		return nil
	}
	want := strings.ToLower(bareType(mediaType))
	major, _, _ := strings.Cut(want, "/")
	var ranged, any *Media
	for _, m := range b.Media {
		switch t := strings.ToLower(m.Type); {
		case t == want:
			return m
		case t == major+"/*":
			ranged = m
		case t == "*/*":
			any = m
		}
	}
	if ranged != nil {
		return ranged
	}
	return any
}

func (r *reader) body(op *Operation, n *payload.Node, dir schema.Direction) *Body {
	b := r.slabs.bodies.next()
	content := n.Member("content")
	if content == nil {
		return b
	}
	for entry := range content.Children() {
		if strings.HasPrefix(entry.Name, "x-") {
			continue
		}
		if !strings.Contains(entry.Name, "/") {
			r.tolerate(entry, "write a type such as application/json", "operation %s: %q is not a media type and is left out", op.ID, entry.Name)
			continue
		}
		if m := r.doc.follow(entry); m != nil {
			b.Media = append(b.Media, r.media(op, entry.Name, m, dir))
		}
	}
	return b
}

func (r *reader) media(op *Operation, mediaType string, n *payload.Node, dir schema.Direction) *Media {
	m := r.slabs.media.next()
	*m = Media{Type: bareType(mediaType), Format: formatOf(mediaType), node: n, follow: r.follow, dir: dir}
	at := n.Member("schema")
	if at != nil {
		m.Schema = r.doc.display(r.named(at))
		if m.Type == "*/*" || m.Type == "application/*" {
			m.Format = payload.JSON // a range with a schema is JSON unless it says otherwise
		}
	}
	xsd := n.Member("x-xsd")
	switch {
	case xsd != nil:
		r.xsdMedia(op, m, xsd, at, dir)
	case m.Format == payload.JSON && at == nil:
		m.judge, m.tree = judgeAnyJSON, judgeNothing
	case m.Format == payload.JSON:
		r.jsonMedia(m, at, dir)
	case m.Format == payload.XML:
		r.xmlMedia(m, at, dir)
	case m.Type == "application/x-www-form-urlencoded" && at != nil && r.doc.typeOf(at) != "string":
		r.formMedia(op, m, n, at, dir)
	case m.Type == multipartForm && at != nil && r.doc.typeOf(at) != "string":
		r.multipartMedia(op, m, n, at, dir)
	default:
		m.judge, m.tree = judgeUnread, judgeNothing
		if kind := r.doc.typeOf(at); kind == "object" || kind == "array" {
			r.warnOnce("unread "+m.Type, n, "operation %s: %s is not read, so that its schema judges nothing", op.ID, m.Type)
		}
	}
	r.unreadEncoding(op, m, n)
	return m
}

// unreadEncoding tells what of an encoding object is not heeded. Parts have a type and
// headers; styles are for forms, for those of parts since OpenAPI 3.1.
func (r *reader) unreadEncoding(op *Operation, m *Media, n *payload.Node) {
	encoding := n.Member("encoding")
	if encoding == nil || m.Format != 0 {
		return
	}
	for field := range encoding.Children() {
		for _, keyword := range []string{"style", "explode", "contentType", "headers"} {
			own := field.Member(keyword)
			styles := keyword == "style" || keyword == "explode"
			switch {
			case own == nil || !styles && m.write != nil || styles && m.styled:
			case styles && m.write != nil:
				r.warnOnce("encoding "+keyword, own, "operation %s: the %s of the field %s is of OpenAPI 3.1 in %s, and not heeded in a document of 3.0", op.ID, keyword, field.Name, m.Type)
			default:
				r.warnOnce("encoding "+keyword, own, "operation %s: the %s of the field %s is not read", op.ID, keyword, field.Name)
			}
		}
	}
}

// named gives the pointer of a schema: of the component, when it is a reference.
func (r *reader) named(at *payload.Node) string {
	if ref := at.Member("$ref"); ref != nil && strings.HasPrefix(ref.Value, "#/") {
		return ref.Value
	}
	return r.doc.pointer(at)
}

func (r *reader) jsonMedia(m *Media, at *payload.Node, dir schema.Direction) {
	compiled := r.lazy(at, dir)
	m.jsonValidator = compiled
	m.tree = func(t *payload.Tree) []schema.Violation {
		validator, err := compiled()
		if err != nil {
			return []schema.Violation{notCompiled(err)}
		}
		if t == nil || t.Root == nil {
			return []schema.Violation{{Kind: schema.Malformed, Expected: "a JSON body", Actual: "no body"}}
		}
		if t.Format != payload.JSON {
			return []schema.Violation{{Kind: schema.Malformed, Expected: "a JSON body", Actual: "an XML body"}}
		}
		return r.doc.places(validator.Validate(t))
	}
	m.judge = func(body []byte, charset string) (*payload.Tree, []schema.Violation) {
		t, malformed := parseJSON(body, charset)
		if malformed != nil {
			return nil, malformed
		}
		return t, m.tree(t)
	}
}

// compiles compiles what judges the body, if anything does.
func (m *Media) compiles() error {
	switch {
	case m.compile != nil:
		return m.compile()
	case m.jsonValidator != nil:
		_, err := m.jsonValidator()
		return err
	}
	return nil
}

// places marks what no source documents (x-basis: inferred), and writes schema
// places in other files as a person finds them.
func (d *document) places(found []schema.Violation) []schema.Violation {
	for i := range found {
		if v := &found[i]; strings.HasPrefix(v.Schema, "#/") {
			v.Basis = d.basis(v.Schema[2:])
			v.Schema = d.display(v.Schema)
		}
	}
	return found
}

// basis is "inferred" when the schema at a pointer, or one around it, says so.
func (d *document) basis(pointer string) string {
	n := d.tree.Root
	for pointer != "" && n != nil {
		token, rest, _ := strings.Cut(pointer, "/")
		pointer = rest
		if n.Kind == payload.Array {
			i, err := strconv.Atoi(token)
			if err != nil {
				return ""
			}
			n = n.Item(i)
		} else {
			n = n.Member(payload.UnescapePointer(token))
		}
		if n != nil && n.Kind == payload.Object {
			if b := n.Member("x-basis"); b != nil && b.Value == schema.BasisInferred {
				return schema.BasisInferred
			}
		}
	}
	return ""
}

func parseJSON(body []byte, charset string) (*payload.Tree, []schema.Violation) {
	// RFC 8259, 11: JSON has no charset, and what a Content-Type says of one changes
	// nothing. What is not UTF-8 cannot be read, and then it says why.
	if charset != "" && !utf8.Valid(body) {
		return nil, []schema.Violation{{Kind: schema.Malformed, Expected: "JSON in UTF-8", Actual: "charset " + clip(charset)}}
	}
	t, err := payload.ParseJSON(body, payload.JSONLimits{})
	if err == nil {
		return t, nil
	}
	v := schema.Violation{Kind: schema.Malformed, Expected: "JSON", Actual: err.Error()}
	var syntax *payload.SyntaxError
	if errors.As(err, &syntax) {
		v.Expected, v.Actual = syntax.Sides()
		v.Line, v.Col = syntax.Line, syntax.Col
	}
	if len(body) == 0 {
		v.Expected, v.Actual = "JSON", "an empty body"
	}
	return nil, []schema.Violation{v}
}

func judgeAnyJSON(body []byte, charset string) (*payload.Tree, []schema.Violation) {
	return parseJSON(body, charset)
}

// judgeUnread stands for bodies that are neither JSON nor XML: they pass unread.
func judgeUnread([]byte, string) (*payload.Tree, []schema.Violation) { return nil, nil }

func judgeNothing(*payload.Tree) []schema.Violation { return nil }

// formMedia judges a form by its JSON schema, one member per field.
func (r *reader) formMedia(op *Operation, m *Media, n, at *payload.Node, dir schema.Direction) {
	r.jsonMedia(m, at, dir)
	shape := r.doc.shape(at, 2)
	m.styles, m.styled = r.fieldStyles(op, n, at), true
	m.judge = func(body []byte, _ string) (*payload.Tree, []schema.Violation) {
		t, found := parseForm(body, shape, m.styles)
		if t == nil {
			return nil, found
		}
		return t, append(found, m.tree(t)...)
	}
}

// xsdSet compiles each XSD of a bundle once, when it is first needed.
type xsdSet struct {
	read func(name string) ([]byte, error)
	mu   sync.Mutex
	done map[string]func() (*schema.XSD, error)
}

func (s *xsdSet) get(name string) (*schema.XSD, error) {
	s.mu.Lock()
	compile := s.done[name]
	if compile == nil {
		compile = sync.OnceValues(func() (*schema.XSD, error) {
			return schema.XSDFiles{Read: s.read}.CompileFiles(name)
		})
		if s.done == nil {
			s.done = map[string]func() (*schema.XSD, error){}
		}
		s.done[name] = compile
	}
	s.mu.Unlock()
	return compile()
}
