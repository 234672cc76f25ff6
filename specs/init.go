package specs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// Init writes a bundle for an OpenAPI document into a new folder: the document
// itself with an id for every operation, the XSDs of xsdDir ("" for the folder xsd
// beside the document, if there is one), and what can be inferred: behaviour,
// outcomes, examples, demo credentials. Comments say where a person should look.
func Init(openapi, xsdDir, outDir string) error {
	if xsdDir == "" {
		xsdDir = xsdsBeside(openapi)
	}
	from, err := openWith(openapi, xsdDir)
	if err != nil {
		return err
	}
	if !from.Bare {
		return fmt.Errorf("%s is a contract already; name an OpenAPI document", openapi)
	}
	xsds, err := readXSDs(xsdDir)
	if err != nil {
		return err
	}
	folder, err := beginFolder(outDir)
	if err != nil {
		return err
	}
	if err := from.initFolder(xsds, folder.at, outDir); err != nil {
		return errors.Join(err, folder.drop())
	}
	if err := folder.keep(); err != nil {
		return errors.Join(fmt.Errorf("%s cannot be written: %w", outDir, cause(err)), folder.drop())
	}
	return nil
}

// initFolder writes the bundle into a folder that stands for outDir.
func (c *Contract) initFolder(xsds []xsdFile, dir, outDir string) error {
	document, err := c.initDocument(xsds)
	if err != nil {
		return err
	}
	if err := writeBelow(dir, "openapi.yaml", document); err != nil {
		return err
	}
	for _, x := range xsds {
		if err := writeBelow(dir, "xsd/"+x.name, x.source); err != nil {
			return err
		}
	}
	// Read again, so that everything is written with the ids that it has now.
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	again, err := openBare(root.FS(), "openapi.yaml", filepath.Join(outDir, "openapi.yaml"), nil)
	if err != nil {
		return err
	}
	again.Name = slug(c.Name)
	if document, err = again.withXSDLinks(document); err == nil {
		err = writeBelow(dir, "openapi.yaml", document)
	}
	if err != nil {
		return err
	}
	files, err := again.initFiles()
	if err != nil {
		return err
	}
	for _, name := range sortedKeys(files) {
		if err := writeBelow(dir, name, files[name]); err != nil {
			return err
		}
	}
	if _, err := openBundle(root.FS(), outDir, outDir); err != nil {
		return fmt.Errorf("%s was not written, because it could not be opened: %w", outDir, err)
	}
	return nil
}

// openWith opens a document whose XSDs lie in a folder of their own.
func openWith(openapi, xsdDir string) (*Contract, error) {
	info, err := os.Stat(openapi)
	if xsdDir == "" || err != nil || info.IsDir() {
		return Open(openapi)
	}
	root, err := os.OpenRoot(filepath.Dir(openapi))
	if err != nil {
		return nil, err
	}
	// The contract reads from the folder as long as it lives.
	return openBare(root.FS(), filepath.Base(openapi), openapi, os.DirFS(xsdDir))
}

type xsdFile struct {
	name   string
	source []byte
	roots  []string
}

func readXSDs(dir string) ([]xsdFile, error) {
	if dir == "" {
		return nil, nil
	}
	folder := os.DirFS(dir)
	names := xsdNames(folder)
	if len(names) == 0 {
		return nil, fmt.Errorf("%s holds no .xsd file", dir)
	}
	files := schema.XSDFiles{
		Read: func(name string) ([]byte, error) { return fs.ReadFile(folder, name) },
		Show: func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) },
	}
	var all []xsdFile
	var failed []error
	for _, x := range compileXSDs(names, files.CompileFiles) {
		source, err := files.Read(x.name)
		if err != nil {
			return nil, err
		}
		one := xsdFile{name: x.name, source: source}
		switch {
		case x.part:
		case x.err != nil:
			failed = append(failed, x.err)
		default:
			one.roots = x.xsd.Roots()
		}
		all = append(all, one)
	}
	return all, errors.Join(failed...)
}

