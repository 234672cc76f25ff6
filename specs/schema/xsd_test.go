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
		{"xs:int", " 5 ", true}, {"xs:date", " 2026-01-31 ", true}, {"xs:dateTime", " 2026-01-31T08:00:00 ", true}, {"xs:long", "5\n", true}, {"xs:gYear", " 2026 ", false},
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
		{"import", "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n<xs:include schemaLocation=\"b.xsd\"/></xs:schema>", "a.xsd:2: the schema was given as one text"},
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
