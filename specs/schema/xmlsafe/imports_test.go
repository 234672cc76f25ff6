package xmlsafe

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Bare, the library can be made to crash the process; so nobody else may use it.
func TestOnlyThisPackageImportsLibxml2(t *testing.T) {
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	here := root
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if root == filepath.Dir(root) {
			t.Fatal("no go.mod above this package")
		}
		root = filepath.Dir(root)
	}
	own, files := 0, 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		files++
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return nil // the compiler says it better
		}
		for _, i := range f.Imports {
			if !strings.HasPrefix(strings.Trim(i.Path.Value, `"`), "github.com/lestrrat-go/libxml2") {
				continue
			}
			if filepath.Dir(path) == here {
				own++
			} else {
				t.Errorf("%s imports %s: use specs/schema/xmlsafe", path, i.Path.Value)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if own == 0 || files < 20 {
		t.Errorf("%d own imports in %d files: this test looks at the wrong place", own, files)
	}
}
