package schema

import (
	"slices"
	"strings"
	"testing"
)

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
			[]Violation{{Path: "/orderRequest/orders/order[1]/status/@xsi:type", Kind: Type, Expected: "no other type than that of the element", Actual: `"Order"`, Schema: line(t, `name="status"`)}}},
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
