package schema

import "github.com/roadworthy-project/roadworthy/specs/payload"

// xsdModel is what an XSD declares, read into Go. It judges nothing: libxml2
// does. It explains: which field is meant, what was expected there, whether a
// child is unknown, misplaced or one too many, and where the schema says so.
type xsdModel struct {
	file      string
	parts     []xsdPart              // what comes from other files
	namespace string                 // targetNamespace
	qualified bool                   // elementFormDefault
	spaces    map[string]bool        // the target namespaces of all files
	mixed     bool                   // some elements or attributes are in another namespace than the two above say
	told      bool                   // a body may need xsi:type or xsi:nil
	wild      bool                   // a name alone may not tell what an element is
	refers    bool                   // there is an xs:keyref or xs:IDREF
	globals   map[string]*xsdElement // of all files, by {namespace}name, where wild
	types     map[string]*xsdType    // that have a name, by it
	roots     map[string]*xsdElement
	repeats   map[string]bool // names with maxOccurs other than 1 anywhere
}

// place names a line by the file that it stands in.
func (m *xsdModel) place(line int) string { return placeOf(m.parts, m.file, line) }

// unbounded is the maxOccurs of the same name.
const unbounded = -1

type xsdElement struct {
	name, space string
	line        int
	basis       string // "inferred" or ""
	named       bool   // the name alone is inferred, what lies in it is not
	typ         *xsdType
	fixed       string
	preset      *string // its default
	nillable    bool
	constraints []xsdConstraint
}

// xsdConstraint is an xs:unique, xs:key or xs:keyref. The field is the last of fields.
type xsdConstraint struct {
	name, kind, field string
	refer             string // of a keyref: the key, {namespace}name
	selector          string
	fields            []string
	line              int
}

// xsdType is a simple or complex type. A complex type with simple content has
// both text and attributes.
type xsdType struct {
	name, space string
	line        int
	basis       string
	text        *xsdSimple // nil: element-only, empty or mixed
	mixed       bool
	abstract    bool         // a body names one of those derived from it
	derived     []*xsdType   // that a body may name, which are not abstract
	content     *xsdParticle // nil: no children
	attributes  []*xsdAttribute
	open        bool // xs:anyType, xs:any or xs:anyAttribute: extras are described
	// children are the elements that may stand in it, by name. Where two of different
	// namespaces have the same, the second is there as {namespace}name.
	children map[string]*xsdElement
}

type xsdAttribute struct {
	name, space string
	line        int
	basis       string
	required    bool
	fixed       string
	preset      *string // its default
	typ         *xsdSimple
}

type particleKind uint8

const (
	anElement particleKind = iota
	inSequence
	inChoice
	inAll
	anyElement
)

type xsdParticle struct {
	kind     particleKind
	min, max int
	element  *xsdElement
	parts    []*xsdParticle
	from     string // of a wildcard: the namespaces that it takes
	strict   bool   // of a wildcard: what it takes must be declared
	target   string // of a wildcard: the target namespace of its file
	line     int    // of a wildcard
	// standsIn is set for a choice of an element and those that may stand in its place.
	standsIn bool
}

// xsdSimple is a simple type: a built-in one with facets, a union or a list.
type xsdSimple struct {
	name                   string
	line                   int
	builtin                string // "int", "string" …; "" for a union or list
	enum                   []string
	patterns               []string
	minLength, maxLength   int // -1: none
	low, high              string
	lowOpen, highOpen      bool // exclusive
	totalDigits, fractions int  // -1: none
	union                  []*xsdSimple
	list                   *xsdSimple
}

func (t *xsdType) attribute(name string) *xsdAttribute {
	for _, a := range t.attributes {
		if a.name == name {
			return a
		}
	}
	return nil
}

// attributeIn tells attributes of the same name by their namespace.
func (t *xsdType) attributeIn(name, space string) *xsdAttribute {
	for _, a := range t.attributes {
		if a.name == name && a.space == space {
			return a
		}
	}
	return nil
}

// child is the declaration of an element of a body inside this type: by its name, and by
// its namespace where the tree says one.
func (t *xsdType) child(n *payload.Node) *xsdElement {
	if a := n.Attr(payload.SpaceAttr); a != nil {
		if e := t.children[n.Name]; e != nil && e.space == a.Value {
			return e
		}
		return t.children[written(a.Value, n.Name)]
	}
	return t.children[n.Name]
}

// key is the name by which a type knows one of its children.
func (t *xsdType) key(e *xsdElement) string {
	if other := t.children[e.name]; other != nil && other.space != e.space {
		return written(e.space, e.name)
	}
	return e.name
}

// visit calls fn for every element particle below p, with the product of the
// occurrences on the way: required tells that one must be there whatever else
// is, max how many there can be.
func (p *xsdParticle) visit(required bool, most int, fn func(e *xsdElement, required bool, most int)) {
	if p == nil {
		return
	}
	required = required && p.min > 0
	most = timesOccurs(most, p.max)
	if p.kind == anElement {
		fn(p.element, required, most)
		return
	}
	for _, part := range p.parts {
		part.visit(required && (p.kind != inChoice || len(p.parts) == 1), most, fn)
	}
}

func timesOccurs(a, b int) int {
	switch {
	case a == 0 || b == 0:
		return 0
	case a == unbounded || b == unbounded:
		return unbounded
	}
	return min(a*b, 1<<30)
}
