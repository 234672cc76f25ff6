package mockserver_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Every way to write a parameter is read, or named with its line. A message is a
// target, then headers; the parameter is called p.
func TestConstructsOfParameters(t *testing.T) {
	const (
		list   = "schema: {type: array, items: {type: integer}, minItems: 1}"
		object = "schema: {type: object, properties: {R: {type: integer}, G: {type: integer}}, required: [R], additionalProperties: false}"
		number = "schema: {type: integer}"
	)
	for _, c := range []construct{
		{name: "path", says: "in: path, required: true, " + number, good: []string{"/a/5"}, bad: []string{"/a/x"}},
		{name: "path, simple list", says: "in: path, required: true, " + list, good: []string{"/a/1,2"}, bad: []string{"/a/1,x"}},
		{name: "path, simple list exploded", says: "in: path, required: true, explode: true, " + list, good: []string{"/a/1,2"}, bad: []string{"/a/1,x"}},
		{name: "path, simple object", says: "in: path, required: true, " + object, good: []string{"/a/R,1,G,2"}, bad: []string{"/a/R,x", "/a/G,1"}},
		{name: "path, simple object exploded", says: "in: path, required: true, explode: true, " + object, good: []string{"/a/R=1,G=2"}, bad: []string{"/a/R=x", "/a/G=1"}},
		{name: "path, label", says: "in: path, required: true, style: label, " + number, good: []string{"/a/.5"}, bad: []string{"/a/5", "/a/.x"}},
		{name: "path, label list", says: "in: path, required: true, style: label, " + list, good: []string{"/a/.1,2"}, bad: []string{"/a/.1,x"}},
		{name: "path, label list exploded", says: "in: path, required: true, style: label, explode: true, " + list, good: []string{"/a/.1.2"}, bad: []string{"/a/.1.x"}},
		{name: "path, label object", says: "in: path, required: true, style: label, " + object, good: []string{"/a/.R,1,G,2"}, bad: []string{"/a/.R,x"}},
		{name: "path, label object exploded", says: "in: path, required: true, style: label, explode: true, " + object, good: []string{"/a/.R=1.G=2"}, bad: []string{"/a/.R=x"}},
		{name: "path, matrix", says: "in: path, required: true, style: matrix, " + number, good: []string{"/a/;p=5"}, bad: []string{"/a/5", "/a/;p=x", "/a/;q=5"}},
		{name: "path, matrix list", says: "in: path, required: true, style: matrix, " + list, good: []string{"/a/;p=1,2"}, bad: []string{"/a/;p=1,x"}},
		{name: "path, matrix list exploded", says: "in: path, required: true, style: matrix, explode: true, " + list, good: []string{"/a/;p=1;p=2"}, bad: []string{"/a/;p=1;p=x"}},
		{name: "path, matrix object", says: "in: path, required: true, style: matrix, " + object, good: []string{"/a/;p=R,1,G,2"}, bad: []string{"/a/;p=R,x"}},
		{name: "path, matrix object exploded", says: "in: path, required: true, style: matrix, explode: true, " + object, good: []string{"/a/;R=1;G=2"}, bad: []string{"/a/;R=x"}},
		{name: "path, content", says: "in: path, required: true, content: {application/json: {" + object + "}}", good: []string{"/a/%7B%22R%22:1%7D"}, bad: []string{"/a/%7B%7D", "/a/x"}},
		{name: "path, not required", says: "in: path, " + number, good: []string{"/a/5"}, bad: []string{"/a/x"}},
		{name: "path, a style that it cannot have", says: "in: path, required: true, style: form, " + number, named: "d.yaml:7:"},
		{name: "query", says: "in: query, required: true, " + number, good: []string{"/a?p=5"}, bad: []string{"/a", "/a?p=x", "/a?p=5&p=6"}},
		{name: "query, form list", says: "in: query, " + list, good: []string{"/a?p=1&p=2", "/a"}, bad: []string{"/a?p=1&p=x"}},
		{name: "query, form list in one", says: "in: query, explode: false, " + list, good: []string{"/a?p=1,2"}, bad: []string{"/a?p=1,x"}},
		{name: "query, form object", says: "in: query, required: true, " + object, good: []string{"/a?R=1&G=2"}, bad: []string{"/a?G=2", "/a?R=x", "/a"}},
		{name: "query, form object in one", says: "in: query, explode: false, " + object, good: []string{"/a?p=R,1,G,2"}, bad: []string{"/a?p=R,x", "/a?p=G,2"}},
		{name: "query, a list with a prefix", version: "3.1.0", says: "in: query, explode: false, schema: {type: array, prefixItems: [{type: integer}, {type: string}]}", good: []string{"/a?p=1,2"}, bad: []string{"/a?p=a,2"}},
		{name: "query, spaceDelimited", says: "in: query, style: spaceDelimited, explode: false, " + list, good: []string{"/a?p=1%202", "/a?p=1+2"}, bad: []string{"/a?p=1%20x"}},
		{name: "query, pipeDelimited", says: "in: query, style: pipeDelimited, explode: false, " + list, good: []string{"/a?p=1%7C2", "/a?p=1|2"}, bad: []string{"/a?p=1|x"}},
		{name: "query, pipeDelimited object", says: "in: query, style: pipeDelimited, explode: false, " + object, good: []string{"/a?p=R|1|G|2"}, bad: []string{"/a?p=R|x"}},
		{name: "query, pipeDelimited without explode said", says: "in: query, style: pipeDelimited, " + list, good: []string{"/a?p=1|2"}, bad: []string{"/a?p=1|x"}},
		{name: "query, deepObject", says: "in: query, style: deepObject, explode: true, " + object, good: []string{"/a?p[R]=1&p[G]=2", "/a?p%5BR%5D=1"}, bad: []string{"/a?p[G]=2", "/a?p[R]=x", "/a?p[R]=1&p[B]=1"}},
		{name: "query, content", says: "in: query, required: true, content: {application/json: {" + object + "}}", good: []string{"/a?p=%7B%22R%22:1%7D"}, bad: []string{"/a?p=%7B%7D", "/a?p=x", "/a"}},
		{name: "query, content of another type", says: "in: query, content: {text/csv: {schema: {type: array}}}", named: "d.yaml:7:"},
		{name: "query, allowReserved", says: "in: query, allowReserved: true, schema: {type: string, pattern: '^[a-z/?:]+$'}", good: []string{"/a?p=a/b?c:d", "/a?p=a%2Fb"}, bad: []string{"/a?p=a%23b"}},
		{name: "query, allowEmptyValue", says: "in: query, allowEmptyValue: true, " + number, good: []string{"/a?p=", "/a?p=5"}, bad: []string{"/a?p=x"}},
		{name: "query, nothing where a number is wanted", says: "in: query, " + number, bad: []string{"/a?p="}, good: []string{"/a"}},
		{name: "query, deprecated", says: "in: query, deprecated: true, " + number, good: []string{"/a?p=5"}, bad: []string{"/a?p=x"}},
		{name: "query, a style that is none", says: "in: query, style: commas, " + list, named: "d.yaml:7:"},
		{name: "query, a style for another type", says: "in: query, style: deepObject, " + number, named: "d.yaml:7:"},
		{name: "query, without schema and content", says: "in: query", named: "d.yaml:7:"},
		{name: "header", says: "in: header, required: true, " + number, good: []string{"/a|p: 5", "/a|P: 5"}, bad: []string{"/a", "/a|p: x"}},
		{name: "header, list", says: "in: header, " + list, good: []string{"/a|p: 1,2", "/a|p: 1, 2", "/a|p: 1|p: 2"}, bad: []string{"/a|p: 1,x"}},
		{name: "header, object", says: "in: header, " + object, good: []string{"/a|p: R,1,G,2"}, bad: []string{"/a|p: R,x"}},
		{name: "header, object exploded", says: "in: header, explode: true, " + object, good: []string{"/a|p: R=1,G=2"}, bad: []string{"/a|p: R=x"}},
		{name: "header, content", says: "in: header, content: {application/json: {" + object + "}}", good: []string{`/a|p: {"R":1}`}, bad: []string{"/a|p: {}"}},
		{name: "header, a style that it cannot have", says: "in: header, style: form, " + number, named: "d.yaml:7:"},
		{name: "cookie", says: "in: cookie, required: true, " + number, good: []string{"/a|Cookie: p=5", "/a|Cookie: q=1; p=5"}, bad: []string{"/a", "/a|Cookie: p=x"}},
		{name: "cookie, list in one", says: "in: cookie, explode: false, " + list, good: []string{"/a|Cookie: p=1,2"}, bad: []string{"/a|Cookie: p=1,x"}},
		{name: "cookie, object in one", says: "in: cookie, explode: false, " + object, good: []string{"/a|Cookie: p=R,1,G,2"}, bad: []string{"/a|Cookie: p=R,x"}},
		{name: "cookie, object exploded", says: "in: cookie, " + object, named: "d.yaml:7:"},
		{name: "a place that is none", says: "in: body, " + number, named: "d.yaml:7:"},
		{name: "the same parameter twice", says: "in: query, " + number + "}, {name: p, in: query, schema: {type: string}", named: "d.yaml:7:"},
		{name: "a header that is described elsewhere", says: "in: query, " + number + "}, {name: Content-Type, in: header, schema: {type: string}", named: "d.yaml:7:"},
		{name: "a reference", says: "in: query, " + number + "}, {$ref: '#/components/parameters/Q'", beside: "{parameters: {Q: {name: q, in: query, required: true, schema: {type: integer}}}}", good: []string{"/a?q=1"}, bad: []string{"/a", "/a?q=x"}},
		{name: "querystring of 3.2", version: "3.2.0", says: "in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object}}}", named: "d.yaml:7:"},
	} {
		for _, version := range c.versions() {
			t.Run(c.name+" in "+version, func(t *testing.T) {
				path := "/a"
				if strings.HasPrefix(c.says, "in: path") {
					path = "/a/{p}"
				}
				doc := "openapi: " + version + "\ninfo: {title: D, version: '1'}\npaths:\n  " + path + ":\n    get:\n      operationId: do\n" +
					"      parameters: [{name: p, " + c.says + "}]\n" +
					"      responses: {'204': {description: ok}, '400': {description: bad}}\n"
				if c.beside != "" {
					doc += "components: " + c.beside + "\n"
				}
				c.try(t, doc, toGet)
			})
		}
	}
}

// toGet makes a request of "/target|Header: value|…". A list in the style
// pipeDelimited has no colon behind its bars.
func toGet(message string) *http.Request {
	parts := strings.Split(message, "|")
	for len(parts) > 1 && !strings.Contains(parts[1], ": ") {
		parts = append([]string{parts[0] + "|" + parts[1]}, parts[2:]...)
	}
	r := httptest.NewRequest(http.MethodGet, parts[0], nil)
	for _, header := range parts[1:] {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	return r
}
