package conformance_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// forwarder makes links, updates amounts and removes points.
type forwarder struct {
	independent
	orders map[string]*forwarderOrder // by upper-case number
	points map[string]*forwarderPoint // by type and external id
}

type forwarderOrder struct {
	number, erp, company, refused string // refused is the code of every update
	draft                         bool
	values                        map[string]string
}

type forwarderPoint struct{ number, refused string }

// element is XML to be written.
type element struct {
	name     string
	attrs    []string // name, value, name, value …
	text     string
	children []element
}

func leaf(name, text string) element { return element{name: name, text: text} }

func newForwarder(t *testing.T, style int, f flaw) http.Handler {
	return &forwarder{independent: independent{contract: open(t, "otms"), style: style, flaw: f}, orders: map[string]*forwarderOrder{}, points: map[string]*forwarderPoint{}}
}

// write writes an element in one line with double quotes, or indented, with single
// quotes and remarks.
func (f *forwarder) write(b *strings.Builder, e element, depth int) {
	quote, line := `"`, ""
	if f.style == 1 {
		quote, line = `'`, "\n"+strings.Repeat("    ", depth)
	}
	b.WriteString(line + "<" + e.name)
	for i := 0; i < len(e.attrs); i += 2 {
		b.WriteString(" " + e.attrs[i] + "=" + quote + e.attrs[i+1] + quote)
	}
	switch {
	case len(e.children) > 0:
		b.WriteString(">")
		if f.style == 1 && depth == 0 {
			b.WriteString("<!-- erzeugt -->")
		}
		for _, c := range e.children {
			f.write(b, c, depth+1)
		}
		b.WriteString(line + "</" + e.name + ">")
	case e.text != "" || f.style == 1:
		b.WriteString(">" + strings.NewReplacer("&", "&#38;", "<", "&lt;").Replace(e.text) + "</" + e.name + ">")
	default:
		b.WriteString("/>")
	}
}

func (f *forwarder) answer(w http.ResponseWriter, root string, children ...element) {
	var b strings.Builder
	if f.style == 1 {
		b.WriteString("<?xml version='1.0' encoding='UTF-8'?>")
	}
	if f.flaw == swapsElements {
		for _, list := range children {
			for _, item := range list.children {
				slices.Reverse(item.children[:min(2, len(item.children))])
			}
		}
	}
	f.write(&b, element{name: root, attrs: []string{"version", "0.1"}, children: children}, 0)
	f.noise(w.Header())
	w.Header().Set("Content-Type", []string{"application/xml", "application/xml; charset=utf-8"}[f.style])
	_, _ = w.Write([]byte(b.String()))
}

func (f *forwarder) refuse(w http.ResponseWriter, status int) {
	f.noise(w.Header())
	if f.flaw == errorInside {
		w.Header().Set("Content-Type", "application/xml")
		_, _ = w.Write([]byte("<error>" + strconv.Itoa(status) + "</error>"))
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("geht nicht"))
}

func (f *forwarder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.URL.Path == "/states" {
		f.state(w, r)
		return
	}
	type route struct {
		operation, method, request, list, item string
		process                                func(w http.ResponseWriter, q call)
	}
	routes := map[string]route{
		"/ws/orderLink":       {"orderLink", "PUT", "orderLinkRequest", "orders", "order", f.link},
		"/ws/orderRevenue":    {"orderRevenue", "POST", "orderRevenueUpdateRequest", "orders", "order", f.revenue},
		"/ws/shipPointImport": {"shipPointRemove", "DELETE", "shipPointRemoveRequest", "shipPoints", "shipPoint", f.remove},
	}
	at, known := routes[r.URL.Path]
	switch {
	case !known:
		f.refuse(w, 404)
		return
	case r.Method != at.method:
		w.Header().Set("Allow", at.method)
		f.refuse(w, 405)
		return
	}
	body := read(r)
	tree, violations, malformed := f.wrong(at.operation, r, body)
	q := call{root: strings.Replace(at.request, "Request", "Response", 1), tree: tree, violations: violations,
		items: tree.Select("/" + at.request + "/" + at.list + "/" + at.item), prefix: "/" + at.request + "/" + at.list + "/" + at.item}
	company, ok := f.who(r, tree)
	version := ""
	if tree != nil {
		if a := tree.Root.Attr("version"); a != nil {
			version = a.Value
		}
	}
	switch {
	case !ok && !malformed:
		f.answer(w, q.root, leaf("responseCode", "0"))
	case malformed, !strings.Contains(r.Header.Get("Content-Type"), "xml"):
		f.refuse(w, 400)
	case q.general() && version != "" || q.general() && f.style == 0:
		f.refuse(w, 400)
	case version != "0.1" && !(version == "" && at.operation == "orderLink") && f.flaw != acceptsAll:
		f.answer(w, q.root, leaf("responseCode", "1"))
	case len(q.items) > 100:
		f.answer(w, q.root, leaf("responseCode", "2"))
	default:
		q.company = company
		at.process(w, q)
	}
}

