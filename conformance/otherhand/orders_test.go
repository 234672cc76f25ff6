package otherhand

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

type order struct {
	number, erp, status string
	lock                string // the code of every cost update
	values              map[string]string
	vendor              string
}

// outcome of one order.
type outcome struct{ status, code, column string }

// find looks for an order of the caller; a number of the caller's own system decides
// alone if there is one.
func (s *server) find(c *call, in *node) *order {
	erp, number := in.get("erpNumber"), in.get("orderNumber")
	if s.fault == "number-wins" && number != "" {
		erp = ""
	}
	for _, house := range s.seen(c) {
		for _, o := range house.orders {
			switch {
			case erp != "" && o.erp == erp, erp == "" && number != "" && o.number == number,
				erp == "" && number != "" && s.Lookup == 0 && strings.EqualFold(o.number, number):
				return o
			}
		}
	}
	return nil
}

// seen are the companies whose records the caller sees: its own.
func (s *server) seen(c *call) []*company {
	if s.fault == "foreign-seen" {
		return []*company{c.of, s.house["demo"], s.house["demo-foreign"]}
	}
	return []*company{c.of}
}

func (s *server) echo(in string, o *order) string {
	if o != nil && (s.Case == 2 || in == "") {
		in = o.number
	}
	if s.Case == 1 {
		return strings.ToLower(in)
	}
	return in
}

var (
	amount  = regexp.MustCompile(`^(0?|((([1-9]\d{0,9})|0)(\.\d{1,2})?|10000000000(\.0{1,2})?))$`)
	literal = regexp.MustCompile(`^(0?|((([1-9]\d{0,9})|0)(\.\d{1,2})?|10000000000(.0{1,2})?))$`)
	whole   = regexp.MustCompile(`^\d+$`)
	dec     = regexp.MustCompile(`^\d+(\.\d+)?$`)
)

