package schema

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestIncludesThatAreRefused(t *testing.T) {
	const head = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"`
	for _, row := range []struct{ name, main, other, want string }{
		{"the network", head + ">\n<xs:include schemaLocation=\"http://127.0.0.1:1/b.xsd\"/></xs:schema>", "", "a.xsd:2: http://127.0.0.1:1/b.xsd is not read"},
		{"a file of the machine", head + ">\n<xs:include schemaLocation=\"/etc/passwd\"/></xs:schema>", "", "a.xsd:2: /etc/passwd is not read"},
		{"outside the folder", head + ">\n<xs:include schemaLocation=\"../b.xsd\"/></xs:schema>", "", "a.xsd:2: ../b.xsd is not read: it lies outside"},
		{"nothing is there", head + ">\n\n<xs:include schemaLocation=\"c.xsd\"/></xs:schema>", "", "a.xsd:3: open c.xsd"},
		{"no XML", head + "><xs:include schemaLocation=\"b.xsd\"/></xs:schema>", "<a", "b.xsd:1: "},
		{"another namespace", head + ` targetNamespace="urn:a"><xs:include schemaLocation="b.xsd"/></xs:schema>`, head + ` targetNamespace="urn:b"/>`, `has the target namespace "urn:b"`},
		{"an error in the other file", head + ">\n<xs:include schemaLocation=\"b.xsd\"/>\n<xs:element name=\"a\" type=\"T\"/></xs:schema>", head + ">\n\n\n<xs:complexType name=\"T\"><xs:sequence><xs:element name=\"b\" type=\"Nope\"/></xs:sequence></xs:complexType></xs:schema>", "b.xsd:4: "},
	} {
		files := fstest.MapFS{"a.xsd": {Data: []byte(row.main)}, "b.xsd": {Data: []byte(row.other)}}
		_, err := XSDFiles{Read: func(name string) ([]byte, error) { return fs.ReadFile(files, name) }}.CompileFiles("a.xsd")
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
}

// TestViolationsNameTheIncludedFile: what is wrong is explained where the schema says so.
func TestViolationsNameTheIncludedFile(t *testing.T) {
	const head = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">`
	files := fstest.MapFS{
		"a.xsd": {Data: []byte(head + "\n<xs:include schemaLocation=\"b.xsd\"/>\n<xs:element name=\"a\" type=\"T\"/>\n</xs:schema>")},
		"b.xsd": {Data: []byte(head + "\n\n<xs:complexType name=\"T\"><xs:sequence>\n<xs:element name=\"n\" type=\"xs:int\"/>\n</xs:sequence></xs:complexType></xs:schema>")},
	}
	_, found, err := rootIn(t, files, "a.xsd", "a").Judge([]byte(`<a><n>x</n></a>`), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Kind != Type || found[0].Schema != "b.xsd:4" {
		t.Errorf("found %+v, want one at b.xsd:4", found)
	}
}
