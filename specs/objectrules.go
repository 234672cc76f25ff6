package specs

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// rules tells what is wrong with one object by the specification, and what of it
// nothing heeds.
func (w *objectWalk) rules(n *payload.Node, kind string) {
	switch kind {
	case "document":
		w.servers(n.Member("servers"))
	case "server":
		w.server(n)
	case "example":
		w.example(n)
	case "media type":
		w.examples(n)
	case "parameter":
		w.examples(n)
		w.parameter(n)
	case "response":
		if headers := n.Member("headers"); headers != nil {
			for h := range headers.Children() {
				if strings.EqualFold(h.Name, "Content-Type") {
					w.warnOnce("content-type", h, "the header Content-Type of a response judges nothing: content says which types there are")
				}
			}
		}
	case "link":
		w.link(n)
	case "callback":
		w.callback(n)
	case "operation":
		w.scopes(n)
	}
}

// servers tells the servers whose paths are not served.
func (w *objectWalk) servers(list *payload.Node) {
	if list == nil || list.Kind != payload.Array {
		return
	}
	first := ""
	for i := range list.Len() {
		one := list.Item(i)
		at := basePath(w.serverURL(one))
		if i == 0 {
			first = at
		} else if at != first {
			w.warn(one, "the path %s of this server is not served; that of the first is, %s", quoted(at), quoted(first))
		}
	}
}

func (w *objectWalk) server(n *payload.Node) {
	variables := n.Member("variables")
	for _, name := range templateNames(text(n, "url")) {
		v := (*payload.Node)(nil)
		if variables != nil {
			v = variables.Member(name)
		}
		if v == nil {
			w.warnOnce("variable "+name, n, "the variable {%s} of the server is not described; it stays as it is written", name)
			continue
		}
		if allowed := v.Member("enum"); allowed != nil && allowed.Kind == payload.Array {
			values := []string{}
			for one := range allowed.Children() {
				values = append(values, one.Value)
			}
			if !slices.Contains(values, text(v, "default")) {
				w.warn(v, "the default %s of the variable {%s} is none of its values (%s)", quoted(text(v, "default")), name, strings.Join(values, ", "))
			}
		}
	}
}

func (w *objectWalk) example(n *payload.Node) {
	value, elsewhere := n.Member("value"), n.Member("externalValue")
	switch {
	case elsewhere != nil:
		w.warnOnce("externalValue", elsewhere, "the externalValue %s of the example %s is not read: nothing is fetched; write it out as value", quoted(elsewhere.Value), quoted(n.Name))
	case value == nil && n.Member("dataValue") == nil && n.Member("serializedValue") == nil:
		w.warnOnce("no value", n, "the example %s has no value and shows nothing", quoted(n.Name))
	}
}

// examples tells that both ways to give examples are used, of which the specification
// allows one.
func (w *objectWalk) examples(n *payload.Node) {
	if n.Member("example") != nil && n.Member("examples") != nil {
		w.warnOnce("both examples", n.Member("example"), "example stands beside examples; one of them is allowed, and both are taken")
	}
}

// stylesOf are the styles that a parameter may have at its place.
func stylesOf(in string) []string {
	switch in {
	case "path":
		return []string{"simple", "label", "matrix"}
	case "query":
		return []string{"form", "spaceDelimited", "pipeDelimited", "deepObject"}
	case "header":
		return []string{"simple"}
	case "cookie":
		return []string{"form"}
	}
	return nil
}

func (w *objectWalk) parameter(n *payload.Node) {
	in, name := text(n, "in"), text(n, "name")
	if in == "header" && describedElsewhere(name) {
		w.warnOnce("header "+name, n, "the header %s of a parameter judges nothing: content and security describe it", name)
		return
	}
	at, content := n.Member("schema"), n.Member("content")
	if style := n.Member("style"); style != nil && at != nil {
		if allowed := stylesOf(in); allowed != nil && !slices.Contains(allowed, style.Value) {
			w.warnOnce("style "+in+style.Value, style, "the style %s is none for a parameter in: %s (%s); its values are read as they come", quoted(style.Value), in, strings.Join(allowed, ", "))
		} else if kind := w.doc.typeOf(at); style.Value == "deepObject" && kind != "" && kind != "object" && kind != "array" {
			w.warnOnce("style "+style.Value+kind, style, "the style deepObject is none for a value of type %s; it is read as form", kind)
		}
	}
	switch {
	case at == nil && (content == nil || content.First() == nil):
		w.warnOnce("no schema", n, "the parameter %s has neither schema nor content, so that nothing judges it", quoted(name))
	case at == nil && formatOf(content.First().Name) != payload.JSON:
		w.warnOnce("content "+content.First().Name, content.First(), "the parameter %s is %s, which is not read; only its text is judged", quoted(name), content.First().Name)
	case in == "cookie" && at != nil && w.doc.typeOf(at) == "object" && text(n, "explode") != "false":
		w.warnOnce("cookie object", n, "the members of the parameter %s are cookies of their own, which are not read; say explode: false", quoted(name))
	}
}

