package otherhand

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

type point struct {
	kind, external, reference string
	lock                      string // the code of every removal
	values                    map[string]string
}

var (
	zip    = regexp.MustCompile(`^\d{6}$`)
	phone  = regexp.MustCompile(`^\d{6,10}(-[0-9]{1,5})?$`)
	mobile = regexp.MustCompile(`^\d{11}$`)
	area   = regexp.MustCompile(`^\d{1,4}$`)
)

func (s *server) pointOf(c *call, n *node) *point {
	kind, ext, ref := n.get("type"), n.get("externalId"), n.get("clientReferenceNumber")
	for _, house := range s.seen(c) {
		for _, p := range house.points {
			switch {
			case ext != "" && p.external == ext && (kind == "" || p.kind == kind || s.fault == "any-kind"):
				return p
			case ext == "" && s.PointKey == 1 && ref != "" && p.reference == ref && (kind == "" || p.kind == kind):
				return p
			}
		}
	}
	return nil
}

// wrongPoint gives the code of what is wrong with a point.
func (s *server) wrongPoint(n *node) string {
	if s.fault == "accepts-all" {
		return ""
	}
	contact := n.kid("contact")
	ok := func(text string, re *regexp.Regexp) bool { return text == "" || re.MatchString(text) }
	switch {
	case sequenceWrong(n), !slices.Contains([]string{"0", "1", "2"}, n.get("type")) && s.fault != "any-type",
		!slices.Contains([]string{"1", "2", "3"}, n.get("selectType")), n.get("companyName") == "" && s.fault != "no-name":
		return "1001"
	case !ok(n.get("zipcode"), zip) && s.fault != "any-zip":
		return []string{"1001", "1015"}[s.Zip]
	case !ok(contact.get("phone"), phone), !ok(contact.get("mobile"), mobile), !ok(contact.get("phoneAreaCode"), area):
		return "1001"
	}
	for _, f := range []string{"nationalCenter", "regionalCenter", "updateZipcode", "loading", "supportXtt", "supportSms"} {
		if !s.truth(n.get(f)) {
			return "1001"
		}
	}
	if strings.EqualFold(n.get("supportXtt"), "true") && contact.get("email") == "" {
		return "1051"
	}
	if strings.EqualFold(n.get("supportSms"), "true") && contact.get("mobile") == "" {
		return "1056"
	}
	return ""
}

func (s *server) pointDone(n *node, status, code string, shown bool) *node {
	ref := n.get("clientReferenceNumber")
	return s.sequence(el("shipPoint", tx("clientReferenceNumber", ref), tx("importStatus", status), s.codes(code)), n, shown)
}

func (s *server) importPoints(c *call) {
	if !s.formed(c) {
		return
	}
	var done []*node
	good := 0
	for _, n := range c.items {
		status, code := "FAILED", s.wrongPoint(n)
		p := s.pointOf(c, n)
		switch {
		case code != "":
		case p != nil:
			status = "UPDATED"
			flat(n, "", p.values)
			if s.fault == "updated-is-added" {
				status = "ADDED"
			}
		default:
			status = "ADDED"
			p = &point{kind: n.get("type"), external: n.get("externalId"), reference: n.get("clientReferenceNumber"), values: map[string]string{}}
			flat(n, "", p.values)
			if s.fault != "loses-points" {
				c.of.points = append(c.of.points, p)
			}
		}
		if status != "FAILED" {
			good++
		}
		done = append(done, s.pointDone(n, status, code, true))
	}
	s.reply(c, good, done)
}

func (s *server) removePoints(c *call) {
	if !s.formed(c) {
		return
	}
	var done []*node
	good := 0
	for _, n := range c.items {
		status, code := "FAILED", ""
		p := s.pointOf(c, n)
		switch {
		case p == nil && s.First == 1 && s.fault == "":
			code = "1045"
		case sequenceWrong(n), !slices.Contains([]string{"", "0", "1", "2"}, n.get("type")) && s.fault != "any-type" && s.fault != "accepts-all":
			code = "1001"
		case s.Client == 1 && n.get("clientCode") != "":
			code = "1000"
		case p == nil && s.fault != "removes-nothing":
			code = "1045"
		case p != nil && p.lock != "" && s.fault != "ignores-"+p.lock:
			code = p.lock
		default:
			good++
			status = "REMOVED"
			if s.fault != "keeps-points" {
				for _, house := range s.house {
					house.points = slices.DeleteFunc(house.points, func(x *point) bool { return x == p })
				}
			}
		}
		done = append(done, s.pointDone(n, status, code, false))
	}
	s.reply(c, good, done)
}

