package drift

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/schema"
)

type xsdPair struct {
	name     string
	old, now string // what is in the root element's type
	want     string // ids, from old to now
	back     string
}

func xsdPairs() []xsdPair {
	seq := func(elements string) string { return "<xs:sequence>" + elements + "</xs:sequence>" }
	element := func(name, facets string) string {
		return `<xs:element name="` + name + `"><xs:simpleType>` + facets + `</xs:simpleType></xs:element>`
	}
	of := func(base, facets string) string {
		return seq(element("a", `<xs:restriction base="xs:`+base+`">`+facets+`</xs:restriction>`))
	}
	typed := func(t string) string { return seq(`<xs:element name="a" type="xs:` + t + `"/>`) }
	const a, b, c = `<xs:element name="a" type="xs:string"/>`, `<xs:element name="b" type="xs:int"/>`, `<xs:element name="c" type="xs:date"/>`
	optional := func(e string) string { return strings.Replace(e, "/>", ` minOccurs="0"/>`, 1) }
	return []xsdPair{
		{"an optional element", seq(a), seq(a + optional(b)), "xsd-element-added", "xsd-element-removed"},
		{"a required element", seq(a), seq(a + b), "xsd-required-element-added", "xsd-required-element-removed"},
		{"an element with another name", seq(a + b + c), seq(a + strings.Replace(b, `"b"`, `"bee"`, 1) + c), "xsd-element-renamed", "xsd-element-renamed"},
		{"another name and another type", seq(a + b), seq(a + strings.Replace(c, `"c"`, `"bee"`, 1)), "xsd-required-element-added xsd-required-element-removed", "xsd-required-element-added xsd-required-element-removed"},
		{"an optional attribute", seq(a), seq(a) + `<xs:attribute name="x"/>`, "xsd-attribute-added", "xsd-attribute-removed"},
		{"a required attribute", seq(a), seq(a) + `<xs:attribute name="x" use="required"/>`, "xsd-required-attribute-added", "xsd-required-attribute-removed"},
		{"an attribute with another name", seq(a) + `<xs:attribute name="x" type="xs:int"/>`, seq(a) + `<xs:attribute name="y" type="xs:int"/>`, "xsd-attribute-renamed", "xsd-attribute-renamed"},
		{"an element that is an attribute", seq(a + b), seq(a) + `<xs:attribute name="b" type="xs:int"/>`, "xsd-element-became-attribute", "xsd-element-became-attribute"},
		{"required", seq(optional(a)), seq(a), "xsd-became-required", "xsd-became-optional"},
		{"more of one", seq(a), seq(strings.Replace(a, "/>", ` maxOccurs="unbounded"/>`, 1)), "xsd-occurrence-widened", "xsd-occurrence-narrowed"},
		{"at least two", seq(strings.Replace(a, "/>", ` maxOccurs="9"/>`, 1)), seq(strings.Replace(a, "/>", ` minOccurs="2" maxOccurs="9"/>`, 1)), "xsd-occurrence-narrowed", "xsd-occurrence-widened"},
		{"another order", seq(a + b + c), seq(b + a + c), "xsd-order-changed", "xsd-order-changed"},
		{"no order", seq(a + b), "<xs:all>" + a + b + "</xs:all>", "xsd-order-free", "xsd-order-fixed"},
		{"one of two", seq(optional(a) + optional(b)), "<xs:choice>" + a + b + "</xs:choice>", "xsd-became-exclusive", "xsd-no-longer-exclusive"},
		{"text instead of elements", seq(a), seq(`<xs:element name="a"><xs:complexType>` + seq(optional(b)) + `</xs:complexType></xs:element>`), "xsd-content-changed", "xsd-content-changed"},
		{"a smaller type", typed("long"), typed("int"), "xsd-type-narrowed", "xsd-type-widened"},
		{"any text", typed("int"), typed("string"), "xsd-type-widened", "xsd-type-narrowed"},
		{"another type", typed("date"), typed("int"), "xsd-type-changed", "xsd-type-changed"},
		{"empty too", seq(element("a", `<xs:union memberTypes="xs:int"/>`)), seq(element("a", `<xs:union memberTypes="xs:int xs:date"/>`)), "xsd-type-widened", "xsd-type-narrowed"},
		{"a list of values", typed("string"), of("string", `<xs:enumeration value="1"/>`), "xsd-type-narrowed", "xsd-type-widened"},
		{"a value more", of("string", `<xs:enumeration value="1"/>`), of("string", `<xs:enumeration value="2"/><xs:enumeration value="1"/>`), "xsd-enum-value-added", "xsd-enum-value-removed"},
		{"a form", typed("string"), of("string", `<xs:pattern value="[a-z]+"/>`), "xsd-pattern-added", "xsd-pattern-removed"},
		{"another form", of("string", `<xs:pattern value="[a-z]"/>`), of("string", `<xs:pattern value="[a-z]+"/>`), "xsd-pattern-changed", "xsd-pattern-changed"},
		{"shorter", of("string", `<xs:maxLength value="9"/>`), of("string", `<xs:maxLength value="5"/>`), "xsd-length-narrowed", "xsd-length-widened"},
		{"not empty", typed("string"), of("string", `<xs:minLength value="1"/>`), "xsd-length-narrowed", "xsd-length-widened"},
		{"at least one", of("int", `<xs:minInclusive value="0"/>`), of("int", `<xs:minInclusive value="1"/>`), "xsd-bound-narrowed", "xsd-bound-widened"},
		{"less than ten", of("int", `<xs:maxInclusive value="10"/>`), of("int", `<xs:maxExclusive value="10"/>`), "xsd-bound-narrowed", "xsd-bound-widened"},
		{"no end", of("date", `<xs:maxInclusive value="2030-01-01"/>`), typed("date"), "xsd-bound-widened", "xsd-bound-narrowed"},
		{"fewer digits", of("decimal", `<xs:fractionDigits value="3"/>`), of("decimal", `<xs:fractionDigits value="2"/>`), "xsd-digits-narrowed", "xsd-digits-widened"},
		{"one value only", typed("string"), seq(strings.Replace(a, "/>", ` fixed="1"/>`, 1)), "xsd-fixed-added", "xsd-fixed-removed"},
		{"another only value", seq(strings.Replace(a, "/>", ` fixed="2"/>`, 1)), seq(strings.Replace(a, "/>", ` fixed="1"/>`, 1)), "xsd-fixed-changed", "xsd-fixed-changed"},
		{"anything else", seq(a), seq(a + `<xs:any minOccurs="0" processContents="skip" namespace="##other"/>`), "xsd-became-open", "xsd-became-closed"},

		{"other groups, the same elements", seq(a + b), seq(seq(a) + seq(b)), "", ""},
		{"a choice of one", seq(a), "<xs:choice>" + a + "</xs:choice>", "", ""},
		{"the same number", of("decimal", `<xs:minInclusive value="1"/>`), of("decimal", `<xs:minInclusive value="1.0"/>`), "", ""},
		{"the same values in another order", of("string", `<xs:enumeration value="1"/><xs:enumeration value="2"/>`), of("string", `<xs:enumeration value="2"/><xs:enumeration value="1"/>`), "", ""},
		{"an annotation", seq(a), `<xs:annotation><xs:documentation>words</xs:documentation></xs:annotation>` + seq(a), "", ""},

		{"a root more", "", "@two", "xsd-root-added", "xsd-root-removed"},
		{"a namespace", "", "@space", "xsd-namespace-changed", "xsd-namespace-changed"},
		{"unique numbers", "", "@unique", "xsd-constraint-added", "xsd-constraint-removed"},
	}
}

