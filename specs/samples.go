package specs

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/sample"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Sample makes a body that the media type accepts, as JSON: also for XML and
// forms that a JSON schema describes. The same seed gives the same body. nil
// where nothing is described that a body could be made of; where the schema
// cannot be met, what comes nearest to it.
func (m *Media) Sample(seed uint64) *payload.Tree { return m.sampleWithin(seed, 0) }

// sampleWithin is Sample for those who cannot wait: after that many values no further
// attempt is made.
func (m *Media) sampleWithin(seed uint64, most int) *payload.Tree {
	if m.node == nil || m.jsonValidator == nil {
		return nil
	}
	tree, _ := sample.Make(m.node.Member("schema"), sample.Options{
		Seed: seed, Within: most, Sent: m.dir == schema.Request, Received: m.dir == schema.Response, Follow: m.follow, Matches: schema.NewMatcher(), Judge: m.wrong, Complete: m.referred(),
	})
	return tree
}

// referred lets the references of a made-up body lead somewhere; nil where nothing refers.
func (m *Media) referred() func(*payload.Tree) *payload.Tree {
	if m.refer == nil || !m.refers() {
		return nil
	}
	return func(made *payload.Tree) *payload.Tree {
		asXML := m.AsXML(made)
		m.refer(asXML)
		return m.AsJSON(asXML)
	}
}

// wrong gives the places of what the media type refuses in a body.
func (m *Media) wrong(t *payload.Tree) []string {
	found := schema.Hard(m.tree(t))
	pointer := func(path string) string { return path }
	if len(found) == 0 && m.shape != nil {
		found = schema.Hard(m.tree(m.AsXML(t)))
		pointer = func(path string) string { return pointerOf(t, path) }
	}
	var paths []string
	for _, v := range found {
		paths = append(paths, pointer(v.Path))
	}
	return paths
}

// pointerOf is the JSON Pointer of what an XPath of the XML names that a JSON body stands
// for: of that which holds it, where it is not there.
func pointerOf(t *payload.Tree, path string) string {
	steps := strings.Split(path, "/")
	n, pointer := t.Root, ""
	for _, step := range steps[min(2, len(steps)):] {
		name, index, _ := strings.Cut(strings.TrimSuffix(step, "]"), "[")
		next := n.Member(name)
		if attribute, is := strings.CutPrefix(name, "@"); is && next == nil {
			name = attribute
			next = n.Member(name)
		}
		if next == nil {
			for c := range n.Children() {
				if strings.HasPrefix(c.Name, "{") && strings.HasSuffix(c.Name, "}"+name) {
					next, name = c, c.Name
				}
			}
		}
		pointer += "/" + payload.EscapePointer(name)
		if next == nil {
			return pointer
		}
		if n = next; n.Kind == payload.Array {
			i, err := strconv.Atoi(index)
			if err != nil {
				i = 1
			}
			item := n.Item(i - 1)
			if item == nil {
				return pointer
			}
			pointer += "/" + strconv.Itoa(i-1)
			n = item
		}
	}
	return pointer
}

// SampleBody makes a body as it is sent, with its media type: what Sample makes,
// written as JSON, XML or a form; a few bytes for types that nobody reads. ok is
// false where no valid body can be made.
func (m *Media) SampleBody(seed uint64) (body []byte, mediaType string, ok bool) {
	mediaType = m.Concrete()
	switch {
	case m.jsonValidator != nil:
		tree := m.Sample(seed)
		if tree == nil {
			return nil, "", false
		}
		switch {
		case m.shape != nil:
			tree = m.AsXML(tree)
			body = m.InNamespace(tree).XML()
		case m.Format == payload.JSON:
			body = tree.JSON()
		case m.write != nil:
			body = m.write(tree)
		default:
			body = writeForm(tree, m.styles)
		}
		return body, mediaType, len(schema.Hard(m.tree(tree))) == 0
	case m.Format == payload.JSON:
		return []byte("{}"), mediaType, true
	case m.Format == payload.XML:
		return []byte("<sample/>"), mediaType, m.Root == ""
	}
	return placeholder(mediaType), mediaType, true
}

// Write writes a body as it is sent: a form as a form, all else in the notation of its
// tree.
func (m *Media) Write(t *payload.Tree) []byte {
	switch {
	case t.Format == payload.XML:
		return m.InNamespace(t).XML()
	case m != nil && m.write != nil:
		return m.write(t)
	case m != nil && m.Type == "application/x-www-form-urlencoded":
		return writeForm(t, m.styles)
	}
	return t.JSON()
}

// Concrete is the type to send: that of a range such as "*/*" is chosen.
func (m *Media) Concrete() string {
	major, minor, _ := strings.Cut(m.Type, "/")
	if m.write != nil {
		return m.Type + "; boundary=" + ownBoundary
	}
	if minor != "*" {
		return m.Type
	}
	switch {
	case m.Format == payload.JSON || major == "application":
		return "application/json"
	case major == "*":
		return "text/plain" // nothing says what it is
	case major == "text":
		return "text/plain"
	case major == "image":
		return "image/gif"
	}
	return major + "/octet-stream"
}

// smallestGIF is an image of one pixel.
const smallestGIF = "R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

func placeholder(mediaType string) []byte {
	switch {
	case mediaType == "image/gif":
		image, _ := base64.StdEncoding.DecodeString(smallestGIF)
		return image
	case mediaType == "text/html":
		return []byte("<!doctype html><title>sample</title>")
	case mediaType == "text/csv":
		return []byte("sample\n1\n")
	}
	return []byte("sample")
}

// writeForm writes the members of an object as the fields of a form; a list is
// its field repeated, and an object in it is written as JSON.
func writeForm(t *payload.Tree, styles fieldStyles) []byte {
	values := url.Values{}
	if t.Root.Kind != payload.Object {
		return nil
	}
	for c := range t.Root.Children() {
		if sent, styled := styles.write(c); styled {
			for name, all := range sent {
				values[name] = append(values[name], all...)
			}
			continue
		}
		switch c.Kind {
		case payload.Array:
			for item := range c.Children() {
				values.Add(c.Name, formText(item))
			}
		default:
			values.Add(c.Name, formText(c))
		}
	}
	return []byte(values.Encode())
}

func formText(n *payload.Node) string {
	switch n.Kind {
	case payload.Object, payload.Array:
		return string(n.JSON())
	case payload.Null:
		return ""
	}
	return n.Value
}
