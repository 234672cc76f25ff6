package behaviour_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// FuzzExpression compiles an expression of a contract from outside and runs it on a
// body from outside: there is a value or an error with a place, and never a panic.
//
//fuzz:file
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{`request.body.name == "a"`, `size(request.body.list) > 3 && caller.company != ''`, `seq("a")`, `request.body.id.matches("(a+)+$")`,
		`[1,2].map(x, x * 2)`, `((((`, `"\x00"`, `1/0 == 1`, `get('thing', request.body.id)`, `request.body.list.exists(x, x.a == 1 || x.b)`, `9223372036854775807 + 1`} {
		f.Add(seed, `{"id":"1","list":[{"a":1}]}`)
	}
	f.Fuzz(func(t *testing.T, expression, body string) {
		quoted, err := json.Marshal(strings.ToValidUTF8(expression, "?")) // a string of JSON is one of YAML
		if err != nil {
			t.Fatal(err)
		}
		c, err := specs.OpenFS(fstest.MapFS{
			"contract.yaml": {Data: []byte(contractYAML)}, "openapi.yaml": {Data: []byte(openapiYAML)}, "errors.yaml": {Data: []byte(errorsYAML)},
			"behaviour.yaml": {Data: []byte("resources: {thing: {}}\noperations:\n  make:\n    rules:\n      - {id: taken, when: " + string(quoted) +
				", outcome: 'http:409', basis: made-up}\n    respond: {status: 200, body: {v: \"${request.body.id}\"}}\n")},
		}, "shop")
		if err != nil {
			return
		}
		b, err := behaviour.Compile(c)
		if err != nil {
			if !strings.Contains(err.Error(), "behaviour.yaml:") {
				t.Errorf("the error has no place: %v", err)
			}
			return
		}
		if !validJSON(body) {
			body = "{}"
		}
		_, _ = run(t, b, state.NewMemory(state.Options{}), body)
	})
}

func validJSON(body string) bool {
	_, err := payload.ParseJSON([]byte(body), payload.JSONLimits{})
	return err == nil
}
