package schema

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// nested makes {"n":{"n":…end…}}.
func nested(levels int, end string) string {
	return strings.Repeat(`{"n":`, levels) + end + strings.Repeat("}", levels)
}

func validatorOf(t testing.TB, schema string) *JSONValidator {
	t.Helper()
	j, err := NewJSONSchemas(parseTree(t, schema), JSONOptions{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := j.At("", Request)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Recursive alternatives double the work with every level in a validator that
// tries a branch twice, or tries branches that overlap. Here the work of each
// body is counted and must not grow faster than its depth.
func TestRecursiveAlternativesAreBounded(t *testing.T) {
	tests := []struct{ name, schema, good, bad string }{
		{"oneOf", `{"properties":{"n":{"oneOf":[{"$ref":"#"},{"type":"string"}]}},"type":"object"}`, `"x"`, `1`},
		{"anyOf of two arms that overlap", `{"type":"object","properties":{"n":{"anyOf":[{"$ref":"#"},{"allOf":[{"$ref":"#"}]},{"type":"string"}]}}}`, `"x"`, `1`},
		{"oneOf of two arms that overlap until the end", `{"type":["object","string"],"properties":{"n":{"oneOf":[{"$ref":"#"},{"$ref":"#/$defs/other"}]}},"$defs":{"other":{"$ref":"#","maxProperties":0,"maxLength":0}}}`, `"x"`, `1`},
		{"tagged", `{"type":"object","required":["n"],"properties":{"n":{"oneOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/b"}]}},"$defs":{"a":{"$ref":"#","properties":{"k":{"const":"a"}}},"b":{"properties":{"k":{"const":"b"}},"required":["k"]}}}`, ``, ``},
		{"not", `{"type":["object","string"],"not":{"properties":{"n":{"not":{"allOf":[{"$ref":"#"},{"$ref":"#"}]}}},"required":["n"]}}`, ``, ``},
		{"unevaluated members", `{"type":["object","string"],"anyOf":[{"properties":{"n":{"$ref":"#"}}},{"properties":{"n":{"$ref":"#"}}}],"unevaluatedProperties":false}`, `"x"`, `1`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := validatorOf(t, tt.schema)
			for _, levels := range []int{20, 60, 500} {
				for _, end := range []string{tt.good, tt.bad} {
					if end == "" {
						end = "{}"
					}
					body := parseTree(t, nested(levels, end))
					start := time.Now()
					got := v.Validate(body)
					if took := time.Since(start); took > 20*time.Second {
						t.Errorf("%d levels took %s", levels, took)
					}
					for _, one := range got {
						if one.Kind == Malformed {
							t.Errorf("%d levels were not judged: %v", levels, one.Actual)
						}
					}
					if end == tt.good && tt.good != tt.bad && got != nil || end == tt.bad && tt.good != tt.bad && got == nil {
						t.Errorf("%d levels ending in %s: %v", levels, end, short(got))
					}
				}
			}
		})
	}
}

// Every level of the schema refers twice to the next: 2^40 ways to the end.
func TestLatticeOfReferencesIsBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"$ref":"#/$defs/l0","$defs":{`)
	for i := range 40 {
		fmt.Fprintf(&b, `"l%d":{"allOf":[{"$ref":"#/$defs/l%d"},{"$ref":"#/$defs/l%d"}]},`, i, i+1, i+1)
	}
	b.WriteString(`"l40":{"type":"string"}}}`)
	v := validatorOf(t, b.String())
	start := time.Now()
	if got := v.Validate(parseTree(t, `"x"`)); got != nil {
		t.Errorf("got %v", got)
	}
	if got := v.Validate(parseTree(t, `1`)); !slices.Contains(short(got), " type") {
		t.Errorf("got %v", got)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}

// A dynamic reference depends on the way by which it is reached, so that nothing
// can be remembered: the work ends with a violation that says so.
func TestWorkIsBoundedWhereNothingCanBeRemembered(t *testing.T) {
	v := validatorOf(t, `{"$dynamicAnchor":"node","type":["object","string"],"properties":{"n":{"oneOf":[{"$dynamicRef":"#node"},{"allOf":[{"$dynamicRef":"#node"}],"maxLength":0}]}}}`)
	start := time.Now()
	got := v.Validate(parseTree(t, nested(60, `"x"`)))
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
	if len(got) == 0 || got[len(got)-1].Kind != Malformed || !strings.Contains(got[len(got)-1].Actual, "steps") {
		t.Errorf("got %v", got)
	}
}

func TestManyViolationsAreCut(t *testing.T) {
	v := validatorOf(t, `{"items":{"type":"string","minLength":3}}`)
	body := parseTree(t, "["+strings.Repeat("1,", 200_000)+"1]")
	start := time.Now()
	got := v.Validate(body)
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
	if len(got) != MaxViolations+1 {
		t.Fatalf("got %d violations", len(got))
	}
	if last := got[MaxViolations]; !strings.Contains(last.Actual, "cut off") || last.Soft {
		t.Errorf("the last one does not say that the rest was cut off: %v", last)
	}
	exactly := parseTree(t, "["+strings.Repeat("1,", MaxViolations-1)+"1]")
	if got := v.Validate(exactly); len(got) != MaxViolations {
		t.Errorf("%d violations were made %d", MaxViolations, len(got))
	}
}

// Soft findings must not crowd out hard ones.
func TestUnknownMembersDoNotHideViolations(t *testing.T) {
	j, err := NewJSONSchemas(parseTree(t, `{"properties":{"z":{"type":"string"}}}`), JSONOptions{ReportUnknown: true})
	if err != nil {
		t.Fatal(err)
	}
	v, err := j.At("", Request)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, `"k%d":1,`, i)
	}
	got := v.Validate(parseTree(t, "{"+b.String()+`"z":1}`))
	if hard := Hard(got); len(hard) != 1 || hard[0].Path != "/z" {
		t.Errorf("hard ones: %v", hard)
	}
	if len(got) != MaxViolations+1 {
		t.Errorf("got %d in all", len(got))
	}
}

func TestHugeNumbers(t *testing.T) {
	v := validatorOf(t, `{"type":"integer","minimum":0,"multipleOf":3,"format":"int64"}`)
	for _, literal := range []string{"1e2000000", "-1e2000000", "1e-2000000", "1" + strings.Repeat("0", 100_000)} {
		// Such a number does not get through the parser; a tree can be made otherwise.
		tree := &payload.Tree{Format: payload.JSON, Root: &payload.Node{Kind: payload.Number, Value: literal}}
		start := time.Now()
		if got := v.Validate(tree); got == nil {
			t.Errorf("%.20s was accepted", literal)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%.20s took %s", literal, took)
		}
	}
}

func TestUniqueItemsOfALongListIsNotQuadratic(t *testing.T) {
	v := validatorOf(t, `{"uniqueItems":true}`)
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, `{"a":%d},`, i)
	}
	start := time.Now()
	if got := v.Validate(parseTree(t, "["+b.String()+`{"a":1.0}]`)); len(got) != 1 || got[0].Path != "/100000" {
		t.Errorf("got %v", got)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestPatternsAreBounded(t *testing.T) {
	v := validatorOf(t, `{"pattern":"^(?=x*$)(x+x+)+y$"}`)
	start := time.Now()
	got := v.Validate(parseTree(t, `"`+strings.Repeat("x", 5000)+`"`))
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
	if len(got) != 1 || got[0].Kind != Pattern {
		t.Errorf("got %v", got)
	}
	// Many such values share one allowance.
	many := validatorOf(t, `{"items":{"pattern":"^(?=x*$)(x+x+)+y$"}}`)
	body := parseTree(t, "["+strings.Repeat(`"`+strings.Repeat("x", 100)+`",`, 90)+`"y"]`)
	start = time.Now()
	if got := many.Validate(body); len(got) != 91 {
		t.Errorf("got %d violations", len(got))
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("many took %s", took)
	}
}

// A body of hundreds of thousands of items is work, but no excess of it.
func TestLargeBodyIsJudged(t *testing.T) {
	v := validatorOf(t, `{"items":{"oneOf":[{"type":"integer"},{"type":"object","properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}]}}}]}}`)
	got := v.Validate(parseTree(t, "["+strings.Repeat(`{"a":null},1,`, 100_000)+"1]"))
	if got != nil {
		t.Errorf("got %v", got)
	}
}
