package specs

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// orderMember is the member that keeps the order of elements of different names that
// stand in turns, which lists side by side lose: "road sea road".
const orderMember = "#order"

// memberOf names the member that an element of a body becomes.
func (s *xmlShape) memberOf(c *payload.Node) string {
	for _, m := range s.members {
		if !m.shape.textual && m.is(c) {
			return m.name
		}
	}
	return extraName(c)
}

// noteOrder keeps the order of the elements where the members alone do not tell it.
func noteOrder(n *payload.Node, s *xmlShape, made *payload.Node) {
	var names []string
	seen, turns := map[string]bool{}, false
	for c := range n.Children() {
		if c.Kind != payload.Element {
			continue
		}
		name := s.memberOf(c)
		if len(names) > 0 && names[len(names)-1] != name {
			turns = turns || seen[name]
		}
		seen[name] = true
		names = append(names, name)
	}
	if turns && !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, " ") }) {
		made.Append(&payload.Node{Kind: payload.String, Name: orderMember, Value: strings.Join(names, " ")})
	}
}

// inOrder puts the elements that were written for the members of an object into the
// order that it keeps. What came later stands behind.
func inOrder(element *payload.Node, written map[string][]*payload.Node, order string) {
	var sorted []*payload.Node
	for name := range strings.FieldsSeq(order) {
		if left := written[name]; len(left) > 0 {
			sorted, written[name] = append(sorted, left[0]), left[1:]
		}
	}
	for c := range element.Children() {
		if c.Kind == payload.Element && !slices.Contains(sorted, c) {
			sorted = append(sorted, c)
		}
	}
	for _, c := range sorted {
		c.Detach()
		element.Append(c)
	}
}
