package specs

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// JudgeQuery judges what a query says of the parameter: under its own name, or,
// for an object, under the names of its members (style form) or in brackets behind
// its name (deepObject). given is false where the query says nothing of it.
func (p *Param) JudgeQuery(q url.Values) (given bool, found []schema.Violation) {
	if values, own := q[p.Name]; own || p.decoder == nil {
		return own, p.Judge(values)
	}
	tree, given, violation := p.decoder.fromQuery(q)
	switch {
	case !given:
		return false, nil
	case violation != nil:
		violation.Path = p.In + "/" + p.Name
		return true, []schema.Violation{*violation}
	}
	return true, p.judgeTree(tree)
}

// Sent is the part of a query that carries the example: more than one name for an
// object, more than one value for a list. nil where no value is known.
func (p *Param) Sent() url.Values {
	if p.sent != nil || p.Example == "" {
		return p.sent
	}
	return url.Values{p.Name: {p.Example}}
}

// SentOnce is Sent where each name has one value, as an example file has room for;
// nil where one has more.
func (p *Param) SentOnce() map[string]string {
	once := map[string]string{}
	for name, values := range p.Sent() {
		if len(values) != 1 {
			return nil
		}
		once[name] = values[0]
	}
	return once
}

// encode writes a value as decode reads it back: the texts under the name of the
// parameter, and the query that carries them.
func (d *valueDecoder) encode(n *payload.Node) (texts []string, sent url.Values) {
	sent = url.Values{}
	if d.asJSON {
		texts = []string{string(n.JSON())}
		sent[d.param.Name] = texts
		return texts, sent
	}
	if d.param.In == "query" && n.Kind == payload.Object {
		switch {
		case d.style == "deepObject":
			d.encodeDeep(d.param.Name, n, sent)
		case d.style == "form" && d.explode:
			for c := range n.Children() {
				d.encodeMember(c.Name, c, sent)
			}
		}
		if len(sent) > 0 {
			return []string{d.joined(n)}, sent
		}
	}
	switch {
	case n.Kind == payload.Array && d.param.In == "query" && d.style == "deepObject":
		d.encodeDeep(d.param.Name, n, sent)
		return []string{d.joined(n)}, sent
	case n.Kind == payload.Array && d.repeated():
		for c := range n.Children() {
			texts = append(texts, formText(c))
		}
	case n.Kind == payload.Array || n.Kind == payload.Object:
		texts = []string{d.joined(n)}
	default:
		texts = []string{n.Value}
	}
	if d.param.In == "path" && d.style == "matrix" || d.style == "label" {
		texts = []string{d.prefixed(texts)}
	}
	sent[d.param.Name] = texts
	return texts, sent
}

func (d *valueDecoder) encodeMember(name string, n *payload.Node, sent url.Values) {
	if n.Kind != payload.Array {
		sent.Add(name, formText(n))
		return
	}
	for item := range n.Children() {
		sent.Add(name, formText(item))
	}
}

func (d *valueDecoder) encodeDeep(name string, n *payload.Node, sent url.Values) {
	i := 0
	for c := range n.Children() {
		step := c.Name
		if n.Kind == payload.Array {
			step = strconv.Itoa(i)
			i++
		}
		at := name + "[" + step + "]"
		if c.Kind == payload.Object || c.Kind == payload.Array {
			d.encodeDeep(at, c, sent)
		} else {
			sent.Add(at, formText(c))
		}
	}
}

// joined writes a list or an object as one text.
func (d *valueDecoder) joined(n *payload.Node) string {
	var parts []string
	for c := range n.Children() {
		switch {
		case n.Kind == payload.Array:
			parts = append(parts, formText(c))
		case d.explode:
			parts = append(parts, c.Name+"="+formText(c))
		default:
			parts = append(parts, c.Name, formText(c))
		}
	}
	return strings.Join(parts, d.separator())
}

// prefixed puts before a value what the styles label and matrix ask for.
func (d *valueDecoder) prefixed(texts []string) string {
	switch {
	case d.style == "label":
		return "." + strings.Join(texts, d.separator())
	case d.explode && d.shape.object:
		return ";" + strings.ReplaceAll(strings.Join(texts, ","), ",", ";")
	}
	return ";" + d.param.Name + "=" + strings.Join(texts, ";"+d.param.Name+"=")
}
