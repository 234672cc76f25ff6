package specs

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// xsdNames lists the XSDs of a folder and of the folders in it, upper ones first.
func xsdNames(folder fs.FS) []string {
	var names []string
	// What cannot be read holds no XSD that anybody could use.
	_ = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !d.IsDir() && path.Ext(name) == ".xsd":
			names = append(names, name)
		}
		return nil
	})
	slices.SortStableFunc(names, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	return names
}

// xsdsBeside names the folder with the XSDs that a document finds by itself, or "".
func xsdsBeside(openapi string) string {
	dir := filepath.Join(filepath.Dir(openapi), "xsd")
	if len(xsdNames(os.DirFS(dir))) == 0 {
		return ""
	}
	return dir
}

// compiledXSD is one file of a folder: as a schema, or why it is none.
type compiledXSD struct {
	name string
	xsd  *schema.XSD
	err  error
	// part tells that another file includes it: it need not stand by itself, and its
	// roots are those of the other file.
	part bool
}

func compileXSDs(names []string, compile func(name string) (*schema.XSD, error)) []compiledXSD {
	all := make([]compiledXSD, len(names))
	included := map[string]bool{}
	for i, name := range names {
		x, err := compile(name)
		all[i] = compiledXSD{name: name, xsd: x, err: err}
		if err == nil {
			for _, file := range x.Includes() {
				included[file] = true
			}
		}
	}
	for i := range all {
		all[i].part = included[all[i].name]
	}
	return all
}
