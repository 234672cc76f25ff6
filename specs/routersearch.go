package specs

import (
	"net/url"
	"slices"
	"sort"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// search is one look for an operation.
type search struct {
	method string
	// found is the answer, at its place, and params its parameters, decoded.
	found  *Operation
	at     *routeLeaf
	params map[string]string
	// first is the best place that does not know the method, also all there is.
	first *routeLeaf
	also  []*routeLeaf
}

// find walks the tree; values has the raw text of the parameters so far. A place
// that does not have the method, or whose parameters refuse what the path says
// where a less narrow one is left, is passed by.
func (n *routeNode) find(path string, values []string, s *search) bool {
	segment, rest, more := strings.Cut(path, "/")
	next := n.literal[segment]
	if next == nil && n.literal != nil && strings.IndexByte(segment, '%') >= 0 {
		if decoded, err := url.PathUnescape(segment); err == nil {
			next = n.literal[decoded]
		}
	}
	if next != nil && next.reached(rest, more, values, s) {
		return true
	}
	for _, p := range n.patterns {
		if own, ok := p.match(segment, values); ok && p.node.reached(rest, more, own, s) {
			return true
		}
	}
	return false
}

func (n *routeNode) reached(rest string, more bool, values []string, s *search) bool {
	if more {
		return n.find(rest, values, s)
	}
	return n.leaf != nil && n.leaf.serves(values, s)
}

// serves takes the operation for the method. What only a second place offers is
// taken where its parameters allow it: of "GET /pets/mine" and "DELETE /pets/{id}"
// with a number as id, nobody can delete "mine".
func (l *routeLeaf) serves(values []string, s *search) bool {
	m := l.find(s.method)
	if m == nil && s.method == "HEAD" {
		m = l.find("GET")
	}
	if m == nil {
		if s.first == nil {
			s.first = l
		} else {
			s.also = append(s.also, l)
		}
		return false
	}
	for i, c := range m.all {
		params := c.params(values)
		if last := i == len(m.all)-1; last && s.first == nil || c.op.goesWith(params) {
			s.found, s.at, s.params = c.op, l, params
			return true
		}
	}
	return false
}

// params names and decodes the values of a path.
func (c routeChoice) params(values []string) map[string]string {
	if len(values) == 0 {
		return nil
	}
	params := make(map[string]string, len(values))
	for i, v := range values {
		if decoded, err := url.PathUnescape(v); err == nil {
			v = decoded
		}
		params[c.names[i]] = v
	}
	return params
}

// allow lists the methods of every place that a path reaches.
func (s *search) allow() []string {
	if len(s.also) == 0 {
		return s.first.allow
	}
	all := slices.Clone(s.first.allow)
	for _, l := range s.also {
		all = append(all, l.allow...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// goesWith tells whether the parameters of a path are what the operation takes.
func (op *Operation) goesWith(params map[string]string) bool {
	for _, p := range op.Params {
		if p.In == "path" && len(schema.Hard(p.Judge([]string{params[p.Name]}))) > 0 {
			return false
		}
	}
	return true
}

// narrowFirst orders the choices by how many of the others' example paths they
// take for their own, and tells of two that take each other's: which of them a
// request means cannot be seen.
func (m *routeMethod) narrowFirst(clash func(a, b *Operation)) {
	if len(m.all) < 2 {
		return
	}
	takes := make(map[*Operation]int, len(m.all))
	for i, a := range m.all {
		for _, b := range m.all[i+1:] {
			ab, ba := a.op.goesWith(a.named(b)), b.op.goesWith(b.named(a))
			if ab {
				takes[a.op]++
			}
			if ba {
				takes[b.op]++
			}
			if ab && ba {
				clash(a.op, b.op)
			}
		}
	}
	sort.SliceStable(m.all, func(i, j int) bool { return takes[m.all[i].op] < takes[m.all[j].op] })
}

// named gives the example values of another choice under the own names.
func (c routeChoice) named(other routeChoice) map[string]string {
	params := map[string]string{}
	for i, name := range other.names {
		for _, p := range other.op.Params {
			if p.In == "path" && p.Name == name {
				params[c.names[i]] = p.Example
			}
		}
	}
	return params
}
