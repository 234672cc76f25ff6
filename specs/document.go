package specs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// filesMember is the member of the root under which the other files of a
// document are kept, so that every reference becomes one inside a single tree.
const filesMember = "x-roadworthy-files"

// maxFiles bounds how many files one document may spread over.
const maxFiles = 1000

// maxJSONDocument bounds a document in JSON, in bytes. YAML costs more to read, and
// is bounded by yamlfile.MaxSize.
const maxJSONDocument = 64 << 20

// document is an OpenAPI document as one tree, with the files that it refers to.
type document struct {
	main  string // file name below the file system
	tree  *payload.Tree
	v30   bool
	after *payload.Node            // the version, where it is one after 3.1
	files map[string]*payload.Node // every file read, the main one included

	fsys fs.FS
	ps   *problems
	size int // bytes of all files
	// refs are the places that references lead to: a document refers to the same
	// few again and again, and a place is found by walking there.
	refs map[string]*payload.Node
	ids  identifiers
	// notes is what can be lived with and has to be told.
	notes problems
}

// readDocument reads an OpenAPI document and everything that it refers to; nil
// when it is so broken that nothing can be said about its parts.
func readDocument(fsys fs.FS, main string, ps *problems) *document {
	d := &document{main: main, fsys: fsys, ps: ps, files: map[string]*payload.Node{}, refs: map[string]*payload.Node{}}
	root := d.read(main, nil)
	if root == nil {
		return nil
	}
	d.tree = &payload.Tree{Format: payload.JSON, Root: root}
	if root.Kind != payload.Object {
		ps.add(main, 1, 1, "give an OpenAPI 3.0 or 3.1 document", "expected an OpenAPI document, found a JSON %s", root.Kind)
		return nil
	}
	if !d.checkVersion() {
		return nil
	}
	d.bringIn(root, main)
	d.settle()
	d.checkRefs()
	return d
}

func (d *document) checkVersion() bool {
	version := d.tree.Root.Member("openapi")
	switch {
	case version == nil && d.tree.Root.Member("swagger") != nil:
		d.ps.at(d, d.tree.Root.Member("swagger"), "convert it to OpenAPI 3 first", "this is a Swagger %s document; OpenAPI 3.0 and 3.1 are read", d.tree.Root.Member("swagger").Value)
		return false
	case version == nil:
		d.ps.add(d.main, 1, 1, `an OpenAPI document begins with "openapi: 3.0.3" or "openapi: 3.1.0"`, "no member \"openapi\", so this is not an OpenAPI document")
		return false
	case strings.HasPrefix(version.Value, "3.0"):
		d.v30 = true
	case !strings.HasPrefix(version.Value, "3.1"):
		d.after = version
	}
	if !strings.HasPrefix(version.Value, "3.") {
		d.ps.at(d, version, "", "OpenAPI version %q is not read; expected 3.0 or 3.1", version.Value)
		return false
	}
	return true
}

// read parses one file; nil when that fails, which is then told.
func (d *document) read(name string, from *payload.Node) *payload.Node {
	src, err := fs.ReadFile(d.fsys, name)
	if err != nil {
		if from == nil {
			d.ps.add(name, 0, 0, "", "cannot be read: %v", cause(err))
		} else {
			d.ps.at(d, from, "", "refers to the file %s, which cannot be read: %v", name, cause(err))
		}
		return nil
	}
	d.size += len(src)
	root, found := parseAny(name, src)
	d.ps.all = append(d.ps.all, found...)
	if root != nil {
		d.files[name] = root
	}
	return root
}

