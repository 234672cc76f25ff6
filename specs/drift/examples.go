package drift

import (
	"bytes"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

func exampleRules() []Rule {
	const area = "example"
	return []Rule{
		one(area, "example-removed", Warning, "an example is gone"),
		one(area, "example-added", Info, "there is a new example"),
		{ID: "example-changed", Area: area, Request: Info, Response: Warning, About: "an example has another body"},
		one(area, "example-status-changed", Warning, "an example is answered with another HTTP status"),
	}
}

func (c *comparison) examples() {
	for _, was := range c.before.Examples {
		folder := "examples/" + was.Operation + "/" + was.Name + "/example.yaml"
		is := c.after.Example(was.Operation, was.Name)
		if c.after.Operation(was.Operation) == nil {
			continue // told of the operation
		}
		if is == nil {
			c.add("example-removed", Both, spot{operation: was.Operation, path: was.Name, where: c.old(folder, 0), basis: was.Basis}, "the example %s is gone", was.Name)
			continue
		}
		at := spot{operation: was.Operation, path: was.Name, where: c.now(folder, 0), basis: is.Basis}
		a, b := partsOf(was), partsOf(is)
		if a.status != b.status {
			c.add("example-status-changed", Response, at, "the example %s is answered with %d now, with %d before", is.Name, b.status, a.status)
		}
		if what := bodyChange(a.request, b.request); what != "" {
			c.add("example-changed", Request, at, "the request of the example %s differs: %s", is.Name, what)
		}
		if what := bodyChange(a.response, b.response); what != "" {
			c.add("example-changed", Response, at, "the response of the example %s differs: %s", is.Name, what)
		}
	}
	for _, is := range c.after.Examples {
		if c.before.Example(is.Operation, is.Name) == nil && c.before.Operation(is.Operation) != nil {
			c.add("example-added", Both, spot{operation: is.Operation, path: is.Name, where: c.now("examples/"+is.Operation+"/"+is.Name+"/example.yaml", 0), basis: is.Basis}, "there is a new example, %s", is.Name)
		}
	}
}

type exampleParts struct {
	status            int
	request, response []byte
}

func partsOf(e *specs.Example) exampleParts {
	var p exampleParts
	if e.Request != nil {
		p.request = e.Request.Body
	}
	if e.Response != nil {
		p.status, p.response = e.Response.Status, e.Response.Body
	}
	return p
}

// bodyChange tells the first difference of two bodies as messages, not as text;
// "" if there is none.
func bodyChange(was, is []byte) string {
	if bytes.Equal(bytes.TrimSpace(was), bytes.TrimSpace(is)) {
		return ""
	}
	a, b := readBody(was), readBody(is)
	switch {
	case len(was) == 0:
		return "it has a body now"
	case len(is) == 0:
		return "it has no body any more"
	case a == nil || b == nil || a.Kind == payload.Element != (b.Kind == payload.Element):
		return "the text is another one"
	}
	found := payload.Diff(a, b, payload.DiffOptions{Max: 1})
	if len(found) == 0 {
		return ""
	}
	return strings.TrimSpace(found[0].Path + ": " + string(found[0].Kind))
}

// readBody reads JSON or XML; nil for what is neither.
func readBody(body []byte) *payload.Node {
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		if tree, err := xmlsafe.Parse(body, "", xmlsafe.Limits{}); err == nil {
			return tree.Root
		}
		return nil
	}
	if tree, err := payload.ParseJSON(body, payload.JSONLimits{}); err == nil {
		return tree.Root
	}
	return nil
}
