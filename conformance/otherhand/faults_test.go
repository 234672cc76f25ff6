package otherhand

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// at calls a change for every node with that name in the answers of some operations
// ("" is every operation).
func at(operation, name string, change func(n *node)) func(*call, *node) {
	return func(c *call, root *node) {
		if operation != "" && operation != c.id {
			return
		}
		root.walk(func(n *node) {
			if n.name == name {
				change(n)
			}
		})
	}
}

func says(text string) func(*node) { return func(n *node) { n.text = text } }

func turns(from, to string) func(*node) {
	return func(n *node) {
		if n.text == from {
			n.text = to
		}
	}
}

func more(n *node) {
	if i, err := strconv.Atoi(n.text); err == nil {
		n.text = strconv.Itoa(i + 1)
	}
}

func renamed(name string) func(*node) { return func(n *node) { n.name = name } }

// without drops children of a name.
func without(name string) func(*node) {
	return func(n *node) { n.kids = slices.DeleteFunc(n.kids, func(k *node) bool { return k.name == name }) }
}

// swapped turns round the first two children that have content.
func swapped(n *node) {
	var full []int
	for i, k := range n.kids {
		if k.text != "" || len(k.kids) > 0 {
			full = append(full, i)
		}
	}
	if len(full) > 1 {
		n.kids[full[0]], n.kids[full[1]] = n.kids[full[1]], n.kids[full[0]]
	}
}

// ascii loses every letter that ASCII has not.
func ascii(n *node) {
	n.text = strings.Map(func(r rune) rune { return min(r, 127) }, n.text)
}

func backwards(n *node) { slices.Reverse(n.kids) }

func renumbered(n *node) {
	for i := range n.attrs {
		if n.attrs[i][0] == "sequence" {
			n.attrs[i][1] = "1"
		}
	}
}

