package state

import (
	"encoding/json"
	"fmt"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Image is a whole space as data: what a snapshot holds.
type Image struct {
	Collections map[string][]*Doc `json:"collections"`
	Counters    map[string]uint64 `json:"counters,omitempty"`
	// Seq is the number of documents that were ever made in the space.
	Seq uint64 `json:"seq"`
}

// docJSON is a document on disk, in Redis and in a snapshot.
type docJSON struct {
	Key   string          `json:"key"`
	Owner string          `json:"owner,omitempty"`
	Body  json.RawMessage `json:"body"`
	Index []Entry         `json:"index,omitempty"`
	Rev   uint64          `json:"rev"`
	Seq   uint64          `json:"seq"`
}

// MarshalJSON writes the document with its body as JSON, not as text.
func (d *Doc) MarshalJSON() ([]byte, error) {
	return json.Marshal(docJSON{d.Key, d.Owner, d.Body, d.Index, d.Rev, d.Seq})
}

// UnmarshalJSON reads what MarshalJSON wrote. The body is checked, because a
// snapshot may come from anywhere.
func (d *Doc) UnmarshalJSON(text []byte) error {
	var j docJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	if len(j.Body) == 0 {
		return fmt.Errorf("document %q has no body", j.Key)
	}
	tree, err := payload.ParseJSON(j.Body, payload.JSONLimits{Depth: maxDocumentDepth, Bytes: len(j.Body) + 1})
	if err != nil {
		return fmt.Errorf("document %q: %w", j.Key, err)
	}
	d.Key, d.Owner, d.Body, d.Index, d.Rev, d.Seq = j.Key, j.Owner, j.Body, j.Index, j.Rev, j.Seq
	d.node.Store(tree.Root)
	return nil
}
