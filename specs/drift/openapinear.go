package drift

import (
	"io/fs"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs"
)

// documents are the files of a contract as trees with places; nil for one that
// cannot be read.
type documents struct {
	contract *specs.Contract
	files    map[string]*yaml.Node
}

func newDocuments(c *specs.Contract) *documents {
	return &documents{contract: c, files: map[string]*yaml.Node{}}
}

func (d *documents) root(file string) *yaml.Node {
	if root, known := d.files[file]; known {
		return root
	}
	var root *yaml.Node
	var doc yaml.Node
	if source, err := fs.ReadFile(d.contract.Files(), file); err == nil && yaml.Unmarshal(source, &doc) == nil && len(doc.Content) == 1 {
		root = doc.Content[0]
	}
	d.files[file] = root
	return root
}

// spotAt is a line and a column, both from 1.
type spotAt struct{ line, column int }

func (s spotAt) before(o spotAt) bool {
	return s.line < o.line || s.line == o.line && s.column < o.column
}

func startOf(n *yaml.Node) spotAt { return spotAt{n.Line, n.Column} }

// steps gives the way from the root to what stands at a place: keys, and indexes of
// elements.
func steps(n *yaml.Node, at spotAt) []string {
	var way []string
	for n != nil {
		var next *yaml.Node
		key := ""
		width := 1
		if n.Kind == yaml.MappingNode {
			width = 2
		}
		for i := 0; n.Kind != yaml.ScalarNode && n.Kind != yaml.AliasNode && i+width <= len(n.Content) && !at.before(startOf(n.Content[i])); i += width {
			next = n.Content[i+width-1]
			if key = n.Content[i].Value; width == 1 {
				key = strconv.Itoa(i)
			}
		}
		if next != nil {
			way = append(way, key)
		}
		n = next
	}
	return way
}

// nearest gives the line of the last step that there is.
func nearest(n *yaml.Node, way []string) int {
	if n == nil {
		return 0
	}
	line := n.Line
	for _, step := range way {
		var next *yaml.Node
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == step {
					line, next = n.Content[i].Line, n.Content[i+1]
				}
			}
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(step); err == nil && i < len(n.Content) {
				next = n.Content[i]
				line = next.Line
			}
		}
		if next == nil {
			break
		}
		n = next
	}
	return line
}
