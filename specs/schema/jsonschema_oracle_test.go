package schema

import (
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// oracle compiles a schema with another implementation; nil if that refuses it.
func oracle(schema string) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	if err != nil {
		return nil
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if c.AddResource("mem:///schema.json", doc) != nil {
		return nil
	}
	s, err := c.Compile("mem:///schema.json")
	if err != nil {
		return nil
	}
	return s
}

// pair is one schema, compiled here and there.
type pair struct {
	schema string
	here   *JSONValidator
	there  *jsonschema.Schema
}

// newPair gives nil if one of the two cannot compile the schema.
func newPair(t *testing.T, schema string) *pair {
	t.Helper()
	tree, err := payload.ParseJSON([]byte(schema), payload.JSONLimits{})
	if err != nil {
		return nil
	}
	j, err := NewJSONSchemas(tree, JSONOptions{FormatsAsNotes: true, Dialect: OpenAPI31})
	if err != nil {
		t.Fatalf("prepare %s: %v", schema, err)
	}
	v, err := j.At("", EitherWay)
	if err != nil {
		return nil
	}
	other := oracle(schema)
	if other == nil {
		return nil
	}
	return &pair{schema, v, other}
}

// judge reports where the two do not agree, and violations that cannot be true.
func (p *pair) judge(t *testing.T, body string) {
	t.Helper()
	instance, err := payload.ParseJSON([]byte(body), payload.JSONLimits{})
	if err != nil {
		return
	}
	got := p.here.Validate(instance)
	for _, one := range got {
		if one.Kind == Malformed || strings.Contains(one.Expected, "of which a pattern") {
			return
		}
		if one.Kind != Missing && instance.At(one.Path) == nil {
			t.Errorf("%s judges %s at %q, which is not there", p.schema, body, one.Path)
		}
		if one.Kind == Missing && instance.At(one.Path) != nil {
			t.Errorf("%s says that %q is missing in %s, and it is there", p.schema, one.Path, body)
		}
		if one.Expected == "" || one.Actual == "" || one.Schema == "" {
			t.Errorf("%s judges %s without words or place: %+v", p.schema, body, one)
		}
	}
	// The memory that bodies of much work are judged with must not change a thing.
	for _, unknown := range []bool{false, true} {
		with := evaluation{tree: instance, unknown: unknown, stopAt: MaxViolations + 1, checkpoint: firstCheckpoint, memo: map[memoKey]memory{}}
		with.child(p.here.schema, instance.Root)
		without := evaluation{tree: instance, unknown: unknown, stopAt: MaxViolations + 1, checkpoint: firstCheckpoint}
		without.child(p.here.schema, instance.Root)
		if a, b := with.violations(p.here.schema), without.violations(p.here.schema); !slices.Equal(a, b) {
			t.Errorf("%s on %s: %v, with a memory %v", p.schema, body, b, a)
		}
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s is read here and not there: %v", body, err)
	}
	err = p.there.Validate(value)
	if err != nil && strings.Contains(err.Error(), "causing reference cycle") {
		return // a reference to itself and nothing else: the standard leaves it undefined
	}
	if (err == nil) != (got == nil) {
		t.Errorf("%s on %s: here %v, there %v", p.schema, body, got, err)
	}
}

// schemaParts and bodyParts are put together in every way.
var schemaParts = []string{
	`{"type":"string","minLength":2,"pattern":"^[a-c]+$"}`,
	`{"type":["integer","null"],"minimum":-1,"exclusiveMaximum":3}`,
	`{"properties":{"a":{"type":"string"},"b":{"type":"number","multipleOf":0.5}},"required":["a"]}`,
	`{"properties":{"a":true},"patternProperties":{"^b":{"type":"boolean"}},"additionalProperties":false}`,
	`{"items":{"type":"integer"},"maxItems":2,"uniqueItems":true}`,
	`{"prefixItems":[{"type":"string"}],"contains":{"const":1}}`,
	`{"enum":["abc",1,null,{"a":"x"}]}`,
	`{"const":1}`,
	`{"minProperties":1,"maxProperties":1,"propertyNames":{"maxLength":1}}`,
	`{"dependentRequired":{"a":["b"]},"dependentSchemas":{"b":{"required":["a"]}}}`,
	`{"properties":{"a":{"properties":{"b":true}}}}`,
	`true`,
	`false`,
}

var schemaFrames = []string{
	`{"allOf":[X,Y]}`,
	`{"anyOf":[X,Y]}`,
	`{"oneOf":[X,Y]}`,
	`{"not":X}`,
	`{"if":X,"then":Y,"else":{"type":"object"}}`,
	`{"anyOf":[X,Y],"unevaluatedProperties":false,"unevaluatedItems":false}`,
	`{"properties":{"a":X},"additionalProperties":Y}`,
	`{"items":{"oneOf":[X,Y]}}`,
	`{"$ref":"#/$defs/x","anyOf":[Y],"$defs":{"x":X}}`,
	`{"oneOf":[{"properties":{"a":{"const":"x"}},"allOf":[X]},{"properties":{"a":{"enum":["y","z"]}},"allOf":[Y]}]}`,
	`{"not":{"anyOf":[X,{"not":Y}]}}`,
	`{"anyOf":[{"properties":{"a":{"enum":["x","y"]}},"allOf":[X]},{"properties":{"a":{"enum":["y","z"]}},"allOf":[Y]}]}`,
	`{"if":{"$ref":"#/$defs/x"},"then":{"$ref":"#/$defs/x"},"else":{"allOf":[{"$ref":"#/$defs/x"}]},"$defs":{"x":X}}`,
	`{"properties":{"a":{"$ref":"#/$defs/x"}},"patternProperties":{"a":{"$ref":"#/$defs/x","unevaluatedProperties":false}},"$defs":{"x":X}}`,
	`{"anyOf":[{"properties":{"a":{"$ref":"#/$defs/x"}},"required":["zz"]},{"properties":{"a":{"$ref":"#/$defs/x"}}}],"$defs":{"x":X}}`,
	`{"allOf":[{"not":{"not":{"$ref":"#/$defs/x"}}},{"$ref":"#/$defs/x"}],"unevaluatedProperties":false,"unevaluatedItems":false,"$defs":{"x":X}}`,
	`{"properties":{"a":{"$ref":"#"}},"oneOf":[X,Y]}`,
}

var bodyParts = []string{
	`"abc"`, `"a"`, `"x"`, `1`, `1.0`, `-2`, `2.5`, `null`, `true`, `[]`, `[1]`, `["a",1]`, `[1,1.0]`, `[1,2,3]`,
	`{}`, `{"a":"x"}`, `{"a":"y","b":1.5}`, `{"a":1}`, `{"b":true}`, `{"b":0.3,"c":1}`, `{"a":{"a":"z"}}`, `{"a":{"a":{"q":1}}}`, `{"a":[1,"b"]}`, `[{"a":"x"},{"a":"x"}]`,
}

func TestAgainstTheOracle(t *testing.T) {
	cases := 0
	for _, frame := range schemaFrames {
		for _, x := range schemaParts {
			for _, y := range schemaParts {
				if !strings.Contains(frame, "Y") && y != schemaParts[0] {
					continue
				}
				schema := strings.NewReplacer("X", x, "Y", y).Replace(frame)
				p := newPair(t, schema)
				if p == nil {
					t.Fatalf("cannot be compiled: %s", schema)
				}
				for _, body := range bodyParts {
					cases++
					p.judge(t, body)
				}
			}
		}
	}
	t.Logf("%d cases", cases)
}

// FuzzAgainstTheOracle looks for schemas and bodies on which two implementations
// do not agree.
//
//fuzz:wire
func FuzzAgainstTheOracle(f *testing.F) {
	for i, frame := range schemaFrames {
		x, y := schemaParts[i%len(schemaParts)], schemaParts[(i*5+3)%len(schemaParts)]
		f.Add(strings.NewReplacer("X", x, "Y", y).Replace(frame), bodyParts[i%len(bodyParts)])
	}
	f.Fuzz(func(t *testing.T, schema, body string) {
		if len(schema) > 2000 || len(body) > 2000 || strings.Contains(schema, `$id`) || strings.Contains(schema, `$schema`) || strings.Contains(schema, "://") {
			return
		}
		// A difference of regular expression engines is no difference of validators.
		if strings.Contains(schema, `\\`) {
			return
		}
		if p := newPair(t, schema); p != nil {
			p.judge(t, body)
		}
	})
}
