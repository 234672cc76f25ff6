package schema

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// xsdReader reads a schema that libxml2 has already accepted, so a reference
// that leads nowhere is not an error here: it is left open.
type xsdReader struct {
	model    *xsdModel
	prefix   string // of the XML Schema namespace
	global   map[string]map[string]*payload.Node
	types    map[string]*xsdType
	simples  map[string]*xsdSimple
	elements map[string]*xsdElement
	groups   map[string]*xsdParticle
	// pending types are known by name and not read yet: a type may hold itself,
	// so nothing is read while something else is half read, but a base type.
	pending  []*xsdType
	read     map[*xsdType]bool
	complex  []*xsdType
	inferred bool // the whole schema
}

var schemaTag = regexp.MustCompile(`<(?:([A-Za-z_][\w.-]*):)?schema[\s>]`)

func readXSD(file string, source []byte, tree *payload.Tree) *xsdModel {
	r := &xsdReader{
		model:    &xsdModel{file: file, roots: map[string]*xsdElement{}, repeats: map[string]bool{}},
		global:   map[string]map[string]*payload.Node{},
		types:    map[string]*xsdType{},
		simples:  map[string]*xsdSimple{},
		elements: map[string]*xsdElement{},
		groups:   map[string]*xsdParticle{},
		read:     map[*xsdType]bool{},
	}
	if m := schemaTag.FindSubmatch(withoutComments(source)); m != nil {
		r.prefix = string(m[1])
	}
	root := tree.Root
	r.model.namespace = xsdAttr(root, "targetNamespace")
	r.model.qualified = xsdAttr(root, "elementFormDefault") == "qualified"
	r.inferred = basisOf(root, "") != ""
	for n := range root.Children() {
		if r.global[n.Name] == nil {
			r.global[n.Name] = map[string]*payload.Node{}
		}
		r.global[n.Name][xsdAttr(n, "name")] = n
	}
	for n := range root.Children() {
		if n.Name == "element" {
			name := xsdAttr(n, "name")
			r.model.roots[name] = r.globalElement(name)
		}
	}
	for len(r.pending) > 0 {
		t := r.pending[0]
		r.pending = r.pending[1:]
		r.need(t)
	}
	for _, t := range r.complex {
		r.finish(t)
	}
	return r.model
}

// need reads a named type now.
func (r *xsdReader) need(t *xsdType) {
	if r.types[t.name] != t || r.read[t] {
		return
	}
	r.read[t] = true
	if n := r.global["complexType"][t.name]; n != nil {
		r.fillComplex(t, n)
	} else if n := r.global["simpleType"][t.name]; n != nil {
		t.text, t.line, t.basis = r.simpleNamed(t.name), int(n.Line), basisOf(n, "")
	}
}

// finish lists the children of a type, when every group has been read.
func (r *xsdReader) finish(t *xsdType) {
	t.open = t.open || t.content != nil && hasWildcard(t.content)
	t.children = map[string]*xsdElement{}
	t.content.visit(true, 1, func(e *xsdElement, _ bool, most int) {
		if e == nil {
			return
		}
		if t.children[e.name] == nil {
			t.children[e.name] = e
		} else {
			most = unbounded // declared in two places, so there can be two
		}
		if most != 1 {
			r.model.repeats[e.name] = true
		}
	})
}

func withoutComments(source []byte) []byte {
	for {
		from := bytes.Index(source, []byte("<!--"))
		if from < 0 {
			return source
		}
		to := bytes.Index(source[from:], []byte("-->"))
		if to < 0 {
			return source
		}
		source = slices.Concat(source[:from], source[from+to+3:])
	}
}

// xsdPreset gives the default of a declaration; nil if it has none.
func xsdPreset(n *payload.Node) *string {
	if a := n.Attr("default"); a != nil {
		value := a.Value
		return &value
	}
	return nil
}

func xsdAttr(n *payload.Node, name string) string {
	if a := n.Attr(name); a != nil {
		return a.Value
	}
	return ""
}

// nameInferred marks a root element of which no source shows the name, only what lies
// in it: <xs:annotation><xs:appinfo>name inferred</xs:appinfo></xs:annotation>.
const nameInferred = "name inferred"

