package specs_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// A document is judged by what the contract says of the thing, wherever it says so:
// in a response, in a schema of behaviour.yaml, in an XSD behind that.
func TestResourceSchema(t *testing.T) {
	folder := ownContract(t)
	for _, one := range []struct {
		name, contract, resource, of string
		document                     string
		want                         []string // "line path kind" of each hard violation
	}{
		{"the response that shows it", "transeu", "order", "response 200 of getOrder",
			"{\n \"id\": \"no uuid\",\n \"route\": {\"events\": [{\"type\": 5}]}\n}",
			[]string{"2 /id format", "1 /number missing", "3 /route/events/0/type type"}},
		{"the example that is there from the start", "otm5", "vehicle", "response 200 of getVehicle",
			"{\"id\": \"b9bb914d-845e-46f2-91ff-31fa4bac2fbe\",\n\"fuel\": \"tea\"}", []string{"2 /fuel enum"}},
		{"behaviour.yaml", "otms", "order", "behaviour.yaml",
			"{\"orderNumber\": \"1\",\n\"status\": \"GONE\",\n\"receipt\": \"yes\"}", []string{"2 /status enum", "3 /receipt type"}},
		{"a field of an XSD", "otms", "order", "behaviour.yaml",
			"{\"orderNumber\": \"1\", \"status\": \"DRAFT\",\n\"lineHaul\": \"912.115\"}", []string{"2 /lineHaul pattern"}},
		{"an element of an XSD, with a list in it", "otms", "order", "behaviour.yaml",
			"{\"orderNumber\": \"1\", \"status\": \"DRAFT\", \"content\": {\n\"orderLines\": {\"orderLine\": [{},\n{\"quantity\": \"many\"}]},\n\"transportMode\": {\"transportType\": \"BOAT\"}}}",
			[]string{"3 /content/orderLines/orderLine/1/quantity", "4 /content/transportMode/transportType enum"}},
		{"no element has such a name", "otms", "order", "behaviour.yaml",
			"{\"orderNumber\": \"1\", \"status\": \"DRAFT\", \"content\": {\"a><b\": \"1\"}}", []string{"1 /content/a><b unexpected"}},
		{"a bare document", "../mockserver/testdata/documents/shelves.yaml", "shelves", "#/components/schemas/Shelf",
			"{\"id\": 3, \"place\": null, \"kind\": \"wood\"}", []string{"1 /id range"}},
		{"a nested collection of a bare document", "../mockserver/testdata/documents/shelves.yaml", "books", "#/components/schemas/Book",
			"{\"parent\": \"10\", \"item\": {\"isbn\": \"x\", \"title\": \"y\"}}", []string{"1 /item/isbn pattern"}},
		{"the thing itself is not there", "../mockserver/testdata/documents/shelves.yaml", "books", "#/components/schemas/Book",
			"{\"parent\": \"10\"}", []string{"1 /item missing"}},
		{"a part of the document of an own contract", folder, "parcel", "response 200 of getParcel",
			"{\"wrapped\": {\"id\": \"p\", \"weight\": -1}}", []string{"1 /wrapped/weight range"}},
		{"an own schema that refers to the document", folder, "note", "behaviour.yaml",
			"{\"parcel\": {\"id\": 5}}", []string{"1 /parcel/id type", "1 /parcel/weight missing"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			c, err := specs.Open(one.contract)
			if err != nil {
				t.Fatal(err)
			}
			s := c.ResourceSchema(one.resource)
			if s == nil {
				t.Fatalf("%s has no schema", one.resource)
			}
			if s.Of != one.of {
				t.Errorf("expected the schema to come from %s, found %s", one.of, s.Of)
			}
			tree, err := payload.ParseJSON([]byte(one.document), payload.JSONLimits{})
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, v := range s.Judge(tree) {
				if !v.Soft {
					found = append(found, strings.Join([]string{strconv.Itoa(v.Line), v.Path, string(v.Kind)}, " "))
				}
			}
			for _, want := range one.want {
				if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, want) }) {
					t.Errorf("expected %q, found %q", want, found)
				}
			}
			if len(found) > 0 && len(one.want) == 0 {
				t.Errorf("expected nothing wrong, found %q", found)
			}
		})
	}
}

// A schema of behaviour.yaml that cannot be judged by is told when the contract is opened.
func TestBrokenResourceSchema(t *testing.T) {
	for _, one := range []struct{ name, schema, want string }{
		{"a reference to nowhere", `{$ref: "openapi.yaml#/components/schemas/Nothing"}`, "Nothing"},
		{"an unknown file", `{x-xsd: none.xsd#a/b}`, "none.xsd"},
		{"no element", `{properties: {a: {x-xsd: none.xsd}}}`, `names no element`},
	} {
		t.Run(one.name, func(t *testing.T) {
			folder := ownContract(t)
			file := filepath.Join(folder, "behaviour.yaml")
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text = append(text, []byte("  broken: {schema: "+one.schema+"}\n")...)
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err = specs.Open(folder); err == nil || !strings.Contains(err.Error(), one.want) || !strings.Contains(err.Error(), "broken") {
				t.Errorf("expected an error about %s of the resource broken, found %v", one.want, err)
			}
		})
	}
}

// ownContract writes a contract whose resources are shown in part, and by a schema.
func ownContract(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"contract.yaml": "name: own\ntitle: Own\nversion: \"1\"\nbase-path: \"\"\n",
		"openapi.yaml": `openapi: 3.0.3
info: {title: Own, version: "1"}
paths:
  /parcels/{id}:
    get:
      operationId: getParcel
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: it, content: {application/json: {schema: {$ref: "#/components/schemas/Parcel"}}}}
components:
  schemas:
    Parcel: {type: object, required: [id, weight], properties: {id: {type: string}, weight: {type: number, minimum: 0}}}
`,
		"behaviour.yaml": `operations:
  getParcel:
    let: {stored: "get('parcel', request.path.id)"}
    respond: {status: 200, body: "${stored.body.wrapped}"}
resources:
  parcel: {title: Parcels}
  note: {schema: {type: object, properties: {parcel: {$ref: "openapi.yaml#/components/schemas/Parcel"}}}}
`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
