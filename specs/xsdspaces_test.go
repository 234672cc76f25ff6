package specs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// spacesXSD has children of the same name in two namespaces, wildcards of every kind, and
// attributes of another namespace.
const spacesXSD = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" xmlns:o="urn:o" targetNamespace="urn:t" elementFormDefault="FORM">
<xs:import namespace="urn:o" schemaLocation="o.xsd"/>
<xs:import namespace="urn:s" schemaLocation="s.xsd"/>
<xs:element name="name" type="xs:string"/>
<xs:element name="r"><xs:complexType><xs:sequence>
 <xs:element ref="t:name"/><xs:element ref="o:name"/><xs:element ref="o:part" minOccurs="0" maxOccurs="3"/>
 <xs:any namespace="urn:s" minOccurs="1" maxOccurs="3"/>
 <xs:element name="end" type="xs:int"/>
 <xs:any namespace="##local" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
</xs:sequence><xs:attribute ref="o:lang" use="required"/><xs:attribute name="lang" type="xs:int"/><xs:anyAttribute namespace="##other" processContents="lax"/></xs:complexType></xs:element>
</xs:schema>`

const otherXSD = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" targetNamespace="urn:o" elementFormDefault="qualified">
<xs:attribute name="lang" type="xs:language"/>
<xs:element name="name" type="xs:int"/>
<xs:element name="part"><xs:complexType><xs:sequence><xs:element name="name" type="xs:date"/></xs:sequence><xs:attribute name="id" type="xs:int" use="required"/></xs:complexType></xs:element>
</xs:schema>`

const strictXSD = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:o="urn:o" targetNamespace="urn:s">
<xs:import namespace="urn:o" schemaLocation="o.xsd"/>
<xs:element name="name"><xs:complexType><xs:sequence><xs:element name="name" type="xs:int"/><xs:element ref="o:part"/></xs:sequence><xs:attribute name="id" type="xs:int" use="required"/></xs:complexType></xs:element>
</xs:schema>`

// What a wildcard lets in is kept with its namespaces, attributes and repetitions, through
// JSON and back; names that two namespaces share are told apart.
func TestNamespacesSurviveJSON(t *testing.T) {
	for _, form := range []string{"qualified", "unqualified"} {
		t.Run(form, func(t *testing.T) {
			main := strings.Replace(spacesXSD, "FORM", form, 1)
			dir := t.TempDir()
			for name, text := range map[string]string{"r.xsd": main, "o.xsd": otherXSD, "s.xsd": strictXSD} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			c, err := specs.OpenDocument(fstest.MapFS{
				"api.yaml":  {Data: []byte("openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {/r: {post: {operationId: r, requestBody: {content: {application/xml: {x-xsd: 'r.xsd#r'}}}, responses: {'204': {description: done}}}}}\n")},
				"xsd/r.xsd": {Data: []byte(main)}, "xsd/o.xsd": {Data: []byte(otherXSD)}, "xsd/s.xsd": {Data: []byte(strictXSD)},
			}, "api.yaml")
			if err != nil {
				t.Fatal(err)
			}
			m := c.Operation("r").RequestBody.Media[0]
			end := "<t:end>1</t:end>"
			if form == "unqualified" {
				end = "<end>1</end>"
			}
			sent := []byte(`<t:r xmlns:t="urn:t" xmlns:p="urn:o" xmlns:q="urn:q" p:lang="de" lang="4" q:more="yes"><t:name>text</t:name><p:name>7</p:name>` +
				`<p:part id="1"><p:name>2026-01-01</p:name></p:part><s:name xmlns:s="urn:s" id="6"><name>8</name><p:part id="3"><p:name>2026-01-02</p:name></p:part></s:name><s:name xmlns:s="urn:s" id="7"><name>9</name><p:part id="3"><p:name>2026-01-03</p:name></p:part></s:name>` + end +
				`<free at="1">text<x/></free><free><q:deep q:k="v">a</q:deep><q:deep>b</q:deep></free></t:r>`)
			tree, found := m.Judge(sent, "")
			if len(found) > 0 {
				t.Fatalf("expected a valid body, found %v", found)
			}
			asJSON := m.AsJSON(tree)
			again := m.InNamespace(m.AsXML(asJSON)).XML()
			bodies := []xmlBody{{"sent", sent, m}, {"again", again, m}}
			for seed := range uint64(8) {
				body, _, ok := m.SampleBody(seed)
				if _, found := m.Judge(body, ""); !ok || len(schema.Hard(found)) > 0 {
					t.Fatalf("seed %d: expected a valid body, found %v in %s", seed, found, body)
				}
				bodies = append(bodies, xmlBody{"seed", body, m})
			}
			for i, valid := range xmllint(t, filepath.Join(dir, "r.xsd"), bodies) {
				if !valid {
					t.Errorf("%s: xmllint refuses %s\n%s", bodies[i].title, bodies[i].text, asJSON.JSON())
				}
			}
			for _, kept := range []string{">text<", ">7<", ">8<", ">9<", "2026-01-01", `more="yes"`, `k="v"`, `at="1"`, `lang="4"`, "2026-01-02", "2026-01-03", `id="7"`, ">a<", ">b<", "<x/>"} {
				if !strings.Contains(string(again), kept) {
					t.Errorf("expected %s to be kept, found\n%s\nin between\n%s", kept, again, asJSON.JSON())
				}
			}
		})
	}
}
