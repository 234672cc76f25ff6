package specs

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"reflect"
	"sort"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// schemaFiles pairs each published JSON Schema with the type that the loader fills.
func schemaFiles() map[string]reflect.Type {
	return map[string]reflect.Type{
		"contract":     reflect.TypeFor[contractFile](),
		"errors":       reflect.TypeFor[errorsFile](),
		"behaviour":    reflect.TypeFor[Behaviour](),
		"requirements": reflect.TypeFor[requirementsFile](),
		"errata":       reflect.TypeFor[errataFile](),
		"example":      reflect.TypeFor[Example](),
	}
}

// The schema that editors complete by and the loader know the same keys.
func TestSchemasAndTypesKnowTheSameKeys(t *testing.T) {
	for name, typ := range schemaFiles() {
		src, err := os.ReadFile(name + ".schema.json")
		if err != nil {
			t.Fatal(err)
		}
		var root map[string]any
		if err := json.Unmarshal(src, &root); err != nil {
			t.Fatal(err)
		}
		compareKeys(t, name, root, root, typ, map[reflect.Type]bool{})
	}
}

func compareKeys(t *testing.T, at string, root, node map[string]any, typ reflect.Type, seen map[reflect.Type]bool) {
	if ref, ok := node["$ref"].(string); ok {
		node = root["$defs"].(map[string]any)[path.Base(ref)].(map[string]any)
	}
	switch typ.Kind() {
	case reflect.Pointer:
		compareKeys(t, at, root, node, typ.Elem(), seen)
	case reflect.Slice, reflect.Map:
		if typ.Elem().Kind() == reflect.Struct || typ.Elem().Kind() == reflect.Pointer {
			keyword := "items"
			if typ.Kind() == reflect.Map {
				keyword = "additionalProperties"
			}
			below, ok := node[keyword].(map[string]any)
			if !ok {
				if !seen[typ.Elem()] {
					t.Errorf("%s: the schema has no %s", at, keyword)
				}
				return
			}
			compareKeys(t, at, root, below, typ.Elem(), seen)
		}
	case reflect.Struct:
		if typ.PkgPath() != reflect.TypeFor[Contract]().PkgPath() || seen[typ] {
			return
		}
		inner := map[reflect.Type]bool{typ: true}
		for k := range seen {
			inner[k] = true
		}
		properties, _ := node["properties"].(map[string]any)
		var have []string
		for k := range properties {
			have = append(have, k)
		}
		want := yamlfile.Keys(typ)
		sort.Strings(have)
		sort.Strings(want)
		if !reflect.DeepEqual(have, want) {
			t.Errorf("%s: the schema knows %v, the loader %v", at, have, want)
		}
		if node["additionalProperties"] != false {
			t.Errorf("%s: the loader refuses unknown keys, the schema does not", at)
		}
		for i := range typ.NumField() {
			f := typ.Field(i)
			key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			if below, ok := properties[key].(map[string]any); ok {
				compareKeys(t, at+"."+key, root, below, f.Type, inner)
			}
		}
	}
}

// Every file of the built-in contracts is valid by its schema.
func TestBuiltInFilesFitTheirSchemas(t *testing.T) {
	validators := map[string]*schema.JSONValidator{}
	for name := range schemaFiles() {
		src, err := os.ReadFile(name + ".schema.json")
		if err != nil {
			t.Fatal(err)
		}
		tree, err := payload.ParseJSON(src, payload.JSONLimits{})
		if err != nil {
			t.Fatal(err)
		}
		all, err := schema.NewJSONSchemas(tree, schema.JSONOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if validators[name], err = all.At("", schema.EitherWay); err != nil {
			t.Fatal(err)
		}
	}
	for _, contract := range BuiltIn() {
		bundle, err := fs.Sub(builtInFiles, contract)
		if err != nil {
			t.Fatal(err)
		}
		names, err := listFiles(bundle)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			kind := strings.TrimSuffix(path.Base(name), ".yaml")
			if validators[kind] == nil || strings.Contains(name, "/") != (kind == "example") {
				continue
			}
			src, err := fs.ReadFile(bundle, name)
			if err != nil {
				t.Fatal(err)
			}
			n, problems := yamlfile.Parse(name, src)
			if len(problems) > 0 || n == nil {
				t.Errorf("%s/%s: %v", contract, name, problems)
				continue
			}
			tree, _ := yamlfile.Tree(name, n)
			for _, v := range schema.Hard(validators[kind].Validate(tree)) {
				t.Errorf("%s/%s:%d: %s", contract, name, v.Line, v.Message())
			}
			if !strings.HasPrefix(string(src), "# yaml-language-server: $schema=") {
				t.Errorf("%s/%s does not begin with a modeline", contract, name)
			}
		}
	}
}
