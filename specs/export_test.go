package specs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
)

// A copy of a contract is the same contract: same digest.
func TestExport(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		c := open(t, name)
		dir := filepath.Join(t.TempDir(), "copy")
		if err := specs.Export(c, dir); err != nil {
			t.Fatal(err)
		}
		copied := open(t, dir)
		if copied.Digest != c.Digest || copied.Name != c.Name {
			t.Errorf("%s: the copy is %s %s, the original %s", name, copied.Name, copied.Digest, c.Digest)
		}
		if err := specs.Export(c, dir); err == nil || !strings.Contains(err.Error(), "is not empty") {
			t.Errorf("nothing may be overwritten, found %v", err)
		}
	}
}

func TestInit(t *testing.T) {
	for _, name := range []string{"petstore.yaml", "store.json", "split.yaml"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "own")
			if err := specs.Init("testdata/bare/"+name, "", dir); err != nil {
				t.Fatal(err)
			}
			c := open(t, dir)
			if c.Bare || len(c.Operations) == 0 || !c.Behaviour.Inferred {
				t.Fatalf("expected a bundle that says that its behaviour is a guess, found bare=%v with %d operations, inferred=%v", c.Bare, len(c.Operations), c.Behaviour.Inferred)
			}
			for _, op := range c.Operations {
				if strings.ContainsAny(op.ID, " /{") {
					t.Errorf("operation id %q cannot name a folder", op.ID)
				}
			}
			bare := open(t, "testdata/bare/"+name)
			if len(bare.Behaviour.Operations) != len(c.Behaviour.Operations) || len(bare.Examples) != len(c.Examples) || len(bare.Outcomes) != len(c.Outcomes) {
				t.Errorf("the bundle knows %d behaviours, %d examples, %d outcomes; the document gave %d, %d, %d", len(c.Behaviour.Operations), len(c.Examples),
					len(c.Outcomes), len(bare.Behaviour.Operations), len(bare.Examples), len(bare.Outcomes))
			}
		})
	}
}

// What a bare document is used with all the same is no reason to refuse the bundle
// that init makes of it, until somebody has confirmed that.
func TestInitOfADocumentWithMistakes(t *testing.T) {
	document := filepath.Join(t.TempDir(), "mistaken.yaml")
	if err := os.WriteFile(document, []byte(`openapi: 3.0.3
info: {title: Mistaken, version: "1"}
security: [{nobody: []}]
paths:
  /things/{id}:
    get:
      parameters: [{name: other, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}, text: {schema: {type: string}}}}
components:
  schemas:
    Thing: {type: object, properties: {name: {type: string, pattern: '\p{Nothing}+'}}}
`), 0o644); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "own")
	if err := specs.Init(document, "", dir); err != nil {
		t.Fatal(err)
	}
	warnings := strings.Join(open(t, dir).Warnings, "\n")
	for _, want := range []string{`"nobody" is not described`, `"other" is not in the path`, "{id}, and no parameter describes it", `"text" is not a media type`, "openapi.yaml:", "pattern: "} {
		if !strings.Contains(warnings, want) {
			t.Errorf("expected a warning with %s in\n%s", want, warnings)
		}
	}
	behaviour := filepath.Join(dir, "behaviour.yaml")
	src, err := os.ReadFile(behaviour)
	if err != nil {
		t.Fatal(err)
	}
	confirmed := strings.Replace(string(src), "inferred: true", "", 1)
	if err := os.WriteFile(behaviour, []byte(confirmed), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := specs.Open(dir); err == nil || !strings.Contains(err.Error(), `"nobody" is not described`) {
		t.Errorf("expected the mistakes of a confirmed bundle as errors, found %v", err)
	}
}

func TestInitFindsRootElements(t *testing.T) {
	dir := t.TempDir()
	write := func(name, body string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("api.yaml", "# kept\nopenapi: 3.0.3\ninfo: {title: X, version: '1'}\npaths:\n  /orders:\n    put:\n      requestBody: {content: {application/xml: {}}}\n      responses: {'200': {description: ok, content: {application/xml: {}}}}\n")
	write("xsd/put.xsd", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="putOrdersRequest" type="xs:int"/><xs:element name="PutOrdersResponse" type="xs:int"/></xs:schema>`)
	if err := specs.Init(filepath.Join(dir, "api.yaml"), filepath.Join(dir, "xsd"), filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	op := open(t, filepath.Join(dir, "out")).Operation("putOrders")
	if got := op.RequestBody.Media[0]; got.Root != "putOrdersRequest" || got.Schema != "put.xsd#putOrdersRequest" {
		t.Errorf("found %s %s", got.Root, got.Schema)
	}
	if _, found := op.Response(200).Body.Media[0].Judge([]byte("<PutOrdersResponse>x</PutOrdersResponse>"), ""); len(found) == 0 {
		t.Error("the XSD says int")
	}
	src, err := os.ReadFile(filepath.Join(dir, "out", "openapi.yaml"))
	if err != nil || !strings.HasPrefix(string(src), "# kept") {
		t.Errorf("comments of the document are kept: %v\n%s", err, src)
	}
}
