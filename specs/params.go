package specs

import (
	"strings"
	"sync/atomic"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// parameters merges the parameters of the path with those of the operation, which
// win, and checks that every {name} of the path is described.
func (r *reader) parameters(op *Operation, item, n *payload.Node) []*Param {
	var all []*Param
	add := func(list *payload.Node) {
		if list == nil {
			return
		}
		before := len(all)
		for entry := range list.Children() {
			at := r.doc.follow(entry)
			if at == nil {
				continue
			}
			in, name := text(at, "in"), text(at, "name")
			if name == "" || !contains([]string{"path", "query", "header", "cookie"}, in) {
				r.tolerate(entry, "it is left out", "operation %s: a parameter needs a name and in: path, query, header or cookie", op.ID)
				continue
			}
			if in == "header" && describedElsewhere(name) {
				continue // by the specification these are described elsewhere
			}
			p := r.shared(op, entry, at, name, in)
			for i, have := range all {
				if have.Name == name && have.In == in {
					if i >= before {
						r.tolerate(entry, "the last one counts", "operation %s: the %s parameter %q is described twice in one list", op.ID, in, name)
					}
					all[i], p = p, nil
					break
				}
			}
			if p != nil {
				all = append(all, p)
			}
		}
	}
	add(item.Member("parameters"))
	add(n.Member("parameters"))
	named := templateNames(op.Path)
	for _, name := range named {
		described := false
		for _, p := range all {
			described = described || p.In == "path" && p.Name == name
		}
		if !described {
			r.tolerate(n, "describe it under parameters with in: path", "operation %s: the path has {%s}, and no parameter describes it", op.ID, name)
			all = append(all, &Param{Name: name, In: "path", Required: true, Example: "text"})
		}
	}
	kept := all[:0]
	for _, p := range all {
		if p.In == "path" && !contains(named, p.Name) {
			r.tolerate(n, didYouMean(p.Name, named), "operation %s: path parameter %q is not in the path %s", op.ID, p.Name, op.Path)
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// templateNames lists the {names} of a path template.
func templateNames(template string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(template, "{")
		if !ok {
			return names
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return names
		}
		names, template = append(names, name), after
	}
}

// shared reads a parameter; one that many operations refer to is read once. That of
// a path may get another example in each of them.
func (r *reader) shared(op *Operation, entry, at *payload.Node, name, in string) *Param {
	if entry == at || in == "path" {
		return r.param(op, at, name, in, schema.Request)
	}
	if p := r.params[at]; p != nil {
		return p
	}
	p := r.param(op, at, name, in, schema.Request)
	if p.decoder != nil && p.decoder.shape.open {
		return p // what belongs to it depends on the other parameters
	}
	if r.params == nil {
		r.params = map[*payload.Node]*Param{}
	}
	r.params[at] = p
	return p
}

// param reads a parameter or a header. Its schema is compiled when the first
// value is judged, or by Contract.Compile.
func (r *reader) param(op *Operation, n *payload.Node, name, in string, dir schema.Direction) *Param {
	both := r.slabs.params.next()
	p := &both.Param
	p.Name, p.In, p.Required = name, in, in == "path" || text(n, "required") == "true"
	at := n.Member("schema")
	asJSON := false
	if content := n.Member("content"); at == nil && content != nil && content.First() != nil {
		at = content.First().Member("schema")
		asJSON = formatOf(content.First().Name) == payload.JSON
	}
	p.Example = r.paramExample(n, at)
	if at == nil {
		return p
	}
	d := &both.valueDecoder
	*d = valueDecoder{param: p, op: op, style: styleOf(n, in), shape: r.shape(at), asJSON: asJSON, empty: text(n, "allowEmptyValue") == "true"}
	d.explode = text(n, "explode") == "true" || text(n, "explode") == "" && (d.style == "form" || d.style == "deepObject")
	p.decoder = d
	p.schema.contract, p.schema.at, p.schema.dir = r.c, at, dir
	r.betterExample(p, n, at)
	return p
}

// describedParam is a parameter with its decoder, in one piece of memory: a document
// may have a hundred thousand.
type describedParam struct {
	Param
	valueDecoder
}

// shape is the shape of a parameter's value. Those that say nothing but a type are
// few, and shared.
func (r *reader) shape(at *payload.Node) *valueShape {
	s := r.doc.shape(at, 2)
	if !s.simple() {
		return s
	}
	key := [...]bool{s.number, s.boolean, s.array, s.object, s.text, s.null, s.open}
	if have := r.shapes[key]; have != nil {
		return have
	}
	if r.shapes == nil {
		r.shapes = map[[7]bool]*valueShape{}
	}
	r.shapes[key] = s
	return s
}

// Judge gives the violations of the raw values; Path is "path/UUID",
// "query/limit" and so on.
func (p *Param) Judge(values []string) []schema.Violation {
	d := p.decoder
	if d == nil || len(values) == 0 && !d.shape.array || d.empty && len(values) == 1 && values[0] == "" {
		return nil
	}
	tree, violation := d.decode(values)
	if violation != nil {
		violation.Path = p.In + "/" + p.Name
		return []schema.Violation{*violation}
	}
	return p.judgeTree(tree)
}

// judgeTree judges a value that is read already; the parameter has a schema.
func (p *Param) judgeTree(tree *payload.Tree) []schema.Violation {
	validator, err := p.schema.get()
	if err != nil {
		return []schema.Violation{notCompiled(err)}
	}
	found := p.decoder.asWritten(tree, p.schema.contract.document.places(validator.Validate(tree)))
	for i := range found {
		found[i].Path = p.In + "/" + p.Name + found[i].Path
		found[i].Line, found[i].Col = 0, 0
	}
	return found
}

// compile compiles the schema, if there is one.
func (p *Param) compile() error {
	if p.decoder == nil {
		return nil
	}
	_, err := p.schema.get()
	return err
}

// styleOf is how a parameter is written, as the document says or by default.
func styleOf(n *payload.Node, in string) string {
	if style := text(n, "style"); style != "" {
		return style
	}
	if in == "query" || in == "cookie" {
		return "form"
	}
	return "simple"
}

// lazy compiles the schema at a node once, on first use. While a document is
// being opened the compiled schema is not held on to, so that a large one can be
// checked as a whole without being kept in memory as a whole.
func (r *reader) lazy(at *payload.Node, dir schema.Direction) func() (*schema.JSONValidator, error) {
	l := r.slabs.schemas.next()
	l.contract, l.at, l.dir = r.c, at, dir
	return l.get
}

type lazySchema struct {
	contract *Contract
	at       *payload.Node // whose pointer is made when it is asked for: there are many
	kept     atomic.Pointer[schema.JSONValidator]
	dir      schema.Direction
}

func (l *lazySchema) get() (*schema.JSONValidator, error) {
	if v := l.kept.Load(); v != nil {
		return v, nil
	}
	v, err := l.contract.schemas.At(l.contract.document.pointer(l.at), l.dir)
	if err == nil && l.contract.opened {
		l.kept.Store(v)
	}
	return v, err
}

// notCompiled is what a broken schema says of every body: no guess, no pass.
func notCompiled(err error) schema.Violation {
	return schema.Violation{Kind: schema.Malformed, Expected: "a schema that can be compiled", Actual: err.Error()}
}
