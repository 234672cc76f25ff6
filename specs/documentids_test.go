package specs_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// References by $id and $anchor lead across files, whichever is read first.
func TestIdentifiersAcrossFiles(t *testing.T) {
	const main = "openapi: 3.1.0\ninfo: {title: D, version: '1'}\npaths:\n  /a:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: SCHEMA}}}}\n      responses: {'204': {description: ok}}\n" +
		"components: {schemas: {F: {$ref: s/order.json}}}\n"
	files := map[string]string{
		"s/order.json":   `{"$id": "https://example.com/s/order", "properties": {"g": {"$ref": "goods.json#/$defs/g"}, "n": {"$ref": "#num"}}, "$defs": {"n": {"$anchor": "num", "type": "integer"}}}`,
		"s/goods.json":   `{"$defs": {"g": {"$ref": "https://example.com/s/order#num"}}}`,
		"s/nowhere.json": `{"$id": "https://example.com/s/nowhere", "$ref": "missing"}`,
	}
	for _, tc := range []struct{ name, ref, good, bad, refused string }{
		{"by an absolute $id of another file", "https://example.com/s/order", `{"n": 1, "g": 2}`, `{"n": "x"}`, ""},
		{"by the file, through an anchor of another", "s/goods.json#/$defs/g", `1`, `"x"`, ""},
		{"a file beside one with a $id", "s/order.json", `{"g": 2}`, `{"g": "x"}`, ""},
		{"an anchor of a file", "https://example.com/s/order#num", `1`, `"x"`, ""},
		{"neither a $id nor a file", "s/nowhere.json", "", "", "s/nowhere.json:1:50: refers to https://example.com/s/missing, by the $id around it"},
	} {
		fsys := fstest.MapFS{"d.yaml": {Data: []byte(strings.Replace(main, "SCHEMA", "'"+tc.ref+"'", 1))}}
		for name, text := range files {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		c, err := specs.OpenDocument(fsys, "d.yaml")
		if tc.refused != "" {
			if err == nil || !strings.Contains(err.Error(), tc.refused) {
				t.Errorf("%s: expected %q, found %v", tc.name, tc.refused, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		op, _, _ := c.Match(http.MethodPost, "/a")
		judge := func(body string) int {
			_, found := op.RequestBody.For("application/json").Judge([]byte(body), "")
			return len(schema.Hard(found))
		}
		if judge(tc.good) > 0 || judge(tc.bad) == 0 {
			t.Errorf("%s: %d violations of %s, %d of %s", tc.name, judge(tc.good), tc.good, judge(tc.bad), tc.bad)
		}
	}
}