func xsdOf(content string) []byte {
	const head, tail = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"`, `</xs:schema>`
	plain := `<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="a" maxOccurs="9"/></xs:sequence></xs:complexType>%</xs:element>`
	switch content {
	case "":
		return []byte(head + ">" + strings.Replace(plain, "%", "", 1) + tail)
	case "@two":
		return []byte(head + ">" + strings.Replace(plain, "%", "", 1) + `<xs:element name="s"/>` + tail)
	case "@space":
		return []byte(head + ` targetNamespace="urn:x">` + strings.Replace(plain, "%", "", 1) + tail)
	case "@unique":
		return []byte(head + ">" + strings.Replace(plain, "%", `<xs:unique name="u"><xs:selector xpath="a"/><xs:field xpath="."/></xs:unique>`, 1) + tail)
	}
	return []byte(head + `><xs:element name="r"><xs:complexType>` + content + `</xs:complexType></xs:element>` + tail)
}

func compareXSDs(oldName string, old []byte, newName string, now []byte) ([]Change, error) {
	before, err := schema.CompileXSD(oldName, old)
	if err != nil {
		return nil, err
	}
	after, err := schema.CompileXSD(newName, now)
	if err != nil {
		return nil, err
	}
	return CompareXSD(before, after)
}

func TestXSDRules(t *testing.T) {
	for _, p := range xsdPairs() {
		t.Run(p.name, func(t *testing.T) {
			for _, way := range []struct{ name, old, now, want string }{{"forth", p.old, p.now, p.want}, {"back", p.now, p.old, p.back}} {
				all, err := compareXSDs("old.xsd", xsdOf(way.old), "new.xsd", xsdOf(way.now))
				if err != nil {
					t.Fatal(err)
				}
				ids := []string{}
				for _, c := range all {
					ids = append(ids, c.ID)
					if c.What == "" || !strings.Contains(c.Where, ".xsd:1") || !strings.HasPrefix(c.Path, "/") {
						t.Errorf("%s: %+v says too little", way.name, c)
					}
				}
				slices.Sort(ids)
				if got := strings.Join(slices.Compact(ids), " "); got != way.want {
					t.Errorf("%s: found %q, want %q\n%v", way.name, got, way.want, all)
				}
			}
		})
	}
}

