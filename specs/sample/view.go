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
	// others are the branches of a oneOf that were not chosen.
	others []*payload.Node
	// tags are the values that discriminators ask for, by member.
	tags map[string]string
}

// maxParts bounds how many schema objects one view may hold.
const maxParts = 64

func (m *maker) view(s *payload.Node) view {
	if s == nil {
		return view{}
	}
	return m.views([]*payload.Node{s})
}

func (m *maker) views(all []*payload.Node) view {
	var v view
	for _, s := range all {
		m.expand(&v, s, 0)
	}
	return v
}

func (m *maker) expand(v *view, s *payload.Node, depth int) {
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
			m.expand(v, part, depth+1)
		}
	}
	if then := s.Member("then"); then != nil && s.Member("if") != nil && m.rand.IntN(2) == 0 {
		m.expand(v, s.Member("if"), depth+1)
		m.expand(v, then, depth+1)
	}
	chosen := ""
	for _, keyword := range []string{"oneOf", "anyOf"} {
		choices := s.Member(keyword)
		if choices == nil || choices.First() == nil {
			continue
		}
		at := 0
		if !m.first {
			at = m.rand.IntN(choices.Len())
		}
		branch := choices.Item(at)
		if t := branch.Member("type"); t != nil && t.Value == "null" && choices.Len() > 1 {
			branch = choices.Item((at + 1) % choices.Len())
		}
		if ref := branch.Member("$ref"); ref != nil {
			chosen = ref.Value
		}
		m.expand(v, branch, depth+1)
		if keyword == "oneOf" && m.contrary {
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
	nothing := false
	for _, t := range v.all("type") {
		if t.Kind == payload.String && t.Value != "null" {
			return t.Value
		}
		for one := range t.Children() {
			if one.Value != "null" {
				return one.Value
			}
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

func (v view) members(name string) []*payload.Node {
	var found []*payload.Node
	for _, properties := range v.all("properties") {
		if p := properties.Member(name); p != nil {
			found = append(found, p)
		}
	}
	return found
}

// additional gives the schemas of members without a description of their own.
func (v view) additional() []*payload.Node {
	var found []*payload.Node
	for _, n := range v.all("additionalProperties") {
		if n.Kind == payload.Object {
			found = append(found, n)
		}
	}
	if patterns := v.find("patternProperties"); patterns != nil && patterns.First() != nil && len(found) == 0 {
		found = append(found, patterns.First())
	}
	return found
}

func (v view) whole(keyword string, otherwise int) int {
	for _, n := range v.all(keyword) {
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil && f >= 0 && f < 1e9 {
			return int(f)
		}
	}
	return otherwise
}
