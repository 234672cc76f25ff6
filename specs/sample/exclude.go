package sample

import (
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// maxExcluded bounds how deep below a place the difference between two branches
// is looked for.
const maxExcluded = 4

// exclude changes a value so that another branch refuses it and its own does not:
// alternatives that do not exclude each other are met in no other way. It tells
// whether it found a way.
func (m *maker) exclude(n *payload.Node, own view, other *payload.Node, path string) bool {
	return m.differ(n, own, m.view(other, path+"/"), path, 0)
}

func (m *maker) differ(n *payload.Node, own, other view, path string, depth int) bool {
	if other.never || depth > maxExcluded {
		return other.never
	}
	if k := other.kind(); k != "" && !fits(n, k) {
		return true
	}
	switch n.Kind {
	case payload.Object:
		return m.differInMembers(n, own, other, path, depth)
	case payload.Array:
		return m.differInItems(n, own, other, path, depth)
	case payload.String:
		return m.differInText(n, own, other)
	case payload.Number:
		return m.differInNumber(n, own, other)
	}
	return false
}

func (m *maker) differInMembers(n *payload.Node, own, other view, path string, depth int) bool {
	for c := range n.Children() {
		if !other.permits(c.Name) {
			return true
		}
	}
	mine := own.required()
	for _, name := range other.requiredNames() {
		if n.Member(name) == nil {
			return true
		}
		if !mine[name] {
			(&payload.Tree{Format: payload.JSON, Root: n}).Remove("/" + payload.EscapePointer(name))
			return true
		}
	}
	if !other.permits("key1") && own.permits("key1") && len(own.members("key1")) == 0 {
		extra := payload.FromGo("sample")
		extra.Name = "key1"
		n.Append(extra)
		return true
	}
	for _, name := range append(other.memberNames(), "key1") {
		theirs := m.views(other.members(name), path+"/?")
		have := n.Member(name)
		if have == nil && len(own.members(name)) > 0 {
			// What the own branch describes is made, and may differ.
			have = m.value(m.views(own.members(name), path+"/"+payload.EscapePointer(name)), path+"/"+payload.EscapePointer(name), fullDepth)
			have.Name = name
			if m.differ(have, m.views(own.members(name), path), theirs, path+"/"+payload.EscapePointer(name), depth+1) {
				n.Append(have)
				return true
			}
			continue
		}
		if have != nil {
			if m.differ(have, m.views(own.members(name), path), theirs, path+"/"+payload.EscapePointer(name), depth+1) {
				return true
			}
			continue
		}
		if !own.permits(name) || theirs.kind() == "" {
			continue
		}
		refused := payload.FromGo("sample")
		if theirs.kind() != "object" {
			refused = &payload.Node{Kind: payload.Object}
		}
		refused.Name = name
		n.Append(refused)
		return true
	}
	return false
}

func (m *maker) differInItems(n *payload.Node, own, other view, path string, depth int) bool {
	mine, theirs := m.views(own.all("items"), path+"/0"), m.views(other.all("items"), path+"/0?")
	if n.First() == nil {
		if other.least("minItems") > 0 {
			return true
		}
		if own.most("maxItems", 1) < 1 || mine.never {
			return false
		}
		n.Append(m.value(mine, path+"/0", fullDepth))
	}
	for item := range n.Children() {
		if m.differ(item, mine, theirs, path+"/0", depth+1) {
			return true
		}
	}
	return false
}

func (m *maker) differInText(n *payload.Node, own, other view) bool {
	refused := func(text string) bool {
		if list := other.enum(); len(list) > 0 {
			for _, one := range list {
				if one.Value == text {
					return false
				}
			}
			return true
		}
		if c := other.find("const"); c != nil {
			return c.Value != text
		}
		if p := other.find("pattern"); p != nil && !m.matches(p.Value, text) {
			return true
		}
		if f := other.find("format"); f != nil && text == "sample" && f.Value != "password" {
			_, known := m.formatted(f.Value)
			return known
		}
		return len(text) < other.least("minLength") || len(text) > other.most("maxLength", len(text))
	}
	if refused(n.Value) {
		return true
	}
	if own.find("const") != nil {
		return false
	}
	var candidates []string
	if list := own.enum(); len(list) > 0 {
		for _, one := range list {
			candidates = append(candidates, one.Value)
		}
	} else if own.find("pattern") == nil && own.find("format") == nil {
		low, high := own.least("minLength"), own.most("maxLength", 1000)
		for _, text := range []string{"sample", "sample text", "", strings.Repeat("x", max(low, min(high, other.most("maxLength", 0)+1)))} {
			if len(text) >= low && len(text) <= high {
				candidates = append(candidates, text)
			}
		}
	}
	for _, text := range candidates {
		if refused(text) {
			n.Value = text
			return true
		}
	}
	return false
}

func (m *maker) differInNumber(n *payload.Node, own, other view) bool {
	if list := other.enum(); len(list) > 0 || own.find("enum") != nil || own.find("const") != nil {
		for _, one := range list {
			if payload.Equal(one, n) {
				return false
			}
		}
		return len(list) > 0
	}
	if other.kind() == "integer" && own.kind() == "number" && own.find("multipleOf") == nil {
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil {
			n.Value = strconv.FormatFloat(f+0.5, 'f', -1, 64)
			return true
		}
	}
	return false
}
