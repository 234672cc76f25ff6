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
		bothForms(t, name, definitions)
	}
}

// What refers, what is open, and what lies between bounds, can be made as well.
func TestSamplesOfHardXSDs(t *testing.T) {
	bounds := func(base string, facets ...string) string {
		var out strings.Builder
		for _, f := range facets {
			keyword, value, _ := strings.Cut(f, "=")
			inner := ""
			for _, one := range strings.Split(value, "…") {
				inner += `<xs:` + keyword + ` value="` + one + `"/>`
				keyword = strings.Replace(keyword, "min", "max", 1)
			}
			out.WriteString(restricted("xs:"+base, inner))
		}
		return out.String()
	}
	any := func(attributes string) string {
		return `<xs:element name="known" type="xs:string"/><xs:element name="deep"><xs:complexType><xs:sequence><xs:element name="x" type="xs:date"/></xs:sequence><xs:attribute name="of" type="xs:int" use="required"/></xs:complexType></xs:element>` +
			root(`<xs:sequence><xs:element name="a" type="xs:int"/><xs:any `+attributes+`/><xs:element name="z" type="xs:int"/></xs:sequence>`)
	}
	const key = `<xs:key name="K"><xs:selector xpath="t:parties/t:party"/><xs:field xpath="@id"/></xs:key>`
	parties := func(more string) string {
		return `<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="parties"><xs:complexType><xs:sequence><xs:element name="party" minOccurs="2" maxOccurs="4"><xs:complexType><xs:sequence><xs:element name="code" type="xs:token"/></xs:sequence><xs:attribute name="id" use="required" type="xs:int"/></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>` +
			`<xs:element name="leg" minOccurs="3" maxOccurs="5"><xs:complexType><xs:sequence><xs:element name="by" type="xs:int"/><xs:element name="code" type="xs:token"/></xs:sequence><xs:attribute name="to" type="xs:int"/></xs:complexType></xs:element></xs:sequence></xs:complexType>` + more + `</xs:element>`
	}
	for name, definitions := range map[string]string{
		"any, lax":                 any(`processContents="lax"`),
		"any, skip, other":         any(`processContents="skip" namespace="##other"`),
		"any, skip, local":         any(`processContents="skip" namespace="##local" minOccurs="2" maxOccurs="3"`),
		"any, lax, named":          any(`processContents="lax" namespace="urn:one urn:two"`),
		"any, strict, target":      any(`namespace="##targetNamespace"`),
		"any, strict, twice":       any(`namespace="##targetNamespace" minOccurs="2" maxOccurs="unbounded"`),
		"any, in a choice":         root(`<xs:choice><xs:any namespace="##other" processContents="lax"/><xs:element name="b" type="xs:int"/></xs:choice>`),
		"keyref to an attribute":   parties(key + `<xs:keyref name="R" refer="t:K"><xs:selector xpath="t:leg"/><xs:field xpath="@to"/></xs:keyref>`),
		"keyref to an element":     parties(`<xs:key name="K"><xs:selector xpath=".//t:party"/><xs:field xpath="t:code"/></xs:key><xs:keyref name="R" refer="t:K"><xs:selector xpath=".//t:leg"/><xs:field xpath="t:code"/></xs:keyref>`),
		"keyref of two fields":     parties(`<xs:key name="K"><xs:selector xpath=".//t:party"/><xs:field xpath="t:code"/><xs:field xpath="@id"/></xs:key><xs:keyref name="R" refer="t:K"><xs:selector xpath="t:leg"/><xs:field xpath="t:code"/><xs:field xpath="t:by"/></xs:keyref>`),
		"lists":                    root(`<xs:sequence>` + listed("xs:int", `<xs:length value="3"/>`) + listed("xs:date", `<xs:minLength value="2"/><xs:maxLength value="4"/>`) + listed("xs:decimal", ``) + listed("xs:token", `<xs:minLength value="2"/>`) + restricted("xs:NMTOKENS", `<xs:length value="2"/>`) + `<xs:element name="n" type="xs:NMTOKENS"/></xs:sequence><xs:attribute name="l" use="required">` + list("xs:boolean", `<xs:length value="2"/>`) + `</xs:attribute>`),
		"list of a union":          `<xs:simpleType name="U"><xs:union memberTypes="xs:date xs:int"/></xs:simpleType>` + root(`<xs:sequence>`+listed("t:U", `<xs:length value="3"/>`)+`</xs:sequence>`),
		"bounds of dates":          root(`<xs:sequence>` + bounds("date", "minExclusive=2030-01-01", "maxExclusive=2020-01-01", "minInclusive=2024-02-28…2024-03-01", "minExclusive=2024-02-28…2024-03-01", "minExclusive=2024-02-28Z…2024-03-02Z") + `</xs:sequence>`),
		"bounds of moments":        root(`<xs:sequence>` + bounds("dateTime", "minExclusive=2030-01-01T00:00:00", "maxExclusive=2020-01-01T00:00:00+02:00", "minExclusive=2024-02-28T23:59:59…2024-02-29T00:00:00", "minInclusive=2024-02-28T23:59:59Z…2024-02-28T23:59:59Z") + `</xs:sequence>`),
		"bounds of times":          root(`<xs:sequence>` + bounds("time", "minExclusive=08:00:00…17:30:00", "maxExclusive=06:00:00", "minInclusive=22:00:00") + `</xs:sequence>`),
		"bounds of parts of dates": root(`<xs:sequence>` + bounds("gYear", "minExclusive=1999…2010", "maxExclusive=1900") + bounds("gYearMonth", "minExclusive=1999-11…2000-02") + bounds("gMonthDay", "minExclusive=--03-01…--03-05") + restricted("xs:gYear", `<xs:minInclusive value="2030"/><xs:pattern value=".*5"/>`) + bounds("gMonth", "minExclusive=--03…--06") + bounds("gDay", "minExclusive=---03…---06") + `</xs:sequence>`),
		"bounds of durations":      root(`<xs:sequence>` + bounds("duration", "minExclusive=P1D", "maxExclusive=P1D", "minExclusive=PT1S…PT2S", "minInclusive=P1Y…P3Y", "minExclusive=P1Y…P1Y2M", "minExclusive=P2M", "maxExclusive=-PT1H", "minExclusive=P1DT12H…P2D", "maxInclusive=P2Y") + `</xs:sequence>`),
		"bounds of numbers":        root(`<xs:sequence>` + bounds("decimal", "minExclusive=0…1", "minExclusive=0.05…0.07", "minExclusive=99999999999999999998…100000000000000000000", "minInclusive=12345678901234567890.12", "maxExclusive=-0.001") + bounds("double", "minExclusive=1.0E5", "maxExclusive=-1e-3", "minInclusive=.5…+1.5") + bounds("float", "minExclusive=0…1") + bounds("unsignedLong", "minExclusive=18446744073709551613") + bounds("integer", "minInclusive=123456789012345678901234") + `</xs:sequence>`),
		"spellings of values":      root(`<xs:sequence>` + restricted("xs:decimal", `<xs:enumeration value=".50"/>`) + restricted("xs:int", `<xs:enumeration value="+007"/>`) + `<xs:element name="b" type="xs:boolean" fixed="1"/><xs:element name="d" type="xs:decimal" fixed="00.5"/></xs:sequence>`),
		"turns":                    root(`<xs:sequence minOccurs="2" maxOccurs="4"><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:date"/></xs:sequence>`),
		"digits":                   root(`<xs:sequence>` + restricted("xs:decimal", `<xs:minExclusive value="0.05"/><xs:maxExclusive value="0.07"/><xs:fractionDigits value="2"/>`) + restricted("xs:decimal", `<xs:minExclusive value="0"/><xs:totalDigits value="2"/><xs:fractionDigits value="2"/>`) + restricted("xs:decimal", `<xs:totalDigits value="20"/><xs:fractionDigits value="3"/><xs:minInclusive value="10000000000000000"/>`) + restricted("xs:integer", `<xs:totalDigits value="3"/><xs:minInclusive value="100"/>`) + `</xs:sequence>`),
		"bound and pattern":        root(`<xs:sequence>` + restricted("xs:dateTime", `<xs:minExclusive value="2030-01-01T00:00:00"/><xs:pattern value="[^Z]*"/>`) + restricted("xs:date", `<xs:minInclusive value="2030-01-01"/><xs:pattern value="\d{4}-\d{2}-01"/>`) + `</xs:sequence>`),
		"nillable and complex":     `<xs:complexType name="P"><xs:sequence><xs:element name="n" type="xs:int"/></xs:sequence></xs:complexType><xs:complexType name="Q"><xs:sequence><xs:element name="n" type="xs:int"/></xs:sequence><xs:attribute name="k" type="xs:int" use="required"/></xs:complexType>` + root(`<xs:sequence><xs:element name="p" type="t:P" nillable="true"/><xs:element name="q" type="t:Q" nillable="true"/></xs:sequence>`),
		"a derived type":           `<xs:complexType name="P"><xs:sequence><xs:element name="n" type="xs:int"/></xs:sequence></xs:complexType><xs:complexType name="Q"><xs:complexContent><xs:extension base="t:P"><xs:sequence><xs:element name="m" type="xs:int"/></xs:sequence><xs:attribute name="k" type="xs:int" use="required"/></xs:extension></xs:complexContent></xs:complexType>` + root(`<xs:sequence><xs:element name="p" type="t:P"/></xs:sequence>`),
		"a derived type, simple":   `<xs:complexType name="P"><xs:simpleContent><xs:extension base="xs:int"/></xs:simpleContent></xs:complexType><xs:complexType name="Q"><xs:simpleContent><xs:extension base="t:P"><xs:attribute name="k" type="xs:int" use="required"/></xs:extension></xs:simpleContent></xs:complexType>` + root(`<xs:sequence><xs:element name="p" type="t:P"/></xs:sequence>`),
	} {
		bothForms(t, name, definitions)
	}
}

func list(item, facets string) string {
	return `<xs:simpleType><xs:restriction><xs:simpleType><xs:list itemType="` + item + `"/></xs:simpleType>` + facets + `</xs:restriction></xs:simpleType>`
}

func listed(item, facets string) string {
	restrictions++
	return fmt.Sprintf(`<xs:element name="f%d">%s</xs:element>`, restrictions, list(item, facets))
}

func bothForms(t *testing.T, name, definitions string) {
	t.Helper()
	for _, form := range []string{"qualified", "unqualified"} {
		t.Run(name+"/"+form, func(t *testing.T) {
			xsd := `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="` + form + `">` + definitions + `</xs:schema>`
			if form == "unqualified" {
				for path := range strings.SplitSeq(xsd, `xpath="`) {
					path, _, _ = strings.Cut(path, `"`)
					xsd = strings.ReplaceAll(xsd, `xpath="`+path+`"`, `xpath="`+strings.ReplaceAll(path, "t:", "")+`"`)
				}
			}
			samplesAreValid(t, xsd)
		})
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
