package schema

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// object judges the members of an object.
func (e *evaluation) object(s *jsonSchema, n *payload.Node, m *marks) {
	r := s.object
	if n.Len() < r.min {
		e.add(jsonFinding{node: n, schema: s, rule: ruleMinMembers, number: n.Len()})
	}
	if r.max >= 0 && n.Len() > r.max {
		e.add(jsonFinding{node: n, schema: s, rule: ruleMaxMembers, number: n.Len()})
	}
	if m != nil && r.declares {
		m.declare(s)
	}
	var there uint64 // which of the first 64 required members are there
	if r.byName != nil || r.patterns != nil || r.extra != nil || r.names != nil {
		there = e.members(s, n, m)
	}
	if len(r.required) > 0 && (r.byName == nil || len(r.required) > 64 || there != 1<<len(r.required)-1) {
		for i, need := range r.required {
			if i < 64 && there&(1<<i) != 0 || n.Member(need.name) != nil {
				continue
			}
			e.add(jsonFinding{node: n, schema: s, rule: ruleRequired, need: need})
			if e.full() {
				return
			}
		}
	}
	for i := range r.dependents {
		e.dependent(&r.dependents[i], s, n, m)
	}
}

func (e *evaluation) members(s *jsonSchema, n *payload.Node, m *marks) (there uint64) {
	r := s.object
	next, at := 0, -1
	for c := n.First(); c != nil && !e.full(); c = c.Next() {
		at++
		described := false
		var p *property
		if next < len(r.listed) && r.listed[next].name == c.Name {
			p = r.listed[next]
		} else if r.byName != nil {
			p = r.byName[c.Name]
		}
		next++
		if p != nil {
			described = true
			if uint(p.required) < 64 {
				there |= 1 << p.required
			}
			if p.barred != "" {
				e.add(jsonFinding{node: c, schema: p.schema, rule: ruleBarred, text: p.barred})
			} else {
				e.child(p.schema, c)
			}
		}
		for i := range r.patterns {
			if ok, err := e.matches(r.patterns[i].pattern, c.Name); err != nil {
				e.add(jsonFinding{node: c, schema: s, rule: rulePatternTime})
			} else if ok {
				described = true
				e.child(r.patterns[i].schema, c)
			}
		}
		if !described && r.extra != nil {
			described = true
			if r.extra.fixed == refuses {
				e.add(jsonFinding{node: c, schema: s, rule: ruleExtraMember})
			} else {
				e.child(r.extra, c)
			}
		}
		if described {
			m.mark(at)
		}
		if r.names != nil {
			e.memberName(r.names, s, c)
		}
	}
	return there
}

// memberName judges a name by propertyNames as if it were a string.
func (e *evaluation) memberName(names, s *jsonSchema, c *payload.Node) {
	from, stopAt := len(e.found), e.stopAt
	e.stopAt = from + 1
	name := &payload.Node{Kind: payload.String, Value: c.Name}
	e.check(names, name, nil)
	e.stopAt = stopAt
	if len(e.found) > from {
		f := e.found[from]
		expected, _ := f.words()
		e.found = e.found[:from]
		e.add(jsonFinding{node: c, schema: names, rule: ruleMemberName, text: expected})
	}
}

func (e *evaluation) dependent(d *dependent, s *jsonSchema, n *payload.Node, m *marks) {
	if n.Member(d.on) == nil {
		return
	}
	for _, name := range d.required {
		if n.Member(name) == nil {
			e.add(jsonFinding{node: n, schema: s, rule: ruleRequired, name: d.on, need: &requirement{name: name, at: d.at}})
		}
	}
	if d.schema != nil {
		e.check(d.schema, n, m)
	}
}
