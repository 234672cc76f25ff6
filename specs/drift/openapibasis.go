package drift

import (
	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs"
)

// bases tells of the places of a contract's documents whether a source documents them:
// x-basis stands in the smallest block around a place that has one.
type bases struct {
	documents *documents
	files     map[string][]block
}

// block is what an x-basis holds for: from its start to its end, both included.
type block struct {
	start, end spotAt
	basis      specs.Basis
}

func newBases(d *documents) *bases { return &bases{documents: d, files: map[string][]block{}} }

// inferred tells whether no source documents what stands at a place.
func (b *bases) inferred(file string, at spotAt) bool {
	blocks, known := b.files[file]
	if !known {
		blocks = b.read(file)
		b.files[file] = blocks
	}
	basis := specs.Documented
	for _, one := range blocks { // outer ones come first
		if !at.before(one.start) && !one.end.before(at) {
			basis = one.basis
		}
	}
	return basis == specs.Inferred || basis == specs.MadeUp
}

func (b *bases) read(file string) []block {
	root := b.documents.root(file)
	if root == nil {
		return nil
	}
	var found []block
	var walk func(n *yaml.Node, start spotAt) spotAt
	walk = func(n *yaml.Node, start spotAt) spotAt {
		end := startOf(n)
		own := len(found)
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "x-basis" {
				found = append(found, block{start: start, basis: specs.Basis(n.Content[i+1].Value)})
				break
			}
		}
		has := len(found) > own
		for i, child := range n.Content {
			from := startOf(child)
			if n.Kind == yaml.MappingNode && i%2 == 1 {
				from = startOf(n.Content[i-1]) // what is said of a member holds for its name
			}
			if last := walk(child, from); end.before(last) {
				end = last
			}
		}
		if has {
			found[own].end = end
		}
		return end
	}
	walk(root, spotAt{1, 1})
	return found
}
