package specs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Whatever a schema is built of, what is made by it is valid, here and to xmllint, and
// stays so when it is read as JSON and written again.
func TestSamplesOfWholeXSDs(t *testing.T) {
	const vehicles = `<xs:complexType name="Vehicle" abstract="true"><xs:sequence><xs:element name="plate" type="xs:string"/></xs:sequence><xs:attribute name="id" type="xs:int" use="required"/></xs:complexType>
<xs:complexType name="Truck"><xs:complexContent><xs:extension base="t:Vehicle"><xs:sequence><xs:element name="axles" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
<xs:complexType name="Van"><xs:complexContent><xs:extension base="t:Vehicle"><xs:sequence><xs:element name="seats" type="xs:int"/></xs:sequence><xs:attribute name="long" type="xs:boolean"/></xs:extension></xs:complexContent></xs:complexType>`
	for name, definitions := range map[string]string{
		"abstract type": vehicles + root(`<xs:sequence><xs:element name="vehicle" type="t:Vehicle" maxOccurs="unbounded"/></xs:sequence>`),
		"substitution group": `<xs:element name="leg" type="xs:string" abstract="true"/><xs:element name="road" type="xs:string" substitutionGroup="t:leg"/><xs:element name="sea" substitutionGroup="t:leg"><xs:simpleType><xs:restriction base="xs:string"><xs:length value="2"/></xs:restriction></xs:simpleType></xs:element>` +
			root(`<xs:sequence><xs:element ref="t:leg" maxOccurs="4"/><xs:element name="end" type="xs:int"/></xs:sequence>`),
		"one substitute": `<xs:element name="leg" type="xs:string" abstract="true"/><xs:element name="road" type="xs:string" substitutionGroup="t:leg"/>` + root(`<xs:sequence><xs:element ref="t:leg"/></xs:sequence>`),
		"groups": `<xs:group name="G"><xs:sequence><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int" minOccurs="0"/></xs:sequence></xs:group><xs:attributeGroup name="A"><xs:attribute name="x" type="xs:date" use="required"/></xs:attributeGroup>` +
			root(`<xs:sequence><xs:group ref="t:G"/><xs:element name="c" type="xs:int"/></xs:sequence><xs:attributeGroup ref="t:A"/>`),
		"restriction of a complex type": `<xs:complexType name="B"><xs:sequence><xs:element name="a" type="xs:int" minOccurs="0"/><xs:element name="b" type="xs:string" minOccurs="0"/></xs:sequence><xs:attribute name="k"/></xs:complexType>` +
			`<xs:complexType name="R"><xs:complexContent><xs:restriction base="t:B"><xs:sequence><xs:element name="b" type="xs:token"/></xs:sequence><xs:attribute name="k" use="prohibited"/></xs:restriction></xs:complexContent></xs:complexType>` + root(`<xs:sequence><xs:element name="r1" type="t:R"/></xs:sequence>`),
		"mixed":                      `<xs:complexType name="M" mixed="true"><xs:sequence><xs:element name="b" type="xs:int" minOccurs="0" maxOccurs="3"/></xs:sequence></xs:complexType>` + root(`<xs:sequence><xs:element name="m" type="t:M"/></xs:sequence>`),
		"any":                        root(`<xs:sequence><xs:element name="a" type="xs:int"/><xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax" namespace="##other"/></xs:sequence><xs:anyAttribute processContents="skip"/>`),
		"fixed and default":          root(`<xs:sequence><xs:element name="v" type="xs:decimal" fixed="1.50"/><xs:element name="d" type="xs:string" default="x" minOccurs="0"/></xs:sequence><xs:attribute name="u" fixed="KG" use="required"/><xs:attribute name="w" type="xs:int" default="3"/>`),
		"nillable":                   root(`<xs:sequence><xs:element name="n" type="xs:int" nillable="true"/><xs:element name="e" nillable="true"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="A"/></xs:restriction></xs:simpleType></xs:element></xs:sequence>`),
		"list, union, list of union": `<xs:simpleType name="U"><xs:union memberTypes="xs:date xs:int"/></xs:simpleType><xs:simpleType name="L"><xs:list itemType="t:U"/></xs:simpleType><xs:simpleType name="L3"><xs:restriction base="t:L"><xs:length value="3"/></xs:restriction></xs:simpleType>` + root(`<xs:sequence><xs:element name="u" type="t:U"/><xs:element name="l" type="t:L"/></xs:sequence>`),
		"unique": `<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="i" minOccurs="2" maxOccurs="5"><xs:complexType><xs:attribute name="n" use="required"><xs:simpleType><xs:restriction base="xs:int"><xs:minInclusive value="1"/><xs:maxInclusive value="9"/></xs:restriction></xs:simpleType></xs:attribute></xs:complexType></xs:element></xs:sequence></xs:complexType>` +
			`<xs:unique name="k"><xs:selector xpath="t:i"/><xs:field xpath="@n"/></xs:unique></xs:element>`,
		"ID and IDREF":        root(`<xs:sequence><xs:element name="a" maxOccurs="3" minOccurs="2"><xs:complexType><xs:attribute name="id" type="xs:ID" use="required"/></xs:complexType></xs:element><xs:element name="b"><xs:complexType><xs:attribute name="ref" type="xs:IDREF" use="required"/></xs:complexType></xs:element></xs:sequence>`),
		"durations":           root(`<xs:sequence><xs:element name="d" type="xs:duration"/><xs:element name="g"><xs:simpleType><xs:restriction base="xs:duration"><xs:maxInclusive value="P1D"/></xs:restriction></xs:simpleType></xs:element><xs:element name="p"><xs:simpleType><xs:restriction base="xs:dateTime"><xs:pattern value=".*Z"/></xs:restriction></xs:simpleType></xs:element><xs:element name="h"><xs:simpleType><xs:restriction base="xs:date"><xs:minInclusive value="2030-01-01"/></xs:restriction></xs:simpleType></xs:element></xs:sequence>`),
		"repeated sequence":   root(`<xs:sequence maxOccurs="3"><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:sequence>`),
		"choice of sequences": root(`<xs:choice><xs:sequence><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:sequence><xs:sequence><xs:element name="c" type="xs:int"/><xs:element name="d" type="xs:int"/></xs:sequence></xs:choice>`),
		"itself":              `<xs:complexType name="N"><xs:sequence><xs:element name="name" type="xs:string"/><xs:element name="child" type="t:N" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType><xs:element name="r" type="t:N"/>`,
	} {
		for _, form := range []string{"qualified", "unqualified"} {
			t.Run(name+"/"+form, func(t *testing.T) {
				xsd := `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="` + form + `">` + definitions + `</xs:schema>`
				if form == "unqualified" {
					xsd = strings.NewReplacer(`xpath="t:`, `xpath="`).Replace(xsd)
				}
				samplesAreValid(t, xsd)
			})
		}
	}
}