// hook sets up what a scenario needs.
func (s *server) hook(w http.ResponseWriter, body []byte) {
	var q struct {
		State, Action string
		Params        map[string]string
	}
	_ = json.Unmarshal(body, &q)
	s.made++
	id := fmt.Sprintf("HK%06dZ", s.made)
	locks := map[string]string{"order-with-receipt": "7008", "order-in-optimisation": "7054", "order-integrated": "7055", "order-in-job-sheet": "7056", "hub-with-employees": "1047", "hub-with-open-orders": "1048"}
	answer := map[string]string{}
	home := s.house["demo"]
	switch {
	case q.State == "internal-error":
		s.armed[q.Params["operation"]]++
		if q.Action == "teardown" {
			s.armed[q.Params["operation"]] = 0
		}
	case q.Action == "teardown":
	case q.State == "order", q.State == "order-draft", q.State == "order-dispatched", strings.HasPrefix(q.State, "order-") && locks[q.State] != "":
		o := s.add(home, "E-"+id, map[bool]string{true: "DRAFT", false: "INBOX"}[q.State == "order-draft"])
		o.lock = locks[q.State]
		if q.State == "order-dispatched" {
			o.status = "DISPATCHED"
		}
		answer["orderNumber"], answer["erpNumber"] = o.number, o.erp
	case q.State == "point", locks[q.State] != "":
		p := &point{kind: q.Params["type"], external: "P" + id, reference: "R" + id, lock: locks[q.State], values: map[string]string{}}
		if p.kind == "" {
			p.kind = "2"
		}
		home.points = append(home.points, p)
		answer["clientReferenceNumber"], answer["externalId"], answer["type"] = p.reference, p.external, p.kind
	case q.State == "order-imported", q.State == "order-delivered", q.State == "order-with-truck-type", q.State == "order-without-tracking-mails":
		o := s.add(home, "E-"+id, "INBOX")
		answer["orderNumber"], answer["erpNumber"] = o.number, o.erp
	case strings.HasPrefix(q.State, "job-sheet"):
		x := &sheet{number: "JS" + id, external: "SH" + id}
		if q.State == "job-sheet-assigned" {
			x.driver = "somebody"
		}
		home.sheets = append(home.sheets, x)
		answer["jobSheetNumber"], answer["externalShipmentId"] = x.number, x.external
		answer["orderNumber"] = s.add(home, "E-"+id, "INBOX").number
	case strings.HasPrefix(q.State, "carrier"):
		answer["vendorCode"] = "V" + id
	case q.State == "driver-and-truck", q.State == "new-driver-and-truck":
		answer["mobile"] = fmt.Sprintf("137%08d", s.made)
		answer["driverMobile"], answer["truckPlate"] = answer["mobile"], fmt.Sprintf("沪B%05d", s.made)
	case q.State == "client":
		answer["clientCode"] = "C" + id
	default:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(map[string]any{"title": "no such state", "status": 404})
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// query tells whether a record fits all conditions, and pages the list.
func (c *call) query(value func(attribute string) string) bool {
	for _, q := range c.items {
		v := value(q.get("attribute"))
		if e := q.kid("eq"); e != nil && e.text != v {
			return false
		}
		if in := q.kid("in"); in != nil && !slices.ContainsFunc(in.kids, func(k *node) bool { return k.text == v }) {
			return false
		}
		if e := q.get("ge"); e != "" && v < e {
			return false
		}
		if e := q.get("le"); e != "" && v > e {
			return false
		}
	}
	return true
}

func (s *server) page(c *call, list string, all []*node) {
	start, _ := strconv.Atoi(c.root.get("start"))
	count, err := strconv.Atoi(c.root.get("count"))
	if err != nil || count < 1 {
		count = 100
	}
	start = max(start, 1)
	total := len(all)
	from := min(start-1, total)
	all = all[from:min(from+count, total)]
	if s.fault == "no-paging" {
		all = all[:]
	}
	s.send(c, &node{name: c.response, loose: true, kids: []*node{{name: list, kids: all, list: true}, tx("start", strconv.Itoa(start)), tx("count", strconv.Itoa(len(all))), tx("total", strconv.Itoa(total))}})
}

func (s *server) exportPoints(c *call) {
	var all []*node
	for _, house := range s.seen(c) {
		for _, p := range house.points {
			of := func(name string) string {
				if name == "name" {
					name = "companyName"
				}
				return p.values["/"+name]
			}
			value := func(a string) string {
				if a == "externalId" {
					return p.external
				}
				return of(a)
			}
			if c.query(value) {
				out := &node{name: "shipPoint", loose: true}
				for _, f := range []string{"name", "externalId", "province", "town", "county", "address", "zipcode"} {
					out.kids = append(out.kids, tx(f, value(f)))
				}
				all = append(all, out)
			}
		}
	}
	s.page(c, "shipPoints", all)
}

func (s *server) exportOrders(c *call) {
	var all []*node
	for _, house := range s.seen(c) {
		for _, o := range house.orders {
			if !c.query(func(a string) string { return map[string]string{"erpNumber": o.erp, "orderNumber": o.number}[a] }) {
				continue
			}
			numbers := []*node{tx("orderNumber", o.number), tx("erpNumber", o.erp)}
			if s.fault == "exports-other" && len(house.orders) > 1 {
				numbers = []*node{tx("orderNumber", house.orders[0].number), tx("erpNumber", house.orders[0].erp)}
			}
			out := &node{name: "order", loose: true}
			if s.Outbound == 0 {
				out.kids = []*node{el("vendorDetail", numbers...), tx("orderStatus", o.status), tx("remark", o.values["/orderRemarks"])}
			} else {
				out.kids = append(numbers, tx("orderStatus", "in "+strings.ToLower(o.status)))
			}
			all = append(all, out)
		}
	}
	s.page(c, "orders", all)
}

func (s *server) exportVendors(c *call) {
	s.bare(c, el(c.response, &node{name: "vendors", list: true}))
}

func (s *server) exportSheets(c *call) {
	list := &node{name: "jobSheets", list: true}
	for _, x := range c.of.sheets {
		if c.query(func(a string) string {
			return map[string]string{"jobSheetNumber": x.number, "externalShipmentId": x.external}[a]
		}) {
			list.kids = append(list.kids, el("jobSheet", tx("jobSheetNumber", x.number), tx("externalShipmentId", x.external)))
		}
	}
	s.bare(c, el(c.response, list))
}
