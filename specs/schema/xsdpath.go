package schema

import (
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// paths names nodes as [payload.Tree.Path] does, but counts the children of an
// element only once: a body with thousands of faults in one list would
// otherwise cost their square.
type paths struct {
	repeats func(string) bool
	index   map[*payload.Node]int // 0: the only one of its name
	counted map[*payload.Node]bool
}

func newPaths(repeats func(string) bool) *paths {
	return &paths{repeats: repeats, index: map[*payload.Node]int{}, counted: map[*payload.Node]bool{}}
}

func (p *paths) of(n *payload.Node) string {
	var b strings.Builder
	p.write(&b, n)
	return b.String()
}

func (p *paths) write(b *strings.Builder, n *payload.Node) {
	parent := n.Parent()
	if parent != nil {
		p.write(b, parent)
	}
	b.WriteByte('/')
	if n.Kind == payload.Attribute {
		b.WriteByte('@')
	}
	b.WriteString(n.Name)
	if n.Kind == payload.Attribute || parent == nil {
		return
	}
	if !p.counted[parent] {
		p.count(parent)
	}
	if i := p.index[n]; i > 0 {
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(i))
		b.WriteByte(']')
	}
}

func (p *paths) count(parent *payload.Node) {
	p.counted[parent] = true
	first, seen := map[string]*payload.Node{}, map[string]int{}
	for c := range parent.Children() {
		if c.Kind != payload.Element {
			continue
		}
		seen[c.Name]++
		switch n := seen[c.Name]; {
		case n > 1:
			p.index[c] = n
			p.index[first[c.Name]] = 1
		case p.repeats(c.Name):
			p.index[c] = 1
			fallthrough
		default:
			first[c.Name] = c
		}
	}
}
