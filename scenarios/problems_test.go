package scenarios_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Whatever is wrong with a file is said with its place, all of it at once.
func TestProblemsOfAFile(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"unknown key", "id: a\ntitle: t\nstep: []\n", `f.yaml:3:1: unknown key "step" in a scenario (did you mean "steps"?)`},
		{"no steps", "id: a\ntitle: t\nsteps: []\n", "tests nothing"},
		{"no id", "title: t\nsteps: [{id: s, operation: o}]\n", "has no id"},
		{"no title", "id: a\nsteps: [{id: s, operation: o}]\n", "has no title"},
		{"twice a key", "id: a\nid: b\ntitle: t\nsteps: [{id: s, operation: o}]\n", "occurs twice"},
		{"broken YAML", "id: [a\n", "f.yaml"},
		{"unknown matcher", step("expect: {body: {/a: {formt: uuid}}}"), `did you mean "format"?`},
		{"unknown format", step("expect: {body: {/a: {format: guid}}}"), `format "guid" is not known`},
		{"broken regex", step("expect: {body: {/a: {regex: '['}}}"), "cannot be read"},
		{"nothing to choose from", step("expect: {body: {/a: {one-of: []}}}"), "nothing can match"},
		{"a check that checks nothing", step("expect: {body: {/a: {absent: false}}}"), "checks nothing"},
		{"has of nothing", step("expect: {body: {/a: {contains: {has: {}}}}}"), "has names nothing"},
		{"empty matcher", step("expect: {body: {/a: {}}}"), "says nothing"},
		{"several statuses without a reason", step("expect: {status: [200, 204]}"), "without a reason"},
		{"no status", step("expect: {status: 700}"), "is not an HTTP status"},
		{"item numbers", step("expect: {outcome: {0: 'item:1'}}"), "not an item number"},
		{"two bodies", step("request: {example: a, raw: b}"), "from one place"},
		{"editing a raw body", step("request: {raw: b, set: {/a: 1}}"), "cannot be edited"},
		{"base64", step("request: {raw-base64: '*'}"), "not base64"},
		{"eventually", step("eventually: {within: soon}"), "duration"},
		{"ids are quiet", "id: a b\ntitle: t\nsteps: [{id: s, operation: o}]\n", "may not have"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := scenarios.Parse("f.yaml", []byte(tc.text))
			var load *scenarios.LoadError
			if !errors.As(err, &load) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, expected %q", err, tc.want)
			}
		})
	}
	_, err := scenarios.Parse("f.yaml", []byte("id: a\nstep: 1\nsteps: 2\n"))
	var load *scenarios.LoadError
	if !errors.As(err, &load) || len(load.Problems) < 3 {
		t.Errorf("expected every problem at once, got %v", err)
	}
}

func step(more string) string {
	return fmt.Sprintf("id: a\ntitle: t\nsteps:\n  - id: s\n    operation: o\n    %s\n", more)
}

// A scenario names only what its contract has.
func TestChecksAgainstTheContract(t *testing.T) {
	c, err := specs.Open("../conformance/testdata/parcels")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, text, want string }{
		{"operation", "operation: addParcels", `did you mean "addParcel"?`},
		{"example", "operation: addParcel\n    request: {example: ful}", `did you mean "full"?`},
		{"outcome", `operation: addParcel` + "\n    expect: {outcome: 'http:404'}", "http:404 is not among the outcomes of addParcel"},
		{"erratum", "operation: addParcel\n    expect: {status: [201, 200], because: X1}", "erratum X1"},
		{"path parameter", "operation: getParcel\n    request: {path: {uid: x}}", "no path parameter uid"},
		{"path syntax", "operation: addParcel\n    expect: {body: {number: x}}", "must begin with '/'"},
		{"set without a body", "operation: addParcel\n    request: {set: {/a: 1}}", "need a body"},
		{"later step", "operation: getParcel\n    request: {path: {id: '${later.id}'}}", "nothing before this is called later"},
		{"own response in a request", "operation: getParcel\n    request: {path: {id: '${response:/id}'}}", "not known before"},
		{"no reference", "operation: getParcel\n    request: {path: {id: '${oops}'}}", "is not a reference"},
		{"open reference", "operation: getParcel\n    request: {path: {id: '${uuid'}}", "not closed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			list, err := scenarios.Parse("f.yaml", []byte("id: a\ntitle: t\nsteps:\n  - id: s\n    "+tc.text+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			if err := scenarios.Check(c, list); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, expected %q", err, tc.want)
			}
		})
	}
	for _, head := range []struct{ text, want string }{
		{"requirements: [PA-009]", "PA-009"},
		{"profile: gold", "profile gold"},
		{"given: [{state: parcl}]", `did you mean "parcel"?`},
	} {
		list, err := scenarios.Parse("f.yaml", []byte("id: a\ntitle: t\n"+head.text+"\nsteps: [{id: s, operation: addParcel}]\n"))
		if err != nil {
			t.Fatal(err)
		}
		if err := scenarios.Check(c, list); err == nil || !strings.Contains(err.Error(), head.want) {
			t.Errorf("%s: error %v, expected %q", head.text, err, head.want)
		}
	}
}

// Whatever a file holds, reading it gives scenarios or problems, and never panics.
//
//fuzz:file
func FuzzParse(f *testing.F) {
	f.Add([]byte(step("expect: {status: 200, body: {/a: {each: {one-of: [1, x]}}}}")))
	f.Add([]byte("id: a\ntitle: t\nsteps: &x [*x]\n"))
	f.Add([]byte("? [a]\n: b\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := scenarios.Parse("f.yaml", text)
		if err == nil {
			for _, s := range list {
				if s.ID == "" || len(s.Steps) == 0 {
					t.Errorf("a scenario without id or steps is accepted: %q", text)
				}
				s.Outcomes()
			}
		}
	})
}
