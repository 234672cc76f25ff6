package mockserver_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
)

// What a client got wrong is explained with the closest operation and the field,
// also inside one item of a batch.
func TestNearMissesNameTheField(t *testing.T) {
	_, web := start(t, mockserver.Options{}, open(t, "otms"))
	r := request(t, "POST", web.URL+"/ws/orderRevenue", []byte(`<orderRevenueUpdateRequest version="0.1"><orders>`+
		`<order sequence="1"><orderNumber>A</orderNumber><lineHaul>1.5</lineHaul></order>`+
		`<order sequence="2"><orderNumber>B</orderNumber><lineHaul>much</lineHaul></order></orders></orderRevenueUpdateRequest>`))
	r.Header.Set("Content-Type", "application/xml")
	r.SetBasicAuth("demo", "demo")
	send(t, r)
	a := newAdminClient(t, web.URL)
	_, body := a.call("GET", "requests/unmatched", nil, 200)
	var list struct {
		Requests []struct {
			NearMisses []struct{ Operation, Why string }
		}
	}
	if err := json.Unmarshal(body, &list); err != nil || len(list.Requests) != 1 || len(list.Requests[0].NearMisses) != 1 {
		t.Fatalf("expected one request with one near miss, found %s", body)
	}
	miss := list.Requests[0].NearMisses[0]
	if miss.Operation != "orderRevenue" || !strings.Contains(miss.Why, "order[2]/lineHaul") || !strings.Contains(miss.Why, "much") {
		t.Errorf("expected orderRevenue with the field of the second order, found %+v", miss)
	}
}

// A preference for what is not there says in the journal what is.
func TestUnknownPreferenceListsWhatThereIs(t *testing.T) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"))
	r := request(t, "POST", web.URL+orders, order("A"))
	r.Header.Set("Prefer", "code=418")
	send(t, r)
	_, body := newAdminClient(t, web.URL).call("GET", "requests/1", nil, 200)
	if !regexp.MustCompile(`no outcome 418: .* there are .*http:409`).Match(body) {
		t.Errorf("expected a note with the outcomes, found %s", body)
	}
}

// Every line of the metrics is a comment or a sample of the text format 0.0.4.
func TestMetricsParse(t *testing.T) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"))
	send(t, request(t, "POST", web.URL+orders, order("A")))
	send(t, request(t, "GET", web.URL+"/nothing", nil))
	_, body := newAdminClient(t, web.URL).call("GET", "metrics", nil, 200)
	sample := regexp.MustCompile(`^[a-z_]+(\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\})? [0-9.e+-]+$`)
	comment := regexp.MustCompile(`^# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))$`)
	typed, seen := map[string]bool{}, map[string]bool{}
	for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
		line := lines.Text()
		switch {
		case comment.MatchString(line):
			if f := strings.Fields(line); f[1] == "TYPE" {
				typed[f[2]] = true
			}
		case !sample.MatchString(line):
			t.Errorf("not a line of the text format: %q", line)
		default:
			name, _, _ := strings.Cut(strings.Fields(line)[0], "{")
			name = regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
			if !typed[name] {
				t.Errorf("%s has no type", name)
			}
			if seen[line] {
				t.Errorf("twice: %s", line)
			}
			seen[line] = true
		}
	}
	if len(seen) < 10 {
		t.Errorf("expected more samples than %d", len(seen))
	}
}

// A body of the admin API with a member that nobody reads is refused with its place and the members that there are.
func TestUnknownMembersAreNamedWithTheirPlace(t *testing.T) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"))
	for _, one := range []struct{ name, path, body, says string }{
		{"a pattern alone", "requests/verify", `{"method": "POST"}`, "/method is nothing that is read here; there are atLeast, atMost, exactly, inOrder, request"},
		{"a slip", "requests/count", `{"urlPathh": "/x"}`, "/urlPathh is nothing that is read here; there are bodyPatterns, "},
		{"a slip far down", "requests/verify", `{"request": {"bodyPatterns": [{"equalTo": "x"}, {"equalsTo": "x"}]}}`, "/request/bodyPatterns/1/equalsTo is nothing"},
		{"a slip in a header", "requests/find", `{"headers": {"X~/": {"equalto": "x", "fits": 1}}}`, "/headers/X~0~1/fits is nothing"},
		{"a fault", "faults", `{"fault": "latency", "delay": "1s"}`, "/delay is nothing that is read here; there are "},
		{"no JSON", "requests/find", `{"method"`, "unexpected EOF"},
	} {
		resp, body := send(t, request(t, "POST", web.URL+"/__admin/"+one.path, []byte(one.body)))
		if resp.StatusCode != 400 || !strings.Contains(string(body), one.says) {
			t.Errorf("%s: expected 400 with %q, found %d: %s", one.name, one.says, resp.StatusCode, body)
		}
	}
}
