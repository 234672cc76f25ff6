package xmlsafe

import (
	"fmt"
	"strings"
	"testing"
)

const benchSchema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="request"><xs:complexType><xs:sequence>
<xs:element name="order" maxOccurs="200"><xs:complexType><xs:sequence>
<xs:element name="erpNumber" type="xs:int"/><xs:element name="customer"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="50"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="status"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="NEW"/><xs:enumeration value="DONE"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="amount"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[0-9]+(\.[0-9]{1,2})?"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="pickup" type="xs:dateTime"/>
<xs:element name="item" maxOccurs="5"><xs:complexType><xs:sequence><xs:element name="name" type="xs:string"/><xs:element name="quantity" type="xs:positiveInteger"/></xs:sequence></xs:complexType></xs:element>
</xs:sequence><xs:attribute name="sequence" type="xs:positiveInteger" use="required"/></xs:complexType></xs:element>
</xs:sequence></xs:complexType>
<xs:unique name="seq"><xs:selector xpath="order"/><xs:field xpath="@sequence"/></xs:unique></xs:element></xs:schema>`

// hundredOrders is a body of about 40 KB.
func hundredOrders() []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<request>\n")
	for i := range 100 {
		fmt.Fprintf(&b, "  <order sequence=\"%d\">\n    <erpNumber>%d</erpNumber>\n    <customer>Müller &amp; Söhne Spedition GmbH</customer>\n    <status>NEW</status>\n    <amount>1234.50</amount>\n    <pickup>2026-01-31T08:00:00</pickup>\n    <item>\n      <name>Europalette, %d Kartons</name>\n      <quantity>%d</quantity>\n    </item>\n  </order>\n", i+1, 1000+i, i, i+1)
	}
	b.WriteString("</request>\n")
	return []byte(b.String())
}

// BenchmarkCheck is what a request pays: encoding, scan, parse, validate, tree.
func BenchmarkCheck(b *testing.B) {
	schema, body := compile(b, benchSchema), hundredOrders()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, issues, err := schema.Check(body, "", Limits{}); err != nil || issues != nil {
			b.Fatal(err, issues)
		}
	}
}

// BenchmarkPlainC is the yardstick: parse, validate and free, without a tree,
// limits or errors, in one loop in C.
func BenchmarkPlainC(b *testing.B) {
	schema, body := compile(b, benchSchema), hundredOrders()
	b.SetBytes(int64(len(body)))
	if bad := Yardstick(schema, body, b.N); bad != 0 {
		b.Fatal(bad, "bodies were not valid")
	}
}

func BenchmarkScan(b *testing.B) {
	body := hundredOrders()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if err := Scan(body, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
