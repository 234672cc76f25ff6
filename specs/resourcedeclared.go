package specs

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// elementPlace is a member that holds an XML element in its JSON form, described by
// an element somewhere in an XSD: x-xsd: orderImport.xsd#orderImportRequest/orders/order.
type elementPlace struct {
	at   string // JSON Pointer of the member
	way  []string
	of   func() (*schema.XMLValidator, error)
	line int
}

// declaredSchema reads the schema that behaviour.yaml has for a resource. It may
// refer to openapi.yaml#/components/schemas/….
func (c *Contract) declaredSchema(name string, r *Resource, ps *problems) *ResourceSchema {
	tree, found := yamlfile.Tree(c.Behaviour.File, &r.Schema)
	ps.all = append(ps.all, found...)
	s := &ResourceSchema{Of: c.Behaviour.File, root: tree.Root, follow: c.followOut(tree)}
	places, problems := c.elementPlaces(tree.Root, "")
	for _, p := range problems {
		ps.add(c.Behaviour.File, p.Line, p.Col, p.Hint, "resource %s: %s", name, p.What)
	}
	compiled := sync.OnceValues(func() (*schema.JSONValidator, error) {
		schemas, err := schema.NewJSONSchemas(tree, schema.JSONOptions{URI: "/" + c.Behaviour.File, ReportUnknown: true,
			Documents: map[string]*payload.Tree{"/" + c.document.main: c.document.tree}})
		if err != nil {
			return nil, err
		}
		return schemas.At("#", schema.EitherWay)
	})
	s.compile = func() error {
		_, err := compiled()
		for _, p := range places {
			if _, missing := p.of(); missing != nil {
				err = errors.Join(err, fmt.Errorf("line %d: x-xsd: %w", p.line, missing))
			}
		}
		return err
	}
	s.judge = func(t *payload.Tree) []schema.Violation {
		v, err := compiled()
		if err != nil {
			return []schema.Violation{notCompiled(err)}
		}
		all := v.Validate(t)
		for i := range all {
			at := strings.TrimPrefix(all[i].Schema, "/")
			if strings.HasPrefix(at, "#") {
				at = c.Behaviour.File + at
			}
			all[i].Schema = at
		}
		for _, p := range places {
			if n := t.At(p.at); n != nil && n.Kind != payload.Array && n.Kind != payload.Null {
				all = append(all, p.judge(n)...)
			}
		}
		return all
	}
	return s
}

// followOut follows the references of a schema beside the document, into it.
func (c *Contract) followOut(own *payload.Tree) func(*payload.Node) *payload.Node {
	return func(n *payload.Node) *payload.Node {
		ref := n.Member("$ref")
		if ref == nil {
			return n
		}
		if rest, ok := strings.CutPrefix(ref.Value, c.document.main+"#"); ok {
			if to := c.document.tree.At(rest); to != nil {
				return c.document.follow(to)
			}
			return nil
		}
		if rest, ok := strings.CutPrefix(ref.Value, "#"); ok {
			if to := own.At(rest); to != nil {
				return to
			}
		}
		return c.document.follow(n) // a reference inside what was followed
	}
}

// elementPlaces finds the x-xsd of a schema and of its properties.
func (c *Contract) elementPlaces(n *payload.Node, at string) (places []elementPlace, problems []Problem) {
	if n == nil || n.Kind != payload.Object {
		return nil, nil
	}
	if x := n.Member("x-xsd"); x != nil {
		file, way, ok := strings.Cut(x.Value, "#")
		if !ok || file == "" || way == "" {
			problems = append(problems, Problem{Line: int(x.Line), Col: int(x.Col), Hint: `write "file.xsd#root/child/element"`, What: fmt.Sprintf("x-xsd %q names no element", x.Value)})
		} else {
			steps := strings.Split(way, "/")
			places = append(places, elementPlace{at: at, way: steps, line: int(x.Line), of: func() (*schema.XMLValidator, error) {
				xsd, err := c.xsds.get(file)
				if err != nil {
					return nil, err
				}
				return xsd.ForRoot(steps[0])
			}})
		}
	}
	if properties := n.Member("properties"); properties != nil {
		for p := range properties.Children() {
			more, wrong := c.elementPlaces(p, at+"/"+payload.EscapePointer(p.Name))
			places, problems = append(places, more...), append(problems, wrong...)
		}
	}
	return places, problems
}

// judge writes the member as an element in the place that the XSD has for it, and
// keeps what is wrong below that place.
func (p *elementPlace) judge(value *payload.Node) []schema.Violation {
	v, err := p.of()
	if err != nil {
		return []schema.Violation{notCompiled(err)}
	}
	below := "/" + strings.Join(p.way, "/")
	held := value.Clone()
	for i := len(p.way) - 1; ; i-- {
		held.Name = p.way[i]
		up := &payload.Node{Kind: payload.Object}
		up.Append(held)
		held = up
		if i == 0 {
			break
		}
	}
	doc := held
	var kept []schema.Violation
	for _, one := range judgeForm(doc, p.at, v.Validate) {
		rest, ok := strings.CutPrefix(one.Path[len(p.at):], below)
		if ok && (rest == "" || rest[0] == '/') {
			one.Path = p.at + rest
			kept = append(kept, one)
		}
	}
	return kept
}

// judgeForm judges the JSON form of an XML body, an object with one member, by the
// schema of the body, and names what is wrong by JSON Pointers below a place.
func judgeForm(form *payload.Node, at string, validate func(*payload.Tree) []schema.Violation) []schema.Violation {
	if form.Kind != payload.Object || form.Len() != 1 || form.First().Kind == payload.Array {
		return []schema.Violation{{Path: at, Kind: schema.Type, Expected: "an object with one member, the root element", Actual: form.Kind.String()}}
	}
	if wrong := notNames(form, at); len(wrong) > 0 {
		return wrong
	}
	root := form.First()
	b := payload.NewBuilder(64)
	e := b.NewNode(payload.Element, root.Name, "")
	payload.FillElement(e, root, b)
	found := validate(&payload.Tree{Format: payload.XML, Root: e})
	for i := range found {
		found[i].Path = at + payload.FormPointer(form, found[i].Path)
	}
	return found
}

var elementName = regexp.MustCompile(`^(@?[\pL_][\pL\pN._:-]*|#text)$`)

// notNames finds members that no XML can have.
func notNames(n *payload.Node, at string) []schema.Violation {
	var found []schema.Violation
	i := 0
	for c := range n.Children() {
		below := fmt.Sprintf("%s/%d", at, i)
		if n.Kind == payload.Object {
			below = at + "/" + payload.EscapePointer(c.Name)
			if !elementName.MatchString(c.Name) {
				found = append(found, schema.Violation{Path: below, Kind: schema.Unexpected, Expected: "the name of an element, @attribute or #text", Actual: clip(c.Name)})
				continue
			}
		}
		found = append(found, notNames(c, below)...)
		i++
	}
	return found
}
