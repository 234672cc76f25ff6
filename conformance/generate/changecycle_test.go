package generate_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/conformance/generate"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// An operation that changes what is there is tried on a record that another one wrote,
// and what it changes is read back.
func TestChangesBeginWithARecord(t *testing.T) {
	const json = `application/json: {schema: {type: object, required: [name], properties: {id: {type: integer, readOnly: true}, name: {type: string}, note: {type: string}}}}`
	const xml = `application/xml: {x-xsd: "t.xsd#thing"}`
	for name, content := range map[string]string{"JSON": json, "XML": xml} {
		t.Run(name, func(t *testing.T) {
			c, err := specs.OpenDocument(fstest.MapFS{
				"api.yaml": {Data: []byte(`openapi: 3.1.0
info: {title: x, version: '1'}
paths:
  /things:
    post: {operationId: add, requestBody: {required: true, content: {` + content + `}}, responses: {'201': {description: ok, content: {` + content + `}}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: read, responses: {'200': {description: ok, content: {` + content + `}}, '404': {description: none}}}
    put: {operationId: change, requestBody: {required: true, content: {` + content + `}}, responses: {'200': {description: ok, content: {` + content + `}}, '404': {description: none}}}
`)},
				"xsd/t.xsd": {Data: []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="thing"><xs:complexType><xs:sequence><xs:element name="name" type="xs:string"/><xs:element name="note" type="xs:string"/></xs:sequence><xs:attribute name="id" type="xs:int"/></xs:complexType></xs:element></xs:schema>`)},
			}, "api.yaml")
			if err != nil {
				t.Fatal(err)
			}
			var kept, unchanged *scenarios.Scenario
			for _, s := range generate.Cases(c, nil) {
				switch s.ID {
				case "generated.change.kept":
					kept = s
				case "generated.change.unchanged":
					unchanged = s
				}
			}
			if kept == nil || unchanged == nil {
				t.Fatal("expected cases of what the change leaves behind, found none")
			}
			for _, s := range []*scenarios.Scenario{kept, unchanged} {
				if first := s.Steps[0]; first.Operation != "add" || first.Capture["id"] == "" {
					t.Errorf("%s: expected a record to begin with, found %+v", s.ID, first)
				}
			}
			change, read := kept.Steps[1], kept.Steps[2]
			if change.Operation != "change" || change.Request.Path["id"] != "${create.id}" {
				t.Errorf("expected a change of the record, found %+v", change)
			}
			last := read.Expect.Body[len(read.Expect.Body)-1]
			if !strings.HasSuffix(last.Path, "/note") || !strings.HasPrefix(last.Matcher.Literal.Value, "${unique") {
				t.Errorf("expected the note to be read back, found %+v", last)
			}
		})
	}
}
