package specs

import (
	"net/http"
	"net/url"
	"strings"
)

// selector is one "name=value" or "name" behind a path. OpenAPI gives an
// operation nothing but method and path to be found by; documents of services
// that have one path for everything write "/#Action=Stop" or "/{bucket}?acl",
// and mean the query, a header or a field of a form.
type selector struct {
	name  string
	value string // "" when the name alone decides
	query bool   // written behind a '?': it is part of every address
}

// cutSelectors takes what cannot be part of a path off a template.
func cutSelectors(template string) (path string, all []selector) {
	at := strings.IndexAny(template, "#?")
	if at < 0 {
		return template, nil
	}
	path = template[:at]
	for rest, query := template[at:], false; rest != ""; {
		query = rest[0] == '?' || rest[0] == '&' && query
		part := rest[1:]
		if end := strings.IndexAny(part, "#?&"); end >= 0 {
			part, rest = part[:end], part[end:]
		} else {
			rest = ""
		}
		name, value, _ := strings.Cut(part, "=")
		if strings.Contains(value, "{") {
			value = ""
		}
		if name != "" {
			all = append(all, selector{name, value, query})
		}
	}
	return path, all
}

// Told is the query that the address of the operation always has: documents write
// it behind the path, "/orders?view=open".
func (op *Operation) Told() url.Values {
	var told url.Values
	for _, s := range op.selectors {
		if s.query {
			if told == nil {
				told = url.Values{}
			}
			told.Add(s.name, s.value)
		}
	}
	return told
}

// besides puts another operation at the same method and path; false when nothing
// tells the two apart.
func (op *Operation) besides(other *Operation) bool {
	if len(op.siblings) == 0 {
		op.siblings = []*Operation{op}
	}
	for _, have := range op.siblings {
		if sameSelectors(have.selectors, other.selectors) {
			return false
		}
	}
	op.siblings = append(op.siblings, other)
	return true
}

func sameSelectors(a, b []selector) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Alone tells whether method and path are enough to find the operation.
func (op *Operation) Alone() bool { return len(op.siblings) == 0 }

// Choose finds, among the operations that stand at the method and path of the
// one that Match gave, the one that a request means: by query, header or field
// of a form. Where it names none of them it may mean the first: not all that
// stands behind a path is sent.
func (op *Operation) Choose(query url.Values, header http.Header, form url.Values) *Operation {
	if op.Alone() {
		return op
	}
	var best *Operation
	for _, one := range op.siblings {
		if one.meant(query, header, form) && (best == nil || len(one.selectors) > len(best.selectors)) {
			best = one
		}
	}
	if best == nil {
		return op.siblings[0]
	}
	return best
}

func (op *Operation) meant(query url.Values, header http.Header, form url.Values) bool {
	for _, s := range op.selectors {
		found := append(append(append([]string(nil), query[s.name]...), form[s.name]...), header.Values(s.name)...)
		if len(found) == 0 || s.value != "" && found[0] != s.value {
			return false
		}
	}
	return true
}

// Shadowed gives the operation that gets the requests which this one means: no
// request can tell the two apart, so that neither its answers nor those of an
// implementation say anything. nil for any other.
func (op *Operation) Shadowed() *Operation {
	if op.shadowed != nil || len(op.selectors) == 0 {
		return op.shadowed
	}
	if first := op.contract.first(op); first != op {
		for _, s := range op.selectors {
			if !s.query && !op.carries(s.name) {
				return first
			}
		}
	}
	return nil
}

// first is the operation that stands first at the place of another.
func (c *Contract) first(op *Operation) *Operation {
	found, _, _ := c.Match(op.Method, c.BasePath+op.URL(op.examplePath()))
	if found == nil {
		return op
	}
	return found
}

// examplePath gives each path parameter its example.
func (op *Operation) examplePath() map[string]string {
	params := map[string]string{}
	for _, p := range op.Params {
		if p.In == "path" {
			params[p.Name] = p.Example
		}
	}
	return params
}

// carries tells whether a request has a place for a name: a parameter, or a field
// of its form.
func (op *Operation) carries(name string) bool {
	for _, p := range op.Params {
		if p.In != "path" && strings.EqualFold(p.Name, name) {
			return true
		}
	}
	for _, m := range op.RequestBody.media() {
		if m.Type == "application/x-www-form-urlencoded" && m.node != nil && m.follow != nil {
			if at := m.node.Member("schema"); at != nil {
				if at = m.follow(at); at != nil && at.Member("properties") != nil && at.Member("properties").Member(name) != nil {
					return true
				}
			}
		}
	}
	return false
}
