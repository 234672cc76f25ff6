package payload

import (
	"encoding/xml"
	"strings"
	"testing"
)

func TestXMLIsWritten(t *testing.T) {
	orders := &Node{Kind: Element, Name: "orders"}
	order := orders.Append(&Node{Kind: Element, Name: "order"})
	order.Append(&Node{Kind: Attribute, Name: "sequence", Value: "1"})
	order.Append(&Node{Kind: Element, Name: "erpNumber"})
	order.Append(&Node{Kind: Element, Name: "remark", Value: "a <b> & \"c\"\r\n]]>"})
	tree := &Tree{Format: XML, Root: orders}

	for _, c := range []struct{ name, reason, got, want string }{
		{"compact", "no byte of layout",
			string(tree.XML()),
			`<?xml version="1.0" encoding="UTF-8"?><orders><order sequence="1"><erpNumber/><remark>a &lt;b&gt; &amp; "c"&#13;` + "\n" + `]]&gt;</remark></order></orders>`},
		{"indented", "text keeps every byte, layout stands only between elements",
			string(tree.IndentXML()),
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<orders>\n  <order sequence=\"1\">\n    <erpNumber/>\n    <remark>a &lt;b&gt; &amp; \"c\"&#13;\n]]&gt;</remark>\n  </order>\n</orders>\n"},
		{"attribute", "white space in a value survives the parser",
			string((&Tree{Format: XML, Root: withAttribute("a\tb\nc\"<'&")}).XML()),
			`<?xml version="1.0" encoding="UTF-8"?><e v="a&#9;b&#10;c&quot;&lt;'&amp;"/>`},
		{"control characters", "XML 1.0 cannot hold them in any notation",
			string((&Tree{Format: XML, Root: &Node{Kind: Element, Name: "e", Value: "a\x00b\x1f\uFFFEc\xff\U00020000"}}).XML()),
			`<?xml version="1.0" encoding="UTF-8"?><e>a` + "\uFFFDb\uFFFD\uFFFDc\uFFFD\U00020000" + `</e>`},
		{"mixed", "text of an element with children comes first",
			string((&Tree{Format: XML, Root: mixed()}).XML()),
			`<?xml version="1.0" encoding="UTF-8"?><e>text<c/></e>`},
		{"mixed, indented", "layout inside would change the text",
			string((&Tree{Format: XML, Root: mixed()}).IndentXML()),
			`<?xml version="1.0" encoding="UTF-8"?>` + "\n<e>text<c/></e>\n"},
		{"json", "there is no element to write",
			string((&Tree{Format: JSON, Root: &Node{Kind: Object}}).XML()),
			`<?xml version="1.0" encoding="UTF-8"?>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("%s:\n got %s\nwant %s", c.reason, c.got, c.want)
			}
			if strings.Contains(c.want, "<e") || strings.Contains(c.want, "<orders") {
				var any struct {
					XMLName xml.Name
				}
				if err := xml.Unmarshal([]byte(c.got), &any); err != nil {
					t.Errorf("encoding/xml cannot read it: %v", err)
				}
			}
		})
	}
}

func withAttribute(v string) *Node {
	n := &Node{Kind: Element, Name: "e"}
	n.Append(&Node{Kind: Attribute, Name: "v", Value: v})
	return n
}

func mixed() *Node {
	n := &Node{Kind: Element, Name: "e", Value: "text"}
	n.Append(&Node{Kind: Element, Name: "c"})
	return n
}