// call is one request.
type call struct {
	root, prefix, company string
	tree                  *payload.Tree
	items                 []*payload.Node
	violations            []schema.Violation
}

// general reports a violation outside the items.
func (q call) general() bool {
	return slices.ContainsFunc(q.violations, func(v schema.Violation) bool { return !strings.HasPrefix(v.Path, q.prefix) })
}

// field names the first field of an item that is wrong.
func (q call) field(i int) (name string, wrong bool) {
	for _, v := range q.violations {
		for _, prefix := range []string{fmt.Sprintf("%s[%d]", q.prefix, i+1), q.prefix + "/"} {
			if strings.HasPrefix(v.Path, prefix) && (prefix != q.prefix+"/" || len(q.items) == 1) {
				return strings.TrimPrefix(v.Path[strings.LastIndexByte(v.Path, '/')+1:], "@"), true
			}
		}
	}
	return "", false
}

func value(n *payload.Node, name string) string {
	if c := n.Member(name); c != nil {
		return strings.TrimSpace(c.Value)
	}
	return ""
}

func sequence(n *payload.Node) []string {
	a := n.Attr("sequence")
	if a == nil {
		return nil
	}
	if i, err := strconv.ParseInt(a.Value, 10, 32); err != nil || i < 1 {
		return nil
	}
	return []string{"sequence", a.Value}
}

// who: a header that is not empty decides, else the attributes of the root.
func (f *forwarder) who(r *http.Request, tree *payload.Tree) (company string, ok bool) {
	login, password, given := r.BasicAuth()
	if !given && r.Header.Get("Authorization") == "" && tree != nil {
		if a, b := tree.Root.Attr("login"), tree.Root.Attr("password"); a != nil && b != nil {
			login, password = a.Value, b.Value
		}
	}
	switch {
	case f.flaw == ignoresAuth, login == "demo" && password == "demo":
		return "A", true
	case login == "demo-foreign" && password == "demo":
		return "B", true
	}
	return "", false
}

func (f *forwarder) find(q call, n *payload.Node) *forwarderOrder {
	erp, number := value(n, "erpNumber"), strings.ToUpper(value(n, "orderNumber"))
	for _, o := range f.orders {
		if o.company == q.company && (erp != "" && o.erp == erp || erp == "" && o.number == number) {
			return o
		}
	}
	return nil
}

// echo writes a number as it came, or in lower case as the page's example does.
func (f *forwarder) echo(number string) string {
	if f.flaw == exampleOnly {
		return "axdhbmav009887"
	}
	if f.style == 1 {
		return strings.ToLower(number)
	}
	return number
}

func (f *forwarder) link(w http.ResponseWriter, q call) {
	if len(q.violations) > 0 {
		f.refuse(w, 400)
		return
	}
	good := 0
	list := element{name: "orders"}
	for _, n := range q.items {
		item := element{name: "order", attrs: sequence(n)}
		if o := f.find(q, n); o != nil {
			good++
			item.children = []element{leaf("status", "SUCCEED"), leaf("code", "7001"), leaf("orderNumber", f.echo(o.number)), leaf("userType", value(n, "userType")),
				leaf("url", "https://track.example/"+newID()+"?a=1&b=2")}
		} else {
			item.children = []element{leaf("status", "FAILED")}
			if f.style == 0 {
				// No code is documented for a failure.
				item.children = append(item.children, leaf("code", "7009"))
			}
			item.children = append(item.children, leaf("orderNumber", f.echo(value(n, "orderNumber"))), leaf("userType", value(n, "userType")))
		}
		list.children = append(list.children, item)
	}
	f.answer(w, q.root, leaf("responseCode", "7001"), leaf("successNum", strconv.Itoa(good)), leaf("failNum", strconv.Itoa(len(q.items)-good)), list)
}

func (f *forwarder) revenue(w http.ResponseWriter, q call) {
	list := element{name: "orders"}
	for i, n := range q.items {
		o := f.find(q, n)
		status, code, column := "", "", ""
		switch name, wrong := q.field(i); {
		case wrong:
			status, code, column = "FAILED", "7001", name
		case o == nil:
			status, code = "FAILED", "7009"
		case o.refused != "":
			status, code = "FAILED", o.refused
		default:
			status = f.update(o, n)
		}
		item := element{name: "order", attrs: sequence(n), children: []element{leaf("orderNumber", f.echo(value(n, "orderNumber"))), leaf("updateStatus", status)}}
		if o != nil && f.style == 0 {
			item.children[0].text = f.echo(o.number)
			item.children = slices.Insert(item.children, 0, leaf("erpNumber", o.erp))
		}
		if code != "" {
			item.children = append(item.children, element{name: "strResponseCodes", children: []element{leaf("strResponseCodes", code)}},
				leaf("errorColumnName", column), element{name: "strErrorMsgs", children: []element{leaf("strErrorMsgs", "出错了")}})
		}
		list.children = append(list.children, item)
	}
	count := strconv.Itoa(len(q.items))
	if f.flaw == textForNumber {
		count = "one"
	}
	f.answer(w, q.root, leaf("responseCode", ""), leaf("processedOrders", count), list)
}

