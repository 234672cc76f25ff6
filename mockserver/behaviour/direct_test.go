package behaviour

import (
	"strings"
	"testing"
	"time"

	"cel.dev/cel-go/cel"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// What an expression gives must not depend on how it is evaluated.
func TestDirectAndInterpreterAgree(t *testing.T) {
	body, err := payload.ParseJSON([]byte(`{"text": "Ab", "empty": "", "null": null, "whole": 3, "broken": 2.50, "yes": true, "no": false,
		"list": ["a", {"b": 1}], "none": [], "object": {"a": {"b": "c"}, "@x": "y"}, "umlaut": "äB", "number": "12.5"}`), payload.JSONLimits{})
	if err != nil {
		t.Fatal(err)
	}
	scope := newScope()
	bad := scope.slot("bad")
	call := &Call{Sources: &Sources{UUID: func() string { return "u" }, Now: func() time.Time { return time.Unix(0, 0) }}}
	f := &frame{scope: scope, values: make([]any, len(scope.order)), call: call, behaviour: &Behaviour{}}
	f.values[slotItem], f.values[slotIndex], f.values[slotDetail] = viewOf(body.Root), 4, "some text"
	f.values[slotViolations], f.values[bad] = violationList(nil), failed{errEmpty{}}
	env, err := newEnvironment(scope.order)
	if err != nil {
		t.Fatal(err)
	}
	programs := &programs{all: map[string]*program{}, env: func() (*cel.Env, error) { return env, nil }}

	operands := []string{"item.text", "item.empty", "item.null", "item.missing", "item.missing.deeper", "item.whole", "item.broken", "item.yes", "item.no",
		"item.list", "item.none", "item.object", "item.object.a.b", `item.object["@x"]`, "item.umlaut", "item.number", "index", "detail", "bad", "null", "'Ab'", "3", "2.5", "true", "[]", "violations", "{'a': 1}"}
	var sources []string
	for _, a := range operands {
		for _, shape := range []string{"A", "!A", "text(A)", "blank(A)", "size(A)", "dyn(A)", "double(A)", "A.lowerAscii()", "A.upperAscii()", "A.matches('^A')", "A.substring(1)",
			"A[0]", "A[7]", "A['a']", "A.b", "A in ['Ab', 'x']", "[A]", "{'k': A}", "merge(A, {'n': A})", "A.exists(v, v == 1)", "A.all(v, v == 1)", "A.map(v, v)", "A.filter(v, v == 'a')",
			"A.filter(v, v != null)[0]", "A.map(v, v != 'a', [v, index])", "A.map(v, [v])[1]", "A.exists(v, item.list.exists(w, w == v && index == 2))", "A.all(v, v in ['Ab', 'x'])", "A.exists_one(v, v == 'a')", "has(item.text) && A", "uuid() + A"} {
			sources = append(sources, strings.ReplaceAll(shape, "A", a))
		}
		for i, b := range operands {
			if i%3 != 0 && a != b {
				continue
			}
			for _, shape := range []string{"A == B", "A != B", "A && B", "A || B", "A + B", "A - B", "A < B", "A >= B", "default(A, B)", "A ? B : 0", "dyn(A) == null ? B : A"} {
				sources = append(sources, strings.NewReplacer("A", a, "B", b).Replace(shape))
			}
		}
	}
	compared := 0
	for _, source := range sources {
		e := &expression{source: source, scope: f.scope}
		p := programs.of(e)
		if p.compiled() == nil || e.quick == nil {
			continue
		}
		quick, ok := e.quickly(f)
		if !ok {
			continue
		}
		compared++
		slow, _, err := p.prog.Eval(f)
		if err != nil {
			// The second operand of default is looked at when it is needed.
			if !strings.HasPrefix(source, "default(") {
				t.Errorf("%s: the interpreter fails (%v), directly it is %s", source, err, shown(quick))
			}
			continue
		}
		if a, b := shown(quick), shown(slow); a != b {
			t.Errorf("%s: the interpreter gives %s, directly it is %s", source, b, a)
		}
	}
	if compared < 1000 {
		t.Errorf("only %d expressions were compared", compared)
	}
}

type errEmpty struct{}

func (errEmpty) Error() string { return "nothing" }

func shown(v any) string {
	var b payload.Builder
	return string(nodeOf(v, &b).JSON())
}
