package specs_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

func open(t testing.TB, ref string) *specs.Contract {
	t.Helper()
	c, err := specs.Open(ref)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// problems opens a file system and gives what is said about it, one per line.
func problems(t *testing.T, files fstest.MapFS) []string {
	t.Helper()
	_, err := specs.OpenFS(files, "own")
	var load *specs.LoadError
	if !errors.As(err, &load) {
		t.Fatalf("expected a *LoadError, found %v", err)
	}
	var lines []string
	for _, p := range load.Problems {
		lines = append(lines, p.String())
	}
	return lines
}

const tinyOpenAPI = `openapi: 3.0.3
info: {title: Tiny, version: "1"}
servers: [{url: https://tiny.example/api}]
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
components:
  schemas:
    Order: {type: object, required: [id], properties: {id: {type: string}}}
`

// tiny is a small bundle with some files replaced.
func tiny(replace map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, body := range map[string]string{
		"contract.yaml": "name: tiny\ntitle: Tiny\nversion: \"1\"\nbase-path: /api\n",
		"openapi.yaml":  tinyOpenAPI,
	} {
		files[name] = &fstest.MapFile{Data: []byte(body)}
	}
	for name, body := range replace {
		files[name] = &fstest.MapFile{Data: []byte(body)}
	}
	return files
}

func TestBrokenBundles(t *testing.T) {
	for _, tc := range []struct {
		name   string
		files  map[string]string
		want   []string
		reason string
	}{
		{"unknown key", map[string]string{"errors.yaml": "outcomes:\n  - layer: http\n    cod: \"404\"\n    operations: [getOrder]\n"},
			[]string{`errors.yaml:3:5: unknown key "cod" (did you mean "code"?)`}, "a misspelt key must not be ignored"},
		{"several at once", map[string]string{"contract.yaml": "name: tiny\ntitel: x\nbase-path: /api\nlimits: {rate: fast}\n"},
			[]string{`contract.yaml:2:1: unknown key "titel" (did you mean "title"?)`, `contract.yaml:4:9: limits: expected a list, found a mapping`}, "all findings together"},
		{"key given twice", map[string]string{"errata.yaml": "errata: []\nerrata: []\n"},
			[]string{`errata.yaml:2:1: key "errata" is given twice (the first is in line 1)`}, "the second would hide the first"},
		{"not YAML", map[string]string{"behaviour.yaml": "resources:\n\t- x\n"},
			[]string{`behaviour.yaml:2:1: not valid YAML`}, "a tab"},
		{"unknown operation", map[string]string{"errors.yaml": "outcomes:\n  - {layer: http, code: \"404\", operations: [getOrders], basis: documented}\n"},
			[]string{`errors.yaml:2:5: there is no operation "getOrders" (did you mean "getOrder"?)`}, "an outcome of nothing"},
		{"unknown resource", map[string]string{"behaviour.yaml": "resources: {order: {title: x}}\noperations:\n  getOrder:\n    effects:\n      - {put: ordr, key: a}\n"},
			[]string{`behaviour.yaml:5:9: an effect names the resource "ordr", which is not described (did you mean "order"?)`}, "an effect on nothing"},
		{"unknown refusal", map[string]string{"errors.yaml": "refusals:\n  - {when: malformd, outcome: http:400}\n"},
			[]string{`errors.yaml:2:5: refusal: "malformd" is not a reason (did you mean "malformed"?)`}, ""},
		{"schema that cannot be judged by", map[string]string{"openapi.yaml": strings.Replace(tinyOpenAPI, "{id: {type: string}}", "{id: {type: txt}}", 1)},
			[]string{`openapi.yaml:13:`, `type: expected one of`}, "told when the folder is opened, not with the first request"},
		{"XSD that does not compile", map[string]string{"openapi.yaml": strings.Replace(tinyOpenAPI, "application/json: {schema: {$ref: \"#/components/schemas/Order\"}}", "application/xml: {x-xsd: \"o.xsd#order\"}", 1), "xsd/o.xsd": "<xs:schema"},
			[]string{`openapi.yaml:`, "o.xsd"}, ""},
		{"XSD without the root element", map[string]string{"openapi.yaml": strings.Replace(tinyOpenAPI, "application/json: {schema: {$ref: \"#/components/schemas/Order\"}}", "application/xml: {x-xsd: \"o.xsd#order\"}", 1),
			"xsd/o.xsd": `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="ordre" type="xs:int"/></xs:schema>`},
			[]string{`openapi.yaml:`, `ordre`}, "the hint names what the XSD does declare"},
		{"reference to nothing", map[string]string{"openapi.yaml": strings.Replace(tinyOpenAPI, "schemas/Order\"", "schemas/Ordre\"", 1)},
			[]string{`openapi.yaml:10:72: refers to #/components/schemas/Ordre, which is not there (did you mean "Order"?)`}, ""},
		{"path parameter not described", map[string]string{"openapi.yaml": strings.Replace(tinyOpenAPI, "name: id, in: path", "name: di, in: path", 1)},
			[]string{`operation getOrder: the path has {id}, and no parameter describes it`, `path parameter "di" is not in the path /orders/{id}`}, "a bundle is put right"},
		{"base path differs", map[string]string{"contract.yaml": "name: tiny\nbase-path: /v2\n"},
			[]string{`openapi.yaml:3:1: the path of the first server is "/api", and base-path in contract.yaml is "/v2"`}, ""},
		{"example without body file", map[string]string{"examples/getOrder/one/example.yaml": "title: x\nbasis: documented\nresponse: {status: 200, file: response.json}\n"},
			[]string{`examples/getOrder/one/example.yaml:3:11: the file response.json cannot be read`}, ""},
		{"example of no operation", map[string]string{"examples/getOrdr/one/example.yaml": "basis: documented\n"},
			[]string{`examples/getOrdr: there is no operation "getOrdr" (did you mean "getOrder"?)`}, ""},
		{"status that is none", map[string]string{"errors.yaml": "outcomes:\n  - {layer: http, code: four, operations: [getOrder], basis: documented}\n"},
			[]string{`errors.yaml:2:5: outcome "four" of the layer http is no status from 100 to 599`}, "it would never be met"},
		{"path of codes that is none", map[string]string{"errors.yaml": "layers: {global: {at: \"code[x]\"}}\n"},
			[]string{`errors.yaml:1:18: layers: path "code[x]" must begin with '/'`}, "no code would be found"},
		{"basis that is none", map[string]string{"openapi.yaml": strings.Replace(tinyOpenAPI, "{id: {type: string}}", "{id: {type: string, x-basis: infered}}", 1)},
			[]string{`x-basis "infered" is not known (use documented, corrected, inferred or made-up)`}, "it would count as documented"},
		{"name that is no file name", map[string]string{"contract.yaml": "name: a b/c\nbase-path: /api\n"},
			[]string{`contract.yaml:1:1: the name "a b/c" holds a character`}, "it is in addresses"},
		{"scheme of no type", map[string]string{"contract.yaml": "name: tiny\nbase-path: /api\nauth:\n  schemes:\n    - {id: a, type: baerer}\n"},
			[]string{`contract.yaml:5:7: auth scheme "a" has the unknown type "baerer"`}, ""},
		{"example outside", map[string]string{"examples/getOrder/one/example.yaml": "basis: documented\nresponse: {status: 200, file: ../../../../secret}\n"},
			[]string{`is outside the bundle`}, "a bundle reads its own files only"},
		{"alias bomb", map[string]string{"contract.yaml": bomb()}, []string{`more than 2000000 values after aliases are expanded`}, "a small file must not fill the memory"},
		{"nested too deep", map[string]string{"contract.yaml": "name: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000)}, []string{"contract.yaml"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			lines := problems(t, tiny(tc.files))
			text := strings.Join(lines, "\n")
			for _, want := range tc.want {
				if !strings.Contains(text, want) {
					t.Errorf("expected %q in\n%s", want, text)
				}
			}
		})
	}
}

func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 9; i++ {
		prev := string(rune('0' + i - 1))
		b.WriteString("a" + string(rune('0'+i)) + ": &a" + string(rune('0'+i)) + " [" + strings.Repeat("*a"+prev+", ", 9) + "*a" + prev + "]\n")
	}
	return b.String()
}

