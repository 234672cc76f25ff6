package specs

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// inferAuth makes the ways to send credentials of the security schemes, and the
// three demo identities.
func (c *Contract) inferAuth(doc *document) Auth {
	var a Auth
	schemes := doc.tree.At("/components/securitySchemes")
	if schemes == nil {
		return a
	}
	for entry := range schemes.Children() {
		s := doc.follow(entry)
		if s == nil || s.Kind != payload.Object {
			continue
		}
		scheme := AuthScheme{ID: entry.Name}
		switch kind, name := text(s, "type"), strings.ToLower(text(s, "scheme")); {
		case kind == "http" && name == "basic":
			scheme.Type = "basic"
		case kind == "http" && name == "bearer", kind == "oauth2", kind == "openIdConnect":
			scheme.Type = "bearer"
		case kind == "apiKey":
			scheme.Type, scheme.Name = text(s, "in"), text(s, "name")
		}
		if !contains(AuthTypes(), scheme.Type) {
			file, line, _ := doc.place(entry)
			c.Warnings = append(c.Warnings, Problem{File: file, Line: line, What: "security scheme " + entry.Name + " is of a type that is not enforced"}.String())
			continue
		}
		a.Schemes = append(a.Schemes, scheme)
	}
	if len(a.Schemes) > 0 {
		a.Identities = []Identity{
			{Name: "default", Login: "demo", Password: "demo", Token: "demo", Company: "demo", Scopes: []string{"*"}},
			{Name: "no-scope", Login: "demo-no-scope", Password: "demo", Token: "demo-no-scope", Company: "demo"},
			{Name: "foreign", Login: "demo-foreign", Password: "demo", Token: "demo-foreign", Company: "demo-foreign", Scopes: []string{"*"}},
		}
	}
	return a
}
