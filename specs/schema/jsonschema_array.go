package schema

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// array judges the items of an array.
func (e *evaluation) array(s *jsonSchema, n *payload.Node, m *marks) {
	r := s.array
	if n.Len() < r.min {
		e.add(jsonFinding{node: n, schema: s, rule: ruleMinItems, number: n.Len()})
	}
	if r.max >= 0 && n.Len() > r.max {
		e.add(jsonFinding{node: n, schema: s, rule: ruleMaxItems, number: n.Len()})
	}
	if r.prefix != nil || r.items != nil {
		i := 0
		for c := n.First(); c != nil && !e.full(); c = c.Next() {
			switch {
			case i < len(r.prefix):
				e.child(r.prefix[i], c)
				m.mark(i)
			case r.items != nil:
				e.child(r.items, c)
				m.mark(i)
			}
			i++
		}
	}
	if r.unique && n.Len() > 1 && !e.full() {
		e.unique(s, n)
	}
	if r.contains != nil && !e.full() {
		e.contains(s, n, m)
	}
}

func (e *evaluation) contains(s *jsonSchema, n *payload.Node, m *marks) {
	r := s.array
	count, i := 0, 0
	for c := n.First(); c != nil; c = c.Next() {
		if e.holds(r.contains, c, nil) {
			count++
			m.mark(i)
		}
		i++
	}
	if e.spent {
		return
	}
	if count < r.minContains {
		e.add(jsonFinding{node: n, schema: s, rule: ruleMinContains, number: count})
	}
	if r.maxContains >= 0 && count > r.maxContains {
		e.add(jsonFinding{node: n, schema: s, rule: ruleMaxContains, number: count})
	}
}

// fewItems is up to where items are compared one by one.
const fewItems = 8

// unique reports every item that equals an earlier one.
func (e *evaluation) unique(s *jsonSchema, n *payload.Node) {
	if n.Len() <= fewItems {
		for c := n.First().Next(); c != nil; c = c.Next() {
			earlier := 0
			for o := n.First(); o != c; o = o.Next() {
				if sameValue(o, c) {
					e.add(jsonFinding{node: c, schema: s, rule: ruleUnique, number: earlier})
					break
				}
				earlier++
			}
		}
		return
	}
	seen := make(map[string]int, n.Len())
	i := 0
	for c := n.First(); c != nil && !e.full(); c = c.Next() {
		key := c.Key()
		if earlier, ok := seen[key]; ok {
			e.add(jsonFinding{node: c, schema: s, rule: ruleUnique, number: earlier})
		} else {
			seen[key] = i
		}
		i++
	}
}

// sameValue compares by value, as JSON Schema does.
func sameValue(a, b *payload.Node) bool {
	if a.Kind != b.Kind || a.Len() != b.Len() {
		return false
	}
	switch a.Kind {
	case payload.Number:
		return a.Value == b.Value || payload.CompareNumbers(a.Value, b.Value) == 0
	case payload.Array, payload.Object:
		return a.Key() == b.Key()
	}
	return a.Value == b.Value
}
