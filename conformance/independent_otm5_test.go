package conformance_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
)

// depot keeps vehicles, trips and events.
type depot struct {
	independent
	kept map[string]map[string]any // by company, collection and id
}

// collections that the server has, with the end of their operations' ids.
var depotCollections = map[string]string{"vehicles": "Vehicle", "trips": "Trip", "events": "Event"}

func newDepot(t *testing.T, style int, f flaw) http.Handler {
	return &depot{independent: independent{contract: open(t, "otm5"), style: style, flaw: f}, kept: map[string]map[string]any{}}
}

// refuse answers with one typed entry, whatever else may be wrong: the list may be
// as short as that.
func (d *depot) refuse(w http.ResponseWriter, status int, kind, message, field string) {
	entry := map[string]any{"type": kind, "message": message}
	if field != "" {
		entry["field"] = field
	} else {
		entry["type"] = "invalidJson"
	}
	d.json(w, status, "application/json", []any{entry})
}

func (d *depot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	path, _ := strings.CutPrefix(r.URL.Path, "/api/v5/")
	collection, id, single := strings.Cut(path, "/")
	entity, known := depotCollections[collection]
	if !known {
		d.bare(w, 404)
		return
	}
	company, ok := d.caller(w, r)
	switch key := company + " " + collection + " " + strings.ToLower(id); {
	case !ok:
	case single && !looksLikeUUID.MatchString(id) && (r.Method == http.MethodGet || r.Method == http.MethodDelete):
		if d.style == 0 {
			d.refuse(w, 400, "invalidField", "the id is no UUID", "UUID")
		} else {
			d.bare(w, 404)
		}
	case single && r.Method == http.MethodGet:
		if doc := d.kept[key]; doc != nil {
			d.json(w, 200, "application/json", d.shown(doc))
		} else {
			d.bare(w, 404)
		}
	case single && r.Method == http.MethodDelete:
		_, there := d.kept[key]
		delete(d.kept, key)
		if there || d.style == 0 {
			d.bare(w, 204)
		} else {
			d.bare(w, 404)
		}
	case !single && r.Method == http.MethodPut:
		d.put(w, r, entity, company+" "+collection+" ")
	default:
		w.Header().Set("Allow", map[bool]string{true: "GET, DELETE", false: "PUT"}[single])
		d.refuse(w, 405, "invalidJson", "no such method", "")
	}
}

// shown adds what a server may add: the documented defaults, and members of its own
// that are others in every answer.
func (d *depot) shown(doc map[string]any) map[string]any {
	if d.style == 0 {
		return doc
	}
	doc = clone(doc)
	each(doc, func(o map[string]any) {
		if o["actionType"] != nil && o["timeFormat"] == nil {
			o["timeFormat"] = "dateTime"
		}
		if o["value"] != nil && o["enforceability"] == nil && o["unit"] == nil && o["type"] == nil {
			o["enforceability"] = "enforced"
		}
	})
	doc["_readAt"] = newID()
	return doc
}

func (d *depot) bare(w http.ResponseWriter, status int) {
	d.noise(w.Header())
	if d.flaw == errorInside && status >= 400 {
		d.json(w, status, "application/json", map[string]any{"error": status})
		return
	}
	w.WriteHeader(status)
}

func (d *depot) caller(w http.ResponseWriter, r *http.Request) (company string, ok bool) {
	switch token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "); {
	case d.flaw == ignoresAuth, strings.HasPrefix(token, "demo") && token != "demo-foreign":
		return "A", true
	case token == "demo-foreign" && d.flaw == leaksCompanies:
		return "A", true
	case token == "demo-foreign":
		return "B", true
	}
	status := http.StatusUnauthorized
	if d.style == 1 {
		status = http.StatusForbidden
	}
	d.bare(w, status)
	return "", false
}

// put stores: a document that comes without an id is given one.
func (d *depot) put(w http.ResponseWriter, r *http.Request, entity, space string) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") && d.flaw != acceptsAll {
		d.refuse(w, 415, "invalidJson", "send application/json", "")
		return
	}
	body := read(r)
	if len(body) == 0 && d.style == 1 {
		body = []byte("{}") // the document does not ask for a body
	}
	_, violations, malformed := d.wrong("put"+entity, r, body)
	if malformed {
		d.refuse(w, 400, "invalidJson", "kein JSON", "")
		return
	}
	if len(violations) > 0 {
		kind := "invalidField"
		if violations[0].Kind == "missing" {
			kind = "missingField"
		}
		d.refuse(w, 400, kind, "so nicht", strings.TrimPrefix(violations[0].Path, "/"))
		return
	}
	doc := decode(body)
	if d.style == 1 && bytes.Contains(body, []byte(`"refuel"`)) && entity == "Trip" {
		d.refuse(w, 400, "invalidField", "no such kind", "entityType") // the published list lacks it
		return
	}
	id, _ := doc["id"].(string)
	if id == "" {
		id = newID()
		doc["id"] = id
	}
	if d.style == 0 && doc["creationDate"] == nil {
		doc["creationDate"] = "2026-01-01T00:00:00Z"
	}
	if old := d.kept[space+strings.ToLower(id)]; d.style == 1 && old != nil {
		doc = merged(old, doc) // a PUT that adds to what is there
	}
	answer := d.shown(clone(doc))
	switch d.flaw {
	case exampleOnly:
		answer["name"] = "Truck 1"
	case textForNumber:
		quoteNumbers(answer)
	}
	if !d.loses() {
		d.kept[space+strings.ToLower(id)] = doc
	}
	d.json(w, 200, "application/json", answer)
}

func merged(old, changes map[string]any) map[string]any {
	doc := clone(old)
	maps.Copy(doc, changes)
	return doc
}

func quoteNumbers(doc map[string]any) {
	for name, v := range doc {
		switch v := v.(type) {
		case json.Number:
			doc[name] = v.String()
		case map[string]any:
			quoteNumbers(v)
		}
	}
}

func TestIndependentEntities(t *testing.T) {
	config := conformance.Config{Contract: open(t, "otm5"), Declared: []string{"*Vehicle", "*Trip", "*Event"}}
	server := func(style int, f flaw) http.Handler { return newDepot(t, style, f) }
	bothConform(t, config, server)
	config.Declared = []string{"*Vehicle"}
	flawsAreFound(t, config, server, []broken{
		{acceptsAll, "putVehicle", "", "status", "400 is documented"},
		{errorInside, "getVehicle", "", "status", "404 is documented"},
		{losesWrites, "getVehicle", "", "status", "what was stored is read"},
		{textForNumber, "putVehicle", "/length/value", "type", "a length has a number"},
		{exampleOnly, "putVehicle", "/name", "value", "the answer is the same entity"},
	})
}
