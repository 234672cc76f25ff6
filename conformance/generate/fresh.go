package generate

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

type violation = schema.Violation

// Values of the form that the engine will put in, to ask the schema beforehand.
const (
	sampleUnique = "RW0123456789"
	sampleUUID   = "7f3c1c55-6b1e-4d63-9a53-3f0f6e1f2b11"
)

// fresh finds the fields of a body that must be new in every request: those that a
// unique index of a written resource looks at, and the key that the caller chooses.
// Where no behaviour is documented, it takes every text that the schema leaves free.
func fresh(op *specs.Operation, b base) []scenarios.Assignment {
	behaviour := op.Contract().Behaviour
	inferred := behaviour == nil || behaviour.Inferred
	if b.tree.Format != payload.JSON && !inferred {
		return nil
	}
	var out []scenarios.Assignment
	put := func(path, reference, sample string) {
		if takes(b, path, sample) {
			out = append(out, scenarios.Assignment{Path: path, Value: text(reference)})
		}
	}
	if inferred {
		// Nobody says what must be unique: every free text may be.
		for c := range b.tree.Root.Children() {
			put(b.tree.Path(c), "${unique}", sampleUnique)
		}
		return out
	}
	own := behaviour.Operations[op.ID]
	if own == nil {
		return nil
	}
	for _, e := range own.Effects {
		resource := behaviour.Resources[e.Put]
		if resource == nil {
			continue
		}
		for _, name := range sortedIndexes(resource) {
			if index := resource.Indexes[name]; index.Unique {
				if field, ok := strings.CutPrefix(index.Value, "doc."); ok {
					put("/"+strings.ReplaceAll(field, ".", "/"), "${unique}", sampleUnique)
				}
			}
		}
	}
	if strings.EqualFold(op.Method, "PUT") && !strings.Contains(op.Path, "{") {
		put("/id", "${uuid}", sampleUUID)
	}
	return out
}

// takes tells whether a text of a body may be another one.
func takes(b base, path, sample string) bool {
	n := b.tree.At(path)
	if n == nil || n.Kind != payload.String && (n.Kind != payload.Element || n.First() != nil) {
		return false
	}
	try := b.tree.Clone()
	err := try.Set(path, text(sample))
	return err == nil && !hard(b.media.JudgeTree(try))
}

func sortedIndexes(r *specs.Resource) []string {
	var names []string
	for name := range r.Indexes {
		names = append(names, name)
	}
	return sorted(names)
}

func text(s string) *payload.Node { return &payload.Node{Kind: payload.String, Value: s} }
