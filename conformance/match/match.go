package match

import (
	"fmt"
	"strings"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Difference is one place where a body is not as expected. Kind is a word of the
// report's deviation kinds.
type Difference struct {
	Path     string
	Kind     string
	Expected string
	Actual   string
}

// Resolve gives the value that a reference names.
type Resolve func(*scenarios.Reference) (*payload.Node, error)

// Rules say what counts when one message is held against another. The zero value
// counts everything.
type Rules struct {
	// NullIsAbsent makes a member that is null the same as no member, and in XML an
	// element without content the same as no element.
	NullIsAbsent bool
	// Undescribed tells the values that the contract says nothing about: no two
	// messages need agree on them.
	Undescribed func(*payload.Node) bool
}

// Diff holds an answer against an earlier message. An answer may carry more than the
// request that it is held against: what a server adds (defaults, times, links) takes
// nothing away from what was sent. A UUID is the same in capital letters, and
// a time in another zone or with a fraction of zero.
func (r Rules) Diff(ref *scenarios.Reference, want, got *payload.Node) []payload.Difference {
	return payload.Diff(want, got, payload.DiffOptions{NullIsAbsent: r.NullIsAbsent, Skip: r.Undescribed, ByValue: true,
		MoreMembers: ref != nil && ref.Kind == "request" && want.Kind != payload.Element && got.Kind != payload.Element})
}

// Nothing reports whether a value stands for none.
func (r Rules) Nothing(n *payload.Node) bool {
	return r.NullIsAbsent && (n.Kind == payload.Null || n.Kind == payload.Element && n.Len() == 0 && strings.TrimSpace(n.Value) == "")
}

// Body holds one expectation against a tree. A path that names several nodes holds
// when each of them matches, and one that names none is missing. The error says
// that the expectation itself cannot be evaluated (an unknown reference).
func Body(t *payload.Tree, path string, m *scenarios.Matcher, rules Rules, resolve Resolve) ([]Difference, error) {
	path, err := Expand(path, resolve)
	if err != nil {
		return nil, err
	}
	if _, err := payload.Steps(t.Format, path); err != nil {
		return nil, err
	}
	c := &comparison{tree: t, rules: rules, resolve: resolve}
	nodes, gone := find(t, path)
	switch {
	case m.Absent:
		for _, n := range nodes {
			if !rules.Nothing(n) {
				c.add(t.Path(n), "unexpected", "absent", n.Brief())
			}
		}
	case rules.NullIsAbsent && len(nodes) == 0 && c.wantsNull(m):
	case t.Format == payload.XML && (m.Each != nil || m.Contains != nil || m.Size != nil):
		c.list(path, nodes, m)
		one := *m
		one.Each, one.Contains, one.Size = nil, nil, nil
		if one.Present || c.describe(&one) != anything {
			c.all(nodes, gone, &one)
		}
	default:
		c.all(nodes, gone, m)
	}
	return c.found, c.err
}

// all holds a matcher against every node that a path names.
func (c *comparison) all(nodes []*payload.Node, gone []string, m *scenarios.Matcher) {
	if len(gone) > 0 {
		want := c.describe(m)
		for _, p := range gone {
			c.add(p, "missing", want, "absent")
		}
	}
	for _, n := range nodes {
		c.node(n, c.tree.Path(n), m)
	}
}

// Text holds a matcher against a text that is not in a body: a header value.
func Text(value string, m *scenarios.Matcher, resolve Resolve) ([]Difference, error) {
	c := &comparison{tree: &payload.Tree{Format: payload.XML}, resolve: resolve}
	c.node(&payload.Node{Kind: payload.Attribute, Value: value}, "", m)
	return c.found, c.err
}

// find gives the nodes that a path names, and the paths of those that are missing
// under a parent that is there (or the whole path when there is no such parent).
func find(t *payload.Tree, path string) (nodes []*payload.Node, gone []string) {
	nodes = t.Select(path)
	cut := strings.LastIndexByte(path, '/')
	if cut < 0 || t.Root == nil {
		if len(nodes) == 0 {
			gone = []string{path}
		}
		return nodes, gone
	}
	last := path[cut:]
	parents := t.Select(path[:cut])
	if t.Format == payload.XML && cut == 0 || last == "/*" || len(parents) == 0 {
		if len(nodes) == 0 {
			gone = []string{path}
		}
		return nodes, gone
	}
	for _, p := range parents {
		below := t.Path(p) + last
		if len(t.Select(below)) == 0 {
			gone = append(gone, below)
		}
	}
	return nodes, gone
}

// Expand replaces the references of a text.
func Expand(s string, resolve Resolve) (string, error) {
	if !strings.Contains(s, "${") {
		return s, nil
	}
	parts, err := scenarios.Parts(s)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, p := range parts {
		if p.Ref == nil {
			b.WriteString(p.Text)
			continue
		}
		n, err := resolve(p.Ref)
		if err != nil {
			return "", err
		}
		if !n.IsScalar() {
			return "", fmt.Errorf("a reference inside the text %q names a whole object", s)
		}
		if n.Kind != payload.Null {
			b.WriteString(strings.TrimSpace(n.Value))
		}
	}
	return b.String(), nil
}

// ExpandNode copies a node with its references replaced. A string that is one
// reference takes over the type of what it names.
func ExpandNode(n *payload.Node, resolve Resolve) (*payload.Node, error) {
	if n.Kind == payload.String && strings.Contains(n.Value, "${") {
		parts, err := scenarios.Parts(n.Value)
		if err != nil {
			return nil, err
		}
		if len(parts) == 1 && parts[0].Ref != nil {
			named, err := resolve(parts[0].Ref)
			if err != nil {
				return nil, err
			}
			c := named.Clone()
			c.Name = n.Name
			return c, nil
		}
		text, err := Expand(n.Value, resolve)
		if err != nil {
			return nil, err
		}
		return &payload.Node{Kind: payload.String, Name: n.Name, Value: text}, nil
	}
	c := &payload.Node{Kind: n.Kind, Name: n.Name, Value: n.Value}
	for child := range n.Children() {
		expanded, err := ExpandNode(child, resolve)
		if err != nil {
			return nil, err
		}
		c.Append(expanded)
	}
	return c, nil
}
