package specs

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

const (
	multipartForm = "multipart/form-data"
	// maxParts bounds what a form is read into, and maxBoundary what stands between
	// its parts (RFC 2046, 5.1.1).
	maxParts    = 1000
	maxBoundary = 70
	// ownBoundary stands between the parts of a form that is made here.
	ownBoundary = "roadworthy-0d6a2f1b7e11"
)

// partRule is what the encoding object says of one part.
type partRule struct {
	types   []string // that it may have; none is any
	headers []*Param
}

// multipartMedia judges a form of parts by its JSON schema, one member per name, and
// by its encoding.
func (r *reader) multipartMedia(op *Operation, m *Media, n, at *payload.Node, dir schema.Direction) {
	r.jsonMedia(m, at, dir)
	shape, rules := r.doc.shape(at, 2), r.partRules(op, n, at, dir)
	if m.styled = !r.doc.v30; m.styled {
		m.styles = r.fieldStyles(op, n, at)
	}
	m.judge = func(body []byte, _ string) (*payload.Tree, []schema.Violation) {
		t, found := parseMultipart(body, shape, rules, m.styles)
		if t == nil {
			return nil, found
		}
		return t, append(found, m.tree(t)...)
	}
	m.write = func(t *payload.Tree) []byte { return writeMultipart(t, rules, m.styles) }
}

// partRules reads the encoding of each part; what a part holds, its schema may say
// too (contentMediaType).
func (r *reader) partRules(op *Operation, n, at *payload.Node, dir schema.Direction) map[string]*partRule {
	rules := map[string]*partRule{}
	if at = r.doc.follow(at); at != nil && at.Member("properties") != nil {
		for p := range at.Member("properties").Children() {
			if holds := r.doc.follow(p); holds != nil && text(holds, "contentMediaType") != "" {
				rules[p.Name] = &partRule{types: []string{text(holds, "contentMediaType")}}
			}
		}
	}
	encoding := n.Member("encoding")
	if encoding == nil || encoding.Kind != payload.Object {
		return rules
	}
	for field := range encoding.Children() {
		rule := &partRule{}
		for one := range strings.SplitSeq(text(field, "contentType"), ",") {
			if one = strings.ToLower(bareType(one)); one != "" {
				rule.types = append(rule.types, one)
			}
		}
		if headers := field.Member("headers"); headers != nil {
			for h := range headers.Children() {
				if described := r.doc.follow(h); described != nil && !strings.EqualFold(h.Name, "Content-Type") {
					rule.headers = append(rule.headers, r.param(op, described, h.Name, "header", dir))
				}
			}
		}
		rules[field.Name] = rule
	}
	return rules
}

func notMultipart(what string) []schema.Violation {
	return []schema.Violation{{Kind: schema.Malformed, Expected: "a form of parts (multipart/form-data)", Actual: what}}
}

// Misframed says why a body of parts cannot be taken apart by its Content-Type; "" if
// it can, or is no form of parts.
func (m *Media) Misframed(contentType string, body []byte) string {
	if m == nil || m.Type != multipartForm || m.write == nil {
		return ""
	}
	_, params, err := mime.ParseMediaType(contentType)
	switch boundary, own := params["boundary"], boundaryOf(body); {
	case err != nil || boundary == "":
		return "Content-Type: expected multipart/form-data with a boundary, found " + quoted(clip(contentType))
	case len(boundary) > maxBoundary:
		return "Content-Type: the boundary has " + strconv.Itoa(len(boundary)) + " characters, more than the 70 of RFC 2046"
	case own != "" && own != boundary:
		return "Content-Type: the boundary is " + quoted(boundary) + ", and the body is parted by " + quoted(own)
	}
	return ""
}

// boundaryOf finds what stands between the parts of a body.
func boundaryOf(body []byte) string {
	for rest := body; len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimRight(line, " \t\r")
		if bytes.HasPrefix(line, []byte("--")) && len(line) > 2 && len(line) <= maxBoundary+4 {
			boundary := string(line[2:])
			if closed, is := strings.CutSuffix(boundary, "--"); is && len(bytes.TrimSpace(after)) == 0 {
				boundary = closed // a form without parts
			}
			return boundary
		}
		rest = after
	}
	return ""
}

// parseMultipart makes an object of a form: one member per name, a list where the
// schema says so or a name stands twice.
func parseMultipart(body []byte, shape *valueShape, rules map[string]*partRule, styles fieldStyles) (*payload.Tree, []schema.Violation) {
	boundary := boundaryOf(body)
	if boundary == "" {
		return nil, notMultipart("a body without a line that begins with -- and the boundary")
	}
	root := &payload.Node{Kind: payload.Object}
	var found []schema.Violation
	values := url.Values{} // of fields with a style
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for count := 0; ; count++ {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			styled, wrong := styles.take(values)
			for _, field := range styled {
				root.Append(field)
			}
			found = append(found, wrong...)
			return &payload.Tree{Format: payload.JSON, Root: root}, found
		}
		if err != nil {
			return nil, notMultipart("part " + strconv.Itoa(count+1) + " cannot be read: " + clip(err.Error()))
		}
		if count == maxParts {
			return nil, notMultipart("more than " + strconv.Itoa(maxParts) + " parts")
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, notMultipart("part " + strconv.Itoa(count+1) + " does not end: " + clip(err.Error()))
		}
		name := part.FormName()
		if name == "" {
			return nil, notMultipart("part " + strconv.Itoa(count+1) + " has no Content-Disposition: form-data with a name")
		}
		found = append(found, rules[name].judge(name, part.Header)...)
		if utf8.Valid(content) && slices.ContainsFunc(styles, func(d *valueDecoder) bool { return d.takes(name) }) {
			values.Add(name, string(content))
			continue
		}
		own := shape.members[name]
		if own == nil {
			own = shape.other
		}
		addPart(root, own, name, content, part.Header.Get("Content-Type"))
	}
}

