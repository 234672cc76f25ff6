package match

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

type comparison struct {
	tree    *payload.Tree
	rules   Rules
	resolve Resolve
	found   []Difference
	err     error
}

func (c *comparison) add(path, kind, expected, actual string) {
	c.found = append(c.found, Difference{Path: path, Kind: kind, Expected: expected, Actual: actual})
}

func (c *comparison) failed(err error) bool {
	if err != nil && c.err == nil {
		c.err = err
	}
	return err != nil
}

// node holds every condition of a matcher against one node that is there.
func (c *comparison) node(n *payload.Node, path string, m *scenarios.Matcher) {
	if m.Literal != nil {
		if ref, want, err := c.literal(m.Literal); !c.failed(err) {
			c.equal(n, path, ref, want)
		}
	}
	if m.SameAs != "" {
		if ref, want, err := c.named(m.SameAs); !c.failed(err) {
			c.equal(n, path, ref, want)
		}
	}
	if m.Absent && !c.rules.Nothing(n) {
		c.add(path, "unexpected", "absent", n.Brief())
	}
	if m.Type != "" && !hasType(n, m.Type) {
		c.add(path, "type", m.Type, n.Brief())
	}
	if m.Format != "" && (!n.IsScalar() || !HasFormat(m.Format, scalar(n))) {
		c.add(path, "format", m.Format, n.Brief())
	}
	if m.Regex != nil && (!n.IsScalar() || !m.Regex.MatchString(scalar(n))) {
		c.add(path, "pattern", "text that matches "+m.Regex.String(), n.Brief())
	}
	if m.IgnoreCase != nil {
		if want, err := Expand(*m.IgnoreCase, c.resolve); !c.failed(err) && (!n.IsScalar() || !strings.EqualFold(want, scalar(n))) {
			c.add(path, "value", strconv.Quote(want)+" in any case", n.Brief())
		}
	}
	if len(m.OneOf) > 0 && !c.anyOf(n, path, m.OneOf) {
		c.add(path, "enum", c.describe(&scenarios.Matcher{OneOf: m.OneOf}), n.Brief())
	}
	for _, b := range m.Bounds {
		c.bound(n, path, b)
	}
	if m.Lacks != nil {
		c.lacks(n, m.Lacks)
	}
	if len(m.Has) > 0 {
		c.has(n, path, m.Has)
	}
	c.items(n, path, m)
}

// lacks looks for a value that must not be there, at a node and all the way down.
func (c *comparison) lacks(n *payload.Node, m *scenarios.Matcher) {
	if n.IsScalar() && c.anyOf(n, c.tree.Path(n), []*scenarios.Matcher{m}) {
		c.add(c.tree.Path(n), "unexpected", "anything but "+c.describe(m), n.Brief())
	}
	for child := range n.Children() {
		c.lacks(child, m)
	}
}

// has holds expectations against what is below a node.
func (c *comparison) has(n *payload.Node, path string, all []scenarios.Expectation) {
	below := &payload.Tree{Format: c.tree.Format, Root: n.Clone()}
	root := "" // an XPath begins with the root element
	if c.tree.Format == payload.XML {
		root = "/" + n.Name
	}
	for _, e := range all {
		found, err := Body(below, root+e.Path, e.Matcher, c.rules, c.resolve)
		if c.failed(err) {
			return
		}
		for _, d := range found {
			d.Path = path + strings.TrimPrefix(d.Path, root)
			c.found = append(c.found, d)
		}
	}
}

// literal gives the value that a matcher spells out; ref is set where it is one
// reference and nothing else.
func (c *comparison) literal(n *payload.Node) (*scenarios.Reference, *payload.Node, error) {
	if n.Kind == payload.String && strings.Contains(n.Value, "${") {
		return c.named(n.Value)
	}
	want, err := ExpandNode(n, c.resolve)
	return nil, want, err
}

// named gives what a text with references names: a node of its own type where the
// text is one reference, which is then given too.
func (c *comparison) named(text string) (*scenarios.Reference, *payload.Node, error) {
	parts, err := scenarios.Parts(text)
	if err != nil {
		return nil, nil, err
	}
	if len(parts) == 1 && parts[0].Ref != nil {
		n, err := c.resolve(parts[0].Ref)
		return parts[0].Ref, n, err
	}
	text, err = Expand(text, c.resolve)
	return nil, &payload.Node{Kind: payload.String, Value: text}, err
}

