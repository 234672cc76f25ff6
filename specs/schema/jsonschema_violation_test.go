package schema

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func judge(t testing.TB, schema, body string, opts JSONOptions, dir Direction) []Violation {
	t.Helper()
	j, err := NewJSONSchemas(parseTree(t, schema), opts)
	if err != nil {
		t.Fatal(err)
	}
	v, err := j.At("", dir)
	if err != nil {
		t.Fatal(err)
	}
	return v.Validate(parseTree(t, body))
}

func lines(all []Violation) (out []string) {
	for _, v := range all {
		soft := ""
		if v.Soft {
			soft = " soft"
		}
		out = append(out, fmt.Sprintf("%s %s%s: %s | %s @%s %d:%d", v.Path, v.Kind, soft, v.Expected, v.Actual, v.Schema, v.Line, v.Col))
	}
	return out
}

func compare(t *testing.T, got []Violation, want []string) {
	t.Helper()
	if have := lines(got); !slices.Equal(have, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(have, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestViolations(t *testing.T) {
	tests := []struct {
		name, schema, body string
		want               []string
	}{
		{"required member", `{"required":["a/b"],"properties":{"a/b":{"type":"string"}}}`, `{}`,
			[]string{"/a~1b missing: string | absent @#/properties/a~1b 1:1"}},
		{"required member that is not described", `{"properties":{"o":{"required":["x"]}}}`, `{"o":{}}`,
			[]string{"/o/x missing: a value | absent @#/properties/o 1:6"}},
		{"required is described by what it is", `{"required":["a","b","c"],"properties":{"a":{"enum":["x","y"]},"b":{"type":"string","format":"uuid"},"c":{"$ref":"#/$defs/c"}},"$defs":{"c":{"type":["integer","null"]}}}`, `{}`,
			[]string{"/a missing: one of x, y | absent @#/properties/a 1:1", "/b missing: string: a uuid | absent @#/properties/b 1:1", "/c missing: integer or null | absent @#/properties/c 1:1"}},
		{"dependentRequired", `{"dependentRequired":{"a":["b"]}}`, `{"a":1}`,
			[]string{"/b missing: a value because a is there | absent @#/dependentRequired/a 1:1"}},
		{"additionalProperties false", `{"properties":{"a":true,"b":true},"additionalProperties":false}`, `{"a":1,"c":[1]}`,
			[]string{"/c unexpected: no members but a, b | an array of 1 item @#/additionalProperties 1:12"}},
		{"false property", `{"properties":{"a":false}}`, `{"a":1}`, []string{"/a unexpected: nothing here | 1 @#/properties/a 1:6"}},
		{"unevaluatedProperties", `{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}`, `{"a":1,"b":2}`,
			[]string{"/b unexpected: nothing here | 2 @#/unevaluatedProperties 1:12"}},
		{"items false behind a prefix", `{"prefixItems":[true],"items":false}`, `[1,2]`, []string{"/1 unexpected: nothing here | 2 @#/items 1:4"}},
		{"propertyNames", `{"propertyNames":{"maxLength":2}}`, `{"abc":1}`,
			[]string{"/abc unexpected: a member name that is at most 2 characters | \"abc\" @#/propertyNames 1:8"}},
		{"type", `{"type":"string"}`, `5`, []string{" type: string | number 5 @# 1:1"}},
		{"types", `{"type":["null","integer","object"]}`, `1.5`, []string{" type: integer or object or null | number 1.5 @# 1:1"}},
		{"integer by value", `{"type":"integer"}`, `1.0e2`, nil},
		{"type null", `{"type":"string"}`, `null`, []string{" type: string | null @# 1:1"}},
		{"enum", `{"enum":["loading","un loading",1,null]}`, `"parked"`, []string{" enum: one of loading, \"un loading\", 1, null | \"parked\" @# 1:1"}},
		{"enum by value", `{"enum":[1,[1.0,{"a":2}]]}`, `[1,{"a":2.0}]`, nil},
		{"const", `{"const":{"a":1}}`, `{"a":2}`, []string{" value: an object of 1 member | an object of 1 member @# 1:1"}},
		{"minimum", `{"minimum":1.5}`, `1.4999999999999999999999`, []string{" range: at least 1.5 | 1.4999999999999999999999 @# 1:1"}},
		{"exclusiveMinimum", `{"exclusiveMinimum":1}`, `1.0`, []string{" range: more than 1 | 1.0 @# 1:1"}},
		{"maximum beyond 2^53", `{"maximum":9007199254740992}`, `9007199254740993`, []string{" range: at most 9007199254740992 | 9007199254740993 @# 1:1"}},
		{"exclusiveMaximum beside a wider maximum", `{"maximum":5,"exclusiveMaximum":4}`, `4`, []string{" range: less than 4 | 4 @# 1:1"}},
		{"exclusiveMinimum beside a narrower minimum", `{"minimum":5,"exclusiveMinimum":4}`, `4.5`, []string{" range: at least 5 | 4.5 @# 1:1"}},
		{"exclusiveMinimum equal to minimum", `{"minimum":5,"exclusiveMinimum":5.0}`, `5`, []string{" range: more than 5.0 | 5 @# 1:1"}},
		{"multipleOf", `{"multipleOf":0.01}`, `0.075`, []string{" range: a multiple of 0.01 | 0.075 @# 1:1"}},
		{"int32", `{"format":"int32"}`, `2147483648`, []string{" format: int32, a whole number from -2147483648 to 2147483647 | 2147483648 @# 1:1"}},
		{"minLength counts characters", `{"minLength":3}`, `"éé"`, []string{" length: at least 3 characters | 2 characters: \"éé\" @# 1:1"}},
		{"maxLength counts characters", `{"maxLength":1}`, `"éé"`, []string{" length: at most 1 character | 2 characters: \"éé\" @# 1:1"}},
		{"maxLength in characters is kept", `{"maxLength":2}`, `"éé"`, nil},
		{"pattern", `{"pattern":"^[A-Z]{2}$"}`, `"pl"`, []string{" pattern: text that matches ^[A-Z]{2}$ | \"pl\" @# 1:1"}},
		{"pattern is not anchored", `{"pattern":"b"}`, `"abc"`, nil},
		{"format", `{"format":"date"}`, `"2023-02-29"`, []string{" format: a date such as 2024-02-29 | \"2023-02-29\" @# 1:1"}},
		{"minItems", `{"minItems":1}`, `[]`, []string{" length: at least 1 item | 0 items @# 1:1"}},
		{"maxItems", `{"maxItems":1}`, `[1,2]`, []string{" length: at most 1 item | 2 items @# 1:1"}},
		{"uniqueItems names the later item", `{"uniqueItems":true}`, `[1,{"a":[]},1.0,{"a":[]}]`,
			[]string{"/2 value: items that all differ | the same as item 0: 1.0 @# 1:13", "/3 value: items that all differ | the same as item 1: an object of 1 member @# 1:17"}},
		{"uniqueItems of a long list", `{"uniqueItems":true}`, `[1,2,3,4,5,6,7,8,9,10,3.0]`, []string{"/10 value: items that all differ | the same as item 2: 3.0 @# 1:23"}},
		{"contains", `{"contains":{"type":"string"},"minContains":2}`, `["a",1]`, []string{" length: at least 2 items like #/contains | 1 of them @# 1:1"}},
		{"maxContains", `{"contains":{"$ref":"#/$defs/s"},"maxContains":1,"$defs":{"s":{"type":"string"}}}`, `["a","b"]`, []string{" length: at most 1 item like #/$defs/s | 2 of them @# 1:1"}},
		{"minProperties", `{"minProperties":1}`, `{}`, []string{" length: at least 1 member | 0 members @# 1:1"}},
		{"maxProperties", `{"maxProperties":0}`, `{"a":1}`, []string{" length: at most 0 members | 1 member @# 1:1"}},
		{"not", `{"not":{"type":"string"}}`, `"x"`, []string{" value: no match with #/not | \"x\" @#/not 1:1"}},
		{"false schema", `false`, `1`, []string{" value: nothing here | 1 @# 1:1"}},
		{"then", `{"if":{"properties":{"k":{"const":"a"}},"required":["k"]},"then":{"required":["x"]},"else":{"required":["y"]}}`, `{"k":"a"}`,
			[]string{"/x missing: a value | absent @#/then 1:1"}},
		{"else", `{"if":{"required":["k"]},"then":{"required":["x"]},"else":{"required":["y"]}}`, `{}`, []string{"/y missing: a value | absent @#/else 1:1"}},
		{"oneOf of types", `{"oneOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}`, `true`, []string{" type: integer or string or null | boolean true @#/oneOf 1:1"}},
		{"anyOf of values", `{"anyOf":[{"const":"a"},{"enum":["b","c"]}]}`, `"d"`, []string{" enum: one of a, b, c | \"d\" @#/anyOf 1:1"}},
		{"oneOf matches twice", `{"oneOf":[{"type":"string"},{"$ref":"#/$defs/s"},{"maxLength":9}],"$defs":{"s":{"minLength":1}}}`, `"x"`,
			[]string{" value: exactly one of 3 alternatives | matches #/oneOf/0 and #/$defs/s @#/oneOf 1:1"}},
		{"closest branch by kind of value", `{"anyOf":[{"type":"string"},{"type":"object","required":["a","b"]}]}`, `{"a":1}`,
			[]string{"/b missing: a value | absent @#/anyOf/1 1:1"}},
		{"closest branch by number of findings", `{"anyOf":[{"required":["a","b","c"]},{"required":["a","d"]}]}`, `{"a":1}`,
			[]string{"/d missing: a value | absent @#/anyOf/1 1:1"}},
		{"closest branch by a value that tells", `{"anyOf":[{"properties":{"t":{"const":"a"}}},{"required":["q","r"]}]}`, `{"t":"b"}`,
			[]string{"/q missing: a value | absent @#/anyOf/1 1:1", "/r missing: a value | absent @#/anyOf/1 1:1"}},
		{"closest branch by depth", `{"anyOf":[{"required":["z"]},{"properties":{"o":{"properties":{"p":{"type":"string"}}}}}]}`, `{"o":{"p":1}}`,
			[]string{"/o/p type: string | number 1 @#/anyOf/1/properties/o/properties/p 1:11"}},
		{"branch chosen by a const", `{"oneOf":[{"properties":{"t":{"const":"a"},"x":{"type":"string"}},"required":["t","q"]},{"properties":{"t":{"const":"b"}},"required":["t"]}]}`,
			`{"t":"a","x":1}`, []string{"/q missing: a value | absent @#/oneOf/0 1:1", "/x type: string | number 1 @#/oneOf/0/properties/x 1:14"}},
		{"value of the tag that no branch has", `{"oneOf":[{"properties":{"t":{"const":"a"}},"required":["t"]},{"properties":{"t":{"enum":["b","c"]}},"required":["t"]}]}`,
			`{"t":"d"}`, []string{"/t enum: one of a, b, c | \"d\" @#/oneOf 1:6"}},
		{"tag missing", `{"oneOf":[{"properties":{"t":{"const":"a"}},"required":["t"]},{"properties":{"t":{"enum":["b","c"]}},"required":["t"]}]}`,
			`{}`, []string{"/t missing: one of a, b, c | absent @#/oneOf 1:1"}},
		{"same demand of two parts is one violation", `{"allOf":[{"$ref":"#/$defs/x"},{"$ref":"#/$defs/x"}],"$defs":{"x":{"required":["a"]}}}`, `{}`,
			[]string{"/a missing: a value | absent @#/$defs/x 1:1"}},
		{"through references, in the order of the body", `{"properties":{"a":{"$ref":"#/$defs/list"},"b":{"type":"string"}},"$defs":{"list":{"items":{"properties":{"n":{"maximum":3}}}}}}`,
			"{\"b\":1,\n \"a\":[{\"n\":1},\n  {\"n\":4}]}",
			[]string{"/b type: string | number 1 @#/properties/b 1:6", "/a/1/n range: at most 3 | 4 @#/$defs/list/items/properties/n 3:8"}},
		{"a wrong type is said once", `{"type":"object","required":["a"],"oneOf":[{"required":["b"]}],"minProperties":3}`, `[]`, []string{" type: object | an array of 0 items @# 1:1"}},
	}
	shown := map[Kind]bool{Order: true, Malformed: true} // only XML, and bodies that cannot be read, have these
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := judge(t, tt.schema, tt.body, JSONOptions{}, EitherWay)
			compare(t, got, tt.want)
			for _, v := range got {
				shown[v.Kind] = true
			}
		})
	}
	for _, k := range Kinds() {
		if !shown[k] {
			t.Errorf("no row shows a violation of kind %s", k)
		}
	}
}

func TestValidateWithoutAJSONBody(t *testing.T) {
	j, err := NewJSONSchemas(parseTree(t, `{"type":"object"}`), JSONOptions{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := j.At("#", EitherWay)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Validate(nil); len(got) != 1 || got[0].Kind != Missing {
		t.Errorf("no body: %v", got)
	}
	if v.Place() != "#" {
		t.Errorf("place is %q", v.Place())
	}
}