func root(inside string) string {
	return `<xs:element name="r"><xs:complexType>` + inside + `</xs:complexType></xs:element>`
}

func samplesAreValid(t *testing.T, xsd string) {
	t.Helper()
	files := fstest.MapFS{
		"api.yaml":  {Data: []byte("openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {/r: {post: {operationId: r, requestBody: {content: {application/xml: {x-xsd: 'r.xsd#r'}}}, responses: {'204': {description: done}}}}}\n")},
		"xsd/r.xsd": {Data: []byte(xsd)},
	}
	c, err := specs.OpenDocument(files, "api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "r.xsd")
	if err := os.WriteFile(file, []byte(xsd), 0o600); err != nil {
		t.Fatal(err)
	}
	m := c.Operation("r").RequestBody.Media[0]
	var made []xmlBody
	for seed := range uint64(12) {
		body, _, ok := m.SampleBody(seed)
		tree, found := m.Judge(body, "")
		if !ok || len(schema.Hard(found)) > 0 {
			t.Fatalf("seed %d: expected a valid body, found %v in %s", seed, found, body)
		}
		again := m.InNamespace(m.AsXML(m.AsJSON(tree))).XML()
		made = append(made, xmlBody{fmt.Sprintf("seed %d", seed), body, m}, xmlBody{fmt.Sprintf("seed %d again", seed), again, m})
	}
	for i, valid := range xmllint(t, file, made) {
		if !valid {
			t.Errorf("%s: xmllint refuses %s", made[i].title, made[i].text)
		}
	}
}
