package schema

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// XMLField is one element or attribute that a schema describes.
type XMLField struct {
	Path      string // without indexes: /orders/order/@sequence
	Attribute bool
	Leaf      bool     // has a value of its own and no children
	Required  bool     // whenever its parent is there
	Repeated  bool     // may occur more than once under its parent
	Type      string   // the built-in type: "int", "string" …; "" for unions, lists and parents
	Expected  string   // in words
	Enum      []string // the only values, nil if any
	Patterns  []string
	MinLength int    // -1: none
	MaxLength int    // -1: none
	Low, High string // inclusive bounds as written in the schema or given by the type, "" for none
	Fixed     string
	Basis     string // "" documented, [BasisInferred]
	Schema    string // file.xsd:line
}

// Fields lists everything that a body with this root can hold, in the order of
// the schema. A type that holds itself is listed once on each way.
func (v *XMLValidator) Fields() []XMLField {
	root := v.xsd.model.roots[v.root]
	w := fieldWalk{model: v.xsd.model}
	w.element("/"+v.root, root, XMLField{Required: true}, root.basis)
	return w.fields
}

// maxFields bounds what a schema with many shared types unfolds to.
const maxFields = 20_000

type fieldWalk struct {
	model  *xsdModel
	fields []XMLField
	on     []*xsdType
}

func (w *fieldWalk) element(path string, e *xsdElement, f XMLField, basis string) {
	if len(w.fields) >= maxFields {
		return
	}
	f.Path, f.Basis, f.Fixed, f.Schema = path, basis, e.fixed, w.model.place(e.line)
	f.Expected, f.MinLength, f.MaxLength = e.words(), -1, -1
	t := e.typ
	if t == nil {
		w.fields = append(w.fields, f)
		return
	}
	f.Leaf = t.text != nil
	f.facets(t.text)
	w.fields = append(w.fields, f)
	if slices.Contains(w.on, t) {
		return
	}
	w.on = append(w.on, t)
	defer func() { w.on = w.on[:len(w.on)-1] }()
	for _, a := range t.attributes {
		f := XMLField{Path: path + "/@" + a.name, Attribute: true, Leaf: true, Required: a.required, Fixed: a.fixed,
			Expected: a.words(), MinLength: -1, MaxLength: -1, Basis: basis, Schema: w.model.place(a.line)}
		if a.basis != "" {
			f.Basis = a.basis
		}
		f.facets(a.typ)
		w.fields = append(w.fields, f)
	}
	t.content.visit(true, 1, func(c *xsdElement, required bool, most int) {
		if c == nil || t.children[c.name] != c {
			return // a second declaration of the same name
		}
		b := basis
		if c.basis != "" {
			b = c.basis
		}
		w.element(path+"/"+c.name, c, XMLField{Required: required, Repeated: most != 1}, b)
	})
}

func (f *XMLField) facets(s *xsdSimple) {
	if s == nil || s.union != nil || s.list != nil {
		return
	}
	f.Type, f.Enum, f.Patterns, f.MinLength, f.MaxLength = s.builtin, s.enum, s.patterns, s.minLength, s.maxLength
	f.Low, f.High, _ = integerBounds(s.builtin)
	if s.low != "" && !s.lowOpen {
		f.Low = s.low
	}
	if s.high != "" && !s.highOpen {
		f.High = s.high
	}
}

// Inferred names the elements and attributes, by path without indexes and from
// every root, that the schema marks with
// <xs:annotation><xs:appinfo>inferred</xs:appinfo></xs:annotation>, and what
// lies in them.
func (x *XSD) Inferred() map[string]bool {
	inferred := map[string]bool{}
	for _, root := range x.Roots() {
		v := &XMLValidator{xsd: x, root: root}
		for _, f := range v.Fields() {
			if f.Basis == BasisInferred {
				inferred[f.Path] = true
			}
		}
	}
	return inferred
}

// Inferred reports whether the schema marks a field, or what it lies in, as inferred.
// The path may have indexes, '*' for any element, and any root; what the schema does
// not know is as documented as what it lies in.
func (v *XMLValidator) Inferred(path string) bool {
	_, rest, found := strings.Cut(strings.TrimPrefix(payload.StripIndexes(path), "/"), "/")
	if path == "" {
		return false
	}
	root := v.xsd.model.roots[v.root]
	if !found {
		return root.basis == BasisInferred
	}
	return inferredBelow(root, strings.Split(rest, "/"))
}

func inferredBelow(e *xsdElement, names []string) bool {
	if e.basis == BasisInferred || len(names) == 0 || e.typ == nil {
		return e.basis == BasisInferred
	}
	if name, is := strings.CutPrefix(names[0], "@"); is {
		a := e.typ.attribute(name)
		return a != nil && a.basis == BasisInferred
	}
	if names[0] != "*" {
		child := e.typ.children[names[0]]
		return child != nil && inferredBelow(child, names[1:])
	}
	for _, child := range e.typ.children {
		if !inferredBelow(child, names[1:]) {
			return false
		}
	}
	return len(e.typ.children) > 0
}
