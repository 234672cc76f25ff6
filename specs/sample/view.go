package sample

import (
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// view is what several schema objects say together: a schema, its allOf, and the
// branch that was chosen of its oneOf and anyOf.
type view struct {
	nodes []*payload.Node
	never bool
	// others are the branches of a oneOf that were not chosen and must not fit, and
	// conditions that must not hold.
	others []*payload.Node
	// tags are the values that discriminators ask for, by member.
	tags map[string]string
}

// maxParts bounds how many schema objects one view may hold.
const maxParts = 64

func (m *maker) view(s *payload.Node, path string) view {
	if s == nil {
		return view{}
	}
	return m.views([]*payload.Node{s}, path)
}

func (m *maker) views(all []*payload.Node, path string) view {
	var v view
	for _, s := range all {
		m.expand(&v, s, path, 0)
	}
	return v
}

func (m *maker) expand(v *view, s *payload.Node, path string, depth int) {
	if s == nil || depth > 16 || len(v.nodes) >= maxParts {
		return
	}
	if s.Kind == payload.Bool {
		v.never = v.never || s.Value == "false"
		return
	}
	name := ""
	if ref := s.Member("$ref"); ref != nil {
		name = ref.Value
		if s.Len() > 1 {
			// Siblings of a reference count, where the dialect knows them.
			v.nodes = append(v.nodes, s)
		}
	}
	if s = m.Follow(s); s == nil || s.Kind != payload.Object {
		return
	}
	for _, have := range v.nodes {
		if have == s {
			return
		}
	}
	v.nodes = append(v.nodes, s)
	if all := s.Member("allOf"); all != nil {
		for part := range all.Children() {
			m.expand(v, part, path, depth+1)
		}
	}
	m.expand(v, s.Member(MadeKeyword), path, depth+1)
	if condition := s.Member("if"); condition != nil && (s.Member("then") != nil || s.Member("else") != nil) {
		if m.pick(path, condition, 2) == 0 {
			m.expand(v, condition, path, depth+1)
			m.expand(v, s.Member("then"), path, depth+1)
		} else {
			v.others = append(v.others, condition)
			m.expand(v, s.Member("else"), path, depth+1)
		}
	}
	chosen := ""
	for _, keyword := range []string{"oneOf", "anyOf"} {
		choices := s.Member(keyword)
		if choices == nil || choices.First() == nil {
			continue
		}
		at := m.pick(path, choices, choices.Len())
		branch := choices.Item(at)
		if t := branch.Member("type"); t != nil && t.Value == "null" && choices.Len() > 1 && m.avoid.wrong[path] < choices.Len() {
			branch = choices.Item((at + 1) % choices.Len())
		}
		if ref := branch.Member("$ref"); ref != nil {
			chosen = ref.Value
		}
		m.expand(v, branch, path, depth+1)
		if keyword == "oneOf" && m.avoid.wrong[path] > 0 {
			for other := range choices.Children() {
				if other != branch {
					v.others = append(v.others, other)
				}
			}
		}
	}
	if chosen == "" {
		chosen = name
	}
	v.tag(s.Member("discriminator"), chosen)
}

// picked is a choice that was made: the how manieth of how many branches.
type picked struct{ number, of int }

// pick chooses one of n branches: the first, until the judge complains.
func (m *maker) pick(path string, of *payload.Node, n int) int {
	c := choice{path, of}
	if m.chosen == nil {
		m.chosen = map[choice]picked{}
	}
	if _, met := m.chosen[c]; !met {
		m.chosen[c] = picked{len(m.chosen), n}
	}
	return m.avoid.turns[c] % n
}

// tag notes the value that a discriminator asks for when a component was chosen.
func (v *view) tag(d *payload.Node, ref string) {
	if d == nil || ref == "" || d.Member("propertyName") == nil {
		return
	}
	property := d.Member("propertyName").Value
	if v.tags[property] != "" {
		return // the outermost choice decides
	}
	value := payload.UnescapePointer(ref[strings.LastIndexByte(ref, '/')+1:])
	if mapping := d.Member("mapping"); mapping != nil {
		for c := range mapping.Children() {
			if c.Value == ref || c.Value == value {
				value = c.Name
				break
			}
		}
	}
	if v.tags == nil {
		v.tags = map[string]string{}
	}
	v.tags[property] = value
}

// find gives a keyword of the first part that has it.
func (v view) find(keyword string) *payload.Node {
	for _, n := range v.nodes {
		if k := n.Member(keyword); k != nil {
			return k
		}
	}
	return nil
}

// all gives a keyword of every part that has it.
func (v view) all(keyword string) []*payload.Node {
	var found []*payload.Node
	for _, n := range v.nodes {
		if k := n.Member(keyword); k != nil {
			found = append(found, k)
		}
	}
	return found
}

func (v view) says(keyword string) bool {
	for _, n := range v.all(keyword) {
		if n.Value == "true" {
			return true
		}
	}
	return false
}

// allows tells whether an enumeration, if there is one, has a text.
func (v view) allows(text string) bool {
	list := v.find("enum")
	if list == nil {
		return true
	}
	for one := range list.Children() {
		if one.Value == text {
			return true
		}
	}
	return false
}

// kind is the type to make: the first that is not null, or what the other
// keywords are about.
func (v view) kind() string {
	left, nothing := []string(nil), false
	for i, t := range v.all("type") {
		var own []string
		if t.Kind == payload.String {
			own = []string{t.Value}
		}
		for one := range t.Children() {
			own = append(own, one.Value)
		}
		if i == 0 {
			left = own
			continue
		}
		if both := common(left, own); len(both) > 0 {
			left = both
		}
	}
	for _, one := range left {
		if one != "null" {
			return one
		}
		nothing = true
	}
	for _, hint := range []struct{ keyword, kind string }{
		{"properties", "object"}, {"required", "object"}, {"additionalProperties", "object"}, {"minProperties", "object"},
		{"items", "array"}, {"prefixItems", "array"}, {"minItems", "array"},
		{"minimum", "number"}, {"maximum", "number"}, {"multipleOf", "number"},
		{"pattern", "string"}, {"minLength", "string"}, {"format", "string"},
	} {
		if v.find(hint.keyword) != nil {
			return hint.kind
		}
	}
	if nothing {
		return "null"
	}
	return ""
}

// common are the types that two schemas both allow.
func common(a, b []string) []string {
	var both []string
	for _, one := range a {
		for _, other := range b {
			switch {
			case one == other || one == "integer" && other == "number":
				both = append(both, one)
			case one == "number" && other == "integer":
				both = append(both, other)
			}
		}
	}
	return both
}

func (v view) required() map[string]bool {
	all := map[string]bool{}
	for _, name := range v.requiredNames() {
		all[name] = true
	}
	return all
}

func (v view) requiredNames() []string {
	var all []string
	for _, list := range v.all("required") {
		for c := range list.Children() {
			all = append(all, c.Value)
		}
	}
	return all
}

func (v view) memberNames() []string {
	var names []string
	have := map[string]bool{}
	for _, properties := range v.all("properties") {
		for p := range properties.Children() {
			if !have[p.Name] {
				have[p.Name] = true
				names = append(names, p.Name)
			}
		}
	}
	return names
}

func within(n *payload.Node, keyword, name string) *payload.Node {
	if list := n.Member(keyword); list != nil {
		return list.Member(name)
	}
	return nil
}

// members gives what each part says of a member.
func (v view) members(name string) []*payload.Node {
	var found []*payload.Node
	for _, n := range v.nodes {
		if p := within(n, "properties", name); p != nil {
			found = append(found, p)
			continue
		}
		matched := false
		if patterns := n.Member("patternProperties"); patterns != nil {
			for p := range patterns.Children() {
				if goMatches(p.Name, name) {
					found = append(found, p)
					matched = true
				}
			}
		}
		if more := n.Member("additionalProperties"); !matched && more != nil && more.Kind == payload.Object && more.Len() > 0 {
			found = append(found, more)
		}
	}
	return found
}

// permits tells whether no part of the schema forbids a member of that name.
func (v view) permits(name string) bool {
	for _, n := range v.nodes {
		more := n.Member("additionalProperties")
		if more == nil || more.Kind != payload.Bool || more.Value != "false" || within(n, "properties", name) != nil {
			continue
		}
		matched := false
		if patterns := n.Member("patternProperties"); patterns != nil {
			for p := range patterns.Children() {
				matched = matched || goMatches(p.Name, name)
			}
		}
		if !matched {
			return false
		}
	}
	for _, no := range v.all("not") {
		if list := no.Member("required"); list != nil && list.Len() == 1 && list.First().Value == name {
			return false
		}
	}
	return true
}

// bound is the tightest of a bound that several parts may give.
func (v view) bound(keyword string, otherwise int, tighter func(a, b int) int) int {
	found := otherwise
	for i, n := range v.all(keyword) {
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil && f >= 0 && f < 1e9 {
			if found = tighter(found, int(f)); i == 0 {
				found = int(f)
			}
		}
	}
	return found
}

func (v view) least(keyword string) int {
	return v.bound(keyword, 0, func(a, b int) int { return max(a, b) })
}

func (v view) most(keyword string, otherwise int) int {
	return v.bound(keyword, otherwise, func(a, b int) int { return min(a, b) })
}
