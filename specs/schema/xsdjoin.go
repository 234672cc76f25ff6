package schema

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// XSDFiles is where schemas that include others are read from.
type XSDFiles struct {
	// Read gives a file by its slash-separated name.
	Read func(name string) ([]byte, error)
	// Show names a file for people; nil shows it as it is.
	Show func(name string) string
}

// maxIncludes is how many files one schema may be made of.
const maxIncludes = 200

// CompileFiles compiles a schema with all that it includes. Names are relative to the
// file that includes; nothing is read from the network. Places are those of the file
// in which something stands.
func (f XSDFiles) CompileFiles(name string) (*XSD, error) {
	if f.Show == nil {
		f.Show = func(name string) string { return name }
	}
	source, err := f.Read(name)
	if err != nil {
		return nil, err
	}
	j := &joining{files: f, known: map[string]bool{name: true}}
	text, err := j.join(name, source)
	if err != nil {
		return nil, err
	}
	x, err := CompileXSD(f.Show(name), text)
	if err != nil {
		return nil, j.inFiles(err)
	}
	x.model.parts = j.parts
	return x, nil
}

// joining puts what files include at the end of the first one, so that its own lines
// stay where they are.
type joining struct {
	files XSDFiles
	known map[string]bool
	parts []xsdPart
}

// xsdPart tells which lines of a joined schema come from another file: those from
// first on, of which the first is line "line" there.
type xsdPart struct {
	first, line int
	file        string
}

// shape is what of a schema document is needed to join it.
type shape struct {
	form       string // elementFormDefault and the like, as they are written
	target     string
	spaces     []xml.Attr // namespaces that the root declares
	inside     [2]int     // offsets of what the root holds
	definition []int      // offsets of the start tags of its definitions
	includes   []include
}

type include struct {
	from, to int // offsets
	where    string
	line     int
}

func (j *joining) join(name string, source []byte) ([]byte, error) {
	main, text, err := j.shapeOf(name, source)
	if err != nil || len(main.includes) == 0 {
		return source, err
	}
	var more bytes.Buffer
	if err := j.include(&more, name, main, main, lineAt(text[:main.inside[1]])); err != nil {
		return nil, err
	}
	return slices.Concat(blank(text, main)[:main.inside[1]], more.Bytes(), text[main.inside[1]:]), nil
}

// include adds what a document includes. The output begins at the given line.
func (j *joining) include(w *bytes.Buffer, name string, main, by *shape, start int) error {
	for _, one := range by.includes {
		at := fmt.Sprintf("%s:%d", j.files.Show(name), one.line)
		if strings.Contains(one.where, ":") || path.IsAbs(one.where) {
			return fmt.Errorf("%s: %s is not read: a schema includes files beside it, and nothing from the network", at, one.where)
		}
		file := path.Join(path.Dir(name), one.where)
		if file == ".." || strings.HasPrefix(file, "../") {
			return fmt.Errorf("%s: %s is not read: it lies outside the folder of the schema", at, one.where)
		}
		if j.known[file] {
			continue
		}
		if j.known[file] = true; len(j.known) > maxIncludes {
			return fmt.Errorf("%s: a schema is made of %d files at most", at, maxIncludes)
		}
		source, err := j.files.Read(file)
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		part, text, err := j.shapeOf(file, source)
		if err != nil {
			return err
		}
		switch {
		case part.target != main.target && part.target != "":
			return fmt.Errorf("%s: %s has the target namespace %q, and only one that has the same or none can be included", at, one.where, part.target)
		case part.form != main.form && (part.form != "" || main.target != ""):
			return fmt.Errorf("%s: %s says %q where the schema says %q: one file cannot say both", at, one.where, part.form, main.form)
		}
		j.parts = append(j.parts, xsdPart{first: start + lineAt(w.Bytes()) - 1, line: lineAt(text[:part.inside[0]]), file: j.files.Show(file)})
		w.Write(part.definitions(blank(text, part), main.target))
		w.WriteByte('\n')
		if err := j.include(w, file, main, part, start); err != nil {
			return err
		}
	}
	return nil
}

