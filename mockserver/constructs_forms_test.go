package mockserver_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs"
)

// A form of parts is judged by its schema and its encoding. A message is the parts,
// each "name|headers|content", with a line between them.
func TestConstructsOfForms(t *testing.T) {
	const schema = "schema: {type: object, required: [n], additionalProperties: false, properties: {n: {type: integer}, tags: {type: array, items: {type: integer}}, " +
		"o: {type: object, required: [x], properties: {x: {type: integer}}}, f: {type: string, format: binary}}}"
	many := strings.Repeat("n||1\n", 1001)
	for _, c := range []construct{
		{name: "parts by their schema", says: schema, good: []string{"n||1", "n||1\ntags||1\ntags||2", "n||1\no|Content-Type: application/json|{\"x\":1}", "n||1\nf|Content-Type: image/png|\xff\xfe"},
			bad: []string{"", "n||x", "tags||1", "n||1\ntags||x", "n||1\no|Content-Type: application/json|{}", "n||1\nz||1", "n||1\nn||2", "||1", many}},
		{name: "types of parts", says: schema + ", encoding: {f: {contentType: 'image/png, image/*'}}", good: []string{"n||1\nf|Content-Type: image/jpeg|x"}, bad: []string{"n||1\nf|Content-Type: text/html|x"}},
		{name: "headers of parts", says: schema + ", encoding: {n: {headers: {X-N: {required: true, schema: {type: integer}}}}}", good: []string{"n|X-N: 1|1"}, bad: []string{"n||1", "n|X-N: a|1"}},
		{name: "contentMediaType", version: "3.1.0", says: "schema: {type: object, properties: {f: {type: string, contentMediaType: image/png}}}", good: []string{"f|Content-Type: image/png|x"}, bad: []string{"f|Content-Type: text/html|x"}, named: "d.yaml:7:"},
		{name: "style of a part", version: "3.0.3", says: schema + ", encoding: {tags: {style: pipeDelimited}}", named: "d.yaml:7:"},
		{name: "style of a part", version: "3.1.0", says: schema + ", encoding: {tags: {style: pipeDelimited}}", good: []string{"n||1\ntags||1"}, bad: []string{"n||1\ntags||x"}},
	} {
		for _, version := range c.versions() {
			t.Run(c.name+" in "+version, func(t *testing.T) {
				c.try(t, formDocument(version, c.says), func(message string) *http.Request {
					var b strings.Builder
					for part := range strings.SplitSeq(strings.TrimSuffix(message, "\n"), "\n") {
						name, rest, _ := strings.Cut(part, "|")
						header, content, _ := strings.Cut(rest, "|")
						b.WriteString("--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n")
						if header != "" {
							b.WriteString(header + "\r\n")
						}
						b.WriteString("\r\n" + content + "\r\n")
					}
					return formRequest("multipart/form-data; boundary=b", b.String()+"--b--\r\n")
				})
			})
		}
	}
}

// What is no form of parts is refused, and the answer says why.
func TestHostileForms(t *testing.T) {
	const head = "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n"
	for _, tc := range []struct{ name, contentType, body, says string }{
		{"no boundary in the header", "multipart/form-data", head + "\r\n1\r\n--b--\r\n", "with a boundary"},
		{"a boundary without end", "multipart/form-data; boundary=" + strings.Repeat("b", 200), head, "RFC 2046"},
		{"another boundary in the body", "multipart/form-data; boundary=other", head + "\r\n1\r\n--b--\r\n", "and the body is parted by b"},
		{"no boundary in the body", "multipart/form-data; boundary=b", "n=1", "without a line that begins with --"},
		{"a part that does not end", "multipart/form-data; boundary=b", head + "\r\n1", "does not end"},
		{"headers without end", "multipart/form-data; boundary=b", head + strings.Repeat("X: y\r\n", 20000) + "\r\n1\r\n--b--\r\n", "cannot be read"},
		{"a part without a name", "multipart/form-data; boundary=b", "--b\r\n\r\n1\r\n--b--\r\n", "with a name"},
		{"another body", "multipart/form-data; boundary=b", "\x00\xff\n--\n-", "without a line that begins with --"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := construct{bad: []string{tc.body}, answers: tc.says}
			c.try(t, formDocument("3.1.0", "schema: {type: object, properties: {n: {type: integer}}}"), func(body string) *http.Request {
				return formRequest(tc.contentType, body)
			})
		})
	}
}

func formDocument(version, media string) string {
	return "openapi: " + version + "\ninfo: {title: D, version: '1'}\npaths:\n  /a:\n    post:\n      operationId: do\n" +
		"      requestBody: {required: true, content: {multipart/form-data: {" + media + "}}}\n" +
		"      responses: {'204': {description: ok}, '400': {description: bad}}\n"
}

func formRequest(contentType, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/a", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

// What a form creates is kept and read back like JSON.
func TestFormsAreKept(t *testing.T) {
	const item = "{type: object, required: [name], properties: {id: {type: string, readOnly: true}, name: {type: string}, size: {type: integer}}}"
	doc := "openapi: 3.1.0\ninfo: {title: D, version: '1'}\npaths:\n  /things:\n    post:\n" +
		"      requestBody: {required: true, content: {multipart/form-data: {schema: {$ref: '#/components/schemas/T'}}}}\n" +
		"      responses: {'201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/T'}}}}}\n" +
		"  /things/{id}:\n    get:\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n" +
		"      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/T'}}}}, '404': {description: unknown}}\n" +
		"components: {schemas: {T: " + item + "}}\n"
	contract, err := specs.OpenDocument(fstest.MapFS{"d.yaml": {Data: []byte(doc)}}, "d.yaml")
	if err != nil {
		t.Fatal(err)
	}
	server, err := mockserver.New([]*specs.Contract{contract}, mockserver.Options{NoAdmin: true, VerifyResponses: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	r := formRequest("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nkept\r\n--b\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n7\r\n--b--\r\n")
	r.URL.Path = "/things"
	r.RequestURI = "/things"
	made := asked(server, r)
	var created struct{ ID, Name string }
	if err := json.Unmarshal(made.Body.Bytes(), &created); err != nil || created.Name != "kept" || created.ID == "" {
		t.Fatalf("created: %d %s", made.Code, made.Body)
	}
	if read := asked(server, httptest.NewRequest(http.MethodGet, "/things/"+created.ID, nil)); !strings.Contains(read.Body.String(), `"size":7`) {
		t.Errorf("read back: %d %s", read.Code, read.Body)
	}
}
