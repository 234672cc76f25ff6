package schema

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// choice is anyOf or oneOf. Where the value of one member, the tag, tells the
// branches apart, only the branch that it names is judged: because a
// discriminator says so, or because every branch demands other values of it.
type choice struct {
	branches []*jsonSchema
	place    string // of the keyword
	one      bool   // oneOf

	tag         string
	byTag       map[string]*jsonSchema
	tags        []string // as JSON, in the order of the branches
	tagAt       string   // place of the rule that names the tag
	closed      bool     // no other value of the tag can be valid
	tagRequired bool     // without the tag no branch can be valid
	fallback    *jsonSchema
}

// tagBranch is what is known about one branch: the values that it demands of
// its members (const, enum), and which members it requires.
type tagBranch struct {
	values   map[string][]string
	order    []string
	required map[string]bool
}

func (c *compiler) choice(n *payload.Node, s *jsonSchema, keyword string) *choice {
	branches := c.list(n, s, keyword)
	if branches == nil {
		return nil
	}
	ch := &choice{branches: branches, one: keyword == "oneOf", place: s.place + "/" + keyword}
	known := make([]tagBranch, 0, len(branches))
	for b := range n.Member(keyword).Children() {
		t := tagBranch{values: map[string][]string{}, required: map[string]bool{}}
		c.gatherTags(b, s.res, &t, 0)
		known = append(known, t)
	}
	if d := n.Member("discriminator"); d != nil && s.res.dialect != Draft7 {
		c.discriminate(n, s, d, ch, known, n.Member(keyword))
	} else if len(branches) > 1 {
		ch.findTag(known)
	}
	return ch
}

// gatherTags reads a branch, what it refers to and its allOf.
func (c *compiler) gatherTags(n *payload.Node, res *resource, t *tagBranch, depth int) {
	if n.Kind != payload.Object || depth > 10 {
		return
	}
	if ref := stringMember(n, "$ref"); ref != "" {
		if target, other, err := c.resolve(ref, res); err == nil {
			c.gatherTags(target, other, t, depth+1)
		}
		if res.dialect != OpenAPI31 {
			return
		}
	}
	if r := n.Member("required"); r != nil && r.Kind == payload.Array {
		for name := range r.Children() {
			t.required[name.Value] = true
		}
	}
	if props := n.Member("properties"); props != nil && props.Kind == payload.Object {
		for p := range props.Children() {
			if values := c.tagValues(p, res, 0); values != nil && t.values[p.Name] == nil {
				t.values[p.Name] = values
				t.order = append(t.order, p.Name)
			}
		}
	}
	if all := n.Member("allOf"); all != nil && all.Kind == payload.Array {
		for part := range all.Children() {
			c.gatherTags(part, res, t, depth+1)
		}
	}
}

// tagValues gives the strings that a property may be, nil if it may be others.
func (c *compiler) tagValues(p *payload.Node, res *resource, hops int) []string {
	if p.Kind != payload.Object || hops > 10 {
		return nil
	}
	if ref := stringMember(p, "$ref"); ref != "" {
		target, other, err := c.resolve(ref, res)
		if err != nil {
			return nil
		}
		return c.tagValues(target, other, hops+1)
	}
	if isTrue(p.Member("nullable")) {
		return nil
	}
	if v := p.Member("const"); v != nil && res.dialect != OpenAPI30 {
		if v.Kind != payload.String {
			return nil
		}
		return []string{v.Value}
	}
	list := p.Member("enum")
	if list == nil || list.Kind != payload.Array || list.Len() == 0 {
		return nil
	}
	var values []string
	for v := range list.Children() {
		if v.Kind != payload.String {
			return nil
		}
		values = append(values, v.Value)
	}
	return values
}

// findTag looks for a member of which every branch demands other values.
func (ch *choice) findTag(known []tagBranch) {
next:
	for _, name := range known[0].order {
		byTag, tags, required := map[string]*jsonSchema{}, []string(nil), true
		for i, t := range known {
			values := t.values[name]
			if values == nil {
				continue next
			}
			for _, v := range values {
				if was := byTag[v]; was != nil && was != ch.branches[i] {
					continue next
				}
				byTag[v] = ch.branches[i]
				tags = append(tags, quoted(v))
			}
			required = required && t.required[name]
		}
		ch.tag, ch.byTag, ch.tags, ch.closed, ch.tagRequired, ch.tagAt = name, byTag, tags, true, required, ch.place
		return
	}
}