// update stores what is given and says whether anything is another value now.
func (f *forwarder) update(o *forwarderOrder, n *payload.Node) string {
	changed := false
	lost := f.loses() || f.flaw == losesWrites && len(o.values) > 0
	for _, name := range []string{"lineHaul", "chargingLtlUnit", "revokeCompensation", "revokeSpecial"} {
		v := value(n, name)
		if v == "" || same(o.values[name], v) {
			continue
		}
		changed = true
		if !lost {
			o.values[name] = v
		}
	}
	switch {
	case o.draft:
		return "DRAFT"
	case changed:
		return "UPDATED"
	}
	return "NOT UPDATED"
}

func same(a, b string) bool {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return a == b || okX && okY && x.Cmp(y) == 0
}

func (f *forwarder) remove(w http.ResponseWriter, q call) {
	list := element{name: "shipPoints"}
	for i, n := range q.items {
		key := value(n, "type") + " " + value(n, "externalId")
		p := f.points[key]
		code := ""
		switch _, wrong := q.field(i); {
		case wrong:
			code = "1001"
		case value(n, "clientCode") != "":
			code = "1000"
		case p == nil:
			code = "1045"
		default:
			code = p.refused
		}
		item := element{name: "shipPoint", children: []element{leaf("clientReferenceNumber", value(n, "clientReferenceNumber")), leaf("importStatus", "FAILED")}}
		if f.style == 0 {
			item.attrs = sequence(n)
		}
		codes := element{name: "responseCodes"}
		if code == "" {
			delete(f.points, key)
			item.children[1].text = "REMOVED"
		} else {
			codes.children = []element{{name: "responseCode", children: []element{leaf("code", code)}}}
		}
		if code != "" || f.style == 0 {
			item.children = append(item.children, codes)
		}
		list.children = append(list.children, item)
	}
	f.answer(w, q.root, leaf("responseCode", ""), leaf("processedShipPoints", strconv.Itoa(len(q.items))), list)
}

// state is the set-up hook: the server has no operation that makes an order or a point.
func (f *forwarder) state(w http.ResponseWriter, r *http.Request) {
	var q struct {
		State, Action string
		Params        map[string]string
	}
	_ = json.Unmarshal(read(r), &q)
	refusals := map[string]string{"order": "", "order-draft": "", "order-with-receipt": "7008", "order-in-optimisation": "7054", "order-integrated": "7055",
		"order-in-job-sheet": "7056", "point": "", "hub-with-employees": "1047", "hub-with-open-orders": "1048", "credentials": ""}
	refused, known := refusals[q.State]
	answers := map[string]string{}
	id := strings.ToUpper(strings.ReplaceAll(newID(), "-", ""))[:16]
	switch {
	case !known:
		w.WriteHeader(http.StatusNotFound)
		return
	case q.Action == "teardown":
	case q.State == "credentials":
		answers["login"], answers["password"] = "demo", "demo"
	case strings.HasPrefix(q.State, "order"):
		f.orders[id] = &forwarderOrder{number: id, erp: "ERP-" + id, company: "A", refused: refused, draft: q.State == "order-draft", values: map[string]string{}}
		answers["orderNumber"], answers["erpNumber"] = id, "ERP-"+id
	default:
		kind := q.Params["type"]
		if kind == "" {
			kind = "2"
		}
		f.points[kind+" X"+id] = &forwarderPoint{number: id, refused: refused}
		answers["clientReferenceNumber"], answers["externalId"], answers["type"] = id, "X"+id, kind
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answers)
}

func TestIndependentForwarder(t *testing.T) {
	config := conformance.Config{Contract: open(t, "otms"), ProviderStates: "/states", Declared: []string{"orderLink", "orderRevenue", "shipPointRemove"}}
	server := func(style int, f flaw) http.Handler { return newForwarder(t, style, f) }
	bothConform(t, config, server)
	flawsAreFound(t, config, server, []broken{
		{ignoresAuth, "orderLink", "", "status", "credentials are documented; how they are refused, that page does not say"},
		{acceptsAll, "orderRevenue", "/orderRevenueUpdateResponse/orders/order/strResponseCodes/strResponseCodes", "code", "an amount that is none fails its order"},
		{losesWrites, "orderRevenue", "/orderRevenueUpdateResponse/orders/order/updateStatus", "value", "the same amount again changes nothing"},
		{exampleOnly, "orderRevenue", "/orderRevenueUpdateResponse/orders/order/orderNumber", "value", "the number is the one that was sent"},
		{swapsElements, "orderRevenue", "/orderRevenueUpdateResponse/orders/order/updateStatus", "order", "elements stand in the order of table and example"},
		{textForNumber, "orderRevenue", "/orderRevenueUpdateResponse/processedOrders", "value", "a number of orders is written in digits"},
	})
}
