package schema

import (
	_ "github.com/google/jsonschema-go/jsonschema" // the JSON Schema Test Suite lies in its testdata

	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// suiteFolder finds the JSON Schema Test Suite that comes with a module of which
// go.mod names the version.
func suiteFolder(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/google/jsonschema-go").Output()
	if err != nil {
		t.Fatalf("go list cannot find the module with the test suite: %v", err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "jsonschema")
}

func readTree(t testing.TB, file string) *payload.Tree {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return parseTree(t, string(text))
}

func parseTree(t testing.TB, text string) *payload.Tree {
	t.Helper()
	tree, err := payload.ParseJSON([]byte(text), payload.JSONLimits{Depth: 1000})
	if err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	return tree
}

// suiteDocuments are the schemas that the suite refers to from outside.
func suiteDocuments(t testing.TB, folder string) map[string]*payload.Tree {
	all := map[string]*payload.Tree{}
	remotes := filepath.Join(folder, "testdata", "remotes")
	if err := filepath.Walk(remotes, func(path string, info os.FileInfo, err error) error {
		// The meta-schemas of the format vocabulary lead to a document that the module does not carry.
		if err == nil && strings.HasSuffix(path, ".json") && !strings.HasPrefix(filepath.Base(path), "format-assertion") {
			name, _ := filepath.Rel(remotes, path)
			all["http://localhost:1234/"+filepath.ToSlash(name)] = readTree(t, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	all["http://json-schema.org/draft-07/schema"] = readTree(t, filepath.Join(folder, "meta-schemas/draft7/schema.json"))
	all["https://json-schema.org/draft/2020-12/schema"] = readTree(t, filepath.Join(folder, "meta-schemas/draft2020-12/schema.json"))
	parts, err := filepath.Glob(filepath.Join(folder, "meta-schemas/draft2020-12/meta/*.json"))
	if err != nil || len(parts) == 0 {
		t.Fatalf("no parts of the meta-schema: %v", err)
	}
	for _, p := range parts {
		all["https://json-schema.org/draft/2020-12/meta/"+strings.TrimSuffix(filepath.Base(p), ".json")] = readTree(t, p)
	}
	return all
}

type suiteGroup struct {
	Description string          `json:"description"`
	Schema      json.RawMessage `json:"schema"`
	Tests       []struct {
		Description string          `json:"description"`
		Data        json.RawMessage `json:"data"`
		Valid       bool            `json:"valid"`
	} `json:"tests"`
}

func readSuite(t testing.TB, file string) []suiteGroup {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var groups []suiteGroup
	if err := json.Unmarshal(text, &groups); err != nil {
		t.Fatal(err)
	}
	return groups
}

// TestJSONSchemaTestSuite runs every case that an implementation must hold, in
// both dialects. None is left out.
func TestJSONSchemaTestSuite(t *testing.T) {
	folder := suiteFolder(t)
	documents := suiteDocuments(t, folder)
	for _, draft := range []struct {
		name    string
		dialect Dialect
		least   int
	}{{"draft2020-12", OpenAPI31, 1000}, {"draft7", Draft7, 700}} {
		files, err := filepath.Glob(filepath.Join(folder, "testdata", draft.name, "*.json"))
		if err != nil || len(files) < 30 {
			t.Fatalf("%s: %d files, %v", draft.name, len(files), err)
		}
		passed, failed := 0, 0
		for _, file := range files {
			for _, g := range readSuite(t, file) {
				name := draft.name + "/" + strings.TrimSuffix(filepath.Base(file), ".json") + "/" + g.Description
				v, err := compileSuite(t, g.Schema, draft.dialect, documents)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					failed += len(g.Tests)
					continue
				}
				for _, test := range g.Tests {
					got := v.Validate(parseTree(t, string(test.Data)))
					if (got == nil) != test.Valid {
						t.Errorf("%s/%s: want valid = %v, got %v for %s", name, test.Description, test.Valid, got, test.Data)
						failed++
						continue
					}
					passed++
				}
			}
		}
		t.Logf("%s: %d passed, %d failed", draft.name, passed, failed)
		if passed < draft.least {
			t.Errorf("%s: only %d cases passed, expected at least %d", draft.name, passed, draft.least)
		}
	}
}

func compileSuite(t testing.TB, schema json.RawMessage, d Dialect, documents map[string]*payload.Tree) (*JSONValidator, error) {
	t.Helper()
	j, err := NewJSONSchemas(parseTree(t, string(schema)), JSONOptions{Dialect: d, Documents: documents, FormatsAsNotes: true})
	if err != nil {
		return nil, err
	}
	return j.At("", EitherWay)
}
