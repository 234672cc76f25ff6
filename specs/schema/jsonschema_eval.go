package schema

import (
	"time"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// evaluation judges one body. It collects findings, which become words only
// when they are reported: most are thrown away with a branch that did not match.
type evaluation struct {
	tree    *payload.Tree
	unknown bool // collect what is described, to report what is not
	dynamic bool // some reference depends on the way by which it was reached

	found  []jsonFinding
	stopAt int // no more findings than this are collected
	sights []sight

	work       int
	checkpoint int
	nodes      int
	level      int
	spent      bool
	memo       map[memoKey]memory

	patternTime time.Duration // spent in expressions that need backtracking

	scope []*resource // dynamic scope, outermost first
	open  []schemaAt  // cyclic schemas in progress
}

type schemaAt struct {
	schema *jsonSchema
	node   *payload.Node
}

// jsonFinding is a violation before it is put into words.
type jsonFinding struct {
	node   *payload.Node
	schema *jsonSchema
	rule   rule
	name   string       // a member that is missing or of which more is said
	choice *choice      // of a tag, or of branches
	need   *requirement // a missing member
	text   string       // what was expected or found, where the schema does not say it
	number int          // how many there are, or the index of another item
}

func (e *evaluation) add(f jsonFinding) {
	if len(e.found) < e.stopAt {
		e.found = append(e.found, f)
	}
}

func (e *evaluation) full() bool { return e.spent || len(e.found) >= e.stopAt }

// child judges a value as a new place of the body.
func (e *evaluation) child(s *jsonSchema, n *payload.Node) {
	if s.scalar {
		e.check(s, n, nil)
		return
	}
	if !e.unknown || n.Kind != payload.Object {
		e.check(s, n, nil)
		return
	}
	e.watch(s, n)
}

// check judges a value by a schema; m, if not nil, takes what was evaluated.
func (e *evaluation) check(s *jsonSchema, n *payload.Node, m *marks) {
	if e.full() {
		return
	}
	if e.work++; e.work >= e.checkpoint && !e.goOn() {
		return
	}
	if s.scalar {
		e.scalar(s, n)
		return
	}
	if e.memo != nil && !e.dynamic {
		e.remember(s, n, m)
		return
	}
	e.evaluate(s, n, m)
}

// evaluate judges a value by everything that a schema says.
func (e *evaluation) evaluate(s *jsonSchema, n *payload.Node, m *marks) {
	if s.cyclic {
		for _, o := range e.open {
			if o.schema == s && o.node == n {
				return
			}
		}
		e.open = append(e.open, schemaAt{s, n})
		defer func() { e.open = e.open[:len(e.open)-1] }()
	}
	if e.level++; e.level > maxLevel {
		e.spent = true
	}
	if e.dynamic && (len(e.scope) == 0 || e.scope[len(e.scope)-1] != s.res) {
		e.scope = append(e.scope, s.res)
		defer func() { e.scope = e.scope[:len(e.scope)-1] }()
	}
	before := len(e.found)
	own := m
	if s.unevaluatedMembers != nil && n.Kind == payload.Object || s.unevaluatedItems != nil && n.Kind == payload.Array {
		own = new(marks)
	}
	if e.scalar(s, n) {
		switch n.Kind {
		case payload.Object:
			if s.object != nil {
				e.object(s, n, own)
			}
		case payload.Array:
			if s.array != nil {
				e.array(s, n, own)
			}
		}
		e.applicators(s, n, own)
		if own != m {
			e.unevaluated(s, n, own)
			m.merge(own)
		}
	}
	if s.exempt != nil {
		e.forgive(s, n, before)
	}
	e.level--
}

// scalar judges what needs no look inside the value, and reports whether the
// value is of a kind for which more is worth saying.
func (e *evaluation) scalar(s *jsonSchema, n *payload.Node) bool {
	switch {
	case s.nullable && n.Kind == payload.Null, s.fixed == accepts:
		return false
	case s.fixed == refuses:
		e.add(jsonFinding{node: n, schema: s, rule: ruleFalse})
		return false
	case s.types != 0 && !s.types.accepts(n):
		e.add(jsonFinding{node: n, schema: s, rule: ruleType})
		return false
	case s.enum != nil && !s.enum.allows(n):
		e.add(jsonFinding{node: n, schema: s, rule: ruleEnum})
		return false
	}
	switch {
	case n.Kind == payload.String && s.text != nil:
		e.text(s, n)
	case n.Kind == payload.Number && s.number != nil:
		e.number(s, n)
	}
	return true
}

func (e *evaluation) applicators(s *jsonSchema, n *payload.Node, m *marks) {
	if s.ref != nil {
		e.check(s.ref, n, m)
	}
	if s.dynamic != nil {
		e.check(e.resolveDynamic(s.dynamic), n, m)
	}
	for _, part := range s.all {
		e.check(part, n, m)
	}
	if s.any != nil {
		e.choose(s.any, s, n, m)
	}
	if s.one != nil {
		e.choose(s.one, s, n, m)
	}
	if s.not != nil && e.holds(s.not, n, nil) && !e.spent {
		e.add(jsonFinding{node: n, schema: s, rule: ruleNot})
	}
	if s.cond != nil {
		branch := s.els
		if e.holds(s.cond, n, m) {
			branch = s.then
		}
		if branch != nil {
			e.check(branch, n, m)
		}
	}
}

// holds tries a schema without reporting anything; what was evaluated is kept
// if it holds.
func (e *evaluation) holds(s *jsonSchema, n *payload.Node, m *marks) bool {
	if e.spent {
		return false
	}
	found, sights, stopAt := len(e.found), len(e.sights), e.stopAt
	e.stopAt = found + 1
	var own *marks
	if m != nil {
		own = new(marks)
	}
	e.check(s, n, own)
	ok := len(e.found) == found && !e.spent
	e.found, e.sights, e.stopAt = e.found[:found], e.sights[:sights], stopAt
	if ok {
		m.merge(own)
	}
	return ok
}

func (e *evaluation) resolveDynamic(d *dynamicRef) *jsonSchema {
	for _, r := range e.scope {
		if s := d.byResource[r]; s != nil {
			return s
		}
	}
	return d.static
}

// forgive takes back that members are missing which another part of the schema
// bars in this direction.
func (e *evaluation) forgive(s *jsonSchema, n *payload.Node, from int) {
	kept := e.found[:from]
	for _, f := range e.found[from:] {
		if f.rule != ruleRequired || f.node != n || !s.exempt[f.need.name] {
			kept = append(kept, f)
		}
	}
	e.found = kept
}
