package yamlfile

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type shelf struct {
	Name   string            `yaml:"name"`
	Rows   int               `yaml:"rows"`
	Width  float64           `yaml:"width"`
	Open   *bool             `yaml:"open"`
	Labels map[string]string `yaml:"labels"`
	Books  []book            `yaml:"books"`
	Free   any               `yaml:"free"`
	Body   yaml.Node         `yaml:"body"`
	Own    status            `yaml:"own"`
	Line   int               `yaml:"-"`
	hidden string            //lint:ignore U1000 what is not exported must not be decoded into
}

type book struct {
	Title string `yaml:"title"`
	Line  int    `yaml:"-"`
	Col   int    `yaml:"-"`
}

type status string

func (s *status) UnmarshalYAML(n *yaml.Node) error {
	*s = status("<" + n.Value + ">")
	return nil
}

func decode(t *testing.T, src string) (shelf, string) {
	t.Helper()
	var s shelf
	n, found := Parse("f.yaml", []byte(src))
	if n != nil {
		found = append(found, Decode("f.yaml", n, &s)...)
	}
	var lines []string
	for _, p := range found {
		lines = append(lines, p.String())
	}
	return s, strings.Join(lines, "\n")
}

func TestDecode(t *testing.T) {
	s, problems := decode(t, "name: 7\nrows: 3\nwidth: 2\nopen: false\nlabels: {a: 1}\nbooks:\n  - title: Ulysses\nfree: {x: [1, 2.5, true, null, text]}\nbody: {a: b}\nown: on\n")
	if problems != "" {
		t.Fatal(problems)
	}
	if s.Name != "7" || s.Rows != 3 || s.Width != 2 || s.Open == nil || *s.Open || s.Labels["a"] != "1" || s.Books[0] != (book{"Ulysses", 7, 5}) || s.Body.Kind != yaml.MappingNode || s.Own != "<on>" || s.Line != 1 {
		t.Errorf("found %+v", s)
	}
	free := s.Free.(map[string]any)["x"].([]any)
	if free[0] != int64(1) || free[1] != 2.5 || free[2] != true || free[3] != nil || free[4] != "text" {
		t.Errorf("found %#v", free)
	}
}

func TestDecodeProblems(t *testing.T) {
	for _, tc := range []struct{ name, src, want, reason string }{
		{"unknown", "nmae: x\n", `f.yaml:1:1: unknown key "nmae" (did you mean "name"?)`, ""},
		{"unknown and far", "colour: x\n", `(known keys: name, rows, width, open, labels, books, free, body, own)`, ""},
		{"twice", "name: x\nname: y\n", `f.yaml:2:1: key "name" is given twice (the first is in line 1)`, ""},
		{"twice in a map", "labels: {a: x, a: y}\n", `key "a" is given twice`, ""},
		{"not a list", "books: {title: x}\n", `f.yaml:1:8: books: expected a list, found a mapping`, ""},
		{"not a mapping", "books: [x]\n", `books: expected a mapping, found "x" (keys it may have: title)`, ""},
		{"not a number", "rows: three\n", `f.yaml:1:7: rows: expected a whole number, found "three"`, ""},
		{"quoted number", "rows: \"3\"\n", `expected a whole number`, "text is text"},
		{"a yes", "open: yes\n", `open: expected true or false, found "yes"`, "YAML 1.2"},
		{"list for text", "name: [a]\n", `name: expected text, found a list`, ""},
		{"hidden field", "hidden: x\n", `unknown key "hidden"`, ""},
		{"all of them", "rows: x\nwidth: y\nnmae: z\n", "f.yaml:1:7: rows: expected a whole number, found \"x\"\nf.yaml:2:8: width: expected a number, found \"y\"\nf.yaml:3:1: unknown key", "none is kept back"},
		{"two documents", "name: x\n---\nname: y\n", "f.yaml:3:1: a second YAML document begins here", ""},
		{"empty", "# nothing\n", "", "the caller says what is missing"},
		{"syntax", "name: [a\n", "f.yaml:", ""},
		{"tab", "books:\n\t- x\n", "(indent with spaces", ""},
		{"key that is a list", "labels: {? [a] : b}\n", "a key must be a plain word", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, got := decode(t, tc.src); !strings.Contains(got, tc.want) || tc.want == "" && got != "" {
				t.Errorf("expected %q, found %q (%s)", tc.want, got, tc.reason)
			}
		})
	}
}

func TestMergeKeysAndAliases(t *testing.T) {
	s, problems := decode(t, "free: &base {a: 1, b: 2}\nlabels: {<<: *base, b: 3}\n")
	if problems != "" || s.Labels["a"] != "1" || s.Labels["b"] != "3" {
		t.Errorf("found %v %s", s.Labels, problems)
	}
}

func TestTree(t *testing.T) {
	n, _ := Parse("f.yaml", []byte("a: 007\nb: 1.50\nc: 1e3\nd: .5\ne: 2020-01-01\nf: \"1\"\ng: ~\nh: True\ni: 0x1F\nj: -0.0\nk: +3\nl: .inf\nm: {x: 1, x: 2}\n"))
	tree, problems := Tree("f.yaml", n)
	want := `{"a":7,"b":1.50,"c":1e3,"d":0.5,"e":"2020-01-01","f":"1","g":null,"h":true,"i":31,"j":-0.0,"k":3,"l":".inf","m":{"x":1}}`
	if got := string(tree.JSON()); got != want {
		t.Errorf("expected %s\nfound    %s", want, got)
	}
	if len(problems) != 1 || problems[0].Line != 13 {
		t.Errorf("the repeated key is told: %v", problems)
	}
	if b := tree.At("/b"); b.Line != 2 || b.Col != 1 {
		t.Errorf("a member stands where its key stands: %d:%d", b.Line, b.Col)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"operations", "outcome", "code", "when"}
	for _, tc := range []struct{ word, want string }{
		{"cod", "code"}, {"ocde", "code"}, {"Code", "code"}, {"opeartions", "operations"}, {"outcomes", "outcome"}, {"where", "when"}, {"title", ""}, {"", ""},
	} {
		if got := Nearest(tc.word, known); got != tc.want {
			t.Errorf("%q: expected %q, found %q", tc.word, tc.want, got)
		}
	}
}

func TestSort(t *testing.T) {
	all := Sort([]Problem{{File: "b", Line: 1, What: "x"}, {File: "a", Line: 2, What: "y"}, {File: "a", Line: 1, Col: 4, What: "z"}, {File: "b", Line: 1, What: "x"}})
	if len(all) != 3 || all[0].What != "z" || all[2].File != "b" {
		t.Errorf("found %v", all)
	}
}

//fuzz:file
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"name: x\nbooks: [{title: y}]\n", "a: &a {b: *a}\n", "- - - -\n", "{<<: [{a: 1}]}", "? x\n: y\n", "|\n a\n b", "!!binary x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<14 {
			return
		}
		all, _ := ParseAll("f.yaml", []byte(src))
		for _, n := range all {
			var s shelf
			Decode("f.yaml", n, &s)
			tree, _ := Tree("f.yaml", n)
			tree.JSON()
			Go(n)
		}
	})
}
