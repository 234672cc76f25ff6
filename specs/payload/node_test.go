package payload

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"unsafe"
)

// Whatever is appended, detached and replaced: the children are those of a plain list.
func TestChildrenAreAList(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	parent, model := &Node{Kind: Element}, []string{}
	find := func(i int) *Node { return parent.Member(model[i]) }
	for i := range 3000 {
		name := strconv.Itoa(i)
		switch at := random.IntN(6); {
		case at == 0 && len(model) > 0:
			j := random.IntN(len(model))
			find(j).Detach()
			model = slices.Delete(model, j, j+1)
		case at == 1 && len(model) > 0:
			j := random.IntN(len(model))
			find(j).Replace(&Node{Kind: Element}) // takes over the name
		case at == 2 && len(model) > 0:
			j := random.IntN(len(model))
			parent.insertBefore(&Node{Kind: Element, Name: name}, find(j))
			model = slices.Insert(model, j, name)
		case at == 3 && len(model) > 20: // all of them, while the loop runs
			for c := range parent.Children() {
				c.Detach()
			}
			model = model[:0]
		default:
			parent.Append(&Node{Kind: Element, Name: name})
			model = append(model, name)
		}
		got := []string{}
		for c := parent.First(); c != nil; c = c.Next() {
			got = append(got, c.Name)
			if c.Parent() != parent {
				t.Fatalf("step %d: a child has another parent", i)
			}
		}
		if !slices.Equal(got, model) || parent.Len() != len(model) {
			t.Fatalf("step %d: the children are %v, Len %d, want %v", i, got, parent.Len(), model)
		}
	}
	alone := &Node{Kind: Element}
	if alone.Detach(); alone.Next() != nil || alone.Parent() != nil || alone.First() != nil {
		t.Error("a node without a family has one")
	}
}

// Blocks of nodes fill a class of the allocator: see maxBlock.
func TestNodesFillTheirBlocks(t *testing.T) {
	if size := unsafe.Sizeof(Node{}) * maxBlock; size != 18432 {
		t.Errorf("a block has %d bytes, the class of the allocator 18432", size)
	}
}
