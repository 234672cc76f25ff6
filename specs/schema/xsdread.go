package schema

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// xsdReader reads a schema that libxml2 has already accepted, so a reference
// that leads nowhere is not an error here: it is left open.
type xsdReader struct {
	model    *xsdModel
	global   map[string]map[string]*payload.Node
	types    map[string]*xsdType
	simples  map[string]*xsdSimple
	elements map[string]*xsdElement
	groups   map[string]*xsdParticle
	// pending types are known by name and not read yet: a type may hold itself,
	// so nothing is read while something else is half read, but a base type.
	pending []*xsdType
	read    map[*xsdType]bool
	complex []*xsdType
	// substitutes are the elements that may stand in place of another.
	substitutes map[string][]string
	inferred    map[*payload.Node]bool // definitions of files that are inferred as a whole
}

// readXSD reads the files of a schema, of which the first is the one that was asked
// for: its namespace and its roots are those of the model. Names are written out.
func readXSD(file string, sources []*xsdSource) *xsdModel {
	r := &xsdReader{
		model:    &xsdModel{file: file, roots: map[string]*xsdElement{}, spaces: map[string]bool{}, repeats: map[string]bool{}},
		global:   map[string]map[string]*payload.Node{},
		types:    map[string]*xsdType{},
		simples:  map[string]*xsdSimple{},
		elements: map[string]*xsdElement{},
		groups:   map[string]*xsdParticle{},
		read:     map[*xsdType]bool{},
		inferred: map[*payload.Node]bool{},
	}
	main := sources[0]
	r.model.namespace, r.model.qualified = main.space, main.forms["element"] == "qualified"
	for _, source := range sources {
		root := source.tree()
		r.model.spaces[source.space] = true
		for n := range root.Children() {
			if r.global[n.Name] == nil {
				r.global[n.Name] = map[string]*payload.Node{}
			}
			r.global[n.Name][written(source.space, xsdAttr(n, "name"))] = n
			r.inferred[n] = basisOf(root, "") != ""
		}
	}
	r.readSubstitutes()
	for _, name := range slices.Sorted(maps.Keys(r.global["element"])) {
		if space, local := splitName(name); space == main.space {
			r.model.roots[local] = r.globalElement(name)
		}
	}
	r.readPending()
	r.readDerived()
	r.readGlobals()
	for _, t := range r.complex {
		r.finish(t)
	}
	return r.model
}

// readGlobals reads what a wildcard may let stand somewhere: every global element.
func (r *xsdReader) readGlobals() {
	for known := -1; r.model.wild && known < len(r.types); {
		known = len(r.types)
		r.model.globals = map[string]*xsdElement{}
		for _, name := range slices.Sorted(maps.Keys(r.global["element"])) {
			if !xsdTrue(r.global["element"][name], "abstract") {
				r.model.globals[name] = r.globalElement(name)
			}
		}
		r.readPending()
		r.readDerived()
	}
}

func (r *xsdReader) readPending() {
	for len(r.pending) > 0 {
		t := r.pending[0]
		r.pending = r.pending[1:]
		r.need(t)
	}
}

// need reads a named type now.
func (r *xsdReader) need(t *xsdType) {
	key := written(t.space, t.name)
	if r.types[key] != t || r.read[t] {
		return
	}
	r.read[t] = true
	if n := r.global["complexType"][key]; n != nil {
		r.fillComplex(t, n)
	} else if n := r.global["simpleType"][key]; n != nil {
		t.text, t.line, t.basis = r.simpleNamed(key), int(n.Line), basisOf(n, "")
	}
}

// finish lists the children of a type, when every group has been read.
func (r *xsdReader) finish(t *xsdType) {
	for _, a := range t.attributes {
		r.model.wild = r.model.wild || t.attribute(a.name) != a
	}
	t.open = t.open || t.content != nil && hasWildcard(t.content)
	t.children = map[string]*xsdElement{}
	t.content.visit(true, 1, func(e *xsdElement, _ bool, most int) {
		if e == nil {
			return
		}
		if key := t.key(e); t.children[key] == nil {
			t.children[key] = e
			r.model.wild = r.model.wild || key != e.name
		} else {
			most = unbounded // declared in two places, so there can be two
		}
		if most != 1 {
			r.model.repeats[e.name] = true
		}
	})
}

