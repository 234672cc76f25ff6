package specs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/lint"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

const depot = "../conformance/testdata/depot/depot.yaml"

// Bodies without a schema are tied to the element that their operation tells, and
// what is made of an XSD is valid by it, whatever the seed.
func TestXSDsBesideADocument(t *testing.T) {
	c, err := specs.Open(depot)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"announceDelivery request": "delivery.xsd#delivery", "announceDelivery 201": "delivery.xsd#delivery", "announceDelivery 400": "delivery.xsd#fault",
		"listDeliveries 200": "delivery.xsd#deliveryList", "readDelivery 404": "delivery.xsd#fault", "changeDelivery request": "delivery.xsd#delivery",
		"weigh request": "scale.xsd#weighing", "weigh 200": "scale.xsd#ticket",
	}
	for _, op := range c.Operations {
		check := func(name string, b *specs.Body) {
			if b == nil || len(b.Media) == 0 {
				return
			}
			m := b.Media[0]
			if w := want[op.ID+" "+name]; w != "" && m.Schema != w {
				t.Errorf("%s %s: expected %s, found %q", op.ID, name, w, m.Schema)
			}
			if !m.Mapped() {
				t.Errorf("%s %s does not stand as JSON", op.ID, name)
			}
			for seed := range uint64(40) {
				body, _, ok := m.SampleBody(seed)
				_, found := m.Judge(body, "")
				if !ok || len(found) > 0 {
					t.Fatalf("%s %s, seed %d: expected a valid body, found %v in %s", op.ID, name, seed, found, body)
				}
			}
		}
		check("request", op.RequestBody)
		for _, r := range op.Responses {
			check(r.Status, r.Body)
		}
	}
}

// A body that stands as JSON is the same XML when it is written again.
func TestXMLOfAnXSDAsJSONAndBack(t *testing.T) {
	c, err := specs.Open(depot)
	if err != nil {
		t.Fatal(err)
	}
	const sent = `<delivery xmlns="urn:example:depot" version="1.4"><number>D-1</number><planned>2026-03-01T08:00:00Z</planned><ramp>2</ramp><side>north</side>` +
		`<from><name>A</name><city>Delft</city></from><goods line="1" fragile="true"><weight unit="KG">12.50</weight>` +
		`<parts><part><name>x</name><parts><part><name>y</name></part></parts></part></parts></goods><goods line="2"><weight unit="T">1</weight></goods></delivery>`
	m := c.Operation("announceDelivery").RequestBody.Media[0]
	tree, found := m.Judge([]byte(sent), "")
	if len(found) > 0 {
		t.Fatal(found)
	}
	asJSON := m.AsJSON(tree)
	for path, value := range map[string]string{"/number": "D-1", "/goods/0/line": "1", "/goods/0/weight/#text": "12.50", "/goods/0/weight/unit": "KG",
		"/goods/0/parts/part/0/parts/part/0/name": "y", "/goods/1/weight/unit": "T", "/version": "1.4"} {
		if n := asJSON.At(path); n == nil || n.Value != value {
			t.Errorf("%s: expected %q, found %v", path, value, n)
		}
	}
	// The members may come in any order, as merging leaves them.
	number := asJSON.At("/number")
	number.Detach()
	asJSON.Root.Append(number)
	if back := string(m.InNamespace(m.AsXML(asJSON)).XML()); !strings.HasSuffix(back, strings.Replace(sent, `xmlns="urn:example:depot" version="1.4"`, `version="1.4" xmlns="urn:example:depot"`, 1)) {
		t.Errorf("expected\n%s, found\n%s", sent, back)
	}
}

// A bundle made of a document and a folder of XSDs is consistent and behaves like
// the document.
func TestInitWithXSDs(t *testing.T) {
	from := t.TempDir()
	source, err := os.ReadFile(depot)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(from, "depot.yaml"), source, 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "bundle")
	if err := specs.Init(filepath.Join(from, "depot.yaml"), filepath.Join(filepath.Dir(depot), "xsd"), out); err != nil {
		t.Fatal(err)
	}
	c, err := specs.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range c.Operations {
		if b := c.Behaviour.Operations[op.ID]; b == nil && op.ID != "weigh" {
			t.Errorf("nothing was inferred for %s", op.ID)
		}
		if op.RequestBody != nil && !op.RequestBody.Media[0].Mapped() {
			t.Errorf("the request of %s does not stand as JSON", op.ID)
		}
	}
	for _, f := range lint.Run(c, lint.Options{}) {
		if f.Severity == lint.Error || f.Rule == "source-unknown" {
			t.Errorf("%+v", f)
		}
	}
}