func TestXSDThatNobodyDocumentedBreaksNobody(t *testing.T) {
	inferred := func(name string) []byte {
		return xsdOf(`<xs:sequence><xs:element name="` + name + `" type="xs:string"><xs:annotation><xs:appinfo>inferred</xs:appinfo></xs:annotation></xs:element></xs:sequence>`)
	}
	all, err := compareXSDs("old.xsd", inferred("a"), "new.xsd", inferred("b"))
	if err != nil || len(all) != 1 || all[0].Severity != Warning {
		t.Errorf("found %v, %v; want one warning", all, err)
	}
}

func TestXSDThatCannotBeRead(t *testing.T) {
	if _, err := compareXSDs("old.xsd", []byte("<xs:schema"), "new.xsd", xsdOf("")); err == nil || !strings.Contains(err.Error(), "old.xsd") {
		t.Errorf("found %v, want an error that names old.xsd", err)
	}
}

// FuzzCompareXSD: no schema makes the comparison panic, and one that is compared
// with itself has not changed.
//
//fuzz:file
func FuzzCompareXSD(f *testing.F) {
	for _, p := range xsdPairs() {
		f.Add(xsdOf(p.old), xsdOf(p.now))
	}
	f.Fuzz(func(t *testing.T, old, now []byte) {
		if len(old) > 4096 || len(now) > 4096 {
			return
		}
		if _, err := compareXSDs("old.xsd", old, "new.xsd", now); err != nil {
			return
		}
		if all, err := compareXSDs("old.xsd", old, "new.xsd", old); err != nil || len(all) > 0 {
			t.Errorf("a schema differs from itself: %v, %v", all, err)
		}
	})
}

