package scenarios_test

import (
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// story is a right scenario; each mistake below is one edit away from it.
const story = `id: x.y
title: A title
steps:
  - id: create
    operation: addShippingOrder
    request: {example: full, set: {/number: "${unique}"}}
    expect: {status: 201, body: {/number: "${request:/number}", /id: {format: uuid}}}
    capture: {order: /id}
  - id: read
    operation: getOrder
    request: {path: {order-id: "${create.order}"}}
    expect: {status: 200, body: {same-as: create.response}}
`

// Every mistake is told with file, line and column, and with what to write instead.
func TestMistakesAreTold(t *testing.T) {
	c, err := specs.Open("transeu")
	if err != nil {
		t.Fatal(err)
	}
	tell := func(text string) string {
		all, err := scenarios.Parse("s.yaml", []byte(text))
		if err == nil {
			err = scenarios.Check(c, all)
		}
		if err == nil {
			return ""
		}
		return err.Error()
	}
	if wrong := tell(story); wrong != "" {
		t.Fatal(wrong)
	}
	for _, tc := range []struct{ from, to, want string }{
		{`operation: getOrder`, `operation: getOrdr`, `10:16: x.y: operation getOrdr is not in the contract (did you mean "getOrder"?)`},
		{"    operation: getOrder\n", "    opertion: getOrder\n", `10:5: unknown key "opertion" in a step (did you mean "operation"?)`},
		{`title:`, `titel:`, `2:1: unknown key "titel" in a scenario (did you mean "title"?)`},
		{`expect: {status: 200`, `expect: {stauts: 200`, `12:14: unknown key "stauts" in expect (did you mean "status"?)`},
		{`request: {path`, `request: {pat`, `11:15: unknown key "pat" in a request (did you mean "path"?)`},
		{`{format: uuid}`, `{formt: uuid}`, `7:71: unknown key "formt" in a matcher (did you mean "format"?)`},
		{`{format: uuid}`, `{format: uid}`, `7:79: format "uid" is not known (did you mean "uuid"?)`},
		{`{format: uuid}`, `{type: strng}`, `7:77: type "strng" is not known (did you mean "string"?)`},
		{`{format: uuid}`, `{regex: "["}`, "7:78: the regular expression cannot be read: error parsing regexp: missing closing ]: `[`"},
		{`example: full`, `example: ful`, `6:24: x.y: addShippingOrder has no example ful (did you mean "full"?)`},
		{`${create.order}`, `${creat.order}`, `11:32: x.y: nothing before this is called creat (did you mean "create"?)`},
		{`${create.order}`, `${create.ordr}`, `11:32: x.y: the step create captures no ordr (add it under capture)`},
		{`${unique}`, `${read.response:/id}`, `6:45: x.y: read is not an earlier step`},
		{`${unique}`, `${unique`, `6:45: x.y: "${unique": a reference is opened with ${ and not closed`},
		{`${unique}`, `${}`, `6:45: x.y: ${} is not a reference: write ${unique}, ${uuid}, ${name.field}, ${step.request:/path} or ${step.response:/path}`},
		{`${unique}`, `${env:HOME}`, `6:45: x.y: ${env:HOME} is not a reference: write ${unique}, ${uuid}, ${name.field}, ${step.request:/path} or ${step.response:/path}`},
		{`${unique}`, `${response:/id}`, `6:45: x.y: ${response:…} is not known before the request is made (name an earlier step: ${step.response:/path})`},
		{`status: 201`, `status: created`, `7:22: status must be a whole number, found "created"`},
		{`status: 201`, `status: 2001`, `7:22: "2001" is not an HTTP status`},
		{`status: 201`, `status: [201, 200]`, `7:13: several statuses are accepted without a reason (name the erratum under because, or keep one status)`},
		{`status: 201`, `status: 2xx`, `7:22: status must be a whole number, found "2xx"`},
		{`title: A title`, `title: [a]`, `2:8: title must be a text, found a list`},
		{`title: A title`, `title: ""`, `1:1: the scenario x.y has no title (add one sentence)`},
		{`  - id: create`, "\t- id: create", `4:1: not valid YAML: found character that cannot start any token, found "\t- id: create" (indent with spaces)`},
		{"    operation: getOrder\n", "    operation: getOrder\n    operation: getOrder\n", `11:5: key "operation" occurs twice in a step`},
		{`- id: read`, `- id: create`, `9:9: x.y: the name create is used twice (every step and every given state has its own name)`},
		{"id: x.y\n", ``, `1:1: the scenario has no id (add one, such as orders.create)`},
		{"title: A title\n", ``, `1:1: the scenario x.y has no title (add one sentence)`},
		{`{example: full, set: {/number: "${unique}"}}`, `{example: full, raw: x}`, `6:14: a request takes its body from one place, found example and raw (keep one)`},
		{`{example: full, set: {/number: "${unique}"}}`, `{raw: x, set: {/a: b}}`, `6:14: a raw body cannot be edited (set and remove work on example and body)`},
		{`{example: full, set: {/number: "${unique}"}}`, `{raw-base64: "%%%"}`, `6:27: raw-base64 is not base64: illegal base64 data at input byte 0`},
		{`request: {path: {order-id: "${create.order}"}}`, `request: {path: {order-id: x}, set: {/a: 1}}`, `11:41: x.y: set and remove need a body to work on (name an example or write a body)`},
		{`{order-id:`, `{orderid:`, `11:31: x.y: getOrder has no path parameter orderid (the path is /orders/{order-id})`},
		{`set: {/number:`, `set: {number:`, `6:36: x.y: set: path "number" must begin with '/'`},
		{`body: {/number:`, `body: {number:`, `7:34: x.y: body: path "number" must begin with '/'`},
		{`capture: {order: /id}`, `capture: {order: id}`, `8:22: x.y: capture order: path "id" must begin with '/'`},
		{`capture: {order: /id}`, `capture: [order]`, `8:14: capture must be a mapping, found a list`},
		{`title: A title`, "title: A title\nrequirements: [TE-0177]", `3:15: x.y: requirement TE-0177 is not in requirements.yaml (did you mean "TE-017"?)`},
		{`title: A title`, "title: A title\nprofile: coer", `3:10: x.y: profile coer is not in contract.yaml (did you mean "core"?)`},
		{`title: A title`, "title: A title\ngiven: [{state: ordr}]", `3:17: x.y: state ordr is not in behaviour.yaml (did you mean "order"?)`},
		{`title: A title`, "title: A title\ngiven: [{stat: order}]", `3:10: unknown key "stat" in a given state (did you mean "state"?)`},
		{`title: A title`, "title: A title\ngiven: order", `3:8: a given state must be a mapping, found "order"`},
		{`expect: {status: 201`, `expect: {outcome: "http:418"`, `7:23: x.y: outcome http:418 is not among the outcomes of addShippingOrder in errors.yaml (did you mean "http:413"?)`},
		{`expect: {status: 201`, `expect: {outcome: 409`, `7:23: x.y: outcome 409 is not among the outcomes of addShippingOrder in errors.yaml (one of http:201, http:400, http:401, http:403, http:404, http:405, http:406, http:409, http:413, http:415, http:422, http:429, http:500)`},
		{`    capture: {order: /id}`, `    eventually: {within: 5}`, `8:26: within must be a duration such as 5s, of at most 5m`},
		{`    capture: {order: /id}`, `    eventually: 5s`, `8:17: eventually must be a mapping, found "5s"`},
		{`    capture: {order: /id}`, `    eventually: {witin: 5s}`, `8:18: unknown key "witin" in eventually (did you mean "within"?)`},
		{`    capture: {order: /id}`, `    cleanup: yes`, `8:14: cleanup must be true or false, found "yes"`},
		{`    capture: {order: /id}`, `    cleanup: maybe`, `8:14: cleanup must be true or false, found "maybe"`},
		{`    capture: {order: /id}`, `    identity: forein`, `11:32: x.y: the step create captures no order (add it under capture)`},
		{`{format: uuid}`, `{size: many}`, `7:77: size must be a whole number, found "many"`},
		{`{format: uuid}`, `{gt: [1]}`, `7:75: gt must be a text, found a list`},
		{`{format: uuid}`, `{gt: abc}`, `7:75: gt compares numbers and times, found "abc" (such as 5, 2026-01-31 or 2026-01-31T10:00:00Z)`},
		{story, "", `1:1: the file holds no scenario (write one, or delete the file)`},
		{story, "# later\n---\n", `1:1: the file holds no scenario (write one, or delete the file)`},
		{`{format: uuid}`, `{absent: false}`, `7:79: absent: false checks nothing (write absent: true, or leave it out)`},
		{`{format: uuid}`, `{absent: true, type: string}`, `7:70: absent goes with no other condition`},
		{`{format: uuid}`, `{one-of: []}`, `7:79: one-of names nothing, so nothing can match`},
		{`{format: uuid}`, `{}`, `7:70: the matcher says nothing (one of absent, contains, each, format, gt, gte, has, ignore-case, lacks, lt, lte, one-of, present, regex, same-as, size, type)`},
		{`{format: uuid}`, ``, `7:70: nothing says what is expected here (write null, {absent: true}, {present: true} or a value)`},
		{`same-as: create.response`, `same-as: creat.response`, `12:43: x.y: creat is not an earlier step (did you mean "create"?)`},
		{`same-as: create.response`, `same-as: response`, `12:43: x.y: the answer is compared with itself, which always holds (name an earlier step: step.response)`},
		{`body: {same-as: create.response}`, `body: same-as create`, `12:33: body must be a mapping of paths to matchers (for a whole body use same-as)`},
		{`body: {same-as: create.response}`, `body: {same-as: create.response}, no-body: true`, `12:70: x.y: no-body goes with no expectation on the body (keep one of the two)`},
		{`expect: {status: 200`, `expect: {because: TE-E999, status: 200`, `12:23: x.y: erratum TE-E999 is not in errata.yaml (did you mean "TE-E09"?)`},
		{`request: {path`, `request: {method: "G ET", path`, `11:23: x.y: "G ET" is not a method of HTTP (such as PATCH)`},
		{`request: {path`, `request: {headers: [a], path`, `11:24: headers must be a mapping, found a list`},
		{`/id: {format: uuid}`, `/i~2d: {format: uuid}`, `7:65: x.y: body: path "/i~2d" is no JSON Pointer: "~2" stands for nothing (a member name with ~ is written with ~0, one with / with ~1)`},
		{`/id: {format: uuid}`, `"/id[1]": {format: uuid}`, `7:65: x.y: body: path "/id[1]" is an XPath, and the body is JSON, whose fields are named by JSON Pointer (the first item is /0, any is /*)`},
		{`/id: {format: uuid}`, `/id~: {format: uuid}`, `7:65: x.y: body: path "/id~" is no JSON Pointer: "~" stands for nothing`},
		{`/id: {format: uuid}`, `/id: {format: uuid, has: {/a~3: x}}`, `7:91: x.y: has: path "/a~3" is no JSON Pointer`},
		{`order: /id`, `order: /i~2d`, `8:22: x.y: capture order: path "/i~2d" is no JSON Pointer`},
		{`order: /id`, `"or.der": /id`, `8:15: the name of a capture holds a character that no reference can name: "or.der"`},
		{`set: {/number`, `set: {/num~ber`, `6:36: x.y: set: path "/num~ber" is no JSON Pointer: "~b" stands for nothing`},
		{`${create.order}`, `${create.response:id}`, `11:32: x.y: response: path "id" must begin with '/' (such as /route/events/0)`},
		{`${create.order}`, `${create.response:/i~2d}`, `11:32: x.y: response: path "/i~2d" is no JSON Pointer`},
		{`"${request:/number}"`, `"${request:number}"`, `7:43: x.y: request: path "number" must begin with '/'`},
		{`- id: create`, `- id: cre.ate`, `4:9: the id of a step holds a character that no reference can name: "cre.ate"`},
		{`operation: getOrder`, "operation: getOrder\n    identity: defualt", `11:15: x.y: identity defualt is not known (did you mean "default"? Give it another name if not)`},
		{`operation: getOrder`, "operation: getOrder\n    eventually: {}", `11:17: eventually does not say how long (write {within: 5s})`},
		{`operation: getOrder`, "operation: getOrder\n    eventually: {within: 5}", `11:26: within must be a duration such as 5s, of at most 5m, found "5" (a number with its unit`},
		{`status: 201`, `status: []`, `7:22: status names nothing`},
		{`status: 201`, `outcome: []`, `7:23: outcome names nothing`},
		{`status: 201`, `status: 99`, `7:22: "99" is not an HTTP status (they go from 100 to 599)`},
		{`status: 201`, `status: 201, outcome: "http:409"`, `7:36: x.y: no answer has the status 201 and the outcome http:409 (keep one of the two)`},
		{`{format: uuid}`, `{size: -1}`, `7:77: nothing has the size -1`},
		{`status: 201`, `status: 201, headers: {"Content Type": x}`, `7:37: "Content Type" is no name of a header`},
		{`status: 201`, `status: 201, headers: {Content-Type: {contains: json}}`, `7:51: the header Content-Type is a text, and contains speaks of lists and what lies in them (for a part of a text use regex)`},
		{`status: 201`, `status: 201, headers: {Content-Type: {one-of: [{size: 3}]}}`, `7:61: the header Content-Type is a text, and size speaks of lists`},
		{`example: full`, `example: full, headers: {"X A": b}`, `6:40: "X A" is no name of a header`},
		{`example: full`, `example: full, headers: {X-A: "a\nb"}`, `6:45: "a\nb" is no value of a header`},
		{`title: A title`, `? [a]` + "\n: b", `2:3: a key of a scenario must be a plain word, found a list`},
		{`id: x.y`, `id: x y`, `1:5: the id "x y" holds a character that an id may not have (use letters, digits, '.', '-' and '_')`},
	} {
		text := strings.Replace(story, tc.from, tc.to, 1)
		if text == story {
			t.Fatalf("%q is not in the story", tc.from)
		}
		if told := tell(text); !strings.Contains(told, "s.yaml:"+tc.want) {
			t.Errorf("%q instead of %q: expected %s, found %s", tc.to, tc.from, tc.want, told)
		}
	}
}

// One mistake is told once: what cannot be read is not also found to be out of range.
func TestOneMistakeIsToldOnce(t *testing.T) {
	for from, to := range map[string]string{
		`{format: uuid}`: `{absent: perhaps}`, `{status: 200,`: `{status: abc,`, `{status: 201`: `{refused: "yes"`, `same-as: create.response`: `/id: {has: foo}`,
		`/number: "${request:/number}"`: `/number: {gt: [1]}`,
	} {
		_, err := scenarios.Parse("s.yaml", []byte(strings.Replace(story, from, to, 1)))
		if err == nil || strings.Count(err.Error(), "s.yaml:") != 1 {
			t.Errorf("%s: %v", to, err)
		}
	}
}

// What YAML makes of a text is no mistake where a text is asked for.
func TestNoMistakes(t *testing.T) {
	c, err := specs.Open("transeu")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ from, to string }{
		{"title: A title", "title: no"},
		{"title: A title", "title: 12:30"},
		{"title: A title", "title: 2026-01-01"},
		{"title: A title", "title: A title\nrequirements: TE-017"},
		{"{format: uuid}", "{one-of: [{format: uuid}, 7, null]}"},
		{"{format: uuid}", "null"},
		{"request: {path", "request: {media-type: text/nonsense, path"},
		{`"${unique}"`, `"$${unique}"`},
	} {
		all, err := scenarios.Parse("s.yaml", []byte(strings.Replace(story, tc.from, tc.to, 1)))
		if err == nil {
			err = scenarios.Check(c, all)
		}
		if err != nil {
			t.Errorf("%q: %v", tc.to, err)
		}
	}
}

