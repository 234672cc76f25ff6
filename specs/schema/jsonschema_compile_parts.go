package schema

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

func (c *compiler) numbers(n *payload.Node, s *jsonSchema) *numberRule {
	var r numberRule
	set := false
	bound := func(keyword, exclusive string, limit *string, open *bool, tighter int) {
		if m := n.Member(keyword); m != nil {
			*limit, set = c.numberLiteral(n, s, keyword, m), true
		}
		m := n.Member(exclusive)
		switch {
		case m == nil:
		case s.res.dialect == OpenAPI30:
			if m.Kind != payload.Bool {
				c.fail(n, s, exclusive, "expected true or false beside "+keyword+" in OpenAPI 3.0, found "+m.Brief())
			}
			*open = isTrue(m)
		default:
			if literal := c.numberLiteral(n, s, exclusive, m); literal != "" && (*limit == "" || payload.CompareNumbers(literal, *limit)*tighter >= 0) {
				*limit, *open, set = literal, true, true
			}
		}
	}
	bound("minimum", "exclusiveMinimum", &r.min, &r.aboveMin, 1)
	bound("maximum", "exclusiveMaximum", &r.max, &r.belowMax, -1)
	if m := n.Member("multipleOf"); m != nil {
		r.multipleText = c.numberLiteral(n, s, "multipleOf", m)
		if d, ok := payload.ParseDecimal(r.multipleText); ok {
			if d.Sign() <= 0 {
				c.fail(n, s, "multipleOf", "expected a number above 0, found "+m.Brief())
			}
			r.multipleOf, set = d, true
		}
	}
	if f := c.formatName(n); f != "" {
		if r.format = numberFormatNamed(f); r.format != nil {
			set = true
		}
	}
	if !set {
		return nil
	}
	return &r
}

func (c *compiler) numberLiteral(n *payload.Node, s *jsonSchema, keyword string, m *payload.Node) string {
	if m.Kind == payload.Number {
		if _, ok := payload.ParseDecimal(m.Value); ok {
			return m.Value
		}
	}
	c.fail(n, s, keyword, "expected a number, found "+m.Brief())
	return ""
}

func (c *compiler) formatName(n *payload.Node) string {
	if c.opts.FormatsAsNotes {
		return ""
	}
	return stringMember(n, "format")
}

func (c *compiler) texts(n *payload.Node, s *jsonSchema) *textRule {
	r := textRule{min: c.count(n, s, "minLength", 0), max: c.count(n, s, "maxLength", -1)}
	if m := n.Member("pattern"); m != nil {
		r.patternText = m.Value
		switch what := "expected a regular expression, found " + m.Brief(); {
		case m.Kind == payload.String:
			r.pattern = c.patternOf(n, s, "pattern", m.Value)
		case c.opts.TolerateBroken:
			c.warn(s, "pattern", what)
		default:
			c.fail(n, s, "pattern", what)
		}
	}
	if f := c.formatName(n); f != "" {
		r.format = textFormatNamed(f)
		if r.format == nil && numberFormatNamed(f) == nil && !isNoteFormat(f) {
			c.warn(s, "format", "format "+f+" is not known and judges nothing")
		}
	}
	if r.min == 0 && r.max < 0 && r.pattern == nil && r.format == nil {
		return nil
	}
	return &r
}

// slashed tells an expression that was written with the slashes that some
// languages put around one: "/^a$/" matches no text, since nothing stands before
// its beginning.
func slashed(expression string) bool { return strings.HasPrefix(expression, "/^") }

// patternOf compiles a regular expression, each text once.
func (c *compiler) patternOf(n *payload.Node, s *jsonSchema, keyword, text string) pattern {
	p := c.JSONSchemas.patterns[text]
	if slashed(text) && c.opts.TolerateBroken {
		c.warn(s, keyword, "written as /…/, which no text matches; it judges nothing until the slashes are taken off")
		return nil
	}
	if p == nil {
		var err error
		if p, err = compilePattern(text); err != nil {
			what := "not a regular expression that can be judged: " + err.Error()
			if c.opts.TolerateBroken {
				c.warn(s, keyword, what)
			} else {
				c.fail(n, s, keyword, what)
			}
			return nil
		}
		c.JSONSchemas.patterns[text] = p
	}
	return p
}

