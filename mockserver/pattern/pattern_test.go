package pattern_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/pattern"
)

const jsonBody = `{"number":"A-1","amount":1.10,"tags":["x","y",{"deep":true}],"lines":[{"sku":"p","count":2},{"sku":"q","count":5}],"note":null,"a/b":1}`

const xmlBody = `<?xml version="1.0"?><o:orders xmlns:o="urn:o" version="0.1"><order sequence="1"><number>A</number><haul>912.115</haul></order>` +
	`<order sequence="2"><number>B</number>tail</order></o:orders>`

// entries are what the patterns are held against: JSON, XML, a form.
func entries() []*journal.Entry {
	return []*journal.Entry{
		{ID: 1, Session: "s", Contract: "c", Operation: "make", Method: "POST", URL: "/shop/orders?a=1&a=2&b=x%20y&empty=", Status: 409, RequestBody: []byte(jsonBody),
			RequestHeader: http.Header{"Content-Type": {"application/json"}, "X-One": {"1"}, "X-Two": {"a", "b"}, "Cookie": {"c=1; d=two"}},
			Decision:      journal.Decision{Outcome: "http:409"}},
		{ID: 2, Session: "s", Contract: "c", Operation: "batch", Method: "PUT", URL: "/shop/orders/7%2F8/lines", Status: 200, RequestBody: []byte(xmlBody),
			RequestHeader: http.Header{"Content-Type": {"application/xml"}}, Decision: journal.Decision{Outcome: "global:0", Items: []string{"item:0", "item:1045"}}},
		{ID: 3, Session: "t", Contract: "c", Operation: "form", Method: "POST", URL: "/shop/login", Status: 204, RequestBody: []byte("user=me&role=a&role=b"),
			RequestHeader: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}},
	}
}

func compiled(t *testing.T, text string) (*pattern.Compiled, error) {
	t.Helper()
	var p pattern.Pattern
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return p.Compile()
}

