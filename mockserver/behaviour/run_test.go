package behaviour_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

const contractYAML = `name: shop
title: A shop
version: "1"
summary: For tests.
base-path: /shop
servers: [{url: "https://shop.example/shop", role: production}]
sources: [{id: page, title: The page}]
auth:
  schemes: [{id: bearer, type: bearer}]
  identities: [{name: default, token: demo, company: ACME, scopes: ["*"], values: {id: 7}}]
profiles: [{name: core, title: All}]
`

const openapiYAML = `openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: "https://shop.example/shop"}]
paths:
  /things:
    post:
      operationId: make
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {}}}}, "409": {description: taken}}
`

const errorsYAML = `layers: {}
shapes:
  problem: {media-type: application/problem+json, body: {code: "${outcome.code}", detail: "${detail}", paths: "${violations.map(v, v.path)}"}}
refusals: [{when: invalid-body, outcome: "http:400"}]
outcomes:
  - {layer: http, code: "200", operations: ["*"], title: Made, success: true, basis: documented, source: page, reached-by: {success: true}}
  - {layer: http, code: "400", operations: ["*"], title: Wrong, shape: problem, basis: documented, source: page, reached-by: {refusal: invalid-body}}
  - {layer: http, code: "409", operations: ["*"], title: Taken, shape: problem, basis: documented, source: page, reached-by: {rule: taken}}
  - {layer: item, code: "7", operations: ["*"], title: Bad item, basis: documented, source: page, reached-by: {rule: bad-item}}
`

