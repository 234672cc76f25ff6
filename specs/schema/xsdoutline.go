package schema

import (
	"slices"
	"strings"
)

// XMLOutline is an element or attribute of an XSD with what lies in it, for
// comparing two schemas. Names of types are not in it: nobody sees them in a body.
type XMLOutline struct {
	Name      string
	Attribute bool
	Line      int
	Basis     string // "" documented, [BasisInferred]
	// Min and Max are how often it occurs in its parent; Max is -1 without a bound.
	// Min is 0 for one of several alternatives.
	Min, Max int
	// Choice numbers the choice of its parent that it is an alternative of, from 1;
	// 0 for none. Ordered tells that its place among its siblings counts.
	// ChoiceMin is how often one of the alternatives must be there.
	Choice, ChoiceMin int
	Ordered           bool
	Fixed             string
	Default           *string
	Nillable          bool
	Mixed             bool
	// Open tells that anything else may stand in it; From are the namespaces of its
	// wildcards for elements, "##any" for all.
	Open bool
	From []string
	// Recursive marks an element that holds itself further up; it has no children here.
	Recursive bool
	Value     *XMLValue // of its text; nil when it has none
	// Constraints are the unique, key and keyref of the element, in words.
	Constraints []string
	Children    []*XMLOutline // attributes, then elements in the order of the schema
}

// XMLValue is what a text may be.
type XMLValue struct {
	Builtin                string // "int", "string" …; "" for a union or list
	Enum, Patterns         []string
	MinLength, MaxLength   int    // -1: none
	Low, High              string // "" for none
	LowOpen, HighOpen      bool   // exclusive
	TotalDigits, Fractions int    // -1: none
	Union                  []*XMLValue
	List                   *XMLValue
}

// Namespace gives the target namespace, and whether local elements are in it.
func (x *XSD) Namespace() (name string, qualified bool) { return x.model.namespace, x.model.qualified }

// Place names a line of the schema, as "file:line".
func (x *XSD) Place(line int) string { return x.model.place(line) }

// Includes lists the files, besides the one that was compiled, whose definitions are in
// its namespace.
func (x *XSD) Includes() []string { return x.included }

// Outline unfolds a global element; nil if there is none of that name.
func (x *XSD) Outline(root string) *XMLOutline {
	e := x.model.roots[root]
	if e == nil {
		return nil
	}
	w := &outlineWalk{left: maxFields}
	return w.element(e, e.basis)
}

type outlineWalk struct {
	on   []*xsdType
	left int
}

func (w *outlineWalk) element(e *xsdElement, basis string) *XMLOutline {
	w.left--
	o := &XMLOutline{Name: e.name, Line: e.line, Basis: basis, Min: 1, Max: 1, Fixed: e.fixed, Default: e.preset, Nillable: e.nillable}
	for _, c := range e.constraints {
		o.Constraints = append(o.Constraints, c.kind+" "+strings.Join(c.fields, ", ")+" of "+c.selector)
	}
	slices.Sort(o.Constraints)
	t := e.typ
	if t == nil {
		return o
	}
	o.Mixed, o.Open, o.Value = t.mixed, t.open, outlineValue(t.text, 0)
	if slices.Contains(w.on, t) || w.left <= 0 {
		o.Recursive = true
		return o
	}
	w.on = append(w.on, t)
	defer func() { w.on = w.on[:len(w.on)-1] }()
	for _, a := range t.attributes {
		child := &XMLOutline{Name: a.name, Attribute: true, Line: a.line, Basis: basis, Max: 1, Fixed: a.fixed, Default: a.preset, Value: outlineValue(a.typ, 0)}
		if a.basis != "" {
			child.Basis = a.basis
		}
		if a.required {
			child.Min = 1
		}
		o.Children = append(o.Children, child)
	}
	if t.content != nil {
		choices := 0
		w.particle(o, t, t.content, occurs{min: 1, max: 1, ordered: true}, &choices)
	}
	slices.Sort(o.From)
	o.From = slices.Compact(o.From)
	return o
}

// occurs is what the particles around one say of it.
type occurs struct {
	min, max  int
	choice    int
	choiceMin int
	ordered   bool
}

func (w *outlineWalk) particle(o *XMLOutline, t *xsdType, p *xsdParticle, around occurs, choices *int) {
	here := around
	here.min, here.max = min(around.min*p.min, 1<<30), timesOccurs(around.max, p.max)
	switch p.kind {
	case anElement:
		if p.element == nil || t.children[p.element.name] != p.element || w.left <= 0 {
			return // a second declaration of the same name
		}
		basis := o.Basis
		if p.element.basis != "" {
			basis = p.element.basis
		}
		child := w.element(p.element, basis)
		child.Min, child.Max, child.Ordered = here.min, here.max, here.ordered
		child.Choice, child.ChoiceMin = here.choice, here.choiceMin
		o.Children = append(o.Children, child)
		return
	case inChoice:
		if p.standsIn { // the element stays what it was; what may stand in its place is optional
			w.particle(o, t, p.parts[0], here, choices)
			here.min = 0
			for _, part := range p.parts[1:] {
				w.particle(o, t, part, here, choices)
			}
			return
		}
		if len(p.parts) > 1 {
			*choices++
			here.choice, here.choiceMin, here.min = *choices, here.min, 0
		}
		here.ordered = here.ordered && p.max == 1
	case inAll:
		here.ordered = false
	case anyElement:
		o.Open = true
		from := p.from
		if from == "" {
			from = "##any"
		}
		o.From = append(o.From, from)
	}
	for _, part := range p.parts {
		w.particle(o, t, part, here, choices)
	}
}

func outlineValue(s *xsdSimple, depth int) *XMLValue {
	if s == nil || depth > 16 {
		return nil
	}
	v := &XMLValue{Builtin: s.builtin, Enum: s.enum, Patterns: s.patterns, MinLength: s.minLength, MaxLength: s.maxLength,
		Low: s.low, High: s.high, LowOpen: s.lowOpen, HighOpen: s.highOpen, TotalDigits: s.totalDigits, Fractions: s.fractions}
	for _, member := range s.union {
		if one := outlineValue(member, depth+1); one != nil {
			v.Union = append(v.Union, one)
		}
	}
	v.List = outlineValue(s.list, depth+1)
	return v
}
