package specs

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// xsdLink is an XML body of a document that was tied to an XSD: where it stands,
// the x-xsd that it has or was given, and the component that says how it stands as
// JSON.
type xsdLink struct {
	pointer string
	xsd     string
	schema  *payload.Node
}

// linkXSDs ties the XML bodies of a bare document to the XSDs in the folder xsd
// beside it: those that name one by x-xsd, and those without a schema whose name
// or operation tells which element they are. Each gets a schema made of the XSD,
// so that the body can be kept and made up like any other.
func (c *Contract) linkXSDs(doc *document) {
	files := xsdNames(c.xsdFolder())
	if len(files) == 0 {
		return
	}
	l := &xsdLinker{c: c, doc: doc, files: files, done: map[*payload.Node]bool{}}
	l.view = &schema.JSONView{Exclusive30: doc.v30, Taken: func(name string) bool {
		return doc.tree.At("/components/schemas/"+payload.EscapePointer(name)) != nil
	}}
	paths := doc.tree.Root.Member("paths")
	if paths == nil {
		return
	}
	for at := range paths.Children() {
		item := doc.follow(at)
		if item == nil {
			continue
		}
		for _, method := range methods() {
			if op := item.Member(method); op != nil {
				l.operation(at.Name, method, op)
			}
		}
	}
	l.addComponents()
}

type xsdLinker struct {
	c     *Contract
	doc   *document
	files []string // "orders.xsd", "types/party.xsd"
	view  *schema.JSONView
	done  map[*payload.Node]bool
	// roots are the global elements by their plain name; nil until one is looked for.
	roots map[string]xsdRoot
}

type xsdRoot struct{ file, name string }

func (l *xsdLinker) operation(at, method string, op *payload.Node) {
	names := namesFor(at, method, text(op, "operationId"))
	if body := op.Member("requestBody"); body != nil {
		l.content(body, names.request)
	}
	responses := op.Member("responses")
	if responses == nil {
		return
	}
	for r := range responses.Children() {
		if strings.HasPrefix(r.Name, "2") {
			l.content(r, names.answer)
		} else {
			l.content(r, names.refusal)
		}
	}
}

// bodyNames are the names that the root element of a body is likely to have, the
// likeliest first.
type bodyNames struct{ request, answer, refusal []string }

func namesFor(at, method, id string) bodyNames {
	many, item := "", strings.HasSuffix(at, "}")
	for _, segment := range strings.Split(at, "/") {
		if segment != "" && !strings.Contains(segment, "{") {
			many = segment
		}
	}
	one := singular(many)
	n := bodyNames{
		request: []string{id + "Request", one + "Request", id, one},
		answer:  []string{id + "Response"},
		refusal: []string{id + "Error", one + "Error", "error", "errorResponse", "errors", "fault", "problem", "exception", "apiError"},
	}
	if method == "get" && !item {
		n.answer = append(n.answer, many, one+"List", "listOf"+many, many+"Response", one+"ListResponse", id)
	} else {
		n.answer = append(n.answer, one+"Response", id, one)
	}
	return n
}

// singular is the word for one of many: "deliveries" → "delivery".
func singular(many string) string {
	switch {
	case strings.HasSuffix(many, "ies"):
		return strings.TrimSuffix(many, "ies") + "y"
	case strings.HasSuffix(many, "sses"), strings.HasSuffix(many, "xes"), strings.HasSuffix(many, "ches"), strings.HasSuffix(many, "shes"):
		return strings.TrimSuffix(many, "es")
	case strings.HasSuffix(many, "s") && !strings.HasSuffix(many, "ss"):
		return strings.TrimSuffix(many, "s")
	}
	return many
}

func (l *xsdLinker) content(n *payload.Node, names []string) {
	if n = l.doc.follow(n); n == nil || n.Member("content") == nil {
		return
	}
	for entry := range n.Member("content").Children() {
		m := l.doc.follow(entry)
		if m == nil || m.Kind != payload.Object || l.done[m] || formatOf(entry.Name) != payload.XML || m.Member("schema") != nil {
			continue
		}
		l.done[m] = true
		l.body(m, names)
	}
}

