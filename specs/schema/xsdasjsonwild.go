package schema

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/sample"
)

// wildcard says what is made in the place of a wildcard that wants something. What it
// lets stand there is not described, so that nothing judges it here.
func (v *JSONView) wildcard(o *payload.Node, p *xsdParticle, least, most int) {
	if least == 0 {
		return
	}
	declared, made := v.model.candidates(p)
	list := node(payload.Array)
	add := func(name string, n *payload.Node) {
		space, local := splitName(name)
		properties, required, one := node(payload.Object), node(payload.Array), node(payload.Object)
		properties.Append(named(name, inSpace(repeated(n, least, most), local, space)))
		required.Append(str(name))
		one.Append(named("required", required))
		one.Append(named("properties", properties))
		list.Append(one)
	}
	for _, e := range declared {
		if e.typ != nil && v.complex(e.typ) && e.typ.name == "" && v.names[e.typ] == "" {
			v.component(e.typ, e.name)
		}
		add(written(e.space, e.name), v.element(e))
	}
	if made != "" {
		text := node(payload.Object)
		text.Append(named("type", str("string")))
		add(made, text)
	}
	if list.First() == nil {
		return // nothing may stand there: told when nothing valid can be made
	}
	way := node(payload.Object)
	way.Append(named("anyOf", list))
	v.made(o, way)
}

// made adds to what values are made by.
func (v *JSONView) made(n, more *payload.Node) {
	have := n.Member(sample.MadeKeyword)
	if have == nil {
		n.Append(named(sample.MadeKeyword, more))
		return
	}
	all := have.Member("allOf")
	if all == nil {
		have.Detach()
		have.Name = ""
		all = node(payload.Array)
		all.Append(have)
		both := node(payload.Object)
		both.Append(named("allOf", all))
		n.Append(named(sample.MadeKeyword, both))
	}
	all.Append(more)
}
