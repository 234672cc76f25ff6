package state

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Whatever is stored, changed, deleted and taken back: a list has every document
// once, in the order of their making, also where a snapshot gave some one number.
func TestListKeepsTheOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	s := newSpace()
	s.load(&Image{Collections: map[string][]*Doc{"c": {{Key: "x", Seq: 2}, {Key: "y", Seq: 2}, {Key: "z"}, {Key: "w", Seq: 1}}}})
	for range 2000 {
		tx := memoryTx{space: s, write: true}
		for range random.IntN(4) {
			key := string(rune('a' + random.IntN(26)))
			if random.IntN(3) == 0 {
				if _, err := tx.Delete("c", key); err != nil {
					t.Fatal(err)
				}
			} else if err := tx.Put("c", &Doc{Key: key, Index: []Entry{{Index: "i", Value: fmt.Sprint(random.IntN(3))}}}); err != nil {
				t.Fatal(err)
			}
		}
		if random.IntN(4) == 0 {
			tx.undo()
		}
		c := s.collection("c")
		list := c.list()
		if len(list) != len(c.docs) {
			t.Fatalf("%d documents are listed of %d", len(list), len(c.docs))
		}
		for i, d := range list {
			if c.docs[d.Key] != d {
				t.Fatalf("%s is listed in another version than it is stored", d.Key)
			}
			if i > 0 && list[i-1].Seq > d.Seq {
				t.Fatalf("%s stands behind %s, which was made later", d.Key, list[i-1].Key)
			}
		}
	}
}
