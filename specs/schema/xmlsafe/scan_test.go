package xmlsafe

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestScan(t *testing.T) {
	for _, c := range []struct {
		name, body string
		line, col  int
		want       string // "" accepted
	}{
		{"plain", `<a><b c="1">t</b><d/></a>`, 0, 0, ""},
		{"declaration", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a/>`, 0, 0, ""},
		{"white space around", "\n<a/>\n", 0, 0, ""},
		{"comments", `<!-- a --><a><!-- <b> & --></a><!---->`, 0, 0, ""},
		{"CDATA", `<a><![CDATA[ <b> & ]] > ]]></a>`, 0, 0, ""},
		{"other letters", `<größe 数="1"/>`, 0, 0, ""},
		{"'>' in a value", `<a b=">" c='"'/>`, 0, 0, ""},
		{"empty", ``, 1, 1, "empty"},
		{"only white space", " \n", 1, 1, "empty"},
		{"only a comment", "<!-- a -->", 1, 11, "no root element"},
		{"text first", "x<a/>", 1, 1, "text before the root"},
		{"text last", "<a/>\n x", 2, 2, "text after the end"},
		{"two roots", "<a/><b/>", 1, 5, "second root"},
		{"unclosed", "<a>\n<b>", 2, 4, "ends inside <b>, opened at line 2"},
		{"crossed", "<a>\n<b></a>", 2, 4, "</a> does not match <b>, opened at line 2"},
		{"end only", "</a>", 1, 1, "has no start tag"},
		{"'<' in a tag", "<a <b>", 1, 4, "attribute name was expected"},
		{"'<' in a value", `<a b="<"/>`, 1, 7, "'<' in the value"},
		{"'<' in an end tag", `<a></a<b>`, 1, 4, "does not end with '>'"},
		{"no value", `<a b/>`, 1, 5, "has no value"},
		{"no quotes", `<a b=1/>`, 1, 6, "not in quotes"},
		{"open quotes", `<a b="1/>`, 1, 6, "does not end"},
		{"no space", `<a b="1"c="2"/>`, 1, 9, "white space"},
		{"digit", `<1/>`, 1, 2, "element name was expected"},
		{"nothing behind '<'", `<a><`, 1, 4, "ends after '<'"},
		{"open tag", `<a`, 1, 1, "does not end"},
		{"open comment", `<a><!-- `, 1, 4, "does not end"},
		{"comment in comment", `<a><!-- -- --></a>`, 1, 9, "'--' inside"},
		{"open CDATA", `<a><![CDATA[`, 1, 4, "does not end"},
		{"CDATA outside", `<![CDATA[x]]><a/>`, 1, 1, "outside"},
		{"DOCTYPE", `<!DOCTYPE a><a/>`, 1, 1, "DTD"},
		{"DOCTYPE inside", `<a><!DOCTYPE a></a>`, 1, 4, "DTD"},
		{"ENTITY", `<a><!ENTITY a "b"></a>`, 1, 4, "neither a comment"},
		{"an instruction without an end", `<a><?php ?</a>`, 1, 4, "does not end"},
		{"an instruction without a name", `<a><? php?></a>`, 1, 4, "without a name"},
		{"second declaration", `<a/><?xml version="1.0"?>`, 1, 5, "not at the beginning"},
		{"version 1.1", `<?xml version="1.1"?><a/>`, 1, 1, "XML declaration must"},
		{"column in characters", "<größe>\n<größe x/></größe>", 2, 9, "has no value"},
		{"control character", "<a>\x1f</a>", 1, 4, "0x1F"},
		{"U+FFFE", "<a>\uFFFE</a>", 1, 4, "U+FFFE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Scan([]byte(c.body), Limits{})
			if c.want == "" {
				if err != nil {
					t.Errorf("%q was refused: %v", c.body, err)
				}
				return
			}
			var m *Malformed
			if !errors.As(err, &m) {
				t.Fatalf("%q was accepted", c.body)
			}
			if !strings.Contains(m.What, c.want) || m.Line != c.line || m.Col != c.col {
				t.Errorf("%q: got %v, want %q at %d:%d", c.body, m, c.want, c.line, c.col)
			}
		})
	}
}

func TestScanLimits(t *testing.T) {
	lim := Limits{Bytes: 100, Depth: 2, Elements: 3, Attributes: 2, Namespaces: 1, Value: 10, Name: 5}
	for _, c := range []struct{ name, within, beyond string }{
		{"bytes", "<a>" + strings.Repeat("<!---->", 13) + " </a>", "<a>" + strings.Repeat("<!---->", 14) + "</a>"},
		{"depth", "<a><b/></a>", "<a><b><c/></b></a>"},
		{"elements", "<a><b/><b/></a>", "<a><b/><b/><b/></a>"},
		{"attributes", `<a b="" c=""/>`, `<a b="" c="" d=""/>`},
		{"namespaces", `<a xmlns="u"><b/></a>`, `<a xmlns="u"><b xmlns:x="u"/></a>`},
		{"value", `<a b="0123456789"/>`, `<a b="01234567890"/>`},
		{"text", `<a>0123456789</a>`, `<a>01234567890</a>`},
		{"text with a comment", `<a>01234<!-- -->56789</a>`, `<a>01234<!-- -->567890</a>`},
		{"CDATA", `<a><![CDATA[]]></a>`, `<a>0<![CDATA[1]]></a>`},
		{"name", `<abcde/>`, `<abcdef/>`},
		{"attribute name", `<a bcdef=""/>`, `<a bcdefg=""/>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := Scan([]byte(c.within), lim); err != nil {
				t.Errorf("%s: %v", c.within, err)
			}
			if err := Scan([]byte(c.beyond), lim); err == nil {
				t.Errorf("%s was accepted", c.beyond)
			}
		})
	}
}

func TestZeroLimitsAreSafe(t *testing.T) {
	got := fmt.Sprint(Limits{}.withDefaults())
	if want := fmt.Sprint(Limits{8 << 20, 64, 200_000, 64, 64, 1 << 20, 512, 100}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := (Limits{Depth: 1 << 30}).withDefaults().Depth; got != maxDepth {
		t.Errorf("a depth of %d overruns the scan's stack and libxml2's own limit", got)
	}
}

// What the scan lets through, the parser must read within the same limits.
func scanAgrees(t *testing.T, body []byte) {
	t.Helper()
	lim := Limits{Depth: 4, Elements: 10, Attributes: 3, Namespaces: 2, Value: 30, Name: 10}
	if Scan(body, lim) != nil {
		return
	}
	tree, err := Parse(body, "utf-8", lim)
	if err != nil {
		return
	}
	elements := 0
	walkTree(tree.Root, func(n node, depth int) {
		if n.Kind != element {
			return
		}
		attributes := 0
		for c := range n.Children() {
			if c.Kind != element {
				attributes++
			}
		}
		if elements++; depth > lim.Depth || attributes > lim.Attributes || len(n.Name) > lim.Name {
			t.Errorf("%q: depth %d, %d attributes, name %q", body, depth, attributes, n.Name)
		}
	})
	if elements > lim.Elements {
		t.Errorf("%q: %d elements", body, elements)
	}
}
