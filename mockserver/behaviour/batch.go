package behaviour

import (
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// items gives the items of a batch, as expressions see them.
func (op *Operation) items(call *Call) []*payload.Node {
	n := call.jsonForm()
	if n == nil {
		return nil
	}
	found := []*payload.Node{n}
	for _, s := range op.batch.prefix {
		var below []*payload.Node
		for _, n := range found {
			for _, c := range flatten(n) {
				switch {
				case c.Kind != payload.Object:
				case s.Name == "*":
					below = append(below, elementsOf(c)...)
				default:
					if m := c.Member(s.Name); m != nil {
						below = append(below, m)
					}
				}
			}
		}
		found = below
	}
	var items []*payload.Node
	for _, n := range found {
		items = append(items, flatten(n)...)
	}
	return items
}

// elementsOf gives the members that "*" stands for: all but attributes and text.
func elementsOf(n *payload.Node) []*payload.Node {
	var all []*payload.Node
	for c := range n.Children() {
		if !strings.HasPrefix(c.Name, "@") && c.Name != "#text" {
			all = append(all, c)
		}
	}
	return all
}

// flatten gives the items of a list, anything else as it is.
func flatten(n *payload.Node) []*payload.Node {
	if n.Kind != payload.Array {
		return []*payload.Node{n}
	}
	all := make([]*payload.Node, 0, n.Len())
	for c := range n.Children() {
		all = append(all, c)
	}
	return all
}

// itemPaths names the items in the notation of violations.
func (op *Operation) itemPaths(call *Call, count int) []string {
	if len(call.Violations) == 0 || call.Body == nil {
		return nil
	}
	paths := make([]string, 0, count)
	if call.Body.Format == payload.XML {
		for _, n := range call.Body.Select(op.batch.path) {
			paths = append(paths, call.Body.Path(n))
		}
		return paths
	}
	if n := call.Body.At(op.batch.path); n != nil && n.Kind == payload.Array {
		for i := range count {
			paths = append(paths, op.batch.path+"/"+strconv.Itoa(i))
		}
	}
	return paths
}

// splitViolations sorts violations to the items that they are in; those outside
// of every item are under -1.
func splitViolations(paths []string, all []schema.Violation) map[int][]schema.Violation {
	if len(all) == 0 {
		return nil
	}
	byPath := make(map[string]int, len(paths))
	depth := 0
	for i, p := range paths {
		byPath[p] = i
		depth = strings.Count(p, "/")
	}
	split := map[int][]schema.Violation{}
	for _, v := range all {
		at, ok := byPath[firstSteps(v.Path, depth)]
		if !ok {
			at = -1
		}
		split[at] = append(split[at], v)
	}
	return split
}

// firstSteps cuts a path behind its first n steps.
func firstSteps(path string, n int) string {
	for i := range len(path) {
		if path[i] == '/' {
			if n--; n < 0 {
				return path[:i]
			}
		}
	}
	return path
}

// Outside gives the violations that are in no item: they refuse the request.
func (op *Operation) Outside(call *Call) []schema.Violation {
	if !op.PerItem() {
		return call.Violations
	}
	return splitViolations(op.itemPaths(call, len(op.items(call))), call.Violations)[-1]
}
