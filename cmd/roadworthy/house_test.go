package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/roadworthy-project/roadworthy/"

// floors orders the house from top to bottom: a package imports only from lower
// floors, or from its own room.
var floors = map[string]int{"cmd": 3, "mockserver": 2, "conformance": 2, "scenarios": 1, "reports": 1, "specs": 0}

// onlyHere names the libraries that exactly one package may import.
var onlyHere = map[string]string{
	"github.com/lestrrat-go/libxml2": "specs/schema/xmlsafe",
	"github.com/onsi/ginkgo/v2":      "conformance/suite",
	"github.com/oasdiff/oasdiff":     "specs/drift",
}

func TestHouseImportsRunDownwards(t *testing.T) {
	for _, imp := range imports(t) {
		room, _, _ := strings.Cut(imp.file, string(filepath.Separator))
		target, inside := strings.CutPrefix(imp.path, module)
		if !inside {
			continue
		}
		to, _, _ := strings.Cut(target, "/")
		from, known := floors[room]
		if !known {
			t.Errorf("%s: no floor is named for %q", imp.file, room)
			continue
		}
		if to != room && floors[to] >= from {
			t.Errorf("%s imports %s: %s may only import from the floors below it", imp.file, imp.path, room)
		}
	}
}

func TestHouseKeepsLibrariesBehindOnePackage(t *testing.T) {
	for _, imp := range imports(t) {
		for library, owner := range onlyHere {
			if imp.path != library && !strings.HasPrefix(imp.path, library+"/") {
				continue
			}
			if dir := filepath.ToSlash(filepath.Dir(imp.file)); dir != owner && !strings.HasPrefix(dir, owner+"/") {
				t.Errorf("%s imports %s: only %s may", imp.file, imp.path, owner)
			}
		}
	}
}

func TestHouseTopLevel(t *testing.T) {
	want := []string{"CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "LICENSE", "Makefile", "README.md",
		"cmd", "conformance", "docs", "go.mod", "go.sum", "mockserver", "reports", "scenarios", "specs"}
	built := []string{"bin", "dist", "roadworthy-report"} // by make, ignored by git
	entries, err := os.ReadDir(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(built, e.Name()) {
			have = append(have, e.Name())
		}
	}
	if !slices.Equal(have, want) {
		t.Errorf("top level of the repository:\nhave %v\nwant %v", have, want)
	}
}

// TestHouseKnowsNoContract holds the first rule of the house: everything that
// differs between contracts is data.
func TestHouseKnowsNoContract(t *testing.T) {
	names := []string{"otms", "transeu", "otm5", "opentripmodel"}
	for _, room := range []string{"mockserver", "conformance", "reports"} {
		walkGo(t, room, func(file string) {
			if strings.HasSuffix(file, "_test.go") {
				return
			}
			source, err := os.ReadFile(filepath.Join("..", "..", file))
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(strings.ToLower(string(source)), "\n") {
				for _, name := range names {
					if strings.Contains(line, name) {
						t.Errorf("%s:%d names the contract %q: engine code knows no contract", file, i+1, name)
					}
				}
			}
		})
	}
}

type importLine struct{ file, path string }

func imports(t *testing.T) []importLine {
	t.Helper()
	var found []importLine
	for room := range floors {
		walkGo(t, room, func(file string) {
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", file), nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range parsed.Imports {
				path, _ := strconv.Unquote(spec.Path.Value)
				found = append(found, importLine{file, path})
			}
		})
	}
	if len(found) < 100 {
		t.Fatalf("only %d imports were found: the walk looks in the wrong place", len(found))
	}
	return found
}

func walkGo(t *testing.T, room string, visit func(file string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(filepath.Join(root, room), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") {
			file, _ := filepath.Rel(root, path)
			visit(file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
