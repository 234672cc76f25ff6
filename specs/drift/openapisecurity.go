package drift

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// credentials is what one request must carry together: for each way to send them, by
// what a client sends and not by its name in the document, the scopes.
type credentials map[string][]string

// security compares what credentials each operation asks for.
func (t *translation) security(old, current *openapi3.T) {
	before := map[string]*openapi3.Operation{}
	eachOperation(old, func(id string, op *openapi3.Operation) { before[id] = op })
	eachOperation(current, func(id string, op *openapi3.Operation) {
		was := before[id]
		if was == nil || strings.HasPrefix(id, schemaPath) {
			return
		}
		at := address{operation: id}
		a, b := accepted(old, was), accepted(current, op)
		refused := slices.DeleteFunc(slices.Clone(a), func(sent credentials) bool { return enough(b, sent) })
		fresh := slices.DeleteFunc(slices.Clone(b), func(sent credentials) bool { return enough(a, sent) })
		switch {
		case len(refused) > 0:
			t.own("security-narrowed", Request, at, "security", was.Origin, op.Origin, "security", "%s is not enough any more: the operation asks for %s", credentialWords(refused), credentialWords(b))
		case len(fresh) > 0:
			t.own("security-widened", Request, at, "security", was.Origin, op.Origin, "security", "%s is enough now; before, the operation asked for %s", credentialWords(fresh), credentialWords(a))
		}
		for _, name := range schemesOf(current, op) {
			was, is := schemeOf(old, name), schemeOf(current, name)
			if a, b := addresses(was), addresses(is); was != nil && was.Type == is.Type && a != b {
				t.own("security-address-changed", Request, at, name, was.Origin, is.Origin, "flows", "tokens for %s come from %s now, from %s before", name, b, a)
			}
		}
	})
}

// accepted lists the credentials of which each is enough. None at all are enough where
// the document asks for none.
func accepted(doc *openapi3.T, op *openapi3.Operation) []credentials {
	var all []credentials
	for _, alternative := range requirements(doc, op) {
		one := credentials{}
		for name, scopes := range alternative {
			one[sentAs(doc, name)] = slices.Sorted(slices.Values(scopes))
		}
		all = append(all, one)
	}
	if all == nil {
		all = []credentials{{}}
	}
	return all
}

func requirements(doc *openapi3.T, op *openapi3.Operation) openapi3.SecurityRequirements {
	if op.Security != nil {
		return *op.Security
	}
	return doc.Security
}

// enough tells whether a request that carries these credentials is accepted.
func enough(alternatives []credentials, sent credentials) bool {
	return slices.ContainsFunc(alternatives, func(asked credentials) bool {
		for way, scopes := range asked {
			have, carried := sent[way]
			if !carried || slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(have, scope) }) {
				return false
			}
		}
		return true
	})
}

func schemeOf(doc *openapi3.T, name string) *openapi3.SecurityScheme {
	if doc.Components == nil || doc.Components.SecuritySchemes[name] == nil {
		return nil
	}
	return doc.Components.SecuritySchemes[name].Value
}

// schemesOf lists the names of the ways that an operation takes.
func schemesOf(doc *openapi3.T, op *openapi3.Operation) []string {
	names := map[string]bool{}
	for _, alternative := range requirements(doc, op) {
		for name := range alternative {
			if schemeOf(doc, name) != nil {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// sentAs says what a client sends by a scheme.
func sentAs(doc *openapi3.T, name string) string {
	s := schemeOf(doc, name)
	if s == nil {
		return name + ", which is not described"
	}
	switch s.Type {
	case "apiKey":
		key := s.Name
		if s.In == openapi3.ParameterInHeader {
			key = strings.ToLower(key)
		}
		return "a key in the " + s.In + " " + key
	case "http":
		return "HTTP " + strings.ToLower(s.Scheme)
	case "oauth2":
		return "an OAuth token"
	case "openIdConnect":
		return "an OpenID token"
	}
	return s.Type
}

// addresses lists where the tokens of a scheme come from.
func addresses(s *openapi3.SecurityScheme) string {
	if s == nil {
		return ""
	}
	urls := []string{s.OpenIdConnectUrl}
	if s.Flows != nil {
		for _, flow := range []*openapi3.OAuthFlow{s.Flows.Implicit, s.Flows.Password, s.Flows.ClientCredentials, s.Flows.AuthorizationCode} {
			if flow != nil {
				urls = append(urls, flow.AuthorizationURL, flow.TokenURL)
			}
		}
	}
	return strings.Join(slices.DeleteFunc(urls, func(s string) bool { return s == "" }), " and ")
}

func credentialWords(alternatives []credentials) string {
	var all []string
	for _, one := range alternatives {
		var parts []string
		for _, way := range slices.Sorted(maps.Keys(one)) {
			text := way
			if scopes := one[way]; len(scopes) > 0 {
				text += " with " + strings.Join(scopes, ", ")
			}
			parts = append(parts, text)
		}
		if len(parts) == 0 {
			parts = []string{"no credentials"}
		}
		all = append(all, strings.Join(parts, " and "))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", or ")
}