// messageFaults change an answer before it is written.
func messageFaults() map[string]func(c *call, root *node) {
	return map[string]func(c *call, root *node){
		"link-number":        at("orderLink", "orderNumber", says("ABCD000001")),
		"link-user":          at("orderLink", "userType", says("SHIPPER_USER")),
		"link-relative":      at("orderLink", "url", says("orders/preview?id=7")),
		"link-no-url":        at("orderLink", "order", without("url")),
		"link-status":        at("orderLink", "status", turns("SUCCEED", "SUCCESS")),
		"link-failed-word":   at("orderLink", "status", turns("FAILED", "FAIL")),
		"link-code":          at("orderLink", "code", turns("7001", "0")),
		"link-no-code":       at("orderLink", "order", without("code")),
		"link-count":         at("orderLink", "successNum", more),
		"link-fail-count":    at("orderLink", "failNum", more),
		"link-counts-words":  at("orderLink", "successNum", says("all")),
		"link-global":        at("orderLink", "responseCode", turns("7001", "")),
		"link-sequence":      at("orderLink", "order", renumbered),
		"link-order":         at("orderLink", "orders", backwards),
		"link-swapped":       at("orderLink", "order", swapped),
		"link-root-swapped":  at("orderLink", "orderLinkResponse", swapped),
		"link-list-name":     at("orderLink", "orders", renamed("links")),
		"link-item-name":     at("orderLink", "order", renamed("orderLink")),
		"link-root":          at("orderLink", "orderLinkResponse", renamed("h5LinkResponse")),
		"cost-status":        at("orderRevenue", "updateStatus", turns("UPDATED", "OK")),
		"cost-failed-word":   at("orderRevenue", "updateStatus", turns("FAILED", "ERROR")),
		"cost-underscore":    at("orderRevenue", "updateStatus", turns("NOT UPDATED", "NOT_UPDATED")),
		"cost-lower":         at("orderRevenue", "updateStatus", func(n *node) { n.text = strings.ToLower(n.text) }),
		"cost-no-status":     at("orderRevenue", "order", without("updateStatus")),
		"cost-code-text":     at("orderRevenue", "strResponseCodes", turns("7009", "ORDER_NOT_FOUND")),
		"cost-other-code":    at("orderRevenue", "strResponseCodes", turns("7008", "7009")),
		"cost-no-codes":      at("orderRevenue", "order", without("strResponseCodes")),
		"cost-column":        at("orderRevenue", "errorColumnName", turns("lineHaul", "chargingLtlUnit")),
		"cost-no-column":     at("orderRevenue", "order", without("errorColumnName")),
		"cost-count":         at("orderRevenue", "processedOrders", more),
		"cost-count-word":    at("orderRevenue", "processedOrders", says("one")),
		"cost-sequence":      at("orderRevenue", "order", renumbered),
		"cost-order":         at("orderRevenue", "orders", backwards),
		"cost-swapped":       at("orderRevenue", "order", swapped),
		"cost-first-dropped": at("orderRevenue", "orders", func(n *node) { n.kids = n.kids[min(1, len(n.kids)):] }),
		"cost-number":        at("orderRevenue", "orderNumber", says("ABCD000001")),
		"cost-global":        at("orderRevenue", "responseCode", turns("", "7001")),
		"point-status":       at("shipPointRemove", "importStatus", turns("REMOVED", "DELETED")),
		"point-added":        at("shipPointRemove", "importStatus", turns("REMOVED", "ADDED")),
		"point-fail-word":    at("shipPointRemove", "importStatus", turns("FAILED", "ERROR")),
		"point-other-code":   at("shipPointRemove", "code", turns("1045", "1000")),
		"point-no-codes":     at("shipPointRemove", "shipPoint", without("responseCodes")),
		"point-code-place":   at("shipPointRemove", "responseCode", func(n *node) { n.text, n.kids = n.get("code"), nil }),
		"point-reference":    at("shipPointRemove", "clientReferenceNumber", says("REF")),
		"point-no-reference": at("shipPointRemove", "shipPoint", without("clientReferenceNumber")),
		"point-count":        at("shipPointRemove", "processedShipPoints", more),
		"point-count-word":   at("shipPointRemove", "processedShipPoints", says("two")),
		"point-swapped":      at("shipPointRemove", "shipPoint", swapped),
		"point-order":        at("shipPointRemove", "shipPoints", backwards),
		"point-root":         at("shipPointRemove", "shipPointRemoveResponse", renamed("shipPointResponse")),
		"point-list":         at("shipPointRemove", "shipPoints", renamed("points")),
		"import-reference":   at("orderImport", "clientReferenceNumber", says("REF")),
		"import-count":       at("orderImport", "processedOrders", more),
		"import-order":       at("orderImport", "orders", backwards),
		"import-root":        at("orderImport", "orderImportResponse", renamed("importResponse")),
		"import-status":      at("orderImport", "importStatus", turns("INBOX", "IN BOX")),
		"import-sequence":    at("orderImport", "order", renumbered),
		"add-status":         at("shipPointImport", "importStatus", turns("ADDED", "CREATED")),
		"add-count":          at("shipPointImport", "processedShipPoints", more),
		"verification-code":  at("", "responseCode", turns("0", "1")),
		"version-code":       at("", "responseCode", turns("1", "0")),
		"error-inside": func(_ *call, root *node) {
			if root.get("responseCode") == "0" {
				*root = *el("error", tx("message", "401 unauthorized"))
			}
		},
		"no-version":     func(c *call, root *node) { root.attrs = nil },
		"ascii":          at("shipPointRemove", "clientReferenceNumber", ascii),
		"ascii-orders":   at("orderImport", "clientReferenceNumber", ascii),
		"point-sequence": at("shipPointRemove", "shipPoint", func(n *node) { n.attrs = [][2]string{{"sequence", "1"}} }),
	}
}

// found is what the report must say of a fault: an error of that operation at that
// place, without indexes.
type found struct{ fault, operation, path string }

