package specs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// Open opens a contract: the name of a built-in one, a folder that holds a
// contract.yaml, or a bare OpenAPI 3.0 or 3.1 document (JSON or YAML). Files
// outside the folder of the contract are never read, and nothing is fetched.
//
// The error is a *LoadError with everything that is wrong.
func Open(ref string) (*Contract, error) {
	if contains(BuiltIn(), ref) {
		sub, err := fs.Sub(builtIn(), ref)
		if err != nil {
			return nil, err
		}
		return openBundle(sub, ref, builtInOrigin)
	}
	info, err := os.Stat(ref)
	if err != nil {
		return nil, &LoadError{Contract: quoted(ref), Problems: []Problem{notFound(ref, err)}}
	}
	folder, main := ref, ""
	if !info.IsDir() {
		folder, main = filepath.Dir(ref), filepath.Base(ref)
		if main == "contract.yaml" {
			main = ""
		}
	}
	// os.Root keeps symbolic links inside the folder.
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, &LoadError{Contract: quoted(ref), Problems: []Problem{{File: folder, What: "cannot be opened: " + cause(err).Error()}}}
	}
	if main != "" {
		return openBare(root.FS(), main, ref, nil)
	}
	return openBundle(root.FS(), ref, ref)
}

// builtInOrigin is the Origin of the contracts that are part of the binary.
const builtInOrigin = "built-in"

// OpenFS opens the bundle at the root of a file system. The name is used where
// the bundle gives none, and in messages.
func OpenFS(fsys fs.FS, name string) (*Contract, error) { return openBundle(fsys, name, name) }

// OpenDocument opens a bare OpenAPI document of a file system.
func OpenDocument(fsys fs.FS, main string) (*Contract, error) { return openBare(fsys, main, main, nil) }

func quoted(ref string) string {
	if ref == "" {
		return `""`
	}
	return ref
}

func notFound(ref string, err error) Problem {
	names := BuiltIn()
	p := Problem{What: "there is no such built-in contract, folder or file", Hint: "built-in: " + strings.Join(names, ", ")}
	if near := yamlfile.Nearest(ref, names); near != "" {
		p.Hint = didYouMean(ref, names) + "; " + p.Hint
	}
	if !errors.Is(err, fs.ErrNotExist) {
		p.What = cause(err).Error()
	}
	return p
}

func didYouMean(word string, known []string) string { return yamlfile.DidYouMean(word, known) }

// openBare opens an OpenAPI document that has no bundle around it. xsds holds its
// XSDs; nil is the folder xsd beside the document.
func openBare(fsys fs.FS, main, origin string, xsds fs.FS) (*Contract, error) {
	ps := &problems{}
	name := strings.TrimSuffix(path.Base(main), path.Ext(main))
	c := &Contract{Name: name, Origin: origin, Bare: true, files: fsys, xsdFiles: xsds}
	c.xsds = &xsdSet{read: c.readXSD}
	doc := readDocument(fsys, main, ps)
	if doc != nil {
		c.linkXSDs(doc)
		c.fromDocument(doc, ps)
		if len(ps.all) == 0 {
			ps.all = append(ps.all, c.Compile()...)
		}
		if len(ps.all) == 0 {
			c.inferFrom(doc)
			c.index()
			c.readResources(ps)
			c.findUnmade()
			c.unusedSchemas(doc)
			c.Warnings = append(c.Warnings, c.placedWarnings(doc)...)
		}
		c.Digest = digest(fsys, doc.fileNames())
		c.names = doc.fileNames()
		if doc.size > largeDocument && c.schemas != nil {
			c.schemas.Forget()
			c.dropExamples()
		}
	}
	return c.finish(ps, origin)
}

// unusedSchemas warns of the schemas that nobody refers to and that are none: of the
// others Compile tells.
func (c *Contract) unusedSchemas(doc *document) {
	schemas := doc.tree.At("/components/schemas")
	if schemas == nil || schemas.Kind != payload.Object {
		return
	}
	for s := range schemas.Children() {
		if strings.HasPrefix(s.Name, "x-") || c.schemas.Compiled(s) {
			continue
		}
		_, err := c.schemas.At(doc.pointer(s), schema.EitherWay)
		for _, one := range eachError(err) {
			p := c.compileProblem(&Operation{}, "", one)
			p.Hint = "no operation uses it, so that it judges nothing"
			c.Warnings = append(c.Warnings, p.String())
		}
	}
}

// placedWarnings gives what has no effect in the schemas, each with its file and
// line. What is said of many schemas is told of the first.
func (c *Contract) placedWarnings(doc *document) []string {
	var all []string
	told := map[string]int{} // how often each was found, by what it says
	for _, w := range c.schemas.Warnings() {
		if told[w.Keyword+w.What]++; told[w.Keyword+w.What] > 1 {
			continue
		}
		n := doc.tree.At(strings.TrimPrefix(w.Pointer, "#"))
		if n != nil && n.Member(w.Keyword) != nil {
			n = n.Member(w.Keyword)
		}
		file, line, col := doc.place(n)
		p := Problem{File: file, Line: line, Col: col, What: "schema " + doc.display(w.Pointer) + ": " + w.Keyword + ": " + w.What}
		all = append(all, p.String())
	}
	i := 0
	for _, w := range c.schemas.Warnings() {
		more := told[w.Keyword+w.What] - 1
		if more < 0 {
			continue
		}
		if more > 0 {
			all[i] = fmt.Sprintf("%s; the same in %d more places", all[i], more)
		}
		told[w.Keyword+w.What] = 0
		i++
	}
	return all
}

// finish gives the contract, or everything that is wrong with it.
func (c *Contract) finish(ps *problems, origin string) (*Contract, error) {
	if len(ps.all) > 0 {
		return nil, &LoadError{Contract: quoted(origin), Problems: yamlfile.Sort(ps.all)}
	}
	c.opened = true
	return c, nil
}

// largeDocument is the size in bytes from which on the schemas of a document are
// compiled again when they are first used, instead of being kept from the start.
const largeDocument = 256 << 10
