package specs

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Callback is a request that the implementation sends to its caller: a callback of
// an operation, or a webhook.
type Callback struct {
	Name string
	// Expression is the address, with runtime expressions in braces:
	// "{$request.body#/callbackUrl}/done". Empty for a webhook, whose address
	// nobody documents.
	Expression string
	// Request is what is sent: its method, body and parameters.
	Request *Operation
}

// callbacks reads the callbacks of an operation, in the order of the document.
func (r *reader) callbacks(n *payload.Node) []Callback {
	list := n.Member("callbacks")
	if list != nil {
		list = r.doc.follow(list)
	}
	if list == nil || list.Kind != payload.Object {
		return nil
	}
	var all []Callback
	for named := range list.Children() {
		at := r.doc.follow(named)
		if at == nil || at.Kind != payload.Object || strings.HasPrefix(named.Name, "x-") {
			continue
		}
		for item := range at.Children() {
			if !strings.HasPrefix(item.Name, "x-") {
				all = append(all, r.sent(named.Name, item.Name, item)...)
			}
		}
	}
	return all
}

// webhooks reads what OpenAPI 3.1 calls webhooks, and documents in 3.0 x-webhooks.
func (r *reader) webhooks() []Callback {
	var all []Callback
	for _, member := range []string{"webhooks", "x-webhooks"} {
		list := r.doc.tree.Root.Member(member)
		if list != nil {
			list = r.doc.follow(list)
		}
		if list == nil || list.Kind != payload.Object {
			continue
		}
		for item := range list.Children() {
			all = append(all, r.sent(item.Name, "", item)...)
		}
	}
	return all
}

// sent reads the requests of a path item that is called by the implementation.
func (r *reader) sent(name, expression string, item *payload.Node) []Callback {
	at := r.doc.follow(item)
	if at == nil || at.Kind != payload.Object {
		return nil
	}
	var all []Callback
	for n := range at.Children() {
		if isMethod(n.Name) && n.Kind == payload.Object {
			op := r.operation("", name, at, n)
			op.Security = nil // that of the caller's own server
			all = append(all, Callback{Name: name, Expression: expression, Request: op})
		}
	}
	return all
}
