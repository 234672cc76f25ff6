package yamlfile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// difference names the first place where two nodes differ; "" if they are alike.
func difference(a, b *yaml.Node, at string) string {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || a.Line != b.Line || a.Column != b.Column || a.Style != b.Style || len(a.Content) != len(b.Content) {
		show := func(n *yaml.Node) string {
			return fmt.Sprintf("{kind %d %s %q at %d:%d style %d with %d}", n.Kind, n.Tag, n.Value, n.Line, n.Column, n.Style, len(n.Content))
		}
		return fmt.Sprintf("%s: plain %s, full %s", at, show(a), show(b))
	}
	for i := range a.Content {
		if d := difference(a.Content[i], b.Content[i], fmt.Sprintf("%s/%d", at, i)); d != "" {
			return d
		}
	}
	return ""
}

// compare reads a text in both ways.
func compare(src string) (used bool, problem string) {
	got, ok := parsePlain(src)
	if !ok {
		return false, ""
	}
	full, problems := parseFull("f.yaml", []byte(src), nil)
	if len(problems) > 0 || len(full) != len(got) {
		return true, fmt.Sprintf("the plain reader finds %d documents, the full one %d: %v", len(got), len(full), problems)
	}
	for i := range got {
		if d := difference(got[i], full[i], ""); d != "" {
			return true, d
		}
	}
	return true, ""
}

// All files of the contracts and scenarios read the same in both ways, and nearly
// all of them are read the fast way.
func TestPlainReadsAsTheLibraryDoes(t *testing.T) {
	files, fast := 0, 0
	for _, dir := range []string{"..", "../../scenarios"} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".yaml") {
				return err
			}
			src, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			files++
			used, problem := compare(string(src))
			if problem != "" {
				t.Errorf("%s: %s", name, problem)
			}
			if used {
				fast++
			} else {
				t.Logf("%s is read by the library", name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files == 0 || fast*10 < files*9 {
		t.Errorf("only %d of %d files are read the fast way", fast, files)
	}
}

func TestPlain(t *testing.T) {
	for _, tc := range []struct {
		name, src string
		used      bool
	}{
		{"mapping", "a: 1\nb: x y # comment\nc:\n  d: e\n", true},
		{"list", "- a\n- b: c\n  d: e\n-\n- - x\n  - y\n", true},
		{"list at the indent of its key", "a:\n- b\n- c\nd: e\n", true},
		{"braces", "a: {b: c, \"d\": [1, 2.5, 'it''s'], e: {}, f: []}\n", true},
		{"braces over lines", "a: {b: c,\n  d: e # why\n  , f: [g,\n  h]}\nz: 1\n", true},
		{"quotes", "\"a b\": \"x\\n\\u00e9\\\"y\"\n'c': 'd: e'\n", true},
		{"empty values", "a:\nb: ~\nc: null\nd:\n", true},
		{"words", "a: true\nb: yes\nc: 2020-01-01\nd: 1.2.3\ne: -5\nf: 0x1f\ng: 1e3\nh: -.inf\ni: 007\nj: 12:30\n", true},
		{"literal", "a: |\n  x\n   y\n\n  z\nb: |-\n  x\n", true},
		{"folded", "a: >-\n  x\n  y\n\n  z\nb: >\n  x\n", true},
		{"literal at the end", "a: |\n  x", true},
		{"urls", "a: http://x/y?z=1#f\nb: {c: http://x/y}\n", true},
		{"characters", "ä: {ö: ü, x: y}\n", true},
		{"anchor", "a: &x 1\nb: *x\n", false},
		{"merge", "a: {<<: b}\n", false},
		{"tag", "a: !!str 1\n", false},
		{"plain over lines", "a: b\n  c\n", false},
		{"quotes over lines", "a: \"b\n  c\"\n", false},
		{"tab", "a:\tb\n", false},
		{"two documents", "# x\n---\na: b\n---\nc: |\n  d\n---\n", true},
		{"something on the separator", "--- a\n", false},
		{"colon in a value", "a: b: c\n", false},
		{"wrong indent", "a:\n    b: c\n  d: e\n", false},
		{"indent indicator", "a: |2\n   x\n", false},
		{"pair in brackets", "a: [b: c]\n", false},
		{"no closing brace", "a: {b: c\n", false},
		{"only a scalar", "abc\n", false},
		{"empty", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			used, problem := compare(tc.src)
			if problem != "" {
				t.Error(problem)
			}
			if used != tc.used {
				t.Errorf("expected the plain reader to take it: %v, found %v", tc.used, used)
			}
		})
	}
}

//fuzz:file
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"a: {b: c, \"d\": [1, 'x']}\ne:\n- f\n- g: h\n  i: |\n    x\n\n    y\n", "- >-\n  a\n  b\n- ~\n- {}\n", "a: b # c\n'd': \"e\"\n", "a:\n  - b\n\n  # c\n  - d\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<12 {
			return
		}
		if _, problem := compare(src); problem != "" {
			t.Errorf("%q: %s", src, problem)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	src, err := os.ReadFile("../otm5/openapi.yaml")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("plain", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			if _, ok := parsePlain(string(src)); !ok {
				b.Fatal("given up")
			}
		}
	})
	b.Run("full", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			parseFull("f.yaml", src, nil)
		}
	})
}
