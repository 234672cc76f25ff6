package otherhand

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// server is the forwarder's system. One lock, everything in memory.
type server struct {
	readings
	fault string // what is broken; "" is nothing
	mu    sync.Mutex
	made  int // for numbers and for faults that come every so often
	house map[string]*company
	armed map[string]int // internal errors to come, by operation
}

type company struct {
	name   string
	orders []*order
	points []*point
	sheets []*sheet
	people map[string]bool // drivers and trucks
	rated  map[string]bool
}

func newServer(r readings, fault string) *server {
	s := &server{readings: r, fault: fault, house: map[string]*company{}, armed: map[string]int{}}
	for login, name := range map[string]string{"demo": "acme", "demo-foreign": "other"} {
		s.house[login] = &company{name: name, people: map[string]bool{}, rated: map[string]bool{}}
	}
	return s
}

// operation is a line of the documentation's sidebar.
type operation struct {
	id, method, path    string
	request, list, item string // how the request is built
	response, count     string // what is known of the answer
	limit               int    // items that the page allows; 0: it says nothing
	version             string
	needs               bool // the page says that the version is required
	codes               bool // the page lists the codes 0, 1 and 2
	run                 func(*server, *call)
}

func operations() []operation {
	return []operation{
		{"orderImport", "PUT", "/ws/orderImport", "orderImportRequest", "orders", "order", "orderImportResponse", "processedOrders", 100, "0.1", true, true, (*server).importOrders},
		{"orderOutbound", "POST", "/ws/orderOutbound", "orderOutboundRequest", "queries", "query", "orderOutboundResponse", "", 0, "0.1", false, false, (*server).exportOrders},
		{"shipPointImport", "PUT", "/ws/shipPointImport", "shipPointImportRequest", "shipPoints", "shipPoint", "shipPointImportResponse", "processedShipPoints", 0, "0.1", true, true, (*server).importPoints},
		{"shipPointRemove", "DELETE", "/ws/shipPointImport", "shipPointRemoveRequest", "shipPoints", "shipPoint", "shipPointRemoveResponse", "processedShipPoints", 0, "0.1", true, true, (*server).removePoints},
		{"assignDriver", "POST", "/ws/assignDriver", "assignDriverRequest", "driverAssignments", "driverAssignment", "assignDriverResponse", "", 0, "0.1", true, false, (*server).assign},
		{"truckAndDriverImport", "PUT", "/ws/truckAndDriverImport", "truckAndDriverImportRequest", "", "", "truckAndDriverImportResponse", "", 0, "0.1", true, false, (*server).trucks},
		{"jobSheetImport", "PUT", "/ws/jobSheetImport", "jobSheetImportRequest", "jobSheets", "jobSheet", "jobSheetImportResponse", "", 0, "0.1", false, false, (*server).importSheets},
		{"jobSheetDelete", "PUT", "/ws/jobSheetDelete", "jobSheetDeleteRequest", "jobSheets", "jobSheet", "jobSheetDeleteResponse", "", 0, "0.1", false, false, (*server).deleteSheets},
		{"orderRecall", "POST", "/ws/orderRecall", "orderRecallRequest", "orders", "order", "orderRecallResponse", "", 0, "0.1", false, false, (*server).recall},
		{"orderShare", "PUT", "/ws/order/share", "orderShareRequest", "orders", "order", "orderShareResponse", "", 0, "0.1", false, false, (*server).share},
		{"vendorOutbound", "POST", "/ws/vendorOutbound", "vendorOutboundRequest", "queries", "query", "vendorOutboundResponse", "", 0, "0.1", false, false, (*server).exportVendors},
		{"orderUpdate", "PUT", "/ws/orderUpdate", "orderUpdateRequest", "orders", "order", "orderUpdateResponse", "processedOrders", 100, "0.1", true, false, (*server).updateOrders},
		{"orderDispatch", "POST", "/ws/order/dispatch", "orderDispatchRequest", "orders", "order", "orderDispatchResponse", "", 0, "0.1", false, false, (*server).dispatch},
		{"orderRevoke", "PUT", "/ws/order/revoke", "orderRevokeRequest", "orders", "order", "orderRevokeResponse", "", 0, "0.1", false, false, (*server).revoke},
		{"orderRating", "POST", "/ws/openapi/ratings", "externalRatingRequest", "ratings", "rating", "externalRatingResponse", "", 100, "1.0", true, false, (*server).rate},
		{"handoverCreate", "PUT", "/ws/handoverCreate", "handoverCreateRequest", "handoverOrders", "order", "handoverCreateResponse", "", 0, "0.1", false, false, (*server).handover},
		{"orderCustomUpdate", "POST", "/ws/orderCustomUpdate", "orderCustomUpdateRequest", "orders", "order", "orderUpdateResponse", "processedOrders", 0, "0.1", true, false, (*server).updateOrders},
		{"tariffSuggestion", "POST", "/ws/tariff/tariffSuggestion/v0/buying", "tariffSuggestionRequest", "", "", "tariffSuggestionResponse", "", 0, "0.1", false, false, (*server).suggest},
		{"orderRevenue", "POST", "/ws/orderRevenue", "orderRevenueUpdateRequest", "orders", "order", "orderRevenueUpdateResponse", "processedOrders", 100, "0.1", true, false, (*server).revenue},
		{"shipPointOutbound", "POST", "/ws/shipPointOutbound", "shipPointOutboundRequest", "queries", "query", "shipPointOutboundResponse", "", 0, "0.1", false, false, (*server).exportPoints},
		{"jobSheetOutbound", "POST", "/ws/jobSheetOutbound", "jobSheetOutboundRequest", "queries", "query", "jobSheetOutboundResponse", "", 0, "0.1", false, false, (*server).exportSheets},
		{"jobSheetRecall", "PUT", "/ws/jobSheetRecall", "jobSheetRecallRequest", "jobSheets", "jobSheet", "jobSheetRecallResponse", "", 20, "0.1", false, false, (*server).recallSheets},
		{"truckPositions", "POST", "/ws/openapi/1.0/truck/positions", "", "", "", "", "", 0, "", false, false, (*server).positions},
		{"gpsDevice", "POST", "/ws/gps/device", "", "", "", "", "", 0, "", false, false, (*server).device},
		{"jobSheetDriver", "PUT", "/ws/jobsheet/driver", "jobSheetAssignmentRequest", "jobSheets", "jobSheet", "jobSheetAssignmentResponse", "", 100, "0.1", false, false, (*server).driveSheets},
		{"externalTrackAndTrace", "POST", "/ws/externalTrackandTrace", "externalTrackAndTraceRequest", "externalOrderQueries", "externalOrderQuery", "externalTrackAndTraceResponse", "", 0, "0.1", false, false, (*server).track},
		{"orderLink", "PUT", "/ws/orderLink", "orderLinkRequest", "orders", "order", "orderLinkResponse", "", 0, "0.1", false, false, (*server).link},
	}
}