// parseAny reads JSON by the strict JSON reader and everything else as YAML.
func parseAny(name string, src []byte) (*payload.Node, []Problem) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	text := strings.TrimLeft(string(src[:min(len(src), 512)]), " \t\r\n")
	if strings.HasSuffix(name, ".json") || strings.HasPrefix(text, "{") {
		tree, err := payload.ParseJSON(src, payload.JSONLimits{Depth: 200, Bytes: maxJSONDocument})
		if err == nil {
			return tree.Root, nil
		}
		var syntax *payload.SyntaxError
		if strings.HasSuffix(name, ".json") && errors.As(err, &syntax) {
			return nil, []Problem{{File: name, Line: syntax.Line, Col: syntax.Col, What: "not valid JSON: " + syntax.What}}
		}
	}
	n, found := yamlfile.Parse(name, src)
	if n == nil {
		if len(found) == 0 {
			found = []Problem{{File: name, What: "the file is empty"}}
		}
		return nil, found
	}
	tree, more := yamlfile.Tree(name, n)
	return tree.Root, append(found, more...)
}

func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// bringIn rewrites the references below a node to places in the one tree, and
// reads the files that they name.
func (d *document) bringIn(n *payload.Node, file string) {
	d.noteIDs(n, file)
	d.eachRef(n, func(ref *payload.Node, mapping bool) {
		if mapping && !strings.ContainsAny(ref.Value, "#/.") {
			return
		}
		if to, ok := d.target(ref, file); ok && to != ref.Value { // the same text is not kept twice
			ref.Value = to
		}
	})
}

// eachRef calls for every $ref and every discriminator mapping.
func (d *document) eachRef(n *payload.Node, call func(ref *payload.Node, mapping bool)) {
	d.eachObject(n, func(o *payload.Node) {
		if ref := o.Member("$ref"); ref != nil && ref.Kind == payload.String {
			call(ref, false)
		}
		if o.Name != "discriminator" {
			return
		}
		if mapping := o.Member("mapping"); mapping != nil && mapping.Kind == payload.Object {
			for m := range mapping.Children() {
				if m.Kind == payload.String {
					call(m, true)
				}
			}
		}
	})
}

// eachObject calls for every object whose members the specification names. What an
// example, a default or an enumeration says is a value, and nothing of that kind.
func (d *document) eachObject(n *payload.Node, call func(*payload.Node)) {
	named := false // the children's names are chosen by the author
	switch n.Name {
	case "properties", "patternProperties", "schemas", "$defs", "definitions", "parameters", "responses", "headers", "requestBodies",
		"securitySchemes", "links", "callbacks", "pathItems", "paths", "dependentSchemas", "examples":
		named = n.Kind == payload.Object && !(n.Parent() != nil && n.Parent().Name == "properties")
	}
	if !named && n.Kind == payload.Object {
		call(n)
	}
	for c := range n.Children() {
		switch {
		case !named && n.Kind == payload.Object && (c.Name == "example" || c.Name == "default" || c.Name == "const" || c.Name == "enum" || c.Name == "value" || c.Name == "mapping" && n.Name == "discriminator"):
		case c.Kind == payload.Object || c.Kind == payload.Array:
			d.eachObject(c, call)
		}
	}
}

// target gives the place in the one tree that a reference in a file means.
func (d *document) target(ref *payload.Node, file string) (string, bool) {
	name, fragment, _ := strings.Cut(ref.Value, "#")
	if fragment != "" {
		if plain, err := unescapePercent(fragment); err == nil {
			fragment = plain
		}
	}
	if to := d.identified(ref, file, name, fragment); to != "" {
		return to, true
	}
	if name == "" {
		if file == d.main {
			return "#" + fragment, true
		}
		return d.inFile(file, fragment), true
	}
	if strings.Contains(name, "://") || strings.HasPrefix(name, "//") {
		d.later(ref, file, name, fragment)
		return "", false
	}
	if plain, err := unescapePercent(name); err == nil {
		name = plain
	}
	if d.meansIDs(ref) && !d.has(path.Join(path.Dir(file), name)) {
		d.later(ref, file, name, fragment)
		return "", false
	}
	name = path.Join(path.Dir(file), name)
	if !fs.ValidPath(name) {
		d.ps.at(d, ref, "move the file below the folder of the document", "refers to %s, which is outside the folder of the document", ref.Value)
		return "", false
	}
	if d.files[name] == nil {
		if len(d.files) >= maxFiles {
			d.ps.at(d, ref, "", "the document spreads over more than %d files", maxFiles)
			return "", false
		}
		root := d.read(name, ref)
		if root == nil {
			return "", false
		}
		holder := d.tree.Root.Member(filesMember)
		if holder == nil {
			holder = d.tree.Root.Append(&payload.Node{Kind: payload.Object, Name: filesMember})
		}
		root.Name = name
		holder.Append(root)
		d.bringIn(root, name)
	}
	return d.inFile(name, fragment), true
}

