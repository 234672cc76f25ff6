package specs

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/sample"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// ResourceSchema says what the documents of a resource look like. It is what the
// contract says of the thing itself: behaviour.yaml where that has a schema for the
// resource, else the response that shows it.
type ResourceSchema struct {
	// Of says where it comes from: "response 200 of getOrder".
	Of string
	// Media is the XML body that shows the thing; nil where a JSON schema describes it.
	Media *Media

	root    *payload.Node // the JSON schema
	follow  func(*payload.Node) *payload.Node
	within  []string // members that lead to what is described; none: the document itself
	judge   func(*payload.Tree) []schema.Violation
	compile func() error // nil where the schema is one of the document, and compiled with it
}

// ResourceSchema gives the schema of a resource; nil where the contract says nothing
// of its documents.
func (c *Contract) ResourceSchema(resource string) *ResourceSchema { return c.resources[resource] }

// Judge gives every violation of a document, named by JSON Pointers and lines of the
// document.
func (s *ResourceSchema) Judge(doc *payload.Tree) []schema.Violation {
	if doc == nil || doc.Root == nil {
		return []schema.Violation{{Kind: schema.Malformed, Expected: "a JSON document", Actual: "none"}}
	}
	part, above := doc.Root, ""
	for _, name := range s.within {
		above += "/" + payload.EscapePointer(name)
		if part = part.Member(name); part == nil {
			return []schema.Violation{{Path: above, Kind: schema.Missing, Expected: "the thing itself", Actual: "absent", Line: int(doc.Root.Line), Col: int(doc.Root.Col)}}
		}
	}
	found := s.judge(&payload.Tree{Format: payload.JSON, Root: detached(part)})
	for i := range found {
		v := &found[i]
		v.Path = above + v.Path
		v.Line, v.Col = placeOf(doc, v.Path)
	}
	return found
}

// Text is the JSON schema as it is written, its first reference followed; "" where an
// XSD describes the thing.
func (s *ResourceSchema) Text() string {
	if s.root == nil {
		return ""
	}
	n := s.follow(s.root)
	if n == nil {
		n = s.root
	}
	return string((&payload.Tree{Format: payload.JSON, Root: n}).IndentJSON())
}

// Sample makes a document that fits, or what comes nearest to one; nil where nothing
// says what to make it of.
func (s *ResourceSchema) Sample(seed uint64) *payload.Tree {
	if s.root == nil {
		return nil
	}
	wrap := func(t *payload.Tree) *payload.Tree {
		for i := len(s.within) - 1; i >= 0; i-- {
			up := &payload.Node{Kind: payload.Object}
			t.Root.Name = s.within[i]
			up.Append(t.Root)
			t = &payload.Tree{Format: payload.JSON, Root: up}
		}
		return t
	}
	tree, _ := sample.Make(s.root, sample.Options{Seed: seed, Follow: s.follow, Judge: func(t *payload.Tree) []string {
		var paths []string
		for _, v := range schema.Hard(s.judge(t)) {
			paths = append(paths, v.Path)
		}
		return paths
	}})
	if tree == nil || tree.Root == nil {
		return nil
	}
	return wrap(tree)
}

// detached copies a node so that its paths begin with it.
func detached(n *payload.Node) *payload.Node {
	if n.Parent() == nil {
		return n
	}
	return n.Clone()
}

// placeOf finds the line of a path, or of what is around it.
func placeOf(doc *payload.Tree, path string) (line, col int) {
	for {
		if n := doc.At(path); n != nil {
			return int(n.Line), int(n.Col)
		}
		cut := strings.LastIndexByte(path, '/')
		if cut < 0 {
			return 0, 0
		}
		path = path[:cut]
	}
}

