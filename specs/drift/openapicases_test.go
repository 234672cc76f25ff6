package drift

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs"
)

// openAPICase is one row of testdata/openapi.yaml.
type openAPICase struct {
	Name string         `yaml:"name"`
	Old  map[string]any `yaml:"old"`
	New  map[string]any `yaml:"new"`
	Want []string       `yaml:"want"`
}

// edited gives a copy of a tree that has something else at some places.
func edited(t *testing.T, tree any, edits map[string]any) any {
	t.Helper()
	text, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	var root any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	for _, at := range sortedNames(edits, nil) {
		root = putAt(t, root, strings.Split(at, "/")[1:], edits[at])
	}
	return root
}

func putAt(t *testing.T, tree any, path []string, value any) any {
	t.Helper()
	if len(path) == 0 {
		return value
	}
	key := strings.NewReplacer("~1", "/", "~0", "~").Replace(path[0])
	switch node := tree.(type) {
	case map[string]any:
		if len(path) == 1 && value == "$gone" {
			delete(node, key)
			return node
		}
		node[key] = putAt(t, node[key], path[1:], value)
		return node
	case []any:
		i, err := strconv.Atoi(key)
		if err != nil || i >= len(node) {
			t.Fatalf("no element %q", key)
		}
		node[i] = putAt(t, node[i], path[1:], value)
		return node
	}
	t.Fatalf("nothing is at %q", key)
	return nil
}

// TestOpenAPICases compares pairs of documents with one known change each. The old
// side is written as JSON and the new one as YAML: that is no change.
func TestOpenAPICases(t *testing.T) {
	text, err := os.ReadFile("testdata/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Base  any           `yaml:"base"`
		Cases []openAPICase `yaml:"cases"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) < 200 {
		t.Fatalf("only %d cases", len(file.Cases))
	}
	for _, row := range file.Cases {
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			asJSON, err := json.Marshal(edited(t, file.Base, row.Old))
			if err != nil {
				t.Fatal(err)
			}
			asYAML, err := yaml.Marshal(edited(t, file.Base, row.New))
			if err != nil {
				t.Fatal(err)
			}
			before, err := specs.OpenDocument(fstest.MapFS{"api.json": {Data: asJSON}}, "api.json")
			if err != nil {
				t.Fatal(err)
			}
			all, err := Compare(before, bare(t, string(asYAML)))
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, c := range all {
				line := []string{string(c.Severity), string(c.Direction), c.ID, strings.ReplaceAll(c.Operation, " ", "_"), c.Path}
				got = append(got, strings.Join(slices.DeleteFunc(line, func(s string) bool { return s == "" }), " "))
				if !strings.HasPrefix(c.Where, "api.") {
					t.Errorf("%s is at %q, want a place in a document", c.ID, c.Where)
				}
				if c.What == "" || strings.Contains(c.What, "#/components") || strings.Contains(c.What, "subschema") || strings.Contains(c.What, callbackPath) {
					t.Errorf("%s says %q", c.ID, c.What)
				}
			}
			slices.Sort(got)
			got = slices.Compact(got)
			if !slices.Equal(got, row.Want) {
				t.Errorf("found\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(row.Want, "\n  "))
			}
		})
	}
}

// TestWeightsAreOfRules: a weight that is given to no rule of oasdiff would be lost.
func TestWeightsAreOfRules(t *testing.T) {
	known := map[string]Rule{}
	for _, r := range Rules() {
		if _, twice := known[r.ID]; twice {
			t.Errorf("the rule %s is listed twice", r.ID)
		}
		known[r.ID] = r
	}
	for _, w := range weights() {
		if known[w.id].Request != w.severity {
			t.Errorf("%s weighs %s in the list of rules, want %s", w.id, known[w.id].Request, w.severity)
		}
		if w.reason == "" {
			t.Error(fmt.Sprint(w.id, " has no reason"))
		}
	}
}
