package mockserver_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/specs"
)

// adminClient calls the admin API and judges every answer by its own document.
type adminClient struct {
	t    *testing.T
	base string
	api  *specs.Contract
	used map[string]bool
}

func newAdminClient(t *testing.T, base string) *adminClient {
	api, err := specs.OpenDocument(os.DirFS("admin"), "openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	return &adminClient{t: t, base: base, api: api, used: map[string]bool{}}
}

func (c *adminClient) call(method, path string, body any, want int) (*http.Response, []byte) {
	c.t.Helper()
	var text []byte
	switch b := body.(type) {
	case nil:
	case string:
		text = []byte(b)
	default:
		var err error
		if text, err = json.Marshal(b); err != nil {
			c.t.Fatal(err)
		}
	}
	r, err := http.NewRequest(method, c.base+admin.Prefix+path, bytes.NewReader(text))
	if err != nil {
		c.t.Fatal(err)
	}
	resp, answer := send(c.t, r)
	if resp.StatusCode != want {
		c.t.Errorf("%s %s: expected %d, found %d: %s", method, path, want, resp.StatusCode, answer)
	}
	plain, _, _ := strings.Cut(path, "?")
	op, _, allow := c.api.Match(method, admin.Prefix+plain)
	if op == nil {
		if allow == nil && want < 400 {
			c.t.Errorf("%s %s is not in openapi.json", method, path)
		}
		return resp, answer
	}
	c.used[op.ID] = true
	described := op.Response(resp.StatusCode)
	if described == nil {
		c.t.Errorf("%s %s: openapi.json describes no status %d", method, path, resp.StatusCode)
		return resp, answer
	}
	if described.Body == nil {
		if len(answer) > 0 {
			c.t.Errorf("%s %s: expected no body, found %s", method, path, answer)
		}
		return resp, answer
	}
	m := described.Body.For(resp.Header.Get("Content-Type"))
	if m == nil {
		c.t.Errorf("%s %s: openapi.json does not describe %s", method, path, resp.Header.Get("Content-Type"))
		return resp, answer
	}
	if _, wrong := m.Judge(answer, ""); len(wrong) > 0 {
		c.t.Errorf("%s %s: %s\n%.100s", method, path, wrong[0].Message(), answer)
	}
	return resp, answer
}

// Who leaves out the slash, or opens the address of a listener of its own, gets there.
func TestAdminIsFound(t *testing.T) {
	s, web := start(t, mockserver.Options{}, open(t, "transeu"))
	own := httptest.NewServer(s.Admin())
	defer own.Close()
	for _, at := range []string{web.URL + "/__admin?a=b", own.URL + "/?a=b", own.URL + "/__admin?a=b"} {
		resp, err := http.DefaultTransport.RoundTrip(request(t, "GET", at, nil))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != 307 || resp.Header.Get("Location") != admin.Prefix+"?a=b" {
			t.Errorf("GET %s: expected to be sent to %s, found %d %q", at, admin.Prefix, resp.StatusCode, resp.Header.Get("Location"))
		}
	}
}

func TestAdminAPI(t *testing.T) {
	c := open(t, "transeu")
	_, web := start(t, mockserver.Options{}, c)
	a := newAdminClient(t, web.URL)
	a.call("GET", "health", nil, 200)
	a.call("GET", "contracts", nil, 200)
	a.call("GET", "openapi.json", nil, 200)
	a.call("GET", "contracts/transeu", nil, 200)
	a.call("GET", "contracts/nothing", nil, 404)
	a.call("GET", "contracts/transeu/operations/addShippingOrder", nil, 200)
	a.call("GET", "contracts/transeu/operations/nothing", nil, 404)
	a.call("GET", "sessions", nil, 200)

	if resp, body := send(t, request(t, "POST", web.URL+orders, order("A-1"))); resp.StatusCode != 201 {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	send(t, request(t, "POST", web.URL+orders, []byte(`{"number":"","surprise":1}`)))
	send(t, request(t, "GET", web.URL+"/api/rest/v1/order/1", nil))

	_, body := a.call("GET", "requests?status=201", nil, 200)
	for _, want := range []string{`"operation": "addShippingOrder"`, `"outcome": "http:201"`, `"kind": "put"`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("expected the journal to say %s, found %s", want, body)
		}
	}
	if strings.Contains(string(body), "Bearer demo") || !strings.Contains(string(body), "Bearer ***") {
		t.Error("the journal shows credentials, or hides of what kind they were")
	}
	_, body = a.call("GET", "requests?status=4xx&text=surprise", nil, 200)
	if !strings.Contains(string(body), `"reason": "invalid-body"`) {
		t.Errorf("expected the refusal, found %s", body)
	}
	a.call("GET", "requests?format=har", nil, 200)
	a.call("GET", "requests?summary=true", nil, 200)
	a.call("GET", "requests/1/curl", nil, 200)
	a.call("GET", "requests/1/scenario", nil, 200)
	a.call("GET", "requests/99/scenario", nil, 404)
	a.call("GET", "requests/3/scenario", nil, 422) // it met no operation
	_, body = a.call("GET", "contracts/transeu/outcomes", nil, 200)
	if !strings.Contains(string(body), `"outcome": "http:201"`) || !strings.Contains(string(body), `"seen": 1`) {
		t.Errorf("expected the outcomes with what was seen, found %s", body)
	}
	_, body = a.call("POST", "try", map[string]any{"contract": "transeu", "operation": "getOrder", "identity": "none", "path": map[string]string{"order-id": "1"}}, 200)
	if !strings.Contains(string(body), `"reason": "unauthenticated"`) {
		t.Errorf("expected a refusal, found %s", body)
	}
	a.call("POST", "try", map[string]any{"contract": "transeu", "operation": "nothing"}, 404)
	_, body = a.call("POST", "try/curl", map[string]any{"contract": "transeu", "operation": "getOrder", "identity": "default", "path": map[string]string{"order-id": "1"}}, 200)
	if !strings.Contains(string(body), "/api/rest/v1/orders/1'") || !strings.Contains(string(body), "${TOKEN:-demo}") {
		t.Errorf("expected a line that works as it is, found %s", body)
	}
	a.call("POST", "try/curl", map[string]any{"contract": "transeu", "operation": "nothing"}, 404)
	a.call("GET", "requests?since=yesterday", nil, 400)
	a.call("GET", "requests/1", nil, 200)
	a.call("GET", "requests/99", nil, 404)
	_, body = a.call("GET", "requests/unmatched", nil, 200)
	if !strings.Contains(string(body), `"getOrder"`) || !strings.Contains(string(body), `\"order\" should be \"orders\"`) {
		t.Errorf("expected the near miss to be explained, found %s", body)
	}
	_, body = a.call("POST", "requests/count", map[string]any{"method": "POST", "urlPath": orders}, 200)
	if !strings.Contains(string(body), `"count": 2`) {
		t.Errorf("expected 2, found %s", body)
	}
	a.call("POST", "requests/find", map[string]any{"bodyPatterns": []any{map[string]any{"contains": "A-1"}}}, 200)
	a.call("POST", "requests/find", map[string]any{"urlPattern": "("}, 400)
	a.call("POST", "requests/find", `{"nothing": 1}`, 400)
	a.call("POST", "requests/near-misses", `{"method":"POST","urlPath":"/nothing"}`, 200)
	a.call("POST", "requests/near-misses", `{"urlPattern":"("}`, 400)
	a.call("POST", "requests/verify", `{"request":{"method":"POST","urlPath":"`+orders+`"},"exactly":2}`, 200)
	a.call("POST", "requests/verify", `{"request":{"method":"POST","urlPath":"`+orders+`"},"exactly":1}`, 422)
	a.call("POST", "requests/verify", `{}`, 400)

	a.call("GET", "state/transeu", nil, 200)
	a.call("GET", "state/transeu/order", nil, 200)
	a.call("GET", "state/transeu/nothing", nil, 404)
	a.call("GET", "state/nothing/order", nil, 404)
	a.call("GET", "contracts/transeu/resources/order", nil, 200)
	a.call("GET", "contracts/transeu/resources/nothing", nil, 404)
	whole := func(number string) string {
		return strings.Replace(string(order(number)), "{", `{"id":"0b8f5d2e-4c1a-4d1e-9a53-2f6c1f0e7a11",`, 1)
	}
	a.call("PUT", "state/transeu/order/mine?owner=1008544", whole("A-2"), 201)
	a.call("PUT", "state/transeu/order/mine?owner=1008544", whole("A-3"), 204)
	a.call("PUT", "state/transeu/order/other?owner=1008544", whole("A-3"), 409)
	a.call("PUT", "state/transeu/order/bad", `{`, 400)
	// What does not fit the schema is refused with all that is wrong, unless it is meant.
	_, body = a.call("PUT", "state/transeu/order/bad", "{\"id\":\"no\",\n\"number\":5}", 422)
	for _, want := range []string{`"path":"/id"`, `"path":"/number"`, `"path":"/route"`, `"line":2`, "response 200 of getOrder", "force=true"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("expected %s, found %s", want, body)
		}
	}
	a.call("GET", "state/transeu/order/bad", nil, 404)
	_, body = a.call("PUT", "state/transeu/order/bad?check=true", `{"number":5}`, 200)
	if !strings.Contains(string(body), `"path": "/number"`) {
		t.Errorf("expected what is wrong, found %s", body)
	}
	a.call("PUT", "state/transeu/order/bad?check=true", `{"number":`, 200)
	a.call("GET", "state/transeu/order/bad", nil, 404)
	a.call("PUT", "state/transeu/order/bad?force=true", `{"number":5}`, 201)
	a.call("DELETE", "state/transeu/order/bad", nil, 204)
	a.call("GET", "state/transeu/order/mine", nil, 200)
	_, body = a.call("GET", "state/transeu/order?text=A-3&limit=1&offset=0", nil, 200)
	if !strings.Contains(string(body), `"total": 1`) || !strings.Contains(string(body), `"key": "mine"`) {
		t.Errorf("expected one document, found %s", body)
	}
	_, body = a.call("GET", "state/transeu/order?offset=1000", nil, 200)
	if !strings.Contains(string(body), `"documents": []`) {
		t.Errorf("expected none behind the last, found %s", body)
	}
	a.call("GET", "state/transeu/order?limit=some", nil, 400)
	_, snapshot := a.call("GET", "snapshot", nil, 200)
	a.call("DELETE", "state/transeu/order/mine", nil, 204)
	a.call("DELETE", "state/transeu/order/mine", nil, 404)
	a.call("POST", "snapshot", string(snapshot), 204)
	a.call("GET", "state/transeu/order/mine", nil, 200)
	a.call("POST", "snapshot", `{"version":2}`, 400)
	a.call("POST", "snapshot", `{"version":1,"contracts":{"transeu":{"collections":{"order":[{"key":"x"}]},"seq":1}}}`, 400)

	a.call("GET", "provider-states", nil, 200)
	_, body = a.call("POST", "provider-states", map[string]any{"contract": "transeu", "state": "order", "params": map[string]any{}, "action": "setup"}, 200)
	var made struct{ OrderID, Number string }
	if err := json.Unmarshal(body, &made); err != nil || made.OrderID == "" {
		t.Fatalf("expected orderId and number, found %s", body)
	}
	if resp, _ := send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/"+made.OrderID, nil)); resp.StatusCode != 200 {
		t.Errorf("the order of the provider state cannot be read: %d", resp.StatusCode)
	}
	a.call("POST", "provider-states", map[string]any{"contract": "transeu", "state": "order", "action": "teardown"}, 200)
	if resp, _ := send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/"+made.OrderID, nil)); resp.StatusCode != 404 {
		t.Errorf("the teardown left the order: %d", resp.StatusCode)
	}
	a.call("POST", "provider-states", map[string]any{"contract": "transeu", "state": "unknown"}, 422)
	a.call("POST", "provider-states", map[string]any{"contract": "nothing", "state": "order"}, 404)
	a.call("POST", "provider-states", map[string]any{"contract": "transeu", "state": "internal-error", "params": map[string]any{"operation": "getOrder"}}, 200)
	if resp, body := send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/"+made.OrderID, nil)); resp.StatusCode != 500 || !strings.Contains(string(body), `"status":500`) {
		t.Errorf("expected a 500 in the shape of the contract, found %d %s", resp.StatusCode, body)
	}
	if resp, _ := send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/"+made.OrderID, nil)); resp.StatusCode != 404 {
		t.Errorf("the failure must be over after one call, found %d", resp.StatusCode)
	}
	a.call("POST", "provider-states", map[string]any{"contract": "transeu", "state": "internal-error", "params": map[string]any{"operation": "none"}}, 422)

	_, body = a.call("POST", "faults", map[string]any{"fault": "outcome", "operation": "getOrder", "params": map[string]any{"code": "404"}}, 201)
	var added struct{ ID string }
	if err := json.Unmarshal(body, &added); err != nil {
		t.Fatal(err)
	}
	a.call("GET", "faults", nil, 200)
	a.call("POST", "faults", map[string]any{"fault": "nothing"}, 422)
	a.call("POST", "faults", map[string]any{"fault": "latency", "params": map[string]any{"delay": "soon"}}, 422)
	a.call("DELETE", "faults/"+added.ID, nil, 204)
	a.call("DELETE", "faults/"+added.ID, nil, 404)
	a.call("DELETE", "faults", nil, 204)

	a.call("GET", "webhooks", nil, 200)
	a.call("POST", "webhooks/nothing", map[string]any{"url": "http://127.0.0.1:1/"}, 404)
	a.call("POST", "webhooks/nothing", map[string]any{}, 400)

	_, body = a.call("GET", "coverage?contract=transeu", nil, 200)
	if !strings.Contains(string(body), `"outcome": "http:422"`) {
		t.Errorf("expected the outcomes to be counted, found %s", body)
	}
	_, body = a.call("GET", "metrics", nil, 200)
	if !strings.Contains(string(body), `roadworthy_requests_total{contract="transeu",operation="addShippingOrder",status="201"} 1`) {
		t.Errorf("expected the request to be counted, found %s", body)
	}
	a.call("POST", "reset", map[string]any{"contract": "transeu"}, 204)
	a.call("GET", "state/transeu/order/mine", nil, 404)
	a.call("DELETE", "requests", nil, 204)
	a.call("GET", "nothing", nil, 404)
	a.call("PATCH", "requests", nil, 405)

	// The stream is open for ever, so it is tried by itself below.
	for _, op := range a.api.Operations {
		if !a.used[op.ID] && op.ID != "stream" && op.ID != "login" && op.ID != "logout" {
			t.Errorf("the test does not call %s", op.ID)
		}
	}
}
