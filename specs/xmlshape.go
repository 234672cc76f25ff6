package specs

import (
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/sample"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// xmlShape is a schema as it is written in XML at one place: its name there, and
// what it says by itself.
type xmlShape struct {
	name string // of the element or attribute; "" for items that have no name of their own
	*xmlRules
}

// xmlRules are what the "xml" object of a schema says: element or attribute,
// wrapped lists. They are shared by all places that refer to the schema, so that
// a schema may contain itself.
type xmlRules struct {
	declared  string
	space     *string // its namespace, where the name alone does not tell it
	byXSD     bool    // an XSD is behind it, so that the tree may hold what nothing here describes
	attribute bool
	wrapped   bool
	textual   bool // the text of the element that the member stands in
	nilled    bool // null is an element with xsi:nil
	types     *valueShape
	items     *xmlShape
	members   []*xmlMember
}

type xmlMember struct {
	name     string // of the JSON member
	required bool
	shape    *xmlShape
}

// xmlShapes reads the rules of each schema of a document once.
type xmlShapes struct {
	doc *document
	// nilled tells that an XSD is behind it: null is written as xsi:nil.
	nilled bool
	done   map[*payload.Node]*xmlRules
}

func newXMLShapes(doc *document) *xmlShapes {
	return &xmlShapes{doc: doc, done: map[*payload.Node]*xmlRules{}}
}

// root reads the shape of a whole body: a root element without a name of its own
// is named after its component.
func (x *xmlShapes) root(at *payload.Node) *xmlShape {
	fallback := ""
	if ref := at.Member("$ref"); ref != nil {
		fallback = payload.UnescapePointer(ref.Value[strings.LastIndexByte(ref.Value, '/')+1:])
	}
	return x.of(at, fallback)
}

// of reads the shape at a node; fallback is the name where the schema gives none.
func (x *xmlShapes) of(at *payload.Node, fallback string) *xmlShape {
	if at = x.doc.follow(at); at == nil {
		return &xmlShape{name: fallback, xmlRules: &xmlRules{types: &valueShape{}}}
	}
	rules := x.done[at]
	if rules == nil {
		rules = &xmlRules{types: x.doc.shape(at, 0)}
		rules.nilled, rules.byXSD = x.nilled && rules.types.null, x.nilled
		x.done[at] = rules
		x.fill(rules, at, visited{})
	}
	if rules.declared != "" {
		fallback = rules.declared
	}
	return &xmlShape{name: fallback, xmlRules: rules}
}

func (x *xmlShapes) fill(s *xmlRules, at *payload.Node, seen visited) {
	if !seen.first(at) {
		return
	}
	if xml := at.Member("xml"); xml != nil {
		s.declared = text(xml, "name")
		// OpenAPI 3.2 says nodeType where 3.0 and 3.1 have attribute.
		s.attribute = text(xml, "attribute") == "true" || text(xml, "nodeType") == "attribute"
		s.textual = text(xml, "nodeType") == "text"
		s.wrapped = text(xml, "wrapped") == "true"
		if space := xml.Member("namespace"); space != nil && x.nilled {
			s.space = &space.Value
		}
	}
	if items := at.Member("items"); items != nil {
		s.items = x.of(items, "")
	}
	if properties := at.Member("properties"); properties != nil {
		for p := range properties.Children() {
			s.members = append(s.members, &xmlMember{name: p.Name, shape: x.of(p, p.Name)})
		}
	}
	if required := at.Member("required"); required != nil {
		for name := range required.Children() {
			for _, m := range s.members {
				m.required = m.required || m.name == name.Value
			}
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if list := at.Member(keyword); list != nil {
			for one := range list.Children() {
				if part := x.doc.follow(one); part != nil {
					x.fill(s, part, seen)
				}
			}
		}
	}
	if made := at.Member(sample.MadeKeyword); made != nil && x.nilled {
		x.fillMade(s, made)
	}
}

// fillMade reads the members that only values which are made up are sure to have.
func (x *xmlShapes) fillMade(s *xmlRules, at *payload.Node) {
	if properties := at.Member("properties"); properties != nil {
		for p := range properties.Children() {
			s.members = append(s.members, &xmlMember{name: p.Name, shape: x.of(p, p.Name)})
		}
	}
	for _, keyword := range []string{"allOf", "anyOf"} {
		if list := at.Member(keyword); list != nil {
			for one := range list.Children() {
				x.fillMade(s, one)
			}
		}
	}
}

// xmlMapping makes the JSON of an XML body and remembers where each value was.
type xmlMapping struct {
	tree *payload.Tree
	from map[*payload.Node]mapped
}

type mapped struct {
	path  string
	shape *xmlShape
	node  *payload.Node
}

// judgeMapped reads XML as the JSON that the shape describes, judges that, and
// names each finding by its place in the XML.
func judgeMapped(t *payload.Tree, shape *xmlShape, validator schema.Validator) []schema.Violation {
	if t == nil || t.Root == nil {
		return []schema.Violation{{Kind: schema.Malformed, Expected: "an XML body", Actual: "no body"}}
	}
	if shape.name != "" && t.Root.Name != shape.name {
		return []schema.Violation{{Path: "/" + t.Root.Name, Kind: schema.Value, Expected: "root element " + shape.name,
			Actual: "root element " + clip(t.Root.Name), Line: int(t.Root.Line), Col: int(t.Root.Col)}}
	}
	m := &xmlMapping{tree: t, from: map[*payload.Node]mapped{}}
	asJSON := &payload.Tree{Format: payload.JSON, Root: m.value([]*payload.Node{t.Root}, shape, true)}
	found := validator.Validate(asJSON)
	for i := range found {
		m.relocate(asJSON, &found[i])
	}
	return found
}

// value maps the elements of one member; there is more than one for a list only.
func (m *xmlMapping) value(nodes []*payload.Node, s *xmlShape, root bool) *payload.Node {
	n := nodes[0]
	var made *payload.Node
	switch {
	case s.types.array:
		made = &payload.Node{Kind: payload.Array}
		items := nodes
		if s.wrapped || root {
			items = nil
			for c := range n.Children() {
				if c.Kind == payload.Element {
					items = append(items, c)
				}
			}
		}
		for _, item := range items {
			if s.items == nil {
				made.Append(&payload.Node{Kind: payload.String, Value: item.Value})
				continue
			}
			made.Append(m.value([]*payload.Node{item}, s.items, false))
		}
	case s.nilled && isNil(n):
		made = &payload.Node{Kind: payload.Null, Value: "null"}
	case s.types.object || len(s.members) > 0 || content(n) != nil && !s.types.text:
		made = m.object(n, s)
	default:
		made = s.types.scalar(strings.TrimSpace(n.Value))
		if made.Kind == payload.String {
			made.Value = n.Value
		}
	}
	if len(nodes) > 1 && s.byXSD && !s.types.array {
		return m.several(made, nodes, s)
	}
	made.Line, made.Col = n.Line, n.Col
	m.from[made] = mapped{path: m.tree.Path(n), shape: s, node: n}
	return made
}

// several keeps what the schema describes once and an XSD lets be there again.
func (m *xmlMapping) several(first *payload.Node, nodes []*payload.Node, s *xmlShape) *payload.Node {
	list := &payload.Node{Kind: payload.Array, Line: nodes[0].Line, Col: nodes[0].Col}
	list.Append(first)
	for _, n := range nodes[1:] {
		list.Append(m.value([]*payload.Node{n}, s, false))
	}
	return list
}

// content is the first attribute or element in an element; its namespace is none of it.
func content(n *payload.Node) *payload.Node {
	for c := range n.Children() {
		if c.Kind != payload.Attribute || c.Name != payload.SpaceAttr {
			return c
		}
	}
	return nil
}

// is tells whether an element or attribute is the one that a member stands for.
func (m *xmlMember) is(c *payload.Node) bool {
	if (c.Kind == payload.Attribute) != m.shape.attribute || c.Name != m.elementName() {
		return false
	}
	said := c.Attr(payload.SpaceAttr)
	if m.shape.space == nil || said == nil {
		return (m.shape.space == nil) == (said == nil)
	}
	return said.Value == *m.shape.space
}

func isNil(n *payload.Node) bool {
	a := n.Attr("xsi:nil")
	return a != nil && (a.Value == "true" || a.Value == "1")
}

func (m *xmlMapping) object(n *payload.Node, s *xmlShape) *payload.Node {
	made := &payload.Node{Kind: payload.Object}
	taken := map[*payload.Node]bool{}
	for _, member := range s.members {
		if made.Member(member.name) != nil {
			continue
		}
		if member.shape.textual {
			value := member.shape.types.scalar(strings.TrimSpace(n.Value))
			value.Name, value.Line, value.Col = member.name, n.Line, n.Col
			made.Append(value)
			m.from[value] = mapped{path: m.tree.Path(n), shape: member.shape, node: n}
			continue
		}
		var found []*payload.Node
		for c := range n.Children() {
			if !taken[c] && member.is(c) {
				found = append(found, c)
				taken[c] = true
			}
		}
		if len(found) == 0 {
			if s := member.shape; member.required && s.types.array && !s.wrapped {
				// Without an element around it, this is how an empty list is written.
				made.Append(&payload.Node{Kind: payload.Array, Name: member.name, Line: n.Line, Col: n.Col})
			}
			continue
		}
		child := m.value(found, member.shape, false)
		child.Name = member.name
		made.Append(child)
		if len(found) > 1 && !member.shape.types.array {
			m.from[child] = mapped{path: m.tree.Path(found[1]), shape: member.shape, node: found[1]}
		}
	}
	m.extras(n, s, made, taken)
	if s.byXSD {
		noteOrder(n, s, made)
	}
	return made
}

// extras adds what the schema does not describe. An XSD may allow it (xs:any), so that
// nothing of it is lost there: attributes are called @name, the text beside them #text,
// elements of a namespace of their own {namespace}name.
func (m *xmlMapping) extras(n *payload.Node, s *xmlShape, made *payload.Node, taken map[*payload.Node]bool) {
	plain := func(c *payload.Node) *xmlShape {
		return &xmlShape{xmlRules: &xmlRules{types: &valueShape{text: content(c) == nil}, byXSD: s.byXSD}}
	}
	for c := range n.Children() {
		name := c.Name
		if taken[c] || name == payload.SpaceAttr && c.Kind == payload.Attribute && s.byXSD {
			continue
		}
		if s.byXSD {
			name = extraName(c)
		}
		have := made.Member(name)
		if have != nil && !s.byXSD {
			continue
		}
		extra := m.value([]*payload.Node{c}, plain(c), false)
		switch {
		case have == nil:
			extra.Name = name
			made.Append(extra)
		case have.Kind != payload.Array:
			list := &payload.Node{Kind: payload.Array}
			have.Replace(list)
			have.Name = ""
			list.Append(have)
			list.Append(extra)
		default:
			have.Append(extra)
		}
	}
	if s.byXSD && strings.TrimSpace(n.Value) != "" && made.Member(schema.TextMember) == nil {
		made.Append(&payload.Node{Kind: payload.String, Name: schema.TextMember, Value: n.Value})
	}
}

// extraName names what no schema describes.
func extraName(c *payload.Node) string {
	switch said := c.Attr(payload.SpaceAttr); {
	case c.Kind == payload.Attribute && !strings.HasPrefix(c.Name, "xsi:"):
		return "@" + c.Name
	case said != nil:
		return "{" + said.Value + "}" + c.Name
	}
	return c.Name
}

// elementName is what the member is called in XML. Items of a list that is not
// wrapped stand directly in the parent, under the name of the items if they have
// one, else under that of the list.
func (m *xmlMember) elementName() string {
	if s := m.shape; s.types.array && !s.wrapped && s.items != nil && s.items.name != "" {
		return s.items.name
	}
	return m.shape.name
}

// relocate turns the JSON Pointer of a finding into the XPath of its element.
func (m *xmlMapping) relocate(asJSON *payload.Tree, v *schema.Violation) {
	if n := asJSON.At(v.Path); n != nil {
		if at, ok := m.from[n]; ok {
			v.Path = at.path
		}
		return
	}
	cut := strings.LastIndexByte(v.Path, '/')
	if cut < 0 {
		return
	}
	parent := asJSON.At(v.Path[:cut])
	at, ok := m.from[parent]
	if parent == nil || !ok {
		return
	}
	name := payload.UnescapePointer(v.Path[cut+1:])
	for _, member := range at.shape.members {
		if member.name == name {
			name = member.elementName()
			if member.shape.attribute {
				name = "@" + name
			}
			break
		}
	}
	if parent.Kind == payload.Array {
		if i, err := strconv.Atoi(name); err == nil && at.shape.items != nil {
			name = at.shape.items.name + "[" + strconv.Itoa(i+1) + "]"
		}
	}
	v.Path = at.path + "/" + name
}

// namespaces tells which schemas give their XML a namespace: elements are compared
// by their local names. It looks only where a body is such XML.
func (r *reader) namespaces() {
	for _, op := range r.c.Operations {
		bodies := []*Body{op.RequestBody}
		for _, one := range op.Responses {
			bodies = append(bodies, one.Body)
		}
		for _, b := range bodies {
			for _, m := range b.media() {
				if m.Mapped() {
					r.eachNamespace(r.doc.tree.Root)
					return
				}
			}
		}
	}
}

func (r *reader) eachNamespace(n *payload.Node) {
	for c := range n.Children() {
		if c.Kind != payload.Object && c.Kind != payload.Array {
			continue
		}
		if space := c.Member("namespace"); c.Name == "xml" && c.Kind == payload.Object && space != nil && space.Kind == payload.String {
			r.warn(space, "the namespace %s is not heeded: elements are compared by their local names", quoted(space.Value))
		}
		r.eachNamespace(c)
	}
}
