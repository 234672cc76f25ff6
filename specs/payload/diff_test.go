package payload

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func mustParse(t testing.TB, s string) *Tree {
	t.Helper()
	tree, err := ParseJSON([]byte(s), JSONLimits{})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestDiffJSON(t *testing.T) {
	tests := []struct {
		name, want, got string
		diffs           []string
	}{
		{"the same", `{"a":[1,{"b":null}]}`, `{"a":[1,{"b":null}]}`, nil},
		{"member order does not count", `{"a":1,"b":2}`, `{"b":2,"a":1}`, nil},
		{"numbers by value", `[1,1.0,100,0.5,0]`, `[1.0,1,1e2,5e-1,-0]`, nil},
		{"long numbers exactly", `9007199254740993`, `9007199254740992`, []string{" value 9007199254740993 9007199254740992"}},
		{"missing member", `{"a":1,"b/c":2}`, `{"a":1}`, []string{"/b~1c missing 2 "}},
		{"unexpected member", `{}`, `{"a":[1]}`, []string{"/a unexpected  an array of 1 item"}},
		{"type", `{"a":"1"}`, `{"a":1}`, []string{`/a type "1" 1`}},
		{"null is a value", `{"a":null}`, `{}`, []string{"/a missing null "}},
		{"item value", `[1,2]`, `[1,3]`, []string{"/1 value 2 3"}},
		{"shorter list", `[1,2]`, `[1]`, []string{"/1 missing 2 "}},
		{"longer list", `[1]`, `[1,{}]`, []string{"/1 unexpected  an object of 0 members"}},
		{"list in another order is one finding", `[1,2,{"a":1,"b":2}]`, `[{"b":2.0,"a":1},2,1]`, []string{" order an array of 3 items an array of 3 items"}},
		{"blanks count", `"x "`, `" x"`, []string{` value "x " " x"`}},
		{"beyond what is shown", `"` + strings.Repeat("é", 200) + `end"`, `"` + strings.Repeat("é", 200) + `"`,
			[]string{` value … "` + strings.Repeat("é", 15) + `end", a text of 203 characters … "` + strings.Repeat("é", 15) + `", a text of 200 characters`}},
		{"all at once", `{"a":1,"b":{"c":true}}`, `{"a":2,"b":{"c":false,"d":0}}`, []string{"/a value 1 2", "/b/c value true false", "/b/d unexpected  0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, g := mustParse(t, tt.want).Root, mustParse(t, tt.got).Root
			if got := diffLines(Diff(w, g, DiffOptions{})); !reflect.DeepEqual(got, tt.diffs) {
				t.Errorf("got %q, want %q", got, tt.diffs)
			}
			if Equal(w, g) != (tt.diffs == nil) || (w.Key() == g.Key()) != (tt.diffs == nil) {
				t.Errorf("Equal is %v, keys %q and %q", Equal(w, g), w.Key(), g.Key())
			}
		})
	}
}

func diffLines(all []Difference) (lines []string) {
	for _, d := range all {
		lines = append(lines, fmt.Sprintf("%s %s %s %s", d.Path, d.Kind, d.Expected, d.Actual))
	}
	return lines
}

// element makes an XML element: name, text, then attributes ("@a=1") and elements.
func element(name, text string, children ...any) *Node {
	b := NewBuilder(4)
	n := b.NewNode(Element, name, text)
	for _, c := range children {
		switch c := c.(type) {
		case string:
			k, v, _ := strings.Cut(strings.TrimPrefix(c, "@"), "=")
			n.Append(b.NewNode(Attribute, k, v))
		case *Node:
			n.Append(c)
		}
	}
	return n
}

func TestDiffXML(t *testing.T) {
	base := func() *Node {
		return element("r", "\n ", "@a=1", "@b=2", element("x", "one"), element("y", "two"), element("y", "three"))
	}
	tests := []struct {
		name  string
		got   *Node
		diffs []string
	}{
		{"the same", base(), nil},
		{"attribute order and white space", element("r", "", "@b=2", "@a=1", element("x", " one\n"), element("y", "two"), element("y", "three")), nil},
		{"attribute value", element("r", "", "@a=9", "@b=2", element("x", "one"), element("y", "two"), element("y", "three")), []string{`/r/@a value "1" "9"`}},
		{"attribute missing and unexpected", element("r", "", "@a=1", "@c=2", element("x", "one"), element("y", "two"), element("y", "three")), []string{`/r/@b missing "2" `, `/r/@c unexpected  "2"`}},
		{"text", element("r", "", "@a=1", "@b=2", element("x", "one"), element("y", "two"), element("y", "four")), []string{`/r/y[2] value "three" "four"`}},
		{"element missing", element("r", "", "@a=1", "@b=2", element("y", "two"), element("y", "three")), []string{`/r/x missing "one" `}},
		{"element unexpected", element("r", "", "@a=1", "@b=2", element("x", "one"), element("y", "two"), element("y", "three"), element("z", "")), []string{`/r/z unexpected  ""`}},
		{"element order", element("r", "", "@a=1", "@b=2", element("y", "two"), element("x", "one"), element("y", "three")), []string{`/r/y order element x at place 1 element y`}},
		{"another root", element("s", ""), []string{`/s value element r element s`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := diffLines(Diff(base(), tt.got, DiffOptions{})); !reflect.DeepEqual(got, tt.diffs) {
				t.Errorf("got %q, want %q", got, tt.diffs)
			}
		})
	}
}

func TestDiffOptions(t *testing.T) {
	w, g := mustParse(t, `{"id":1,"list":[1,2,3,4]}`).Root, mustParse(t, `{"id":2,"list":[0,0,0,0]}`).Root
	got := diffLines(Diff(w, g, DiffOptions{Max: 2, Ignore: func(p string) bool { return p == "/id" }}))
	if want := []string{"/list/0 value 1 0", "/list/1 value 2 0"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDecimal(t *testing.T) {
	cmp := []struct {
		a, b string
		want int
	}{
		{"1", "1.0", 0}, {"-1", "1", -1}, {"0", "-0", 0}, {"0.0", "0e5", 0}, {"1e2", "99.99", 1}, {"-1e2", "-99.99", -1},
		{"9007199254740993", "9007199254740992", 1}, {"123456789012345678901", "123456789012345678900", 1},
		{"1e2000000", "1e1999999", 1}, {"1e-2000000", "0", 1}, {"-1e2000000", "0", -1}, {"0.1", "0.10", 0}, {"12", "9", 1},
	}
	for _, tt := range cmp {
		if got := CompareNumbers(tt.a, tt.b); got != tt.want {
			t.Errorf("%s against %s is %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if (decimal(tt.a).Key() == decimal(tt.b).Key()) != (tt.want == 0) {
			t.Errorf("keys of %s and %s: %q, %q", tt.a, tt.b, decimal(tt.a).Key(), decimal(tt.b).Key())
		}
	}
	multiple := []struct {
		of, m string
		want  bool
	}{
		{"10", "5", true}, {"10", "2.5", true}, {"0.3", "0.1", true}, {"0.0075", "0.0001", true}, {"0.00751", "0.0001", false},
		{"7", "2", false}, {"1e308", "0.123456789", false}, {"1e2000000", "1", true}, {"1e2000000", "3", false}, {"0", "7", true},
		{"1e-2000000", "1", false}, {"-9", "3", true}, {"1.0", "1", true}, {"5", "0", false}, {"35", "10", false},
	}
	for _, tt := range multiple {
		a, ok := ParseDecimal(tt.of)
		b, ok2 := ParseDecimal(tt.m)
		if !ok || !ok2 || a.MultipleOf(b) != tt.want {
			t.Errorf("%s is a multiple of %s: got %v, want %v", tt.of, tt.m, a.MultipleOf(b), tt.want)
		}
	}
	for literal, want := range map[string]bool{"1": true, "1.0": true, "1e3": true, "1.5": false, "15e-1": false, "10e-1": true, "0.0": true} {
		if d, _ := ParseDecimal(literal); d.IsInt() != want {
			t.Errorf("%s is an integer: got %v", literal, d.IsInt())
		}
	}
	for _, no := range []string{"", "x", "01", "1.", "+1", "1 ", "0x1", "--1", "1e"} {
		if _, ok := ParseDecimal(no); ok {
			t.Errorf("%q was taken for a number", no)
		}
	}
}
