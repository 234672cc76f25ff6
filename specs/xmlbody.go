package specs

import (
	"strings"
	"sync"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// xsdMedia judges by a root element of an XSD: x-xsd: "file.xsd#element". A schema
// beside it says how the body stands as JSON; see viewedAsJSON.
func (r *reader) xsdMedia(op *Operation, m *Media, xsd, at *payload.Node, dir schema.Direction) {
	file, root, ok := strings.Cut(xsd.Value, "#")
	m.Format, m.Root, m.Schema = payload.XML, root, xsd.Value
	if !ok || root == "" || file == "" {
		r.ps.at(r.doc, xsd, `write "file.xsd#element"`, "operation %s: x-xsd %q names no root element", op.ID, xsd.Value)
	}
	compiled := sync.OnceValues(func() (*schema.XMLValidator, error) {
		x, err := r.xsds.get(file)
		if err != nil {
			return nil, err
		}
		v, err := x.ForRoot(root)
		if err == nil && m.dir == schema.Response && r.c.UnknownElements == "" {
			v = v.Strict()
		}
		return v, err
	})
	m.compile = func() error { _, err := compiled(); return err }
	m.inferred = func(path string) bool {
		v, err := compiled()
		return err == nil && v.Inferred(path)
	}
	m.judge = func(body []byte, charset string) (*payload.Tree, []schema.Violation) {
		v, err := compiled()
		if err != nil {
			return nil, []schema.Violation{notCompiled(err)}
		}
		judge := v.Judge
		if m.dir == schema.Response {
			judge = v.JudgeAny
		}
		t, found, err := judge(body, charset)
		if err != nil {
			return nil, []schema.Violation{schema.MalformedViolation(err)}
		}
		return t, found
	}
	m.tree = func(t *payload.Tree) []schema.Violation {
		v, err := compiled()
		if err != nil {
			return []schema.Violation{notCompiled(err)}
		}
		return v.Validate(t)
	}
	m.namespaced = func(t *payload.Tree) *payload.Tree {
		if v, err := compiled(); err == nil {
			return v.InNamespace(t)
		}
		return t
	}
	if at != nil && ok {
		m.Schema = xsd.Value
		r.viewedAsJSON(m, compiled, at, dir)
	}
}

// viewedAsJSON lets a body that an XSD judges stand as the JSON that a schema
// describes: rules and the state see that, and values are made by it. What is
// written as XML again has its children in the order of the XSD.
func (r *reader) viewedAsJSON(m *Media, xsd func() (*schema.XMLValidator, error), at *payload.Node, dir schema.Direction) {
	view := r.lazy(at, dir)
	byXSD, compile := m.tree, m.compile
	m.compile = func() error {
		if err := compile(); err != nil {
			return err
		}
		_, err := view()
		return err
	}
	m.jsonValidator = view
	root := m.Root
	m.shape = sync.OnceValue(func() *xmlShape {
		shapes := newXMLShapes(r.doc)
		shapes.nilled = true
		return &xmlShape{name: root, xmlRules: shapes.root(at).xmlRules}
	})
	m.arrange = func(t *payload.Tree) {
		if v, err := xsd(); err == nil {
			v.Arrange(t)
		}
	}
	m.refers = func() bool {
		v, err := xsd()
		return err == nil && v.Refers()
	}
	m.refer = func(t *payload.Tree) {
		if v, err := xsd(); err == nil {
			v.Refer(t)
		}
	}
	m.tree = func(t *payload.Tree) []schema.Violation {
		if t == nil || t.Format != payload.JSON {
			return byXSD(t)
		}
		v, err := view()
		if err != nil {
			return []schema.Violation{notCompiled(err)}
		}
		return r.doc.places(v.Validate(t))
	}
}

// xmlMedia judges XML by a JSON schema with "xml" objects: the XML is read as the
// JSON that the schema describes, and what is found is told by XPath.
func (r *reader) xmlMedia(m *Media, at *payload.Node, dir schema.Direction) {
	parse := func(body []byte, charset string) (*payload.Tree, []schema.Violation) {
		t, err := xmlsafe.Parse(body, charset, xmlsafe.Limits{})
		if err != nil {
			return nil, []schema.Violation{schema.MalformedViolation(err)}
		}
		return t, nil
	}
	if at == nil {
		m.judge, m.tree = parse, judgeNothing
		return
	}
	compiled := r.lazy(at, dir)
	shape := sync.OnceValue(func() *xmlShape { return newXMLShapes(r.doc).root(at) })
	m.jsonValidator = compiled
	m.shape = shape
	m.Root = shape().name
	m.tree = func(t *payload.Tree) []schema.Violation {
		validator, err := compiled()
		if err != nil {
			return []schema.Violation{notCompiled(err)}
		}
		if t != nil && t.Format == payload.JSON {
			return r.doc.places(validator.Validate(t))
		}
		return r.doc.places(judgeMapped(t, shape(), validator))
	}
	m.judge = func(body []byte, charset string) (*payload.Tree, []schema.Violation) {
		t, malformed := parse(body, charset)
		if malformed != nil {
			return nil, malformed
		}
		return t, m.tree(t)
	}
}
