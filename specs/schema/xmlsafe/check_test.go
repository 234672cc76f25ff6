package xmlsafe

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

type node = *payload.Node

const element = payload.Element

// walkTree calls fn for every node, parents first.
func walkTree(n node, fn func(n node, depth int)) {
	var walk func(n node, depth int)
	walk = func(n node, depth int) {
		fn(n, depth)
		for c := range n.Children() {
			walk(c, depth+1)
		}
	}
	walk(n, 1)
}

func seeds() [][]byte {
	all := [][]byte{
		[]byte(`<r><n>1</n><t>x &lt; &#x4e0a;</t><o><n>2</n></o></r>`),
		[]byte(`<?xml version="1.0" encoding="UTF-8"?><!-- c --><r password="1"><![CDATA[<x>]]></r>`),
		[]byte(`<p:r xmlns:p="u" p:a="1"><p:b xmlns="v"/></p:r>`),
		[]byte(`<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true" xsi:type="n"/>`),
	}
	for _, d := range dangers() {
		if len(d.body) < 1000 {
			all = append(all, d.body)
		}
	}
	return all
}

// dump writes a tree so that two can be compared.
func dump(t *payload.Tree) string {
	var b strings.Builder
	walkTree(t.Root, func(n node, depth int) {
		fmt.Fprintf(&b, "%d %s %s %q\n", depth, n.Kind, n.Name, n.Value)
	})
	return b.String()
}

