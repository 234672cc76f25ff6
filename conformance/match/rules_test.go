package match

import (
	"testing"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// What a contract leaves to the implementation is no difference, and everything else
// stays one.
func TestRules(t *testing.T) {
	for _, tc := range []struct {
		name, matcher, earlier, answer string
		rules                          Rules
		want                           string // path and kind of the only difference
		reason                         string
	}{
		{"more than was sent", `/a: {same-as: "${request:/a}"}`, `{"a":{"b":1}}`, `{"a":{"b":1,"c":2}}`, Rules{}, "", "a server may add to what it was sent"},
		{"more, by a plain reference", `/a: "${request:/a}"`, `{"a":{"b":1}}`, `{"a":{"b":1,"c":2}}`, Rules{}, "", "both ways to write it mean the same"},
		{"less than was sent", `/a: {same-as: "${request:/a}"}`, `{"a":{"b":1}}`, `{"a":{"c":1}}`, Rules{}, "/a/b missing", "what was sent must come back"},
		{"another value", `/a: {same-as: "${request:/a}"}`, `{"a":{"b":1}}`, `{"a":{"b":2,"c":1}}`, Rules{}, "/a/b value", "more does not excuse other"},
		{"more items", `/a: {same-as: "${request:/a}"}`, `{"a":[1]}`, `{"a":[1,2]}`, Rules{}, "/a/1 unexpected", "a list has the items that were sent"},
		{"more than an earlier answer", `/a: {same-as: "${s.response:/a}"}`, `{"a":{"b":1}}`, `{"a":{"b":1,"c":2}}`, Rules{}, "/a/c unexpected", "a read changes nothing"},
		{"null is a value", `/a: {same-as: "${s.response:/a}"}`, `{"a":{}}`, `{"a":{"b":null}}`, Rules{}, "/a/b unexpected", "without the rule"},
		{"null for none", `/a: {same-as: "${s.response:/a}"}`, `{"a":{}}`, `{"a":{"b":null}}`, Rules{NullIsAbsent: true}, "", "the contract says so"},
		{"none for null", `/a: {same-as: "${s.response:/a}"}`, `{"a":{"b":null}}`, `{"a":{}}`, Rules{NullIsAbsent: true}, "", "the contract says so"},
		{"none for a value", `/a: {same-as: "${s.response:/a}"}`, `{"a":{"b":1}}`, `{"a":{"b":null}}`, Rules{NullIsAbsent: true}, "/a/b type", "a value is not null"},
		{"an empty element for none", `/a/b: {absent: true}`, `<a/>`, `<a><b/></a>`, Rules{NullIsAbsent: true}, "", "in XML it has no value"},
		{"none for an empty element", `/a/b: ""`, `<a/>`, `<a/>`, Rules{NullIsAbsent: true}, "", "in XML it has no value"},
		{"a value is not nothing", `/a/b: {absent: true}`, `<a/>`, `<a><b>1</b></a>`, Rules{NullIsAbsent: true}, "/a/b unexpected", "1 is a value"},
		{"an empty element counts", `/a/b: {absent: true}`, `<a/>`, `<a><b/></a>`, Rules{}, "/a/b unexpected", "the contract says nothing"},
		{"null in a list", `/a: {same-as: "${s.response:/a}"}`, `{"a":[]}`, `{"a":[null]}`, Rules{NullIsAbsent: true}, "/a/0 unexpected", "only members can be absent"},
		{"null where nothing is wanted", `/a: {absent: true}`, `{}`, `{"a":null}`, Rules{NullIsAbsent: true}, "", "the contract says so"},
		{"nothing where null is wanted", `/a: "${request:/a}"`, `{"a":null}`, `{}`, Rules{NullIsAbsent: true}, "", "the contract says so"},
		{"nothing where null will do", `/a: {one-of: ["${request:/a}", null]}`, `{"a":1}`, `{}`, Rules{NullIsAbsent: true}, "", "null is one of the values"},
		{"nothing where a value is wanted", `/a: "${request:/a}"`, `{"a":1}`, `{}`, Rules{NullIsAbsent: true}, "/a missing", "the rule is about null alone"},
		{"nobody describes it", `/a: {same-as: "${s.response:/a}"}`, `{"a":{"b":1,"x":1}}`, `{"a":{"b":1,"x":2}}`, undescribed("x"), "", "the contract says nothing about x"},
		{"nobody describes what is new", `/a: {same-as: "${s.response:/a}"}`, `{"a":{"b":1}}`, `{"a":{"b":1,"x":2}}`, undescribed("x"), "", "the contract says nothing about x"},
		{"beside what nobody describes", `/a: {same-as: "${s.response:/a}"}`, `{"a":{"b":1,"x":1}}`, `{"a":{"b":2,"x":2}}`, undescribed("x"), "/a/b value", "b is described"},
		{"a UUID in capitals", `/a: "${request:/a}"`, `{"a":"7f3c1c55-6b1e-4d63-9a53-3f0f6e1f2b11"}`, `{"a":"7F3C1C55-6B1E-4D63-9A53-3F0F6E1F2B11"}`, Rules{}, "", "RFC 4122: either case"},
		{"another UUID", `/a: "${request:/a}"`, `{"a":"7f3c1c55-6b1e-4d63-9a53-3f0f6e1f2b11"}`, `{"a":"7F3C1C55-6B1E-4D63-9A53-3F0F6E1F2B12"}`, Rules{}, "/a value", "the digits differ"},
		{"a text in capitals", `/a: "${request:/a}"`, `{"a":"ab-cd"}`, `{"a":"AB-CD"}`, Rules{}, "/a value", "no UUID"},
		{"the same instant", `/a: "${request:/a}"`, `{"a":"2021-06-23T14:00:00Z"}`, `{"a":"2021-06-23T16:00:00.000+02:00"}`, Rules{}, "", "RFC 3339: one instant"},
		{"another instant", `/a: "${request:/a}"`, `{"a":"2021-06-23T14:00:00Z"}`, `{"a":"2021-06-23T14:00:00+02:00"}`, Rules{}, "/a value", "two hours earlier"},
		{"a time that lost its zone", `/a: "${request:/a}"`, `{"a":"2021-06-23T14:00:00Z"}`, `{"a":"2021-06-23T14:00:00"}`, Rules{}, "/a value", "no instant"},
		{"a time of day in another zone", `/a: "${request:/a}"`, `{"a":"23:30:00-01:00"}`, `{"a":"00:30:00Z"}`, Rules{}, "", "the same time every day"},
		{"zero written otherwise", `/a: "${request:/a}"`, `{"a":"06:00:00+00:00"}`, `{"a":"06:00:00Z"}`, Rules{}, "", "Z is an offset of zero"},
		{"another time of day", `/a: "${request:/a}"`, `{"a":"06:00:00+00:00"}`, `{"a":"06:00:00+01:00"}`, Rules{}, "/a value", "an hour earlier"},
		{"a time of day that lost its zone", `/a: "${request:/a}"`, `{"a":"06:00:00Z"}`, `{"a":"06:00:00"}`, Rules{}, "/a value", "no instant"},
		{"one entry has it", `/a: {contains: {has: {/k: x, /v: {type: string}}}}`, `{}`, `{"a":[{"k":"y","v":1},{"k":"x","v":"1"}]}`, Rules{}, "", "wherever it stands"},
		{"no entry has all of it", `/a: {contains: {has: {/k: x, /v: {type: string}}}}`, `{}`, `{"a":[{"k":"y","v":"1"},{"k":"x","v":1}]}`, Rules{}, "/a missing", "not one half here and one half there"},
		{"lacks, nowhere", `/a: {lacks: x}`, `{}`, `{"a":{"b":["y",{"c":"xx"}]}}`, Rules{}, "", "xx is not x"},
		{"lacks, deep down", `/a: {lacks: x}`, `{}`, `{"a":{"b":["y",{"c":"x"}]}}`, Rules{}, "/a/b/1/c unexpected", "however deep"},
		{"lacks, in an attribute", `/a: {lacks: x}`, `{}`, `<a><b k="x">y</b></a>`, Rules{}, "/a/b/@k unexpected", "attributes are values"},
		{"the only entry", `/a: {contains: {has: {/k: x, /v: {type: string}}}}`, `{}`, `{"a":[{"k":"x","v":1}]}`, Rules{}, "/a/0/v type", "it is said what is wrong with it"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := expectation(t, tc.matcher)
			earlier := tree(t, tc.earlier)
			found, err := Body(tree(t, tc.answer), e.Path, e.Matcher, tc.rules, func(ref *scenarios.Reference) (*payload.Node, error) { return earlier.At(ref.Path), nil })
			if err != nil {
				t.Fatal(err)
			}
			have := ""
			for _, d := range found {
				have += d.Path + " " + d.Kind
			}
			if have != tc.want {
				t.Errorf("found %q, expected %q: %s", have, tc.want, tc.reason)
			}
		})
	}
}

func undescribed(name string) Rules {
	return Rules{Undescribed: func(n *payload.Node) bool { return n.Name == name }}
}
