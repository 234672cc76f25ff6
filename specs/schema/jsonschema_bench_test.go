package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// order40 is a schema of forty properties and a body of about two kilobytes
// that it accepts, with what contracts usually ask for.
func order40() (schema, body string) {
	var props, members []string
	for i := range 8 {
		k := string(rune('a' + i))
		props = append(props,
			fmt.Sprintf(`"name_%s":{"type":"string","minLength":1,"maxLength":60}`, k),
			fmt.Sprintf(`"id_%s":{"type":"string","format":"uuid"}`, k),
			fmt.Sprintf(`"created_%s":{"type":"string","format":"date-time"}`, k),
			fmt.Sprintf(`"weight_%s":{"type":"number","minimum":0,"maximum":40000}`, k))
		members = append(members,
			fmt.Sprintf(`"name_%s":"Transport order number %s of the morning"`, k, k),
			fmt.Sprintf(`"id_%s":"550e8400-e29b-41d4-a716-44665544000%d"`, k, i),
			fmt.Sprintf(`"created_%s":"2024-02-29T12:30:00Z"`, k),
			fmt.Sprintf(`"weight_%s":1234.5`, k))
	}
	props = append(props, `"status":{"type":"string","enum":["new","sent","loaded","unloaded","closed"]}`,
		`"country":{"type":"string","pattern":"^[A-Z]{2}$"}`, `"plate":{"type":"string","pattern":"^[A-Z0-9 -]{4,12}$"}`,
		`"count":{"type":"integer","minimum":1,"maximum":99}`, `"open":{"type":"boolean"}`,
		`"tags":{"type":"array","maxItems":10,"uniqueItems":true,"items":{"type":"string","maxLength":20}}`,
		`"route":{"$ref":"#/$defs/route"}`, `"note":{"type":["string","null"]}`)
	members = append(members, `"status":"loaded"`, `"country":"PL"`, `"plate":"WA 1234X"`, `"count":42`, `"open":true`,
		`"tags":["one","two","three"]`, `"route":{"from":"Warszawa","to":"Berlin","stops":[{"lat":52.1,"lon":21.0},{"lat":52.5,"lon":13.4}]}`, `"note":"`+strings.Repeat("n", 400)+`"`)
	schema = `{"type":"object","required":["id_a","id_b","status","route"],"properties":{` + strings.Join(props, ",") + `},"$defs":{
		"route":{"type":"object","required":["from","to"],"properties":{"from":{"type":"string"},"to":{"type":"string"},
			"stops":{"type":"array","items":{"type":"object","required":["lat","lon"],"properties":{"lat":{"type":"number","minimum":-90,"maximum":90},"lon":{"type":"number","minimum":-180,"maximum":180}}}}}}}}`
	return schema, "{" + strings.Join(members, ",") + "}"
}

func BenchmarkBody2KB(b *testing.B) {
	schema, text := order40()
	body := []byte(text)
	tree := parseTree(b, text)
	run := func(name, schema string, opts JSONOptions, tree *payload.Tree, valid bool) {
		j, err := NewJSONSchemas(parseTree(b, schema), opts)
		if err != nil {
			b.Fatal(err)
		}
		v, err := j.At("", Request)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := v.Validate(tree); (got == nil) != valid {
					b.Fatal(got)
				}
			}
		})
	}
	b.Logf("%d bytes", len(body))
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := payload.ParseJSON(body, payload.JSONLimits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	run("validate", schema, JSONOptions{}, tree, true)
	run("validate-reporting-unknown", schema, JSONOptions{ReportUnknown: true}, tree, true)
	run("validate-one-violation", schema, JSONOptions{}, parseTree(b, strings.Replace(text, `"loaded"`, `"parked"`, 1)), false)
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v any
			if err := json.Unmarshal(body, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		b.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("mem:///schema.json", doc); err != nil {
		b.Fatal(err)
	}
	other, err := c.Compile("mem:///schema.json")
	if err != nil {
		b.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("jsonschema-v6", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := other.Validate(value); err != nil {
				b.Fatal(err)
			}
		}
	})
}
