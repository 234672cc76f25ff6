package schema

import (
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// InNamespace gives a tree with the namespaces of the schema, which trees do not
// keep, so that it can be written.
func (v *XMLValidator) InNamespace(t *payload.Tree) *payload.Tree {
	m := v.xsd.model
	if len(m.spaces) == 1 && m.spaces[""] && !m.mixed && !m.told || hasNamespace(t.Root) {
		return t
	}
	t = t.Clone()
	root := m.roots[v.root]
	w := &spaceWriter{model: m, plain: root.space, prefixes: map[string]string{}}
	if !m.qualified || (m.mixed || m.wild) && w.anyUnqualified(t.Root, root, root.space) {
		w.plain = ""
	}
	w.write(t.Root, root, root.space)
	if w.plain != "" {
		t.Root.Append(&payload.Node{Kind: payload.Attribute, Name: "xmlns", Value: w.plain})
	}
	for _, space := range w.used {
		t.Root.Append(&payload.Node{Kind: payload.Attribute, Name: "xmlns:" + w.prefixes[space], Value: space})
	}
	return t
}

// spaceWriter writes names with the prefixes of their namespaces.
type spaceWriter struct {
	model    *xsdModel
	plain    string // the namespace of elements without a prefix
	prefixes map[string]string
	used     []string // in the order of their use
}

// of gives what is declared for an element inside another, and its namespace.
func (w *spaceWriter) of(c *payload.Node, parent *xsdElement, around string) (*xsdElement, string) {
	var t *xsdType
	if parent != nil {
		t = w.model.typeOf(c.Parent(), parent)
	}
	return w.model.spaceOf(c, t, around)
}

func (w *spaceWriter) anyUnqualified(n *payload.Node, e *xsdElement, around string) bool {
	for c := range n.Children() {
		if c.Kind != payload.Element {
			continue
		}
		if child, space := w.of(c, e, around); space == "" || w.anyUnqualified(c, child, space) {
			return true
		}
	}
	return false
}

func (w *spaceWriter) write(n *payload.Node, e *xsdElement, space string) {
	for c := range n.Children() {
		if c.Kind == payload.Element {
			child, in := w.of(c, e, space)
			w.write(c, child, in)
		}
	}
	for c := range n.Children() {
		if c.Kind == payload.Attribute {
			if strings.HasPrefix(c.Name, xsiPrefix) {
				w.instance(c)
				continue
			}
			if c.Name == payload.SpaceAttr {
				c.Detach() // a prefix says it
				continue
			}
			if space, local := splitName(c.Name); local != c.Name {
				c.Name = w.prefix(space) + local
				continue
			}
			if e == nil || e.typ == nil || !w.model.mixed {
				continue
			}
			if a := w.model.typeOf(n, e).attribute(c.Name); a != nil && a.space != "" {
				c.Name = w.prefix(a.space) + c.Name
			}
		}
	}
	if space != w.plain {
		n.Name = w.prefix(space) + n.Name
	}
}

// instance writes the name in an xsi:type.
func (w *spaceWriter) instance(a *payload.Node) {
	if t := w.model.types[a.Value]; a.Name == xsiType && t != nil && t.space != "" {
		a.Value = w.prefix(t.space) + a.Value
	}
}

// prefix gives the prefix of a namespace, with its colon.
func (w *spaceWriter) prefix(space string) string {
	switch {
	case space == "":
		return ""
	case space == xmlSpace:
		return "xml:"
	case w.prefixes[space] == "":
		w.used = append(w.used, space)
		w.prefixes[space] = "b"
		if n := len(w.used); n > 1 {
			w.prefixes[space] += strconv.Itoa(n)
		}
	}
	return w.prefixes[space] + ":"
}

// hasNamespace tells whether an element declares a namespace for itself.
func hasNamespace(n *payload.Node) bool {
	for c := range n.Children() {
		if c.Kind == payload.Attribute && (c.Name == "xmlns" || strings.HasPrefix(c.Name, "xmlns:")) {
			return true
		}
	}
	return false
}
