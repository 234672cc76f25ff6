package mockserver

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// callBack sends the callbacks of the operation, after an answer that says that
// all went well.
func (x *exchange) callBack() {
	if x.op == nil || len(x.op.spec.Callbacks) == 0 || x.answer.status < 200 || x.answer.status > 299 {
		return
	}
	// The caller has its answer before anything else comes.
	_ = http.NewResponseController(x.w).Flush()
	answered := x.answer.tree
	if answered == nil {
		answered = x.parsedAnswer()
	}
	for i := range x.op.spec.Callbacks {
		c := &x.op.spec.Callbacks[i]
		d := &delivery{
			contract: x.entry.Contract, session: x.entry.Session, operation: x.op.spec.ID + "/" + c.Name, method: c.Request.Method,
			source: "callback of request " + strconv.FormatUint(x.entry.ID, 10),
		}
		target, err := x.expand(c.Expression, answered)
		if err != nil {
			d.failed = fmt.Sprintf("the address %s cannot be told: %v", c.Expression, err)
		}
		d.target = target
		d.body, d.mediaType = sentBody(c.Request, x.seedOf(i), answered, x.tree)
		x.server.deliver(d)
	}
}

// expand fills the runtime expressions of an address (OpenAPI, "Runtime
// Expressions"). One that leads to nothing is an error.
func (x *exchange) expand(address string, answered *payload.Tree) (string, error) {
	if strings.HasPrefix(address, "$") {
		return x.evaluate(address, answered)
	}
	var out strings.Builder
	for rest := address; ; {
		before, after, found := strings.Cut(rest, "{")
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		expression, behind, closed := strings.Cut(after, "}")
		if !closed {
			return "", fmt.Errorf("expected } behind {%s", after)
		}
		value, err := x.evaluate(expression, answered)
		if err != nil {
			return "", err
		}
		if out.Len() > 0 {
			// Inside an address a value is one part of it, at its beginning it is an address.
			value = url.QueryEscape(value)
		}
		out.WriteString(value)
		rest = behind
	}
}

func (x *exchange) evaluate(expression string, answered *payload.Tree) (string, error) {
	value := ""
	side, rest, _ := strings.Cut(expression, ".")
	switch {
	case expression == "$url":
		value = "http://" + x.r.Host + x.r.URL.RequestURI()
	case expression == "$method":
		value = x.r.Method
	case expression == "$statusCode":
		value = strconv.Itoa(x.answer.status)
	case side == "$request" || side == "$response":
		tree, header := x.tree, x.r.Header
		if side == "$response" {
			tree, header = answered, x.w.Header()
		}
		where, name, _ := strings.Cut(rest, ".")
		pointer, isBody := strings.CutPrefix(rest, "body#")
		switch {
		case isBody:
			if n := tree.At(pointer); n != nil && n.IsScalar() {
				value = n.Value
			}
		case where == "header":
			value = header.Get(name)
		case where == "query" && side == "$request":
			value = x.r.URL.Query().Get(name)
		case where == "path" && side == "$request":
			value = x.params[name]
		default:
			return "", fmt.Errorf("the expression %s is not understood", expression)
		}
	default:
		return "", fmt.Errorf("the expression %s is not understood", expression)
	}
	if value == "" {
		return "", fmt.Errorf("%s gives nothing", expression)
	}
	return value, nil
}

// sentBody makes the body of a callback from its schema. Members that the answer
// or the request has under the same name are taken from there where the schema
// accepts them, so that the caller knows what is spoken of.
func sentBody(op *specs.Operation, seed uint64, known ...*payload.Tree) (body []byte, mediaType string) {
	if op.RequestBody == nil {
		return nil, ""
	}
	for _, m := range op.RequestBody.Media {
		body, mediaType, ok := m.SampleBody(seed)
		if !ok {
			continue
		}
		if m.Format != payload.JSON {
			return body, mediaType
		}
		made, wrong := m.Judge(body, "")
		if made == nil || len(schema.Hard(wrong)) > 0 {
			return body, mediaType
		}
		var names []string
		for n := range made.Root.Children() {
			names = append(names, n.Name)
		}
		for _, name := range names {
			for _, source := range slices.Backward(known) {
				if n := source.At("/" + payload.EscapePointer(name)); n != nil && n.IsScalar() {
					tried := made.Clone()
					tried.Root.Member(name).Replace(n.Clone())
					if judged, wrong := m.Judge(tried.JSON(), ""); judged != nil && len(schema.Hard(wrong)) == 0 {
						made = tried
					}
				}
			}
		}
		return made.JSON(), mediaType
	}
	return nil, ""
}

// Webhooks lists what the contracts send by themselves.
func (b backend) Webhooks() []admin.Webhook {
	list := []admin.Webhook{}
	for _, m := range b.s.sorted() {
		for _, w := range m.contract.Webhooks {
			list = append(list, admin.Webhook{Contract: m.contract.Name, Name: w.Name, Method: w.Request.Method, Title: w.Request.Title})
		}
	}
	return list
}

// FireWebhook sends a webhook to an address. How it fares is in the journal.
func (b backend) FireWebhook(f admin.Firing) error {
	for _, m := range b.s.sorted() {
		for _, w := range m.contract.Webhooks {
			if w.Name != f.Name || f.Contract != "" && f.Contract != m.contract.Name {
				continue
			}
			d := &delivery{contract: m.contract.Name, session: f.Session, operation: "webhook/" + w.Name, method: w.Request.Method, target: f.URL, source: "webhook " + w.Name}
			h := fnv.New64a()
			_, _ = h.Write([]byte(m.contract.Name + "/" + w.Name))
			d.body, d.mediaType = sentBody(w.Request, h.Sum64(), nil)
			if len(f.Body) > 0 {
				d.body, d.mediaType = f.Body, "application/json"
			}
			b.s.deliver(d)
			return nil
		}
	}
	return &admin.Problem{Status: http.StatusNotFound, Title: http.StatusText(http.StatusNotFound), Detail: fmt.Sprintf("no contract that is served has a webhook %q", f.Name)}
}
