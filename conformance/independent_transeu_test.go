package conformance_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
)

// haulier places orders and reads them.
type haulier struct {
	independent
	orders map[string]haulierOrder
}

type haulierOrder struct {
	company string
	doc     map[string]any
}

var looksLikeUUID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func newHaulier(t *testing.T, style int, f flaw) http.Handler {
	return &haulier{independent: independent{contract: open(t, "transeu"), style: style, flaw: f}, orders: map[string]haulierOrder{}}
}

func (h *haulier) problem(w http.ResponseWriter, status int, text string) {
	body := map[string]any{"title": text, "status": status, "type": "about:blank", "detail": text}
	if h.style == 1 {
		// RFC 7807 makes every member optional and allows others.
		body = map[string]any{"type": "https://errors.example/" + http.StatusText(status), "title": "Nie można", "status": status, "detail": text, "trace": newID()}
	}
	if h.flaw == otherStatus {
		body["status"] = 418
	}
	h.json(w, status, "application/problem+json", body)
}

func (h *haulier) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	path, _ := strings.CutPrefix(r.URL.Path, "/api/rest/v1")
	id, isOrder := strings.CutPrefix(path, "/orders/")
	switch {
	case isOrder && r.Method == http.MethodGet:
		if company, ok := h.caller(w, r); ok {
			h.get(w, company, id)
		}
	case path == "/shipping-orders" && r.Method == http.MethodPost:
		if company, ok := h.caller(w, r); ok {
			h.add(w, r, company)
		}
	case isOrder, path == "/shipping-orders":
		w.Header().Set("Allow", map[bool]string{true: "GET", false: "POST"}[isOrder])
		h.problem(w, 405, "no such method")
	default:
		h.problem(w, 404, "nothing here")
	}
}

// caller answers 401 in one style and 403 in the other: the page lists both.
func (h *haulier) caller(w http.ResponseWriter, r *http.Request) (company string, ok bool) {
	switch token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "); {
	case h.flaw == ignoresAuth && token != "demo-foreign":
		return "A", true
	case token == "demo":
		return "A", true
	case token == "demo-foreign":
		return "B", true
	case token == "demo-no-scope":
		h.problem(w, 403, "the token is not for this")
	case h.style == 0:
		h.problem(w, 401, "who are you?")
	default:
		h.problem(w, 403, "wrong or missing access token")
	}
	return "", false
}

// get: an identifier that is none gets 400 or 404, the order of another company 404 or 403.
func (h *haulier) get(w http.ResponseWriter, company, id string) {
	if !looksLikeUUID.MatchString(id) && h.style == 0 {
		h.problem(w, 400, "that is not a UUID")
		return
	}
	o, found := h.orders[strings.ToLower(id)]
	switch {
	case !found:
		h.problem(w, 404, "not found")
	case o.company != company && h.style == 0:
		h.problem(w, 404, "not found")
	case o.company != company:
		h.problem(w, 403, "not yours")
	case h.style == 1:
		doc := clone(o.doc)
		if h.flaw != textLinks {
			doc["_links"] = map[string]any{"self": map[string]any{"href": "http://node-" + newID() + "/orders/" + id}}
		}
		doc["readAt"], doc["vehicle"] = newID(), o.doc["vehicle"] // null where it was left out before
		h.json(w, 200, "application/hal+json", doc)
	default:
		h.json(w, 200, "application/hal+json", o.doc)
	}
}

func (h *haulier) add(w http.ResponseWriter, r *http.Request, company string) {
	if accept := r.Header.Get("Accept"); h.style == 0 && accept != "" && !strings.Contains(accept, "hal+json") && !strings.Contains(accept, "*/*") {
		h.problem(w, 406, "only hal+json is spoken here")
		return
	}
	if given := r.Header.Get("Content-Type"); !strings.HasPrefix(given, "application/json") && h.flaw != acceptsAll {
		h.problem(w, 415, "send application/json")
		return
	}
	body := read(r)
	_, violations, malformed := h.wrong("addShippingOrder", r, body)
	switch {
	case malformed && h.style == 0:
		h.problem(w, 400, "that is not JSON")
		return
	case malformed:
		h.problem(w, 422, "that is not JSON")
		return
	case len(violations) > 0:
		messages := map[string]any{}
		for _, v := range violations {
			messages[strings.TrimPrefix(v.Path, "/")] = map[string]any{"isEmpty": "nie tak"}
		}
		h.json(w, 422, "application/problem+json", map[string]any{"validation_messages": messages, "detail": "Failed Validation", "status": 422,
			"title": "Unprocessable Entity", "type": "about:blank"})
		return
	}
	doc := decode(body)
	for _, o := range h.orders {
		if o.doc["number"] == doc["number"] && (o.company == company || h.flaw == leaksCompanies) {
			h.problem(w, 409, "taken")
			return
		}
	}
	h.store(w, company, doc)
}

