package specs_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// The fields of a form are read and written in the style that their encoding says, in a
// form of parts too, and judged as what they are.
func TestStylesOfFormFields(t *testing.T) {
	const list, object = `{type: array, items: {type: integer}, minItems: 2}`, `{type: object, required: [r, g], properties: {r: {type: integer}, g: {type: integer}, tags: {type: array, items: {type: string}}}}`
	for _, tc := range []struct {
		name, field, encoding, sent, want string
		wrong                             string // a form in which the field is wrong
	}{
		{"a list with pipes", list, "{style: pipeDelimited}", "f=1%7C2%7C3&other=x", `{"other":"x","f":[1,2,3]}`, "f=1%7Ca"},
		{"a list with spaces", list, "{style: spaceDelimited}", "f=1+2&other=x", `{"other":"x","f":[1,2]}`, "f=1"},
		{"a list with commas", list, "{explode: false}", "f=1%2C2", `{"f":[1,2]}`, "f=1%2Cx"},
		{"a list that is repeated", list, "{style: form}", "f=1&f=2", `{"f":[1,2]}`, "f=1"},
		{"an object in brackets", object, "{style: deepObject}", "f%5Bg%5D=2&f%5Br%5D=1&f%5Btags%5D%5B0%5D=a&other=x", `{"other":"x","f":{"g":2,"r":1,"tags":["a"]}}`, "f%5Br%5D=a&f%5Bg%5D=1"},
		{"an object whose members are fields", object, "{style: form, explode: true}", "g=2&other=x&r=1", `{"other":"x","f":{"g":2,"r":1}}`, "r=a&g=1"},
		{"an object with commas", object, "{explode: false}", "f=r%2C1%2Cg%2C2", `{"f":{"r":1,"g":2}}`, "f=r%2C1%2Cg%2Cx"},
	} {
		for _, mediaType := range []string{"application/x-www-form-urlencoded", "multipart/form-data"} {
			t.Run(tc.name+"/"+mediaType, func(t *testing.T) {
				m := formOf(t, "3.1.0", mediaType, tc.field, tc.encoding).Operation("o").RequestBody.Media[0]
				tree, found := m.Judge(wire(t, mediaType, tc.sent), "")
				if len(found) > 0 || string(tree.JSON()) != tc.want {
					t.Fatalf("expected %s, found %s, %v", tc.want, tree.JSON(), found)
				}
				again, found := m.Judge(m.Write(tree), "")
				if len(found) > 0 || fmt.Sprint(string(again.JSON())) != tc.want {
					t.Errorf("written as %s: expected %s, found %s, %v", m.Write(tree), tc.want, again.JSON(), found)
				}
				if mediaType == "application/x-www-form-urlencoded" && string(m.Write(tree)) != tc.sent {
					t.Errorf("expected %s, found %s", tc.sent, m.Write(tree))
				}
				if _, found := m.Judge(wire(t, mediaType, tc.wrong), ""); len(schema.Hard(found)) == 0 || !strings.HasPrefix(found[0].Path, "/f") {
					t.Errorf("%s: expected something wrong at /f, found %v", tc.wrong, found)
				}
				for seed := range uint64(5) {
					body, _, ok := m.SampleBody(seed)
					if _, found := m.Judge(body, ""); !ok || len(found) > 0 {
						t.Errorf("seed %d: expected a valid form, found %v in %s", seed, found, body)
					}
				}
			})
		}
	}
}

// What an encoding says in vain is told with its line.
func TestEncodingsInVain(t *testing.T) {
	for _, tc := range []struct{ name, version, mediaType, encoding, want string }{
		{"a style of paths", "3.1.0", "application/x-www-form-urlencoded", "{style: matrix}", "d.yaml:7:22: operation o: the style matrix is none for a field of a form"},
		{"brackets around a text", "3.1.0", "application/x-www-form-urlencoded", "{style: deepObject}", "the style deepObject is none for the field f, which is no object"},
		{"parts of 3.0", "3.0.3", "multipart/form-data", "{style: pipeDelimited}", "the style of the field f is of OpenAPI 3.1 in multipart/form-data"},
		{"no form", "3.1.0", "text/csv", "{style: pipeDelimited}", "the style of the field f is not read"},
	} {
		c := formOf(t, tc.version, tc.mediaType, "{type: string}", tc.encoding)
		if all := strings.Join(c.Warnings, "\n"); !strings.Contains(all, tc.want) {
			t.Errorf("%s: expected %q, found\n%s", tc.name, tc.want, all)
		}
	}
}

func formOf(t *testing.T, version, mediaType, field, encoding string) *specs.Contract {
	t.Helper()
	doc := "openapi: " + version + "\ninfo: {title: D, version: '1'}\npaths:\n  /a:\n    post: {operationId: o, responses: {'204': {description: ok}}, requestBody: {content: {" + mediaType +
		": {\n      schema: {type: object, properties: {f: " + field + ", other: {type: string}}},\n      encoding: {f: " + encoding + "}}}}}\n"
	c, err := specs.OpenDocument(fstest.MapFS{"d.yaml": {Data: []byte(doc)}}, "d.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wire writes a form as it is sent: the same fields as parts where the type is one of parts.
func wire(t *testing.T, mediaType, form string) []byte {
	t.Helper()
	if mediaType != "multipart/form-data" {
		return []byte(form)
	}
	var b strings.Builder
	for pair := range strings.SplitSeq(form, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, errName := url.QueryUnescape(name)
		value, errValue := url.QueryUnescape(value)
		if errName != nil || errValue != nil {
			t.Fatal(errName, errValue)
		}
		b.WriteString("--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
	}
	return []byte(b.String() + "--b--\r\n")
}
