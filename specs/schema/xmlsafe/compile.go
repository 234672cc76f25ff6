package xmlsafe

import (
	"fmt"
	"regexp"
	"strings"
	"unsafe"

	"github.com/lestrrat-go/libxml2/xsd"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Schema is a compiled XML Schema. It is safe for concurrent use, and is never
// freed: the library cannot free all of it, so schemas are compiled when a
// contract is opened, and not per request.
type Schema struct {
	Name  string
	inner *xsd.Schema
	// streams tells that a body may be judged while it is read: no type of the
	// schema needs the document as a whole.
	streams bool
	// Spaces keeps, in the trees of bodies, namespaces that the name alone does not tell:
	// an element in another one than its parent has the attribute [payload.SpaceAttr], and
	// an attribute that is in one the name {namespace}local. To be set before the first body.
	Spaces bool
}

// needsDocument finds the types that libxml2 judges by the document around them.
var needsDocument = regexp.MustCompile(`\b(ID|IDREFS?|ENTITY|ENTITIES|NOTATION|keyref)\b`)

func (s *Schema) pointer() unsafe.Pointer {
	if s == nil {
		return nil
	}
	p := s.inner.Pointer()
	return *(*unsafe.Pointer)(unsafe.Pointer(&p)) // a C address, which the garbage collector does not move
}

// Problem is one fault of a schema.
type Problem struct {
	Part int // of the texts that were compiled together
	Line int // 0 if unknown
	What string
}

// CompileError lists everything that keeps a schema from being used.
type CompileError struct {
	Name     string
	Problems []Problem
}

func (e *CompileError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = fmt.Sprintf("%s:%d: %s", e.Name, p.Line, p.What)
		if p.Line == 0 {
			lines[i] = fmt.Sprintf("%s: %s", e.Name, p.What)
		}
	}
	return strings.Join(lines, "\n")
}

// maxSchema is the largest schema that is compiled, in bytes.
const maxSchema = 4 << 20

// Compile reads an XML Schema (XSD 1.0, one file, no imports or includes: nothing
// is ever loaded). The name is used in errors and in [Schema.Name]. The error is
// a *[CompileError] with everything that the schema compiler says.
func Compile(name string, source []byte) (*Schema, error) {
	tree, err := parseSchema(name, source)
	if err != nil {
		return nil, err
	}
	var problems []Problem
	for n := range tree.Root.Children() {
		switch n.Name {
		case "import", "include", "redefine":
			problems = append(problems, Problem{Line: int(n.Line), What: notLoaded(n.Name)})
		}
	}
	if problems != nil {
		return nil, &CompileError{Name: name, Problems: problems}
	}
	return CompileParts(name, [][]byte{source})
}

// CompileParts reads a schema of several namespaces, one text for each. They import
// each other as part:0, part:1 and so on, and nothing else is there for them.
func CompileParts(name string, parts [][]byte) (*Schema, error) {
	s := &Schema{Name: name, streams: true}
	texts := make([][]byte, len(parts))
	for i, part := range parts {
		if _, err := parseSchema(name, part); err != nil {
			return nil, err
		}
		text, err := ToUTF8(part, "")
		if err != nil {
			return nil, err
		}
		texts[i] = text
		s.streams = s.streams && !needsDocument.Match(text)
	}
	var err error
	var problems []Problem
	said := []raw{{message: fmt.Sprintf("a schema is made of fewer than %d namespaces", len(texts))}}
	offering(texts, func() {
		said = collect(func() { s.inner, err = xsd.Parse(texts[0], xsd.WithURI("part:0")) })
	})
	for _, e := range said {
		if what := strings.TrimSpace(e.message); what != "" && !e.warning {
			problems = append(problems, Problem{Part: e.part, Line: e.line, What: what})
		}
	}
	if err != nil || problems != nil {
		if problems == nil {
			problems = []Problem{{What: "the schema was refused without a reason: " + err.Error()}}
		}
		return nil, &CompileError{Name: name, Problems: problems}
	}
	return s, nil
}

func parseSchema(name string, source []byte) (*payload.Tree, error) {
	tree, err := Parse(source, "", Limits{Bytes: maxSchema})
	if m, ok := err.(*Malformed); ok {
		return nil, &CompileError{Name: name, Problems: []Problem{{Line: m.Line, What: m.What}}}
	} else if err != nil {
		return nil, err
	}
	if tree.Root.Name != "schema" {
		return nil, &CompileError{Name: name, Problems: []Problem{{Line: int(tree.Root.Line),
			What: fmt.Sprintf("the root element is <%s>, and an XML Schema begins with <xs:schema>", tree.Root.Name)}}}
	}
	return tree, nil
}

// notLoaded says why a part of a schema is not read.
func notLoaded(part string) string {
	return "xs:" + part + " is not supported, because nothing is loaded while a schema is compiled: put everything into one file"
}
