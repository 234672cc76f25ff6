package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/net/http/httpguts"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// reader reads YAML nodes of one file strictly and keeps every problem.
type reader struct {
	file     string
	problems *problems
}

func (r *reader) fail(n *yaml.Node, hint, format string, args ...any) {
	r.problems.add(r.file, n.Line, n.Column, fmt.Sprintf(format, args...), hint)
}

// mapping calls each for every key of a mapping and refuses keys that are not
// known, keys that occur twice, and aliases.
func (r *reader) mapping(n *yaml.Node, what string, known []string, each func(key string, k, v *yaml.Node)) bool {
	if n.Kind != yaml.MappingNode {
		hint := ""
		if known != nil {
			hint = "keys it may have: " + strings.Join(known, ", ")
		}
		r.fail(n, hint, "%s must be a mapping, found %s", what, kindName(n))
		return false
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case k.Kind != yaml.ScalarNode:
			r.fail(k, "", "a key of %s must be a plain word, found %s", what, kindName(k))
		case seen[k.Value]:
			r.fail(k, "keep one of them", "key %q occurs twice in %s", k.Value, what)
		case known != nil && !contains(known, k.Value):
			r.fail(k, nearest(k.Value, known), "unknown key %q in %s", k.Value, what)
		case v.Kind == yaml.AliasNode:
			r.fail(v, "write the value out", "YAML aliases are not allowed")
			return false // what is missing for it is not told
		default:
			each(k.Value, k, v)
		}
		seen[k.Value] = true
	}
	return true
}

func (r *reader) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		r.fail(n, "", "%s must be a text, found %s", what, kindName(n))
		return ""
	}
	return n.Value
}

// missing reports whether a key has no value, and nothing was told about it.
func (r *reader) missing(at places, key, value string) bool {
	where, given := at[key]
	told := func(p Problem) bool { return p.Line == where.line && p.Col == where.col }
	return value == "" && !(given && slices.ContainsFunc(*r.problems, told))
}

// name reads a word that references name: it holds nothing that ends a name in them.
func (r *reader) name(n *yaml.Node, what string) string {
	text := r.text(n, what)
	r.plain(n, what)
	return text
}

// names checks the keys of a mapping in the same way.
func (r *reader) names(n *yaml.Node, what string) {
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		r.plain(n.Content[i], what)
	}
}

func (r *reader) plain(n *yaml.Node, what string) {
	if strings.ContainsAny(n.Value, ".:{}$ \t\n") {
		r.fail(n, "use letters, digits, '-' and '_'", "%s holds a character that no reference can name: %q", what, n.Value)
	}
}

// headerNames checks names and values that HTTP would refuse to send.
func (r *reader) headerNames(n *yaml.Node) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if name := n.Content[i]; !httpguts.ValidHeaderFieldName(name.Value) {
			r.fail(name, "letters, digits and -", "%q is no name of a header", name.Value)
		}
		if value := n.Content[i+1]; value.Kind == yaml.ScalarNode && !httpguts.ValidHeaderFieldValue(value.Value) {
			r.fail(value, "take the control characters out", "%q is no value of a header", value.Value)
		}
	}
}

func (r *reader) truth(n *yaml.Node, what string) bool {
	b, err := strconv.ParseBool(n.Value)
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || err != nil {
		r.fail(n, "", "%s must be true or false, found %s", what, kindName(n))
	}
	return b
}

func (r *reader) integer(n *yaml.Node, what string) int {
	i, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		r.fail(n, "", "%s must be a whole number, found %s", what, kindName(n))
	}
	return i
}

// list gives the items of a sequence; a scalar is a list of one.
func (r *reader) list(n *yaml.Node, what string) []*yaml.Node {
	switch n.Kind {
	case yaml.SequenceNode:
		return n.Content
	case yaml.ScalarNode:
		return []*yaml.Node{n}
	}
	r.fail(n, "put each entry on a line of its own that begins with -, or write [a, b]", "%s must be a list, found %s", what, kindName(n))
	return nil
}

func (r *reader) texts(n *yaml.Node, what string) []string {
	var out []string
	for _, item := range r.list(n, what) {
		out = append(out, r.text(item, "an entry of "+what))
	}
	return out
}

// textMap keeps the places too, by what and key.
func (r *reader) textMap(n *yaml.Node, what string, at *places) map[string]string {
	out := map[string]string{}
	r.mapping(n, what, nil, func(key string, _, v *yaml.Node) {
		at.keep(what+" "+key, v)
		out[key] = r.text(v, what+" "+key)
	})
	return out
}

func (r *reader) value(n *yaml.Node) *payload.Node {
	v, err := payload.FromYAML(n)
	if err != nil {
		r.fail(n, "", "%v", err)
		return null()
	}
	return v
}

func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	if n.Tag == "!!null" {
		return "nothing"
	}
	return fmt.Sprintf("%q", n.Value)
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// null is the JSON null.
func null() *payload.Node { return &payload.Node{Kind: payload.Null, Value: "null"} }