// faults is what can be wrong with the server, and where it must be found.
func faults() []found {
	const (
		link, cost, remove = "/orderLinkResponse", "/orderRevenueUpdateResponse", "/shipPointRemoveResponse"
		linked, costed     = link + "/orders/order", cost + "/orders/order"
		removed, imported  = remove + "/shipPoints/shipPoint", "/orderImportResponse/orders/order"
		costCode, goneCode = costed + "/strResponseCodes/strResponseCodes", removed + "/responseCodes/responseCode/code"
	)
	return []found{
		// Callers, versions, limits.
		{"no-auth", "orderLink", ""}, {"no-auth", "orderRevenue", ""}, {"no-auth", "shipPointRemove", "/*/responseCode"},
		{"any-password", "shipPointRemove", "/*/responseCode"}, {"body-first", "orderRevenue", costed + "/updateStatus"},
		{"header-alone", "orderRevenue", costed + "/updateStatus"}, {"any-version", "shipPointRemove", "/*/responseCode"},
		{"no-limit", "orderImport", "/*/responseCode"}, {"text-plain", "orderLink", "Content-Type"}, {"created", "orderRevenue", ""},
		{"error-inside", "shipPointRemove", "/error"}, {"verification-code", "shipPointRemove", "/*/responseCode"},
		{"version-code", "shipPointRemove", "/*/responseCode"}, {"no-version", "orderRevenue", cost + "/@version"},
		// H5 links.
		{"links-anything", "orderLink", linked + "/status"}, {"link-number", "orderLink", linked + "/orderNumber"}, {"link-relative", "orderLink", linked + "/url"},
		{"link-no-url", "orderLink", linked + "/url"}, {"link-status", "orderLink", linked + "/status"}, {"link-failed-word", "orderLink", linked + "/status"},
		{"link-code", "orderLink", linked + "/code"}, {"link-no-code", "orderLink", linked + "/code"}, {"link-count", "orderLink", link + "/successNum"},
		{"link-fail-count", "orderLink", link + "/failNum"}, {"link-counts-words", "orderLink", link + "/successNum"}, {"link-global", "orderLink", link + "/responseCode"},
		{"link-sequence", "orderLink", linked + "/@sequence"}, {"link-order", "orderLink", linked + "/@sequence"}, {"link-swapped", "orderLink", linked + "/code"},
		{"link-root-swapped", "orderLink", link + "/successNum"}, {"link-list-name", "orderLink", linked + "/status"}, {"link-item-name", "orderLink", linked + "/status"},
		{"link-root", "orderLink", "/h5LinkResponse"},
		// Cost updates.
		{"accepts-all", "orderRevenue", costCode}, {"any-amount", "orderRevenue", costCode}, {"third-decimal", "orderRevenue", costCode}, {"negative", "orderRevenue", costCode},
		{"any-unit", "orderRevenue", costCode}, {"any-truth", "orderRevenue", costCode}, {"number-wins", "orderRevenue", costed + "/updateStatus"},
		{"ignores-7008", "orderRevenue", costCode}, {"ignores-7054", "orderRevenue", costCode}, {"ignores-7055", "orderRevenue", costCode}, {"ignores-7056", "orderRevenue", costCode},
		{"loses-amounts", "orderRevenue", costed + "/updateStatus"}, {"keeps-first", "orderRevenue", costed + "/updateStatus"}, {"rounds", "orderRevenue", costed + "/updateStatus"},
		{"rounds-dimes", "orderRevenue", costed + "/updateStatus"}, {"always-updated", "orderRevenue", costed + "/updateStatus"}, {"draft-updated", "orderRevenue", costed + "/updateStatus"},
		{"cost-status", "orderRevenue", costed + "/updateStatus"}, {"cost-failed-word", "orderRevenue", costed + "/updateStatus"}, {"cost-underscore", "orderRevenue", costed + "/updateStatus"},
		{"cost-lower", "orderRevenue", costed + "/updateStatus"}, {"cost-no-status", "orderRevenue", costed + "/updateStatus"}, {"cost-code-text", "orderRevenue", costCode},
		{"cost-other-code", "orderRevenue", costCode}, {"cost-no-codes", "orderRevenue", costCode}, {"cost-column", "orderRevenue", costed + "/errorColumnName"},
		{"cost-no-column", "orderRevenue", costed + "/errorColumnName"}, {"cost-count", "orderRevenue", cost + "/processedOrders"}, {"cost-count-word", "orderRevenue", cost + "/processedOrders"},
		{"cost-sequence", "orderRevenue", costed + "/@sequence"}, {"cost-order", "orderRevenue", costed + "/@sequence"}, {"cost-swapped", "orderRevenue", costed + "/orderNumber"},
		{"cost-first-dropped", "orderRevenue", costed + "/updateStatus"}, {"cost-number", "orderRevenue", costed + "/orderNumber"}, {"cost-global", "orderRevenue", cost + "/responseCode"},
		{"four-units", "orderRevenue", costed + "/updateStatus"}, {"one-number", "orderRevenue", costCode},
		{"foreign-seen", "orderRevenue", ""}, {"one-company", "orderRevenue", ""},
		// Removals.
		{"removes-nothing", "shipPointRemove", goneCode}, {"keeps-points", "shipPointRemove", goneCode}, {"any-kind", "shipPointRemove", goneCode}, {"loses-points", "shipPointRemove", removed + "/importStatus"},
		{"ignores-1047", "shipPointRemove", goneCode}, {"ignores-1048", "shipPointRemove", goneCode}, {"point-status", "shipPointRemove", removed + "/importStatus"},
		{"point-added", "shipPointRemove", removed + "/importStatus"}, {"point-fail-word", "shipPointRemove", removed + "/importStatus"}, {"point-other-code", "shipPointRemove", goneCode},
		{"point-no-codes", "shipPointRemove", goneCode}, {"point-code-place", "shipPointRemove", goneCode}, {"point-reference", "shipPointRemove", removed + "/clientReferenceNumber"},
		{"point-no-reference", "shipPointRemove", removed + "/clientReferenceNumber"}, {"point-count", "shipPointRemove", remove + "/processedShipPoints"},
		{"point-count-word", "shipPointRemove", remove + "/processedShipPoints"}, {"point-swapped", "shipPointRemove", removed + "/importStatus"},
		{"point-order", "shipPointRemove", goneCode}, {"point-root", "shipPointRemove", "/shipPointResponse"}, {"point-list", "shipPointRemove", removed + "/importStatus"},
		// Imports.
		{"loses-orders", "orderImport", imported + "/orderNumber"}, {"update-adds", "orderImport", imported + "/orderNumber"}, {"stops", "orderImport", imported},
		{"drafts-anyway", "orderImport", imported + "/importStatus"}, {"import-reference", "orderImport", imported + "/clientReferenceNumber"}, {"import-count", "orderImport", "/orderImportResponse/processedOrders"},
		{"import-order", "orderImport", imported + "/clientReferenceNumber"}, {"import-root", "orderImport", "/importResponse"}, {"import-status", "orderImport", imported + "/importStatus"},
		{"import-sequence", "orderImport", imported + "/@sequence"},
	}
}