// describedElsewhere tells the headers that a parameter cannot describe.
func describedElsewhere(header string) bool {
	return strings.EqualFold(header, "Accept") || strings.EqualFold(header, "Content-Type") || strings.EqualFold(header, "Authorization")
}

// link tells one that leads to no operation.
func (w *objectWalk) link(n *payload.Node) {
	id, ref := n.Member("operationId"), n.Member("operationRef")
	var op *Operation
	switch {
	case id == nil && ref == nil:
		w.warnOnce("link", n, "the link %s has neither operationId nor operationRef, so that it leads nowhere", quoted(n.Name))
	case id != nil:
		if op = w.linked()[id.Value]; op == nil {
			w.warn(id, "the link %s leads to the operation %s, which is not there%s", quoted(n.Name), quoted(id.Value), w.nearID(id.Value))
		}
	case !strings.HasPrefix(ref.Value, "#/"):
		w.warn(ref, "the link %s leads to %s, which is not read: only operations of this document are", quoted(n.Name), quoted(ref.Value))
	default:
		fragment, _ := unescapePercent(ref.Value[1:])
		at := w.doc.tree.At(fragment)
		for _, one := range w.c.Operations {
			if one.node == at && at != nil {
				op = one
			}
		}
		if at == nil {
			w.warn(ref, "the link %s leads to %s, which is not there", quoted(n.Name), quoted(ref.Value))
		}
	}
	if given := n.Member("parameters"); op != nil && given != nil {
		for p := range given.Children() {
			if !takesParam(op, p.Name) {
				w.warn(p, "the link %s gives the parameter %s, which the operation %s does not have", quoted(n.Name), quoted(p.Name), op.ID)
			}
		}
	}
}

// linked finds operations by the ids that the document gives them.
func (w *objectWalk) linked() map[string]*Operation {
	if w.byID == nil {
		w.byID = map[string]*Operation{}
		for _, op := range w.c.Operations {
			w.byID[text(op.node, "operationId")] = op
		}
	}
	return w.byID
}

func (w *objectWalk) nearID(id string) string {
	if hint := didYouMean(id, sortedKeys(w.linked())); hint != "" {
		return " (" + hint + ")"
	}
	return ""
}

// takesParam tells a parameter by its name, or by place and name: "path.id".
func takesParam(op *Operation, name string) bool {
	return slices.ContainsFunc(op.Params, func(p *Param) bool { return p.Name == name || p.In+"."+p.Name == name })
}

// callback tells an address that no runtime expression gives.
func (w *objectWalk) callback(n *payload.Node) {
	for c := range n.Children() {
		for _, expression := range templateNames(c.Name) {
			if !strings.HasPrefix(c.Name, "x-") && !isRuntimeExpression(expression) {
				w.warn(c, "the callback %s is sent to {%s}, which is no runtime expression ($url, $method, $statusCode, $request.… or $response.… of body, query, path or header)", quoted(n.Name), clip(expression))
			}
		}
	}
}

func isRuntimeExpression(s string) bool {
	if s == "$url" || s == "$method" || s == "$statusCode" {
		return true
	}
	rest, ok := strings.CutPrefix(s, "$request.")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "$response."); !ok {
			return false
		}
	}
	for _, from := range []string{"query.", "path.", "header."} {
		if name, is := strings.CutPrefix(rest, from); is {
			return name != ""
		}
	}
	return rest == "body" || strings.HasPrefix(rest, "body#")
}

// scopes tells those that no flow of their scheme has.
func (w *objectWalk) scopes(n *payload.Node) {
	list := n.Member("security")
	if list == nil || list.Kind != payload.Array {
		return
	}
	for alternative := range list.Children() {
		for scheme := range alternative.Children() {
			described := w.doc.tree.At("/components/securitySchemes/" + payload.EscapePointer(scheme.Name))
			if described == nil || scheme.Len() == 0 {
				continue
			}
			if described = w.doc.follow(described); described == nil || text(described, "type") != "oauth2" {
				continue
			}
			known := map[string]bool{}
			if flows := described.Member("flows"); flows != nil {
				for flow := range flows.Children() {
					if scopes := flow.Member("scopes"); scopes != nil {
						for scope := range scopes.Children() {
							known[scope.Name] = true
						}
					}
				}
			}
			for scope := range scheme.Children() {
				if !known[scope.Value] {
					w.warnOnce("scope "+scheme.Name+" "+scope.Value, scope, "the scope %s is none that a flow of the scheme %s has", quoted(scope.Value), scheme.Name)
				}
			}
		}
	}
}
