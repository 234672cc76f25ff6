package generate_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/conformance/generate"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Every facet of XML Schema is broken by a case, as near to the limit as it goes.
func TestFacetsAreTried(t *testing.T) {
	simple := func(base, facets string) string {
		return `<xs:simpleType><xs:restriction base="xs:` + base + `">` + facets + `</xs:restriction></xs:simpleType>`
	}
	list := `<xs:simpleType><xs:restriction><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType><xs:minLength value="2"/><xs:maxLength value="3"/></xs:restriction></xs:simpleType>`
	for _, tc := range []struct{ name, typ, kind, value string }{
		{"minLength", simple("string", `<xs:minLength value="4"/>`), "too-short", "3"},
		{"maxLength", simple("string", `<xs:maxLength value="14"/>`), "too-long", "15"},
		{"pattern", simple("string", `<xs:pattern value="[A-Z]{3}"/>`), "value", ""},
		{"enumeration", simple("string", `<xs:enumeration value="A"/><xs:enumeration value="B"/>`), "value", ""},
		{"fractionDigits", simple("decimal", `<xs:fractionDigits value="2"/>`), "precise", ""},
		{"totalDigits", simple("integer", `<xs:totalDigits value="3"/>`), "huge", "=1000"},
		{"minInclusive", simple("int", `<xs:minInclusive value="-50"/>`), "", ""},
		{"maxExclusive", simple("int", `<xs:maxExclusive value="50"/>`), "huge", "=50"},
		{"a date too early", simple("date", `<xs:minInclusive value="2024-01-01"/><xs:maxInclusive value="2024-01-03"/>`), "early", ""},
		{"a date too late", simple("date", `<xs:minInclusive value="2024-01-01"/><xs:maxInclusive value="2024-01-03"/>`), "late", ""},
		{"a moment", simple("dateTime", `<xs:maxExclusive value="2024-01-01T00:00:00"/>`), "late", ""},
		{"a year", simple("gYear", `<xs:maxExclusive value="2024"/>`), "late", ""},
		{"a time", simple("time", `<xs:minInclusive value="08:00:00"/><xs:maxInclusive value="09:00:00"/>`), "early", ""},
		{"a duration", simple("duration", `<xs:maxInclusive value="P3D"/>`), "late", ""},
		{"few entries", list, "fewer-items", ""},
		{"many entries", list, "more-items", ""},
		{"an entry of another type", list, "wrong-item", ""},
		{"nil", simple("int", ""), "nil", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := specs.OpenDocument(fstest.MapFS{
				"api.yaml":  {Data: []byte("openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {/r: {post: {operationId: r, requestBody: {required: true, content: {application/xml: {x-xsd: 'r.xsd#r'}}}, responses: {'204': {description: done}}}}}\n")},
				"xsd/r.xsd": {Data: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence><xs:element name="f">` + tc.typ + `</xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>`)},
			}, "api.yaml")
			if err != nil {
				t.Fatal(err)
			}
			m := c.Operation("r").RequestBody.Media[0]
			var kinds []string
			found := tc.kind == ""
			for _, s := range generate.Cases(c, nil) {
				kind, at, _ := strings.Cut(strings.TrimPrefix(s.ID, "generated.r."), "/")
				if !strings.HasPrefix(at, "r/f") {
					continue
				}
				kinds = append(kinds, kind)
				q := s.Steps[0].Request
				if len(q.Set) == 0 {
					continue
				}
				last := q.Set[len(q.Set)-1]
				sent, _ := m.Judge([]byte(`<r><f>`+last.Value.Value+`</f></r>`), "")
				if _, wrong := m.Judge(sent.XML(), ""); len(wrong) == 0 && kind != "nil" {
					t.Errorf("%s sends %q, which is valid", s.ID, last.Value.Value)
				}
				if kind == tc.kind {
					found = true
					if want, is := strings.CutPrefix(tc.value, "="); is && last.Value.Value != want {
						t.Errorf("expected %s, which is next to the limit, found %q", want, last.Value.Value)
					} else if !is && tc.value != "" && len(last.Value.Value) != map[string]int{"3": 3, "15": 15}[tc.value] {
						t.Errorf("expected %s characters, found %q", tc.value, last.Value.Value)
					}
				}
			}
			if !found {
				t.Errorf("expected a case %s, found %v", tc.kind, kinds)
			}
		})
	}
}

// An entry that a key holds to be its own is tried with the value of its neighbour.
func TestDuplicatesOfKeysAreTried(t *testing.T) {
	c, err := specs.OpenDocument(fstest.MapFS{
		"api.yaml": {Data: []byte("openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {/r: {post: {operationId: r, requestBody: {required: true, content: {application/xml: {x-xsd: 'r.xsd#r'}}}, responses: {'204': {description: done}}}}}\n")},
		"xsd/r.xsd": {Data: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence><xs:element name="i" minOccurs="2" maxOccurs="3"><xs:complexType><xs:sequence><xs:element name="n" type="xs:string"/></xs:sequence><xs:attribute name="k" type="xs:int" use="required"/></xs:complexType></xs:element></xs:sequence></xs:complexType>` +
			`<xs:key name="K"><xs:selector xpath="i"/><xs:field xpath="@k"/></xs:key></xs:element></xs:schema>`)},
	}, "api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, s := range generate.Cases(c, nil) {
		if strings.Contains(s.ID, ".duplicate/") {
			found = append(found, s.ID)
		}
	}
	if len(found) != 1 || found[0] != "generated.r.duplicate/r/i/@k" {
		t.Errorf("expected one case, of the key, found %v", found)
	}
}