func (c *compiler) arrays(n *payload.Node, s *jsonSchema) *arrayRule {
	r := arrayRule{
		min:         c.count(n, s, "minItems", 0),
		max:         c.count(n, s, "maxItems", -1),
		unique:      isTrue(n.Member("uniqueItems")),
		minContains: 1,
		maxContains: -1,
	}
	items := n.Member("items")
	switch {
	case s.res.dialect == OpenAPI31:
		r.prefix = c.list(n, s, "prefixItems")
		if r.items = c.part(n, s, "items"); r.items == nil && items != nil {
			c.fail(n, s, "items", "expected a schema, found "+items.Brief())
		}
		r.minContains, r.maxContains = c.count(n, s, "minContains", 1), c.count(n, s, "maxContains", -1)
	case s.res.dialect == Draft7 && items != nil && items.Kind == payload.Array:
		for item := range items.Children() {
			r.prefix = append(r.prefix, c.compile(item, s.res))
		}
		r.items = c.part(n, s, "additionalItems")
	default:
		r.items = c.part(n, s, "items")
	}
	if s.res.dialect != OpenAPI30 {
		r.contains = c.part(n, s, "contains")
	}
	if r.min == 0 && r.max < 0 && !r.unique && r.prefix == nil && r.items == nil && r.contains == nil {
		return nil
	}
	return &r
}

func (c *compiler) objects(n *payload.Node, s *jsonSchema) *objectRule {
	r := objectRule{min: c.count(n, s, "minProperties", 0), max: c.count(n, s, "maxProperties", -1)}
	r.extra = c.part(n, s, "additionalProperties")
	c.properties(n, s, &r)
	for _, name := range c.names(n, s, "required", n.Member("required")) {
		c.require(n, s, &r, name)
	}
	if s.res.dialect != OpenAPI30 {
		c.patternProperties(n, s, &r)
		r.names = c.part(n, s, "propertyNames")
		c.dependencies(n, s, &r)
	}
	if r.byName == nil && r.required == nil && r.patterns == nil && r.extra == nil && r.min == 0 && r.max < 0 && r.names == nil && r.dependents == nil {
		return nil
	}
	return &r
}

func (c *compiler) properties(n *payload.Node, s *jsonSchema, r *objectRule) {
	m := n.Member("properties")
	if m == nil {
		return
	}
	if m.Kind != payload.Object {
		c.fail(n, s, "properties", "expected an object of schemas, found "+m.Brief())
		return
	}
	r.byName = make(map[string]*property, m.Len())
	for p := range m.Children() {
		own := c.compile(p, s.res)
		prop := &property{name: p.Name, at: own.place, schema: own, required: -1, barred: c.barred(p, s.res, 0)}
		r.byName[p.Name] = prop
		r.listed = append(r.listed, prop)
	}
	r.declares = len(r.listed) > 0 && r.extra == nil
}

func (c *compiler) require(n *payload.Node, s *jsonSchema, r *objectRule, name string) {
	need := &requirement{name: name, at: s.place}
	if p := r.byName[name]; p != nil {
		if p.barred != "" || p.required >= 0 {
			return
		}
		need.at, need.of = p.at, p.schema
		p.required = len(r.required)
	}
	r.required = append(r.required, need)
}

func (c *compiler) patternProperties(n *payload.Node, s *jsonSchema, r *objectRule) {
	m := n.Member("patternProperties")
	if m == nil {
		return
	}
	if m.Kind != payload.Object {
		c.fail(n, s, "patternProperties", "expected an object of schemas, found "+m.Brief())
		return
	}
	for p := range m.Children() {
		if readable := c.patternOf(n, s, "patternProperties", p.Name); readable != nil {
			r.patterns = append(r.patterns, patternMember{text: p.Name, pattern: readable, schema: c.compile(p, s.res)})
		}
	}
}

func (c *compiler) dependencies(n *payload.Node, s *jsonSchema, r *objectRule) {
	keywords := []string{"dependentRequired", "dependentSchemas"}
	if s.res.dialect == Draft7 {
		keywords = []string{"dependencies"}
	}
	for _, keyword := range keywords {
		m := n.Member(keyword)
		if m == nil {
			continue
		}
		if m.Kind != payload.Object {
			c.fail(n, s, keyword, "expected an object, found "+m.Brief())
			continue
		}
		for d := range m.Children() {
			dep := dependent{on: d.Name, at: s.place + "/" + keyword + "/" + payload.EscapePointer(d.Name)}
			if keyword == "dependentRequired" || keyword == "dependencies" && d.Kind == payload.Array {
				dep.required = c.names(n, s, keyword, d)
			} else {
				dep.schema = c.compile(d, s.res)
			}
			r.dependents = append(r.dependents, dep)
		}
	}
}
