package schema

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// chooseByTrial judges every branch. If none matches, the findings of the
// closest one are reported; if several of a oneOf do, that is.
func (e *evaluation) chooseByTrial(ch *choice, s *jsonSchema, n *payload.Node, m *marks) {
	start, sights, stopAt := len(e.found), len(e.sights), e.stopAt
	defer func() { e.stopAt = stopAt }()
	bestEnd := start // the findings of the closest branch are found[start:bestEnd]
	var best closeness
	var all union
	matched, first, second := 0, 0, 0
	for i, branch := range ch.branches {
		from, seen := len(e.found), len(e.sights)
		e.stopAt = from + MaxViolations + 1
		var own *marks
		if m != nil {
			own = new(marks)
		}
		e.check(branch, n, own)
		if e.spent {
			return
		}
		if len(e.found) == from {
			m.merge(own)
			if matched++; matched == 1 {
				first = i
				if !ch.one && m == nil && !e.unknown {
					break
				}
				continue
			}
			if second = i; ch.one {
				break
			}
			continue
		}
		e.sights = e.sights[:seen]
		if matched > 0 {
			e.found = e.found[:from]
			continue
		}
		tried := e.found[from:]
		all.add(branch, n, tried)
		if c := closenessOf(n, tried); bestEnd == start || c.closer(best) {
			best = c
			bestEnd = start + copy(e.found[start:], tried)
		}
		e.found = e.found[:bestEnd]
	}
	switch {
	case matched == 0:
		e.sights = e.sights[:sights]
		m.markAll()
		if f, ok := all.finding(s, n, ch); ok {
			e.found, e.stopAt = e.found[:start], stopAt
			e.add(f)
		}
		if len(e.found) > stopAt {
			e.found = e.found[:stopAt]
		}
	case matched > 1 && ch.one:
		e.found, e.stopAt = e.found[:start], stopAt
		e.add(jsonFinding{node: n, schema: s, rule: ruleSeveral, choice: ch,
			text: "matches " + ch.branches[first].target() + " and " + ch.branches[second].target()})
	default:
		e.found = e.found[:start]
	}
}

// target names what a branch is: the schema it refers to, or itself.
func (s *jsonSchema) target() string {
	if s.ref != nil {
		return s.ref.place
	}
	return s.place
}

// closeness says how near a branch came to a match. Less is nearer.
type closeness struct {
	otherKind int // 2: another type of value, 1: another value of a member that tells
	count     int
	depth     int // of the deepest finding: deeper means that more was right before it
}

func closenessOf(n *payload.Node, tried []jsonFinding) closeness {
	c := closeness{count: len(tried)}
	for _, f := range tried {
		depth := 0
		for p := f.node; p != nil && p != n; p = p.Parent() {
			depth++
		}
		c.depth = max(c.depth, depth)
		constant := f.rule == ruleEnum || f.rule == ruleTag
		switch {
		case depth == 0 && (f.rule == ruleType || f.rule == ruleTypes || f.rule == ruleFalse || constant):
			c.otherKind = 2
		case depth == 1 && constant:
			c.otherKind = max(c.otherKind, 1)
		}
	}
	return c
}

func (c closeness) closer(than closeness) bool {
	switch {
	case c.otherKind != than.otherKind:
		return c.otherKind < than.otherKind
	case c.count != than.count:
		return c.count < than.count
	}
	return c.depth > than.depth
}

// union is what all branches together would accept, where they only name types
// or only name values: "string or null" says more than the first branch alone.
type union struct {
	types  typeSet
	values []string
	other  bool
}

func (u *union) add(branch *jsonSchema, n *payload.Node, tried []jsonFinding) {
	f := tried[0]
	switch {
	case len(tried) > 1 || f.node != n:
		u.other = true
	case f.rule == ruleType:
		u.types |= f.schema.types
	case f.rule == ruleEnum:
		u.values = append(u.values, f.schema.enum.list...)
	default:
		u.other = true
	}
}

func (u *union) finding(s *jsonSchema, n *payload.Node, ch *choice) (jsonFinding, bool) {
	f := jsonFinding{node: n, schema: s, choice: ch}
	switch {
	case u.other || u.types != 0 && u.values != nil:
		return f, false
	case u.values != nil:
		f.rule, f.text = ruleValues, oneOfWords(u.values)
	default:
		f.rule, f.text = ruleTypes, u.types.words()
	}
	return f, true
}
