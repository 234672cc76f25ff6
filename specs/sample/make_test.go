package sample_test

import (
	"regexp"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/sample"
)

func TestMakeLearnsFromTheJudge(t *testing.T) {
	schema := parse(t, `{"type":"object","required":["a"],"properties":{"a":{"type":"string","example":"wrong","pattern":"^[0-9]{1,2000}x$","minLength":5},
		"b":{"type":"string","example":"never right"}}}`)
	good := regexp.MustCompile(`^[0-9]+x$`)
	tree, ok := sample.Make(schema, sample.Options{Seed: 1, Judge: func(v *payload.Tree) []string {
		var wrong []string
		if a := v.At("/a"); a == nil || len(a.Value) < 5 || !good.MatchString(a.Value) {
			wrong = append(wrong, "/a")
		}
		if v.At("/b") != nil {
			wrong = append(wrong, "/b")
		}
		return wrong
	}})
	if !ok {
		t.Errorf("expected a value without the broken example and the refused member, found %s", tree.JSON())
	}
}

func TestMakeIsTheSameForTheSameSeed(t *testing.T) {
	schema := parse(t, `{"type":"array","minItems":3,"items":{"oneOf":[{"type":"integer"},{"type":"string"}]}}`)
	one, _ := sample.Make(schema, sample.Options{Seed: 7})
	two, _ := sample.Make(schema, sample.Options{Seed: 7})
	if string(one.JSON()) != string(two.JSON()) {
		t.Errorf("two values of one seed: %s and %s", one.JSON(), two.JSON())
	}
}

// A schema that contains itself ends.
func TestMakeOfARecursiveSchema(t *testing.T) {
	schema := parse(t, `{"type":"object","required":["next"],"properties":{"next":{"$ref":"#"}}}`)
	if tree, _ := sample.Make(schema, sample.Options{}); tree.Root.Kind != payload.Object {
		t.Errorf("expected an object, found %s", tree.JSON())
	}
}

func parse(t *testing.T, text string) *payload.Node {
	t.Helper()
	tree, err := payload.ParseJSON([]byte(text), payload.JSONLimits{})
	if err != nil {
		t.Fatal(err)
	}
	return tree.Root
}

// Where branches overlap and a member has to go, it is the same one in every run.
func TestExclusionIsTheSameInEveryRun(t *testing.T) {
	schema := parse(t, `{"oneOf": [
		{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}, "d": {"type": "string"}}},
		{"type": "object", "required": ["a", "b", "c", "d"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}, "d": {"type": "string"}}}]}`)
	whole := func(t *payload.Tree) []string { // both branches take an object that has all of them
		if t.Root.Len() == 4 {
			return []string{""}
		}
		return nil
	}
	first := ""
	for range 50 {
		made, _ := sample.Make(schema, sample.Options{Seed: 3, Judge: whole})
		switch text := string(made.JSON()); {
		case first == "":
			first = text
		case text != first:
			t.Fatalf("expected %s again, found %s", first, text)
		}
	}
}
