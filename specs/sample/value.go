package sample

import (
	"math/rand/v2"
	"slices"

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
	rand    *rand.Rand
	attempt int
	// sparse leaves out whatever is not required; plain takes no example.
	sparse, plain bool
	avoid         *avoidance
	// optional are the places of members that could be left out, given those of
	// examples that were taken, chosen the branches.
	optional map[string]bool
	given    map[string]bool
	chosen   map[choice]picked
	nodes    int
}

func (m *maker) value(v view, path string, depth int) *payload.Node {
	m.nodes++
	if v.never || m.nodes > mostNodes {
		return payload.FromGo(nil)
	}
	n := m.one(v, path, depth)
	if m.avoid.wrong[path] > 0 {
		for _, other := range v.others {
			m.exclude(n, v, other, path)
		}
	}
	return n
}

func (m *maker) one(v view, path string, depth int) *payload.Node {
	kind := v.kind()
	if n := m.named(v, kind, path, depth); n != nil {
		return n
	}
	switch kind {
	case "object":
		return m.object(v, path, depth)
	case "array":
		return m.array(v, path, depth)
	case "integer", "number":
		return m.number(v, kind == "integer")
	case "boolean":
		return payload.FromGo(m.rand.IntN(2) == 0)
	case "null":
		return payload.FromGo(nil)
	}
	return payload.FromGo(m.text(v))
}

// named takes a value that the schema names: a constant, an example, a default,
// one of an enumeration.
func (m *maker) named(v view, kind, path string, depth int) *payload.Node {
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
			if m.given == nil {
				m.given = map[string]bool{}
			}
			m.given[path] = true
			return bare(n)
		}
	}
	if list := v.enum(); len(list) > 0 {
		return bare(list[m.rand.IntN(len(list))])
	}
	return nil
}

// enum gives the values that every enumeration has; null only where there is
// nothing else.
func (v view) enum() []*payload.Node {
	var left []*payload.Node
	for i, list := range v.all("enum") {
		var own []*payload.Node
		for one := range list.Children() {
			if one.Kind == payload.Null && list.Len() > 1 {
				continue
			}
			if i == 0 || slices.ContainsFunc(left, func(n *payload.Node) bool { return payload.Equal(n, one) }) {
				own = append(own, one)
			}
		}
		if i == 0 || len(own) > 0 {
			left = own
		}
	}
	return left
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