// TestXSDCases compares pairs of schemas with one known change each.
func TestXSDCases(t *testing.T) {
	text, err := os.ReadFile("testdata/xsd.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Base  string `yaml:"base"`
		Cases []struct {
			Name string      `yaml:"name"`
			Old  [][2]string `yaml:"old"`
			New  [][2]string `yaml:"new"`
			Want []string    `yaml:"want"`
		} `yaml:"cases"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 90 {
		t.Fatalf("only %d cases", len(file.Cases))
	}
	replaced := func(t *testing.T, edits [][2]string) []byte {
		text := file.Base
		for _, e := range edits {
			if !strings.Contains(text, e[0]) {
				t.Fatalf("nothing is %q", e[0])
			}
			text = strings.ReplaceAll(text, e[0], e[1])
		}
		return []byte(text)
	}
	for _, row := range file.Cases {
		t.Run(row.Name, func(t *testing.T) {
			all, err := compareXSDs("old.xsd", replaced(t, row.Old), "new.xsd", replaced(t, row.New))
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, c := range all {
				got = append(got, fmt.Sprintf("%s %s %s", c.Severity, c.ID, c.Path))
			}
			slices.Sort(got)
			if got = slices.Compact(got); !slices.Equal(got, row.Want) {
				t.Errorf("found %q, want %q", got, row.Want)
			}
		})
	}
}

// TestXSDOfSeveralFiles: it does not matter in which file a type is, and what changed
// is told at its place in its file.
func TestXSDOfSeveralFiles(t *testing.T) {
	one := fstest.MapFS{"order.xsd": {Data: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:x" targetNamespace="urn:x">
  <xs:element name="order" type="Order"/>
  <xs:complexType name="Order"><xs:sequence><xs:element name="number" type="Number"/></xs:sequence></xs:complexType>
  <xs:simpleType name="Number"><xs:restriction base="xs:string"><xs:maxLength value="9"/></xs:restriction></xs:simpleType>
</xs:schema>`)}}
	several := fstest.MapFS{
		"order.xsd": {Data: []byte(`<?xml version="1.0" encoding="UTF-8"?>
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:x="urn:x" targetNamespace="urn:x">
  <xsd:include schemaLocation="common/types.xsd"/>
  <xsd:element name="order" type="x:Order"/>
</xsd:schema>`)},
		"common/types.xsd": {Data: []byte(`<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:y="urn:x" targetNamespace="urn:x">
  <include schemaLocation="simple.xsd"/><include schemaLocation="../order.xsd"/>

  <complexType name="Order"><sequence><element name="number" type="y:Number"/></sequence></complexType>
</schema>`)},
		"common/simple.xsd": {Data: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">

  <xs:simpleType name="Number"><xs:restriction base="Text"/></xs:simpleType>
  <xs:simpleType name="Text"><xs:restriction base="xs:string"><xs:maxLength value="9"/></xs:restriction></xs:simpleType>
</xs:schema>`)},
	}
	open := func(files fstest.MapFS) *schema.XSD {
		x, err := schema.XSDFiles{Read: func(name string) ([]byte, error) { return fs.ReadFile(files, name) }}.CompileFiles("order.xsd")
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	before, after := open(one), open(several)
	for _, pair := range [][2]*schema.XSD{{before, after}, {after, before}} {
		if all, err := CompareXSD(pair[0], pair[1]); err != nil || len(all) > 0 {
			t.Errorf("the same schema in other files differs: %v, %v", all, err)
		}
	}
	several["common/types.xsd"].Data = []byte(strings.Replace(string(several["common/types.xsd"].Data), `name="number"`, `name="number" minOccurs="0"`, 1))
	all, err := CompareXSD(before, open(several))
	if err != nil || len(all) != 1 || all[0].ID != "xsd-became-optional" || all[0].Where != "common/types.xsd:4" {
		t.Errorf("found %+v, %v; want one change at common/types.xsd:4", all, err)
	}
}