// unprepared are faults that must be found although nobody prepares orders and points.
func unprepared() []found {
	const (
		cost, remove       = "/orderRevenueUpdateResponse", "/shipPointRemoveResponse"
		costed, removed    = cost + "/orders/order", remove + "/shipPoints/shipPoint"
		costCode, goneCode = costed + "/strResponseCodes/strResponseCodes", removed + "/responseCodes/responseCode/code"
		linked             = "/orderLinkResponse/orders/order"
	)
	return []found{
		{"header-alone", "orderLink", linked + "/status"}, {"header-alone", "orderRevenue", costCode}, {"header-alone", "shipPointRemove", goneCode},
		{"processes-refused", "orderRevenue", costed + "/updateStatus"}, {"processes-refused", "shipPointRemove", removed + "/importStatus"},
		{"no-limit", "orderRevenue", costed + "/updateStatus"}, {"number-wins", "orderRevenue", costed + "/updateStatus"},
		{"any-amount", "orderRevenue", costCode}, {"third-decimal", "orderRevenue", costCode}, {"any-unit", "orderRevenue", costCode}, {"any-truth", "orderRevenue", costCode},
		{"four-units", "orderRevenue", costed + "/updateStatus"}, {"loses-amounts", "orderRevenue", costed + "/updateStatus"}, {"always-updated", "orderRevenue", costed + "/updateStatus"},
		{"rounds", "orderRevenue", costed + "/updateStatus"}, {"cost-column", "orderRevenue", costed + "/errorColumnName"}, {"cost-number", "orderRevenue", costed + "/orderNumber"},
		{"cost-status", "orderRevenue", costed + "/updateStatus"}, {"cost-underscore", "orderRevenue", costed + "/updateStatus"}, {"cost-count", "orderRevenue", cost + "/processedOrders"},
		{"link-no-url", "orderLink", linked}, {"link-code", "orderLink", linked}, {"link-status", "orderLink", linked + "/status"}, {"link-sequence", "orderLink", linked + "/@sequence"},
		{"keeps-points", "shipPointRemove", goneCode}, {"any-kind", "shipPointRemove", goneCode}, {"loses-points", "shipPointRemove", removed + "/importStatus"},
		{"point-reference", "shipPointRemove", removed + "/clientReferenceNumber"}, {"point-count", "shipPointRemove", remove + "/processedShipPoints"},
		{"loses-orders", "orderRevenue", costed + "/updateStatus"}, {"loses-tenth", "orderRevenue", costed + "/updateStatus"},
		{"ascii", "shipPointRemove", removed + "/clientReferenceNumber"}, {"ascii-orders", "orderImport", "/orderImportResponse/orders/order/clientReferenceNumber"},
	}
}