func TestSoundBundle(t *testing.T) {
	c, err := specs.OpenFS(tiny(nil), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "tiny" || c.BasePath != "/api" || len(c.Operations) != 1 || c.Bare {
		t.Errorf("found %s at %s with %d operations", c.Name, c.BasePath, len(c.Operations))
	}
	other, err := specs.OpenFS(tiny(map[string]string{"README.md": "more"}), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	if c.Digest == other.Digest || !strings.HasPrefix(c.Digest, "sha256:") {
		t.Errorf("the digest must cover every file: %s and %s", c.Digest, other.Digest)
	}
}

// What no source documents is marked, so that it does not count against a vendor.
func TestBasisOfViolations(t *testing.T) {
	doc := strings.Replace(tinyOpenAPI, "{id: {type: string}}", "{id: {type: string}, fax: {type: string, x-basis: inferred}, home: {x-basis: inferred, type: object, properties: {a: {type: integer}}}}", 1)
	c, err := specs.OpenFS(tiny(map[string]string{"openapi.yaml": doc}), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	_, found := c.Operation("getOrder").Response(200).Body.For("application/json").Judge([]byte(`{"id": 1, "fax": 2, "home": {"a": "x"}}`), "")
	got := map[string]string{}
	for _, v := range found {
		got[v.Path] = v.Basis
	}
	if len(got) != 3 || got["/id"] != "" || got["/fax"] != "inferred" || got["/home/a"] != "inferred" {
		t.Errorf("found %v", got)
	}
}

func TestUnknownContract(t *testing.T) {
	for _, tc := range []struct{ ref, want string }{
		{"otsm", `did you mean "otms"?`},
		{"nothing-like-it", "built-in: otm5, otms, transeu"},
		{"", "built-in:"},
	} {
		_, err := specs.Open(tc.ref)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("Open(%q): expected %q, found %v", tc.ref, tc.want, err)
		}
	}
}

func TestFolderWithoutContract(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "openapi.yaml"), []byte(tinyOpenAPI), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := specs.Open(dir)
	if err == nil || !strings.Contains(err.Error(), "open the document itself: "+filepath.Join(dir, "openapi.yaml")) {
		t.Errorf("expected a way on, found %v", err)
	}
	open(t, filepath.Join(dir, "openapi.yaml"))
}

func TestSymbolicLinkOutOfTheFolder(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret.yaml")
	if err := os.WriteFile(secret, []byte("Thing: {type: object}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "parts.yaml")); err != nil {
		t.Fatal(err)
	}
	doc := strings.Replace(tinyOpenAPI, "#/components/schemas/Order", "parts.yaml#/Thing", 1)
	if err := os.WriteFile(filepath.Join(dir, "api.yaml"), []byte(doc), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := specs.Open(filepath.Join(dir, "api.yaml")); err == nil {
		t.Error("a symbolic link led out of the folder of the document")
	}
}

func TestBareDocuments(t *testing.T) {
	t.Run("3.0 YAML", func(t *testing.T) {
		c := open(t, "testdata/bare/petstore.yaml")
		if !c.Bare || c.BasePath != "/v1" || c.Title != "Pet store" || len(c.Operations) != 11 {
			t.Errorf("found bare=%v base=%q title=%q operations=%d", c.Bare, c.BasePath, c.Title, len(c.Operations))
		}
		if c.Servers[0].URL != "https://eu.pets.example/v1/" {
			t.Errorf("server variables take their default, found %s", c.Servers[0].URL)
		}
	})
	t.Run("3.1 JSON with $defs", func(t *testing.T) {
		c := open(t, "testdata/bare/store.json")
		_, found := c.Operation("addPet").RequestBody.For("application/json").Judge([]byte(`{"name":null,"kind":"cat"}`), "")
		if len(found) != 1 || found[0].Path != "/kind" {
			t.Errorf("expected one finding at /kind, found %v", found)
		}
	})
	t.Run("several files", func(t *testing.T) {
		c := open(t, "testdata/bare/split.yaml")
		m := c.Operation("getThing").Response(200).Body.For("application/json")
		_, found := m.Judge([]byte(`{"name":"abc","inner":{"name":"abcd"}}`), "")
		if len(found) != 1 || found[0].Path != "/inner/name" || found[0].Schema != "#/components/schemas/Local" {
			t.Errorf("expected one finding at /inner/name by the schema in the main file, found %+v", found)
		}
		_, found = m.Judge([]byte(`{}`), "")
		if len(found) != 1 || found[0].Kind != schema.Missing || !strings.HasPrefix(found[0].Schema, "parts/schemas.yaml#/Thing") && !strings.HasPrefix(found[0].Schema, "#/components") {
			t.Errorf("expected the place in the other file, found %+v", found)
		}
		if got := c.FileNames(); strings.Join(got, " ") != "parts/schemas.yaml parts/thing.yaml split.yaml" {
			t.Errorf("the digest covers %v", got)
		}
	})
}

func TestBrokenDocuments(t *testing.T) {
	for _, tc := range []struct{ name, doc, want string }{
		{"empty", "", "api.yaml: the file is empty"},
		{"not OpenAPI", "name: x\n", `no member "openapi"`},
		{"swagger", "swagger: \"2.0\"\n", "this is a Swagger 2.0 document"},
		{"a list", "- a\n", "expected an OpenAPI document, found a JSON array"},
		{"network", strings.Replace(tinyOpenAPI, "#/components/schemas/Order", "https://evil.example/x.yaml", 1), "nothing is ever fetched from the network"},
		{"outside", strings.Replace(tinyOpenAPI, "#/components/schemas/Order", "../x.yaml", 1), "outside the folder of the document"},
		{"no such file", strings.Replace(tinyOpenAPI, "#/components/schemas/Order", "x.yaml#/A", 1), "api.yaml:10:72: refers to the file x.yaml, which cannot be read"},
		{"type", strings.Replace(tinyOpenAPI, "{id: {type: string}}", "{id: {type: txt}}", 1), `api.yaml:13:`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := specs.OpenDocument(fstest.MapFS{"api.yaml": {Data: []byte(tc.doc)}}, "api.yaml")
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("expected %q, found %v", tc.want, err)
			}
		})
	}
}

// References in a circle end, and those that lead into themselves are told.
func TestCircles(t *testing.T) {
	doc := strings.Replace(tinyOpenAPI, "  schemas:\n", "  schemas:\n    A: {$ref: \"#/components/schemas/B\"}\n    B: {$ref: \"#/components/schemas/A\"}\n", 1)
	doc = strings.Replace(doc, "schemas/Order\"", "schemas/A\"", 1)
	_, err := specs.OpenDocument(fstest.MapFS{"api.yaml": {Data: []byte(doc)}}, "api.yaml")
	if err == nil {
		t.Error("a reference that leads only to itself describes nothing, and must be told")
	}
}

// Schemas that contain each other many times over cost no more than their number.
func TestWideSchemas(t *testing.T) {
	for _, tc := range []struct {
		name, level   string // of one level: a part that is repeated, "%d" is the next level
		levels, width int
		around        string
	}{
		{"allOf", "{$ref: \"#/components/schemas/L%d\"}", 24, 12, "xml: {name: l}, allOf: [%s]"},
		{"required", "p%[2]d: {$ref: \"#/components/schemas/L%[1]d\"}", 5, 60, "type: object, required: [p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19], properties: {%s}"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString("openapi: 3.0.3\ninfo: {title: W, version: '1'}\npaths:\n")
			for i, media := range []string{"application/json", "application/xml"} {
				body := "{" + media + ": {schema: {$ref: \"#/components/schemas/L0\"}}}"
				fmt.Fprintf(&b, "  /o%d/{id}:\n    put: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], requestBody: {content: %s}, responses: {\"200\": {description: ok, content: %s}, default: {description: bad, content: %s}}}\n", i, body, body, body)
			}
			b.WriteString("components:\n  schemas:\n")
			for i := range tc.levels {
				var parts []string
				for j := range tc.width {
					if strings.Contains(tc.level, "[2]") {
						parts = append(parts, fmt.Sprintf(tc.level, i+1, j))
					} else {
						parts = append(parts, fmt.Sprintf(tc.level, i+1))
					}
				}
				fmt.Fprintf(&b, "    L%d: {"+tc.around+"}\n", i, strings.Join(parts, ", "))
			}
			fmt.Fprintf(&b, "    L%d: {type: object}\n", tc.levels)
			start := time.Now()
			if _, err := specs.OpenDocument(fstest.MapFS{"api.yaml": {Data: []byte(b.String())}}, "api.yaml"); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("opening took %s", took)
			}
		})
	}
}

//fuzz:file
func FuzzOpenDocument(f *testing.F) {
	f.Add(tinyOpenAPI)
	for _, name := range []string{"petstore.yaml", "store.json", "split.yaml"} {
		src, err := os.ReadFile("testdata/bare/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	f.Add("openapi: 3.1.0\npaths: {/a: {get: {responses: {200: {}}}}}\n")
	f.Add("a: &a [*a]\n")
	f.Fuzz(func(t *testing.T, doc string) {
		if len(doc) > 1<<14 {
			return
		}
		c, err := specs.OpenDocument(fstest.MapFS{"api.yaml": {Data: []byte(doc)}}, "api.yaml")
		if err != nil {
			var load *specs.LoadError
			if !errors.As(err, &load) || len(load.Problems) == 0 {
				t.Fatalf("an error must say what is wrong: %v", err)
			}
			return
		}
		for _, op := range c.Operations {
			for _, p := range op.Params {
				p.Judge([]string{"x"})
			}
			// Whatever the document calls a path, looking for it must not panic.
			c.Match(op.Method, c.BasePath+op.URL(map[string]string{}))
		}
	})
}
