package schema

import (
	"strconv"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// TextMember is the member that stands for the text of an element that has
// attributes too.
const TextMember = "#text"

// JSONView describes elements of XSDs as the JSON that they stand for: a JSON
// schema with "xml" objects, as OpenAPI has them. Values are made by it, and rules
// and the state see bodies in its form; it judges nothing, the XSD does. Complex
// types become components, so that the same type is the same schema everywhere.
type JSONView struct {
	// Exclusive30 writes exclusive bounds as OpenAPI 3.0 does: beside the bound.
	Exclusive30 bool
	// Taken tells which names of components are in use.
	Taken func(name string) bool
	// Components are the schemas made so far, each with its name.
	Components []*payload.Node

	names map[*xsdType]string
	model *xsdModel
}

// Of describes a global element; nil if the XSD has none of that name. What it
// gives is a schema, or a reference to a component.
func (v *JSONView) Of(x *XSD, root string) *payload.Node {
	e := x.model.roots[root]
	if e == nil {
		return nil
	}
	v.model = x.model
	if e.typ != nil && v.complex(e.typ) && e.typ.name == "" && v.names[e.typ] == "" {
		v.component(e.typ, root)
	}
	return v.element(e)
}

// complex tells the types that become objects.
func (v *JSONView) complex(t *xsdType) bool {
	return t.content != nil || len(t.attributes) > 0 || t.text == nil || len(t.derived) > 0
}

func (v *JSONView) component(t *xsdType, name string) string {
	if have := v.names[t]; have != "" {
		return have
	}
	if v.names == nil {
		v.names = map[*xsdType]string{}
	}
	own := func(name string) bool {
		for _, c := range v.Components {
			if c.Name == name {
				return true
			}
		}
		return v.Taken != nil && v.Taken(name)
	}
	free := name
	for i := 2; own(free); i++ {
		free = name + strconv.Itoa(i)
	}
	v.names[t] = free
	// The place is taken before the members are described: they may refer to it.
	at := len(v.Components)
	v.Components = append(v.Components, &payload.Node{Kind: payload.Object, Name: free})
	made := v.object(t)
	made.Name = free
	v.Components[at] = made
	return free
}

// element describes one occurrence of an element.
func (v *JSONView) element(e *xsdElement) *payload.Node {
	t := e.typ
	switch {
	case t == nil:
		return node(payload.Object)
	case !v.complex(t):
		n := v.simple(t.text, 0)
		if e.fixed != "" {
			n = fixedTo(n, e.fixed)
		}
		if e.nillable {
			v.nullable(n)
		}
		return n
	case e.nillable:
		return v.nilled(t, v.described(t))
	}
	return v.described(t)
}

// described describes an element of a complex type.
func (v *JSONView) described(t *xsdType) *payload.Node {
	switch {
	case len(t.derived) > 0:
		return v.named(t)
	case t.name != "" || v.names[t] != "":
		return v.reference(t)
	}
	return v.object(t)
}

// nilled lets an element of a complex type be nil: null, or an object with xsi:nil where
// it has attributes, which it keeps.
func (v *JSONView) nilled(t *xsdType, described *payload.Node) *payload.Node {
	nothing := node(payload.Object)
	switch {
	case len(t.attributes) == 0 && v.Exclusive30:
		nothing.Append(named("nullable", &payload.Node{Kind: payload.Bool, Value: "true"}))
		list := node(payload.Array)
		list.Append(&payload.Node{Kind: payload.Null, Value: "null"})
		nothing.Append(named("enum", list))
	case len(t.attributes) == 0:
		nothing.Append(named("type", str("null")))
	default:
		b := &objectView{v: v, properties: node(payload.Object), required: node(payload.Array)}
		b.properties.Append(named(xsiNil, v.constant("true")))
		b.required.Append(str(xsiNil))
		for _, a := range t.attributes {
			b.attribute(a)
		}
		nothing.Append(named("type", str("object")))
		nothing.Append(named("required", b.required))
		nothing.Append(named("properties", b.properties))
	}
	list := node(payload.Array)
	list.Append(described)
	list.Append(nothing)
	either := node(payload.Object)
	either.Append(named("anyOf", list))
	return either
}

// constant describes an attribute with one value.
func (v *JSONView) constant(value string) *payload.Node {
	is := node(payload.Object)
	is.Append(named("type", str("string")))
	is.Append(named("enum", listOf(is, value)))
	xml := node(payload.Object)
	xml.Append(named("attribute", &payload.Node{Kind: payload.Bool, Value: "true"}))
	is.Append(named("xml", xml))
	return is
}

// nullable lets a simple element be null, which xsi:nil says in XML.
func (v *JSONView) nullable(n *payload.Node) {
	null := func() *payload.Node { return &payload.Node{Kind: payload.Null, Value: "null"} }
	kind, list := n.Member("type"), n.Member("enum")
	switch {
	case kind == nil:
		return // of several types, none of which is nothing
	case v.Exclusive30:
		n.Append(named("nullable", &payload.Node{Kind: payload.Bool, Value: "true"}))
	default:
		either := named("type", node(payload.Array))
		either.Append(str(kind.Value))
		either.Append(str("null"))
		kind.Detach()
		n.Append(either)
	}
	if list != nil {
		list.Append(null())
	}
}

func (v *JSONView) reference(t *xsdType) *payload.Node {
	ref := node(payload.Object)
	ref.Append(named("$ref", str("#/components/schemas/"+payload.EscapePointer(v.component(t, t.name)))))
	return ref
}

// named describes an element of a type from which others are derived: the type itself,
// if it is not abstract, or one of the others, which xsi:type names.
func (v *JSONView) named(t *xsdType) *payload.Node {
	list := node(payload.Array)
	if !t.abstract {
		list.Append(v.reference(t))
	}
	for _, one := range t.derived {
		properties, required := node(payload.Object), node(payload.Array)
		properties.Append(named(xsiType, v.constant(one.name)))
		required.Append(str(xsiType))
		which := node(payload.Object)
		which.Append(named("type", str("object")))
		which.Append(named("required", required))
		which.Append(named("properties", properties))
		both := node(payload.Array)
		both.Append(v.reference(one))
		both.Append(which)
		branch := node(payload.Object)
		branch.Append(named("allOf", both))
		list.Append(branch)
	}
	any := node(payload.Object)
	any.Append(named("anyOf", list))
	return any
}

func (v *JSONView) object(t *xsdType) *payload.Node {
	o := node(payload.Object)
	o.Append(named("type", str("object")))
	b := &objectView{v: v, t: t, properties: node(payload.Object), required: node(payload.Array)}
	if t.content != nil {
		b.particle(t.content, 1, 1)
	}
	for _, a := range t.attributes {
		b.attribute(a)
	}
	if t.text != nil {
		text := v.simple(t.text, 0)
		xml := node(payload.Object)
		xml.Append(named("nodeType", str("text")))
		text.Append(named("xml", xml))
		b.properties.Append(named(TextMember, text))
		b.required.Append(str(TextMember))
	}
	if b.required.First() != nil {
		o.Append(named("required", b.required))
	}
	o.Append(named("properties", b.properties))
	if t.content != nil {
		t.content.wildcards(1, 1, func(p *xsdParticle, least, most int) { v.wildcard(o, p, least, most) })
	}
	switch len(b.choices) {
	case 0:
	case 1:
		o.Append(named("anyOf", b.choices[0]))
	default:
		all := node(payload.Array)
		for _, c := range b.choices {
			one := node(payload.Object)
			one.Append(named("anyOf", c))
			all.Append(one)
		}
		o.Append(named("allOf", all))
	}
	return o
}

// objectView gathers the members of one object.
type objectView struct {
	v                    *JSONView
	t                    *xsdType
	properties, required *payload.Node
	choices              []*payload.Node
}

// particle adds what a particle holds. least is how often it is there whatever
// else is, most how often it can be, as the particles around it say.
func (b *objectView) particle(p *xsdParticle, least, most int) {
	least, most = min(least*p.min, 1<<20), timesOccurs(most, p.max)
	if most == 0 {
		return
	}
	switch {
	case p.kind == anElement:
		b.element(p.element, least, most)
		return
	case p.kind == inChoice && len(p.parts) > 1 && most == 1:
		b.choice(p, least > 0)
		return
	case p.kind == inChoice && len(p.parts) > 1:
		b.anyOf(p, least, most)
		return
	}
	for _, part := range p.parts {
		b.particle(part, least, most)
	}
}

// anyOf adds alternatives of which several may be there: none has to, but where one
// has to, the first does.
func (b *objectView) anyOf(p *xsdParticle, least, most int) {
	for i, part := range p.parts {
		if i > 0 {
			least = 0
		}
		b.particle(part, least, most)
	}
}

// choice adds alternatives, each an object of its own.
func (b *objectView) choice(p *xsdParticle, needed bool) {
	list := node(payload.Array)
	for _, part := range p.parts {
		branch := &objectView{v: b.v, t: b.t, properties: node(payload.Object), required: node(payload.Array)}
		branch.particle(part, 1, 1)
		one := node(payload.Object)
		if branch.required.First() != nil {
			one.Append(named("required", branch.required))
		}
		if branch.properties.First() != nil {
			one.Append(named("properties", branch.properties))
		}
		list.Append(one)
	}
	if !needed {
		list.Append(node(payload.Object)) // none of them
	}
	b.choices = append(b.choices, list)
}

func (b *objectView) element(e *xsdElement, least, most int) {
	if e == nil || b.properties.Member(b.t.key(e)) != nil {
		return // a second declaration of the same name
	}
	n := repeated(b.v.element(e), least, most)
	if key := b.t.key(e); key != e.name {
		n = inSpace(n, e.name, e.space)
		b.properties.Append(named(key, n))
	} else {
		b.properties.Append(named(e.name, n))
	}
	if least > 0 {
		b.required.Append(str(b.t.key(e)))
	}
}

// repeated describes a list where an element may occur other than once.
func repeated(n *payload.Node, least, most int) *payload.Node {
	if most == 1 {
		return n
	}
	list := node(payload.Object)
	list.Append(named("type", str("array")))
	list.Append(named("items", n))
	if least > 0 {
		list.Append(named("minItems", number(strconv.Itoa(least))))
	}
	if most != unbounded {
		list.Append(named("maxItems", number(strconv.Itoa(most))))
	}
	return list
}

// inSpace says the name and the namespace of an element whose member is called otherwise.
func inSpace(n *payload.Node, name, space string) *payload.Node {
	xml := node(payload.Object)
	xml.Append(named("name", str(name)))
	xml.Append(named("namespace", str(space)))
	if n.Member("$ref") != nil {
		all, both := node(payload.Array), node(payload.Object)
		all.Append(n)
		both.Append(named("allOf", all))
		n = both
	}
	n.Append(named("xml", xml))
	return n
}

func (b *objectView) attribute(a *xsdAttribute) {
	name := a.name
	inXML := a.name
	if b.properties.Member(name) != nil {
		name = "@" + name
		if b.t != nil && b.t.attribute(a.name) != a { // another one of the same name is in another namespace
			inXML = written(a.space, a.name)
			name = "@" + inXML
		}
	}
	n := b.v.simple(a.typ, 0)
	if a.fixed != "" {
		n = fixedTo(n, a.fixed)
	}
	xml := node(payload.Object)
	xml.Append(named("attribute", &payload.Node{Kind: payload.Bool, Value: "true"}))
	if name != a.name {
		xml.Append(named("name", str(inXML)))
	}
	n.Append(named("xml", xml))
	b.properties.Append(named(name, n))
	if a.required {
		b.required.Append(str(name))
	}
}

func node(k payload.Kind) *payload.Node { return &payload.Node{Kind: k} }

func str(s string) *payload.Node { return &payload.Node{Kind: payload.String, Value: s} }

func number(s string) *payload.Node { return &payload.Node{Kind: payload.Number, Value: s} }

func named(name string, n *payload.Node) *payload.Node {
	n.Name = name
	return n
}

// fixedTo leaves one value to a schema: as a text where JSON would spell it otherwise, for
// a fixed value is compared as it is written.
func fixedTo(schema *payload.Node, value string) *payload.Node {
	list := listOf(schema, value)
	if list.First().Value != value {
		schema = node(payload.Object)
		schema.Append(named("type", str("string")))
		list = listOf(schema, value)
	}
	schema.Append(named("enum", list))
	return schema
}

// listOf is a list of values of the type that a schema has.
func listOf(schema *payload.Node, values ...string) *payload.Node {
	kind := payload.String
	if t := schema.Member("type"); t != nil {
		switch t.Value {
		case "integer", "number":
			kind = payload.Number
		case "boolean":
			kind = payload.Bool
		}
	}
	list := node(payload.Array)
	for _, value := range values {
		own := kind
		switch text, ok := jsonNumber(value); {
		case kind == payload.Number && ok:
			value = text
		case kind == payload.Number:
			own = payload.String // INF and NaN
		case kind == payload.Bool && value == "1":
			value = "true"
		case kind == payload.Bool && value == "0":
			value = "false"
		}
		list.Append(&payload.Node{Kind: own, Value: value})
	}
	return list
}
