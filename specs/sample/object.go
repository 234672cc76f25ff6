package sample

import (
	"strconv"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// objectMaker fills one object.
type objectMaker struct {
	*maker
	v        view
	n        *payload.Node
	path     string
	depth    int
	required map[string]bool
	scant    bool
	room     int // members that may still be added beyond the required ones
}

func (m *maker) object(v view, path string, depth int) *payload.Node {
	o := &objectMaker{maker: m, v: v, n: &payload.Node{Kind: payload.Object}, path: path, depth: depth,
		scant: m.sparse || depth >= fullDepth || m.nodes > manyNodes}
	o.dependents()
	o.required = o.v.required()
	o.room = o.v.most("maxProperties", 1000) - len(o.required)
	for _, name := range o.v.memberNames() {
		o.add(name)
	}
	for _, name := range o.v.requiredNames() {
		o.add(name)
	}
	for range 4 { // what is there may ask for more
		before := o.n.Len()
		o.demanded()
		if o.n.Len() == before {
			break
		}
	}
	for i := 0; o.n.Len() < min(o.v.least("minProperties"), 100) && i < 200; i++ {
		name := o.newName(i)
		o.required[name] = true
		o.add(name)
	}
	return o.n
}

// add makes a member, where it is required or there is room for it.
func (o *objectMaker) add(name string) {
	if o.n.Member(name) != nil || o.depth >= mostDepth || !o.v.permits(name) {
		return
	}
	at := o.path + "/" + payload.EscapePointer(name)
	if !o.required[name] {
		if o.optional == nil {
			o.optional = map[string]bool{}
		}
		o.optional[at] = true
		if o.scant || o.avoid.members[at] || o.room <= 0 {
			return
		}
	}
	own := o.views(o.v.members(name), at)
	if own.never || o.Sent && own.says("readOnly") || o.Received && own.says("writeOnly") {
		return
	}
	var member *payload.Node
	if tag := o.v.tags[name]; tag != "" && own.allows(tag) && (own.kind() == "string" || own.kind() == "") {
		member = payload.FromGo(tag)
	} else {
		member = o.value(own, at, o.depth+1)
	}
	member.Name = name
	o.n.Append(member)
	if !o.required[name] {
		o.room--
	}
}

// dependents takes what the schema asks for when a member is there (dependentSchemas)
// as asked for always: the member is there, or does no harm.
func (o *objectMaker) dependents() {
	names := o.v.required()
	for _, keyword := range []string{"dependentSchemas", "dependencies"} {
		for _, list := range o.v.all(keyword) {
			for c := range list.Children() {
				if c.Kind == payload.Object && (names[c.Name] || !o.scant) {
					o.expand(&o.v, c, o.path, 1)
				}
			}
		}
	}
}

// demanded adds the members that others bring with them (dependentRequired).
func (o *objectMaker) demanded() {
	for _, keyword := range []string{"dependentRequired", "dependencies"} {
		for _, list := range o.v.all(keyword) {
			for c := range list.Children() {
				if c.Kind != payload.Array || o.n.Member(c.Name) == nil {
					continue
				}
				for name := range c.Children() {
					o.required[name.Value] = true
					o.add(name.Value)
				}
			}
		}
	}
}

// newName makes up the name of a member that no schema lists.
func (o *objectMaker) newName(i int) string {
	if names := o.v.all("propertyNames"); len(names) > 0 {
		if n := o.value(o.views(names, ""), "", mostDepth); n.Kind == payload.String && n.Value != "" {
			return n.Value
		}
	}
	for _, patterns := range o.v.all("patternProperties") {
		if p := patterns.Item(i % max(patterns.Len(), 1)); p != nil {
			if name, ok := o.patternText(p.Name, 0, 1000); ok && name != "" {
				return name
			}
		}
	}
	return "key" + strconv.Itoa(i+1)
}