// wantsNull reports whether null, or in XML no content, is what a matcher wants, or
// one of the values.
func (c *comparison) wantsNull(m *scenarios.Matcher) bool {
	if slices.ContainsFunc(m.OneOf, c.wantsNull) {
		return true
	}
	var want *payload.Node
	var err error
	switch {
	case m.Literal != nil:
		_, want, err = c.literal(m.Literal)
	case m.SameAs != "":
		_, want, err = c.named(m.SameAs)
	}
	empty := c.tree.Format == payload.XML && want != nil && want.IsScalar() && strings.TrimSpace(want.Value) == ""
	return err == nil && want != nil && (want.Kind == payload.Null || empty)
}

// equal compares structure by structure; a scalar of YAML is compared by its text
// with XML.
func (c *comparison) equal(n *payload.Node, path string, ref *scenarios.Reference, want *payload.Node) {
	xml := n.Kind == payload.Element || n.Kind == payload.Attribute
	if xml && want.Kind != payload.Element {
		c.xmlText(n, path, want)
		return
	}
	if !xml && (want.Kind == payload.Element || want.Kind == payload.Attribute) {
		want = &payload.Node{Kind: payload.String, Value: want.Value}
		if n.Kind == payload.Number {
			want.Kind = payload.Number
		}
	}
	if xml && want.Name != n.Name {
		// Two elements are compared by content; the names may differ.
		want = want.Clone()
		want.Name = n.Name
	}
	for _, d := range c.rules.Diff(ref, want, n) {
		at := d.Path
		if xml {
			at = strings.TrimPrefix(at, "/"+n.Name)
		}
		actual := d.Actual
		if d.Kind == payload.DiffMissing {
			actual = "absent"
		}
		expected := d.Expected
		if d.Kind == payload.DiffUnexpected {
			expected = "absent"
		}
		c.add(path+at, string(d.Kind), expected, actual)
	}
}

func (c *comparison) xmlText(n *payload.Node, path string, want *payload.Node) {
	if !want.IsScalar() {
		c.add(path, "type", want.Brief(), n.Brief())
		return
	}
	text, wanted := strings.TrimSpace(n.Value), strings.TrimSpace(want.Value)
	if want.Kind == payload.Null {
		wanted = ""
	}
	same := n.IsScalar() && text == wanted
	if want.Kind == payload.Number && n.IsScalar() {
		same = isNumber(text) && payload.CompareNumbers(text, wanted) == 0
	}
	if !same {
		c.add(path, "value", strconv.Quote(wanted), n.Brief())
	}
}

// anyOf tries the alternatives without keeping what they find.
func (c *comparison) anyOf(n *payload.Node, path string, all []*scenarios.Matcher) bool {
	for _, m := range all {
		try := &comparison{tree: c.tree, rules: c.rules, resolve: c.resolve}
		try.node(n, path, m)
		if c.failed(try.err) || len(try.found) == 0 {
			return true
		}
	}
	return false
}

// items holds each, contains and size against a JSON array, or against the elements in
// an element.
func (c *comparison) items(n *payload.Node, path string, m *scenarios.Matcher) {
	if m.Each == nil && m.Contains == nil && m.Size == nil {
		return
	}
	if n.Kind == payload.Element {
		var all []*payload.Node
		for child := range n.Children() {
			if child.Kind == payload.Element {
				all = append(all, child)
			}
		}
		c.list(path, all, m)
		return
	}
	if n.Kind != payload.Array {
		if m.Size != nil && n.Kind == payload.Object {
			c.size(path, n.Len(), *m.Size)
			return
		}
		c.add(path, "type", "array", n.Brief())
		return
	}
	var all []*payload.Node
	for item := range n.Children() {
		all = append(all, item)
	}
	c.list(path, all, m)
}

func (c *comparison) list(path string, all []*payload.Node, m *scenarios.Matcher) {
	if m.Size != nil {
		c.size(path, len(all), *m.Size)
	}
	if m.Each != nil {
		if len(all) == 0 {
			c.add(path, "missing", "at least one, each "+c.describe(m.Each), "none")
		}
		for _, n := range all {
			c.node(n, c.tree.Path(n), m.Each)
		}
	}
	if m.Contains != nil {
		for _, n := range all {
			if c.anyOf(n, "", []*scenarios.Matcher{m.Contains}) {
				return
			}
		}
		if len(all) == 1 && len(m.Contains.Has) > 0 {
			// One item that could have been it: say what is wrong with it.
			c.node(all[0], c.tree.Path(all[0]), m.Contains)
			return
		}
		c.add(path, "missing", c.describeItem(m.Contains), others(len(all)))
	}
}

func (c *comparison) size(path string, have, want int) {
	if have != want {
		c.add(path, "length", fmt.Sprintf("%d items", want), fmt.Sprintf("%d items", have))
	}
}

func others(n int) string {
	switch n {
	case 0:
		return "no item"
	case 1:
		return "1 other"
	}
	return fmt.Sprintf("%d others", n)
}