// basisOf reads <xs:annotation><xs:appinfo>inferred</xs:appinfo></xs:annotation>;
// without one the basis of what is around holds.
func basisOf(n *payload.Node, around string) string {
	for annotation := range n.Children() {
		if annotation.Name != "annotation" {
			continue
		}
		for info := range annotation.Children() {
			if info.Name == "appinfo" {
				switch strings.TrimSpace(info.Value) {
				case BasisInferred:
					return BasisInferred
				case "documented", nameInferred:
					return ""
				}
			}
		}
	}
	return around
}

// builtin splits a qualified name and tells whether it is one of XML Schema's.
func (r *xsdReader) builtin(name string) (local string, builtin bool) {
	prefix, local, found := strings.Cut(name, ":")
	if !found {
		prefix, local = "", name
	}
	if r.global["simpleType"][local] != nil || r.global["complexType"][local] != nil {
		return local, prefix == r.prefix && prefix != ""
	}
	return local, true
}

func (r *xsdReader) globalElement(name string) *xsdElement {
	if e := r.elements[name]; e != nil {
		return e
	}
	n := r.global["element"][name]
	if n == nil {
		return nil
	}
	e := &xsdElement{name: name}
	r.elements[name] = e
	r.fillElement(e, n)
	return e
}

func (r *xsdReader) fillElement(e *xsdElement, n *payload.Node) {
	e.line, e.fixed = int(n.Line), xsdAttr(n, "fixed")
	e.preset, e.nillable = xsdPreset(n), slices.Contains([]string{"true", "1"}, xsdAttr(n, "nillable"))
	around := ""
	if r.inferred {
		around = BasisInferred
	}
	e.basis = basisOf(n, around)
	for annotation := range n.Children() {
		for info := range annotation.Children() {
			e.named = e.named || annotation.Name == "annotation" && info.Name == "appinfo" && strings.TrimSpace(info.Value) == nameInferred
		}
	}
	for c := range n.Children() {
		switch c.Name {
		case "simpleType":
			s := r.simple(c)
			e.typ = &xsdType{line: s.line, text: s}
		case "complexType":
			e.typ = &xsdType{}
			r.fillComplex(e.typ, c)
		case "unique", "key", "keyref":
			constraint := xsdConstraint{name: xsdAttr(c, "name"), kind: c.Name, line: int(c.Line)}
			for f := range c.Children() {
				switch f.Name {
				case "selector":
					constraint.selector = xsdAttr(f, "xpath")
				case "field":
					constraint.field = xsdAttr(f, "xpath")
					constraint.fields = append(constraint.fields, constraint.field)
				}
			}
			e.constraints = append(e.constraints, constraint)
		}
	}
	if e.typ == nil {
		e.typ = r.typeNamed(xsdAttr(n, "type"))
	}
}

// typeNamed gives the type of that qualified name; an element without any type
// is of xs:anyType.
func (r *xsdReader) typeNamed(name string) *xsdType {
	local, builtin := r.builtin(name)
	switch {
	case name == "" || builtin && local == "anyType":
		return &xsdType{name: "anyType", mixed: true, open: true}
	case builtin:
		return &xsdType{name: name, text: r.simpleNamed(name)}
	}
	if t := r.types[local]; t != nil {
		return t
	}
	t := &xsdType{name: local}
	r.types[local] = t
	r.pending = append(r.pending, t)
	return t
}

func (r *xsdReader) fillComplex(t *xsdType, n *payload.Node) {
	t.line, t.basis = int(n.Line), basisOf(n, "")
	t.mixed = xsdAttr(n, "mixed") == "true"
	r.complex = append(r.complex, t)
	r.fillContent(t, n)
	for c := range n.Children() {
		if c.Name != "simpleContent" && c.Name != "complexContent" {
			continue
		}
		t.mixed = t.mixed || xsdAttr(c, "mixed") == "true"
		for d := range c.Children() {
			if d.Name == "extension" || d.Name == "restriction" {
				r.derive(t, c.Name, d)
			}
		}
	}
}

