package specs

import (
	"errors"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// fromDocument takes the operations and the routes from an OpenAPI document.
func (c *Contract) fromDocument(doc *document, ps *problems) {
	if c.xsds == nil {
		c.xsds = &xsdSet{read: c.readXSD}
	}
	r := &reader{doc: doc, ps: ps, c: c, xsds: c.xsds, follow: doc.follow}
	schemas, err := schema.NewJSONSchemas(doc.tree, schema.JSONOptions{Dialect: doc.dialect(), ReportUnknown: true, TolerateBroken: c.asFound(), Rooted: true})
	if err != nil {
		ps.add(doc.main, 0, 0, "", "the schemas of the document cannot be read: %v", err)
		return
	}
	r.schemas, c.schemas = schemas, schemas
	if doc.after != nil {
		r.warn(doc.after, "OpenAPI %s is read as 3.1: what is new in it is not heeded", doc.after.Value)
	}
	for _, note := range doc.notes.all {
		c.Warnings = append(c.Warnings, note.String())
	}
	info := doc.tree.Root.Member("info")
	base := r.documentBase()
	if c.Bare {
		c.BasePath = base
		if info != nil {
			c.Title, c.Version, c.Summary = text(info, "title"), text(info, "version"), text(info, "description")
		}
		if servers := doc.tree.Root.Member("servers"); servers != nil {
			for s := range servers.Children() {
				c.Servers = append(c.Servers, Server{URL: r.serverURL(s), Role: text(s, "description")})
			}
		}
	} else if base != c.BasePath && c.BasePath != "" {
		ps.at(doc, doc.tree.Root.Member("servers"), "make them the same", "the path of the first server is %q, and base-path in contract.yaml is %q", base, c.BasePath)
	}
	r.readDialect()
	r.told = map[string]*toldOnce{}
	c.document = doc
	c.Operations = r.operations()
	r.objects()
	if c.Bare {
		r.namespaces()
	}
	c.byID = make(map[string]*Operation, len(c.Operations))
	for _, op := range c.Operations {
		c.byID[op.ID] = op
	}
	c.routes = newRouter(c.BasePath, c.Operations, func(a, b *Operation) {
		b.shadowed = a
		r.tolerate(b.node, "no request can tell them apart, so the first is served", "operations %s and %s stand at the same method and path", a.ID, b.ID)
	})
}

// index fills the look-ups that are read on every request.
func (c *Contract) index() {
	c.mediaTypes()
	c.byID = make(map[string]*Operation, len(c.Operations))
	for _, op := range c.Operations {
		c.byID[op.ID] = op
	}
	c.indexOutcomes()
	for _, op := range c.Operations {
		op.examples = nil
	}
	for _, e := range c.Examples {
		if op := c.byID[e.Operation]; op != nil {
			op.examples = append(op.examples, e)
		}
	}
}

// Compile compiles every schema now, and gives what cannot be compiled. Without
// it each is compiled on first use.
func (c *Contract) Compile() []Problem {
	ps := &problems{}
	told := map[string]bool{}
	say := func(op *Operation, where string, err error) {
		for _, one := range eachError(err) {
			if text := one.Error(); !told[text] {
				told[text] = true
				ps.all = append(ps.all, c.compileProblem(op, where, one))
			}
		}
	}
	judged := func(op *Operation) {
		for _, p := range op.Params {
			say(op, p.In+" parameter "+p.Name, p.compile())
		}
		for _, m := range op.RequestBody.media() {
			say(op, "request body "+m.Type, m.compiles())
		}
		for _, r := range op.Responses {
			for _, p := range r.Header {
				say(op, "response "+r.Status+" header "+p.Name, p.compile())
			}
			for _, m := range r.Body.media() {
				say(op, "response "+r.Status+" body "+m.Type, m.compiles())
			}
		}
	}
	for _, op := range c.Operations {
		judged(op)
		for _, sent := range op.Callbacks {
			judged(sent.Request)
		}
	}
	for _, sent := range c.Webhooks {
		judged(sent.Request)
	}
	for _, name := range slices.Sorted(maps.Keys(c.resources)) {
		if s := c.resources[name]; s.compile != nil {
			for _, one := range eachError(s.compile()) {
				p := Problem{File: c.Behaviour.File, What: "the schema of resource " + name + ": " + one.Error()}
				var broken *schema.CompileError
				if errors.As(one, &broken) {
					p.Line, p.What = broken.Line, "the schema of resource "+name+": "+broken.Keyword+": "+broken.What
				}
				ps.all = append(ps.all, p)
			}
		}
	}
	return ps.all
}

// eachError takes a joined error apart.
func eachError(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// compileProblem gives the place in the document where a schema is wrong.
func (c *Contract) compileProblem(op *Operation, where string, err error) Problem {
	var broken *schema.CompileError
	if !errors.As(err, &broken) {
		return Problem{File: c.documentName(), Line: op.Line, What: "operation " + op.ID + ": " + where + ": " + err.Error()}
	}
	p := Problem{File: c.documentName(), Line: broken.Line, What: "schema " + broken.Pointer + ": " + broken.Keyword + ": " + broken.What}
	if c.document != nil {
		p.What = "schema " + c.document.display(broken.Pointer) + ": " + broken.Keyword + ": " + broken.What
		if n := c.document.tree.At(strings.TrimPrefix(broken.Pointer, "#")); n != nil {
			p.File, p.Line, p.Col = c.document.place(n)
			if k := n.Member(broken.Keyword); k != nil {
				p.File, p.Line, p.Col = c.document.place(k)
			}
		}
	}
	return p
}

func (b *Body) media() []*Media {
	if b == nil {
		return nil
	}
	return b.Media
}

func (c *Contract) documentName() string {
	if c.document == nil {
		return "openapi.yaml"
	}
	return c.document.main
}

// check tells what the files of a bundle say about each other that cannot be:
// without these things the bundle could not be used. The rest is for lint.
func (b *bundle) check(file *contractFile) {
	c, ps := b.c, b.ps
	if file.Name == "" {
		ps.add("contract.yaml", 1, 1, "it is what the command line calls the contract", "name is missing")
	}
	if strings.ContainsAny(file.Name, "/\\ \t\r\n?#%*\"'<>:") {
		ps.add("contract.yaml", 1, 1, "use letters, digits, '.', '-' and '_'", "the name %q holds a character that addresses and file names do not", file.Name)
	}
	if file.BasePath != "" && !strings.HasPrefix(file.BasePath, "/") {
		ps.add("contract.yaml", 1, 1, "write /"+file.BasePath, "base-path %q must begin with '/'", file.BasePath)
	}
	for _, s := range c.Auth.Schemes {
		if !contains(AuthTypes(), s.Type) {
			ps.add("contract.yaml", s.Line, s.Col, "use "+strings.Join(AuthTypes(), ", "), "auth scheme %q has the unknown type %q", s.ID, s.Type)
		}
	}
	if c.document != nil && c.document.tree != nil {
		checkBasis(ps, c.document, c.document.tree.Root)
	}
	ids := c.operationIDs()
	c.checkOutcomes(ps, ids)
	c.checkBehaviour(ps, ids)
	seen := map[string]bool{}
	for _, e := range c.Examples {
		if !contains(ids, e.Operation) && !seen[e.Operation] && len(ids) > 0 {
			seen[e.Operation] = true
			ps.add("examples/"+e.Operation, 0, 0, didYouMean(e.Operation, ids), "there is no operation %q", e.Operation)
		}
	}
}

// checkBasis refuses an x-basis that is none: what it marks would count as documented.
func checkBasis(ps *problems, d *document, n *payload.Node) {
	if n == nil {
		return
	}
	for child := range n.Children() {
		if basis := child.Name; (basis == "x-basis" || basis == "x-required-basis") && n.Kind == payload.Object && child.Kind == payload.String && !known(Basis(child.Value)) {
			ps.at(d, child, "use documented, corrected, inferred or made-up", "%s %q is not known", basis, child.Value)
		}
		checkBasis(ps, d, child)
	}
}

// AuthTypes lists the ways to send credentials that are known.
func AuthTypes() []string { return []string{"basic", "bearer", "body", "header", "query", "cookie"} }

func (c *Contract) operationIDs() []string {
	ids := make([]string, 0, len(c.Operations))
	for _, op := range c.Operations {
		ids = append(ids, op.ID)
	}
	return ids
}

func (c *Contract) checkOperations(ps *problems, file string, line, col int, ids, named []string) {
	for _, id := range named {
		if id != "*" && !contains(ids, id) && len(ids) > 0 {
			ps.add(file, line, col, didYouMean(id, ids), "there is no operation %q", id)
		}
	}
}

// httpCode is a status, or what an OpenAPI document may write for several.
var httpCode = regexp.MustCompile(`^([1-5]([0-9]{2}|XX)|default)$`)

func (c *Contract) checkOutcomes(ps *problems, ids []string) {
	const file = "errors.yaml"
	for _, o := range c.Outcomes {
		if o.Layer != LayerHTTP && o.Layer != LayerGlobal && o.Layer != LayerItem {
			ps.add(file, o.Line, o.Col, "use http, global or item", "outcome %q has the unknown layer %q", o.Code, o.Layer)
		}
		if o.Layer == LayerHTTP && o.Code != "" && !httpCode.MatchString(o.Code) {
			ps.add(file, o.Line, o.Col, "such as \"409\"", "outcome %q of the layer http is no status from 100 to 599", o.Code)
		}
		if o.Code == "" {
			ps.add(file, o.Line, o.Col, "write code: \"409\"", "an outcome has no code")
		}
		if o.Basis != "" && !known(o.Basis) {
			ps.add(file, o.Line, o.Col, "use documented, corrected, inferred or made-up", "outcome %s: basis %q is not known", o.Ref(), o.Basis)
		}
		if o.Shape != "" && c.Shapes[o.Shape] == nil {
			ps.add(file, o.Line, o.Col, didYouMean(o.Shape, sortedKeys(c.Shapes)), "outcome %s: there is no shape %q", o.Ref(), o.Shape)
		}
		if len(o.Operations) == 0 {
			ps.add(file, o.Line, o.Col, `write operations: ["*"] for all`, "outcome %s names no operations", o.Ref())
		}
		c.checkOperations(ps, file, o.Line, o.Col, ids, o.Operations)
	}
	for _, r := range c.Refusals {
		if !contains(RefusalReasons(), r.When) {
			ps.add(file, r.Line, r.Col, hintOf(r.When, RefusalReasons()), "refusal: %q is not a reason", r.When)
		}
		c.checkOperations(ps, file, r.Line, r.Col, ids, r.Operations)
	}
	for _, place := range []LayerPlace{c.Layers.Global, c.Layers.Item} {
		for _, at := range append([]string{place.At, place.Items, place.StatusAt}, place.Also...) {
			if _, err := payload.Steps(payload.XML, at); err != nil {
				ps.add(file, place.Line, place.Col, "such as /*/orders/order/code", "layers: %v", err)
			}
		}
		c.checkOperations(ps, file, 0, 0, ids, sortedKeys(place.Operations))
	}
}

func hintOf(word string, known []string) string {
	if hint := didYouMean(word, known); hint != "" {
		return hint
	}
	return "use " + strings.Join(known, ", ")
}

func (c *Contract) checkBehaviour(ps *problems, ids []string) {
	const file = "behaviour.yaml"
	for _, id := range sortedKeys(c.Behaviour.Operations) {
		b := c.Behaviour.Operations[id]
		if b == nil {
			ps.add(file, 0, 0, "", "operation %s has no content", id)
			delete(c.Behaviour.Operations, id)
			continue
		}
		c.checkOperations(ps, file, b.Line, b.Col, ids, []string{id})
		c.checkEffects(ps, file, b.Effects)
		c.checkRules(ps, file, b.Rules)
		c.checkRules(ps, file, b.ItemRules)
		if b.Batch != nil && !contains([]string{"", "item", "request"}, b.Batch.Violations) {
			ps.add(file, b.Line, b.Col, "use item or request", "operation %s: batch violations %q", id, b.Batch.Violations)
		}
	}
	for _, name := range sortedKeys(c.Behaviour.States) {
		if s := c.Behaviour.States[name]; s == nil {
			ps.add(file, 0, 0, "", "state %s has no content", name)
			delete(c.Behaviour.States, name)
		} else {
			c.checkEffects(ps, file, s.Effects)
		}
	}
	for _, name := range sortedKeys(c.Behaviour.Resources) {
		r := c.Behaviour.Resources[name]
		if r == nil {
			c.Behaviour.Resources[name] = &Resource{}
			continue
		}
		for _, index := range sortedKeys(r.Indexes) {
			if per := r.Indexes[index].Per; !contains([]string{"", "owner", "all"}, per) {
				ps.add(file, 0, 0, "use owner or all", "resource %s: index %s: per %q", name, index, per)
			}
		}
		for _, seed := range r.Seed {
			if operation, example, ok := strings.Cut(seed.Example, "/"); seed.Example != "" && (!ok || c.Example(operation, example) == nil) {
				ps.add(file, seed.Line, seed.Col, "", "resource %s: seed %s: there is no example %q", name, seed.Key, seed.Example)
			}
		}
	}
}

func (c *Contract) checkEffects(ps *problems, file string, effects []Effect) {
	for _, e := range effects {
		named := 0
		for _, resource := range []string{e.Put, e.Merge, e.Delete} {
			if resource == "" {
				continue
			}
			named++
			if _, ok := c.Behaviour.Resources[resource]; !ok {
				ps.add(file, e.Line, e.Col, didYouMean(resource, sortedKeys(c.Behaviour.Resources)), "an effect names the resource %q, which is not described", resource)
			}
		}
		if named != 1 {
			ps.add(file, e.Line, e.Col, "", "an effect must have one of put, merge and delete, found %d", named)
		}
	}
}

func (c *Contract) checkRules(ps *problems, file string, rules []Rule) {
	for _, rule := range rules {
		if rule.ID == "" || rule.When == "" || rule.Outcome == "" {
			ps.add(file, rule.Line, rule.Col, "", "a rule needs id, when and outcome")
		}
		if rule.Basis != "" && !known(rule.Basis) {
			ps.add(file, rule.Line, rule.Col, "use documented, corrected, inferred or made-up", "rule %s: basis %q is not known", rule.ID, rule.Basis)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// readXSD reads a file of the folder xsd/.
func (c *Contract) readXSD(name string) ([]byte, error) {
	at := "xsd/" + name
	if !fs.ValidPath(at) {
		return nil, errors.New("the file " + name + " is outside the folder xsd of the bundle")
	}
	src, err := fs.ReadFile(c.xsdFolder(), name)
	if err != nil {
		return nil, errors.New(at + " cannot be read: " + cause(err).Error())
	}
	return src, nil
}

// xsdFolder is where the XSDs of the contract are.
func (c *Contract) xsdFolder() fs.FS {
	if c.xsdFiles != nil {
		return c.xsdFiles
	}
	folder, err := fs.Sub(c.files, "xsd")
	if err != nil {
		return c.files // never: the name is a good one
	}
	return folder
}
