package specs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// toldOnce is a warning about many places, with the first of them.
type toldOnce struct {
	at   int // in the warnings of the contract
	text string
	more int
}

// warnOnce is warn for what a document may say ten thousand times: it is told of the
// first place, with the number of the others.
func (r *reader) warnOnce(key string, n *payload.Node, format string, args ...any) {
	if t := r.told[key]; t != nil {
		t.more++
		return
	}
	r.warn(n, format, args...)
	r.told[key] = &toldOnce{at: len(r.c.Warnings) - 1, text: r.c.Warnings[len(r.c.Warnings)-1]}
}

// objects walks through the objects of the document by their kinds, and tells what
// they say and nothing heeds.
func (r *reader) objects() {
	w := &objectWalk{reader: r, kinds: objectKinds(), seen: map[*payload.Node]bool{}}
	w.visit(r.doc.tree.Root, "document")
	for _, t := range r.told {
		if t.more > 0 {
			r.c.Warnings[t.at] = fmt.Sprintf("%s; the same in %d more places", t.text, t.more)
		}
	}
}

type objectWalk struct {
	*reader
	kinds map[string]objectKind
	seen  map[*payload.Node]bool
	byID  map[string]*Operation // by the ids of the document, when a link asks for one
}

func (w *objectWalk) visit(n *payload.Node, kind string) {
	if n == nil || n.Kind != payload.Object || w.seen[n] {
		return
	}
	w.seen[n] = true
	if ref := n.Member("$ref"); ref != nil && ref.Kind == payload.String {
		w.beside(n, kind)
		w.visit(w.doc.follow(n), kind)
		return
	}
	known := w.kinds[kind]
	any, open := known["*"]
	for c := range n.Children() {
		if strings.HasPrefix(c.Name, "x-") {
			continue
		}
		m, ok := known[c.Name]
		if !ok && open {
			m, ok = any, true
			m.each = false
		}
		if !ok {
			w.unknown(c, kind, known)
			continue
		}
		w.since(c, kind, m)
		switch {
		case m.kind == "":
		case !m.each:
			w.visit(c, m.kind)
		default:
			for one := range c.Children() {
				if !strings.HasPrefix(one.Name, "x-") {
					w.visit(one, m.kind)
				}
			}
		}
	}
	w.rules(n, kind)
}

// beside tells what stands beside a reference and is not heeded there.
func (w *objectWalk) beside(n *payload.Node, kind string) {
	for c := range n.Children() {
		switch {
		case c.Name == "$ref" || c.Name == "summary" || c.Name == "description" || strings.HasPrefix(c.Name, "x-"):
		default:
			w.warnOnce("beside "+kind+" "+c.Name, c, "%s of a %s has no effect beside a $ref", c.Name, kind)
		}
	}
}

func (w *objectWalk) unknown(c *payload.Node, kind string, known objectKind) {
	if kind == "document" && c.Name == filesMember {
		return
	}
	near := yamlfile.Nearest(c.Name, slices.Sorted(maps.Keys(known)))
	if near != "" {
		near = " (did you mean " + near + "?)"
	}
	w.warnOnce("unknown "+kind+" "+c.Name, c, "%q is no member of a %s of OpenAPI and is not heeded%s", clip(c.Name), kind, near)
}

// since tells a member of a version after that of the document.
func (w *objectWalk) since(c *payload.Node, kind string, m member) {
	key := "since " + kind + " " + c.Name
	switch {
	case m.since == "3.2":
		w.warnOnce(key, c, "%s of a %s is of OpenAPI 3.2 and is not heeded", c.Name, kind)
	case m.since == "3.1" && w.doc.v30 && c.Name == "jsonSchemaDialect":
		w.warnOnce(key, c, "%s is of OpenAPI 3.1 and is not heeded in a document of 3.0", c.Name)
	case m.since == "3.1" && w.doc.v30:
		w.warnOnce(key, c, "%s of a %s is of OpenAPI 3.1, and read as that; this document declares %s", c.Name, kind, w.doc.tree.Root.Member("openapi").Value)
	}
}
