package schema

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Schemas with alternatives that overlap and nest can ask for work that doubles
// with every level of a body. The work is counted: a body that takes more than
// usual is judged with a memory of what was judged before, which makes the work
// proportional to schemas × values; and there is an end to that, too.
const (
	firstCheckpoint = 4096
	usualPerNode    = 16  // checks for each value of a body without a memory
	mostPerNode     = 256 // checks for each value before giving up
	leastWork       = 1e6 // checks that every body may take
	maxLevel        = 1e5 // schemas inside schemas
	maxMemory       = 1e6 // results that are remembered
)

// goOn is asked at every checkpoint.
func (e *evaluation) goOn() bool {
	if e.nodes == 0 {
		e.nodes = countNodes(e.tree.Root)
	}
	if e.memo == nil && e.work > usualPerNode*e.nodes {
		e.memo = map[memoKey]memory{}
	}
	if e.work > leastWork && e.work > mostPerNode*e.nodes {
		e.spent = true
		return false
	}
	e.checkpoint = e.work + firstCheckpoint
	return true
}

func countNodes(n *payload.Node) int {
	count := 1
	for c := n.First(); c != nil; c = c.Next() {
		count += countNodes(c)
	}
	return count
}

type memoKey struct {
	schema *jsonSchema
	node   *payload.Node
	marked bool
	quick  bool // only whether it holds was asked
}

type memory struct {
	found  []jsonFinding
	sights []sight
	marks  marks
}

// remember judges a value by a schema once, and repeats the result from then on.
func (e *evaluation) remember(s *jsonSchema, n *payload.Node, m *marks) {
	key := memoKey{s, n, m != nil, e.stopAt-len(e.found) == 1}
	if was, ok := e.memo[key]; ok {
		for _, f := range was.found {
			e.add(f)
		}
		e.sights = append(e.sights, was.sights...)
		m.merge(&was.marks)
		return
	}
	found, sights, open := len(e.found), len(e.sights), len(e.open)
	var own *marks
	if m != nil {
		own = new(marks)
	}
	e.evaluate(s, n, own)
	if !e.spent && open == 0 && len(e.memo) < maxMemory {
		result := memory{
			found:  append([]jsonFinding(nil), e.found[found:]...),
			sights: append([]sight(nil), e.sights[sights:]...),
		}
		if own != nil {
			result.marks = *own
			result.marks.rest = append([]uint64(nil), own.rest...)
		}
		e.memo[key] = result
	}
	m.merge(own)
}