func quoted(s string) string { return string(payload.AppendQuoted(nil, s)) }

// discriminate sets up the choice by an OpenAPI discriminator: the mapping, then
// the name of the schema that a branch refers to; a branch that demands values
// of the property by itself and has no mapping is known by these.
func (c *compiler) discriminate(n *payload.Node, s *jsonSchema, d *payload.Node, ch *choice, known []tagBranch, list *payload.Node) {
	name := stringMember(d, "propertyName")
	if name == "" {
		c.fail(n, s, "discriminator", "expected a propertyName")
		return
	}
	ch.tag, ch.byTag, ch.closed, ch.tagRequired, ch.tagAt = name, map[string]*jsonSchema{}, true, true, s.place+"/discriminator"
	add := func(value string, branch *jsonSchema) {
		if ch.byTag[value] == nil {
			ch.byTag[value] = branch
			ch.tags = append(ch.tags, quoted(value))
		}
	}
	mapped := map[*jsonSchema]bool{}
	if m := d.Member("mapping"); m != nil && m.Kind == payload.Object {
		for entry := range m.Children() {
			if branch := c.mappingTarget(entry.Value, s, ch); branch != nil {
				add(entry.Name, branch)
				mapped[branch] = true
				continue
			}
			c.warn(s, "discriminator", "the mapping of "+entry.Name+" leads to "+entry.Value+", which is none of the branches")
		}
	}
	if fallback := stringMember(d, "defaultMapping"); fallback != "" {
		ch.fallback = c.mappingTarget(fallback, s, ch)
	}
	i := 0
	for b := range list.Children() {
		branch, t := ch.branches[i], known[i]
		i++
		ref := stringMember(b, "$ref")
		implicit := ref[strings.LastIndexByte(ref, '/')+1:]
		demanded := t.values[name]
		switch {
		case demanded != nil && !slices.Contains(demanded, implicit) && !mapped[branch]:
			for _, v := range demanded {
				add(v, branch)
			}
		case ref != "" && !(mapped[branch] && demanded != nil && !slices.Contains(demanded, implicit)):
			add(implicit, branch)
		case !mapped[branch]:
			// This branch cannot be told by the tag, so an unknown value proves nothing.
			ch.closed, ch.tagRequired = false, false
		}
	}
}

// mappingTarget reads a mapping's value: a reference, or the name of a schema.
func (c *compiler) mappingTarget(value string, s *jsonSchema, ch *choice) *jsonSchema {
	for _, ref := range []string{value, "#/components/schemas/" + payload.EscapePointer(value)} {
		target, res, err := c.resolve(ref, s.res)
		if err != nil || target == res.root {
			continue
		}
		t := c.compile(target, res)
		for _, branch := range ch.branches {
			if branch == t || branch.ref == t {
				return branch
			}
		}
	}
	return nil
}

// choose judges a value by anyOf or oneOf.
func (e *evaluation) choose(ch *choice, s *jsonSchema, n *payload.Node, m *marks) {
	if ch.tag != "" && n.Kind == payload.Object && e.chooseByTag(ch, s, n, m) {
		return
	}
	e.chooseByTrial(ch, s, n, m)
}

// chooseByTag reports whether the tag decided.
func (e *evaluation) chooseByTag(ch *choice, s *jsonSchema, n *payload.Node, m *marks) bool {
	t := n.Member(ch.tag)
	var branch *jsonSchema
	if t != nil && t.Kind == payload.String {
		branch = ch.byTag[t.Value]
	}
	if branch == nil {
		branch = ch.fallback
	}
	switch {
	case branch != nil:
		e.check(branch, n, m)
	case t == nil && ch.tagRequired:
		e.add(jsonFinding{node: n, schema: s, rule: ruleTagMissing, choice: ch})
		m.markAll()
	case t != nil && ch.closed:
		e.add(jsonFinding{node: t, schema: s, rule: ruleTag, choice: ch})
		m.markAll()
	default:
		return false
	}
	return true
}
