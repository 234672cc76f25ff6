package specs

import (
	"net/url"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// methods that a path item may have, in the order of the specification.
func methods() []string {
	return []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}
}

// reader takes the operations out of an OpenAPI document.
type reader struct {
	doc     *document
	ps      *problems
	schemas *schema.JSONSchemas
	xsds    *xsdSet
	c       *Contract
	follow  func(*payload.Node) *payload.Node
	params  map[*payload.Node]*Param // those that operations refer to, by their place
	shapes  map[[7]bool]*valueShape  // those that say nothing but types
	slabs   struct {
		operations slab[Operation]
		params     slab[describedParam]
		media      slab[Media]
		bodies     slab[Body]
		responses  slab[Response]
		schemas    slab[lazySchema]
	}
	told map[string]*toldOnce // what is said of many places and told of the first
}

// operations reads every operation, in the order of the document.
func (r *reader) operations() []*Operation {
	r.c.Webhooks = r.webhooks()
	paths := r.doc.tree.Root.Member("paths")
	if paths == nil || paths.Kind != payload.Object {
		if r.doc.v30 || r.doc.tree.Root.Member("webhooks") == nil && r.doc.tree.Root.Member("components") == nil {
			r.ps.at(r.doc, r.doc.tree.Root, "", "the document has no paths, so it describes no operation")
		}
		return nil
	}
	var all []*Operation
	seen := map[string]*payload.Node{}
	for item := range paths.Children() {
		if strings.HasPrefix(item.Name, "x-") {
			continue
		}
		template, told := cutSelectors(item.Name)
		if !strings.HasPrefix(template, "/") {
			r.ps.at(r.doc, item, "", "path %q must begin with '/'", template)
			continue
		}
		at := r.doc.follow(item)
		if at == nil || at.Kind != payload.Object {
			r.ps.at(r.doc, item, "", "path %s: expected a mapping of methods", template)
			continue
		}
		r.unheeded(template, at)
		for n := range at.Children() {
			if !isMethod(n.Name) {
				continue
			}
			if servers := n.Member("servers"); servers != nil {
				r.warn(servers, "%s %s: its own servers are not heeded; it is served below %s", strings.ToUpper(n.Name), template, quoted(r.c.BasePath))
			}
			if n.Kind != payload.Object {
				r.ps.at(r.doc, n, "", "%s %s: expected an operation, found a JSON %s", strings.ToUpper(n.Name), template, n.Kind)
				continue
			}
			op := r.operation(template, item.Name, at, n)
			op.selectors, op.node = told, n
			op.Callbacks = r.callbacks(n)
			if first := seen[op.ID]; first != nil {
				_, line, _ := r.doc.place(first)
				r.tolerate(n, "give each operation an id of its own", "operation id %q is used twice, first in line %d", op.ID, line)
				op.ID = op.Method + " " + op.Path
				if seen[op.ID] != nil {
					continue // found again as two operations at one place
				}
			}
			seen[op.ID] = n
			all = append(all, op)
		}
	}
	return all
}

// warn tells what a document says and nothing heeds.
func (r *reader) warn(n *payload.Node, format string, args ...any) {
	var one problems
	one.at(r.doc, n, "", format, args...)
	r.c.Warnings = append(r.c.Warnings, one.all[0].String())
}

// unheeded tells what a path or an operation says and nothing heeds.
func (r *reader) unheeded(template string, n *payload.Node) {
	if servers := n.Member("servers"); servers != nil {
		r.warn(servers, "path %s: its own servers are not heeded; it is served below %s", template, quoted(r.c.BasePath))
	}
	for _, keyword := range []string{"query", "additionalOperations"} {
		if later := n.Member(keyword); later != nil && later.Kind == payload.Object && n.Name != "callbacks" {
			r.warn(later, "path %s: %s is of OpenAPI 3.2 and is left out", template, keyword)
		}
	}
}

// asFound tells a document that is used as it was found: a bare one, and the same in
// a bundle that nobody has confirmed yet.
func (c *Contract) asFound() bool { return c.Bare || c.Behaviour != nil && c.Behaviour.Inferred }

// tolerate tells what a document should not say and can be lived with: of one that is
// used as it was found as a warning; any other bundle is ours to put right.
func (r *reader) tolerate(n *payload.Node, hint, format string, args ...any) {
	if !r.c.asFound() {
		r.ps.at(r.doc, n, hint, format, args...)
		return
	}
	var one problems
	one.at(r.doc, n, hint, format, args...)
	r.c.Warnings = append(r.c.Warnings, one.all[0].String())
}

func isMethod(name string) bool { return contains(methods(), name) }