// store answers with what it will be read as: with the sender in it or without (no
// table has it), with nulls as they came or left out.
func (h *haulier) store(w http.ResponseWriter, company string, doc map[string]any) {
	id := newID()
	doc["id"] = id
	doc["_links"] = map[string]any{"self": map[string]any{"href": "http://0.0.0.0:8080/orders/" + id}}
	if h.flaw == textLinks {
		doc["_links"] = map[string]any{"self": "http://0.0.0.0:8080/orders/" + id}
	}
	if h.style == 0 {
		doc["shipper"] = map[string]any{"name": "Spedycja " + company, "vat_id": "PL1234567890"}
	} else {
		for name, v := range doc {
			if v == nil {
				delete(doc, name)
			}
		}
		ofTables(doc)
	}
	answer := clone(doc)
	switch loads, _ := answer["loads"].([]any); {
	case h.flaw == exampleOnly:
		answer["number"], doc["number"] = "2016/08/25/1", "2016/08/25/1"+id
	case h.flaw == textForNumber && len(loads) > 0:
		first, _ := loads[0].(map[string]any)
		if n, isNumber := first["amount"].(json.Number); isNumber {
			first["amount"] = n.String()
		}
	}
	if !h.loses() {
		h.orders[id] = haulierOrder{company, doc}
	}
	h.json(w, 201, "application/hal+json", answer)
}

// ofTables gives an order as the tables have it: no positions, ids of persons as
// text, an employee that the service does not know as null, times in UTC, and null
// for a measure that was not sent.
func ofTables(doc map[string]any) {
	each(doc, func(o map[string]any) {
		delete(o, "coordinates")
		for _, name := range []string{"contact_id", "employee_id"} {
			if n, isNumber := o[name].(json.Number); isNumber {
				o[name] = n.String()
			}
		}
		for _, name := range []string{"time_from", "time_to"} {
			if text, _ := o[name].(string); text != "" {
				if at, err := time.Parse("15:04:05Z07:00", text); err == nil {
					o[name] = at.UTC().Format("15:04:05") + "+00:00"
				}
			}
		}
		if o["weight"] != nil && o["volume"] == nil {
			o["volume"] = nil
		}
	})
	if driver, _ := doc["driver"].(map[string]any); driver != nil {
		driver["employee_id"] = nil
	}
}

func TestIndependentOrders(t *testing.T) {
	config := conformance.Config{Contract: open(t, "transeu")}
	server := func(style int, f flaw) http.Handler { return newHaulier(t, style, f) }
	bothConform(t, config, server)
	flawsAreFound(t, config, server, []broken{
		{ignoresAuth, "getOrder", "", "status", "401 or 403 is documented"},
		{acceptsAll, "addShippingOrder", "", "status", "422 is documented"},
		{errorInside, "addShippingOrder", "", "status", "a refusal has a status of its own"},
		{losesWrites, "getOrder", "", "status", "what was created is read"},
		{exampleOnly, "addShippingOrder", "/number", "value", "the number is the one that was sent"},
		{textForNumber, "addShippingOrder", "/loads/*/amount", "type", "amount is a number"},
		{leaksCompanies, "addShippingOrder", "", "status", "a number is unique within a company, not beyond"},
		{otherStatus, "getOrder", "/status", "enum", "the member status is the HTTP status"},
		{textLinks, "getOrder", "/_links/self", "type", "a link of HAL is an object"},
	})
}
