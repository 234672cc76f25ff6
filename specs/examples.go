package specs

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
)

// readExamples reads examples/<operation>/<name>/example.yaml and the bodies
// beside it.
func readExamples(fsys fs.FS, names []string) ([]*Example, []Problem) {
	var found []Problem
	var all []*Example
	for _, name := range names {
		if !strings.HasPrefix(name, "examples/") || path.Base(name) != "example.yaml" {
			continue
		}
		parts := strings.Split(name, "/")
		if len(parts) != 4 {
			found = append(found, Problem{File: name, What: "an example lies in examples/<operation>/<name>/example.yaml"})
			continue
		}
		e := &Example{Operation: parts[1], Name: parts[2]}
		found = append(found, readYAML(fsys, name, e, true)...)
		found = append(found, e.load(fsys, name)...)
		all = append(all, e)
	}
	sortExamples(all)
	return all, found
}

// load reads the bodies of an example.
func (e *Example) load(fsys fs.FS, name string) (found []Problem) {
	wrong := func(line, col int, what, hint string) {
		found = append(found, Problem{File: name, Line: line, Col: col, What: what, Hint: hint})
	}
	body := func(file string, line, col int) []byte {
		if file == "" {
			return nil
		}
		at := path.Join(path.Dir(name), file)
		if !fs.ValidPath(at) {
			wrong(line, col, "the file "+file+" is outside the bundle", "put it beside example.yaml")
			return nil
		}
		b, err := fs.ReadFile(fsys, at)
		if err != nil {
			wrong(line, col, "the file "+file+" cannot be read: "+cause(err).Error(), "it is expected beside example.yaml")
		}
		return b
	}
	if !known(e.Basis) {
		wrong(e.Line, e.Col, "basis "+string(e.Basis)+" is not known", "use documented, corrected, inferred or made-up")
	}
	if e.Request != nil {
		e.Request.Body = body(e.Request.File, e.Request.Line, e.Request.Col)
	}
	if e.Response != nil {
		e.Response.Body = body(e.Response.File, e.Response.Line, e.Response.Col)
		if e.Response.Status < 100 || e.Response.Status > 599 {
			wrong(e.Response.Line, e.Response.Col, fmt.Sprintf("response: status must be between 100 and 599, found %d", e.Response.Status), "")
		}
	}
	return found
}

func known(b Basis) bool { return basisRank(b) < 4 }

func basisRank(b Basis) int {
	for i, one := range []Basis{Documented, Corrected, Inferred, MadeUp} {
		if b == one {
			return i
		}
	}
	return 4
}

// sortExamples orders by operation, then documented, corrected, inferred and
// made-up, then by name.
func sortExamples(all []*Example) {
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		switch {
		case a.Operation != b.Operation:
			return a.Operation < b.Operation
		case a.Basis != b.Basis:
			return basisRank(a.Basis) < basisRank(b.Basis)
		}
		return a.Name < b.Name
	})
}

// examplesOf gives the examples of an operation, of all that are sorted.
func (c *Contract) examplesOf(operation string) []*Example {
	from, _ := slices.BinarySearchFunc(c.Examples, operation, func(e *Example, id string) int { return strings.Compare(e.Operation, id) })
	to := from
	for to < len(c.Examples) && c.Examples[to].Operation == operation {
		to++
	}
	return c.Examples[from:to]
}

// mediaTypes fills in the media types that example.yaml leaves out: the only
// one that the operation describes and that fits the file.
func (c *Contract) mediaTypes() {
	for _, e := range c.Examples {
		op := c.Operation(e.Operation)
		if op == nil {
			continue
		}
		if r := e.Request; r != nil && r.MediaType == "" && len(r.Body) > 0 {
			r.MediaType = fitting(op.RequestBody, r.File)
		}
		if r := e.Response; r != nil && r.MediaType == "" && len(r.Body) > 0 {
			var body *Body
			if described := op.Response(r.Status); described != nil {
				body = described.Body
			}
			r.MediaType = fitting(body, r.File)
		}
	}
}

func fitting(b *Body, file string) string {
	format := formatOf("application/" + strings.TrimPrefix(path.Ext(file), "."))
	if b != nil {
		for _, m := range b.Media {
			if m.Format == format && !strings.HasSuffix(m.Type, "*") {
				return m.Type
			}
		}
	}
	switch path.Ext(file) {
	case ".json":
		return "application/json"
	case ".xml":
		return "application/xml"
	}
	return "text/plain"
}
