package schema

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

func ordersXSD(t testing.TB) *XSD {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", "orders.xsd"))
	if err != nil {
		t.Fatal(err)
	}
	x, err := CompileXSD("orders.xsd", source)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func forRoot(t testing.TB, x *XSD, root string) *XMLValidator {
	t.Helper()
	v, err := x.ForRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// line finds the line of the test schema that holds a text, so that the tests
// say what they mean and not where it stands today.
func line(t testing.TB, text string) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("testdata", "orders.xsd"))
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range strings.Split(string(source), "\n") {
		if strings.Contains(l, text) {
			return fmt.Sprintf("orders.xsd:%d", i+1)
		}
	}
	t.Fatalf("the test schema has no line with %s", text)
	return ""
}

const wholeOrder = `<order sequence="1"><customer>ACME</customer><erpNumber/><status>NEW</status><quantity>5</quantity></order>`

func request(orders string) string {
	return `<orderRequest version="1.0" login="demo" password="demo"><orders>` + orders + `</orders></orderRequest>`
}

func TestXSDViolations(t *testing.T) {
	v := forRoot(t, ordersXSD(t), "orderRequest")
	for _, c := range []struct {
		name, reason, body string
		want               []Violation // without lines of the body
	}{
		{"valid", "nothing to say", request(wholeOrder), nil},
		{"all optional", "every optional field present", request(`<order sequence="1"><customer>A</customer><erpNumber>12</erpNumber><status>DONE</status><quantity>1</quantity><amount>37.50</amount><pickup>2026-01-31</pickup><remark>x</remark><remark>y</remark></order>`), nil},
		{"missing in the middle", "named by its own path, and what follows is still judged",
			request(`<order sequence="1"><customer>ACME</customer><quantity>x</quantity></order>`),
			[]Violation{
				{Path: "/orderRequest/orders/order[1]/status", Kind: Missing, Expected: "one of NEW, DONE", Actual: "absent", Schema: line(t, `name="status"`)},
				{Path: "/orderRequest/orders/order[1]/quantity", Kind: Type, Expected: "integer from 1 to 999", Actual: `"x"`, Schema: line(t, `name="quantity"`)},
			}},
		{"missing at the end", "the parent ended too early",
			request(`<order sequence="1"><customer>ACME</customer><status>NEW</status></order>`),
			[]Violation{{Path: "/orderRequest/orders/order[1]/quantity", Kind: Missing, Expected: "integer from 1 to 999", Actual: "absent", Schema: line(t, `name="quantity"`)}}},
		{"missing repeated", "a list without its first item",
			request(``),
			[]Violation{{Path: "/orderRequest/orders/order[1]", Kind: Missing, Expected: "an element with customer, status, quantity", Actual: "absent", Schema: line(t, `name="order"`)}}},
		{"missing attribute", "named with @",
			request(strings.Replace(wholeOrder, ` sequence="1"`, "", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/@sequence", Kind: Missing, Expected: "integer of at least 1", Actual: "absent", Schema: line(t, `name="sequence"`)}}},
		{"unknown element", "reported and not fatal, and the siblings behind it are judged",
			request(`<order sequence="1"><customer>ACME</customer><colour>red</colour><status>NEW</status><quantity>0</quantity></order>`),
			[]Violation{
				{Path: "/orderRequest/orders/order[1]/colour", Kind: Unexpected, Expected: "no element of this name", Actual: `the element colour with "red"`, Schema: line(t, `name="Order"`), Soft: true},
				{Path: "/orderRequest/orders/order[1]/quantity", Kind: Range, Expected: "integer from 1 to 999", Actual: `"0"`, Schema: line(t, `name="quantity"`)},
			}},
		{"unknown in a namespace", "a known name in a foreign namespace is another element",
			request(`<order sequence="1"><customer>ACME</customer><x:status xmlns:x="urn:x">NEW</x:status><status>NEW</status><quantity>1</quantity></order>`),
			[]Violation{{Path: "/orderRequest/orders/order[1]/status[1]", Kind: Unexpected, Expected: "no element of this name", Actual: `the element status in the namespace "urn:x" with "NEW"`, Schema: line(t, `name="Order"`), Soft: true}}},
		{"unknown attribute", "reported and not fatal",
			request(strings.Replace(wholeOrder, `sequence="1"`, `sequence="1" colour="red"`, 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/@colour", Kind: Unexpected, Expected: "no attribute of this name", Actual: `the attribute colour with "red"`, Schema: line(t, `name="order"`), Soft: true}}},
		{"order", "only the one that moved is named",
			request(`<order sequence="1"><status>NEW</status><customer>ACME</customer><erpNumber/><quantity>5</quantity></order>`),
			[]Violation{{Path: "/orderRequest/orders/order[1]/status", Kind: Order, Expected: "after erpNumber", Actual: "the first element", Schema: line(t, `name="status"`)}}},
		{"too many", "a third remark of two",
			request(strings.Replace(wholeOrder, "</order>", "<remark>a</remark><remark>b</remark><remark>c</remark><remark>d</remark></order>", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/remark[3]", Kind: Length, Expected: "at most 2 remark", Actual: "4", Schema: line(t, `name="remark"`)}}},
		{"twice", "a single field given twice",
			request(strings.Replace(wholeOrder, "<status>", "<customer>B</customer><status>", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/customer[2]", Kind: Length, Expected: "at most 1 customer", Actual: "2", Schema: line(t, `name="customer"`)}}},
		{"type in a union", "the empty alternative is mentioned last",
			request(strings.Replace(wholeOrder, "<erpNumber/>", "<erpNumber>abc</erpNumber>", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/erpNumber", Kind: Type, Expected: "integer of 32 bits or nothing", Actual: `"abc"`, Schema: line(t, `name="erpNumber"`)}}},
		{"range in a union", "an integer that is too large is a range, not a type",
			request(strings.Replace(wholeOrder, "<erpNumber/>", "<erpNumber>99999999999</erpNumber>", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/erpNumber", Kind: Range, Expected: "integer of 32 bits or nothing", Actual: `"99999999999"`, Schema: line(t, `name="erpNumber"`)}}},
		{"enum", "the allowed values are listed",
			request(strings.Replace(wholeOrder, "NEW", "OLD", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/status", Kind: Enum, Expected: "one of NEW, DONE", Actual: `"OLD"`, Schema: line(t, `name="status"`)}}},
		{"empty value", "an empty element where a value must be",
			request(strings.Replace(wholeOrder, "<status>NEW</status>", "<status/>", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/status", Kind: Enum, Expected: "one of NEW, DONE", Actual: `nothing`, Schema: line(t, `name="status"`)}}},
		{"pattern", "the regular expression is shown",
			request(strings.Replace(wholeOrder, "</order>", "<amount>1,5</amount></order>", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/amount", Kind: Pattern, Expected: `text matching [0-9]+(\.[0-9]{1,2})?`, Actual: `"1,5"`, Schema: line(t, `name="amount"`)}}},
		{"format", "a date that is none",
			request(strings.Replace(wholeOrder, "</order>", "<pickup>31.01.2026</pickup></order>", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/pickup", Kind: Format, Expected: "date (YYYY-MM-DD)", Actual: `"31.01.2026"`, Schema: line(t, `name="pickup"`)}}},
		{"length", "too long a text",
			request(strings.Replace(wholeOrder, "ACME", "ABCDEFGHIJK", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/customer", Kind: Length, Expected: "text of 1 to 10 characters", Actual: `"ABCDEFGHIJK" (11 characters)`, Schema: line(t, `name="customer"`)}}},
		{"fixed", "another version than the only one",
			strings.Replace(request(wholeOrder), `version="1.0"`, `version="2.0"`, 1),
			[]Violation{{Path: "/orderRequest/@version", Kind: Value, Expected: `"1.0"`, Actual: `"2.0"`, Schema: line(t, `name="version"`)}}},
		{"secret", "a password is never shown",
			strings.Replace(request(wholeOrder), `password="demo"`, `password="far-too-long-hunter2"`, 1),
			[]Violation{{Path: "/orderRequest/@password", Kind: Length, Expected: `text of at most 8 characters`, Actual: "*** (20 characters)", Schema: line(t, `name="password"`)}}},
		{"attribute range", "one violation, and none for what cannot be compared",
			request(strings.Replace(wholeOrder, `sequence="1"`, `sequence="0"`, 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/@sequence", Kind: Range, Expected: "integer of at least 1", Actual: `"0"`, Schema: line(t, `name="sequence"`)}}},
		{"duplicate", "xs:unique names the field, not only the element",
			request(wholeOrder + wholeOrder),
			[]Violation{{Path: "/orderRequest/orders/order[2]/@sequence", Kind: Value, Expected: "a value that is used only once", Actual: `a duplicate of "1"`, Schema: line(t, `<xs:unique`)}}},
		{"text between elements", "not an unknown field, and the fields are judged",
			request(strings.Replace(wholeOrder, "<status>NEW", "////note<status>BAD", 1)),
			[]Violation{
				{Path: "/orderRequest/orders/order[1]", Kind: Unexpected, Expected: "no text between the elements", Actual: `the text "////note"`, Schema: line(t, `name="order"`)},
				{Path: "/orderRequest/orders/order[1]/status", Kind: Enum, Expected: "one of NEW, DONE", Actual: `"BAD"`, Schema: line(t, `name="status"`)},
			}},
		{"elements in a text", "a value with structure",
			request(strings.Replace(wholeOrder, "NEW", "<b>NEW</b>", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/status", Kind: Type, Expected: "text without elements: one of NEW, DONE", Actual: "the element b", Schema: line(t, `name="status"`)}}},
		{"extra beside a wrong value", "an attribute where only text is declared does not hide what is wrong with the text",
			request(strings.Replace(wholeOrder, "<status>NEW", `<status lang="de">BAD`, 1)),
			[]Violation{
				{Path: "/orderRequest/orders/order[1]/status/@lang", Kind: Unexpected, Expected: "no attribute of this name", Actual: `the attribute lang with "de"`, Schema: line(t, `name="status"`), Soft: true},
				{Path: "/orderRequest/orders/order[1]/status", Kind: Enum, Expected: "one of NEW, DONE", Actual: `"BAD"`, Schema: line(t, `name="status"`)},
			}},
		{"schema location", "a hint of the sender is neither followed nor an unknown field",
			strings.Replace(request(wholeOrder), "<orderRequest ", `<orderRequest xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/x.xsd" `, 1),
			nil},
		{"xsi:type", "nobody may choose another type",
			request(strings.Replace(wholeOrder, "<status>", `<status xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Order">`, 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/status/@xsi:type", Kind: Type, Expected: "a type that the schema allows here", Actual: "another xsi:type", Schema: line(t, `name="status"`)}}},
		{"xsi:nil", "nothing is nillable",
			request(strings.Replace(wholeOrder, "<status>NEW</status>", `<status xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`, 1)),
			[]Violation{
				{Path: "/orderRequest/orders/order[1]/status/@xsi:nil", Kind: Unexpected, Expected: "no xsi:nil", Actual: "xsi:nil", Schema: line(t, `name="status"`)},
				{Path: "/orderRequest/orders/order[1]/status", Kind: Enum, Expected: "one of NEW, DONE", Actual: "nothing", Schema: line(t, `name="status"`)},
			}},
		{"inferred", "the rule's basis is told",
			request(strings.Replace(wholeOrder, "</order>", "<guess>x</guess></order>", 1)),
			[]Violation{{Path: "/orderRequest/orders/order[1]/guess", Kind: Type, Expected: "integer", Actual: `"x"`, Schema: line(t, `name="guess"`), Basis: "inferred"}}},
		{"wrong root", "nothing else is said about a body that is another message",
			`<orderResponse><nonsense/></orderResponse>`,
			[]Violation{{Path: "/orderResponse", Kind: Value, Expected: "the root element orderRequest", Actual: "orderResponse", Schema: line(t, `name="orderRequest"`)}}},
		{"unknown root", "no global element at all",
			`<foo/>`,
			[]Violation{{Path: "/foo", Kind: Value, Expected: "the root element orderRequest", Actual: "foo", Schema: line(t, `name="orderRequest"`)}}},
		{"root in a namespace", "the schema has none",
			`<orderRequest xmlns="urn:x"/>`,
			[]Violation{{Path: "/orderRequest", Kind: Value, Expected: "the root element orderRequest in no namespace", Actual: `orderRequest in the namespace "urn:x"`, Schema: line(t, `name="orderRequest"`)}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got, err := v.Judge([]byte(c.body), "")
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				if got[i].Line != 1 {
					t.Errorf("violation %d is said to be on line %d of a body of one line", i, got[i].Line)
				}
				got[i].Line = 0
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s\n got %+v\nwant %+v", c.reason, got, c.want)
			}
		})
	}
}

func TestXSDFindsEverythingAtOnce(t *testing.T) {
	v := forRoot(t, ordersXSD(t), "orderRequest")
	body := strings.ReplaceAll(`<orderRequest login="x" password="y" extra="1">
<orders>
<order sequence="0">
<status>BAD</status>
<customer/>
<colour>red</colour>
<quantity>9999</quantity>
<amount>x</amount>
<taste>sweet</taste>
<pickup>soon</pickup>
</order>
<order>
<customer>A</customer>
<status>NEW</status>
</order>
</orders>
</orderRequest>`, "\r", "")
	tree, got, err := v.Judge([]byte(body), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range got {
		if n := tree.At(v.Path); n != nil && tree.Path(n) != v.Path {
			t.Errorf("the tree calls it %s, the violation %s", tree.Path(n), v.Path)
		}
	}
	want := []string{
		"1 unexpected /orderRequest/@extra", "1 missing /orderRequest/@version",
		"3 range /orderRequest/orders/order[1]/@sequence",
		"4 order /orderRequest/orders/order[1]/status", "4 enum /orderRequest/orders/order[1]/status",
		"5 length /orderRequest/orders/order[1]/customer",
		"6 unexpected /orderRequest/orders/order[1]/colour",
		"7 range /orderRequest/orders/order[1]/quantity",
		"8 pattern /orderRequest/orders/order[1]/amount",
		"9 unexpected /orderRequest/orders/order[1]/taste",
		"10 format /orderRequest/orders/order[1]/pickup",
		"12 missing /orderRequest/orders/order[2]/@sequence",
		"12 missing /orderRequest/orders/order[2]/quantity",
	}
	var said []string
	for _, v := range got {
		said = append(said, fmt.Sprintf("%d %s %s", v.Line, v.Kind, v.Path))
	}
	slices.Sort(said)
	slices.Sort(want)
	if !slices.Equal(said, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
	}
}

func TestXSDStrictMakesExtrasHard(t *testing.T) {
	v := forRoot(t, ordersXSD(t), "orderRequest")
	body := []byte(request(strings.Replace(wholeOrder, `sequence="1">`, `sequence="1" a="b"><c/>`, 1)))
	_, lenient, _ := v.Judge(body, "")
	_, strict, _ := v.Strict().Judge(body, "")
	if len(lenient) != 2 || len(Hard(lenient)) != 0 {
		t.Errorf("lenient: two soft violations were expected, found %+v", lenient)
	}
	if len(Hard(strict)) != 2 {
		t.Errorf("strict: two hard violations were expected, found %+v", strict)
	}
}

// A body must not get through by hiding a fault behind more extras than are listed.
func TestXSDExtrasHideNothing(t *testing.T) {
	v := forRoot(t, ordersXSD(t), "orderRequest")
	for _, c := range []struct{ name, body string }{
		{"in one order", request(strings.Replace(wholeOrder, "<customer>", strings.Repeat("<x/>", 500)+"<customer>", 1) + strings.Replace(wholeOrder, ` sequence="1"`, "", 1))},
		{"in many orders", request(manyOrders(20_000, `<x/>`) + strings.Replace(wholeOrder, "NEW", "BAD", 1))},
		{"attributes", request(manyOrders(20_000, ``, `a="1"`) + strings.Replace(wholeOrder, "NEW", "BAD", 1))},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got, err := v.Judge([]byte(c.body), "")
			if err != nil {
				t.Fatal(err)
			}
			if len(Hard(got)) == 0 {
				t.Errorf("%d violations, none of them hard", len(got))
			}
			if len(got) > MaxViolations+2 {
				t.Errorf("%d violations, more than are ever listed", len(got))
			}
		})
	}
}

func manyOrders(n int, child string, attributes ...string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<order sequence="%d" %s><customer>A</customer>%s<status>NEW</status><quantity>1</quantity></order>`, i+10, strings.Join(attributes, " "), child)
	}
	return b.String()
}

func TestXSDContentModels(t *testing.T) {
	v := forRoot(t, ordersXSD(t), "models")
	for _, c := range []struct {
		name, reason, body string
		want               []string
	}{
		{"valid", "", `<models><any><b/><a/></any><pick><two/></pick><mix><p/><q/><p/></mix><pairs><k/><v/><k/><v/></pairs></models>`, nil},
		{"all, missing", "xs:all in any order", `<models><any><b/></any></models>`, []string{"missing /models/any/a"}},
		{"all, twice", "", `<models><any><b/><a/><b/></any></models>`, []string{"length /models/any/b[2]"}},
		{"choice, none", "the alternatives are listed", `<models><pick/></models>`, []string{"missing /models/pick/one: one of the elements one, two"}},
		{"choice, both", "one excludes the other", `<models><pick><one/><two/></pick></models>`, []string{"value /models/pick/two: only one of one, two"}},
		{"mixed list, unknown", "a repeated choice has no order", `<models><mix><p/><z/><q/></mix></models>`, []string{"unexpected /models/mix/z"}},
		{"pairs, broken", "a repeated sequence is explained by the word of libxml2", `<models><pairs><k/><k/></pairs></models>`, []string{"missing /models/pairs/v[1]"}},
		{"wildcard", "extras are described where xs:any is", `<models><open><zz xmlns="urn:z"/></open></models>`, nil},
		{"extended", "the children of the base come first", `<models><more><a/><own/></more></models>`, []string{"missing /models/more/b"}},
		{"recursive", "a type that holds itself", `<models><tree><tree><tree><leaf>x</leaf></tree></tree></tree></models>`, []string{"type /models/tree/tree/tree/leaf"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got, err := v.Judge([]byte(c.body), "")
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for i, v := range got {
				s := string(v.Kind) + " " + v.Path
				if i < len(c.want) && strings.Contains(c.want[i], ": ") {
					s += ": " + v.Expected
				}
				said = append(said, s)
			}
			if !slices.Equal(said, c.want) {
				t.Errorf("%s\n got %q\nwant %q\n%+v", c.reason, said, c.want, got)
			}
		})
	}
}

// What doc.go says about white space; if libxml2 learns better, the page is wrong.
func TestXSDWhiteSpaceAroundValues(t *testing.T) {
	for _, c := range []struct {
		builtin, value string
		accepted       bool
	}{
		{"xs:int", " 5 ", false}, {"xs:date", " 2026-01-31 ", false}, {"xs:dateTime", " 2026-01-31T08:00:00 ", false}, {"xs:long", "5\n", false},
		{"xs:integer", " 5 ", true}, {"xs:decimal", " 5.0 ", true}, {"xs:boolean", " true ", true}, {"xs:double", " 5 ", true}, {"IntOrEmpty", " 5 ", true},
	} {
		x, err := CompileXSD("w.xsd", []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="v" type="`+c.builtin+`"/>
<xs:simpleType name="Empty"><xs:restriction base="xs:string"><xs:maxLength value="0"/></xs:restriction></xs:simpleType>
<xs:simpleType name="IntOrEmpty"><xs:union memberTypes="xs:int Empty"/></xs:simpleType></xs:schema>`))
		if err != nil {
			t.Fatal(err)
		}
		_, got, err := forRoot(t, x, "v").Judge([]byte("<v>"+c.value+"</v>"), "")
		if err != nil || (len(got) == 0) != c.accepted {
			t.Errorf("%s %q: %v %+v, accepted was to be %v", c.builtin, c.value, err, got, c.accepted)
		}
	}
}

func TestXSDValidateJudgesATree(t *testing.T) {
	v := forRoot(t, ordersXSD(t), "orderRequest")
	tree, found, err := v.Judge([]byte(request(wholeOrder)), "")
	if err != nil || found != nil {
		t.Fatal(err, found)
	}
	if got := v.Validate(tree); got != nil {
		t.Errorf("a valid tree: %+v", got)
	}
	if err := tree.Set("/orderRequest/orders/order[1]/status", &payload.Node{Kind: payload.String, Value: "a<b&"}); err != nil {
		t.Fatal(err)
	}
	got := v.Validate(tree)
	if len(got) != 1 || got[0].Kind != Enum || got[0].Path != "/orderRequest/orders/order[1]/status" || got[0].Actual != `"a<b&"` {
		t.Errorf("one enum violation was expected, found %+v", got)
	}
	if got := v.Validate(&payload.Tree{Format: payload.JSON}); len(got) != 1 || got[0].Kind != Malformed {
		t.Errorf("a JSON tree: %+v", got)
	}
}

func TestXSDNamespaces(t *testing.T) {
	for _, form := range []string{"qualified", "unqualified"} {
		x, err := CompileXSD("n.xsd", []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="`+form+`">
<xs:element name="r" type="t:R"/><xs:complexType name="R"><xs:sequence><xs:element name="n" type="xs:int"/></xs:sequence></xs:complexType></xs:schema>`))
		if err != nil {
			t.Fatal(err)
		}
		v := forRoot(t, x, "r")
		body := `<r xmlns="urn:t"><n>x</n></r>`
		if form == "unqualified" {
			body = `<p:r xmlns:p="urn:t"><n>x</n></p:r>`
		}
		tree, got, err := v.Judge([]byte(body), "")
		if err != nil || len(got) != 1 || got[0].Path != "/r/n" || got[0].Kind != Type {
			t.Errorf("%s: %v %+v", form, err, got)
		}
		if again := v.Validate(tree); len(again) != 1 || again[0].Path != "/r/n" {
			t.Errorf("%s: Validate does not find the same: %+v", form, again)
		}
		if _, got, _ := v.Judge([]byte(`<r><n>1</n></r>`), ""); len(got) != 1 || got[0].Actual != "r in no namespace" {
			t.Errorf("%s, no namespace: %+v", form, got)
		}
	}
}

func TestXSDMalformed(t *testing.T) {
	v := forRoot(t, ordersXSD(t), "orderRequest")
	tree, found, err := v.Judge([]byte("<orderRequest>\n  <a></b>"), "")
	var m *xmlsafe.Malformed
	if tree != nil || found != nil || !errors.As(err, &m) {
		t.Fatalf("an error was expected, found %v %v %v", tree, found, err)
	}
	if got := MalformedViolation(err); got.Kind != Malformed || got.Line != 2 || got.Col != 6 || got.Path != "" {
		t.Errorf("%+v", got)
	}
}

func TestXSDCompileErrors(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"unknown type", "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n<xs:element name=\"a\" type=\"Nope\"/>\n</xs:schema>", "a.xsd:2: "},
		{"not a schema", "<a/>", "a.xsd:1: the root element is <a>"},
		{"not XML", "<a>", "a.xsd:1: "},
		{"empty", "", "a.xsd:1: "},
		{"import", "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n<xs:include schemaLocation=\"b.xsd\"/></xs:schema>", "a.xsd:2: xs:include is not supported"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := CompileXSD("a.xsd", []byte(c.source))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s…", err, c.want)
			}
		})
	}
	if _, err := ordersXSD(t).ForRoot("order"); err == nil || !strings.Contains(err.Error(), "models, orderRequest, orderResponse") {
		t.Errorf("a root that is no global element: %v", err)
	}
}

func TestXSDFields(t *testing.T) {
	x := ordersXSD(t)
	fields := map[string]XMLField{}
	for _, f := range forRoot(t, x, "orderRequest").Fields() {
		fields[f.Path] = f
	}
	status := fields["/orderRequest/orders/order/status"]
	if !status.Required || !status.Leaf || !slices.Equal(status.Enum, []string{"NEW", "DONE"}) || status.Schema != line(t, `name="status"`) {
		t.Errorf("status: %+v", status)
	}
	if f := fields["/orderRequest/orders/order/remark"]; f.Required || !f.Repeated {
		t.Errorf("remark: %+v", f)
	}
	if f := fields["/orderRequest/orders/order/@sequence"]; !f.Attribute || !f.Required || f.Low != "1" {
		t.Errorf("sequence: %+v", f)
	}
	want := map[string]bool{"/orderRequest/orders/order/guess": true, "/orderResponse/hint": true, "/orderResponse/hint/inside": true}
	if got := x.Inferred(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("inferred: got %v, want %v", got, want)
	}
}

// Run with -race. Every goroutine must get its own violations and no others.
func TestXSDConcurrently(t *testing.T) {
	v := forRoot(t, ordersXSD(t), "orderRequest")
	var wait sync.WaitGroup
	for g := range 16 {
		wait.Go(func() {
			bad := fmt.Sprintf("BAD%d", g)
			body := []byte(request(strings.Replace(wholeOrder, "NEW", bad, 1)))
			for range 100 {
				_, got, err := v.Judge(body, "")
				if err != nil || len(got) != 1 || got[0].Actual != fmt.Sprintf("%q", bad) {
					t.Errorf("goroutine %d: %v %+v", g, err, got)
					return
				}
			}
		})
	}
	wait.Wait()
}
