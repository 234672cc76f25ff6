package drift

import (
	"io/fs"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs"
)

// bases tells of the places of a contract's documents whether a source documents them:
// x-basis stands in the smallest block around a place that has one.
type bases struct {
	contract *specs.Contract
	files    map[string][]block
}

// block is what an x-basis holds for: from its start to its end, both included.
type block struct {
	start, end spotAt
	basis      specs.Basis
}

// spotAt is a line and a column, both from 1.
type spotAt struct{ line, column int }

func (s spotAt) before(o spotAt) bool {
	return s.line < o.line || s.line == o.line && s.column < o.column
}

func newBases(c *specs.Contract) *bases { return &bases{contract: c, files: map[string][]block{}} }

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
	source, err := fs.ReadFile(b.contract.Files(), file)
	if err != nil {
		return nil
	}
	var doc yaml.Node
	if yaml.Unmarshal(source, &doc) != nil {
		return nil
	}
	var found []block
	var walk func(n *yaml.Node, start spotAt) spotAt
	walk = func(n *yaml.Node, start spotAt) spotAt {
		end := spotAt{n.Line, n.Column}
		own := len(found)
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "x-basis" {
				found = append(found, block{start: start, basis: specs.Basis(n.Content[i+1].Value)})
				break
			}
		}
		has := len(found) > own
		for i, child := range n.Content {
			from := spotAt{child.Line, child.Column}
			if n.Kind == yaml.MappingNode && i%2 == 1 {
				from = spotAt{n.Content[i-1].Line, n.Content[i-1].Column} // what is said of a member holds for its name
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
	walk(&doc, spotAt{1, 1})
	return found
}