func (l *xsdLinker) body(m *payload.Node, names []string) {
	found := xsdRoot{}
	if x := m.Member("x-xsd"); x != nil {
		file, root, _ := strings.Cut(x.Value, "#")
		found = xsdRoot{file, root}
	} else if found = l.find(names); found.name == "" {
		return
	}
	x, err := l.c.xsds.get(found.file)
	if err != nil {
		return // told when the body is read
	}
	described := l.view.Of(x, found.name)
	if described == nil {
		return
	}
	link := xsdLink{pointer: l.doc.tree.Path(m), xsd: found.file + "#" + found.name, schema: described}
	if m.Member("x-xsd") == nil {
		m.Append(&payload.Node{Kind: payload.String, Name: "x-xsd", Value: link.xsd, Line: m.Line, Col: m.Col})
	}
	described.Name = "schema"
	m.Append(described)
	l.c.xsdLinks = append(l.c.xsdLinks, link)
}

func (l *xsdLinker) find(names []string) xsdRoot {
	if l.roots == nil {
		l.roots = map[string]xsdRoot{}
		for _, x := range compileXSDs(l.files, l.c.xsds.get) {
			if x.part || x.err != nil {
				continue // a part of another file, or never asked for
			}
			for _, root := range x.xsd.Roots() {
				if _, known := l.roots[plainName(root)]; !known {
					l.roots[plainName(root)] = xsdRoot{x.name, root}
				}
			}
		}
	}
	for _, name := range names {
		if root, ok := l.roots[plainName(name)]; ok && name != "" {
			return root
		}
	}
	return xsdRoot{}
}

// plainName is a name without what writers spell differently.
func plainName(name string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(name))
}

// addComponents puts the schemas that were made where the document has its own.
func (l *xsdLinker) addComponents() {
	if len(l.view.Components) == 0 {
		return
	}
	at := l.doc.tree.Root
	for _, name := range []string{"components", "schemas"} {
		next := at.Member(name)
		if next == nil {
			next = at.Append(&payload.Node{Kind: payload.Object, Name: name})
		}
		at = next
	}
	for _, component := range l.view.Components {
		at.Append(component)
	}
	l.c.xsdViews = l.view.Components
}

// withXSDLinks writes what linkXSDs found into the source of the document: each
// body names its XSD and the schema that was made of it.
func (c *Contract) withXSDLinks(source []byte) ([]byte, error) {
	if len(c.xsdLinks) == 0 {
		return source, nil
	}
	root, found := yamlfile.ParseCommented(c.document.main, source)
	if root == nil {
		return nil, &LoadError{Contract: c.document.main, Problems: found}
	}
	for _, link := range c.xsdLinks {
		at := yamlAt(root, link.pointer)
		if at == nil || at.Kind != yaml.MappingNode {
			continue
		}
		at.Style = 0
		setFirst(at, "x-xsd", link.xsd)
		put(at, "schema", plainYAML(link.schema))
	}
	at := root
	if len(c.xsdViews) > 0 {
		at = yamlBelow(yamlBelow(root, "components"), "schemas")
	}
	for i, component := range c.xsdViews {
		put(at, component.Name, plainYAML(component))
		if i == 0 {
			at.Content[len(at.Content)-2].HeadComment = "# Made of the XSDs: how their XML reads as JSON, which is what behaviour.yaml sees.\n# The XSDs judge; these do not. LOOK at them after a change of an XSD."
		}
	}
	return encodeYAML(root)
}

// yamlBelow is the mapping at a key, made if it is not there.
func yamlBelow(m *yaml.Node, key string) *yaml.Node {
	if at := yamlAt(m, "/"+key); at != nil {
		at.Style = 0
		return at
	}
	made := yamlMap()
	put(m, key, made)
	return made
}