// undocumented are faults that no document forbids: the pages show no answer of the
// operation, or the rule is known from callers alone. They are warned of, and a person
// can tell; they fail nobody.
func undocumented() []found {
	const added = "/shipPointImportResponse/shipPoints/shipPoint"
	return []found{
		{"duplicates", "orderImport", "/orderImportResponse/orders/order/responseCodes/responseCode/code"},
		{"duplicate-updates", "orderImport", "/orderImportResponse/orders/order/responseCodes/responseCode/code"},
		{"wrong-code", "orderImport", "/orderImportResponse/orders/order/responseCodes/responseCode/code"},
		{"same-place", "orderImport", "/orderImportResponse/orders/order/responseCodes/responseCode/code"},
		{"number-anyway", "orderImport", "/orderImportResponse/orders/order/orderNumber"},
		{"all-or-nothing", "orderImport", "/orderImportResponse/orders/order/importStatus"},
		{"add-status", "shipPointImport", added + "/importStatus"}, {"updated-is-added", "shipPointImport", added + "/importStatus"},
		{"add-count", "shipPointImport", "/shipPointImportResponse/processedShipPoints"},
		{"point-sequence", "shipPointRemove", "/shipPointRemoveResponse/shipPoints/shipPoint/@sequence"},
		{"any-zip", "shipPointImport", added + "/responseCodes/responseCode/code"}, {"no-name", "shipPointImport", added + "/responseCodes/responseCode/code"},
		{"any-type", "shipPointImport", added + "/responseCodes/responseCode/code"},
		{"loses-updates", "orderOutbound", "/orderOutboundResponse/orders/order/remark"}, {"exports-other", "orderOutbound", "/orderOutboundResponse/orders/order/vendorDetail/orderNumber"},
		{"recalls-nothing", "orderRecall", "/orderRecallResponse/orders/order/recallStatus"},
		{"rates-twice", "orderRating", "/externalRatingResponse/ratings/rating/responseCodes/responseCode/code"},
	}
}

func TestEveryFaultIsFound(t *testing.T) {
	report := func(f found) *reports.Report {
		var r readings
		if f.fault == "drafts-anyway" {
			r.Drafts = 1 // else such an order is refused for another reason
		}
		operations := map[string][]string{"orderLink": {"orderLink"}, "orderRevenue": {"orderRevenue"}, "shipPointRemove": {"shipPoint*"}, "shipPointImport": {"shipPoint*"}}[f.operation]
		if operations == nil || strings.HasSuffix(f.path, "/*/responseCode") || f.path == "/error" {
			operations = []string{"order*", "shipPoint*"}
		}
		return judge(t, newServer(r, f.fault), true, operations...)
	}
	for _, f := range faults() {
		t.Run(f.fault+"/"+f.operation, func(t *testing.T) {
			r := report(f)
			if r.Verdict != reports.NonConformant || !reported(r, f, reports.SeverityError) {
				t.Errorf("verdict %s; no error says %s %s", r.Verdict, f.operation, f.path)
				list(t, r)
			}
		})
	}
	for _, f := range unprepared() {
		t.Run("unprepared/"+f.fault+"/"+f.operation, func(t *testing.T) {
			r := judge(t, newServer(readings{}, f.fault), false, "order*", "shipPoint*")
			if r.Verdict != reports.NonConformant || !reported(r, f, reports.SeverityError) {
				t.Errorf("verdict %s; no error says %s %s", r.Verdict, f.operation, f.path)
				list(t, r)
			}
		})
	}
	for _, f := range undocumented() {
		t.Run(f.fault+"/"+f.operation, func(t *testing.T) {
			r := report(f)
			if r.Verdict == reports.NonConformant {
				t.Errorf("no document forbids it, and the verdict is %s", r.Verdict)
			}
			if !reported(r, f, reports.SeverityWarning) {
				t.Errorf("no warning says %s %s", f.operation, f.path)
				list(t, r)
			}
		})
	}
	t.Logf("%d faults are found, %d that no document forbids are warned of", len(faults()), len(undocumented()))
}

func reported(r *reports.Report, f found, severity reports.Severity) bool {
	return slices.ContainsFunc(r.Deviations, func(d reports.Deviation) bool {
		return d.Severity == severity && d.Operation == f.operation && payload.StripIndexes(d.Path) == f.path
	})
}

func list(t *testing.T, r *reports.Report) {
	for i, d := range r.Deviations {
		if i < 40 {
			t.Logf("%s %s/%s %s %s %s: expected %s, found %s", d.Severity, d.Scenario, d.Step, d.In, d.Path, d.Kind, d.Expected, d.Actual)
		}
	}
}
