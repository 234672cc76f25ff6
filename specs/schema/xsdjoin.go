package schema

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// XSDFiles is where schemas that include and import others are read from.
type XSDFiles struct {
	// Read gives a file by its slash-separated name.
	Read func(name string) ([]byte, error)
	// Show names a file for people; nil shows it as it is.
	Show func(name string) string
}

// maxFiles is how many files one schema may be made of.
const maxFiles = 200

// CompileFiles compiles a schema with all that it includes and imports. Names are
// relative to the file that they stand in; nothing is read from the network. Places are
// those of the file in which something stands.
func (f XSDFiles) CompileFiles(name string) (*XSD, error) {
	if f.Show == nil {
		f.Show = func(name string) string { return name }
	}
	source, err := f.Read(name)
	if err != nil {
		return nil, err
	}
	j := &joining{files: f, known: map[fileIn]bool{}, failed: map[string]bool{}}
	j.head(name, source)
	if err := errors.Join(j.errs...); err != nil {
		return nil, err
	}
	return j.compile(f.Show(name))
}

// joining gathers the files of a schema: one text for each namespace, because that is
// how libxml2 reads several files best, and the files as they are for the model.
type joining struct {
	files  XSDFiles
	known  map[fileIn]bool
	failed map[string]bool // told already
	spaces []*joined
	all    []*xsdSource
	lines  int // of all files so far
	errs   []error
}

// fileIn is a file with the namespace that its definitions are in.
type fileIn struct{ file, space string }

// joined is one namespace: the files whose definitions are in it, the first of which
// keeps its own lines.
type joined struct {
	space   string
	files   []*xsdSource
	imports []string // namespaces
	missing []place  // imports that say no file, by namespace
}

type place struct{ what, at string }

// xsdSource is one file of a schema.
type xsdSource struct {
	*shape
	file  string
	text  []byte
	space string
	first int // the number of its first line among the lines of all files
}

// xsdPart tells which lines of a joined schema come from another file: those from
// first on, of which the first is line "line" there.
type xsdPart struct {
	first, line int
	file        string
}

func (j *joining) fail(format string, args ...any) {
	j.errs = append(j.errs, fmt.Errorf(format, args...))
}

// head reads the file that begins a namespace.
func (j *joining) head(name string, source []byte) *joined {
	s, text, err := j.shapeOf(name, source)
	if err != nil {
		j.errs = append(j.errs, err)
		return nil
	}
	group := j.group(s.target)
	j.add(group, &xsdSource{shape: s, file: name, text: text, space: s.target})
	return group
}

// group gives the namespace, which may be a new one.
func (j *joining) group(space string) *joined {
	if g := j.find(space); g != nil {
		return g
	}
	g := &joined{space: space}
	j.spaces = append(j.spaces, g)
	return g
}

func (j *joining) find(space string) *joined {
	for _, g := range j.spaces {
		if g.space == space {
			return g
		}
	}
	return nil
}

// add takes a file into a namespace, with all that it includes and imports.
func (j *joining) add(g *joined, s *xsdSource) {
	if j.known[fileIn{s.file, s.space}] = true; len(j.known) > maxFiles {
		if len(j.known) == maxFiles+1 {
			j.fail("%s: a schema is made of %d files at most", j.files.Show(s.file), maxFiles)
		}
		return
	}
	if len(g.files) > 0 && s.defaults != g.files[0].defaults {
		j.fail("%s: it says %q where %s, which has the same namespace, says %q: write the same in both", j.files.Show(s.file), s.defaults,
			j.files.Show(g.files[0].file), g.files[0].defaults)
		return
	}
	s.first = j.lines
	j.lines += lineAt(s.text)
	g.files, j.all = append(g.files, s), append(j.all, s)
	for _, link := range s.links {
		at := fmt.Sprintf("%s:%d", j.files.Show(s.file), link.line)
		switch link.kind {
		case "include":
			j.include(g, s, link, at)
		case "import":
			j.imported(g, s, link, at)
		default:
			j.fail("%s: xs:%s is not supported: write the definitions as they are to be, and use xs:include or xs:import", at, link.kind)
		}
	}
}

func (j *joining) include(g *joined, s *xsdSource, link link, at string) {
	file, ok := j.beside(s, link, at)
	if !ok || j.known[fileIn{file, g.space}] {
		return
	}
	part, text, ok := j.open(file, at)
	switch {
	case !ok:
	case part.target != g.space && part.target != "":
		j.fail("%s: %s has the target namespace %q, and only one that has the same or none can be included: use xs:import", at, link.where, part.target)
	default:
		j.add(g, &xsdSource{shape: part, file: file, text: text, space: g.space})
	}
}

func (j *joining) imported(g *joined, s *xsdSource, link link, at string) {
	switch {
	case link.space == g.space:
		j.fail("%s: xs:import is for another namespace than that of the schema itself (%s): use xs:include", at, spaceName(g.space))
		return
	case link.space == xmlSpace && (link.where == "" || strings.Contains(link.where, ":")):
		g.imports = append(g.imports, xmlSpace)
		if j.find(xmlSpace) == nil {
			j.head("xml.xsd", []byte(xmlAttributes)) // everybody means the same by it
		}
		return
	case link.where == "":
		g.imports = append(g.imports, link.space)
		g.missing = append(g.missing, place{link.space, at})
		return
	}
	file, ok := j.beside(s, link, at)
	if !ok {
		return
	}
	g.imports = append(g.imports, link.space)
	if j.known[fileIn{file, link.space}] {
		return
	}
	part, text, ok := j.open(file, at)
	switch {
	case !ok:
	case part.target != link.space:
		j.fail("%s: the import is of %s, and %s has %s: make the two the same", at, spaceName(link.space), link.where, spaceName(part.target))
	default:
		j.add(j.group(link.space), &xsdSource{shape: part, file: file, text: text, space: link.space})
	}
}

