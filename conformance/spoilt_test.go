package conformance_test

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
)

// spoiltCase is what is expected of a server that is wrong in one way.
type spoiltCase struct {
	way     string
	verdict reports.Verdict
	// operation, path and kind of a deviation of severity error; "" of each is any.
	operation, path, kind string
	reason                string
}

// The right server, spoilt in one way by what stands in front of it, for each contract
// and for two of a reader's own: a bare OpenAPI document, and XML with an XSD.
func TestSpoiltServers(t *testing.T) {
	// Two of the contracts stand at one path.
	first, second := startMock(t, "transeu", "otm5", "otms", parcelsBundle+"/openapi.yaml"), startMock(t, "testdata/waybills")
	yes, no, unclear := reports.Conformant, reports.NonConformant, reports.Inconclusive
	for _, tc := range []struct {
		contract string
		mock     string
		declared []string
		cases    []spoiltCase
	}{
		{"transeu", first, nil, []spoiltCase{
			{"right", yes, "", "", "", "nothing is wrong"},
			{"ignores credentials", no, "addShippingOrder", "", "status", "401 is documented"},
			{"accepts everything", no, "addShippingOrder", "", "status", "400 and 422 are documented"},
			{"200 with an error inside", no, "getOrder", "", "status", "a refusal has a status of its own"},
			{"loses every tenth write", no, "getOrder", "", "status", "what was written is read"},
			{"knows the example alone", no, "addShippingOrder", "/number", "value", "the number was another"},
			{"text for a number", no, "addShippingOrder", "/route/events/*/place/coordinates/latitude", "type", "a latitude is a number"},
			{"text for a truth value", no, "addShippingOrder", "/requirements/is_ftl", "type", "it is true or false"},
			{"a number for text", no, "addShippingOrder", "/id", "type", "an id is text"},
			{"a gateway answers 3 of 10", unclear, "", "", "", "what a gateway says is no word of the implementation"},
			{"a gateway after 100", unclear, "", "", "", "the implementation went away"},
		}},
		{"otm5", first, []string{"*Action", "*Goods"}, []spoiltCase{
			{"right", yes, "", "", "", "nothing is wrong"},
			{"ignores credentials", yes, "", "", "", "the documents leave credentials out; the contract infers them, and says so in warnings"},
			{"accepts everything", no, "putGoods", "", "status", "400 is documented"},
			{"200 with an error inside", no, "putAction", "", "status", "400 is documented"},
			{"loses every tenth write", no, "", "", "status", "what was written is read"},
			{"knows the example alone", no, "putAction", "", "value", "the answer is what was sent"},
			{"text for a number", no, "putGoods", "", "type", "a number is no text"},
			{"text for a truth value", no, "putGoods", "/adr/waste", "type", "it is true or false"},
			{"a number for text", no, "putAction", "/id", "type", "an id is text"},
			{"a gateway answers 3 of 10", unclear, "", "", "", "what a gateway says is no word of the implementation"},
			{"a gateway after 100", unclear, "", "", "", "the implementation went away"},
		}},
		{"otms", first, nil, []spoiltCase{
			{"right", yes, "", "", "", "nothing is wrong"},
			{"ignores credentials", no, "orderImport", "/*/responseCode", "code", "code 0 is documented"},
			{"accepts everything", no, "orderRevenue", "", "status", "code 7001 is documented"},
			{"200 with an error inside", no, "shipPointRemove", "/fault", "value", "the root element is another"},
			{"loses every tenth write", no, "", "", "code", "what was written is known"},
			{"knows the example alone", no, "orderRevenue", "/orderRevenueUpdateResponse/orders/order[*]/updateStatus", "value", "the answer is about what was sent"},
			{"leaks", no, "orderRevenue", "", "status", "an ERP number is one of the caller's own system"},
			{"swaps two elements", no, "orderRevenue", "/orderRevenueUpdateResponse/orders/order[*]/updateStatus", "order", "table and example show an order"},
			{"a gateway answers 3 of 10", unclear, "", "", "", "what a gateway says is no word of the implementation"},
			{"a gateway after 100", unclear, "", "", "", "the implementation went away"},
		}},
		{parcelsBundle + "/openapi.yaml", first, nil, []spoiltCase{
			{"right", yes, "", "", "", "nothing is wrong"},
			{"ignores credentials", no, "addParcel", "", "status", "the document asks for a token and lists 401"},
			{"accepts everything", no, "addParcel", "", "status", "422 is documented"},
			{"200 with an error inside", no, "addParcel", "", "status", "200 is not listed"},
			{"text for a number", no, "addParcel", "/weight", "type", "weight is a number"},
			{"a number for text", no, "addParcel", "/number", "type", "number is text"},
			{"a gateway answers 3 of 10", unclear, "", "", "", "what a gateway says is no word of the implementation"},
		}},
		{"testdata/waybills", second, nil, []spoiltCase{
			{"right", yes, "", "", "", "nothing is wrong"},
			{"swaps two elements", no, "getWaybill", "/waybill/pieces", "order", "the XSD has a sequence"},
			{"a gateway answers 3 of 10", unclear, "", "", "", "what a gateway says is no word of the implementation"},
		}},
	} {
		t.Run(strings.ReplaceAll(tc.contract, "/", "_"), func(t *testing.T) {
			c := open(t, tc.contract)
			u, err := url.Parse(tc.mock)
			if err != nil {
				t.Fatal(err)
			}
			next := httputil.NewSingleHostReverseProxy(u)
			for _, one := range tc.cases {
				t.Run(one.way, func(t *testing.T) {
					forget(t, tc.mock)
					// One after the other: which write is the tenth must not be left to chance.
					r := run(t, conformance.Config{Contract: c, Target: serve(t, spoilt{&behind{contract: c, next: next}, ways()[one.way]}),
						Declared: tc.declared, ProviderStates: tc.mock + "/__admin/provider-states", Parallel: 1})
					one.hold(t, r)
				})
			}
		})
	}
}