// derive fills a type from its base and what the derivation adds to it.
func (r *xsdReader) derive(t *xsdType, content string, d *payload.Node) {
	base := r.typeNamed(xsdAttr(d, "base"))
	r.need(base)
	r.fillContent(t, d)
	for _, a := range base.attributes {
		if t.attribute(a.name) == nil {
			t.attributes = append(t.attributes, a)
		}
	}
	t.open = t.open || d.Name == "extension" && base.open
	if content == "simpleContent" {
		if t.text = base.text; d.Name == "restriction" && base.text != nil {
			t.text = r.facets(base.text, d)
		}
		return
	}
	if d.Name == "extension" && base.content != nil {
		if t.content == nil {
			t.content = base.content
		} else {
			t.content = &xsdParticle{kind: inSequence, min: 1, max: 1, parts: []*xsdParticle{base.content, t.content}}
		}
	}
}

// fillContent reads the model group and the attributes directly inside n.
func (r *xsdReader) fillContent(t *xsdType, n *payload.Node) {
	for c := range n.Children() {
		switch c.Name {
		case "sequence", "choice", "all", "group":
			t.content = r.particle(c)
		case "attribute":
			r.attribute(t, c)
		case "attributeGroup":
			local, _ := r.builtin(xsdAttr(c, "ref"))
			if g := r.global["attributeGroup"][local]; g != nil && g != n {
				r.fillContent(t, g)
			}
		case "anyAttribute":
			t.open = true
		}
	}
}

func (r *xsdReader) attribute(t *xsdType, n *payload.Node) {
	use, decl := xsdAttr(n, "use"), n
	if ref := xsdAttr(n, "ref"); ref != "" {
		local, _ := r.builtin(ref)
		if decl = r.global["attribute"][local]; decl == nil {
			decl = n
		}
	}
	if use == "prohibited" {
		return
	}
	a := &xsdAttribute{
		name: xsdAttr(decl, "name"), line: int(n.Line), required: use == "required",
		fixed: xsdAttr(decl, "fixed"), preset: xsdPreset(n), basis: basisOf(n, ""),
	}
	for c := range decl.Children() {
		if c.Name == "simpleType" {
			a.typ = r.simple(c)
		}
	}
	if a.typ == nil {
		a.typ = r.simpleNamed(xsdAttr(decl, "type"))
	}
	t.attributes = append(t.attributes, a)
}

func (r *xsdReader) particle(n *payload.Node) *xsdParticle {
	p := &xsdParticle{min: xsdOccurs(n, "minOccurs"), max: xsdOccurs(n, "maxOccurs")}
	switch n.Name {
	case "element":
		p.kind = anElement
		if ref := xsdAttr(n, "ref"); ref != "" {
			local, _ := r.builtin(ref)
			if p.element = r.globalElement(local[strings.LastIndexByte(local, ':')+1:]); p.element != nil {
				return p
			}
		}
		p.element = &xsdElement{name: xsdAttr(n, "name")}
		r.fillElement(p.element, n)
		return p
	case "any":
		p.kind, p.from = anyElement, xsdAttr(n, "namespace")
		return p
	case "group":
		local, _ := r.builtin(xsdAttr(n, "ref"))
		p.kind, p.parts = inSequence, []*xsdParticle{r.group(local)}
		return p
	case "choice":
		p.kind = inChoice
	case "all":
		p.kind = inAll
	default:
		p.kind = inSequence
	}
	for c := range n.Children() {
		switch c.Name {
		case "element", "any", "group", "sequence", "choice", "all":
			p.parts = append(p.parts, r.particle(c))
		}
	}
	return p
}

// group reads a named model group, once: an element inside may lead back to it.
func (r *xsdReader) group(name string) *xsdParticle {
	if p := r.groups[name]; p != nil {
		return p
	}
	p := &xsdParticle{kind: inSequence, min: 1, max: 1}
	r.groups[name] = p
	if g := r.global["group"][name]; g != nil {
		for c := range g.Children() {
			if c.Name != "annotation" && c.Kind == payload.Element {
				p.parts = append(p.parts, r.particle(c))
			}
		}
	}
	return p
}

func hasWildcard(p *xsdParticle) bool {
	return p.kind == anyElement || slices.ContainsFunc(p.parts, hasWildcard)
}

func xsdOccurs(n *payload.Node, name string) int {
	value := xsdAttr(n, name)
	if value == "unbounded" {
		return unbounded
	}
	if i, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
		return i
	}
	return 1
}