// slug makes a contract name of a file name: "Pet Store.v1" → "pet-store-v1".
func slug(s string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(s) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" || name[0] < 'a' {
		name = "api-" + name
	}
	return strings.Trim(name, "-")
}

// initDocument gives the document with an id on every operation and x-xsd where
// an XSD declares the root element. YAML keeps its comments; JSON and documents
// of several files are written anew as one.
func (c *Contract) initDocument(xsds []xsdFile) ([]byte, error) {
	doc := c.document
	var root *yaml.Node
	if len(doc.files) == 1 && !strings.HasSuffix(doc.main, ".json") {
		src, err := readFile(c, doc.main)
		if err != nil {
			return nil, err
		}
		root, _ = yamlfile.ParseCommented(doc.main, src)
	}
	if root == nil {
		// The one in memory may have lost its examples.
		ps := &problems{}
		if doc = readDocument(c.files, doc.main, ps); doc == nil || len(ps.all) > 0 {
			return nil, &LoadError{Contract: c.document.main, Problems: ps.all}
		}
		root = plainYAML(doc.tree.Root)
	}
	taken := map[string]bool{}
	for _, op := range c.Operations {
		if safeID(op.ID) {
			taken[op.ID] = true
		}
	}
	for _, op := range c.Operations {
		at := yamlAt(root, "/paths/"+payload.EscapePointer(op.Path)+"/"+strings.ToLower(op.Method))
		if at == nil {
			continue // below a reference: reported when the folder is opened
		}
		if !safeID(op.ID) {
			id := madeID(op, taken)
			op.ID = id
			setFirst(at, "operationId", id)
		}
		for _, m := range op.RequestBody.media() {
			linkXSD(root, doc, m, xsds, op.ID, "Request")
		}
		for _, r := range op.Responses {
			for _, m := range r.Body.media() {
				linkXSD(root, doc, m, xsds, op.ID, "Response")
			}
		}
	}
	return encodeYAML(root)
}

// safeID tells ids that can name a folder.
func safeID(id string) bool {
	if id == "" || len(id) > 100 {
		return false
	}
	for _, c := range id {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return id[0] != '.'
}

// madeID names an operation by method and path: "getPetsPetIdVisits".
func madeID(op *Operation, taken map[string]bool) string {
	id := strings.ToLower(op.Method)
	for _, word := range strings.FieldsFunc(op.Path, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9')
	}) {
		id += strings.ToUpper(word[:1]) + word[1:]
	}
	for taken[id] {
		id += "X"
	}
	taken[id] = true
	return id
}

// linkXSD points an XML body at the XSD that declares its root element.
func linkXSD(root *yaml.Node, doc *document, m *Media, xsds []xsdFile, id, suffix string) {
	if m.Format != payload.XML || m.node == nil || m.node.Member("x-xsd") != nil {
		return
	}
	at := yamlAt(root, doc.tree.Path(m.node))
	if at == nil {
		return
	}
	for _, want := range []string{m.Root, id + suffix, id} {
		for _, x := range xsds {
			for _, have := range x.roots {
				if want != "" && strings.EqualFold(have, want) {
					setFirst(at, "x-xsd", x.name+"#"+have)
					return
				}
			}
		}
	}
}

