package schema

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func rootIn(t *testing.T, files fs.FS, name, root string) *XMLValidator {
	t.Helper()
	x, err := XSDFiles{Read: func(name string) ([]byte, error) { return fs.ReadFile(files, name) }}.CompileFiles(name)
	if err != nil {
		t.Fatal(err)
	}
	v, err := x.ForRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A schema of several files and namespaces (imports in a circle, includes that take the
// namespace of who includes them, files that differ in elementFormDefault) judges as
// xmllint does, and names the field and the file.
func TestNamespacesAreJudgedAsElsewhere(t *testing.T) {
	const dir = "testdata/namespaces"
	v := rootIn(t, os.DirFS(dir), "order.xsd", "order")
	good, err := os.ReadFile(filepath.Join(dir, "good.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, from, to, path, schema string }{
		{"valid", "", "", "", ""},
		{"other prefixes", "g:", "goods:", "", ""},
		{"another default", `xmlns:g="urn:goods"`, `xmlns:g="urn:goods" xmlns:unused="urn:x"`, "", ""},
		{"a wrong value of an included type", ">AB<", ">ab<", "/order/number", "order.xsd:11"},
		{"a wrong value in the imported namespace", "1.5", "x", "/order/item[1]/weight/value", "types/measures.xsd:3"},
		{"a wrong attribute of the imported namespace", `g:unit="LB"`, `g:unit="ST"`, "/order/item[1]/weight/@unit", "types/measures.xsd:4"},
		{"a wrong attribute of the root", `g:unit="KG"`, `g:unit="ST"`, "/order/@unit", "order.xsd:19"},
		{"a missing child of the imported namespace", "<g:name>n</g:name>", "", "/order/item[1]/name", "types/goods.xsd:6"},
		{"a missing element of the imported namespace", `<g:item g:line="1"><g:weight g:unit="LB"><value xmlns="">1.5</value></g:weight><g:name>n</g:name></g:item>`, "", "/order/item[1]", "types/goods.xsd:3"},
		{"two in the wrong order", `<g:name>n</g:name>`, ``, "", ""},
		{"the wrong namespace", "<g:name>n</g:name>", "<name>n</name>", "/order/item[1]/name", "types/goods.xsd:6"},
		{"the namespace of the parent where there is none", `<name xmlns="">B</name>`, `<name>B</name>`, "/order/consignee/name", "types/party.xsd:8"},
		{"an element of the same name and another namespace", "<item>C</item>", "<g:item>C</g:item>", "/order/shipper/item[1]", "order.xsd:22"},
		{"a missing attribute", ` id="2"`, "", "/order/consignee/@id", "types/party.xsd:12"},
		{"no language", ` xml:lang="de"`, "", "/order/remark/@lang", "order.xsd:16"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := bytes.ReplaceAll(good, []byte(tc.from), []byte(tc.to))
			switch tc.name {
			case "valid":
				body = good
			case "other prefixes":
				body = bytes.ReplaceAll(body, []byte("xmlns:g="), []byte("xmlns:goods="))
			case "two in the wrong order":
				body = bytes.Replace(body, []byte(`<g:weight`), []byte(`<g:name>n</g:name><g:weight`), 1)
				tc.path, tc.schema = "/order/item[1]/name", "types/goods.xsd:6"
			}
			file := filepath.Join(t.TempDir(), "body.xml")
			if err := os.WriteFile(file, body, 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command("xmllint", "--noout", "--nonet", "--schema", filepath.Join(dir, "order.xsd"), file).CombinedOutput()
			if (err == nil) != (tc.path == "") {
				t.Fatalf("xmllint: %v, %s", err, out)
			}
			tree, found, err := v.Judge(body, "")
			switch {
			case err != nil:
				t.Fatal(err)
			case tc.path == "" && len(found) > 0:
				t.Errorf("expected nothing, found %v", found)
			case tc.path == "":
				// What was read can be written again.
				if _, again, err := v.Judge(v.InNamespace(tree).XML(), ""); err != nil || len(again) > 0 {
					t.Errorf("expected the same body, found %v %v in %s", err, again, v.InNamespace(tree).XML())
				}
			case len(found) != 1 || found[0].Path != tc.path || found[0].Schema != tc.schema || found[0].Soft:
				t.Errorf("expected one finding at %s, %s, found %+v", tc.path, tc.schema, found)
			}
		})
	}
}

// A root of the right name and another namespace is not the root that was asked for,
// although the schema has it.
func TestTheRootOfAnImportedNamespaceIsAnother(t *testing.T) {
	v := rootIn(t, os.DirFS("testdata/namespaces"), "order.xsd", "item")
	_, found, err := v.Judge([]byte(`<item xmlns="urn:goods" xmlns:g="urn:goods" g:line="1"><weight g:unit="KG"><value xmlns="">1</value></weight><name>n</name></item>`), "")
	if err != nil || len(found) != 1 || found[0].Expected != `the root element item in the namespace "urn:order"` || found[0].Actual != `item in the namespace "urn:goods"` {
		t.Errorf("expected a word about the namespace of the root, found %+v %v", found, err)
	}
}

func TestImportsThatAreRefused(t *testing.T) {
	const head = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">` + "\n"
	const other = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:b">` + "\n"
	for _, row := range []struct{ name, main, other, want string }{
		{"no file", head + `<xs:import namespace="urn:b"/></xs:schema>`, other + "</xs:schema>", `a.xsd:2: xs:import of the namespace "urn:b" has no schemaLocation: put its XSD into this folder`},
		{"the network", head + `<xs:import namespace="urn:b" schemaLocation="https://example.org/b.xsd"/></xs:schema>`, "", "a.xsd:2: https://example.org/b.xsd is not read"},
		{"outside", head + `<xs:import namespace="urn:b" schemaLocation="../b.xsd"/></xs:schema>`, "", "a.xsd:2: ../b.xsd is not read: it lies outside"},
		{"another namespace", head + `<xs:import namespace="urn:c" schemaLocation="b.xsd"/></xs:schema>`, other + "</xs:schema>", `a.xsd:2: the import is of the namespace "urn:c", and b.xsd has the namespace "urn:b"`},
		{"its own", head + `<xs:import namespace="urn:a" schemaLocation="b.xsd"/></xs:schema>`, "", "use xs:include"},
		{"nothing there", head + `<xs:import namespace="urn:b" schemaLocation="c.xsd"/></xs:schema>`, "", "a.xsd:2: open c.xsd"},
		{"an error in the other file", head + `<xs:import namespace="urn:b" schemaLocation="b.xsd"/></xs:schema>`, other + "\n<xs:element name=\"x\" type=\"Nope\"/></xs:schema>", "b.xsd:3: "},
		{"a name of a namespace that is not imported", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:b="urn:b">` + "\n" + `<xs:element name="x" type="b:T"/></xs:schema>`, "", "a.xsd:2: "},
		{"redefine", head + `<xs:redefine schemaLocation="b.xsd"/></xs:schema>`, other + "</xs:schema>", "a.xsd:2: xs:redefine is not supported"},
		{"redefine further down", head + `<xs:import namespace="urn:b" schemaLocation="b.xsd"/></xs:schema>`, other + "\n\n<xs:redefine schemaLocation=\"c.xsd\"/></xs:schema>", "b.xsd:4: xs:redefine is not supported"},
		{"no schema", head + `<xs:import namespace="urn:b" schemaLocation="b.xsd"/></xs:schema>`, "\n<html/>", "b.xsd:2: the root element is <html>"},
	} {
		files := fstest.MapFS{"a.xsd": {Data: []byte(row.main)}, "b.xsd": {Data: []byte(row.other)}}
		_, err := XSDFiles{Read: func(name string) ([]byte, error) { return fs.ReadFile(files, name) }}.CompileFiles("a.xsd")
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
}

// An import without a file is enough where another file says it, and the attributes of
// XML itself are known without any file.
func TestImportsThatNeedNoFile(t *testing.T) {
	const xs = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:b="urn:b" `
	files := fstest.MapFS{
		"a.xsd": {Data: []byte(xs + `targetNamespace="urn:a"><xs:import namespace="urn:b"/><xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://www.w3.org/2001/xml.xsd"/>
<xs:include schemaLocation="c.xsd"/><xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="b:e"/></xs:sequence><xs:attribute ref="xml:lang"/></xs:complexType></xs:element></xs:schema>`)},
		"b.xsd": {Data: []byte(xs + `targetNamespace="urn:b"/>`)},
		"d.xsd": {Data: []byte(xs + `targetNamespace="urn:b"><xs:element name="e" type="xs:int"/></xs:schema>`)},
		"c.xsd": {Data: []byte(xs + `targetNamespace="urn:a"><xs:import namespace="urn:b" schemaLocation="b.xsd"/><xs:import namespace="urn:b" schemaLocation="d.xsd"/></xs:schema>`)},
	}
	v := rootIn(t, files, "a.xsd", "a")
	for body, want := range map[string]int{
		`<a:a xmlns:a="urn:a" xmlns:b="urn:b" xml:lang="de"><b:e>1</b:e></a:a>`: 0,
		`<a:a xmlns:a="urn:a" xmlns:b="urn:b" xml:lang="?"><b:e>x</b:e></a:a>`:  2,
	} {
		if _, found, err := v.Judge([]byte(body), ""); err != nil || len(found) != want {
			t.Errorf("%s: %v %v, want %d findings", body, err, found, want)
		}
	}
}