// The XSDs that lie beside a document come along unasked.
func TestInitTakesTheXSDsBesideTheDocument(t *testing.T) {
	out := filepath.Join(t.TempDir(), "bundle")
	if err := specs.Init(depot, "", out); err != nil {
		t.Fatal(err)
	}
	c, err := specs.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range c.Operations {
		if op.RequestBody != nil && !op.RequestBody.Media[0].Mapped() {
			t.Errorf("the request of %s lost its XSD", op.ID)
		}
	}
}

// Whatever an XSD says of a simple value or of what holds it, values made of it are
// valid.
func TestSamplesOfXSDs(t *testing.T) {
	for name, inside := range map[string]string{
		"built-in types": `<xs:sequence>` + elements("string", "normalizedString", "token", "boolean", "decimal", "float", "double", "integer", "nonPositiveInteger",
			"negativeInteger", "long", "int", "short", "byte", "nonNegativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "positiveInteger",
			"dateTime", "date", "time", "duration", "gYear", "gYearMonth", "gMonthDay", "gMonth", "gDay", "anyURI", "base64Binary", "hexBinary", "language", "Name",
			"NCName", "NMTOKEN", "ID") + `</xs:sequence>`,
		"facets": `<xs:sequence>` + restricted("xs:decimal", `<xs:totalDigits value="5"/><xs:fractionDigits value="2"/>`) +
			restricted("xs:int", `<xs:minExclusive value="3"/><xs:maxExclusive value="6"/>`) + restricted("xs:string", `<xs:length value="7"/>`) +
			restricted("xs:string", `<xs:pattern value="[A-Z]{3}-\d{2,4}"/>`) + restricted("xs:string", `<xs:enumeration value="a b"/><xs:enumeration value="c"/>`) +
			restricted("xs:int", `<xs:enumeration value="7"/>`) + restricted("xs:token", `<xs:minLength value="3"/><xs:maxLength value="4"/>`) + `</xs:sequence>`,
		"union and list": `<xs:sequence><xs:element name="u"><xs:simpleType><xs:union memberTypes="xs:int xs:date"/></xs:simpleType></xs:element>` +
			`<xs:element name="l"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element></xs:sequence>`,
		"choices": `<xs:sequence><xs:choice><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:choice>` +
			`<xs:choice minOccurs="0"><xs:element name="c" type="xs:int"/><xs:element name="d" type="xs:int"/></xs:choice>` +
			`<xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="e" type="xs:int"/><xs:element name="f" type="xs:int"/></xs:choice></xs:sequence>`,
		"all":               `<xs:all><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int" minOccurs="0"/></xs:all>`,
		"nothing":           ``,
		"attributes alone":  `<xs:attribute name="a" type="xs:int" use="required"/><xs:attribute name="b" type="xs:date"/>`,
		"fixed":             `<xs:sequence><xs:element name="a" type="xs:string" fixed="x"/></xs:sequence><xs:attribute name="v" type="xs:string" fixed="1.0" use="required"/>`,
		"same name twice":   `<xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence><xs:attribute name="a" type="xs:date" use="required"/>`,
		"optional sequence": `<xs:sequence><xs:sequence minOccurs="0"><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:sequence><xs:element name="c" type="xs:int"/></xs:sequence>`,
		"itself":            `<xs:sequence><xs:element name="a" type="xs:int"/><xs:element ref="r" minOccurs="0" maxOccurs="2"/></xs:sequence>`,
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{
				"api.yaml":  {Data: []byte("openapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths: {/r: {post: {operationId: r, requestBody: {content: {application/xml: {x-xsd: 'r.xsd#r'}}}, responses: {'204': {description: done}}}}}\n")},
				"xsd/r.xsd": {Data: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType>` + inside + `</xs:complexType></xs:element></xs:schema>`)},
			}
			c, err := specs.OpenDocument(files, "api.yaml")
			if err != nil {
				t.Fatal(err)
			}
			m := c.Operation("r").RequestBody.Media[0]
			for seed := range uint64(30) {
				body, _, ok := m.SampleBody(seed)
				if _, found := m.Judge(body, ""); !ok || len(schema.Hard(found)) > 0 {
					t.Fatalf("seed %d: expected a valid body, found %v in %s", seed, found, body)
				}
			}
		})
	}
}

func elements(types ...string) string {
	var b strings.Builder
	for i, name := range types {
		fmt.Fprintf(&b, `<xs:element name="e%d" type="xs:%s" minOccurs="0"/>`, i, name)
	}
	return b.String()
}

var restrictions int

func restricted(base, facets string) string {
	restrictions++
	return fmt.Sprintf(`<xs:element name="f%d"><xs:simpleType><xs:restriction base="%s">%s</xs:restriction></xs:simpleType></xs:element>`, restrictions, base, facets)
}
