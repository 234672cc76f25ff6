package sample

import (
	"math/rand/v2"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Options say what a value is made for. The zero value works.
type Options struct {
	// Seed chooses among what is possible.
	Seed uint64
	// Sent leaves out readOnly members, Received writeOnly ones.
	Sent, Received bool
	// Follow gives the node that a reference stands for, or nil; without it
	// references are resolved in the tree that holds the schema.
	Follow func(*payload.Node) *payload.Node
	// Within bounds the values of all attempts together: beyond it no further one is made.
	// Zero is no bound.
	Within int
	// Complete changes a value before it is judged, where one part of it has to fit
	// another: what refers to a key. Without it values stay as they are made.
	Complete func(*payload.Tree) *payload.Tree
	// Judge gives the JSON Pointers of what is wrong with a value; none is
	// valid. Without it the first value is taken.
	Judge func(*payload.Tree) []string
	// Matches tells whether a text matches a pattern, as the judge will see it.
	// Without it, Go's regular expressions decide, where they can read the pattern.
	Matches func(pattern, text string) bool
}

// attempts is how often a value is made before the best one is given away.
const attempts = 24

// Make gives a value for the schema: one that the judge accepts, else the one
// with the fewest complaints, and whether it was accepted.
func Make(schema *payload.Node, o Options) (tree *payload.Tree, accepted bool) {
	if o.Follow == nil {
		o.Follow = follower(schema)
	}
	avoid := &avoidance{examples: map[string]bool{}, members: map[string]bool{}, wrong: map[string]int{}, turns: map[choice]int{}}
	least, spent := -1, 0
	for i := range uint64(attempts) {
		m := &maker{Options: o, rand: rand.New(rand.NewPCG(o.Seed, i)), avoid: avoid, attempt: int(i),
			sparse: i%4 == 3, plain: i >= attempts*3/4}
		n := m.value(m.view(schema, ""), "", 0)
		n.Name = ""
		made := &payload.Tree{Format: payload.JSON, Root: n}
		if o.Complete != nil {
			made = o.Complete(made)
		}
		if o.Judge == nil {
			return made, true
		}
		wrong := o.Judge(made)
		if len(wrong) == 0 {
			return made, true
		}
		if least < 0 || len(wrong) < least {
			tree, least = made, len(wrong)
		}
		if spent += m.nodes; o.Within > 0 && spent > o.Within {
			break
		}
		avoid.learn(wrong, m)
	}
	return tree, false
}

// follower resolves references in the tree of a node.
func follower(n *payload.Node) func(*payload.Node) *payload.Node {
	for n.Parent() != nil {
		n = n.Parent()
	}
	tree := &payload.Tree{Format: payload.JSON, Root: n}
	return func(s *payload.Node) *payload.Node {
		for range 32 {
			ref := s.Member("$ref")
			if s.Kind != payload.Object || ref == nil || ref.Kind != payload.String {
				return s
			}
			if s = tree.At(strings.TrimPrefix(ref.Value, "#")); s == nil {
				return nil
			}
		}
		return nil
	}
}