// An XPath names what an answer can have.
func TestXPathsAreChecked(t *testing.T) {
	c, err := specs.Open("otms")
	if err != nil {
		t.Fatal(err)
	}
	const text = "id: x.y\ntitle: T\nsteps:\n  - {id: a, operation: orderLink, request: {example: corrected}, expect: {body: {\"PATH\": {absent: true}}}}\n"
	for path, want := range map[string]string{
		"/orderLinkResponse/orders/order[1]/@sequence": "",
		"/*/orders/order":             "",
		"/orderLinkRespnse/orders":    `4:82: x.y: body: no answer of orderLink has the root element orderLinkRespnse (did you mean "orderLinkResponse"?)`,
		"//order":                     `4:82: x.y: body: path "//order" has an empty step (such as /orders/order[2]/@sequence)`,
		"/orderLinkResponse/order[0]": `4:82: x.y: body: path "/orderLinkResponse/order[0]": the index in "order[0]" must be a number of at least 1 in brackets`,
	} {
		all, err := scenarios.Parse("s.yaml", []byte(strings.Replace(text, "PATH", path, 1)))
		if err == nil {
			err = scenarios.Check(c, all)
		}
		if err == nil && want != "" || err != nil && (want == "" || !strings.Contains(err.Error(), "s.yaml:"+want)) {
			t.Errorf("%s: expected %q, found %v", path, want, err)
		}
	}
}