func TestPatterns(t *testing.T) {
	for _, one := range []struct{ pattern, fits string }{
		{`{}`, "123"},
		{`{"method":"post"}`, "13"}, {`{"method":"ANY","session":"t"}`, "3"}, {`{"contract":"c","operation":"batch"}`, "2"},
		{`{"status":409}`, "1"}, {`{"status":2}`, "23"}, {`{"outcome":"http:409"}`, "1"}, {`{"outcome":"item:1045"}`, "2"},
		{`{"url":"/shop/login"}`, "3"}, {`{"url":"/shop/orders"}`, ""}, {`{"urlPath":"/shop/orders"}`, "1"}, {`{"urlPattern":"/shop/orders.*"}`, "12"},
		{`{"urlPattern":"orders"}`, ""}, {`{"urlPathPattern":"/shop/[a-z]+"}`, "13"}, {`{"urlPathTemplate":"/shop/orders/{id}/lines"}`, "2"},
		{`{"urlPathTemplate":"/shop/orders/{id}/lines","pathParameters":{"id":{"equalTo":"7/8"}}}`, "2"},
		{`{"urlPathTemplate":"/shop/orders/{id}/lines","pathParameters":{"id":{"equalTo":"7"}}}`, ""},
		{`{"queryParameters":{"a":{"equalTo":"2"}}}`, "1"}, {`{"queryParameters":{"b":{"equalTo":"x y"}}}`, "1"}, {`{"queryParameters":{"a":{"absent":true}}}`, "23"},
		{`{"queryParameters":{"empty":{"equalTo":""}}}`, "1"}, {`{"queryParameters":{"a":{"hasExactly":[{"equalTo":"2"},{"equalTo":"1"}]}}}`, "1"},
		{`{"queryParameters":{"a":{"hasExactly":[{"equalTo":"2"}]}}}`, ""}, {`{"queryParameters":{"a":{"includes":[{"equalTo":"2"}]}}}`, "1"},
		{`{"headers":{"x-one":{"equalTo":"1"}}}`, "1"}, {`{"headers":{"X-Two":{"equalTo":"b"}}}`, "1"}, {`{"headers":{"X-One":{"absent":true}}}`, "23"},
		{`{"headers":{"X-One":{"doesNotMatch":"1"}}}`, "23"}, {`{"headers":{"Content-Type":{"contains":"XML","caseInsensitive":true}}}`, "2"},
		{`{"cookies":{"d":{"equalTo":"two"}}}`, "1"}, {`{"cookies":{"d":{"equalTo":"1"}}}`, ""},
		{`{"formParameters":{"role":{"equalTo":"b"}}}`, "3"}, {`{"formParameters":{"role":{"equalTo":"c"}}}`, ""},
		{`{"bodyPatterns":[{"contains":"A-1"}]}`, "1"}, {`{"bodyPatterns":[{"doesNotContain":"A-1"}]}`, "23"}, {`{"bodyPatterns":[{"matches":".*912.*"}]}`, "2"},
		{`{"bodyPatterns":[{"or":[{"contains":"A-1"},{"contains":"912"}]}]}`, "12"}, {`{"bodyPatterns":[{"and":[{"contains":"A-1"},{"contains":"912"}]}]}`, ""},
		{`{"bodyPatterns":[{"not":{"contains":"A-1"}}]}`, "23"},
		// JSON
		{`{"bodyPatterns":[{"equalToJson":` + jsonBody + `}]}`, "1"}, {`{"bodyPatterns":[{"equalToJson":{"number":"A-1"}}]}`, ""},
		{`{"bodyPatterns":[{"equalToJson":{"number":"A-1"},"ignoreExtraElements":true}]}`, "1"}, {`{"bodyPatterns":[{"equalToJson":"{\"amount\":1.1}","ignoreExtraElements":true}]}`, "1"},
		{`{"bodyPatterns":[{"equalToJson":{"tags":["y",{"deep":true},"x"]},"ignoreExtraElements":true}]}`, ""},
		{`{"bodyPatterns":[{"equalToJson":{"tags":["y",{"deep":true},"x"]},"ignoreExtraElements":true,"ignoreArrayOrder":true}]}`, "1"},
		{`{"bodyPatterns":[{"equalToJson":{"lines":[{"sku":"q"},{"sku":"p"}]},"ignoreExtraElements":true,"ignoreArrayOrder":true}]}`, "1"},
		{`{"bodyPatterns":[{"equalToJson":{"tags":["y","x"]},"ignoreExtraElements":true,"ignoreArrayOrder":true}]}`, ""},
		{`{"bodyPatterns":[{"equalToJson":{"number":"${json-unit.any-string}","amount":"${json-unit.any-number}","tags":"${json-unit.ignore}"},"ignoreExtraElements":true}]}`, "1"},
		{`{"bodyPatterns":[{"equalToJson":{"number":"${json-unit.any-number}"},"ignoreExtraElements":true}]}`, ""},
		{`{"bodyPatterns":[{"equalToJson":{"number":"${json-unit.regex}A-[0-9]"},"ignoreExtraElements":true}]}`, "1"},
		{`{"bodyPatterns":[{"matchesJsonPath":"$.number"}]}`, "1"}, {`{"bodyPatterns":[{"matchesJsonPath":"$.nothing"}]}`, ""},
		{`{"bodyPatterns":[{"matchesJsonPath":"$.lines[?(@.count > 4)]"}]}`, "1"}, {`{"bodyPatterns":[{"matchesJsonPath":"$.lines[?(@.count > 5)]"}]}`, ""},
		{`{"bodyPatterns":[{"matchesJsonPath":"$..[?(@.sku == 'q' && @.count >= 5)]"}]}`, "1"}, {`{"bodyPatterns":[{"matchesJsonPath":"$[?length(@.tags) == 3]"}]}`, ""},
		{`{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.lines[*].sku","equalTo":"q"}}]}`, "1"}, {`{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.lines[*].sku","equalTo":"z"}}]}`, ""},
		{`{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.amount","equalTo":"1.10"}}]}`, "1"}, {`{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.nothing","absent":true}}]}`, "1"},
		{`{"bodyPatterns":[{"matchesJsonPath":{"expression":"$.lines[0]","equalToJson":{"sku":"p","count":2}}}]}`, "1"},
		{`{"bodyPatterns":[{"at":"/lines/1/sku","equalTo":"q"}]}`, "1"}, {`{"bodyPatterns":[{"at":"/a~1b","equalTo":"1"}]}`, "1"}, {`{"bodyPatterns":[{"at":"/lines/9","absent":true},{"contains":"A-1"}]}`, "1"},
		// XML
		{`{"bodyPatterns":[{"equalToXml":` + quote(strings.ReplaceAll(xmlBody, "><", ">\n  <")) + `}]}`, "2"},
		{`{"bodyPatterns":[{"equalToXml":` + quote(strings.Replace(xmlBody, "912", "913", 1)) + `}]}`, ""},
		{`{"bodyPatterns":[{"equalToXml":` + quote(strings.Replace(xmlBody, "912.115", "${xmlunit.ignore}", 1)) + `}]}`, "2"},
		{`{"bodyPatterns":[{"matchesXPath":"//order[number='B']"}]}`, "2"}, {`{"bodyPatterns":[{"matchesXPath":"//order[number='C']"}]}`, ""},
		{`{"bodyPatterns":[{"matchesXPath":"/orders/order[2]/@sequence"}]}`, "2"}, {`{"bodyPatterns":[{"matchesXPath":"//order[@sequence > 1]/text()"}]}`, "2"},
		{`{"bodyPatterns":[{"matchesXPath":"count(//order) = 2"}]}`, "2"}, {`{"bodyPatterns":[{"matchesXPath":"count(//order) = 3"}]}`, ""},
		{`{"bodyPatterns":[{"matchesXPath":{"expression":"//number/text()","equalTo":"B"}}]}`, "2"}, {`{"bodyPatterns":[{"matchesXPath":{"expression":"sum(//order/@sequence)","equalTo":"3"}}]}`, "2"},
		{`{"bodyPatterns":[{"matchesXPath":"//order[last()]/preceding-sibling::order/haul[starts-with(., '912')]"}]}`, "2"}, {`{"bodyPatterns":[{"matchesXPath":"//haul/following-sibling::*"}]}`, ""},
		{`{"bodyPatterns":[{"matchesXPath":"//haul/ancestor::orders[@version='0.1']"}]}`, "2"},
		{`{"bodyPatterns":[{"at":"/orders/order[2]/@sequence","equalTo":"2"}]}`, "2"}, {`{"bodyPatterns":[{"at":"/orders/order[1]/number","equalTo":"B"}]}`, ""},
	} {
		c, err := compiled(t, one.pattern)
		if err != nil {
			t.Errorf("%s: %v", one.pattern, err)
			continue
		}
		fits := ""
		for _, e := range entries() {
			if c.Fits(e) {
				fits += string(rune('0' + e.ID))
			}
			if misses, of := c.Explain(e); c.Fits(e) != (len(misses) == 0) || of > 0 && misses != nil && misses[0].Why == "" {
				t.Errorf("%s: entry %d is explained with %v", one.pattern, e.ID, misses)
			}
		}
		if fits != one.fits {
			t.Errorf("%s: expected it to select %q, found %q", one.pattern, one.fits, fits)
		}
	}
}

