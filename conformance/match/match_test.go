package match

import (
	"fmt"
	"testing"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

func tree(t *testing.T, body string) *payload.Tree {
	t.Helper()
	var out *payload.Tree
	var err error
	if body[0] == '<' {
		out, err = xmlsafe.Parse([]byte(body), "", xmlsafe.Limits{})
	} else {
		out, err = payload.ParseJSON([]byte(body), payload.JSONLimits{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// expectation reads one "path: matcher" as a scenario would.
func expectation(t *testing.T, yaml string) scenarios.Expectation {
	t.Helper()
	list, err := scenarios.Parse("test.yaml", []byte("id: x\ntitle: x\nsteps: [{id: s, operation: op, expect: {body: {"+yaml+"}}}]\n"))
	if err != nil {
		t.Fatalf("%s: %v", yaml, err)
	}
	return list[0].Steps[0].Expect.Body[0]
}

func resolve(ref *scenarios.Reference) (*payload.Node, error) {
	switch ref.Field + ref.Path {
	case "number":
		return &payload.Node{Kind: payload.Number, Value: "7"}, nil
	case "text":
		return &payload.Node{Kind: payload.String, Value: "seven"}, nil
	case "/list":
		return payload.FromGo([]any{1, 2}), nil
	}
	return nil, fmt.Errorf("no such reference %v", ref)
}

// Every matcher holds for one body and fails for another, at the path and with the
// kind that a report names.
func TestMatchers(t *testing.T) {
	for _, tc := range []struct {
		name, matcher, holds, fails string
		path, kind                  string
	}{
		{"literal text", `/a: x`, `{"a":"x"}`, `{"a":"y"}`, "/a", "value"},
		{"text is no number", `/a: "1"`, `{"a":"1"}`, `{"a":1}`, "/a", "type"},
		{"number by value", `/a: 1`, `{"a":1.0}`, `{"a":"1"}`, "/a", "type"},
		{"exact decimals", `/a: 0.1`, `{"a":0.10}`, `{"a":0.1000000000000000000001}`, "/a", "value"},
		{"null", `/a: null`, `{"a":null}`, `{"a":0}`, "/a", "type"},
		{"missing member", `/a: x`, `{"a":"x"}`, `{"b":"x"}`, "/a", "missing"},
		{"list", `/a: [1, 2]`, `{"a":[1,2]}`, `{"a":[2,1]}`, "/a", "order"},
		{"format", `/a: {format: uuid}`, `{"a":"7f3c1c55-6b1e-4d63-9a53-3f0f6e1f2b11"}`, `{"a":"7f3c"}`, "/a", "format"},
		{"format date-time", `/a: {format: date-time}`, `{"a":"2026-01-02T03:04:05Z"}`, `{"a":"2026-01-02"}`, "/a", "format"},
		{"format date", `/a: {format: date}`, `{"a":"2024-02-29"}`, `{"a":"2025-02-29"}`, "/a", "format"},
		{"format email", `/a: {format: email}`, `{"a":"a@b.de"}`, `{"a":"a at b"}`, "/a", "format"},
		{"format uri", `/a: {format: uri}`, `{"a":"https://a/b"}`, `{"a":"a/b"}`, "/a", "format"},
		{"format duration", `/a: {format: duration}`, `{"a":"P1DT2H"}`, `{"a":"P"}`, "/a", "format"},
		{"regex", `/a: {regex: "^A[0-9]+$"}`, `{"a":"A12"}`, `{"a":"B12"}`, "/a", "pattern"},
		{"type", `/a: {type: integer}`, `{"a":1.0}`, `{"a":1.5}`, "/a", "type"},
		{"type string", `/a: {type: string}`, `{"a":"1"}`, `{"a":1}`, "/a", "type"},
		{"one of", `/a: {one-of: [x, y]}`, `{"a":"y"}`, `{"a":"z"}`, "/a", "enum"},
		{"absent", `/a: {absent: true}`, `{"b":1}`, `{"a":null}`, "/a", "unexpected"},
		{"present", `/a: {present: true}`, `{"a":null}`, `{}`, "/a", "missing"},
		{"more than", `/a: {gt: 1}`, `{"a":1.1}`, `{"a":1}`, "/a", "range"},
		{"less than", `/a: {lt: 1}`, `{"a":0}`, `{"a":1}`, "/a", "range"},
		{"at least", `/a: {gte: 1}`, `{"a":1}`, `{"a":0.9}`, "/a", "range"},
		{"at most", `/a: {lte: 1}`, `{"a":1}`, `{"a":1.1}`, "/a", "range"},
		{"times", `/a: {gt: "2026-01-01T00:00:00Z"}`, `{"a":"2026-01-01T01:00:00+00:30"}`, `{"a":"2026-01-01T01:00:00+01:00"}`, "/a", "range"},
		{"bound on a text", `/a: {gt: 1}`, `{"a":2}`, `{"a":"many"}`, "/a", "type"},
		{"same as", `/a: {same-as: "${x.number}"}`, `{"a":7.0}`, `{"a":"7"}`, "/a", "type"},
		{"same list", `/a: {same-as: "${s.response:/list}"}`, `{"a":[1,2]}`, `{"a":[1]}`, "/a/1", "missing"},
		{"reference in a text", `/a: "no ${x.number}"`, `{"a":"no 7"}`, `{"a":"no 8"}`, "/a", "value"},
		{"ignore case", `/a: {ignore-case: AbC}`, `{"a":"aBc"}`, `{"a":"ab"}`, "/a", "value"},
		{"each", `/a: {each: {type: string}}`, `{"a":["x"]}`, `{"a":["x",1]}`, "/a/1", "type"},
		{"each of none", `/a: {each: {type: string}}`, `{"a":["x"]}`, `{"a":[]}`, "/a", "missing"},
		{"contains", `/a: {contains: x}`, `{"a":[1,"x"]}`, `{"a":[1]}`, "/a", "missing"},
		{"size", `/a: {size: 2}`, `{"a":[1,2]}`, `{"a":[1]}`, "/a", "length"},
		{"size of no list", `/a: {size: 2}`, `{"a":[1,2]}`, `{"a":"xy"}`, "/a", "type"},
		{"all of several", `/a/*/b: x`, `{"a":[{"b":"x"},{"b":"x"}]}`, `{"a":[{"b":"x"},{"b":"y"}]}`, "/a/1/b", "value"},
		{"one lacks it", `/a/*/b: x`, `{"a":[{"b":"x"}]}`, `{"a":[{"b":"x"},{}]}`, "/a/1/b", "missing"},
		{"two conditions", `/a: {type: string, regex: x}`, `{"a":"x"}`, `{"a":"y"}`, "/a", "pattern"},

		{"xml text", `/r/a: x`, `<r><a> x </a></r>`, `<r><a>y</a></r>`, "/r/a", "value"},
		{"xml number", `/r/a: 1`, `<r><a>1.0</a></r>`, `<r><a>one</a></r>`, "/r/a", "value"},
		{"xml text of digits", `/r/a: "1"`, `<r><a>1</a></r>`, `<r><a>1.0</a></r>`, "/r/a", "value"},
		{"xml attribute", `/r/@v: "0.1"`, `<r v="0.1"/>`, `<r v="0.2"/>`, "/r/@v", "value"},
		{"xml attribute missing", `/r/@v: "0.1"`, `<r v="0.1"/>`, `<r/>`, "/r/@v", "missing"},
		{"xml empty", `/r/a: ""`, `<r><a/></r>`, `<r><a>0</a></r>`, "/r/a", "value"},
		{"xml indexed", `"/r/a[2]": y`, `<r><a>x</a><a>y</a></r>`, `<r><a>x</a><a>z</a></r>`, "/r/a[2]", "value"},
		{"xml all", `/r/a: x`, `<r><a>x</a><a>x</a></r>`, `<r><a>x</a><a>y</a></r>`, "/r/a[2]", "value"},
		{"xml second lacks it", `/r/a/b: x`, `<r><a><b>x</b></a></r>`, `<r><a><b>x</b></a><a/></r>`, "/r/a[2]/b", "missing"},
		{"xml size", `/r/a: {size: 2}`, `<r><a/><a/></r>`, `<r><a/></r>`, "/r/a", "length"},
		{"xml each", `/r/a: {each: {type: integer}}`, `<r><a>1</a></r>`, `<r><a>1</a><a>x</a></r>`, "/r/a[2]", "type"},
		{"xml contains", `/r/a: {contains: x}`, `<r><a>y</a><a>x</a></r>`, `<r><a>y</a></r>`, "/r/a", "missing"},
		{"xml absent", `/r/a: {absent: true}`, `<r/>`, `<r><a/></r>`, "/r/a", "unexpected"},
		{"xml root is another", `/r: {present: true}`, `<r/>`, `<s/>`, "/r", "missing"},
		{"xml has, below the element", `/r/a: {contains: {has: {/b: x, /@k: "1"}}}`, `<r><a k="2"><b>y</b></a><a k="1"><b>x</b></a></r>`, `<r><a k="2"><b>x</b></a><a k="1"><b>y</b></a></r>`, "/r/a", "missing"},
		{"xml has, of each", `/r/a: {each: {has: {/b: x}}}`, `<r><a><b>x</b></a></r>`, `<r><a><b>x</b></a><a><b>y</b></a></r>`, "/r/a[2]/b", "value"},
		{"xml has itself", `/r/a: {has: {"": x}}`, `<r><a>x</a></r>`, `<r><a>y</a></r>`, "/r/a", "value"},
		{"xml size and another condition", `/r/a: {size: 1, regex: x}`, `<r><a>x</a></r>`, `<r><a>y</a></r>`, "/r/a", "pattern"},
		{"xml size and lacks", `/r/a: {size: 2, lacks: x}`, `<r><a>y</a><a>z</a></r>`, `<r><a>y</a><a>x</a></r>`, "/r/a[2]", "unexpected"},
		{"xml size in one-of", `/r/a: {one-of: [{size: 1}]}`, `<r><a><b/></a></r>`, `<r><a><b/><c/></a></r>`, "/r/a", "enum"},
		{"xml contains in each", `/r/a: {each: {contains: x}}`, `<r><a><b>x</b></a></r>`, `<r><a><b>x</b></a><a><b>y</b></a></r>`, "/r/a[2]", "missing"},
		{"xml same", `/r/a: "${x.text}"`, `<r><a>seven</a></r>`, `<r><a>eight</a></r>`, "/r/a", "value"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := expectation(t, tc.matcher)
			if found, err := Body(tree(t, tc.holds), e.Path, e.Matcher, Rules{}, resolve); err != nil || len(found) > 0 {
				t.Errorf("%s does not hold for %s: %v, %v", tc.matcher, tc.holds, found, err)
			}
			found, err := Body(tree(t, tc.fails), e.Path, e.Matcher, Rules{}, resolve)
			if err != nil || len(found) == 0 {
				t.Fatalf("%s holds for %s: %v", tc.matcher, tc.fails, err)
			}
			if d := found[0]; d.Path != tc.path || d.Kind != tc.kind || d.Expected == "" || d.Actual == "" {
				t.Errorf("found %+v, expected the kind %s at %s, with expected and actual", d, tc.kind, tc.path)
			}
		})
	}
}

func TestUnknownReferenceIsNoDifference(t *testing.T) {
	e := expectation(t, `/a: "${x.nothing}"`)
	if _, err := Body(tree(t, `{"a":1}`), e.Path, e.Matcher, Rules{}, resolve); err == nil {
		t.Error("a reference to nothing gives no error")
	}
}
