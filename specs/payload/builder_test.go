package payload

import "testing"

func TestBuilder(t *testing.T) {
	for _, b := range []*Builder{{}, NewBuilder(0), NewBuilder(3), NewBuilder(1_000_000)} {
		seen := map[*Node]bool{}
		for i := range 1000 {
			n := b.NewNode(Element, "e", string(appendInt(nil, i)))
			if seen[n] || n.Kind != Element || n.Name != "e" || n.Parent() != nil || n.First() != nil {
				t.Fatalf("node %d is %+v", i, n)
			}
			seen[n] = true
		}
	}
	b := NewBuilder(64)
	if per := testing.AllocsPerRun(100, func() {
		for range 64 {
			b.NewNode(String, "", "")
		}
	}); per > 1 {
		t.Errorf("64 nodes took %v allocations", per)
	}
}