func spaceName(space string) string {
	if space == "" {
		return "no namespace"
	}
	return fmt.Sprintf("the namespace %q", space)
}

// beside names the file that is meant, which lies in the folder of the schema.
func (j *joining) beside(s *xsdSource, link link, at string) (string, bool) {
	switch {
	case link.where == "":
		j.fail("%s: xs:%s has no schemaLocation: write the name of the file there", at, link.kind)
		return "", false
	case strings.Contains(link.where, ":") || path.IsAbs(link.where):
		j.fail("%s: %s is not read: a schema is made of files beside it, and nothing from the network. Put the file into its folder, and its name into schemaLocation", at, link.where)
		return "", false
	}
	file := path.Join(path.Dir(s.file), link.where)
	if file == ".." || strings.HasPrefix(file, "../") {
		j.fail("%s: %s is not read: it lies outside the folder of the schema", at, link.where)
		return "", false
	}
	return file, true
}

func (j *joining) open(file, at string) (*shape, []byte, bool) {
	if j.failed[file] {
		return nil, nil, false
	}
	source, err := j.files.Read(file)
	if err != nil {
		j.failed[file] = true
		j.fail("%s: %w", at, err)
		return nil, nil, false
	}
	s, text, err := j.shapeOf(file, source)
	if err != nil {
		j.failed[file] = true
		j.errs = append(j.errs, err)
		return nil, nil, false
	}
	return s, text, true
}

// compile has libxml2 read the texts, and reads the model from the files.
func (j *joining) compile(name string) (*XSD, error) {
	for _, g := range j.spaces {
		for _, missing := range g.missing {
			if j.find(missing.what) == nil {
				j.fail(`%s: xs:import of %s has no schemaLocation: put its XSD into this folder, and schemaLocation="its-name.xsd" here`, missing.at, spaceName(missing.what))
			}
		}
	}
	if err := errors.Join(j.errs...); err != nil {
		return nil, err
	}
	texts, parts := make([][]byte, len(j.spaces)), make([][]xsdPart, len(j.spaces))
	for i, g := range j.spaces {
		texts[i], parts[i] = j.text(g)
	}
	compiled, err := xmlsafe.CompileParts(name, texts)
	if err != nil {
		return nil, j.inFiles(err, parts)
	}
	model := readXSD(name, j.all)
	compiled.Spaces = model.wild
	for _, s := range j.all[1:] {
		model.parts = append(model.parts, xsdPart{first: s.first + 1, line: 1, file: j.files.Show(s.file)})
	}
	x := &XSD{compiled: compiled, model: model}
	for _, s := range j.spaces[0].files[1:] {
		x.included = append(x.included, s.file)
	}
	return x, nil
}

// text joins the files of a namespace.
func (j *joining) text(g *joined) ([]byte, []xsdPart) {
	head := g.files[0]
	own := head.blank(head.text)
	var out bytes.Buffer
	out.Write(own[:head.inside[0]])
	// What is imported is said once for the namespace, on the line that the head begins with.
	for i, space := range g.imports {
		at := slices.IndexFunc(j.spaces, func(other *joined) bool { return other.space == space })
		if at < 0 || slices.Contains(g.imports[:i], space) {
			continue
		}
		fmt.Fprintf(&out, `<%simport%s schemaLocation="part:%d"/>`, head.prefix, attribute("namespace", space), at)
	}
	out.Write(own[head.inside[0]:head.inside[1]])
	var parts []xsdPart
	for _, s := range g.files[1:] {
		parts = append(parts, xsdPart{first: lineAt(out.Bytes()), line: lineAt(s.text[:s.inside[0]]), file: j.files.Show(s.file)})
		out.Write(s.definitions(s.blank(s.text), head.shape, g.space))
		out.WriteByte('\n')
	}
	out.Write(own[head.inside[1]:])
	return out.Bytes(), append([]xsdPart{{first: 1, line: 1, file: j.files.Show(head.file)}}, parts...)
}

// placeOf names the line of a joined schema by the file that it comes from.
func placeOf(parts []xsdPart, file string, line int) string {
	for _, part := range slices.Backward(parts) {
		if line >= part.first {
			file, line = part.file, line-part.first+part.line
			break
		}
	}
	return fmt.Sprintf("%s:%d", file, line)
}

// inFiles puts the places of what the compiler says into the files they come from.
func (j *joining) inFiles(err error, parts [][]xsdPart) error {
	compile, ok := err.(*xmlsafe.CompileError)
	if !ok {
		return err
	}
	var all []error
	for _, p := range compile.Problems {
		if p.Part >= len(parts) || p.Line == 0 {
			all = append(all, fmt.Errorf("%s: %s", compile.Name, p.What))
			continue
		}
		all = append(all, fmt.Errorf("%s: %s", placeOf(parts[p.Part], compile.Name, p.Line), p.What))
	}
	return errors.Join(all...)
}