// call is one request on its way.
type call struct {
	operation
	w     http.ResponseWriter
	r     *http.Request
	root  *node
	body  []byte
	items []*node
	of    *company
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	if r.URL.Path == "/hook" {
		s.hook(w, body)
		return
	}
	h := w.Header()
	h.Set("Server", "Undertow/1")
	h.Set("Set-Cookie", "node=7; Path=/")
	h["x-trace"] = []string{"8f", "90"}
	s.made++
	var at *call
	var allow []string
	for _, o := range operations() {
		if o.path == r.URL.Path {
			allow = append(allow, o.method)
			if o.method == r.Method {
				at = &call{operation: o, w: w, r: r, body: body}
			}
		}
	}
	if at == nil {
		if len(allow) > 0 && s.Method == 0 {
			h.Set("Allow", strings.Join(allow, ", "))
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		http.Error(w, "there is nothing here", http.StatusNotFound)
		return
	}
	if s.armed[at.id] > 0 {
		s.armed[at.id]--
		http.Error(w, "ORA-03113", http.StatusInternalServerError)
		return
	}
	if at.request == "" {
		s.serveJSON(at)
		return
	}
	s.serveXML(at)
}

func (s *server) serveXML(c *call) {
	if s.MediaType == 1 && !strings.Contains(c.r.Header.Get("Content-Type"), "xml") {
		c.w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	root, err := parse(c.body)
	if err == nil && root.name != c.request {
		err = fmt.Errorf("%s is not %s", root.name, c.request)
	}
	if err != nil {
		s.malformed(c, err)
		return
	}
	c.root = root
	if c.list != "" {
		if l := root.kid(c.list); l != nil {
			for _, k := range l.kids {
				if k.name == c.item {
					c.items = append(c.items, k)
				}
			}
		}
	}
	if c.of = s.who(c); c.of == nil && s.fault == "processes-refused" {
		// It looks at who calls when all is done.
		done := *c
		done.of, done.w = s.house["demo"], httptest.NewRecorder()
		done.run(s, &done)
	}
	version, given := root.attr("version")
	limit := c.limit
	if s.Limit == 1 {
		limit = 100
		if c.limit > 0 {
			limit = c.limit
		}
	}
	switch {
	case c.of == nil && s.Unauthentic == 1 && !c.codes:
		c.w.Header().Set("WWW-Authenticate", `Basic realm="ws"`)
		c.w.WriteHeader(http.StatusUnauthorized)
	case c.of == nil:
		s.general(c, "0")
	case !given && c.needs && s.NoVersion == 1:
		s.malformed(c, fmt.Errorf("no version"))
	case version != c.version && (given || c.needs) && s.fault != "any-version":
		s.general(c, "1")
	case limit > 0 && len(c.items) > limit && s.fault != "no-limit":
		s.general(c, "2")
	case c.list != "" && root.kid(c.list) == nil && c.needs && s.fault != "accepts-all":
		s.malformed(c, fmt.Errorf("no %s", c.list))
	default:
		c.run(s, c)
	}
}

// who: a header that is not empty decides alone, else the root's attributes do.
func (s *server) who(c *call) *company {
	login, password, _ := c.r.BasicAuth()
	header := strings.TrimSpace(c.r.Header.Get("Authorization"))
	if c.id == "tariffSuggestion" && s.Suggestion == 1 {
		header = ""
	}
	if (header == "" || s.fault == "body-first") && c.root != nil {
		if l, ok := c.root.attr("login"); ok || header == "" {
			login = l
			password, _ = c.root.attr("password")
		}
	}
	if s.fault == "header-alone" && header == "" {
		return nil
	}
	if s.fault == "no-auth" {
		return s.house["demo"]
	}
	if password != "demo" && s.fault != "any-password" {
		return nil
	}
	if s.fault == "one-company" && s.house[login] != nil {
		return s.house["demo"]
	}
	return s.house[login]
}

// general answers a request that fails as a whole.
func (s *server) general(c *call, code string) {
	list := el(c.list)
	if c.list == "" || c.list == "queries" {
		list = el("items")
	}
	kids := []*node{tx("responseCode", code)}
	if c.count != "" && s.Leave == 0 {
		kids = append(kids, tx(c.count, "0"))
	}
	if s.Lists == 0 && c.list != "queries" && c.list != "" {
		list.list = true
		kids = append(kids, list)
	}
	s.send(c, el(c.response, kids...))
}

func (s *server) malformed(c *call, err error) {
	switch s.Malformed {
	case 0:
		c.w.Header().Set("Content-Type", "text/html")
		c.w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(c.w, "<html><body><h1>Bad Request</h1><p>"+err.Error()+"</body>")
	case 1:
		http.Error(c.w, "javax.xml.bind.UnmarshalException: "+err.Error(), http.StatusInternalServerError)
	case 2:
		c.w.WriteHeader(http.StatusUnprocessableEntity)
	default:
		s.general(c, "1")
	}
}

// send writes an answer; faults of the message are put in here.
func (s *server) send(c *call, root *node) {
	root.attrs = append(root.attrs, [2]string{"version", c.version})
	if bend, is := messageFaults()[s.fault]; is {
		bend(c, root)
	}
	s.tidy(root)
	body, charset := s.document(root)
	media := []string{"application/xml", "application/xml;charset=" + charset, `Application/XML; Charset="` + charset + `"`}[s.Charset]
	if s.fault == "text-plain" {
		media = "text/plain"
	}
	c.w.Header().Set("Content-Type", media)
	if s.fault == "created" {
		c.w.WriteHeader(http.StatusCreated)
	}
	_, _ = c.w.Write(body)
}

// serveJSON: the two operations whose pages are marked as being developed.
func (s *server) serveJSON(c *call) {
	login, password, basic := c.r.BasicAuth()
	if !basic || s.Headers == 1 {
		login, password = c.r.Header.Get("login"), c.r.Header.Get("password")
		if c.id == "gpsDevice" {
			login = c.r.Header.Get("user")
		}
	}
	c.of = s.house[login]
	var doc map[string]any
	switch {
	case (c.of == nil || password != "demo") && s.fault != "no-auth":
		c.w.WriteHeader(http.StatusUnauthorized)
	case json.Unmarshal(c.body, &doc) != nil:
		http.Error(c.w, "no JSON", http.StatusBadRequest)
	default:
		c.run(s, c)
	}
}

func (s *server) json(c *call, v any) {
	switch s.JSON {
	case 0:
		c.w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(c.w).Encode(v)
	case 1:
		c.w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(c.w, "OK")
	}
}

// sequence echoes an item's number.
func (s *server) sequence(out, in *node, shown bool) *node {
	if v, ok := in.attr("sequence"); ok && number(v) && (shown || s.Sequence == 0) {
		out.attrs = append(out.attrs, [2]string{"sequence", strings.TrimSpace(v)})
	}
	return out
}

// number tells whether a text is a whole number of 32 bits.
func number(text string) bool {
	_, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(text), "+"), 10, 32)
	return err == nil
}

func (s *server) truth(text string) bool {
	all := []string{"", "true", "false", "1", "0"}
	if s.Booleans == 1 {
		text = strings.ToLower(text)
	}
	return slices.Contains(all, text)
}

// formed tells whether an item's number is one; where structure fails the request, it
// answers for all.
func (s *server) formed(c *call) bool {
	if s.fault == "accepts-all" {
		return true
	}
	for _, n := range c.items {
		if v, ok := n.attr("sequence"); ok && !number(v) && s.Structure == 1 {
			s.malformed(c, fmt.Errorf("sequence %q", v))
			return false
		}
	}
	return true
}

func sequenceWrong(n *node) bool {
	v, ok := n.attr("sequence")
	return ok && !number(v)
}

// bare answers where no page shows an answer, in a form that is like no other.
func (s *server) bare(c *call, usual *node) {
	if s.Bare == 1 {
		usual = el("reply", tx("done", "yes"), tx("at", "2031-05-06T07:08:09Z"))
	}
	s.send(c, usual)
}
