package sample

import (
	"strconv"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// mostItems bounds what a schema that asks for many items gets.
const mostItems = 2000

func (m *maker) array(v view, path string, depth int) *payload.Node {
	n := &payload.Node{Kind: payload.Array}
	least, most := v.least("minItems"), v.most("maxItems", 1)
	contains := v.find("contains")
	held := 0
	if contains != nil {
		held = max(1, v.least("minContains"))
		if f := v.find("minContains"); f != nil && f.Value == "0" {
			held = 0
		}
		least = max(least, held)
	}
	count := least
	if count == 0 && !m.sparse && depth < fullDepth && m.nodes < manyNodes && most > 0 && !m.avoid.members[path+"/0"] {
		count = 1
	}
	prefix := v.find("prefixItems")
	unique := v.says("uniqueItems")
	for i := range min(count, mostItems) {
		at := path + "/" + strconv.Itoa(i)
		parts := v.all("items")
		if prefix != nil && i < prefix.Len() {
			parts = []*payload.Node{prefix.Item(i)}
		}
		if i >= count-held {
			parts = append(parts, contains)
		}
		own := m.views(parts, at)
		if least <= i {
			if m.optional == nil {
				m.optional = map[string]bool{}
			}
			m.optional[at] = true
		}
		if own.never {
			break
		}
		item := m.value(own, at, depth+1)
		if unique && repeats(n, item) {
			item = m.another(n, own, at, depth+1)
		}
		n.Append(item)
	}
	return n
}

// another makes an item that the list does not have yet: of an enumeration what
// is left, else whatever chance gives.
func (m *maker) another(list *payload.Node, own view, at string, depth int) *payload.Node {
	for _, one := range own.enum() {
		if !repeats(list, one) {
			return bare(one)
		}
	}
	m.avoid.examples[at] = true
	item := m.value(own, at, depth)
	for range 40 {
		if !repeats(list, item) {
			break
		}
		item = m.value(own, at, depth)
	}
	return item
}

func repeats(list, item *payload.Node) bool {
	for have := range list.Children() {
		if payload.Equal(have, item) {
			return true
		}
	}
	return false
}
