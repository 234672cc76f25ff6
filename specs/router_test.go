package specs_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/specs"
)

func routes(t testing.TB) *specs.Contract {
	t.Helper()
	doc := "openapi: 3.1.0\ninfo: {title: R, version: '1'}\nservers: [{url: https://x.example/base/}]\npaths:\n"
	for _, p := range []string{"/pets", "/pets/{id}", "/pets/mine", "/pets/{id}.json", "/pets/{id}:cancel", "/pets/{id}/toys", "/pets/mine/{x}",
		"/a/{from}-{to}", "/slash/", "/", "/{any}/deep/{er}"} {
		doc += "  " + `"` + p + `"` + ":\n    get: {responses: {}}\n"
		if p == "/pets" {
			doc += "    post: {responses: {}}\n"
		}
	}
	c, err := specs.OpenDocument(fstest.MapFS{"r.yaml": {Data: []byte(doc)}}, "r.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMatch(t *testing.T) {
	c := routes(t)
	for _, tc := range []struct {
		method, path string
		want         string // operation, then parameters
		allow        string
		reason       string
	}{
		{"GET", "/base/pets", "GET /pets", "GET HEAD POST", ""},
		{"POST", "/base/pets", "POST /pets", "GET HEAD POST", ""},
		{"DELETE", "/base/pets", "", "GET HEAD POST", "405 needs the list"},
		{"HEAD", "/base/pets", "GET /pets", "GET HEAD POST", "HEAD is answered by GET"},
		{"GET", "/base/pets/7", "GET /pets/{id} id=7", "GET HEAD", ""},
		{"GET", "/base/pets/mine", "GET /pets/mine", "GET HEAD", "a literal wins over a parameter"},
		{"GET", "/base/pets/7.json", "GET /pets/{id}.json id=7", "GET HEAD", "more literal text wins"},
		{"GET", "/base/pets/7:cancel", "GET /pets/{id}:cancel id=7", "GET HEAD", ""},
		{"GET", "/base/pets/7/toys", "GET /pets/{id}/toys id=7", "GET HEAD", ""},
		{"GET", "/base/pets/mine/toys", "GET /pets/mine/{x} x=toys", "GET HEAD", "a literal wins at every level"},
		{"GET", "/base/pets/mine/deep/5", "", "", "no way back into a wrong tree"},
		{"GET", "/base/cats/deep/5", "GET /{any}/deep/{er} any=cats er=5", "GET HEAD", ""},
		{"GET", "/base/pets/x%2Fy%20z", "GET /pets/{id} id=x/y z", "GET HEAD", "decoded after matching"},
		{"GET", "/base/pets/", "", "", "a trailing slash is another path"},
		{"GET", "/base/slash/", "GET /slash/", "GET HEAD", ""},
		{"GET", "/base/slash", "", "", ""},
		{"GET", "/base/", "GET /", "GET HEAD", ""},
		{"GET", "/base/a/1-2", "GET /a/{from}-{to} from=1 to=2", "GET HEAD", ""},
		{"GET", "/base/a/12", "", "", "no dash"},
		{"GET", "/base/%70ets", "GET /pets", "GET HEAD POST", "an encoded literal is the same path"},
		{"GET", "/pets", "", "", "below the base path only"},
		{"GET", "/basepets", "", "", ""},
		{"GET", "", "", "", ""},
		{"GET", "/base/pets/%zz", "GET /pets/{id} id=%zz", "GET HEAD", "a broken escape stays as it is"},
	} {
		op, params, allow := c.Match(tc.method, tc.path)
		got := ""
		if op != nil {
			got = op.ID
			for _, name := range []string{"id", "x", "any", "er", "from", "to"} {
				if v, ok := params[name]; ok {
					got += " " + name + "=" + v
				}
			}
		}
		if got != tc.want || strings.Join(allow, " ") != tc.allow {
			t.Errorf("%s %s: expected %q allow %q, found %q allow %v (%s)", tc.method, tc.path, tc.want, tc.allow, got, allow, tc.reason)
		}
	}
}

func TestURL(t *testing.T) {
	c := routes(t)
	for _, tc := range []struct {
		op     string
		params map[string]string
		want   string
	}{
		{"GET /pets", nil, "/pets"},
		{"GET /pets/{id}.json", map[string]string{"id": "a/b c"}, "/pets/a%2Fb%20c.json"},
		{"GET /pets/{id}", nil, "/pets/%7Bid%7D"},
	} {
		if got := c.Operation(tc.op).URL(tc.params); got != tc.want {
			t.Errorf("%s: expected %s, found %s", tc.op, tc.want, got)
		}
	}
}

// What URL builds, Match finds.
func TestURLAndMatchAgree(t *testing.T) {
	c := routes(t)
	for _, op := range c.Operations {
		params := map[string]string{"id": "ä/%", "x": "1", "any": "q", "er": "?", "from": "1", "to": "2"}
		found, _, _ := c.Match(op.Method, c.BasePath+op.URL(params))
		if found != op {
			t.Errorf("%s: %s finds %v", op.ID, op.URL(params), found)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	c := routes(b)
	b.ReportAllocs()
	for b.Loop() {
		if op, _, _ := c.Match("GET", "/base/pets/0f6c1b2e-8a77-4f0e-9a51-6d2f8f3b1c55/toys"); op == nil {
			b.Fatal("not found")
		}
	}
}

// choices has operations that a path alone does not tell apart: by the names of
// their parameters, by method, and by what stands behind the path.
func choices(t testing.TB) *specs.Contract {
	t.Helper()
	doc := `openapi: 3.1.0
info: {title: R, version: '1'}
paths:
  /icon/{term}: {get: {responses: {}, parameters: [{name: term, in: path, required: true, schema: {type: string}}]}}
  /icon/{id}: {get: {responses: {}, parameters: [{name: id, in: path, required: true, schema: {type: integer}}]}}
  /pets/mine: {get: {responses: {}}}
  /pets/{id}: {delete: {responses: {}, parameters: [{name: id, in: path, required: true, schema: {type: integer}}]}}
  /jobs/$next: {put: {responses: {}}}
  /jobs/{job}: {get: {responses: {}, parameters: [{name: job, in: path, required: true, schema: {type: string}}]}}
  /box?view=open: {get: {responses: {}}}
  /box: {get: {responses: {}}}
  "/#Action=Stop": {post: {responses: {}}}
`
	c, err := specs.OpenDocument(fstest.MapFS{"r.yaml": {Data: []byte(doc)}}, "r.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMatchAmongChoices(t *testing.T) {
	c := choices(t)
	if len(c.Warnings) > 0 {
		t.Errorf("each of these can be told apart, but: %q", c.Warnings)
	}
	for _, tc := range []struct{ method, path, want, allow, reason string }{
		{"GET", "/icon/7", "GET /icon/{id}", "GET HEAD", "the narrower one first, whatever the order of the document"},
		{"GET", "/icon/cat", "GET /icon/{term}", "GET HEAD", "its number refuses the path"},
		{"GET", "/jobs/$next", "GET /jobs/{job}", "GET HEAD", "the literal path does not have the method"},
		{"PUT", "/jobs/$next", "PUT /jobs/$next", "PUT", ""},
		{"DELETE", "/pets/mine", "", "GET HEAD", "mine is no number, so that nobody can delete it"},
		{"DELETE", "/pets/x", "DELETE /pets/{id}", "DELETE", "the only place: what is wrong with the id is said there"},
		{"POST", "/pets/mine", "", "DELETE GET HEAD", "the methods of all places"},
	} {
		op, _, allow := c.Match(tc.method, tc.path)
		got := ""
		if op != nil {
			got = op.ID
		}
		if got != tc.want || strings.Join(allow, " ") != tc.allow {
			t.Errorf("%s %s: expected %q allow %q, found %q allow %v (%s)", tc.method, tc.path, tc.want, tc.allow, got, allow, tc.reason)
		}
	}
}

func TestTold(t *testing.T) {
	c := choices(t)
	if got := c.Operation("GET /box?view=open").Told().Encode(); got != "view=open" {
		t.Errorf("expected the query of the path, found %q", got)
	}
	if got := c.Operation("POST /#Action=Stop").Told(); len(got) > 0 {
		t.Errorf("what stands behind # is not a query, found %q", got)
	}
	op, _, _ := c.Match("GET", "/box")
	if got := op.Choose(nil, nil, nil).ID; got != "GET /box" {
		t.Errorf("expected the operation without a query, found %s", got)
	}
	if got := op.Choose(map[string][]string{"view": {"open"}}, nil, nil).ID; got != "GET /box?view=open" {
		t.Errorf("expected the operation that the query names, found %s", got)
	}
}
