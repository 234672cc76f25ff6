package specs

import (
	"fmt"
	"maps"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// namedBody is one documented example of a media type.
type namedBody struct {
	name      string
	mediaType string
	body      []byte
	source    string
}

// bareExamples makes the examples of an OpenAPI document into examples of its
// operations: those of the same name in request and response belong together.
func (c *Contract) bareExamples(doc *document) {
	for _, op := range c.Operations {
		requests := mediaExamples(doc, op.RequestBody)
		success := op.success()
		var responses []namedBody
		if success != nil {
			responses = mediaExamples(doc, success.Body)
		}
		names := map[string]bool{}
		for _, list := range [][]namedBody{requests, responses} {
			for _, one := range list {
				if names[one.name] {
					continue
				}
				names[one.name] = true
				e := &Example{Operation: op.ID, Name: one.name, Title: one.name, Basis: Documented, Source: one.source}
				e.Request = op.exampleRequest(requests, one.name)
				if r := pick(responses, one.name); r != nil {
					e.Response = &ExampleResponse{Status: statusOf(success), MediaType: r.mediaType, Body: r.body}
				} else if success != nil && success.Body == nil {
					e.Response = &ExampleResponse{Status: statusOf(success)}
				}
				c.Examples = append(c.Examples, e)
			}
		}
		for _, r := range op.Responses {
			if r == success {
				continue
			}
			for _, one := range mediaExamples(doc, r.Body) {
				name := r.Status + "-" + one.name
				if one.name == "example" {
					name = r.Status
				}
				if r.Status == "default" {
					continue // an answer without a status is no example
				}
				c.Examples = append(c.Examples, &Example{Operation: op.ID, Name: name, Title: r.Title, Basis: Documented, Source: one.source,
					Response: &ExampleResponse{Status: statusOf(r), MediaType: one.mediaType, Body: one.body}})
			}
		}
	}
	sortExamples(c.Examples)
}

// exampleRequest makes the request half: nil when a body is needed and none is
// documented.
func (op *Operation) exampleRequest(bodies []namedBody, name string) *ExampleRequest {
	r := &ExampleRequest{Path: map[string]string{}, Query: map[string]string{}, Headers: map[string]string{}}
	for _, p := range op.Params {
		switch {
		case p.In == "path":
			r.Path[p.Name] = p.Example
		case p.In == "query" && p.Required:
			maps.Copy(r.Query, p.SentOnce())
		case p.In == "header" && p.Required:
			r.Headers[p.Name] = p.Example
		}
	}
	if op.RequestBody == nil {
		return r
	}
	body := pick(bodies, name)
	if body == nil && len(bodies) > 0 {
		body = &bodies[0]
	}
	if body == nil {
		if op.RequestBody.Required {
			return nil
		}
		return r
	}
	r.MediaType, r.Body = body.mediaType, body.body
	return r
}

func pick(list []namedBody, name string) *namedBody {
	for i := range list {
		if list[i].name == name {
			return &list[i]
		}
	}
	if len(list) > 0 && list[0].name == "example" {
		return &list[0]
	}
	return nil
}

// mediaExamples lists the examples of the media types of a body. One that stands
// in the schema counts where the media type has none.
func mediaExamples(doc *document, b *Body) []namedBody {
	var all []namedBody
	for _, m := range b.media() {
		if m.node == nil || strings.HasSuffix(m.Type, "/*") && m.Format != payload.JSON {
			continue
		}
		mediaType := m.Type
		if strings.HasSuffix(mediaType, "/*") {
			mediaType = "application/json"
		}
		add := func(name string, value *payload.Node) {
			if body, ok := exampleBody(doc, m, value); ok {
				all = append(all, namedBody{name, mediaType, body, doc.display(doc.pointer(value))})
			}
		}
		before := len(all)
		if value := m.node.Member("example"); value != nil {
			add("example", value)
		}
		if list := m.node.Member("examples"); list != nil && list.Kind == payload.Object {
			for entry := range list.Children() {
				if one := doc.follow(entry); one != nil && one.Member("value") != nil {
					add(entry.Name, one.Member("value"))
				}
			}
		}
		if at := m.node.Member("schema"); at != nil && len(all) == before {
			if at = doc.follow(at); at != nil {
				if value := at.Member("example"); value != nil {
					add("example", value)
				} else if list := at.Member("examples"); list != nil && list.Kind == payload.Array && list.First() != nil {
					add("example", list.First())
				}
			}
		}
	}
	return all
}

// exampleBody writes a documented value as a body. Text stands for a body that is
// written out, unless the schema wants a string.
func exampleBody(doc *document, m *Media, value *payload.Node) ([]byte, bool) {
	written := value.Kind == payload.String
	switch m.Format {
	case payload.JSON:
		if written && doc.typeOf(m.node.Member("schema")) != "string" {
			return []byte(value.Value), value.Value != "" // an empty text shows nothing
		}
		tree := payload.Tree{Format: payload.JSON, Root: value}
		return tree.IndentJSON(), true
	default:
		return []byte(value.Value), written && value.Value != ""
	}
}

// judgeBareExamples finds the documented examples that break their own schema.
// They stay, marked, and a warning says so.
func (c *Contract) judgeBareExamples() {
	for _, e := range c.Examples {
		op := c.Operation(e.Operation)
		if op == nil {
			continue
		}
		no := false
		if r := e.Request; r != nil && len(r.Body) > 0 {
			if found := judgeExample(op.RequestBody, r.MediaType, r.Body); len(found) > 0 {
				r.Valid, r.Why = &no, found[0].Message()
				c.warnExample(e, "request", found)
			}
		}
		if r := e.Response; r != nil && len(r.Body) > 0 {
			if described := op.Response(r.Status); described != nil {
				if found := judgeExample(described.Body, r.MediaType, r.Body); len(found) > 0 {
					r.Valid, r.Why = &no, found[0].Message()
					c.warnExample(e, "response", found)
				}
			}
		}
	}
}

func judgeExample(b *Body, mediaType string, body []byte) []schema.Violation {
	m := b.For(mediaType)
	if m == nil {
		return nil
	}
	_, found := m.Judge(body, "")
	return schema.Hard(found)
}

func (c *Contract) warnExample(e *Example, half string, found []schema.Violation) {
	c.Warnings = append(c.Warnings, fmt.Sprintf("%s: operation %s: the documented %s example %q breaks its schema: %s",
		c.documentName(), e.Operation, half, e.Name, found[0].Message()))
}

// dropExamples takes the examples of bodies out of the tree of a document: what was
// found in them is kept as it is sent, and in large documents they are half of it.
func (c *Contract) dropExamples() {
	drop := func(b *Body) {
		for _, m := range b.media() {
			for _, keyword := range []string{"example", "examples"} {
				if m.node != nil && m.node.Member(keyword) != nil {
					m.node.Member(keyword).Detach()
				}
			}
		}
	}
	for _, op := range c.Operations {
		drop(op.RequestBody)
		for _, r := range op.Responses {
			drop(r.Body)
		}
	}
	const shared = "/components/examples"
	if n := c.document.tree.At(shared); n != nil {
		n.Detach()
		maps.DeleteFunc(c.document.refs, func(ref string, _ *payload.Node) bool { return strings.HasPrefix(ref, "#"+shared+"/") })
	}
}
