package reports_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/roadworthy-project/roadworthy/reports"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(reports.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("report.json")
}

func judge(t *testing.T, s *jsonschema.Schema, raw []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestReportsAreValidByTheSchema(t *testing.T) {
	s := compileSchema(t)
	for name, r := range map[string]*reports.Report{"sample": sample(), "poisoned": poisoned(), "empty lists": {Suite: reports.Suite{Contract: "x"}, Verdict: reports.Inconclusive, Started: time.Unix(0, 0).UTC()}} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := reports.JSON(&out, r); err != nil {
				t.Fatal(err)
			}
			if err := judge(t, s, out.Bytes()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Everything that Decode refuses for its value, the schema refuses as well.
func TestSchemaRefuses(t *testing.T) {
	s := compileSchema(t)
	good := render(t, reports.JSON, sample())
	for _, change := range []struct{ name, from, to string }{
		{"version", `"roadworthy.report/v1"`, `"roadworthy.report/v2"`},
		{"verdict", `"verdict": "non-conformant"`, `"verdict": "fine"`},
		{"status", `"status": "error"`, `"status": "skipped"`},
		{"kind", `"kind": "enum"`, `"kind": "odd"`},
		{"severity", `"severity": "warning"`, `"severity": "fatal"`},
	} {
		t.Run(change.name, func(t *testing.T) {
			bad := strings.Replace(good, change.from, change.to, 1)
			if bad == good {
				t.Fatalf("the sample has no %s", change.from)
			}
			if judge(t, s, []byte(bad)) == nil {
				t.Error("the schema takes it")
			}
			if _, err := reports.Decode(strings.NewReader(bad)); err == nil {
				t.Error("Decode takes it")
			}
		})
	}
}

// The schema and the Go types say the same: every member, whether it is demanded,
// and its type.
func TestSchemaEqualsTheTypes(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(reports.Schema(), &root); err != nil {
		t.Fatal(err)
	}
	compareType(t, "report", reflect.TypeOf(reports.Report{}), root, root["$defs"].(map[string]any), map[reflect.Type]bool{})
}

func compareType(t *testing.T, at string, typ reflect.Type, schema, defs map[string]any, done map[reflect.Type]bool) {
	t.Helper()
	schema = resolve(schema, defs)
	switch typ.Kind() {
	case reflect.Pointer:
		options, _ := schema["anyOf"].([]any)
		if len(options) != 2 {
			t.Errorf("%s: a pointer should be null or a value in the schema", at)
			return
		}
		compareType(t, at, typ.Elem(), options[1].(map[string]any), defs, done)
	case reflect.Slice:
		if schema["type"] != "array" {
			t.Errorf("%s: type is %v, expected array", at, schema["type"])
			return
		}
		compareType(t, at+"[]", typ.Elem(), schema["items"].(map[string]any), defs, done)
	case reflect.Map:
		compareType(t, at+"{}", typ.Elem(), schema["additionalProperties"].(map[string]any), defs, done)
	case reflect.Struct:
		if typ == reflect.TypeOf(time.Time{}) {
			if schema["format"] != "date-time" {
				t.Errorf("%s: format is %v, expected date-time", at, schema["format"])
			}
			return
		}
		if done[typ] {
			return
		}
		done[typ] = true
		compareStruct(t, at, typ, schema, defs, done)
	case reflect.Bool:
		expectType(t, at, schema, "boolean")
	case reflect.Int, reflect.Int64:
		expectType(t, at, schema, "integer")
	case reflect.String:
		if schema["enum"] == nil && schema["const"] == nil {
			expectType(t, at, schema, "string")
		}
	default:
		t.Errorf("%s: no rule for %s", at, typ)
	}
}

func compareStruct(t *testing.T, at string, typ reflect.Type, schema, defs map[string]any, done map[reflect.Type]bool) {
	t.Helper()
	properties, _ := schema["properties"].(map[string]any)
	var names, required []string
	for i := range typ.NumField() {
		if !typ.Field(i).IsExported() {
			continue
		}
		name, options, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
		if options != "omitempty" {
			required = append(required, name)
		}
		if p, ok := properties[name].(map[string]any); ok {
			compareType(t, at+"."+name, typ.Field(i).Type, p, defs, done)
		}
	}
	var have, demanded []string
	for name := range properties {
		have = append(have, name)
	}
	list, _ := schema["required"].([]any)
	for _, name := range list {
		demanded = append(demanded, name.(string))
	}
	sameSet(t, at+": members", names, have)
	sameSet(t, at+": required members", required, demanded)
}

func sameSet(t *testing.T, what string, types, schema []string) {
	t.Helper()
	slices.Sort(types)
	slices.Sort(schema)
	if !slices.Equal(types, schema) {
		t.Errorf("%s differ:\n types  %v\n schema %v", what, types, schema)
	}
}

func expectType(t *testing.T, at string, schema map[string]any, want string) {
	t.Helper()
	if schema["type"] != want {
		t.Errorf("%s: type is %v, expected %s", at, schema["type"], want)
	}
}

func resolve(schema, defs map[string]any) map[string]any {
	if ref, ok := schema["$ref"].(string); ok {
		return defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	return schema
}

// The lists of the schema are those of the code.
func TestSchemaEnumsAreTheCodes(t *testing.T) {
	var root struct {
		Defs map[string]struct {
			Enum       []string `json:"enum"`
			Properties map[string]struct {
				Enum []string `json:"enum"`
			} `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(reports.Schema(), &root); err != nil {
		t.Fatal(err)
	}
	var statuses []string
	for _, s := range reports.Statuses() {
		statuses = append(statuses, string(s))
	}
	sameSet(t, "statuses", statuses, root.Defs["status"].Enum)
	sameSet(t, "kinds", reports.DeviationKinds(), root.Defs["deviation"].Properties["kind"].Enum)
}
