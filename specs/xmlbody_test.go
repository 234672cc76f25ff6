package specs_test

import (
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

func TestXMLByJSONSchema(t *testing.T) {
	m := open(t, "testdata/bare/petstore.yaml").Operation("getPetAsXML").Response(200).Body.For("application/xml")
	if m.Root != "pet" || !m.Mapped() {
		t.Fatalf("found root %q, mapped %v", m.Root, m.Mapped())
	}
	for _, tc := range []struct{ name, body, want, reason string }{
		{"sound", `<pet id="1"><name>Tom</name><weight>4.5</weight><tags><tag>cat</tag></tags><toy><kind>ball</kind></toy><toy><kind>mouse</kind></toy></pet>`, "", ""},
		{"one item is a list too", `<pet id="1"><name>Tom</name><toy><kind>ball</kind></toy></pet>`, "", ""},
		{"digits stay text", `<pet id="1"><name>123</name></pet>`, "", "the schema says string"},
		{"attribute missing", `<pet><name>Tom</name></pet>`, "/pet/@id missing", "named as an attribute"},
		{"element missing", `<pet id="1"/>`, "/pet/name missing", ""},
		{"wrong type", `<pet id="x"><name>Tom</name><weight>heavy</weight></pet>`, "/pet/@id type, /pet/weight type", "both are told"},
		{"in a wrapped list", `<pet id="1"><name>T</name><tags><tag>cat</tag><tag>toolong</tag></tags></pet>`, "/pet/tags/tag[2] length", ""},
		{"in a repeated element", `<pet id="1"><name>T</name><toy><kind>a</kind></toy><toy/></pet>`, "/pet/toy[2]/kind missing", ""},
		{"below itself", `<pet id="1"><name>T</name><toy><kind>a</kind><parts/></toy></pet>`, "/pet/toy/parts/kind missing", "schemas may recurse"},
		{"other root", `<cat id="1"/>`, "/cat value", ""},
		{"not XML", `<pet`, " malformed", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, found := m.Judge([]byte(tc.body), "")
			if got := words(found); got != tc.want {
				t.Errorf("expected %q, found %q (%s)", tc.want, got, tc.reason)
			}
		})
	}
}

// A body keeps what it says on the way from XML to JSON and back.
func TestXMLThereAndBack(t *testing.T) {
	m := open(t, "testdata/bare/petstore.yaml").Operation("getPetAsXML").Response(200).Body.For("application/xml")
	const body = `<pet id="1"><name>Tom</name><tags><tag>a</tag><tag>b</tag></tags><toy><kind>ball</kind></toy><toy><kind>mouse</kind></toy></pet>`
	tree, found := m.Judge([]byte(body), "")
	if len(found) > 0 {
		t.Fatal(found)
	}
	asJSON := m.AsJSON(tree)
	if got := string(asJSON.JSON()); got != `{"id":1,"name":"Tom","tags":["a","b"],"toy":[{"kind":"ball"},{"kind":"mouse"}]}` {
		t.Errorf("found %s", got)
	}
	back := m.AsXML(asJSON)
	if d := payload.Diff(tree.Root, back.Root, payload.DiffOptions{}); len(d) > 0 {
		t.Errorf("the way back differs: %+v\n%s", d, back.XML())
	}
	if !strings.Contains(string(back.XML()), `<pet id="1">`) {
		t.Errorf("found %s", back.XML())
	}
}
