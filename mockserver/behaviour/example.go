package behaviour

import (
	"net/url"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// knownExample is an example whose request can be recognised.
type knownExample struct {
	example  *specs.Example
	request  *payload.Tree // nil: without a body
	response *payload.Tree // nil: without a readable body
}

// value gives a value of the response at a path, nil if it is not there.
func (k *knownExample) value(path string) *payload.Node {
	n := k.response.At(path)
	if n == nil || k.response.Format != payload.XML {
		return n
	}
	if n.IsScalar() {
		return &payload.Node{Kind: payload.String, Value: n.Value}
	}
	return elementForm(k.response, n, payload.NewBuilder(16))
}

// known gives the examples of the operation with readable bodies; they are read
// once, when the first request wants to know.
func (op *Operation) known() []knownExample {
	op.once.Do(func() {
		for _, e := range op.spec.Examples() {
			if e.Request == nil || e.Response == nil || e.Request.Valid != nil && !*e.Request.Valid {
				continue
			}
			k := knownExample{example: e}
			if len(e.Request.Body) > 0 {
				if k.request = parse(op.spec.RequestBody, e.Request.MediaType, e.Request.Body); k.request == nil {
					continue
				}
			}
			if described := op.spec.Response(e.Response.Status); described != nil && len(e.Response.Body) > 0 {
				k.response = parse(described.Body, e.Response.MediaType, e.Response.Body)
			}
			op.examples = append(op.examples, k)
		}
	})
	return op.examples
}

func parse(body *specs.Body, mediaType string, content []byte) *payload.Tree {
	if body == nil {
		return nil
	}
	for _, m := range body.Media {
		if m.Format != 0 && (mediaType == "" || m.Type == mediaType || len(body.Media) == 1) {
			tree, _ := m.Judge(content, "")
			return tree
		}
	}
	return nil
}

// replayed finds the example whose request this is, if the operation has values
// that are taken from there.
func (op *Operation) replayed(call *Call) *knownExample {
	for _, lets := range [][]let{op.lets, op.itemLets} {
		for _, l := range lets {
			if l.replay != "" {
				return op.recognise(call, func(k *knownExample) bool { return k.response != nil })
			}
		}
	}
	return nil
}

// Recognise finds the example whose request this is, whoever sends it; nil if
// there is none.
func (op *Operation) Recognise(call *Call) *specs.Example {
	if k := op.recognise(call, func(*knownExample) bool { return true }); k != nil {
		return k.example
	}
	return nil
}

func (op *Operation) recognise(call *Call, usable func(*knownExample) bool) *knownExample {
	examples := op.known()
	for i := range examples {
		k := &examples[i]
		if usable(k) && op.is(k, call) {
			return k
		}
	}
	return nil
}

func (op *Operation) is(k *knownExample, call *Call) bool {
	r := k.example.Request
	for name, value := range r.Path {
		if call.Path[name] != value {
			return false
		}
	}
	if !sameQuery(r.Query, call.Query) {
		return false
	}
	if k.request == nil || call.Body == nil {
		return k.request == nil && call.Body == nil
	}
	if k.request.Format != call.Body.Format {
		return false
	}
	return sameBut(k.request.Root, call.Body.Root, op.behaviour.credentials)
}

func sameQuery(want map[string]string, got url.Values) bool {
	for name, value := range want {
		if got.Get(name) != value {
			return false
		}
	}
	return true
}

// sameBut compares two bodies without regard to the members of the root that
// say who calls.
func sameBut(a, b *payload.Node, ignore map[string]bool) bool {
	if a.Kind == payload.Element {
		return sameElement(a, b, ignore)
	}
	return Same(a, b)
}

// sameElement compares names, text, attributes in any order and children in order.
func sameElement(a, b *payload.Node, ignore map[string]bool) bool {
	if a.Name != b.Name || a.IsScalar() != b.IsScalar() || a.IsScalar() && a.Value != b.Value {
		return false
	}
	attributes := 0
	for c := a.First(); c != nil && c.Kind == payload.Attribute; c = c.Next() {
		if ignore[c.Name] {
			continue
		}
		attributes++
		if other := b.Attr(c.Name); other == nil || other.Value != c.Value {
			return false
		}
	}
	for c := b.First(); c != nil && c.Kind == payload.Attribute; c = c.Next() {
		if !ignore[c.Name] {
			attributes--
		}
	}
	if attributes != 0 {
		return false
	}
	c, d := elements(a), elements(b)
	for c != nil && d != nil {
		if !sameElement(c, d, nil) {
			return false
		}
		c, d = c.Next(), d.Next()
	}
	return c == nil && d == nil
}

// elements gives the first child that is an element.
func elements(n *payload.Node) *payload.Node {
	c := n.First()
	for c != nil && c.Kind == payload.Attribute {
		c = c.Next()
	}
	return c
}