func (d *document) inFile(name, fragment string) string {
	if name == d.main {
		return "#" + fragment
	}
	return "#/" + filesMember + "/" + payload.EscapePointer(name) + fragment
}

// checkRefs tells the references that lead nowhere.
func (d *document) checkRefs() {
	d.eachRef(d.tree.Root, func(ref *payload.Node, mapping bool) {
		if !strings.HasPrefix(ref.Value, "#/") || d.refs[ref.Value] != nil {
			return
		}
		if to := d.tree.At(ref.Value[1:]); to != nil {
			d.refs[ref.Value] = to
			return
		}
		parentPath, last := path.Split(ref.Value[1:])
		hint := ""
		if parent := d.tree.At(strings.TrimSuffix(parentPath, "/")); parent != nil {
			var names []string
			for c := range parent.Children() {
				names = append(names, c.Name)
			}
			hint = yamlfile.DidYouMean(payload.UnescapePointer(last), names)
		}
		d.ps.at(d, ref, hint, "refers to %s, which is not there", d.display(ref.Value))
	})
}

// follow gives the node that stands for n when n is a reference. It goes at most
// through 32 of them; a circle gives nil.
func (d *document) follow(n *payload.Node) *payload.Node {
	for range 32 {
		ref := n.Member("$ref")
		if n.Kind != payload.Object || ref == nil || ref.Kind != payload.String {
			return n
		}
		if !strings.HasPrefix(ref.Value, "#") {
			return nil
		}
		to := d.refs[ref.Value]
		if to == nil {
			to = d.tree.At(ref.Value[1:])
		}
		if n = to; n == nil {
			return nil
		}
	}
	return nil
}

// pointer names a node as "#/…" in the one tree.
func (d *document) pointer(n *payload.Node) string { return "#" + d.tree.Path(n) }

// display names a place as a person finds it: "#/components/schemas/Pet", or
// "schemas/pet.yaml#/Pet" in another file.
func (d *document) display(pointer string) string {
	rest, other := strings.CutPrefix(pointer, "#/"+filesMember+"/")
	if !other {
		return pointer
	}
	name, fragment, _ := strings.Cut(rest, "/")
	if fragment != "" {
		fragment = "/" + fragment
	}
	return payload.UnescapePointer(name) + "#" + fragment
}

// place gives file, line and column of a node.
func (d *document) place(n *payload.Node) (file string, line, col int) {
	file = d.main
	if n == nil {
		return file, 0, 0
	}
	for p := n; p != nil; p = p.Parent() {
		if up := p.Parent(); up != nil && up.Name == filesMember && up.Parent() != nil && up.Parent().Parent() == nil {
			file = p.Name
		}
	}
	return file, int(n.Line), int(n.Col)
}

// fileNames lists the files that were read, sorted.
func (d *document) fileNames() []string {
	names := make([]string, 0, len(d.files))
	for name := range d.files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func unescapePercent(s string) (string, error) {
	if !strings.Contains(s, "%") {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", fmt.Errorf("%q ends within a percent escape", s)
		}
		hi, lo := fromHex(s[i+1]), fromHex(s[i+2])
		if hi < 0 || lo < 0 {
			return "", fmt.Errorf("%q is not a percent escape", s[i:i+3])
		}
		b.WriteByte(byte(hi<<4 | lo))
		i += 2
	}
	return b.String(), nil
}

func fromHex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
