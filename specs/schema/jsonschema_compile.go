package schema

import (
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// compiler turns schema objects into jsonSchemas, for one call of At.
type compiler struct {
	*JSONSchemas
	dir     Direction
	errs    []*CompileError
	fresh   []schemaKey
	dynamic bool
}

func (c *compiler) place(n *payload.Node, res *resource) string {
	return res.prefix + "#" + res.doc.Path(n)
}

func (c *compiler) fail(n *payload.Node, s *jsonSchema, keyword, what string) {
	line := int(n.Line)
	if m := n.Member(keyword); m != nil && n.Kind == payload.Object {
		line = int(m.Line)
	}
	c.errs = append(c.errs, &CompileError{Pointer: s.place, Keyword: keyword, Line: line, What: what})
}

func (c *compiler) warn(s *jsonSchema, keyword, what string) {
	c.warnings[CompileWarning{Pointer: s.place, Keyword: keyword, What: what}] = struct{}{}
}

// compile gives the compiled schema of a node; a schema that is being compiled
// further up is given as it is, so that schemas may refer to themselves.
func (c *compiler) compile(n *payload.Node, res *resource) *jsonSchema {
	key := schemaKey{n, c.dir}
	if s := c.compiled[key]; s != nil {
		return s
	}
	c.index(n, res)
	if own := c.owners[n]; own != nil {
		res = own
	}
	s := &jsonSchema{place: c.place(n, res), res: res}
	c.compiled[key] = s
	c.fresh = append(c.fresh, key)
	switch {
	case n.Kind == payload.Bool && res.dialect == OpenAPI30 && n.Name != "additionalProperties":
		c.fail(n, s, n.Value, "a schema must be an object in OpenAPI 3.0")
	case n.Kind == payload.Bool && n.Value == "true":
		s.fixed = accepts
	case n.Kind == payload.Bool:
		s.fixed = refuses
	case n.Kind != payload.Object:
		c.fail(n, s, n.Kind.String(), "a schema must be an object or a boolean, found "+n.Brief())
	default:
		c.keywords(n, s)
	}
	return s
}

// part compiles the schema under a keyword, nil if it is not there.
func (c *compiler) part(n *payload.Node, s *jsonSchema, keyword string) *jsonSchema {
	if m := n.Member(keyword); m != nil {
		return c.compile(m, s.res)
	}
	return nil
}

// list compiles the schemas of an array under a keyword.
func (c *compiler) list(n *payload.Node, s *jsonSchema, keyword string) []*jsonSchema {
	m := n.Member(keyword)
	if m == nil {
		return nil
	}
	if m.Kind != payload.Array || m.Len() == 0 {
		c.fail(n, s, keyword, "expected an array of at least one schema, found "+m.Brief())
		return nil
	}
	list := make([]*jsonSchema, 0, m.Len())
	for item := range m.Children() {
		list = append(list, c.compile(item, s.res))
	}
	return list
}

func (c *compiler) keywords(n *payload.Node, s *jsonSchema) {
	d := s.res.dialect
	if ref := n.Member("$ref"); ref != nil && ref.Kind == payload.String {
		s.ref = c.reference(n, s, ref.Value)
		if d != OpenAPI31 {
			c.besideReference(n, s)
			return
		}
	} else if ref != nil {
		c.fail(n, s, "$ref", "expected a URI reference, found "+ref.Brief())
	}
	c.checkKeywords(n, s)
	c.types(n, s)
	s.enum = c.enums(n, s)
	s.number = c.numbers(n, s)
	s.text = c.texts(n, s)
	s.object = c.objects(n, s)
	s.array = c.arrays(n, s)
	s.all = c.list(n, s, "allOf")
	s.any = c.choice(n, s, "anyOf")
	s.one = c.choice(n, s, "oneOf")
	s.not = c.part(n, s, "not")
	if d != OpenAPI30 {
		if s.cond = c.part(n, s, "if"); s.cond != nil {
			s.then, s.els = c.part(n, s, "then"), c.part(n, s, "else")
		}
	}
	if d == OpenAPI31 {
		s.unevaluatedMembers = c.part(n, s, "unevaluatedProperties")
		s.unevaluatedItems = c.part(n, s, "unevaluatedItems")
		if ref := stringMember(n, "$dynamicRef"); ref != "" {
			s.dynamic = c.dynamicReference(n, s, ref)
		}
	}
	if len(s.all) > 0 {
		s.exempt = c.exemptions(n, s)
	}
	if s.any == nil && s.one == nil && n.Member("discriminator") != nil {
		c.warn(s, "discriminator", "without oneOf or anyOf beside it, it selects nothing")
	}
	s.scalar = s.object == nil && s.array == nil && s.ref == nil && s.dynamic == nil && s.all == nil && s.any == nil && s.one == nil &&
		s.not == nil && s.cond == nil && s.unevaluatedMembers == nil && s.unevaluatedItems == nil
}

// besideReference tells the keywords that a reference makes void before OpenAPI 3.1.
func (c *compiler) besideReference(n *payload.Node, s *jsonSchema) {
	known := keywordsOf(OpenAPI30)
	for m := range n.Children() {
		switch m.Name {
		case "$ref", "title", "description", "example", "default", "deprecated", "externalDocs", "xml":
			continue
		}
		if _, is := known[m.Name]; is {
			c.warn(s, m.Name, "has no effect beside a $ref before OpenAPI 3.1; put both into an allOf")
		}
	}
}

func (c *compiler) reference(n *payload.Node, s *jsonSchema, ref string) *jsonSchema {
	to, res, err := c.resolve(ref, s.res)
	if err != nil {
		c.fail(n, s, "$ref", err.Error())
		return nil
	}
	return c.compile(to, res)
}

// dynamicReference compiles what $dynamicRef may mean: if it leads to a
// $dynamicAnchor, any resource may say something else under that name.
func (c *compiler) dynamicReference(n *payload.Node, s *jsonSchema, ref string) *dynamicRef {
	static := c.reference(n, s, ref)
	if static == nil {
		return nil
	}
	c.dynamic = true
	d := &dynamicRef{static: static}
	to, res, _ := c.resolve(ref, s.res)
	_, anchor, _ := strings.Cut(ref, "#")
	if anchor == "" || res.dynamic[anchor] != to {
		return d
	}
	d.byResource = map[*resource]*jsonSchema{}
	for _, r := range c.resources {
		if a := r.dynamic[anchor]; a != nil {
			d.byResource[r] = c.compile(a, r)
		}
	}
	return d
}

func (c *compiler) types(n *payload.Node, s *jsonSchema) {
	s.nullable = s.res.dialect == OpenAPI30 && isTrue(n.Member("nullable"))
	m := n.Member("type")
	if m == nil {
		return
	}
	add := func(t *payload.Node) {
		set := typeNamed(t.Value)
		if set == typeNull && s.res.dialect == OpenAPI30 && c.opts.TolerateBroken {
			c.warn(s, "type", "the type null is OpenAPI 3.1, and read as that; OpenAPI 3.0 says nullable: true")
		} else if t.Kind != payload.String || set == 0 || set == typeNull && s.res.dialect == OpenAPI30 {
			c.fail(n, s, "type", "expected one of "+strings.Join(typeNames[:], ", ")+", found "+t.Brief())
		}
		s.types |= set
	}
	switch {
	case m.Kind == payload.String:
		add(m)
	case m.Kind == payload.Array && m.Len() > 0 && s.res.dialect != OpenAPI30:
		for t := range m.Children() {
			add(t)
		}
	case m.Kind == payload.Array && m.Len() > 0 && c.opts.TolerateBroken:
		c.warn(s, "type", "a list of types is OpenAPI 3.1, and read as that; OpenAPI 3.0 has one type")
		for t := range m.Children() {
			add(t)
		}
	case m.Kind == payload.Object && c.opts.TolerateBroken:
		c.warn(s, "type", "expected the name of one type, found "+m.Brief()+"; it judges nothing")
	default:
		c.fail(n, s, "type", "expected the name of one type, found "+m.Brief())
	}
}

func isTrue(n *payload.Node) bool { return n != nil && n.Kind == payload.Bool && n.Value == "true" }

// count reads a keyword that holds a size; otherwise is given where it is not there.
func (c *compiler) count(n *payload.Node, s *jsonSchema, keyword string, otherwise int) int {
	m := n.Member(keyword)
	if m == nil {
		return otherwise
	}
	if m.Kind == payload.Number {
		if d, ok := payload.ParseDecimal(m.Value); ok && d.IsInt() && d.Sign() >= 0 {
			// A size that no body can reach is as good as the largest int32.
			if payload.CompareNumbers(m.Value, "2147483647") >= 0 {
				return 1<<31 - 1
			}
			if f, err := strconv.ParseFloat(m.Value, 64); err == nil {
				return int(f)
			}
		}
	}
	c.fail(n, s, keyword, "expected a whole number of at least 0, found "+m.Brief())
	return otherwise
}

// names reads a keyword that holds an array of member names.
func (c *compiler) names(n *payload.Node, s *jsonSchema, keyword string, m *payload.Node) []string {
	if m == nil {
		return nil
	}
	if m.Kind != payload.Array {
		c.fail(n, s, keyword, "expected an array of member names, found "+m.Brief())
		return nil
	}
	var all []string
	for item := range m.Children() {
		if item.Kind != payload.String {
			c.fail(n, s, keyword, "expected a member name, found "+item.Brief())
			continue
		}
		all = append(all, item.Value)
	}
	return all
}