// shop opens a contract whose behaviour is that of a test.
func shop(t testing.TB, behaviourYAML string) *specs.Contract {
	t.Helper()
	c, err := specs.OpenFS(fstest.MapFS{
		"contract.yaml": {Data: []byte(contractYAML)}, "openapi.yaml": {Data: []byte(openapiYAML)}, "errors.yaml": {Data: []byte(errorsYAML)},
		"behaviour.yaml": {Data: []byte(behaviourYAML)},
	}, "shop")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func compiled(t testing.TB, behaviourYAML string) *behaviour.Behaviour {
	t.Helper()
	b, err := behaviour.Compile(shop(t, behaviourYAML))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sources() *behaviour.Sources {
	return &behaviour.Sources{
		Now:   func() time.Time { return time.Date(2026, 3, 2, 10, 30, 0, 0, time.UTC) },
		UUID:  func() string { return "11111111-2222-4333-8444-555555555555" },
		Token: func(n int) string { return strings.Repeat("A", n) },
	}
}

// run sends one body to the operation "make" of a fresh state.
func run(t testing.TB, b *behaviour.Behaviour, store state.Store, body string) (*behaviour.Result, error) {
	t.Helper()
	tree, err := payload.ParseJSON([]byte(body), payload.JSONLimits{})
	if err != nil {
		t.Fatal(err)
	}
	var res *behaviour.Result
	failed := store.Update(t.Context(), "shop/default", func(tx state.Tx) (err error) {
		res, err = b.Operation("make").Run(&behaviour.Call{
			Tx: tx, Sources: sources(), Method: "POST", Body: tree, Header: http.Header{"X-One": {"1"}},
			Path: map[string]string{"id": "p"}, Query: map[string][]string{"q": {"a"}, "many": {"a", "b"}},
			Caller: behaviour.Caller{Identity: "default", Company: "ACME", Scopes: []string{"read"}, Values: map[string]any{"id": 7}},
		})
		return err
	})
	return res, failed
}

// Expressions and what they give, as the template "${expression}".
func TestExpressions(t *testing.T) {
	const body = `{"number":"N1","amount":12.50,"count":3,"flag":true,"nothing":null,"list":[{"a":1},{"a":2}],"deep":{"er":{"x":"y"}}}`
	for _, one := range []struct{ name, expr, want string }{
		{"a path", "request.body.number", `"N1"`},
		{"a number keeps its digits", "request.body.amount", `12.50`},
		{"absent is null", "request.body.absent", `null`},
		{"below what is absent is null", "request.body.absent.er.x", `null`},
		{"below a scalar is null", "request.body.number.er", `null`},
		{"absent equals null", "request.body.absent == null", `true`},
		{"null equals absent, the other way", "null == request.body.absent", `true`},
		{"null equals what is null", "request.body.nothing == null", `true`},
		{"what is there is not null", "request.body.number != null", `true`},
		{"two that are absent are equal", "request.body.a1 == request.body.a2", `true`},
		{"has", "has(request.body.deep.er) && !has(request.body.deep.nothing)", `true`},
		{"has below what is absent", "has(request.body.absent.x)", `false`},
		{"optional", "request.body.?absent.orValue('else')", `"else"`},
		{"an index", "request.body.list[1].a", `2`},
		{"an index that is not there", "request.body.list[9].a", `null`},
		{"a name in brackets", "request.body['number']", `"N1"`},
		{"a loop", "request.body.list.map(x, x.a * 10)", `[10,20]`},
		{"a loop over nothing", "request.body.absent.exists(x, x.a == 1)", `false`},
		{"a condition with null", "(request.body.absent == null ? null : dyn(1)) == null", `true`},
		{"numbers by value", "request.body.count == 3.0", `true`},
		{"objects by value", "request.body.deep == {'er': {'x': 'y'}}", `true`},
		{"lists by value", "request.body.list == [{'a': 1}, {'a': 2}]", `true`},
		{"a size", "size(request.body.list)", `2`},
		{"in", "'number' in request.body && !('absent' in request.body)", `true`},
		{"blank", "blank(request.body.absent) && blank('') && !blank('x')", `true`},
		{"default", "default(request.body.absent, 'd')", `"d"`},
		{"text", "text(request.body.amount) + text(request.body.absent)", `"12.5"`},
		{"merge", "merge(request.body.deep, {'er': {'z': 1}, 'gone': null})", `{"er":{"x":"y","z":1}}`},
		{"merge takes away", "merge(request.body.deep, {'er': null})", `{}`},
		{"uuid", "uuid()", `"11111111-2222-4333-8444-555555555555"`},
		{"now", "now()", `"2026-03-02T10:30:00Z"`},
		{"today", "today()", `"2026-03-02"`},
		{"token", "token(4)", `"AAAA"`},
		{"seq counts", "[seq('a'), seq('a'), seq('b')]", `[1,2,1]`},
		{"a path parameter", "request.path.id", `"p"`},
		{"a header", "request.headers['x-one']", `"1"`},
		{"a header that is not there", "request.headers['x-two'] == null", `true`},
		{"a query parameter", "request.query.q", `"a"`},
		{"a repeated query parameter", "request.query.many", `["a","b"]`},
		{"the caller", "caller.company + caller.identity", `"ACMEdefault"`},
		{"values of the caller", "caller.values.id", `7`},
		{"strings", "'a-b'.split('-').join('+').upperAscii()", `"A+B"`},
		{"the whole body", "request.body.deep", `{"er":{"x":"y"}}`},
	} {
		t.Run(one.name, func(t *testing.T) {
			b := compiled(t, "operations:\n  make:\n    respond: {status: 200, body: \"${"+strings.ReplaceAll(one.expr, `"`, `\"`)+"}\"}\n")
			res, err := run(t, b, state.NewMemory(state.Options{}), body)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(res.Body.JSON()); got != one.want {
				t.Errorf("%s: expected %s, found %s", one.expr, one.want, got)
			}
		})
	}
}

func TestTemplates(t *testing.T) {
	const body = `{"number":"N1","list":[{"k":"a","v":1},{"k":"b","v":2},{"k":"a","v":3}],"base":{"x":1,"y":{"z":2}}}`
	for _, one := range []struct{ name, yaml, want string }{
		{"order is kept", "{b: 1, a: '${request.body.number}'}", `{"b":1,"a":"N1"}`},
		{"text around", "{a: 'no ${request.body.number}, ${request.body.absent}!'}", `{"a":"no N1, !"}`},
		{"a literal dollar brace", "{a: '$${x}'}", `{"a":"${x}"}`},
		{"left out", "{'a?': '${request.body.absent}', 'b?': '${request.body.number}'}", `{"b":"N1"}`},
		{"braces inside", `{a: "${ {'x': '}'}.x }"}`, `{"a":"}"}`},
		{"if", "{a: {$if: 'request.body.absent != null', x: 1}, b: {$if: 'true', x: 1}}", `{"b":{"x":1}}`},
		{"if in a list", "[{$if: 'false', x: 1}, {x: 2}]", `[{"x":2}]`},
		{"each", "{a: {$each: request.body.list, $as: r, k: '${r.k}'}}", `{"a":[{"k":"a"},{"k":"b"},{"k":"a"}]}`},
		{"each over nothing", "{a: {$each: request.body.absent, k: 1}}", `{"a":[]}`},
		{"each without a name", "{a: {$each: request.body.list, k: '${it.v}'}}", `{"a":[{"k":1},{"k":2},{"k":3}]}`},
		{"each in each", "{a: {$each: request.body.list, $as: r, b: {$each: '[1,2]', $as: s, x: '${r.v * s}'}}}", `{"a":[{"b":[{"x":1},{"x":2}]},{"b":[{"x":2},{"x":4}]},{"b":[{"x":3},{"x":6}]}]}`},
		{"merge", "{$merge: ['${request.body.base}', {x: null, y: {w: 3}}]}", `{"y":{"z":2,"w":3}}`},
		{"map", "{$map: {each: request.body.list, as: r, key: '${r.k}', value: '${r.v}'}}", `{"a":3,"b":2}`},
		{"map merges values", "{$map: {each: request.body.list, as: r, key: '${r.k}', value: {$map: {each: '[r]', as: s, key: 'k${s.v}', value: 1}}}}", `{"a":{"k1":1,"k3":1},"b":{"k2":1}}`},
		{"constants", "{a: 1, b: 1.50, c: true, d: null, e: [x]}", `{"a":1,"b":1.50,"c":true,"d":null,"e":["x"]}`},
	} {
		t.Run(one.name, func(t *testing.T) {
			b := compiled(t, "operations:\n  make:\n    respond:\n      status: 200\n      body: "+one.yaml+"\n")
			res, err := run(t, b, state.NewMemory(state.Options{}), body)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(res.Body.JSON()); got != one.want {
				t.Errorf("expected %s, found %s", one.want, got)
			}
		})
	}
}

const stateful = `resources:
  thing:
    title: Thing
    indexes: {number: {value: doc.number, unique: true, per: owner}}
    seed: [{key: seeded, owner: "", document: {number: SEED}}]
operations:
  make:
    let:
      id: "request.body.id"
      unused: "int(request.body.number)"
      existing: "find('thing', 'number', request.body.number)"
    rules:
      - {id: taken, when: "existing != null && existing.key != id", outcome: "http:409", detail: "${request.body.number} is ${existing.key}", basis: documented, source: page}
    effects:
      - {put: thing, key: "${id}", when: "request.body.delete != true", document: {number: "${request.body.number}"}}
      - {delete: thing, key: "${id}", when: "request.body.delete == true"}
    respond: {status: 200, body: "${get('thing', id).body}"}
states:
  made: {title: A thing, params: {kind: {enum: [a, b], default: a}}, let: {id: "'T-' + token(4)"}, effects: [{put: thing, key: "${id}", document: {number: "${id}", kind: "${params.kind}"}}], answers: {id: "${id}", kind: "${params.kind}"}}
`

func TestRulesAndEffects(t *testing.T) {
	b := compiled(t, stateful)
	store := state.NewMemory(state.Options{Seed: func(_ string, tx state.Tx) error {
		return b.Seed(&behaviour.Call{Tx: tx, Sources: sources()})
	}})
	for _, one := range []struct{ name, body, outcome, answer string }{
		{"made", `{"id":"1","number":"N"}`, "", `{"number":"N"}`},
		{"the same again", `{"id":"1","number":"N"}`, "", `{"number":"N"}`},
		{"taken", `{"id":"2","number":"N"}`, "http:409", ""},
		{"the number of sample data is free", `{"id":"2","number":"SEED"}`, "", `{"number":"SEED"}`},
		{"deleted", `{"id":"1","delete":true}`, "", "null"},
		{"free again", `{"id":"3","number":"N"}`, "", `{"number":"N"}`},
	} {
		res, err := run(t, b, store, one.body)
		if err != nil {
			t.Fatalf("%s: %v", one.name, err)
		}
		outcome := ""
		if res.Outcome != nil {
			outcome = res.Outcome.Ref()
		}
		if outcome != one.outcome {
			t.Errorf("%s: expected outcome %q, found %q", one.name, one.outcome, outcome)
		}
		if one.outcome == "" {
			got := string(res.Raw)
			if res.Raw == nil {
				got = string(res.Body.JSON())
			}
			if got != one.answer {
				t.Errorf("%s: expected %s, found %s", one.name, one.answer, got)
			}
		} else if res.Detail != "N is 1" || res.Rule.ID != "taken" {
			t.Errorf("%s: expected the rule and its detail, found %+v", one.name, res)
		}
	}
}

func TestProviderStates(t *testing.T) {
	b := compiled(t, stateful)
	store := state.NewMemory(state.Options{})
	setup := func(name string, params map[string]string) (answers string, err error) {
		err = store.Update(t.Context(), "shop/default", func(tx state.Tx) error {
			n, err := b.Setup(name, params, &behaviour.Call{Tx: tx, Sources: sources(), Caller: behaviour.Caller{Company: "ACME"}})
			if err == nil {
				answers = string(n.JSON())
			}
			return err
		})
		return answers, err
	}
	if got, err := setup("made", nil); err != nil || got != `{"id":"T-AAAA","kind":"a"}` {
		t.Errorf("expected the answers with the default, found %s %v", got, err)
	}
	for name, params := range map[string]map[string]string{
		"unknown": nil, "made": {"kind": "c"}, "outcome": {"operation": "make", "code": "999"}, "internal-error": {"operation": "none"},
	} {
		_, err := setup(name, params)
		var bad *behaviour.BadState
		if !errors.As(err, &bad) {
			t.Errorf("%s %v: expected it to be refused, found %v", name, params, err)
		}
	}
	if _, err := setup("outcome", map[string]string{"operation": "make", "code": "409"}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"http:409", ""} {
		res, err := run(t, b, store, `{"id":"9","number":"X"}`)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if res.Outcome != nil {
			got = res.Outcome.Ref()
		}
		if got != want {
			t.Errorf("call %d: expected %q, found %q", i+1, want, got)
		}
	}
}

const batched = `resources: {thing: {title: Thing}}
operations:
  make:
    batch: {items: /items, violations: item}
    item-let: {twice: "item.n * 2"}
    item-rules: [{id: bad-item, when: "item.n < 0", outcome: "item:7", detail: "item ${index} has ${item.n}", basis: documented, source: page}]
    effects: [{put: thing, key: "k${item.n}", document: "${item}"}]
    respond: {status: 200, body: {items: {$each: results, $as: r, n: "${r.item.n}", "code?": "${r.outcome.code}", "detail?": "${blank(r.detail) ? null : dyn(r.detail)}", twice: "${r.twice}"}}}
`

func TestBatch(t *testing.T) {
	b := compiled(t, batched)
	res, err := run(t, b, state.NewMemory(state.Options{}), `{"items":[{"n":1},{"n":-1},{"n":2}]}`)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"items":[{"n":1,"twice":2},{"n":-1,"code":"7","detail":"item 1 has -1","twice":-2},{"n":2,"twice":4}]}`
	if got := string(res.Body.JSON()); got != want {
		t.Errorf("expected %s, found %s", want, got)
	}
	if len(res.Changes) != 2 {
		t.Errorf("expected two changes, found %d", len(res.Changes))
	}
}

// Everything that is wrong is told, with file and line.
func TestCompileErrors(t *testing.T) {
	for _, one := range []struct{ name, yaml, want string }{
		{"a typing error", "operations:\n  make:\n    rules:\n      - {id: a, when: \"1 +\", outcome: \"http:409\", basis: documented, source: page}\n", "behaviour.yaml:4: in the expression \"1 +\""},
		{"a condition that is none", "operations:\n  make:\n    rules:\n      - {id: a, when: \"1 + 1\", outcome: \"http:409\", basis: documented, source: page}\n", "behaviour.yaml:4: the condition \"1 + 1\" gives int, expected true or false"},
		{"an effect on a text", "resources: {thing: {title: x}}\noperations:\n  make:\n    effects:\n      - {put: thing, key: a, when: \"'x'\"}\n", "behaviour.yaml:5: the condition \"'x'\" gives string, expected true or false"},
		{"an unknown name", "operations:\n  make:\n    rules:\n      - {id: a, when: \"nobody + 1 == 2\", outcome: \"http:409\", basis: documented, source: page}\n", "behaviour.yaml:4: in the expression"},
		{"an unknown function", "operations:\n  make:\n    respond:\n      status: 200\n      body: {a: \"${nothing(1)}\"}\n", "behaviour.yaml:5:"},
		{"an unknown outcome", "operations:\n  make:\n    rules:\n      - {id: a, when: \"true\", outcome: \"http:999\", basis: documented, source: page}\n", "has no outcome \"http:999\""},
		{"no closing brace", "operations:\n  make:\n    respond:\n      status: 200\n      body: {a: \"${x\"}\n", "has no closing brace"},
		{"an unknown directive", "operations:\n  make:\n    respond:\n      status: 200\n      body: {a: {$eac: x, b: 1}}\n", "unknown template key \"$eac\""},
	} {
		t.Run(one.name, func(t *testing.T) {
			found := behaviour.Check(shop(t, one.yaml))
			if len(found) == 0 {
				t.Fatal("expected a problem, found none")
			}
			if got := found[0].String(); !strings.Contains(got, one.want) {
				t.Errorf("expected %q, found %q", one.want, got)
			}
		})
	}
}
