package specs

import (
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// params merges the parameters of the path with those of the operation, which
// win, and checks that every {name} of the path is described.
func (r *reader) params(op *Operation, item, n *payload.Node) []*Param {
	var all []*Param
	add := func(list *payload.Node) {
		if list == nil {
			return
		}
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
			if in == "header" && (strings.EqualFold(name, "Accept") || strings.EqualFold(name, "Content-Type") || strings.EqualFold(name, "Authorization")) {
				continue // by the specification these are described elsewhere
			}
			p := r.param(op, at, name, in, schema.Request)
			for i, have := range all {
				if have.Name == name && have.In == in {
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
			all = append(all, &Param{Name: name, In: "path", Required: true, Example: "text", Judge: func([]string) []schema.Violation { return nil }})
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

// param reads a parameter or a header. Its schema is compiled when the first
// value is judged, or by Contract.Compile.
func (r *reader) param(op *Operation, n *payload.Node, name, in string, dir schema.Direction) *Param {
	p := &Param{Name: name, In: in, Required: in == "path" || text(n, "required") == "true"}
	at := n.Member("schema")
	asJSON := false
	if content := n.Member("content"); at == nil && content != nil && content.First() != nil {
		at = content.First().Member("schema")
		asJSON = formatOf(content.First().Name) == payload.JSON
	}
	p.Example = r.paramExample(n, at)
	if at == nil {
		p.Judge = func([]string) []schema.Violation { return nil }
		return p
	}
	style, explode := text(n, "style"), text(n, "explode")
	if style == "" {
		style = map[string]string{"query": "form", "cookie": "form"}[in]
	}
	d := valueDecoder{shape: r.doc.shape(at, 2), separator: ",", repeated: style == "form" && explode != "false", asJSON: asJSON}
	switch style {
	case "spaceDelimited":
		d.separator, d.repeated = " ", explode == "true"
	case "pipeDelimited":
		d.separator, d.repeated = "|", explode == "true"
	case "label", "matrix", "deepObject":
		r.c.Warnings = append(r.c.Warnings, r.where(n)+": operation "+op.ID+": parameter "+name+": style "+style+" is not judged")
		p.Judge = func([]string) []schema.Violation { return nil }
		return p
	}
	judge := r.lazy(at, dir)
	p.compile = func() error { _, err := judge(); return err }
	place := in + "/" + name
	p.Judge = func(values []string) []schema.Violation {
		validator, err := judge()
		if err != nil {
			return []schema.Violation{notCompiled(err)}
		}
		if len(values) == 0 && !d.shape.array {
			return nil
		}
		tree, violation := d.decode(values)
		if violation != nil {
			violation.Path = place
			return []schema.Violation{*violation}
		}
		found := r.doc.places(validator.Validate(tree))
		for i := range found {
			found[i].Path = place + found[i].Path
			found[i].Line, found[i].Col = 0, 0
		}
		return found
	}
	r.betterExample(p, at, d)
	return p
}

// lazy compiles the schema at a node once, on first use. While a document is
// being opened the compiled schema is not held on to, so that a large one can be
// checked as a whole without being kept in memory as a whole.
func (r *reader) lazy(at *payload.Node, dir schema.Direction) func() (*schema.JSONValidator, error) {
	l := &lazySchema{schemas: r.schemas, pointer: r.doc.pointer(at), dir: dir, contract: r.c}
	return l.get
}

type lazySchema struct {
	schemas  *schema.JSONSchemas
	pointer  string
	dir      schema.Direction
	contract *Contract
	kept     atomic.Pointer[schema.JSONValidator]
}

func (l *lazySchema) get() (*schema.JSONValidator, error) {
	if v := l.kept.Load(); v != nil {
		return v, nil
	}
	v, err := l.schemas.At(l.pointer, l.dir)
	if err == nil && l.contract.opened {
		l.kept.Store(v)
	}
	return v, err
}

// notCompiled is what a broken schema says of every body: no guess, no pass.
func notCompiled(err error) schema.Violation {
	return schema.Violation{Kind: schema.Malformed, Expected: "a schema that can be compiled", Actual: err.Error()}
}

// valueShape is what the text of a parameter has to become.
type valueShape struct {
	number, boolean, array, object, text, null bool
	items                                      *valueShape
	members                                    map[string]*valueShape
}

// shape reads the types that a schema allows, through references and allOf, with
// its items and members as many levels down as asked: schemas may recurse.
func (d *document) shape(at *payload.Node, levels int) *valueShape {
	return d.shapeAt(at, levels, visited{})
}

func (d *document) shapeAt(at *payload.Node, levels int, seen visited) *valueShape {
	s := &valueShape{}
	if at = d.follow(at); !seen.first(at) {
		return s
	}
	note := func(t string) {
		switch t {
		case "integer", "number":
			s.number = true
		case "boolean":
			s.boolean = true
		case "array":
			s.array = true
		case "object":
			s.object = true
		case "string":
			s.text = true
		case "null":
			s.null = true
		}
	}
	if t := at.Member("type"); t != nil {
		note(t.Value)
		for one := range t.Children() {
			note(one.Value)
		}
	}
	if items := at.Member("items"); items != nil && levels > 0 {
		s.items = d.shape(items, levels-1)
	}
	if properties := at.Member("properties"); properties != nil && levels > 0 {
		s.members = map[string]*valueShape{}
		for p := range properties.Children() {
			s.members[p.Name] = d.shape(p, levels-1)
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if list := at.Member(keyword); list != nil {
			for one := range list.Children() {
				s.merge(d.shapeAt(one, levels, seen))
			}
		}
	}
	return s
}

func (s *valueShape) merge(o *valueShape) {
	s.number, s.boolean, s.array = s.number || o.number, s.boolean || o.boolean, s.array || o.array
	s.object, s.text, s.null = s.object || o.object, s.text || o.text, s.null || o.null
	if s.items == nil {
		s.items = o.items
	}
	if s.members == nil {
		s.members = o.members
	}
}

// scalar types a text by the shape: "12" is a number only where one is allowed.
func (s *valueShape) scalar(text string) *payload.Node {
	if s != nil {
		switch {
		case s.number && isJSONNumber(text):
			return &payload.Node{Kind: payload.Number, Value: text}
		case s.boolean && (text == "true" || text == "false"):
			return &payload.Node{Kind: payload.Bool, Value: text}
		case s.null && text == "" && !s.text:
			return &payload.Node{Kind: payload.Null, Value: "null"}
		}
	}
	return &payload.Node{Kind: payload.String, Value: text}
}

// isJSONNumber keeps "0x10", "1_000", "+1" and "Inf" text.
func isJSONNumber(s string) bool {
	if s == "" || len(s) > 400 || strings.Trim(s, "0123456789+-.eE") != "" {
		return false
	}
	tree, err := payload.ParseJSON([]byte(s), payload.JSONLimits{})
	return err == nil && tree.Root.Kind == payload.Number
}

// valueDecoder makes a tree of the raw values of one parameter.
type valueDecoder struct {
	shape     *valueShape
	separator string
	repeated  bool // ?a=1&a=2 rather than ?a=1,2
	asJSON    bool
}

func (d valueDecoder) decode(values []string) (*payload.Tree, *schema.Violation) {
	tree := &payload.Tree{Format: payload.JSON}
	switch {
	case d.asJSON:
		parsed, err := payload.ParseJSON([]byte(values[0]), payload.JSONLimits{})
		if err != nil {
			return nil, &schema.Violation{Kind: schema.Malformed, Expected: "JSON", Actual: strconv.Quote(clip(values[0]))}
		}
		return parsed, nil
	case d.shape.array:
		list := &payload.Node{Kind: payload.Array}
		if !d.repeated && len(values) > 0 {
			if values[0] == "" {
				values = nil
			} else {
				values = strings.Split(strings.Join(values, d.separator), d.separator)
			}
			for i := range values {
				values[i] = strings.Trim(values[i], " \t")
			}
		}
		for _, v := range values {
			list.Append(d.shape.items.nested(v))
		}
		tree.Root = list
	case d.shape.object && !d.shape.text:
		tree.Root = d.object(values[0])
	case len(values) > 1:
		return nil, &schema.Violation{Kind: schema.Length, Expected: "one value", Actual: strconv.Itoa(len(values)) + " values"}
	default:
		tree.Root = d.shape.scalar(values[0])
	}
	return tree, nil
}

// object reads the simple style: "a,1,b,2", or exploded "a=1,b=2".
func (d valueDecoder) object(value string) *payload.Node {
	n := &payload.Node{Kind: payload.Object}
	put := func(name, value string) {
		if n.Member(name) == nil {
			child := d.shape.members[name].scalar(value)
			child.Name = name
			n.Append(child)
		}
	}
	parts := strings.Split(value, ",")
	if strings.Contains(value, "=") {
		for _, part := range parts {
			name, v, _ := strings.Cut(part, "=")
			put(name, v)
		}
		return n
	}
	for i := 0; i+1 < len(parts); i += 2 {
		put(parts[i], parts[i+1])
	}
	return n
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