func (one spoiltCase) hold(t *testing.T, r *reports.Report) {
	t.Helper()
	want := map[reports.Verdict]int{reports.Conformant: 0, reports.NonConformant: 1, reports.Inconclusive: 3}[one.verdict]
	if code := verdict.Exit(r, "error", nil); r.Verdict != one.verdict || code != want {
		tell(t, r, 20)
		t.Fatalf("verdict %s, exit %d, expected %s and %d: %s", r.Verdict, code, one.verdict, want, one.reason)
	}
	for _, wrong := range verdict.Contradictions(r) {
		t.Error(wrong)
	}
	groups := reports.Groups(r.Deviations)
	if kinds := reports.Families(groups); len(kinds) > 8 {
		t.Errorf("%d deviations are told as %d kinds, expected a handful", len(r.Deviations), len(kinds))
	}
	if one.verdict == reports.Inconclusive && len(r.Deviations) > 0 {
		tell(t, r, 5)
		t.Errorf("%d deviations are held against an implementation that was not reached", len(r.Deviations))
	}
	if one.kind == "" {
		return
	}
	for _, g := range groups {
		if g.Severity == reports.SeverityError && g.Kind == one.kind && (one.operation == "" || g.Operation == one.operation) && (one.path == "" || g.Path == one.path) {
			return
		}
	}
	tell(t, r, 20)
	t.Errorf("no deviation says %s %s %s: %s", one.operation, one.path, one.kind, one.reason)
}

// A yes to everything that speaks the contract's own words is an implementation, if a
// wrong one, and judged.
func TestWrongButNoStranger(t *testing.T) {
	c := open(t, parcelsBundle)
	for _, body := range []string{`{}`, `{"title": "no", "status": 400}`, `{"id": 1, "number": "A", "weight": 1}`} {
		r := run(t, conformance.Config{Contract: c, Target: serve(t, status(200, "application/json", body))})
		if r.Verdict != reports.NonConformant {
			t.Errorf("%s to everything is judged %s: %v", body, r.Verdict, r.Why)
		}
	}
}

// forget empties the mock.
func forget(t *testing.T, mock string) {
	t.Helper()
	resp, err := http.Post(mock+"/__admin/reset", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// What answers everything alike is no implementation, and one that is nowhere to be
// found cannot be judged; an implementation that fails at everything can.
func TestNoImplementationAtAll(t *testing.T) {
	for _, contract := range []string{"transeu", "otm5", "otms", parcelsBundle, parcelsBundle + "/openapi.yaml", "testdata/waybills", "testdata/depot/depot.yaml"} {
		c := open(t, contract)
		for _, tc := range []struct {
			name   string
			server http.Handler
			want   reports.Verdict
			why    string // in the reasons
		}{
			{"login page", status(200, "text/html", "<html>log in</html>"), reports.Inconclusive, "web page"},
			{"yes to everything", status(200, "application/json", `{"ok": true}`), reports.Inconclusive, "same answer"},
			{"yes to everything, in XML", status(200, "application/xml", `<ok/>`), reports.Inconclusive, "same answer"},
			{"another path, a page", status(404, "text/html", "<html>not found</html>"), reports.Inconclusive, "no operation of the contract is there"},
			{"another path, JSON", status(404, "application/json", `{"message": "not found"}`), reports.Inconclusive, "no operation of the contract is there"},
			{"gateway", status(502, "text/html", "<html>bad gateway</html>"), reports.Inconclusive, "gateway"},
			{"broken", status(500, "text/plain", "boom"), reports.NonConformant, ""},
			{"an empty yes to everything", status(200, "application/json", ""), reports.NonConformant, ""},
		} {
			t.Run(strings.ReplaceAll(contract, "/", "_")+"/"+tc.name, func(t *testing.T) {
				cfg := conformance.Config{Contract: c, Target: serve(t, tc.server)}
				cfg.Declared = map[string][]string{"otm5": {"*Action"}, "otms": {"orderImport", "orderRevenue"}}[contract]
				r := run(t, cfg)
				if r.Verdict != tc.want || !strings.Contains(strings.Join(r.Why, "; "), tc.why) {
					tell(t, r, 5)
					t.Errorf("verdict %s because %v, expected %s because of %q", r.Verdict, r.Why, tc.want, tc.why)
				}
				if r.Verdict == reports.Inconclusive && len(r.Deviations) > 0 {
					t.Errorf("%d deviations are held against nobody", len(r.Deviations))
				}
			})
		}
	}
}
