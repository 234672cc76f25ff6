package schema

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// at compiles components/schemas/<name> of a document with those schemas.
func at(t testing.TB, version, schemas, name string, dir Direction, opts JSONOptions) (*JSONValidator, error) {
	t.Helper()
	j, err := NewJSONSchemas(parseTree(t, `{"openapi":"`+version+`","components":{"schemas":`+schemas+`}}`), opts)
	if err != nil {
		t.Fatal(err)
	}
	return j.At("#/components/schemas/"+name, dir)
}

// short drops the words and the positions.
func short(all []Violation) (out []string) {
	for _, v := range all {
		soft := ""
		if v.Soft {
			soft = " soft"
		}
		out = append(out, v.Path+" "+string(v.Kind)+soft)
	}
	return out
}

func TestOpenAPI30(t *testing.T) {
	const schemas = `{
		"N": {"type":"string","nullable":true,"enum":["a"],"maxLength":1},
		"NoNull": {"type":"string"},
		"Any": {},
		"NullableRef": {"nullable":true,"allOf":[{"$ref":"#/components/schemas/NoNull"}]},
		"Sibling": {"properties":{"x":{"$ref":"#/components/schemas/NoNull","nullable":true,"maxLength":1}}},
		"Open": {"type":"number","minimum":1,"exclusiveMinimum":true,"maximum":5,"exclusiveMaximum":false},
		"Int": {"type":"integer"}}`
	tests := []struct {
		name, schema, body string
		want               []string
	}{
		{"nullable takes null whatever else is said", "N", `null`, nil},
		{"nullable judges other values", "N", `"bb"`, []string{" enum"}},
		{"null is no string", "NoNull", `null`, []string{" type"}},
		{"no type takes null", "Any", `null`, nil},
		{"nullable around a reference", "NullableRef", `null`, nil},
		{"nullable around a reference still judges", "NullableRef", `1`, []string{" type"}},
		{"siblings of $ref have no effect", "Sibling", `{"x":"long"}`, nil},
		{"siblings of $ref have no effect on null", "Sibling", `{"x":null}`, []string{"/x type"}},
		{"exclusiveMinimum true", "Open", `1`, []string{" range"}},
		{"exclusiveMaximum false", "Open", `5`, nil},
		{"1.0 is an integer", "Int", `1.0`, nil},
		{"1.5 is not", "Int", `1.5`, []string{" type"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := at(t, "3.0.3", schemas, tt.schema, EitherWay, JSONOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got := v.Validate(parseTree(t, tt.body)); !slices.Equal(short(got), tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestDirection(t *testing.T) {
	const schemas = `{
		"O": {"type":"object","required":["id","pw","n"],"properties":{
			"id":{"type":"string","readOnly":true},"pw":{"type":"string","writeOnly":true},"n":{"type":"string"},
			"byRef":{"$ref":"#/components/schemas/RO"}}},
		"RO": {"type":"string","readOnly":true},
		"Split": {"allOf":[{"$ref":"#/components/schemas/Base"},{"required":["id","n"]}]},
		"Base": {"properties":{"id":{"readOnly":true},"n":{}}}}`
	tests := []struct {
		name, schema string
		dir          Direction
		body         string
		want         []string
	}{
		{"request without the read-only member", "O", Request, `{"pw":"x","n":"y"}`, nil},
		{"request with the read-only member", "O", Request, `{"id":1,"pw":"x","n":"y"}`, []string{"/id unexpected"}},
		{"request with a member that is read-only through its reference", "O", Request, `{"byRef":"1","pw":"x","n":"y"}`, []string{"/byRef unexpected"}},
		{"request still requires the write-only member", "O", Request, `{"n":"y"}`, []string{"/pw missing"}},
		{"response without the write-only member", "O", Response, `{"id":"1","n":"y","byRef":"z"}`, nil},
		{"response with the write-only member", "O", Response, `{"id":"1","n":"y","pw":"x"}`, []string{"/pw unexpected"}},
		{"response requires the read-only member", "O", Response, `{"n":"y"}`, []string{"/id missing"}},
		{"either way requires all and bars none", "O", EitherWay, `{"id":"1","n":"y"}`, []string{"/pw missing"}},
		{"required in another part of an allOf", "Split", Request, `{}`, []string{"/n missing"}},
		{"required in another part of an allOf, response", "Split", Response, `{}`, []string{"/id missing", "/n missing"}},
	}
	for _, version := range []string{"3.0.3", "3.1.0"} {
		for _, tt := range tests {
			t.Run(version+" "+tt.name, func(t *testing.T) {
				v, err := at(t, version, schemas, tt.schema, tt.dir, JSONOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if got := v.Validate(parseTree(t, tt.body)); !slices.Equal(short(got), tt.want) {
					t.Errorf("got %v, want %v", got, tt.want)
				}
			})
		}
	}
}

func TestDiscriminator(t *testing.T) {
	const schemas = `{
		"Event": {"oneOf":[{"$ref":"#/components/schemas/Load"},{"$ref":"#/components/schemas/Unload"},{"$ref":"#/components/schemas/Stop"}],
			"discriminator":{"propertyName":"kind","mapping":{"load":"#/components/schemas/Load","ul":"Unload","gone":"Nowhere"}}},
		"Load": {"type":"object","required":["kind","at"],"properties":{"kind":{"type":"string"},"at":{"type":"integer"}}},
		"Unload": {"type":"object","required":["kind"],"properties":{"kind":{"type":"string"},"by":{"type":"string"},"inner":{"$ref":"#/components/schemas/Event"}}},
		"Stop": {"type":"object","properties":{"kind":{"type":"string"}}},
		"Enumerated": {"oneOf":[{"$ref":"#/components/schemas/A"},{"$ref":"#/components/schemas/B"}],"discriminator":{"propertyName":"t"}},
		"A": {"type":"object","required":["t","x"],"properties":{"t":{"type":"string","enum":["first"]},"x":{}}},
		"B": {"type":"object","required":["t"],"properties":{"t":{"type":"string","enum":["second"]}}},
		"Inline": {"oneOf":[{"$ref":"#/components/schemas/Load"},{"type":"object","required":["free"],"properties":{"kind":{"type":"string"}}}],"discriminator":{"propertyName":"kind"}},
		"Default": {"anyOf":[{"$ref":"#/components/schemas/Load"},{"$ref":"#/components/schemas/Stop"}],"discriminator":{"propertyName":"kind","defaultMapping":"Load"}}}`
	tests := []struct {
		name, schema, body string
		want               []string
	}{
		{"by mapping", "Event", `{"kind":"load","at":1}`, nil},
		{"the violations of the branch alone", "Event", `{"kind":"load","at":"x"}`, []string{"/at type: integer | string \"x\" @#/components/schemas/Load/properties/at 1:21"}},
		{"a mapping may be a name", "Event", `{"kind":"ul","by":1}`, []string{"/by type: string | number 1 @#/components/schemas/Unload/properties/by 1:19"}},
		{"the name of a schema without a mapping", "Event", `{"kind":"Stop"}`, nil},
		{"the name of a schema beside its mapping", "Event", `{"kind":"Load","at":1}`, nil},
		{"unknown value", "Event", `{"kind":"park"}`, []string{"/kind enum: one of load, ul, Load, Unload, Stop | \"park\" @#/components/schemas/Event/discriminator 1:9"}},
		{"value of another type", "Event", `{"kind":7}`, []string{"/kind enum: one of load, ul, Load, Unload, Stop | 7 @#/components/schemas/Event/discriminator 1:9"}},
		{"no value", "Event", `{}`, []string{"/kind missing: one of load, ul, Load, Unload, Stop | absent @#/components/schemas/Event/discriminator 1:1"}},
		{"not an object", "Event", `1`, []string{" type: object | number 1 @#/components/schemas/Event/oneOf 1:1"}},
		{"nested", "Event", `{"kind":"ul","inner":{"kind":"ul","inner":{"kind":"load"}}}`, []string{"/inner/inner/at missing: integer | absent @#/components/schemas/Load/properties/at 1:43"}},
		{"branches that demand values of their own", "Enumerated", `{"t":"first"}`, []string{"/x missing: a value | absent @#/components/schemas/A/properties/x 1:1"}},
		{"branches that demand values of their own, unknown", "Enumerated", `{"t":"A"}`, []string{"/t enum: one of first, second | \"A\" @#/components/schemas/Enumerated/discriminator 1:6"}},
		{"a branch that the tag cannot name", "Inline", `{"kind":"?","free":1}`, nil},
		{"no tag, and a branch that needs none", "Inline", `{"free":1}`, nil},
		{"default mapping", "Default", `{"kind":"?"}`, []string{"/at missing: integer | absent @#/components/schemas/Load/properties/at 1:1"}},
	}
	for _, version := range []string{"3.0.3", "3.1.0"} {
		for _, tt := range tests {
			t.Run(version+" "+tt.name, func(t *testing.T) {
				v, err := at(t, version, schemas, tt.schema, EitherWay, JSONOptions{})
				if err != nil {
					t.Fatal(err)
				}
				compare(t, v.Validate(parseTree(t, tt.body)), tt.want)
			})
		}
	}
}

// Pet names Cat, and Cat is all of Pet: the value is judged once, not for ever.
func TestDiscriminatorOfAParent(t *testing.T) {
	const schemas = `{
		"Pet": {"type":"object","required":["t"],"properties":{"t":{"type":"string"}},"oneOf":[{"$ref":"#/components/schemas/Cat"}],
			"discriminator":{"propertyName":"t"}},
		"Cat": {"allOf":[{"$ref":"#/components/schemas/Pet"},{"required":["lives"]}]}}`
	v, err := at(t, "3.0.3", schemas, "Pet", EitherWay, JSONOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Validate(parseTree(t, `{"t":"Cat"}`)); !slices.Equal(short(got), []string{"/lives missing"}) {
		t.Errorf("got %v", got)
	}
	if got := v.Validate(parseTree(t, `{"t":"Cat","lives":9}`)); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestReportUnknown(t *testing.T) {
	const schemas = `{
		"O": {"properties":{"a":{"$ref":"#/components/schemas/In"},"list":{"items":{"$ref":"#/components/schemas/In"}}}},
		"In": {"properties":{"x":{}}},
		"Free": {"type":"object"},
		"Map": {"properties":{"a":{}},"additionalProperties":{"$ref":"#/components/schemas/In"}},
		"Both": {"allOf":[{"$ref":"#/components/schemas/P"},{"properties":{"b":{},"o":{"properties":{"y":{}}}}}]},
		"P": {"properties":{"a":{},"o":{"$ref":"#/components/schemas/In"}}},
		"Nested": {"oneOf":[{"required":["a"],"properties":{"a":{},"o":{"$ref":"#/components/schemas/In"}}},
			{"required":["b"],"properties":{"b":{},"o":{"properties":{"y":{}}}}}]},
		"Either": {"oneOf":[{"required":["a"],"properties":{"a":{}}},{"required":["b"],"properties":{"b":{}}}]}}`
	tests := []struct {
		name, schema, body string
		want               []string
	}{
		{"at the top and below", "O", `{"q":1,"a":{"x":1,"y":2},"list":[{"x":1},{"z":1}]}`, []string{"/q unexpected soft", "/a/y unexpected soft", "/list/1/z unexpected soft"}},
		{"a schema that lists nothing leaves all open", "Free", `{"q":1}`, nil},
		{"additionalProperties describes", "Map", `{"q":{"x":1,"y":1}}`, []string{"/q/y unexpected soft"}},
		{"parts of an allOf count together", "Both", `{"a":1,"b":2,"c":3,"o":{"x":1,"y":2,"z":3}}`, []string{"/c unexpected soft", "/o/z unexpected soft"}},
		{"only the branch that matched describes", "Either", `{"b":1,"c":2}`, []string{"/c unexpected soft"}},
		{"what a branch describes that did not match does not count", "Nested", `{"b":1,"o":{"x":1,"y":2}}`, []string{"/o/x unexpected soft"}},
		{"nothing is said where no branch matched", "Either", `{"c":2}`, []string{"/a missing"}},
		{"beside hard ones", "O", `{"q":1,"list":[[]]}`, []string{"/q unexpected soft"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := at(t, "3.0.3", schemas, tt.schema, EitherWay, JSONOptions{ReportUnknown: true})
			if err != nil {
				t.Fatal(err)
			}
			got := v.Validate(parseTree(t, tt.body))
			if !slices.Equal(short(got), tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			silent, err := at(t, "3.0.3", schemas, tt.schema, EitherWay, JSONOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if hard := silent.Validate(parseTree(t, tt.body)); !slices.Equal(short(hard), short(Hard(got))) {
				t.Errorf("without the option: %v, hard ones with it: %v", hard, Hard(got))
			}
		})
	}
}

func TestAtFollowsReferences(t *testing.T) {
	doc := parseTree(t, `{"openapi":"3.1.0","paths":{"/orders/{id}":{"$ref":"#/components/pathItems/P"}},
		"components":{"pathItems":{"P":{"put":{"requestBody":{"$ref":"#/components/requestBodies/B"}}}},
			"requestBodies":{"B":{"content":{"application/json":{"schema":{"$ref":"shared.json#/$defs/o"}}}}}}}`)
	shared := parseTree(t, `{"$defs":{"o":{"type":"object","properties":{"n":{"$ref":"#/$defs/n"}}},"n":{"type":"integer"}}}`)
	j, err := NewJSONSchemas(doc, JSONOptions{URI: "http://example.test/openapi.json", Documents: map[string]*payload.Tree{"http://example.test/shared.json": shared}})
	if err != nil {
		t.Fatal(err)
	}
	v, err := j.At("/paths/~1orders~1{id}/put/requestBody/content/application~1json/schema", Request)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, v.Validate(parseTree(t, `{"n":"x"}`)), []string{`/n type: integer | string "x" @http://example.test/shared.json#/$defs/n 1:6`})
	again, err := j.At("#/paths/~1orders~1{id}/put/requestBody/content/application~1json/schema", Request)
	if err != nil || again != v {
		t.Errorf("the same schema was compiled again: %v", err)
	}
}

func TestCompileErrors(t *testing.T) {
	tests := []struct{ name, version, schemas, keyword, says string }{
		{"reference to nothing", "3.1.0", `{"X":{"properties":{"a":{"$ref":"#/components/schemas/Y"}}}}`, "$ref", `"Y" is not there`},
		{"reference to the network", "3.1.0", `{"X":{"$ref":"https://example.test/x.json"}}`, "$ref", "nothing is fetched"},
		{"circle of references", "3.1.0", `{"X":{"$ref":"#/components/schemas/Y"},"Y":{"$ref":"#/components/schemas/X"}}`, "$ref", "itself"},
		{"unknown anchor", "3.1.0", `{"X":{"$ref":"#nowhere"}}`, "$ref", "no anchor"},
		{"unknown type", "3.1.0", `{"X":{"type":"float"}}`, "type", `"float"`},
		{"two types in 3.0", "3.0.3", `{"X":{"type":["string","null"]}}`, "type", "one type"},
		{"const in 3.0", "3.0.3", `{"X":{"const":1}}`, "const", "OpenAPI 3.0 does not have"},
		{"number for exclusiveMinimum in 3.0", "3.0.3", `{"X":{"exclusiveMinimum":1}}`, "exclusiveMinimum", "true or false"},
		{"boolean for exclusiveMinimum in 3.1", "3.1.0", `{"X":{"exclusiveMinimum":true}}`, "exclusiveMinimum", "expected a number"},
		{"boolean schema in 3.0", "3.0.3", `{"X":{"items":true}}`, "true", "object"},
		{"negative size", "3.1.0", `{"X":{"minLength":-1}}`, "minLength", "at least 0"},
		{"multiple of nothing", "3.1.0", `{"X":{"multipleOf":0}}`, "multipleOf", "above 0"},
		{"broken pattern", "3.1.0", `{"X":{"pattern":"a("}}`, "pattern", "regular expression"},
		{"broken pattern of members", "3.1.0", `{"X":{"patternProperties":{"[":{}}}}`, "patternProperties", "regular expression"},
		{"properties that are a list", "3.1.0", `{"X":{"properties":[]}}`, "properties", "object of schemas"},
		{"required that is a boolean", "3.0.3", `{"X":{"required":true}}`, "required", "member names"},
		{"empty oneOf", "3.1.0", `{"X":{"oneOf":[]}}`, "oneOf", "at least one schema"},
		{"enum that is a word", "3.1.0", `{"X":{"enum":"a"}}`, "enum", "array of values"},
		{"const against enum", "3.1.0", `{"X":{"enum":[1],"const":2}}`, "const", "nothing is valid"},
		{"discriminator without a name", "3.1.0", `{"X":{"oneOf":[{}],"discriminator":{}}}`, "discriminator", "propertyName"},
		{"items that are a list in 3.1", "3.1.0", `{"X":{"items":[{}]}}`, "array", "an object or a boolean"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := at(t, tt.version, tt.schemas, "X", EitherWay, JSONOptions{})
			var ce *CompileError
			if !errors.As(err, &ce) {
				t.Fatalf("got %v, want a CompileError", err)
			}
			if ce.Keyword != tt.keyword || !strings.Contains(err.Error(), tt.says) || !strings.HasPrefix(ce.Pointer, "#/components/schemas/") || ce.Line != 1 && tt.keyword != "$ref" {
				t.Errorf("got %v (%+v), want keyword %s and %q", err, ce, tt.keyword, tt.says)
			}
		})
	}
}

func TestCompileErrorsTogether(t *testing.T) {
	j, err := NewJSONSchemas(parseTree(t, `{"a":{"properties":{"x":{"type":"float"},"y":{"pattern":"("}}},"ok":{"type":"string"}}`), JSONOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a schema that failed once fails again
		_, err = j.At("/a", Request)
		if err == nil || !strings.Contains(err.Error(), "#/a/properties/x: type") || !strings.Contains(err.Error(), "#/a/properties/y: pattern") {
			t.Fatalf("got %v", err)
		}
	}
	if _, err := j.At("/ok", Request); err != nil {
		t.Errorf("a sound schema beside broken ones: %v", err)
	}
	if _, err := j.At("/nowhere", Request); err == nil {
		t.Error("a pointer to nothing compiled")
	}
}

func TestWarnings(t *testing.T) {
	j, err := NewJSONSchemas(parseTree(t, `{"openapi":"3.1.0","components":{"schemas":{"X":{"nullable":true,"formt":"x","x-y":1,"format":"shoe-size","title":"t",
		"properties":{"p":{"discriminator":{"propertyName":"a"}},"q":{"type":"string","format":"password"}}}}}}`), JSONOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.At("#/components/schemas/X", EitherWay); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range j.Warnings() {
		got = append(got, w.Pointer+" "+w.Keyword)
	}
	want := []string{"#/components/schemas/X/properties/p discriminator", "#/components/schemas/X format", "#/components/schemas/X formt", "#/components/schemas/X nullable"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAtAndValidateConcurrently(t *testing.T) {
	j, err := NewJSONSchemas(parseTree(t, `{"a":{"properties":{"next":{"$ref":"#/a"},"b":{"$ref":"#/b"}}},"b":{"type":"string","pattern":"^(?=x)"}}`), JSONOptions{ReportUnknown: true})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for _, pointer := range []string{"/b", "/a"} {
				v, err := j.At(pointer, Direction(i%3))
				if err != nil {
					t.Error(err)
					return
				}
				v.Validate(parseTree(t, `{"next":{"b":1,"q":{"b":"y"}}}`))
			}
		})
	}
	wait.Wait()
}
