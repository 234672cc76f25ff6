package yamlfile

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Tree makes a payload tree of a document, with the line of every value, numbers
// as they were written where JSON allows it, and aliases and merge keys expanded.
// A repeated key is a problem and only its first value is kept.
func Tree(file string, n *yaml.Node) (*payload.Tree, []Problem) {
	b := treeBuilder{file: file, nodes: payload.NewBuilder(256)}
	root := b.node(Resolve(n), "")
	return &payload.Tree{Format: payload.JSON, Root: root}, b.problems
}

type treeBuilder struct {
	file     string
	nodes    *payload.Builder
	problems []Problem
}

func (b *treeBuilder) node(n *yaml.Node, name string) *payload.Node {
	if n == nil {
		return b.nodes.NewNode(payload.Null, name, "null")
	}
	var made *payload.Node
	switch n.Kind {
	case yaml.MappingNode:
		made = b.nodes.NewNode(payload.Object, name, "")
		b.members(made, n)
	case yaml.SequenceNode:
		made = b.nodes.NewNode(payload.Array, name, "")
		for _, item := range n.Content {
			made.Append(b.node(Resolve(item), ""))
		}
	default:
		kind, value := scalar(n)
		made = b.nodes.NewNode(kind, name, value)
	}
	made.Line, made.Col = int32(n.Line), int32(n.Column)
	return made
}

func (b *treeBuilder) members(into *payload.Node, n *yaml.Node) {
	pairs := Pairs(n)
	var seen map[string]bool
	if len(pairs) > 8 {
		seen = make(map[string]bool, len(pairs))
	}
	for _, p := range pairs {
		key := p.Key.Value
		if p.Key.Kind != yaml.ScalarNode {
			b.problems = append(b.problems, Problem{File: b.file, Line: p.Key.Line, Col: p.Key.Column, What: "a key must be a plain word, found " + describe(p.Key)})
			continue
		}
		twice := seen[key]
		if seen == nil {
			twice = into.Member(key) != nil
		} else {
			seen[key] = true
		}
		if twice {
			b.problems = append(b.problems, Problem{File: b.file, Line: p.Key.Line, Col: p.Key.Column, What: fmt.Sprintf("key %q is given twice", key)})
			continue
		}
		child := b.node(p.Value, key)
		// A finding about a member is best shown where its key stands.
		child.Line, child.Col = int32(p.Key.Line), int32(p.Key.Column)
		into.Append(child)
	}
}

// scalar gives the JSON kind of a YAML scalar by the core schema of YAML 1.2:
// dates and the like are text.
func scalar(n *yaml.Node) (payload.Kind, string) {
	switch n.Tag {
	case "!!null":
		return payload.Null, "null"
	case "!!bool":
		switch n.Value {
		case "true", "True", "TRUE":
			return payload.Bool, "true"
		case "false", "False", "FALSE":
			return payload.Bool, "false"
		}
	case "!!int":
		if jsonInteger(n.Value) {
			return payload.Number, n.Value
		}
		if i, err := strconv.ParseInt(strings.TrimPrefix(n.Value, "+"), 0, 64); err == nil {
			return payload.Number, strconv.FormatInt(i, 10)
		}
	case "!!float":
		if jsonNumber(n.Value) {
			return payload.Number, n.Value
		}
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil && f-f == 0 {
			return payload.Number, strconv.FormatFloat(f, 'g', -1, 64)
		}
	}
	return payload.String, n.Value
}

func jsonInteger(s string) bool {
	s = strings.TrimPrefix(s, "-")
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s == "0" || s != "" && s[0] != '0'
}

func jsonNumber(s string) bool {
	whole, exponent, scientific := cutAny(s, "eE")
	if scientific {
		exponent = strings.TrimLeft(exponent, "+-")
		if exponent == "" || strings.Trim(exponent, "0123456789") != "" {
			return false
		}
	}
	whole, fraction, point := strings.Cut(whole, ".")
	return jsonInteger(whole) && (!point || fraction != "" && strings.Trim(fraction, "0123456789") == "")
}

func cutAny(s, chars string) (before, after string, found bool) {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// Go gives a node as plain Go values: map[string]any, []any, string, int64,
// float64, bool and nil.
func Go(n *yaml.Node) any {
	n = Resolve(n)
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for _, p := range Pairs(n) {
			m[p.Key.Value] = Go(p.Value)
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			list = append(list, Go(item))
		}
		return list
	}
	kind, value := scalar(n)
	switch kind {
	case payload.Null:
		return nil
	case payload.Bool:
		return value == "true"
	case payload.Number:
		if i, err := strconv.ParseInt(value, 10, 64); err == nil {
			return i
		}
		f, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return value
		}
		return f
	}
	return value
}
