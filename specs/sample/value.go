package sample

import (
	"math/rand/v2"
	"strconv"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Bounds that keep recursive schemas from growing without end.
const (
	fullDepth = 4   // below it only what is required is made
	mostDepth = 16  // below it nothing more is made
	manyNodes = 400 // beyond it only what is required is made
	mostNodes = 20_000
)

// maker makes one value.
type maker struct {
	Options
	rand *rand.Rand
	// sparse leaves out whatever is not required; plain takes no example; first
	// takes the first of several choices.
	sparse, plain, first bool
	// contrary adds members that keep the other branches of a oneOf from fitting
	// too: alternatives that do not exclude each other are met in no other way.
	contrary bool
	avoid    *avoidance
	// optional are the places of members that could be left out.
	optional map[string]bool
	nodes    int
}

func (m *maker) value(v view, path string, depth int) *payload.Node {
	m.nodes++
	if v.never || m.nodes > mostNodes {
		return payload.FromGo(nil)
	}
	kind := v.kind()
	if n := m.given(v, kind, path, depth); n != nil {
		return n
	}
	switch kind {
	case "object":
		return m.object(v, path, depth)
	case "array":
		return m.array(v, path, depth)
	case "integer", "number":
		return payload.FromGo(m.number(v, kind == "integer"))
	case "boolean":
		return payload.FromGo(m.rand.IntN(2) == 0)
	case "null":
		return payload.FromGo(nil)
	}
	return payload.FromGo(m.text(v))
}

// given takes a value that the schema names: a constant, an example, a default,
// one of an enumeration.
func (m *maker) given(v view, kind, path string, depth int) *payload.Node {
	if c := v.find("const"); c != nil {
		return bare(c)
	}
	if !m.plain && !m.avoid.examples[path] {
		for _, keyword := range []string{"example", "examples", "default"} {
			n := v.find(keyword)
			if keyword == "examples" && n != nil {
				if n.Kind != payload.Array {
					continue
				}
				n = n.First()
			}
			if n == nil || !fits(n, kind) || depth == 0 && n.IsScalar() || keyword == "default" && n.Kind == payload.Null {
				continue
			}
			return bare(n)
		}
	}
	if list := v.find("enum"); list != nil && list.Kind == payload.Array && list.First() != nil {
		n := list.Item(m.rand.IntN(list.Len()))
		if n.Kind == payload.Null && list.Len() > 1 {
			if n = list.First(); n.Kind == payload.Null {
				n = n.Next()
			}
		}
		return bare(n)
	}
	return nil
}

// fits tells a value of the kind that a schema wants from one that is not.
func fits(n *payload.Node, kind string) bool {
	switch kind {
	case "object":
		return n.Kind == payload.Object
	case "array":
		return n.Kind == payload.Array
	case "integer", "number":
		return n.Kind == payload.Number
	case "boolean":
		return n.Kind == payload.Bool
	case "string":
		return n.Kind == payload.String
	}
	return true
}

func bare(n *payload.Node) *payload.Node {
	c := n.Clone()
	c.Name = ""
	return c
}

func (m *maker) object(v view, path string, depth int) *payload.Node {
	n := &payload.Node{Kind: payload.Object}
	required := v.required()
	scant := m.sparse || depth >= fullDepth || m.nodes > manyNodes
	add := func(name string, own view) {
		at := path + "/" + payload.EscapePointer(name)
		if !required[name] {
			if m.optional == nil {
				m.optional = map[string]bool{}
			}
			m.optional[at] = true
			if scant || m.avoid.members[at] {
				return
			}
		}
		if depth >= mostDepth {
			return
		}
		member := m.value(own, at, depth+1)
		member.Name = name
		n.Append(member)
	}
	have := map[string]bool{}
	for _, name := range v.memberNames() {
		have[name] = true
		own := m.views(v.members(name))
		if own.never || m.Sent && own.says("readOnly") || m.Received && own.says("writeOnly") {
			continue
		}
		if tag := v.tags[name]; tag != "" && own.allows(tag) {
			member := payload.FromGo(tag)
			member.Name = name
			n.Append(member)
			continue
		}
		add(name, own)
	}
	other := m.views(v.additional())
	for _, name := range v.requiredNames() {
		if tag := v.tags[name]; !have[name] && tag != "" {
			member := payload.FromGo(tag)
			member.Name = name
			n.Append(member)
		} else if !have[name] {
			add(name, other)
		}
	}
	m.exclude(n, v, have)
	for i := n.Len(); i < min(v.whole("minProperties", 0), 100); i++ {
		name := "key" + strconv.Itoa(i+1)
		required[name] = true
		add(name, other)
	}
	return n
}

// exclude adds, for each branch that was not chosen, one member that only this
// branch knows, with a value that it refuses.
func (m *maker) exclude(n *payload.Node, v view, have map[string]bool) {
	for _, other := range v.others {
		contrary := m.contrary
		m.contrary = false
		branch := m.view(other)
		for _, name := range branch.memberNames() {
			if have[name] || n.Member(name) != nil {
				continue
			}
			var refused *payload.Node
			switch m.views(branch.members(name)).kind() {
			case "":
				continue
			case "object":
				refused = payload.FromGo("sample")
			default:
				refused = &payload.Node{Kind: payload.Object}
			}
			refused.Name = name
			n.Append(refused)
			break
		}
		m.contrary = contrary
	}
}

func (m *maker) array(v view, path string, depth int) *payload.Node {
	n := &payload.Node{Kind: payload.Array}
	least, most := v.whole("minItems", 0), v.whole("maxItems", 1)
	count := least
	if count == 0 && !m.sparse && depth < fullDepth && m.nodes < manyNodes && most > 0 && !m.avoid.members[path+"/0"] {
		count = 1
	}
	first := v.find("prefixItems")
	items := v.all("items")
	for i := range min(count, 50) {
		own := m.views(items)
		if first != nil && i < first.Len() {
			own = m.view(first.Item(i))
		}
		at := path + "/" + strconv.Itoa(i)
		if least <= i {
			if m.optional == nil {
				m.optional = map[string]bool{}
			}
			m.optional[at] = true
		}
		if own.never {
			break
		}
		item := m.value(own, at, depth+1)
		if count > 1 && v.says("uniqueItems") {
			for range 20 {
				if !repeats(n, item) {
					break
				}
				m.avoid.examples[at] = true
				item = m.value(own, at, depth+1)
			}
		}
		n.Append(item)
	}
	return n
}

func repeats(list, item *payload.Node) bool {
	for have := range list.Children() {
		if payload.Equal(have, item) {
			return true
		}
	}
	return false
}