// blank takes the includes out, and leaves the lines.
func blank(text []byte, s *shape) []byte {
	text = bytes.Clone(text)
	out := s.includes
	if end := bytes.Index(text, []byte("?>")); end > 0 && bytes.HasPrefix(text, []byte("<?xml")) {
		out = append(slices.Clone(out), include{from: 0, to: end + 2}) // it is UTF-8 now, whatever it was
	}
	for _, one := range out {
		for i := one.from; i < one.to; i++ {
			if text[i] != '\n' {
				text[i] = ' '
			}
		}
	}
	return text
}

// definitions gives what the root holds, each definition with the namespaces that the
// root declares. One without a target namespace takes that of who includes it.
func (s *shape) definitions(text []byte, target string) []byte {
	var spaces strings.Builder
	plain := false
	for _, a := range s.spaces {
		name := "xmlns"
		if a.Name.Space != "" {
			name += ":" + a.Name.Local
		} else {
			plain = true
		}
		spaces.WriteString(" " + name + `="`)
		_ = xml.EscapeText(&spaces, []byte(a.Value))
		spaces.WriteString(`"`)
	}
	if s.target == "" && !plain {
		spaces.WriteString(` xmlns="`)
		_ = xml.EscapeText(&spaces, []byte(target))
		spaces.WriteString(`"`)
	}
	var out bytes.Buffer
	at := s.inside[0]
	for _, start := range s.definition {
		end := start + bytes.IndexAny(text[start:], " \t\r\n/>")
		out.Write(text[at:end])
		out.WriteString(spaces.String())
		at = end
	}
	out.Write(text[at:s.inside[1]])
	return out.Bytes()
}

// shapeOf finds the places in a document that our own reader has accepted.
func (j *joining) shapeOf(name string, source []byte) (*shape, []byte, error) {
	if _, err := xmlsafe.Parse(source, "", xmlsafe.Limits{}); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", j.files.Show(name), err)
	}
	text, err := xmlsafe.ToUTF8(source, "")
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", j.files.Show(name), err)
	}
	s := &shape{}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	for depth := 0; ; {
		from := int(d.InputOffset())
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return s, text, nil
		} else if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", j.files.Show(name), err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch depth++; {
			case depth == 1:
				s.root(t)
				s.inside[0] = int(d.InputOffset())
			case depth == 2 && t.Name.Local == "include":
				if err := d.Skip(); err != nil {
					return nil, nil, fmt.Errorf("%s: %w", j.files.Show(name), err)
				}
				depth--
				s.includes = append(s.includes, include{from, int(d.InputOffset()), attrOf(t, "schemaLocation"), lineAt(text[:from])})
			case depth == 2:
				s.definition = append(s.definition, from)
			}
		case xml.EndElement:
			if depth--; depth == 0 {
				s.inside[1] = from
			}
		}
	}
}

func (s *shape) root(t xml.StartElement) {
	s.target = attrOf(t, "targetNamespace")
	for _, name := range []string{"elementFormDefault", "attributeFormDefault"} {
		if value := attrOf(t, name); value != "" && value != "unqualified" {
			s.form += name + "=" + value + " "
		}
	}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			s.spaces = append(s.spaces, a)
		}
	}
}

func attrOf(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// lineAt gives the number of the line that a text ends on.
func lineAt(text []byte) int { return 1 + bytes.Count(text, []byte("\n")) }

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
func (j *joining) inFiles(err error) error {
	compile, ok := err.(*xmlsafe.CompileError)
	if !ok || len(j.parts) == 0 {
		return err
	}
	var all []error
	for _, p := range compile.Problems {
		all = append(all, fmt.Errorf("%s: %s", placeOf(j.parts, compile.Name, p.Line), p.What))
	}
	return errors.Join(all...)
}