func quote(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

func TestWrongPatterns(t *testing.T) {
	for _, one := range []struct{ pattern, says string }{
		{`{"urlPattern":"("}`, "missing closing"}, {`{"headers":{"X":{}}}`, "header X: the matcher says nothing"}, {`{"bodyPatterns":[{"equalToJson":"{"}]}`, "bodyPatterns[0]: equalToJson"},
		{`{"bodyPatterns":[{"matchesJsonPath":"$["}]}`, "matchesJsonPath"}, {`{"bodyPatterns":[{"matchesJsonPath":{"nothing":1}}]}`, "expected an expression"},
		{`{"bodyPatterns":[{"equalToXml":"<a>"}]}`, "equalToXml"}, {`{"bodyPatterns":[{"matchesXPath":"//["}]}`, "matchesXPath"}, {`{"bodyPatterns":[{"at":"x","equalTo":"1"}]}`, "begin with /"},
		{`{"pathParameters":{"id":{"equalTo":"1"}}}`, "urlPathTemplate"}, {`{"urlPathTemplate":"/a","pathParameters":{"id":{"equalTo":"1"}}}`, "no {id}"},
	} {
		_, err := compiled(t, one.pattern)
		var bad *pattern.Error
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), one.says) {
			t.Errorf("%s: expected an error that says %q, found %v", one.pattern, one.says, err)
		}
	}
}

