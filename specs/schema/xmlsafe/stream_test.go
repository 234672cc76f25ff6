package xmlsafe

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// twoWays has schemas of every kind of rule, with bodies to begin from. What the
// short way of stream.c makes of a body must be what the long way makes of it.
func twoWays() map[string][]string {
	x := func(inside string) string {
		return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">` + inside + `</xs:schema>`
	}
	return map[string][]string{
		benchSchema: {string(hundredOrders()[:0]) + `<request><order sequence="1"><erpNumber>7</erpNumber><customer>M&#252;ller &amp; <![CDATA[<Co>]]></customer><status>NEW</status><amount>1.50</amount><pickup>2026-01-31T08:00:00</pickup><item><name> a <!-- c --> b </name><quantity>2</quantity></item></order>
 <order sequence="2"><erpNumber> 8 </erpNumber><customer/><status>DONE</status><amount>1</amount><pickup>2026-01-31T08:00:00Z</pickup><item><name></name><quantity>1</quantity></item></order></request>`},
		x(`<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="o" maxOccurs="9"><xs:complexType><xs:sequence><xs:element name="k" type="xs:string"/><xs:element name="ref" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType>
<xs:key name="k"><xs:selector xpath="o"/><xs:field xpath="k"/></xs:key><xs:keyref name="kr" refer="k"><xs:selector xpath="o/ref"/><xs:field xpath="."/></xs:keyref></xs:element>`): {
			`<r><o><k>a</k><ref>b</ref></o><o><k>b</k></o></r>`, `<r><o><k>a</k><ref>c</ref></o><o><k>a</k></o></r>`},
		x(`<xs:element name="r"><xs:complexType mixed="true"><xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="b" type="xs:string" nillable="true"/><xs:any processContents="lax" namespace="##other"/></xs:choice><xs:anyAttribute processContents="skip"/></xs:complexType></xs:element>`): {
			`<r>text <b>bold</b> and more</r>`, `<r> <b/> </r>`, `<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><b xsi:nil="true"/></r>`,
			`<r a="1 &lt; 2 &amp;&amp; 3"><p:c xmlns:p="urn:p" p:d="1"/></r>`},
		x(`<xs:element name="r" type="B"/><xs:complexType name="B"><xs:sequence><xs:element name="n" type="xs:int"/></xs:sequence></xs:complexType>
<xs:complexType name="D"><xs:complexContent><xs:extension base="B"><xs:sequence><xs:element name="m" type="xs:int" default="4"/></xs:sequence><xs:attribute name="a" type="xs:date" default="2026-01-01"/></xs:extension></xs:complexContent></xs:complexType>`): {
			`<r><n>1</n></r>`, `<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="D" a="2026-01-02"><n>1</n><m/></r>`},
		x(`<xs:element name="r"><xs:complexType><xs:all><xs:element name="a" type="L" minOccurs="0"/><xs:element name="b" fixed="x" minOccurs="0"/><xs:element name="c" type="U" minOccurs="0"/></xs:all><xs:attribute name="id" type="xs:ID"/></xs:complexType></xs:element>
<xs:simpleType name="L"><xs:list itemType="xs:int"/></xs:simpleType><xs:simpleType name="U"><xs:union memberTypes="xs:int xs:boolean"/></xs:simpleType>`): {
			`<r id="i"><c>true</c><a> 1 2
 3 </a><b>x</b></r>`, `<r><b> x </b><a>1 x</a></r>`},
		`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t" elementFormDefault="qualified"><xs:element name="head" type="xs:string" abstract="true"/><xs:element name="one" substitutionGroup="head" type="xs:string"/>
<xs:element name="r"><xs:complexType><xs:sequence><xs:element ref="head" maxOccurs="3"/></xs:sequence></xs:complexType></xs:element></xs:schema>`: {
			`<t:r xmlns:t="urn:t"><t:one>x</t:one></t:r>`, `<r xmlns="urn:t"><one/><head/></r>`, `<r><one/></r>`},
	}
}

// theLongWay is the schema without the short way.
func theLongWay(s *Schema) *Schema {
	long := *s
	long.streams = false
	return &long
}

func result(s *Schema, body []byte) string {
	tree, issues, err := s.Check(body, "", Limits{})
	if err != nil {
		return "error " + err.Error()
	}
	return fmt.Sprintf("%s%v", dump(tree), issues)
}

func TestTheShortWayIsTaken(t *testing.T) {
	schema := compile(t, benchSchema)
	r, err := enter(schema, hundredOrders())
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	if !r.short() || !r.settled() {
		t.Error("a plain valid body went the long way")
	}
}

func TestBothWaysMakeTheSameOfABody(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"", " ", "x", "1", "<b/>", "<o><k>a</k></o>", "&amp;", "&#65;", "<![CDATA[ <x> ]]>", "<!-- - -->", "\n", ` a="1"`, "&nope;", "]]>", "ä"}
	valid, bodies := 0, 0
	for source, begin := range twoWays() {
		short := compile(t, source)
		long := theLongWay(short)
		for _, start := range begin {
			for range 400 {
				body := start
				for range random.IntN(3) {
					at, cut := random.IntN(len(body)+1), random.IntN(6)
					body = body[:at] + pieces[random.IntN(len(pieces))] + body[min(at+cut, len(body)):]
				}
				one, other := result(short, []byte(body)), result(long, []byte(body))
				if one != other {
					t.Fatalf("%s\nthe short way: %s\nthe long way: %s", body, one, other)
				}
				bodies++
				if strings.HasSuffix(one, "[]") {
					valid++
				}
			}
		}
	}
	if valid < bodies/20 {
		t.Errorf("only %d of %d bodies were valid: the short way was hardly tried", valid, bodies)
	}
}

//fuzz:wire
func FuzzBothWays(f *testing.F) {
	var short []*Schema
	for source, begin := range twoWays() {
		short = append(short, compile(f, source))
		for _, body := range begin {
			f.Add([]byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, s := range short {
			if one, other := result(s, body), result(theLongWay(s), body); one != other {
				t.Errorf("%s\nthe short way: %s\nthe long way: %s", body, one, other)
			}
		}
	})
}
