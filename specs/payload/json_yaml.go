package payload

import (
	"fmt"
	"math/big"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxYAMLNodes bounds what aliases may grow to.
const maxYAMLNodes = 2_000_000

// FromYAML makes a JSON node of a YAML node: members keep their order, numbers
// their exact value (in JSON notation), and every node the line and column of
// the YAML text. Keys that are scalars become member names as they are written
// (200 is "200"). Errors name the line.
func FromYAML(y *yaml.Node) (*Node, error) {
	c := yamlReader{}
	return c.read(y, 0)
}

type yamlReader struct {
	nodes Builder
	count int
}

func (c *yamlReader) fail(y *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("line %d, column %d: %s", y.Line, y.Column, fmt.Sprintf(format, args...))
}

func (c *yamlReader) node(y *yaml.Node, kind Kind, value string) *Node {
	n := c.nodes.NewNode(kind, "", value)
	n.Line, n.Col = int32(y.Line), int32(y.Column)
	return n
}

func (c *yamlReader) read(y *yaml.Node, depth int) (*Node, error) {
	if c.count++; c.count > maxYAMLNodes {
		return nil, c.fail(y, "the document grows beyond %d values through its aliases", maxYAMLNodes)
	}
	if depth > maxGoDepth {
		return nil, c.fail(y, "nested deeper than %d, or an alias that holds itself", maxGoDepth)
	}
	switch y.Kind {
	case 0:
		return c.node(y, Null, "null"), nil
	case yaml.DocumentNode:
		if len(y.Content) == 0 {
			return c.node(y, Null, "null"), nil
		}
		return c.read(y.Content[0], depth)
	case yaml.AliasNode:
		return c.read(y.Alias, depth+1)
	case yaml.SequenceNode:
		n := c.node(y, Array, "")
		for _, item := range y.Content {
			child, err := c.read(item, depth+1)
			if err != nil {
				return nil, err
			}
			n.Append(child)
		}
		return n, nil
	case yaml.MappingNode:
		n := c.node(y, Object, "")
		return n, c.members(n, y, depth, map[string]bool{})
	}
	return c.scalar(y)
}

// members reads a mapping into n. Merge keys (<<) add what is not set by the
// mapping itself.
func (c *yamlReader) members(n *Node, y *yaml.Node, depth int, seen map[string]bool) error {
	var merged []*yaml.Node
	own := map[string]bool{}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return c.fail(key, "a key must be a single word or text, found a list or a mapping")
		}
		if key.ShortTag() == "!!merge" {
			merged = append(merged, value)
			continue
		}
		if own[key.Value] {
			return c.fail(key, "key %q occurs twice in one mapping", key.Value)
		}
		own[key.Value] = true
		if seen[key.Value] {
			continue
		}
		seen[key.Value] = true
		child, err := c.read(value, depth+1)
		if err != nil {
			return err
		}
		child.Name = key.Value
		n.Append(child)
	}
	for _, from := range merged {
		if err := c.merge(n, from, depth+1, seen); err != nil {
			return err
		}
	}
	return nil
}

func (c *yamlReader) merge(n *Node, from *yaml.Node, depth int, seen map[string]bool) error {
	if c.count++; c.count > maxYAMLNodes || depth > maxGoDepth {
		return c.fail(from, "the document grows beyond %d values through its merges", maxYAMLNodes)
	}
	switch from.Kind {
	case yaml.AliasNode:
		return c.merge(n, from.Alias, depth+1, seen)
	case yaml.MappingNode:
		return c.members(n, from, depth, seen)
	case yaml.SequenceNode:
		for _, one := range from.Content {
			if err := c.merge(n, one, depth+1, seen); err != nil {
				return err
			}
		}
		return nil
	}
	return c.fail(from, "<< must be given a mapping or a list of mappings")
}

func (c *yamlReader) scalar(y *yaml.Node) (*Node, error) {
	switch y.ShortTag() {
	case "!!null":
		return c.node(y, Null, "null"), nil
	case "!!bool":
		var b bool
		if err := y.Decode(&b); err != nil {
			return nil, c.fail(y, "%q is not true or false", y.Value)
		}
		return c.node(y, Bool, fmt.Sprint(b)), nil
	case "!!int", "!!float":
		literal, ok := jsonNumber(y.Value, y.ShortTag() == "!!int")
		if !ok {
			return nil, c.fail(y, "%q is a number that JSON cannot hold; quote it if it is text", y.Value)
		}
		return c.node(y, Number, literal), nil
	case "!!binary":
		return nil, c.fail(y, "!!binary has no place in JSON; write the base64 text as a string")
	}
	return c.node(y, String, y.Value), nil
}

// jsonNumber writes a YAML number in the notation of JSON, with the same value.
func jsonNumber(s string, integer bool) (string, bool) {
	if isNumber(s) {
		return s, true
	}
	s = strings.ReplaceAll(s, "_", "")
	if integer {
		// Base 0 knows 0x, 0o, 0b and the leading zero of old octals.
		i, ok := new(big.Int).SetString(s, 0)
		if !ok {
			return "", false
		}
		return i.String(), true
	}
	sign := ""
	if s != "" && (s[0] == '+' || s[0] == '-') {
		sign, s = strings.TrimPrefix(s[:1], "+"), s[1:]
	}
	mantissa, power := s, ""
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, power = s[:i], s[i:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	s = sign + whole + fraction + power
	return s, isNumber(s)
}
