package schema

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// marks says which members or items of one value some schema has judged. A nil
// *marks takes everything and keeps nothing.
type marks struct {
	first    uint64   // members 0 to 63
	rest     []uint64 // members from 64 on
	all      bool
	declared *jsonSchema // a schema that lists members and leaves open what else may be
}

func (m *marks) mark(i int) {
	if m == nil {
		return
	}
	if i < 64 {
		m.first |= 1 << i
		return
	}
	i -= 64
	for len(m.rest) <= i/64 {
		m.rest = append(m.rest, 0)
	}
	m.rest[i/64] |= 1 << (i % 64)
}

func (m *marks) has(i int) bool {
	if m.all || i < 64 {
		return m.all || m.first&(1<<i) != 0
	}
	i -= 64
	return i/64 < len(m.rest) && m.rest[i/64]&(1<<(i%64)) != 0
}

func (m *marks) markAll() {
	if m != nil {
		m.all = true
	}
}

func (m *marks) declare(s *jsonSchema) {
	if m.declared == nil {
		m.declared = s
	}
}

func (m *marks) merge(other *marks) {
	if m == nil || other == nil {
		return
	}
	m.first |= other.first
	for i, w := range other.rest {
		if i < len(m.rest) {
			m.rest[i] |= w
		} else {
			m.rest = append(m.rest, w)
		}
	}
	m.all = m.all || other.all
	if m.declared == nil {
		m.declared = other.declared
	}
}

// unevaluated judges what no other part of the schema has looked at.
func (e *evaluation) unevaluated(s *jsonSchema, n *payload.Node, m *marks) {
	rest := s.unevaluatedMembers
	if n.Kind == payload.Array {
		rest = s.unevaluatedItems
	}
	i := 0
	for c := n.First(); c != nil && !e.full(); c = c.Next() {
		if !m.has(i) {
			if rest.fixed == refuses {
				e.add(jsonFinding{node: c, schema: rest, rule: ruleUnevaluated})
			} else {
				e.child(rest, c)
			}
		}
		i++
	}
	m.all = true
}

// sight is an object that was looked at, with what was described in it.
type sight struct {
	node  *payload.Node
	marks marks
}

// watch judges an object and notes which of its members are described.
func (e *evaluation) watch(s *jsonSchema, n *payload.Node) {
	var own marks
	at := len(e.sights)
	e.sights = append(e.sights, sight{node: n})
	e.check(s, n, &own)
	e.sights[at].marks = own
}

// unknownMembers gives, in the order of the body, a finding for each member
// that nothing describes. An object may have been looked at more than once, by
// several parts of an allOf: what one of them describes is known.
func (e *evaluation) unknownMembers() []jsonFinding {
	var open map[*payload.Node]*marks
	var order []*payload.Node
	for i := range e.sights {
		s := &e.sights[i]
		if s.marks.declared == nil || s.marks.covers(s.node) || open[s.node] != nil {
			continue
		}
		if open == nil {
			open = map[*payload.Node]*marks{}
		}
		open[s.node] = new(marks)
		order = append(order, s.node)
	}
	if open == nil {
		return nil
	}
	for i := range e.sights {
		open[e.sights[i].node].merge(&e.sights[i].marks)
	}
	var all []jsonFinding
	for _, n := range order {
		m := open[n]
		i := 0
		for c := n.First(); c != nil; c = c.Next() {
			if !m.has(i) {
				if len(all) == MaxViolations {
					return all
				}
				all = append(all, jsonFinding{node: c, schema: m.declared, rule: ruleUnknown})
			}
			i++
		}
	}
	return all
}

// covers reports whether every member is marked.
func (m *marks) covers(n *payload.Node) bool {
	if m.all {
		return true
	}
	if count := n.Len(); count < 64 {
		return m.first == 1<<count-1
	}
	for i := range n.Len() {
		if !m.has(i) {
			return false
		}
	}
	return true
}
