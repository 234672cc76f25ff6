package specs_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
)

// Elements of different names that stand in turns keep their order through JSON, also when
// one of them is gone or another one came.
func TestTurnsKeepTheirOrder(t *testing.T) {
	c, err := specs.OpenDocument(fstest.MapFS{
		"api.yaml": {Data: []byte("openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {/r: {post: {operationId: r, requestBody: {content: {application/xml: {x-xsd: 'r.xsd#r'}}}, responses: {'204': {description: done}}}}}\n")},
		"xsd/r.xsd": {Data: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="leg"/><xs:element name="road" type="xs:int" substitutionGroup="leg"/><xs:element name="sea" type="xs:int" substitutionGroup="leg"/>` +
			`<xs:element name="r"><xs:complexType><xs:sequence><xs:element ref="leg" maxOccurs="unbounded"/><xs:element name="end" type="xs:int"/></xs:sequence></xs:complexType></xs:element></xs:schema>`)},
	}, "api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m := c.Operation("r").RequestBody.Media[0]
	const sent = `<r><road>1</road><sea>2</sea><road>3</road><sea>4</sea><end>5</end></r>`
	tree, found := m.Judge([]byte(sent), "")
	if len(found) > 0 {
		t.Fatal(found)
	}
	stored := m.AsJSON(tree)
	written := func() string {
		asXML := m.AsXML(stored)
		if _, found := m.Judge(asXML.XML(), ""); len(found) > 0 {
			t.Errorf("expected a valid body, found %v in %s", found, asXML.XML())
		}
		_, body, _ := strings.Cut(string(asXML.XML()), "?>")
		return body
	}
	if got := written(); got != sent {
		t.Errorf("expected %s, found %s, in between %s", sent, got, stored.JSON())
	}
	stored.Remove("/road/0")
	if got, want := written(), `<r><road>3</road><sea>2</sea><sea>4</sea><end>5</end></r>`; got != want {
		t.Errorf("expected %s, found %s", want, got)
	}
}
