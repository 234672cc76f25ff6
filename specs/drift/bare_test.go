package drift_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/drift"
)

const bareWithXSD = `openapi: 3.1.0
info: {title: x, version: '1'}
paths: {/r: {post: {operationId: r, requestBody: {content: {application/xml: {x-xsd: 'r.xsd#r'}}}, responses: {'204': {description: done}}}}}
`

const bareXSD = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence><xs:element name="a" type="xs:string"/></xs:sequence></xs:complexType></xs:element></xs:schema>`

// The XSDs beside a bare document are a part of it.
func TestBareDocumentsAreComparedWithTheirXSDs(t *testing.T) {
	open := func(xsd string) *specs.Contract {
		t.Helper()
		c, err := specs.OpenDocument(fstest.MapFS{"api.yaml": {Data: []byte(bareWithXSD)}, "xsd/r.xsd": {Data: []byte(xsd)}}, "api.yaml")
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	found, err := drift.Compare(open(bareXSD), open(strings.Replace(bareXSD, "xs:string", "xs:int", 1)))
	if err != nil || len(found) != 1 || found[0].ID != "xsd-type-narrowed" || found[0].Path != "/r/a" || !strings.Contains(found[0].Where, "xsd/r.xsd:1") {
		t.Errorf("expected the narrower type of /r/a, found %+v, %v", found, err)
	}
	if found, err := drift.Compare(open(bareXSD), open(bareXSD)); err != nil || len(found) != 0 {
		t.Errorf("expected nothing, found %+v, %v", found, err)
	}
}

// A bundle that contract init made of a document says the same as the document.
func TestABundleIsItsDocument(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"api.yaml": bareWithXSD, "xsd/r.xsd": bareXSD} {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	document := filepath.Join(dir, "api.yaml")
	if err := specs.Init(document, "", filepath.Join(dir, "bundle")); err != nil {
		t.Fatal(err)
	}
	before, err := specs.Open(document)
	if err != nil {
		t.Fatal(err)
	}
	after, err := specs.Open(filepath.Join(dir, "bundle"))
	if err != nil {
		t.Fatal(err)
	}
	if found, err := drift.Compare(before, after); err != nil || len(found) != 0 {
		t.Errorf("expected nothing, found %+v, %v", found, err)
	}
}
