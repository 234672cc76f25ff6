package mockserver

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// XML that a JSON schema describes is JSON to the rules and the state: it is read
// into it when it comes in, and written from it when it goes out.

// asDescribed writes a JSON answer as XML where the caller wants that, or where
// the contract describes nothing else.
func (x *exchange) asDescribed() {
	a := &x.answer
	if x.op == nil || a.tree == nil && len(a.body) == 0 {
		return
	}
	m := x.mappedMedia(x.op.spec.Response(a.status))
	if m == nil {
		return
	}
	tree := a.tree
	if tree == nil {
		if parsed, err := payload.ParseJSON(a.body, payload.JSONLimits{}); err == nil {
			tree = parsed
		}
	}
	if tree == nil || tree.Format != payload.JSON {
		return
	}
	a.tree, a.body, a.mediaType = m.AsXML(tree), nil, m.Type
}

// mappedMedia gives the XML that the answer has to be; nil leaves it as it is.
func (x *exchange) mappedMedia(described *specs.Response) *specs.Media {
	if described == nil || described.Body == nil {
		return nil
	}
	for _, m := range described.Body.Media {
		if m.Mapped() {
			accept := strings.Join(x.r.Header["Accept"], ",")
			if strings.Contains(accept, "xml") && !strings.Contains(accept, "json") && !strings.Contains(accept, "*/*") {
				return m
			}
		}
	}
	if m := described.Body.For(x.answer.mediaType); m != nil && m.Mapped() {
		return m
	}
	return nil
}
