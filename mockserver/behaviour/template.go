package behaviour

import (
	"fmt"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// template is one compiled node of a template. fill gives nil when the node is
// left out.
type template interface {
	fill(f *frame) (*payload.Node, error)
}

// constant is a value without expressions.
type constant struct{ value *payload.Node }

func (t constant) fill(f *frame) (*payload.Node, error) { return copyNode(t.value, &f.build), nil }

// typed is "${expr}": the value as it is.
type typed struct{ expr *expression }

// shared fills a template for a reader: a value that is a node already is not
// copied, and must not be changed.
func shared(t template, f *frame) (*payload.Node, error) {
	whole, is := t.(typed)
	if !is {
		return t.fill(f)
	}
	v, err := whole.expr.eval(f)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case view:
		if v.n != nil {
			return v.n, nil
		}
	case storedBody:
		return v.doc.Node(), nil
	}
	return nodeOf(v, &f.build), nil
}

func (t typed) fill(f *frame) (*payload.Node, error) {
	v, err := t.expr.eval(f)
	if err != nil {
		return nil, err
	}
	return nodeOf(v, &f.build), nil
}

// mixed is text with expressions in between.
type mixed struct{ parts []textPart }

type textPart struct {
	text string
	expr *expression // nil for plain text
}

func (t mixed) fill(f *frame) (*payload.Node, error) {
	s, err := t.text(f)
	if err != nil {
		return nil, err
	}
	return f.build.NewNode(payload.String, "", s), nil
}

func (t mixed) text(f *frame) (string, error) {
	var out []byte
	for _, p := range t.parts {
		out = append(out, p.text...)
		if p.expr == nil {
			continue
		}
		v, err := p.expr.eval(f)
		if err != nil {
			return "", err
		}
		out = append(out, textOf(v)...)
	}
	return string(out), nil
}

// object is a mapping.
type object struct {
	cond    *expression // $if
	members []member
	// sparse is how XML reads "left out": whatever is empty.
	sparse bool
	// inOrder: as XML, the members can be written one after the other.
	inOrder bool
}

type member struct {
	name     string
	optional bool
	value    template
}

func (t object) fill(f *frame) (*payload.Node, error) {
	if t.cond != nil {
		if is, err := t.cond.holds(f); err != nil || !is {
			return nil, err
		}
	}
	n := f.build.NewNode(payload.Object, "", "")
	for _, m := range t.members {
		v, err := m.value.fill(f)
		if err != nil {
			return nil, err
		}
		if v == nil || m.optional && (v.Kind == payload.Null || t.sparse && empty(v)) {
			continue
		}
		v.Name = m.name
		n.Append(v)
	}
	return n, nil
}

// empty reports a value that would be an empty element.
func empty(n *payload.Node) bool {
	switch n.Kind {
	case payload.Null:
		return true
	case payload.String:
		return n.Value == ""
	case payload.Array, payload.Object:
		for c := range n.Children() {
			if !empty(c) {
				return false
			}
		}
		return true
	}
	return false
}

// sequence is a list.
type sequence struct{ items []template }

func (t sequence) fill(f *frame) (*payload.Node, error) {
	n := f.build.NewNode(payload.Array, "", "")
	for _, item := range t.items {
		v, err := item.fill(f)
		if err != nil {
			return nil, err
		}
		if v != nil {
			n.Append(v)
		}
	}
	return n, nil
}

// loop is $each: a list with one mapping for every value.
type loop struct {
	over *expression
	slot int
	body template
}

func (t loop) fill(f *frame) (*payload.Node, error) {
	n := f.build.NewNode(payload.Array, "", "")
	err := t.over.each(f, t.slot, func() error {
		v, err := t.body.fill(f)
		if err == nil && v != nil {
			n.Append(v)
		}
		return err
	})
	return n, err
}

// mapping is $map: an object with computed keys.
type mapping struct {
	over  *expression
	slot  int
	key   mixed
	value template
}

func (t mapping) fill(f *frame) (*payload.Node, error) {
	n := f.build.NewNode(payload.Object, "", "")
	err := t.over.each(f, t.slot, func() error {
		key, err := t.key.text(f)
		if err != nil {
			return err
		}
		v, err := t.value.fill(f)
		if err != nil || v == nil {
			return err
		}
		if have := n.Member(key); have != nil {
			have.Replace(mergePatch(have.Clone(), v))
			return nil
		}
		v.Name = key
		n.Append(v)
		return nil
	})
	return n, err
}

// each runs fn with the variable set to every value of a list in turn. What is
// absent has no values, and a single value counts as a list of one: an XML
// element that occurs once looks like that.
func (e *expression) each(f *frame, slot int, fn func() error) error {
	v, err := e.eval(f)
	if err != nil {
		return err
	}
	before := f.values[slot]
	defer func() { f.values[slot] = before }()
	for _, item := range itemsOf(v) {
		f.values[slot] = item
		if err := fn(); err != nil {
			return err
		}
	}
	return nil
}

// patched is $merge: the values laid over each other.
type patched struct {
	cond  *expression
	parts []template
}

func (t patched) fill(f *frame) (*payload.Node, error) {
	if t.cond != nil {
		if is, err := t.cond.holds(f); err != nil || !is {
			return nil, err
		}
	}
	var n *payload.Node
	for _, part := range t.parts {
		v, err := part.fill(f)
		switch {
		case err != nil:
			return nil, err
		case v == nil:
		case n == nil:
			n = v
		default:
			n = mergePatch(n, v)
		}
	}
	if n == nil {
		return nil, fmt.Errorf("$merge had nothing to merge")
	}
	return n, nil
}

// wide is the number of members from which a table beats looking at each.
const wide = 32

// mergePatch lays a patch over a node (RFC 7396): members replace, null takes
// away. Both nodes are used up.
func mergePatch(n, patch *payload.Node) *payload.Node {
	if patch.Kind != payload.Object {
		return patch
	}
	if n.Kind != payload.Object {
		name := n.Name
		n = &payload.Node{Kind: payload.Object, Name: name}
	}
	memberOf := n.Member
	if n.Len() > wide && patch.Len() > wide {
		byName := make(map[string]*payload.Node, n.Len())
		for c := range n.Children() {
			byName[c.Name] = c
		}
		memberOf = func(name string) *payload.Node { return byName[name] }
	}
	for c := range patch.Children() {
		have := memberOf(c.Name)
		if c.Kind == payload.Null {
			if have != nil {
				have.Detach()
			}
			continue
		}
		c.Detach()
		switch {
		case have == nil:
			if c.Kind == payload.Object {
				c = withoutNulls(c)
			}
			n.Append(c)
		case c.Kind == payload.Object && have.Kind == payload.Object:
			mergePatch(have, c)
		default:
			have.Replace(c)
		}
	}
	return n
}

// withoutNulls is what a patch leaves where nothing was.
func withoutNulls(n *payload.Node) *payload.Node {
	for c := range n.Children() {
		switch c.Kind {
		case payload.Null:
			c.Detach()
		case payload.Object:
			withoutNulls(c)
		}
	}
	return n
}
