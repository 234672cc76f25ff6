package scenarios

import "go.yaml.in/yaml/v3"

// place is where something stands in its file, counted from 1; 0 is unknown.
type place struct{ line, col int }

func placeOf(n *yaml.Node) place { return place{n.Line, n.Column} }

// places are those of the values of a mapping, by key; what stands in a mapping inside
// it goes by both keys, "path order-id".
type places map[string]place

func (p *places) keep(key string, n *yaml.Node) {
	if *p == nil {
		*p = places{}
	}
	(*p)[key] = placeOf(n)
}

// of is the place of a key, or the line of what it belongs to.
func (p places) of(key string, line int) place {
	if at, known := p[key]; known {
		return at
	}
	return place{line: line}
}
