package scenarios

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// The schema that editors use and the loader that decides must know the same keys.
func TestSchemaKnowsTheKeysOfTheLoader(t *testing.T) {
	var doc struct {
		Defs map[string]struct {
			Properties map[string]json.RawMessage `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	for name, keys := range map[string][]string{"scenario": scenarioKeys(), "given": givenKeys(), "step": stepKeys(), "request": requestKeys(),
		"expect": expectKeys(), "conditions": matcherKeys()} {
		have := slices.Sorted(maps.Keys(doc.Defs[name].Properties))
		if want := slices.Sorted(slices.Values(keys)); !slices.Equal(have, want) {
			t.Errorf("%s: the schema has %v, the loader %v", name, have, want)
		}
	}
	for key, want := range map[string][]string{"format": Formats(), "type": Types()} {
		var enum struct{ Enum []string }
		if err := json.Unmarshal(doc.Defs["conditions"].Properties[key], &enum); err != nil || !slices.Equal(enum.Enum, want) {
			t.Errorf("%s: the schema has %v, the loader %v", key, enum.Enum, want)
		}
	}
}

// Every built-in scenario is valid by the published schema.
func TestBuiltInScenariosFitTheSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("scenario.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema := compiler.MustCompile("scenario.schema.json")
	checked := 0
	err = fs.WalkDir(builtIn, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(builtIn, name)
		if err != nil {
			return err
		}
		dec := yaml.NewDecoder(bytes.NewReader(text))
		for {
			var value yaml.Node
			if dec.Decode(&value) != nil {
				return nil
			}
			checked++
			node, err := payload.FromYAML(&value)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			instance, _ := jsonschema.UnmarshalJSON(bytes.NewReader(node.JSON()))
			if err := schema.Validate(instance); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	if err != nil || checked == 0 {
		t.Fatalf("%d scenarios were checked, %v", checked, err)
	}
}