func TestTreeIsExact(t *testing.T) {
	tree, err := Parse([]byte("<?xml version=\"1.0\"?>\n<p:a xmlns:p=\"urn:p\" p:x=\"1\" y=\" 2 \">\n  <b> two\n lines </b>\n  <c><![CDATA[<&>]]>&#33;</c>\n  <d/>\n  <e>mixed<f/> text</e>\n</p:a>"), "", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := `1 element a ""
2 attribute x "1"
2 attribute y " 2 "
2 element b " two\n lines "
2 element c "<&>!"
2 element d ""
2 element e "mixed text"
3 element f ""
`
	if got := dump(tree); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	for path, line := range map[string]int32{"/a": 2, "/a/@y": 2, "/a/b": 3, "/a/d": 6, "/a/e/f": 7} {
		if n := tree.At(path); n == nil || n.Line != line {
			t.Errorf("%s: got %+v, want line %d", path, n, line)
		}
	}
}

func TestLinesBeyond65535(t *testing.T) {
	body := "<r>" + strings.Repeat("\n", 70_000) + "<o/>\n<o><n>x</n></o></r>"
	tree, issues, err := compile(t, selfCheckSchema).Check([]byte(body), "", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if n := tree.At("/r/o[2]/n"); n == nil || n.Line != 70_002 {
		t.Errorf("got %+v, want line 70002", n)
	}
	// An empty element has no line of its own there: that of a neighbour is given.
	if len(issues) != 2 || issues[0].Line < 70_001 || issues[0].Line > 70_002 || issues[1].Line != 70_002 {
		t.Errorf("got %+v", issues)
	}
}

func TestParseErrorsAreInOwnWords(t *testing.T) {
	for _, c := range []struct {
		name, body string
		line, col  int
		want       string
	}{
		{"entity", "<a>\n&nbsp;</a>", 2, 7, "an entity that XML does not define"},
		{"ampersand", "<a>a & b</a>", 1, 7, "write &amp;"},
		{"duplicate attribute", `<a b="1" b="2"/>`, 1, 15, "given twice: b"},
		{"prefix", `<p:a/>`, 1, 5, "prefix that is not declared, or a wrong declaration: p"},
		{"reference", `<a>&#1;</a>`, 1, 8, "character reference"},
		{"CDATA end", `<a>]]></a>`, 1, 4, "write ]]&gt;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.body), "", Limits{})
			var m *Malformed
			if !errors.As(err, &m) || !strings.Contains(m.What, c.want) || m.Line != c.line || m.Col != c.col {
				t.Errorf("got %v, want %q at %d:%d", err, c.want, c.line, c.col)
			}
		})
	}
}

func TestIssuesAreCutAndCounted(t *testing.T) {
	body := "<r>" + strings.Repeat("<o><n>x</n></o>", 500) + "</r>"
	_, issues, err := compile(t, selfCheckSchema).Check([]byte(body), "", Limits{Issues: 10})
	if err != nil || len(issues) != 11 || issues[10].Code != CodeTooMany || issues[9].Path != "/r/o[10]/n" {
		t.Errorf("got %v %v", err, issues)
	}
}

// Where faults go deeper than rounds, the body must not pass for looked through.
func TestMoreRoundsThanAllowedFailsClosed(t *testing.T) {
	body := "<r>" + strings.Repeat("<x/>", 40) + "<n>a</n></r>"
	_, issues, err := compile(t, selfCheckSchema).Check([]byte(body), "", Limits{})
	if err != nil || len(issues) != maxRounds+1 || issues[maxRounds].Code != CodeTooMany {
		t.Errorf("got %v, %d issues, the last %+v", err, len(issues), issues[len(issues)-1])
	}
}

func TestRepairSeesTheRest(t *testing.T) {
	schema := compile(t, `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence>
<xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int"/></xs:sequence></xs:complexType></xs:element></xs:schema>`)
	_, issues, err := schema.CheckWith([]byte("<r><c>x</c><b>y</b></r>"), "", Limits{}, func(tree *payload.Tree, issues []Issue) []Arrangement {
		for _, i := range issues {
			if i.Code == CodeContent {
				r := tree.Root
				return []Arrangement{{r, []Child{{Name: "a"}, {Node: r.Child("b")}, {Node: r.Child("c")}, {Node: r.Child("c")}}}}
			}
		}
		return nil
	})
	var said []string
	for _, i := range issues {
		said = append(said, fmt.Sprint(int(i.Code), i.Node.Name, i.Value))
	}
	if got := strings.Join(said, ", "); err != nil || got != "1871c, 1824by, 1824cx" {
		t.Errorf("got %v %s", err, got)
	}
}

func TestCompileKeepsNoOneElsesErrors(t *testing.T) {
	if _, err := Compile("bad.xsd", []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="b"/></xs:schema>`)); err == nil {
		t.Error("an unknown type was accepted")
	}
	compile(t, selfCheckSchema)
	var e *CompileError
	_, err := Compile("bad.xsd", []byte("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n<xs:element name=\"a\" type=\"b\"/>\n<xs:element name=\"c\" type=\"d\"/></xs:schema>"))
	if !errors.As(err, &e) || len(e.Problems) != 2 || e.Problems[0].Line != 2 || e.Problems[1].Line != 3 {
		t.Errorf("got %v", err)
	}
	if _, err := Compile("nil.xsd", nil); err == nil {
		t.Error("no schema at all was accepted")
	}
}

// No input may bring the process down, and what is accepted survives being
// written and read again.
//
//fuzz:wire
func FuzzCheck(f *testing.F) {
	for _, seed := range seeds() {
		f.Add(seed, "")
	}
	f.Add([]byte("<r/>"), "gb18030")
	schema := compile(f, selfCheckSchema)
	f.Fuzz(func(t *testing.T, body []byte, charset string) {
		scanAgrees(t, body)
		tree, issues, err := schema.Check(body, charset, Limits{})
		if err != nil {
			var m *Malformed
			if !errors.As(err, &m) {
				t.Errorf("%T is no *Malformed", err)
			}
			return
		}
		for _, i := range issues {
			if i.Code > 0 && i.Path == "" {
				t.Errorf("an issue without a place: %+v", i)
			}
		}
		if ambiguous(tree) {
			return
		}
		again, err := Parse(tree.XML(), "", Limits{Value: 8 << 20})
		if err != nil {
			t.Fatalf("%q became %q: %v", body, tree.XML(), err)
		}
		if a, b := dump(tree), dump(again); a != b {
			t.Errorf("%q: read\n%sread again\n%s", body, a, b)
		}
		if !bytes.Equal(tree.XML(), again.XML()) {
			t.Errorf("%q is written in two ways", body)
		}
	})
}

// ambiguous tells the trees in which the lost prefix told attributes apart.
func ambiguous(tree *payload.Tree) bool {
	found := false
	walkTree(tree.Root, func(n node, _ int) {
		seen := map[string]bool{}
		for c := range n.Children() {
			if c.Kind == payload.Attribute {
				found = found || seen[c.Name] || c.Name == "xmlns"
				seen[c.Name] = true
			}
		}
	})
	return found
}
