package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Each fuzz target says what it reads, make test sees it, and what reads from the wire
// has its minute there.
func TestHouseFuzzTargetsAreMarked(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(filepath.Join(root, ".build", "fuzz"), "--list").Output()
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(out)) {
		listed = append(listed, strings.TrimPrefix(strings.TrimSpace(line), root+"/"))
	}
	marked := fuzzTargets(t, root)
	slices.Sort(listed)
	slices.Sort(marked)
	if !slices.Equal(listed, marked) {
		t.Errorf(".build/fuzz sees other targets than there are:\nsees %q\nhave %q", listed, marked)
	}
	wire := 0
	for _, target := range marked {
		switch target[strings.LastIndexByte(target, ' ')+1:] {
		case "wire":
			wire++
		case "file":
		default:
			t.Errorf("%s: expected //fuzz:wire (it reads what comes from others while the program runs) or //fuzz:file above it", target)
		}
	}
	// Three side by side: what make test has of its half hour.
	if wire < 12 || wire > 20 {
		t.Errorf("%d targets read from the wire: expected 12 to 20", wire)
	}
	text, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`(?m)^test:.* fuzzed`, `(?m)^FUZZTIME \?= 60s$`, `(?m)^\t@\.build/fuzz \$\(FUZZTIME\) \$\(FUZZFILES\)$`} {
		if !regexp.MustCompile(want).Match(text) {
			t.Errorf("the Makefile has no line %s: nothing fuzzes for a minute", want)
		}
	}
}

// fuzzTargets lists the targets of the module as .build/fuzz does.
func fuzzTargets(t *testing.T, root string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/testdata/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			f, is := decl.(*ast.FuncDecl)
			if !is || !strings.HasPrefix(f.Name.Name, "Fuzz") {
				continue
			}
			kind := "none"
			if f.Doc != nil {
				for _, c := range f.Doc.List {
					if k, is := strings.CutPrefix(c.Text, "//fuzz:"); is {
						kind = k
					}
				}
			}
			dir, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				return err
			}
			all = append(all, dir+" "+f.Name.Name+" "+kind)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