// readResources finds the schema of each resource.
func (c *Contract) readResources(ps *problems) {
	if c.Behaviour == nil || c.document == nil || c.schemas == nil {
		return
	}
	c.resources = map[string]*ResourceSchema{}
	for name, r := range c.Behaviour.Resources {
		var s *ResourceSchema
		switch {
		case r == nil:
		case r.Schema.Kind != 0:
			s = c.declaredSchema(name, r, ps)
		case r.described != nil:
			s = c.jsonSchema(r.described, c.document.display(c.document.pointer(r.described)))
			s.within = r.within
		default:
			s = c.shownSchema(name, r)
		}
		if s != nil {
			c.resources[name] = s
		}
	}
}

// shownSchema derives a schema from the operation that shows the thing: one that
// answers with its document, or whose example is what is there from the start.
func (c *Contract) shownSchema(name string, r *Resource) *ResourceSchema {
	for _, op := range c.Operations {
		b := c.Behaviour.Operations[op.ID]
		if b == nil || b.Batch != nil || b.Respond == nil {
			continue
		}
		within, ok := shows(b, name)
		if !ok {
			continue
		}
		if s := c.responseSchema(op, b.Respond.Status, b.Respond.MediaType); s != nil {
			s.within = within
			return s
		}
	}
	for _, seed := range r.Seed {
		operation, example, _ := strings.Cut(seed.Example, "/")
		if e := c.Example(operation, example); e != nil && e.Response != nil {
			if op := c.Operation(operation); op != nil {
				if s := c.responseSchema(op, e.Response.Status, e.Response.MediaType); s != nil {
					return s
				}
			}
		}
	}
	return nil
}

var (
	bodyOf = regexp.MustCompile(`^\$\{\s*(.+?)\.body((?:\.[A-Za-z_]\w*)*)\s*\}$`)
	taken  = regexp.MustCompile(`^(?:get|find)\(\s*(?:'([^']*)'|"([^"]*)")\s*,`)
)

// shows tells whether an operation answers with a document of the resource, as in
// "${order.body}" where order is get('order', …), or with a part of it.
func shows(b *OperationBehaviour, resource string) (within []string, ok bool) {
	m := bodyOf.FindStringSubmatch(b.Respond.Body.Value)
	if m == nil {
		return nil, false
	}
	from := m[1]
	for i := 0; i+1 < len(b.Let.Content); i += 2 {
		if b.Let.Content[i].Value == from && b.Let.Content[i+1].Kind == yaml.ScalarNode {
			from = b.Let.Content[i+1].Value
			break
		}
	}
	at := taken.FindStringSubmatch(strings.TrimSpace(from))
	if at == nil || at[1]+at[2] != resource {
		return nil, false
	}
	if m[2] != "" {
		within = strings.Split(m[2][1:], ".")
	}
	return within, true
}

func (c *Contract) responseSchema(op *Operation, status int, mediaType string) *ResourceSchema {
	r := op.Response(status)
	if r == nil || r.Body == nil || len(r.Body.Media) == 0 {
		return nil
	}
	m := r.Body.For(mediaType)
	if m == nil {
		m = r.Body.Media[0]
	}
	of := fmt.Sprintf("response %s of %s", r.Status, op.ID)
	if at := m.node.Member("schema"); at != nil && m.node.Member("x-xsd") == nil {
		return c.jsonSchema(at, of)
	}
	if m.Format != payload.XML || m.Root == "" {
		return nil
	}
	return &ResourceSchema{Of: of, Media: m, judge: func(t *payload.Tree) []schema.Violation {
		return judgeForm(t.Root, "", m.JudgeTree)
	}}
}

// jsonSchema judges by a schema of the OpenAPI document. What is kept was not sent
// either way: readOnly and writeOnly say nothing about it.
func (c *Contract) jsonSchema(at *payload.Node, of string) *ResourceSchema {
	l := &lazySchema{contract: c, at: at, dir: schema.EitherWay}
	return &ResourceSchema{Of: of, root: at, follow: c.document.follow, judge: func(t *payload.Tree) []schema.Violation {
		v, err := l.get()
		if err != nil {
			return []schema.Violation{notCompiled(err)}
		}
		return c.document.places(v.Validate(t))
	}}
}
