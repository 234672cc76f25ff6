package mockserver_test

import (
	"net/http"
	"strings"
	"testing"
)

// What stands around schemas and parameters is heeded, or named with its line. A
// message is "METHOD /target|Header: value|…".
func TestConstructsOfDocuments(t *testing.T) {
	const (
		v31   = "3.1.0"
		ok    = "responses: {'204': {description: ok}, '400': {description: bad}}"
		paths = "paths:\n  /a:\n    get:\n      operationId: do\n" // the operation goes on in line 7
		json  = "      responses: {'200': {description: ok, content: {application/json: {"
	)
	for _, c := range []construct{
		{name: "several variables in a segment", says: "paths:\n  '/a/{x}-{y}.json':\n    get:\n      parameters: [{name: x, in: path, required: true, schema: {type: integer}}, {name: y, in: path, required: true, schema: {type: integer}}]\n      " + ok + "\n",
			good: []string{"GET /a/1-2.json"}, bad: []string{"GET /a/1-x.json", "GET /a/1.json"}},
		{name: "parameters of a path", says: "paths:\n  /a:\n    parameters: [{name: p, in: query, required: true, schema: {type: integer}}]\n    get: {" + ok + "}\n", good: []string{"GET /a?p=1"}, bad: []string{"GET /a"}},
		{name: "a path item by reference", version: v31, says: "paths:\n  /a: {$ref: '#/components/pathItems/A'}\ncomponents: {pathItems: {A: {get: {parameters: [{name: p, in: query, required: true, schema: {type: integer}}], " + ok + "}}}}\n", good: []string{"GET /a?p=1"}, bad: []string{"GET /a"}},
		{name: "beside the reference of a path item", version: v31, says: "paths:\n  /a:\n    $ref: '#/components/pathItems/A'\n    post: {" + ok + "}\ncomponents: {pathItems: {A: {get: {" + ok + "}}}}\n", named: "d.yaml:6:"},
		{name: "servers", says: "servers: [{url: 'https://{host}/v1', variables: {host: {default: example.com}}}]\npaths: {/a: {get: {" + ok + "}}}\n", good: []string{"GET /v1/a"}, bad: []string{"GET /a"}},
		{name: "a variable in the path of a server", says: "servers: [{url: '/{v}', variables: {v: {default: v2, enum: [v1, v2]}}}]\npaths: {/a: {get: {" + ok + "}}}\n", good: []string{"GET /v2/a"}, bad: []string{"GET /a"}},
		{name: "a variable of a server that is not described", says: "servers: [{url: '/{v}'}]\npaths: {/a: {get: {" + ok + "}}}\n", named: "d.yaml:3:"},
		{name: "a default that is none of a variable's values", says: "servers: [{url: '/{v}', variables: {v: {default: v3, enum: [v1, v2]}}}]\npaths: {/a: {get: {" + ok + "}}}\n", named: "d.yaml:3:"},
		{name: "a second server with another path", says: "servers: [{url: /v1}, {url: /v2}]\npaths: {/a: {get: {" + ok + "}}}\n", good: []string{"GET /v1/a"}, named: "d.yaml:3:"},
		{name: "servers of a path", says: "paths:\n  /a:\n    servers: [{url: /b}]\n    get: {" + ok + "}\n", named: "d.yaml:5:"},
		{name: "servers of an operation", says: paths + "      servers: [{url: /b}]\n      " + ok + "\n", named: "d.yaml:7:"},
		{name: "a link", says: paths + "      responses: {'204': {description: ok, links: {next: {operationId: do}}}}\n", good: []string{"GET /a"}},
		{name: "a link to an operation that is not there", says: paths + "      responses: {'204': {description: ok, links: {next: {operationId: dont}}}}\n", named: "d.yaml:7:"},
		{name: "a link by operationRef", says: paths + "      responses: {'204': {description: ok, links: {next: {operationRef: '#/paths/~1a/get'}}}}\n", good: []string{"GET /a"}},
		{name: "a link by operationRef to nothing", says: paths + "      responses: {'204': {description: ok, links: {next: {operationRef: '#/paths/~1b/get'}}}}\n", named: "d.yaml:7:"},
		{name: "a link by operationRef to elsewhere", says: paths + "      responses: {'204': {description: ok, links: {next: {operationRef: 'https://example.com/d#/paths/~1b/get'}}}}\n", named: "d.yaml:7:"},
		{name: "a link without an operation", says: paths + "      responses: {'204': {description: ok, links: {next: {description: d}}}}\n", named: "d.yaml:7:"},
		{name: "a link with parameters that the operation lacks", says: paths + "      responses: {'204': {description: ok, links: {next: {operationId: do, parameters: {nope: 1}}}}}\n", named: "d.yaml:7:"},
		{name: "a link of the components to nothing", says: paths + "      " + ok + "\ncomponents: {links: {next: {operationId: dont}}}\n", named: "d.yaml:8:"},
		{name: "externalValue", says: paths + json + "schema: {type: object}, examples: {e: {externalValue: 'https://example.com/e.json'}}}}}}\n", named: "d.yaml:7:"},
		{name: "externalValue of a parameter", says: paths + "      parameters: [{name: p, in: query, schema: {type: string}, examples: {e: {externalValue: e.txt}}}]\n      " + ok + "\n", named: "d.yaml:7:"},
		{name: "example and examples", says: paths + json + "schema: {type: object}, example: {}, examples: {e: {value: {}}}}}}}\n", named: "d.yaml:7:"},
		{name: "an example of nothing", says: paths + json + "schema: {type: object}, examples: {e: {summary: s}}}}}}\n", named: "d.yaml:7:"},
		{name: "an example by reference", says: paths + json + "schema: {type: object}, examples: {e: {$ref: '#/components/examples/E'}}}}}}\ncomponents: {examples: {E: {value: {}}}}\n", good: []string{"GET /a"}},
		{name: "a dialect", version: v31, says: "jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema\n" + paths + "      " + ok + "\n", good: []string{"GET /a"}},
		{name: "a dialect of draft 7", version: v31, says: "jsonSchemaDialect: http://json-schema.org/draft-07/schema#\n" + paths + "      parameters: [{name: p, in: query, explode: false, schema: {type: array, items: [{type: integer}], additionalItems: false}}]\n      " + ok + "\n", good: []string{"GET /a?p=1"}, bad: []string{"GET /a?p=x", "GET /a?p=1,2"}},
		{name: "a dialect in 3.0", version: "3.0.3", says: "jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema\n" + paths + "      " + ok + "\n", named: "d.yaml:3:"},
		{name: "webhooks", version: v31, says: "webhooks:\n  w:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/N'}}}}\n      responses: {}\n", named: "d.yaml:6:"},
		{name: "webhooks in 3.0", version: "3.0.3", says: paths + "      " + ok + "\nwebhooks: {w: {post: {responses: {'200': {description: ok}}}}}\n", named: "d.yaml:8:"},
		{name: "pathItems in 3.0", version: "3.0.3", says: paths + "      " + ok + "\ncomponents: {pathItems: {A: {get: {" + ok + "}}}}\n", named: "d.yaml:8:"},
		{name: "a callback whose body refers to nothing", says: paths + "      " + ok + "\n      callbacks: {c: {'{$request.query.u}': {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/N'}}}}, responses: {}}}}}\n", named: "d.yaml:8:"},
		{name: "a callback whose schema is none", says: paths + "      " + ok + "\n      callbacks: {c: {'{$request.query.u}': {post: {requestBody: {content: {application/json: {schema: {type: text}}}}, responses: {}}}}}\n", named: "d.yaml:8:"},
		{name: "a callback to an expression that is none", says: paths + "      " + ok + "\n      callbacks: {c: {'{$request.nowhere}': {post: {responses: {}}}}}\n", named: "d.yaml:8:"},
		{name: "a response of a class", says: paths + "      responses: {2XX: {description: ok}, default: {description: bad}}\n", good: []string{"GET /a"}},
		{name: "a response that is no status", says: paths + "      responses: {'600': {description: ok}}\n", named: "d.yaml:7:"},
		{name: "a range that is none", says: paths + "      responses: {20X: {description: ok}}\n", named: "d.yaml:7:"},
		{name: "a header Content-Type of a response", says: paths + "      responses: {'204': {description: ok, headers: {Content-Type: {schema: {type: string}}}}}\n", named: "d.yaml:7:"},
		{name: "basic", says: paths + "      security: [{s: []}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: http, scheme: basic}}}\n", good: []string{"GET /a|Authorization: Basic ZGVtbzpkZW1v"}, bad: []string{"GET /a", "GET /a|Authorization: Basic eDp5"}},
		{name: "bearer", says: paths + "      security: [{s: []}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: http, scheme: Bearer, bearerFormat: JWT}}}\n", good: []string{"GET /a|Authorization: Bearer demo"}, bad: []string{"GET /a", "GET /a|Authorization: Bearer x"}},
		{name: "a key in a header", says: paths + "      security: [{s: []}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: apiKey, in: header, name: X-Key}}}\n", good: []string{"GET /a|X-Key: demo"}, bad: []string{"GET /a", "GET /a|X-Key: x"}},
		{name: "a key in a query", says: paths + "      security: [{s: []}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: apiKey, in: query, name: key}}}\n", good: []string{"GET /a?key=demo"}, bad: []string{"GET /a", "GET /a?key=x"}},
		{name: "a key in a cookie", says: paths + "      security: [{s: []}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: apiKey, in: cookie, name: key}}}\n", good: []string{"GET /a|Cookie: key=demo"}, bad: []string{"GET /a", "GET /a|Cookie: key=x"}},
		{name: "oauth2", says: paths + "      security: [{s: [read]}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: oauth2, flows: {clientCredentials: {tokenUrl: /t, scopes: {read: r}}}}}}\n", good: []string{"GET /a|Authorization: Bearer demo"}, bad: []string{"GET /a", "GET /a|Authorization: Bearer demo-no-scope"}},
		{name: "a scope that no flow has", says: paths + "      security: [{s: [write]}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: oauth2, flows: {clientCredentials: {tokenUrl: /t, scopes: {read: r}}}}}}\n", named: "d.yaml:7:"},
		{name: "openIdConnect", says: paths + "      security: [{s: []}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: openIdConnect, openIdConnectUrl: /o}}}\n", good: []string{"GET /a|Authorization: Bearer demo"}, bad: []string{"GET /a"}},
		{name: "either of two", says: paths + "      security: [{s: []}, {k: []}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: http, scheme: basic}, k: {type: apiKey, in: header, name: X-Key}}}\n", good: []string{"GET /a|X-Key: demo", "GET /a|Authorization: Basic ZGVtbzpkZW1v"}, bad: []string{"GET /a"}},
		{name: "both of two", says: paths + "      security: [{s: [], k: []}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: http, scheme: basic}, k: {type: apiKey, in: header, name: X-Key}}}\n", good: []string{"GET /a|X-Key: demo|Authorization: Basic ZGVtbzpkZW1v"}, bad: []string{"GET /a", "GET /a|X-Key: demo", "GET /a|Authorization: Basic ZGVtbzpkZW1v"}},
		{name: "credentials that may be left out", says: paths + "      security: [{s: []}, {}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: http, scheme: basic}}}\n", good: []string{"GET /a"}},
		{name: "security of the document, none of the operation", says: "security: [{s: []}]\n" + paths + "      security: []\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: http, scheme: basic}}}\n", good: []string{"GET /a"}},
		{name: "mutualTLS", version: v31, says: paths + "      security: [{s: []}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: mutualTLS}}}\n", named: "d.yaml:9:"},
		{name: "digest", says: paths + "      security: [{s: []}]\n      " + ok + "\ncomponents: {securitySchemes: {s: {type: http, scheme: digest}}}\n", named: "d.yaml:9:"},
		{name: "a scheme that is not described", says: paths + "      security: [{s: []}]\n      " + ok + "\n", named: "d.yaml:7:"},
		{name: "deprecated", says: paths + "      deprecated: true\n      " + ok + "\n", good: []string{"GET /a"}},
		{name: "a key that no operation has", says: paths + "      respones: {'200': {description: ok}}\n      " + ok + "\n", named: "d.yaml:7:"},
		{name: "a key that no path has", says: "paths:\n  /a:\n    gett: {" + ok + "}\n    get: {" + ok + "}\n", named: "d.yaml:5:"},
		{name: "a key that no document has", says: "pathes: {}\n" + paths + "      " + ok + "\n", named: "d.yaml:3:"},
		{name: "a key that no response has", says: paths + "      responses: {'204': {description: ok, contents: {}}}\n", named: "d.yaml:7:"},
		{name: "a key that no parameter has", says: paths + "      parameters: [{name: p, in: query, schema: {type: integer}, requierd: true}]\n      " + ok + "\n", named: "d.yaml:7:"},
		{name: "a key that no body has", says: "paths:\n  /a:\n    post:\n      requestBody: {content: {application/json: {schema: {type: integer}}}, requierd: true}\n      " + ok + "\n", named: "d.yaml:6:"},
		{name: "a key that no media type has", says: paths + json + "shema: {type: object}}}}}\n", named: "d.yaml:7:"},
		{name: "a key that no components have", says: paths + "      " + ok + "\ncomponents: {schema: {}}\n", named: "d.yaml:8:"},
		{name: "a schema of the components that nobody uses", says: paths + "      " + ok + "\ncomponents: {schemas: {A: {type: text}}}\n", named: "d.yaml:8:"},
		{name: "OpenAPI 3.2", version: "3.2.0", says: paths + "      " + ok + "\n", named: "d.yaml:1:"},
		{name: "a method of 3.2", version: "3.2.0", says: "paths:\n  /a:\n    query: {" + ok + "}\n", named: "d.yaml:5:"},
		{name: "a stream of 3.2", version: "3.2.0", says: paths + "      responses: {'200': {description: ok, content: {application/jsonl: {itemSchema: {type: object}}}}}\n", named: "d.yaml:7:"},
		{name: "components.mediaTypes of 3.2", version: "3.2.0", says: paths + "      " + ok + "\ncomponents: {mediaTypes: {A: {schema: {type: object}}}}\n", named: "d.yaml:8:"},
		{name: "$self of 3.2", version: "3.2.0", says: "$self: https://example.com/d\n" + paths + "      " + ok + "\n", named: "d.yaml:3:"},
		{name: "OpenAPI 4", version: "4.0.0", says: paths + "      " + ok + "\n", named: "d.yaml:1:"},
		{name: "Swagger 2.0", version: "\"\"\nswagger: '2.0'", says: paths, named: "d.yaml:"},
	} {
		for _, version := range c.versions() {
			t.Run(c.name+" in "+strings.TrimSpace(version), func(t *testing.T) {
				c.try(t, "openapi: "+version+"\ninfo: {title: D, version: '1'}\n"+c.says, func(message string) *http.Request {
					method, rest, _ := strings.Cut(message, " ")
					r := toGet(rest)
					r.Method = method
					return r
				})
			})
		}
	}
}