func (r *reader) operation(template, written string, item, n *payload.Node) *Operation {
	_, line, _ := r.doc.place(n)
	op := r.slabs.operations.next()
	*op = Operation{
		ID: text(n, "operationId"), Method: strings.ToUpper(n.Name), Path: template,
		Title: text(n, "summary"), Summary: text(n, "description"),
		Evidence: text(n, "x-evidence"), Source: text(n, "x-source"),
		Line: line, contract: r.c,
	}
	if op.ID == "" {
		op.ID = op.Method + " " + written
	}
	if op.Evidence != "" && !contains([]string{"complete", "partial", "thin"}, op.Evidence) {
		r.ps.at(r.doc, n.Member("x-evidence"), "", "operation %s: x-evidence must be complete, partial or thin, found %q", op.ID, op.Evidence)
	}
	op.Security = r.security(op, n)
	op.Params = r.parameters(op, item, n)
	if body := n.Member("requestBody"); body != nil {
		if body = r.doc.follow(body); body != nil {
			op.RequestBody = r.body(op, body, schema.Request)
			required := body.Member("required")
			op.RequestBody.Required = required != nil && required.Value == "true" && len(op.RequestBody.Media) > 0
			op.RequestBody.RequiredBasis = Basis(text(body, "x-required-basis"))
		}
	}
	op.Responses = r.responses(op, n)
	return op
}

// security reads the alternatives of an operation. One that is empty lets
// anybody in, and then there is nothing to enforce.
func (r *reader) security(op *Operation, n *payload.Node) []Security {
	list := n.Member("security")
	if list == nil {
		list = r.doc.tree.Root.Member("security")
	}
	if list == nil || list.Kind != payload.Array {
		return nil
	}
	var all []Security
	for alternative := range list.Children() {
		var together []Security
		for scheme := range alternative.Children() {
			s := Security{Scheme: scheme.Name}
			for scope := range scheme.Children() {
				s.Scopes = append(s.Scopes, scope.Value)
			}
			described := r.doc.tree.At("/components/securitySchemes/" + payload.EscapePointer(s.Scheme))
			if described != nil {
				if described = r.doc.follow(described); described != nil {
					s.Type = text(described, "type")
				}
			}
			if described == nil {
				r.tolerate(scheme, "describe it under components/securitySchemes", "operation %s: security scheme %q is not described", op.ID, s.Scheme)
				if r.c.asFound() {
					continue
				}
			}
			together = append(together, s)
		}
		if len(together) == 0 && alternative.Len() == 0 {
			return nil
		}
		if len(together) == 0 {
			continue
		}
		first := together[0]
		first.And = together[1:]
		all = append(all, first)
	}
	return all
}

func (r *reader) responses(op *Operation, n *payload.Node) []*Response {
	list := n.Member("responses")
	if list == nil {
		return nil
	}
	var all []*Response
	for item := range list.Children() {
		if strings.HasPrefix(item.Name, "x-") {
			continue
		}
		if !isStatus(item.Name) {
			r.ps.at(r.doc, item, "", "operation %s: %q is not a status; expected 100 to 599, 1XX to 5XX, or default", op.ID, item.Name)
			continue
		}
		at := r.doc.follow(item)
		if at == nil {
			continue
		}
		response := r.slabs.responses.next()
		*response = Response{Status: item.Name, Title: text(at, "description"), Basis: Basis(text(at, "x-basis"))}
		if content := at.Member("content"); content != nil && content.Len() > 0 {
			response.Body = r.body(op, at, schema.Response)
		}
		if headers := at.Member("headers"); headers != nil {
			for h := range headers.Children() {
				if described := r.doc.follow(h); described != nil && !strings.EqualFold(h.Name, "Content-Type") {
					response.Header = append(response.Header, r.param(op, described, h.Name, "header", schema.Response))
				}
			}
		}
		all = append(all, response)
	}
	return all
}

func isStatus(s string) bool {
	if s == "default" {
		return true
	}
	if len(s) != 3 || s[0] < '1' || s[0] > '5' {
		return false
	}
	rest := s[1:]
	return rest == "XX" || rest == "xx" || rest[0] >= '0' && rest[0] <= '9' && rest[1] >= '0' && rest[1] <= '9'
}

// documentBase gives the path of the first server, without a trailing slash.
func (r *reader) documentBase() string {
	server := r.doc.tree.At("/servers/0")
	if server == nil {
		return ""
	}
	return basePath(r.serverURL(server))
}

// serverURL fills the variables of a server's URL with their defaults.
func (r *reader) serverURL(server *payload.Node) string {
	address := text(server, "url")
	if variables := server.Member("variables"); variables != nil {
		for v := range variables.Children() {
			address = strings.ReplaceAll(address, "{"+v.Name+"}", text(v, "default"))
		}
	}
	return address
}

func basePath(address string) string {
	if u, err := url.Parse(address); err == nil {
		address = u.EscapedPath() // a request is matched as it was sent
	} else if _, rest, ok := strings.Cut(address, "://"); ok {
		_, rest, _ = strings.Cut(rest, "/")
		address = rest
	}
	address = strings.Trim(address, "/")
	if address == "" {
		return ""
	}
	return "/" + address
}

// text gives a scalar member as text, "" if there is none.
func text(n *payload.Node, member string) string {
	m := n.Member(member)
	if m == nil || m.Kind == payload.Object || m.Kind == payload.Array || m.Kind == payload.Null {
		return ""
	}
	return m.Value
}