func date(text string) bool {
	for _, layout := range []string{"2006-01-02", "2006-01-02 15:04:05", time.RFC3339, "2006-01-02T15:04:05", "15:04:05", "15:04"} {
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	return text == ""
}

// misformed names the first field of an order that is not of its type.
func (s *server) misformed(n *node) string {
	if s.fault == "accepts-all" {
		return ""
	}
	if sequenceWrong(n) {
		return "sequence"
	}
	check := func(ok bool, name string) func() string {
		return func() string {
			if ok {
				return ""
			}
			return name
		}
	}
	var all []func() string
	for _, f := range []string{"allowUpdate", "rejectDraft", "requireEpod", "concealOrderLines"} {
		all = append(all, check(s.truth(n.get(f)), f))
	}
	cargo := n.kid("cargoDetails")
	all = append(all, check(cargo.get("totalQuantity") == "" || whole.MatchString(cargo.get("totalQuantity")), "totalQuantity"))
	for _, f := range []string{"totalWeight", "totalVolume", "totalInsurance"} {
		all = append(all, check(cargo.get(f) == "" || dec.MatchString(cargo.get(f)), f))
	}
	all = append(all, check(slices.Contains([]string{"", "1", "2", "3", "4"}, cargo.get("cargoType")), "cargoType"),
		check(slices.Contains([]string{"", "FTL", "LTL", "AIR", "EXPRESS", "RAIL", "WATER"}, n.get("transportMode", "transportType")), "transportType"))
	for _, f := range []string{"pickupDate", "deliveryDate", "pickupTimeFrom", "pickupTimeTo", "deliveryTimeFrom", "deliveryTimeTo"} {
		all = append(all, check(date(n.get("timeSchedule", f)), f))
	}
	for _, wrong := range all {
		if name := wrong(); name != "" {
			return name
		}
	}
	return ""
}

func (s *server) place(c *call, n *node, id, full string) (place, code string) {
	if ext := n.get(id); ext != "" {
		for _, p := range c.of.points {
			if p.external == ext {
				return ext, ""
			}
		}
		return ext, map[string]string{"shipFrom": "1003", "shipTo": "1004"}[full]
	}
	if l := n.kid(full); l != nil && len(l.kids) > 0 {
		return l.get("companyName") + l.get("address") + l.get("town"), ""
	}
	return "", map[string]string{"shipFrom": "1041", "shipTo": "1042"}[full]
}

// examine says what becomes of an order: a status, and the code that goes with it.
func (s *server) examine(c *call, n *node) outcome {
	if f := s.misformed(n); f != "" {
		return outcome{"NOT IMPORTED", "1001", f}
	}
	if b := n.get("branch"); s.Branches == 1 && b != "" && b != "Shanghai" {
		return outcome{"NOT IMPORTED", "1040", "branch"}
	}
	if s.Client == 1 && n.get("clientCode") != "" {
		return outcome{"NOT IMPORTED", "1000", "clientCode"}
	}
	from, lacks := s.place(c, n, "shipFromExternalId", "shipFrom")
	to, code := s.place(c, n, "shipToExternalId", "shipTo")
	if lacks == "" {
		lacks = code
	}
	if from != "" && from == to && s.fault != "same-place" {
		return outcome{"NOT IMPORTED", "1120", "shipToExternalId"}
	}
	if lines := n.kid("orderLines"); lines != nil && lacks == "" {
		for _, l := range lines.kids {
			if l.get("externalId") == "" && l.kid("cargoDescription") == nil {
				lacks = "1021"
			}
		}
	}
	if lacks == "" && n.get("transportMode", "transportType") == "" {
		lacks = "1006"
	}
	if lacks != "" && s.Drafts == 0 {
		return outcome{"NOT IMPORTED", lacks, ""}
	}
	if lacks != "" || n.get("timeSchedule", "pickupDate") == "" || n.get("cargoDetails", "totalWeight") == "" {
		if strings.EqualFold(n.get("rejectDraft"), "true") || n.get("rejectDraft") == "1" {
			if s.fault != "drafts-anyway" {
				return outcome{"NOT IMPORTED", "1044", ""}
			}
		}
		return outcome{"DRAFT", lacks, ""}
	}
	if n.get("autoProcessMode") == "3" && s.Automatic == 0 {
		if n.get("vendorCode") != "" {
			return outcome{"DISPATCHED", "", ""}
		}
		return outcome{"RELEASED", "", ""}
	}
	return outcome{"INBOX", "", ""}
}

func flat(n *node, path string, into map[string]string) {
	for _, k := range n.kids {
		p := path + "/" + k.name
		if len(k.kids) == 0 {
			into[p] = strings.TrimSpace(k.text)
		}
		flat(k, p, into)
	}
}

func (s *server) importOrders(c *call) {
	if !s.formed(c) {
		return
	}
	var done []*node
	good := 0
	for i, n := range c.items {
		out := s.examine(c, n)
		erp := n.get("erpNumber")
		var o *order
		if erp != "" {
			o = s.find(c, el("x", tx("erpNumber", erp)))
		}
		again := n.get("allowUpdate") == "true" || n.get("allowUpdate") == "1"
		switch {
		case out.status == "NOT IMPORTED":
		case s.fault == "all-or-nothing" && slices.ContainsFunc(c.items, func(n *node) bool { return s.examine(c, n).status == "NOT IMPORTED" }):
			out = outcome{"NOT IMPORTED", "1100", ""}
		case o != nil && !again && s.fault == "duplicate-updates":
			flat(n, "", o.values)
		case o != nil && !again && s.fault != "duplicates":
			out = outcome{"NOT IMPORTED", "1022", ""}
			if s.fault == "wrong-code" {
				out.code = "1100"
			}
		case o != nil && again && o.status != "INBOX" && o.status != "DRAFT":
			out = outcome{"NOT IMPORTED", "1024", ""}
		case o != nil && again && s.fault != "update-adds":
			flat(n, "", o.values)
			o.status = out.status
		default:
			o = s.add(c.of, erp, out.status)
			flat(n, "", o.values)
			o.vendor = n.get("vendorCode")
			if s.fault == "loses-orders" || s.fault == "loses-tenth" && s.made%10 == 0 {
				c.of.orders = c.of.orders[:len(c.of.orders)-1]
			}
		}
		number := ""
		if out.status != "NOT IMPORTED" {
			good++
			number = o.number
		}
		if s.fault == "number-anyway" && number == "" {
			number = "X0001"
		}
		if s.fault == "stops" && i > 0 && done[i-1].get("importStatus") == "NOT IMPORTED" {
			break
		}
		done = append(done, s.sequence(el("order", tx("clientReferenceNumber", n.get("clientReferenceNumber")), tx("importStatus", out.status), s.codes(out.code), tx("orderNumber", number)), n, true))
	}
	s.reply(c, good, done)
}

func (s *server) add(of *company, erp, status string) *order {
	s.made++
	o := &order{number: fmt.Sprintf("QX%c%09d", 'A'+s.made%26, 7919*s.made), erp: erp, status: status, values: map[string]string{}}
	if s.fault == "one-number" {
		o.number = "QXA000000001"
	}
	of.orders = append(of.orders, o)
	return o
}

func (s *server) codes(code string) *node {
	list := &node{name: "responseCodes", list: true}
	if code != "" {
		list.kids = []*node{el("responseCode", tx("code", code))}
	}
	return list
}

// reply sends what became of the items.
func (s *server) reply(c *call, good int, done []*node) {
	n := len(c.items)
	if s.Processed == 1 {
		n = good
	}
	list := &node{name: c.list, kids: done, list: true}
	s.send(c, el(c.response, tx("responseCode", ""), tx(c.count, strconv.Itoa(n)), list))
}
