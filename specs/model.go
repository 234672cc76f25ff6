package specs

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// objectModel is what an object schema says, with allOf taken together and the
// first branch of oneOf and anyOf.
type objectModel struct {
	members  []modelMember
	required map[string]bool
}

type modelMember struct {
	name string
	at   *payload.Node // its schema, references followed
}

func (m *objectModel) member(name string) *payload.Node {
	for _, one := range m.members {
		if one.name == name {
			return one.at
		}
	}
	return nil
}

// objectOf reads the members of an object schema.
func (d *document) objectOf(at *payload.Node) *objectModel {
	m := &objectModel{required: map[string]bool{}}
	d.addMembers(m, at, visited{})
	return m
}

// visited holds the schemas that were looked at: each adds what it says once, so
// that schemas that contain each other many times over cost no more than their
// number.
type visited map[*payload.Node]bool

// first notes a schema and tells whether it is new.
func (v visited) first(n *payload.Node) bool {
	if n == nil || v[n] {
		return false
	}
	v[n] = true
	return true
}

func (d *document) addMembers(m *objectModel, at *payload.Node, seen visited) {
	if at == nil {
		return
	}
	if at = d.follow(at); !seen.first(at) {
		return
	}
	if properties := at.Member("properties"); properties != nil {
		for p := range properties.Children() {
			if m.member(p.Name) == nil {
				if described := d.follow(p); described != nil {
					m.members = append(m.members, modelMember{p.Name, described})
				}
			}
		}
	}
	if required := at.Member("required"); required != nil {
		for r := range required.Children() {
			m.required[r.Value] = true
		}
	}
	if all := at.Member("allOf"); all != nil {
		for part := range all.Children() {
			d.addMembers(m, part, seen)
		}
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if list := at.Member(keyword); list != nil && list.First() != nil {
			d.addMembers(m, list.First(), seen)
		}
	}
}

// typeOf gives the main type of a schema; "" if it says none.
func (d *document) typeOf(at *payload.Node) string {
	return d.typeAt(at, nil)
}

func (d *document) typeAt(at *payload.Node, seen visited) string {
	if at == nil {
		return ""
	}
	if at = d.follow(at); at == nil || seen[at] {
		return ""
	}
	if t := at.Member("type"); t != nil {
		if t.Kind == payload.String {
			return t.Value
		}
		for one := range t.Children() {
			if one.Value != "null" {
				return one.Value
			}
		}
		return "null"
	}
	switch {
	case at.Member("properties") != nil:
		return "object"
	case at.Member("items") != nil:
		return "array"
	}
	for _, keyword := range []string{"allOf", "oneOf", "anyOf"} {
		if list := at.Member(keyword); list != nil {
			if seen == nil {
				seen = visited{}
			}
			seen[at] = true
			for part := range list.Children() {
				if t := d.typeAt(part, seen); t != "" {
					return t
				}
			}
		}
	}
	return ""
}

// same tells whether two schemas are one: the same place after references.
func (d *document) same(a, b *payload.Node) bool {
	if a == nil || b == nil {
		return false
	}
	a, b = d.follow(a), d.follow(b)
	return a != nil && a == b
}

// jsonSchemaOf gives the schema of the first JSON media type of a body.
func jsonSchemaOf(b *Body) *payload.Node {
	for _, m := range b.media() {
		if m.Format == payload.JSON && m.node != nil && m.node.Member("schema") != nil {
			return m.node.Member("schema")
		}
	}
	for _, m := range b.media() {
		if m.node != nil && m.node.Member("schema") != nil {
			return m.node.Member("schema")
		}
	}
	return nil
}

// success gives the documented success response: the lowest 2xx, with 201 first
// for a POST; nil if only others are documented.
func (op *Operation) success() *Response {
	var best *Response
	for _, r := range op.Responses {
		switch {
		case !strings.HasPrefix(r.Status, "2"):
		case op.Method == "POST" && r.Status == "201":
			return r
		case best == nil || r.Status < best.Status:
			best = r
		}
	}
	if best == nil {
		for _, r := range op.Responses {
			if r.Status == "default" && len(op.Responses) == 1 {
				return r
			}
		}
	}
	return best
}

// statusOf is the number to answer with: 200 for ranges and default.
func statusOf(r *Response) int {
	if r == nil || len(r.Status) != 3 {
		return 200
	}
	status := 0
	for _, c := range []byte(r.Status) {
		if c < '0' || c > '9' {
			return int(r.Status[0]-'0') * 100
		}
		status = status*10 + int(c-'0')
	}
	return status
}