// A request that nearly fits is explained part by part, and its body field by field.
func TestNearMisses(t *testing.T) {
	c, err := compiled(t, `{"method":"POST","urlPath":"/shop/orders","headers":{"X-One":{"equalTo":"2"}},"bodyPatterns":[{"equalToJson":{"number":"A-2","tags":["x","y"],"lines":[{"sku":"p","count":3},{"sku":"q","count":5}],"new":1},"ignoreExtraElements":true}]}`)
	if err != nil {
		t.Fatal(err)
	}
	near := c.Nearest(entries())
	if len(near) != 2 || near[0].Entry.ID != 1 || near[0].Met != 2 || near[0].Of != 4 {
		t.Fatalf("expected the first request, which meets 2 of 4 conditions, found %+v", near)
	}
	var told []string
	for _, m := range near[0].Misses {
		told = append(told, m.Part+" "+m.Why)
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{`header X-One expected "2", found "1"`, `/number: expected "A-2", found "A-1"`, `/tags/2 is not expected`, `/lines/0/count: expected 3, found 2`, `/new is missing: expected 1`} {
		if !strings.Contains(all, want) {
			t.Errorf("expected %s, found\n%s", want, all)
		}
	}
}

func TestVerification(t *testing.T) {
	for _, one := range []struct {
		name, text string
		verified   bool
		expected   string
		count      int
	}{
		{"at least once", `{"request":{"method":"POST"}}`, true, "at least 1", 2},
		{"exactly", `{"request":{"method":"POST"},"exactly":1}`, false, "exactly 1", 2},
		{"none", `{"request":{"method":"DELETE"},"exactly":0}`, true, "exactly 0", 0},
		{"at most", `{"request":{"method":"POST"},"atMost":1}`, false, "at most 1", 2},
		{"between", `{"request":{"method":"POST"},"atLeast":1,"atMost":2}`, true, "1 to 2", 2},
		{"in order", `{"inOrder":[{"operation":"make"},{"operation":"form"}]}`, true, "2 in this order", 2},
		{"in the other order", `{"inOrder":[{"operation":"form"},{"operation":"make"}]}`, false, "2 in this order", 1},
		{"one request cannot be two", `{"inOrder":[{"operation":"make"},{"operation":"make"}]}`, false, "2 in this order", 1},
	} {
		var x pattern.Expectation
		if err := json.Unmarshal([]byte(one.text), &x); err != nil {
			t.Fatal(err)
		}
		v, err := x.Verify(entries())
		if err != nil || v.Verified != one.verified || v.Expected != one.expected || v.Count != one.count {
			t.Errorf("%s: found %+v %v", one.name, v, err)
		}
	}
	for _, text := range []string{`{}`, `{"request":{},"inOrder":[{}]}`, `{"request":{},"exactly":1,"atLeast":1}`, `{"inOrder":[{}],"exactly":1}`, `{"request":{},"atLeast":-1}`} {
		var x pattern.Expectation
		if err := json.Unmarshal([]byte(text), &x); err != nil {
			t.Fatal(err)
		}
		var bad *pattern.Error
		if _, err := x.Verify(entries()); !errors.As(err, &bad) {
			t.Errorf("%s: expected an error, found %v", text, err)
		}
	}
}

// FuzzPattern holds patterns from outside against bodies from outside.
//
//fuzz:wire
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{`{"bodyPatterns":[{"matchesJsonPath":"$..[?(@.a == 1)]"}]}`, `{"bodyPatterns":[{"matchesXPath":"//a[position()=last()]/ancestor::*"}]}`,
		`{"bodyPatterns":[{"equalToJson":{"a":["${json-unit.ignore}"]},"ignoreArrayOrder":true,"ignoreExtraElements":true}]}`, `{"urlPathTemplate":"/{a}/{b}","pathParameters":{"a":{"matches":"x"}}}`,
		`{"bodyPatterns":[{"at":"/a/0","not":{"or":[{"absent":true}]}}]}`} {
		f.Add(seed, `{"a":[1,{"b":2}]}`)
		f.Add(seed, `<a b="c">d<e/>f</a>`)
	}
	f.Fuzz(func(t *testing.T, text, body string) {
		var p pattern.Pattern
		if json.Unmarshal([]byte(text), &p) != nil || len(body) > 4<<10 {
			return
		}
		c, err := p.Compile()
		if err != nil {
			return
		}
		e := &journal.Entry{Method: "POST", URL: "/a/b?c=d", RequestBody: []byte(body), RequestHeader: http.Header{"X": {"y"}}}
		misses, _ := c.Explain(e)
		if c.Fits(e) != (len(misses) == 0) {
			t.Errorf("%s on %s: fits %v, and misses %v", text, body, c.Fits(e), misses)
		}
		c.Nearest([]*journal.Entry{e})
	})
}