// initFiles writes everything of the bundle but the document.
func (c *Contract) initFiles() (map[string][]byte, error) {
	files := map[string][]byte{}
	errata := c.initExamples(files)
	parts := []struct {
		name, comment string
		content       any
	}{
		{"contract.yaml", "Who and where. LOOK: the demo credentials below are made up; give them the companies and scopes of the real interface.",
			contractFile{Name: c.Name, Title: c.Title, Version: c.Version, Summary: c.Summary, BasePath: c.BasePath, Servers: c.Servers,
				Sources: []Source{{ID: c.document.main, Title: "The OpenAPI document that this contract began with"}}, Auth: c.Auth,
				Limits: []Limit{}, Profiles: []Profile{{Name: "core", Title: "All operations"}}}},
		{"errors.yaml", "Every way in which an operation can end. LOOK: outcomes with basis made-up or inferred are guesses, and so is which refusal leads to which status.",
			errorsFile{Shapes: c.Shapes, Refusals: c.Refusals, Outcomes: c.Outcomes}},
		{"behaviour.yaml", "What the operations do to the state. All of it is a guess from paths and schemas. LOOK at each operation; those without an entry answer from examples or with made-up data.",
			c.Behaviour},
		{"requirements.yaml", "Normative statements, so that a report can cite them: {id: API-001, level: MUST, text: …, operations: [\"*\"], source: openapi.yaml, basis: documented}.",
			requirementsFile{Requirements: []*Requirement{}}},
		{"errata.yaml", "Where the documentation contradicts itself: what it says, which reading is taken, and why.", errataFile{Errata: errata}},
	}
	for _, p := range parts {
		var n yaml.Node
		if err := n.Encode(p.content); err != nil {
			return nil, err
		}
		if p.name == "behaviour.yaml" {
			commentBehaviour(&n, c)
		}
		kind := strings.TrimSuffix(p.name, ".yaml")
		n.HeadComment = "# yaml-language-server: $schema=.schema/" + kind + ".schema.json\n#\n" + wrapComment(p.comment)
		body, err := encodeYAML(&n)
		if err != nil {
			return nil, err
		}
		files[p.name] = body
	}
	for _, kind := range append(SchemaNames(), "example") {
		src, err := SchemaFile(kind)
		if err != nil {
			return nil, err
		}
		files[".schema/"+kind+".schema.json"] = src
	}
	return files, nil
}

// initExamples writes the examples of the document, and an erratum for each that
// breaks its own schema.
func (c *Contract) initExamples(files map[string][]byte) []*Erratum {
	errata := []*Erratum{}
	for _, e := range c.Examples {
		out := *e
		dir := "examples/" + e.Operation + "/" + slug(e.Name) + "/"
		why := ""
		if e.Request != nil {
			r := *e.Request
			if len(r.Body) > 0 {
				r.File = "request" + extension(r.MediaType)
				files[dir+r.File] = r.Body
			}
			out.Request, why = &r, r.Why
		}
		if e.Response != nil {
			r := *e.Response
			if len(r.Body) > 0 {
				r.File = "response" + extension(r.MediaType)
				files[dir+r.File] = r.Body
			}
			out.Response = &r
			if why == "" {
				why = r.Why
			}
		}
		out.Source = c.documentName() + ", " + e.Source
		if why != "" {
			id := fmt.Sprintf("%s-E%02d", strings.ToUpper(strings.ReplaceAll(c.Name, "-", "")), len(errata)+1)
			out.Erratum = id
			errata = append(errata, &Erratum{ID: id, Title: "Example " + e.Name + " of " + e.Operation + " breaks its schema",
				Says: []Statement{{Source: out.Source, Text: why}}, Reading: "The schema counts.", Why: "LOOK: written by contract init; say which of the two is right.",
				Operations: []string{e.Operation}, Examples: []string{e.Operation + "/" + slug(e.Name)}})
		}
		var n yaml.Node
		if n.Encode(out) != nil {
			continue
		}
		n.HeadComment = "# yaml-language-server: $schema=../../../.schema/example.schema.json"
		if body, err := encodeYAML(&n); err == nil {
			files[dir+"example.yaml"] = body
		}
	}
	return errata
}

func extension(mediaType string) string {
	switch formatOf(mediaType) {
	case payload.JSON:
		return ".json"
	case payload.XML:
		return ".xml"
	}
	return ".txt"
}

func encodeYAML(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(n); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}
