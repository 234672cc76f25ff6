package payload_test

import (
	"testing"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// A JSON value written as an element, and a path in that led back into the value.
func TestFillElement(t *testing.T) {
	tree, err := payload.ParseJSON([]byte(`{"@a": "1", "@none": null, "#text": "t", "one": {"x": 1}, "many": [{"y": "a"}, {"y": "b"}], "empty": null, "list": [[1, 2]]}`), payload.JSONLimits{})
	if err != nil {
		t.Fatal(err)
	}
	b := payload.NewBuilder(8)
	e := b.NewNode(payload.Element, "root", "")
	payload.FillElement(e, tree.Root, b)
	const want = `<?xml version="1.0" encoding="UTF-8"?><root a="1">t<one><x>1</x></one><many><y>a</y></many><many><y>b</y></many><empty/><list>1</list></root>`
	if got := string((&payload.Tree{Format: payload.XML, Root: e}).XML()); got != want {
		t.Errorf("expected %s, found %s", want, got)
	}
	for path, want := range map[string]string{
		"/many[2]/y": "/many/1/y", "/many[1]/y": "/many/0/y", "/@a": "/@a", "/one/x": "/one/x", "/one[1]/x": "/one/x", "/missing[3]/z": "/missing/z", "": "",
	} {
		if got := payload.FormPointer(tree.Root, path); got != want {
			t.Errorf("%q: expected %q, found %q", path, want, got)
		}
	}
}