func xsdTrue(n *payload.Node, name string) bool {
	return slices.Contains([]string{"true", "1"}, strings.TrimSpace(xsdAttr(n, name)))
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

// builtin tells whether a name is one of XML Schema's, and gives it without its
// namespace then.
func (r *xsdReader) builtin(name string) (key string, builtin bool) {
	if space, local := splitName(name); space == xsdSpace {
		return local, true
	}
	return name, false
}

func (r *xsdReader) globalElement(name string) *xsdElement {
	if e := r.elements[name]; e != nil {
		return e
	}
	n := r.global["element"][name]
	if n == nil {
		return nil
	}
	space, local := splitName(name)
	e := &xsdElement{name: local, space: space}
	r.elements[name] = e
	r.fillElement(e, n)
	return e
}

func (r *xsdReader) fillElement(e *xsdElement, n *payload.Node) {
	e.line, e.fixed = int(n.Line), xsdAttr(n, "fixed")
	e.preset, e.nillable = xsdPreset(n), xsdTrue(n, "nillable")
	r.model.told = r.model.told || e.nillable
	around := ""
	if r.inferred[top(n)] {
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
			constraint := xsdConstraint{name: xsdAttr(c, "name"), kind: c.Name, line: int(c.Line), refer: xsdAttr(c, "refer")}
			r.model.refers = r.model.refers || c.Name == "keyref"
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

// top is the definition of a file that a node stands in.
func top(n *payload.Node) *payload.Node {
	for n.Parent() != nil && n.Parent().Parent() != nil {
		n = n.Parent()
	}
	return n
}

// typeNamed gives the type of that qualified name; an element without any type
// is of xs:anyType.
func (r *xsdReader) typeNamed(name string) *xsdType {
	local, builtin := r.builtin(name)
	switch {
	case name == "" || builtin && local == "anyType":
		r.model.wild = true
		return &xsdType{name: "anyType", mixed: true, open: true}
	case builtin:
		return &xsdType{name: local, text: r.simpleNamed(name)}
	}
	if t := r.types[local]; t != nil {
		return t
	}
	space, plain := splitName(local)
	t := &xsdType{name: plain, space: space}
	r.types[local] = t
	r.pending = append(r.pending, t)
	return t
}

func (r *xsdReader) fillComplex(t *xsdType, n *payload.Node) {
	t.line, t.basis, t.abstract = int(n.Line), basisOf(n, ""), xsdTrue(n, "abstract")
	t.mixed = xsdTrue(n, "mixed")
	r.complex = append(r.complex, t)
	r.fillContent(t, n)
	for c := range n.Children() {
		if c.Name != "simpleContent" && c.Name != "complexContent" {
			continue
		}
		t.mixed = t.mixed || xsdTrue(c, "mixed")
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
		if t.attributeIn(a.name, a.space) == nil && !prohibits(d, a.name) {
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

// prohibits tells whether a derivation takes an attribute of its base away.
func prohibits(d *payload.Node, name string) bool {
	for c := range d.Children() {
		if c.Name == "attribute" && xsdAttr(c, "use") == "prohibited" && xsdAttr(c, "name") == name {
			return true
		}
	}
	return false
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
			if g := r.global["attributeGroup"][xsdAttr(c, "ref")]; g != nil && g != n {
				r.fillContent(t, g)
			}
		case "anyAttribute":
			t.open, r.model.wild = true, true
		}
	}
}

func (r *xsdReader) attribute(t *xsdType, n *payload.Node) {
	use, decl := xsdAttr(n, "use"), n
	if ref := xsdAttr(n, "ref"); ref != "" {
		if decl = r.global["attribute"][ref]; decl == nil {
			decl = n
		}
	}
	if use == "prohibited" {
		return
	}
	a := &xsdAttribute{
		name: xsdAttr(decl, "name"), space: xsdAttr(decl, spaceMark), line: int(n.Line), required: use == "required",
		fixed: xsdAttr(decl, "fixed"), preset: xsdPreset(n), basis: basisOf(n, ""),
	}
	r.model.mixed = r.model.mixed || a.space != ""
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

// in notes the namespace of an element inside another.
func (r *xsdReader) in(space string) {
	if m := r.model; m.qualified && space != m.namespace || !m.qualified && space != "" {
		m.mixed = true
	}
}

func (r *xsdReader) particle(n *payload.Node) *xsdParticle {
	p := &xsdParticle{min: xsdOccurs(n, "minOccurs"), max: xsdOccurs(n, "maxOccurs")}
	switch n.Name {
	case "element":
		p.kind = anElement
		if ref := xsdAttr(n, "ref"); ref != "" {
			if e := r.globalElement(ref); e != nil {
				r.reference(p, e, ref)
				return p
			}
		}
		p.element = &xsdElement{name: xsdAttr(n, "name"), space: xsdAttr(n, spaceMark)}
		r.in(p.element.space)
		r.fillElement(p.element, n)
		return p
	case "any":
		p.kind, p.from, p.line = anyElement, xsdAttr(n, "namespace"), int(n.Line)
		p.target = xsdAttr(n, spaceMark)
		p.strict, r.model.wild = xsdAttr(n, "processContents") == "" || xsdAttr(n, "processContents") == "strict", true
		return p
	case "group":
		p.kind, p.parts = inSequence, []*xsdParticle{r.group(xsdAttr(n, "ref"))}
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
