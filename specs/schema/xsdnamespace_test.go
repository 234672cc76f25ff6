package schema

import (
	"strings"
	"testing"
)

// An element under the name that is expected, but of another namespace, is the one
// fault that is told, in words about the namespace.
func TestXSDWrongNamespaceInside(t *testing.T) {
	const source = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:n" FORM><xs:element name="r"><xs:complexType><xs:sequence>
<xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int"/></xs:sequence></xs:complexType></xs:element></xs:schema>`
	for _, tc := range []struct {
		name, form, body string
		expected, actual string
	}{
		{"qualified, found without", `elementFormDefault="qualified"`, `<n:r xmlns:n="urn:n"><a>1</a><n:b>1</n:b><n:c>1</n:c></n:r>`,
			`the element a in the namespace "urn:n"`, "the element a in no namespace"},
		{"unqualified, found with", "", `<r xmlns="urn:n"><a>1</a><b>1</b><c>1</c></r>`,
			"the element a in no namespace", `the element a in the namespace "urn:n"`},
		{"valid, qualified", `elementFormDefault="qualified"`, `<r xmlns="urn:n"><a>1</a><b>1</b><c>1</c></r>`, "", ""},
		{"valid, unqualified", "", `<n:r xmlns:n="urn:n"><a>1</a><b>1</b><c>1</c></n:r>`, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			x, err := CompileXSD("n.xsd", []byte(strings.Replace(source, "FORM", tc.form, 1)))
			if err != nil {
				t.Fatal(err)
			}
			v, err := x.ForRoot("r")
			if err != nil {
				t.Fatal(err)
			}
			_, found, err := v.Judge([]byte(tc.body), "")
			switch {
			case err != nil:
				t.Fatal(err)
			case tc.expected == "" && len(found) > 0:
				t.Errorf("expected nothing, found %v", found)
			case tc.expected == "":
			case len(found) != 1 || found[0].Soft || found[0].Path != "/r/a" || found[0].Expected != tc.expected || found[0].Actual != tc.actual:
				t.Errorf("expected %s and %s at /r/a, found %+v", tc.expected, tc.actual, found)
			}
		})
	}
}