func addPart(root *payload.Node, own *valueShape, name string, content []byte, mediaType string) {
	have := root.Member(name)
	list := own != nil && own.array
	if list && have == nil {
		if whole := partValue(own, content, mediaType); whole.Kind == payload.Array {
			whole.Name = name
			root.Append(whole)
			return
		}
		have = root.Append(&payload.Node{Kind: payload.Array, Name: name})
	}
	item := own
	if list {
		item = own.items
	}
	value := partValue(item, content, mediaType)
	switch {
	case have == nil:
		value.Name = name
		root.Append(value)
	case have.Kind == payload.Array:
		have.Append(value)
	default: // a name that stands twice and is no list
		first := have.Clone()
		first.Name = ""
		have.Detach()
		both := root.Append(&payload.Node{Kind: payload.Array, Name: name})
		both.Append(first)
		both.Append(value)
	}
}

// partValue reads one part: JSON by its type, else what the schema wants. Bytes that
// are no text stand as Base64.
func partValue(own *valueShape, content []byte, mediaType string) *payload.Node {
	if formatOf(mediaType) == payload.JSON {
		if t, err := payload.ParseJSON(content, payload.JSONLimits{}); err == nil {
			return t.Root
		}
	}
	if !utf8.Valid(content) {
		return &payload.Node{Kind: payload.String, Value: base64.StdEncoding.EncodeToString(content)}
	}
	return own.nested(string(content))
}

// judge holds the headers of a part against the encoding.
func (rule *partRule) judge(name string, header textproto.MIMEHeader) []schema.Violation {
	if rule == nil {
		return nil
	}
	var found []schema.Violation
	at := "/" + payload.EscapePointer(name)
	if given := strings.ToLower(bareType(header.Get("Content-Type"))); given != "" && len(rule.types) > 0 && !slices.ContainsFunc(rule.types, func(t string) bool { return typeWithin(given, t) }) {
		found = append(found, schema.Violation{Kind: schema.Value, Path: at, Expected: "a part of type " + strings.Join(rule.types, " or "), Actual: clip(given)})
	}
	for _, h := range rule.headers {
		values := header.Values(h.Name)
		if len(values) == 0 && h.Required {
			found = append(found, schema.Violation{Kind: schema.Missing, Path: at, Expected: "a part with the header " + h.Name, Actual: "absent"})
		} else if len(values) > 0 {
			for _, v := range h.Judge(values) {
				v.Path, v.Expected = at, v.Expected+" in the header "+h.Name+" of the part"
				found = append(found, v)
			}
		}
	}
	return found
}

// typeWithin tells a media type that is in a range such as "image/*".
func typeWithin(given, allowed string) bool {
	major, minor, _ := strings.Cut(allowed, "/")
	return given == allowed || allowed == "*/*" || minor == "*" && strings.HasPrefix(given, major+"/")
}

// writeMultipart writes the members of an object as parts; a list is its part
// repeated.
func writeMultipart(t *payload.Tree, rules map[string]*partRule, styles fieldStyles) []byte {
	if t.Root.Kind != payload.Object {
		return nil
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if w.SetBoundary(ownBoundary) != nil {
		return nil // never: it is a good one
	}
	for c := range t.Root.Children() {
		if sent, styled := styles.write(c); styled {
			for _, name := range sortedKeys(sent) {
				for _, value := range sent[name] {
					writePart(w, name, &payload.Node{Kind: payload.String, Value: value}, rules[name])
				}
			}
			continue
		}
		if c.Kind != payload.Array {
			writePart(w, c.Name, c, rules[c.Name])
			continue
		}
		for item := range c.Children() {
			writePart(w, c.Name, item, rules[c.Name])
		}
	}
	if w.Close() != nil {
		return nil // never: a buffer takes everything
	}
	return b.Bytes()
}

func writePart(w *multipart.Writer, name string, n *payload.Node, rule *partRule) {
	header := textproto.MIMEHeader{"Content-Disposition": {mime.FormatMediaType("form-data", map[string]string{"name": name})}}
	if rule != nil {
		for _, h := range rule.headers {
			if h.Required && h.Example != "" {
				header.Set(h.Name, h.Example)
			}
		}
	}
	switch {
	case rule != nil && len(rule.types) > 0 && !strings.Contains(rule.types[0], "*"):
		header.Set("Content-Type", rule.types[0])
	case n.Kind == payload.Object || n.Kind == payload.Array:
		header.Set("Content-Type", "application/json")
	}
	if part, err := w.CreatePart(header); err == nil {
		_, _ = part.Write([]byte(formText(n))) // a buffer takes everything
	}
}
