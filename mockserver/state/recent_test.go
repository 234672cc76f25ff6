package state

import (
	"fmt"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

func TestOnlyTheLastDocumentsKeepTheirTree(t *testing.T) {
	m := NewMemory(Options{})
	var docs []*Doc
	for i := range recentDocs + 10 {
		d := &Doc{Key: fmt.Sprint(i), Body: []byte(`{"a":1}`)}
		tree, err := payload.ParseJSON(d.Body, payload.JSONLimits{})
		if err != nil {
			t.Fatal(err)
		}
		d.Parsed(tree.Root)
		if err := m.Update(t.Context(), "a/default", func(tx Tx) error { return tx.Put("order", d) }); err != nil {
			t.Fatal(err)
		}
		docs = append(docs, d)
	}
	for i, d := range docs {
		if kept := d.node.Load() != nil; kept != (i >= 10) {
			t.Errorf("document %d: its tree is kept: %v", i, kept)
		}
		if n := d.Node(); n.Member("a") == nil {
			t.Errorf("document %d reads as %s", i, n.JSON())
		}
	}
}
