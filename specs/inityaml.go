package specs

import (
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// plainYAML writes a JSON value as YAML in block style.
func plainYAML(n *payload.Node) *yaml.Node {
	switch n.Kind {
	case payload.Object:
		m := yamlMap()
		for c := range n.Children() {
			put(m, c.Name, plainYAML(c))
		}
		return m
	case payload.Array:
		list := yamlList()
		for c := range n.Children() {
			list.Content = append(list.Content, plainYAML(c))
		}
		return list
	case payload.String:
		return yamlKey(n.Value)
	}
	return literal(n)
}

// yamlAt finds the node of a JSON Pointer; nil if it is not there, or behind an
// alias that several places share.
func yamlAt(n *yaml.Node, pointer string) *yaml.Node {
	for _, token := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		token = payload.UnescapePointer(token)
		var next *yaml.Node
		if n.Kind == yaml.MappingNode {
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == token {
					next = n.Content[i+1]
				}
			}
		}
		if next == nil {
			return nil
		}
		n = next
	}
	if n.Kind != yaml.MappingNode {
		return nil
	}
	return n
}

// setFirst puts a key at the beginning of a mapping.
func setFirst(m *yaml.Node, key, value string) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content[i+1] = yamlKey(value)
			return
		}
	}
	m.Content = append([]*yaml.Node{yamlKey(key), yamlKey(value)}, m.Content...)
}

func readFile(c *Contract, name string) ([]byte, error) { return fs.ReadFile(c.files, name) }

// SchemaNames lists the files of a bundle that a JSON Schema is published for,
// without example.yaml.
func SchemaNames() []string {
	return []string{"behaviour", "contract", "errata", "errors", "requirements"}
}

// SchemaFile gives the JSON Schema of a file of a bundle, by the name of the file
// without ".yaml".
func SchemaFile(name string) ([]byte, error) { return schemaSources.ReadFile(name + ".schema.json") }
