package otherhand

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

// link and share answer alike, with codes of their own.
func (s *server) link(c *call) { s.linked(c, "7001", "order-preview-mobile/%X/T?linkTraceId=%X&x=1") }

func (s *server) share(c *call) { s.linked(c, "2400", "order-preview/%X/%X") }

func (s *server) linked(c *call, fine, to string) {
	if !s.formed(c) {
		return
	}
	var done []*node
	good := 0
	for _, n := range c.items {
		o := s.find(c, n)
		if o == nil && s.fault == "links-anything" {
			o = &order{number: n.get("orderNumber")}
		}
		out := el("order")
		if o != nil && !sequenceWrong(n) {
			good++
			s.made++
			url := "https://h5.example:8443/mp/#/" + fmt.Sprintf(to, 1<<40+s.made, s.made)
			out.kids = []*node{tx("status", "SUCCEED"), tx("code", fine)}
			if s.Both == 0 {
				out.kids = append(out.kids, tx("erpNumber", o.erp))
			} else {
				out.kids = append(out.kids, tx("erpNumber", n.get("erpNumber")))
			}
			out.kids = append(out.kids, tx("orderNumber", s.echo(n.get("orderNumber"), o)))
			if c.id == "orderLink" {
				out.kids = append(out.kids, tx("userType", n.get("userType")))
			}
			out.kids = append(out.kids, tx("url", url))
		} else {
			out.kids = []*node{tx("status", "FAILED")}
			if s.LinkFailure < 3 {
				out.kids = append(out.kids, tx("code", []string{"7009", "7100", ""}[s.LinkFailure]))
			}
			out.kids = append(out.kids, tx("erpNumber", n.get("erpNumber")), tx("orderNumber", s.echo(n.get("orderNumber"), nil)))
			if c.id == "orderLink" {
				out.kids = append(out.kids, tx("userType", n.get("userType")), tx("url", ""))
			}
		}
		done = append(done, s.sequence(out, n, true))
	}
	global := fine
	if good < len(c.items) && s.LinkGlobal == 1 {
		global = "7009"
	}
	s.send(c, el(c.response, tx("responseCode", global), tx("successNum", strconv.Itoa(good)), tx("failNum", strconv.Itoa(len(c.items)-good)), &node{name: "orders", kids: done, list: true}))
}

func (s *server) recall(c *call) {
	if !s.formed(c) {
		return
	}
	list := &node{name: "orders", list: true}
	good := 0
	for _, n := range c.items {
		o := s.find(c, n)
		status, code := "NOT_RECALLED", ""
		switch {
		case o != nil && o.status != "RECALLED":
			status = "SUCCEED"
			good++
			if s.fault != "recalls-nothing" {
				o.status = "RECALLED"
			}
		case o == nil && s.Recalled == 1:
			status, code = "FAILED", "2004"
		}
		list.kids = append(list.kids, s.sequence(&node{name: "order", loose: true, kids: []*node{tx("erpNumber", n.get("erpNumber")), tx("recallStatus", status), s.codes(code)}}, n, true))
	}
	s.send(c, &node{name: c.response, loose: true, kids: []*node{tx("responseCode", ""), tx("successfulRecalled", strconv.Itoa(good)), list}})
}

// plain answers the operations of which the pages show no answer: a status per item.
func (s *server) plain(c *call, field string, each func(n *node) (status, code string)) {
	if !s.formed(c) {
		return
	}
	list := &node{name: c.list, list: true}
	for _, n := range c.items {
		status, code := "FAILED", "1001"
		if !sequenceWrong(n) {
			status, code = each(n)
		}
		list.kids = append(list.kids, s.sequence(&node{name: c.item, loose: true, kids: []*node{tx(field, status), s.codes(code)}}, n, false))
	}
	s.bare(c, el(c.response, tx("responseCode", ""), list))
}

func (s *server) dispatch(c *call) {
	s.plain(c, "status", func(n *node) (string, string) {
		o := s.find(c, n)
		if o == nil {
			return "FAILED", "2004"
		}
		o.status, o.vendor = "DISPATCHED", n.get("vendorCode")
		return "SUCCEED", ""
	})
}

func (s *server) revoke(c *call) {
	s.plain(c, "status", func(n *node) (string, string) {
		o := s.find(c, n)
		if o == nil || o.status != "DISPATCHED" {
			return "FAILED", "2008"
		}
		o.status, o.vendor = "INBOX", ""
		return "SUCCEED", ""
	})
}

func (s *server) assign(c *call) {
	s.plain(c, "result", func(n *node) (string, string) {
		o := s.find(c, n)
		if o == nil {
			return "NOT_DISPATCHED", "2004"
		}
		o.status = "DISPATCHED"
		return "DISPATCHED", ""
	})
}

// rate: a person rates an order once.
func (s *server) rate(c *call) {
	s.plain(c, "status", func(n *node) (string, string) {
		o := s.find(c, n)
		if o == nil {
			return "FAILED", "2004"
		}
		key := o.number + " " + n.get("createdBy")
		if c.of.rated[key] && s.fault != "rates-twice" {
			return "FAILED", "2005"
		}
		c.of.rated[key] = true
		return "SUCCEED", ""
	})
}

func (s *server) handover(c *call) {
	s.made++
	s.send(c, el(c.response, tx("responseCode", ""), tx("handoverCode", "H"+strconv.Itoa(s.made))))
}

func (s *server) track(c *call) {
	list := el("externalOrderQueries")
	for _, q := range c.items {
		o := s.find(c, el("x", tx(q.get("attribute"), q.get("eq"))))
		status, code := "SUCCEED", ""
		if o == nil {
			status, code = "FAILED", "2004"
		}
		list.kids = append(list.kids, &node{name: "result", loose: true, kids: []*node{tx("status", status), tx("errCode", code)}})
	}
	s.send(c, el(c.response, list))
}

func (s *server) suggest(c *call) {
	s.bare(c, el(c.response, tx("responseCode", ""), tx("price", "100.00")))
}

func (s *server) trucks(c *call) {
	lists := []*node{tx("responseCode", "")}
	for _, kind := range [][3]string{{"drivers", "driver", "mobile"}, {"trucks", "truck", "truckPlate"}} {
		in := c.root.kid(kind[0])
		if in == nil {
			continue
		}
		out := &node{name: kind[0], list: true}
		for _, n := range in.kids {
			status, code := "ADDED", ""
			key := n.get(kind[2])
			if key == "" {
				status, code = "FAILED", "1001"
			} else if c.of.people[key] {
				status = "UPDATED"
			}
			c.of.people[key] = true
			out.kids = append(out.kids, s.sequence(&node{name: kind[1], loose: true, kids: []*node{tx("importStatus", status), s.codes(code)}}, n, false))
		}
		lists = append(lists, out)
	}
	s.bare(c, el(c.response, lists...))
}

type sheet struct{ number, external, driver string }

func (c *call) sheet(n *node) *sheet {
	for _, s := range c.of.sheets {
		if v := n.get("jobSheetNumber"); v != "" && s.number == v {
			return s
		}
		if v := n.get("externalShipmentId"); v != "" && s.external == v {
			return s
		}
	}
	return nil
}

func (s *server) importSheets(c *call) {
	s.plain(c, "importStatus", func(n *node) (string, string) {
		if c.sheet(n) != nil {
			return "UPDATED", ""
		}
		s.made++
		number := n.get("jobSheetNumber")
		if number == "" {
			number = fmt.Sprintf("JSQ%07d", s.made)
		}
		c.of.sheets = append(c.of.sheets, &sheet{number: number, external: n.get("externalShipmentId")})
		return "ADDED", ""
	})
}

func (s *server) deleteSheets(c *call) {
	s.plain(c, "status", func(n *node) (string, string) {
		at := c.sheet(n)
		if at == nil {
			return "FAILED", "2004"
		}
		c.of.sheets = slices.DeleteFunc(c.of.sheets, func(x *sheet) bool { return x == at })
		return "SUCCEED", ""
	})
}

func (s *server) recallSheets(c *call) {
	s.plain(c, "recallStatus", func(n *node) (string, string) {
		at := c.sheet(n)
		if at == nil || at.driver == "" {
			return "NOT_RECALLED", ""
		}
		at.driver = ""
		return "SUCCEED", ""
	})
}

func (s *server) driveSheets(c *call) {
	s.plain(c, "status", func(n *node) (string, string) {
		at := c.sheet(n)
		if at == nil {
			return "FAILED", "2004"
		}
		at.driver = n.get("driverMobile") + n.get("truckPlate")
		return "SUCCEED", ""
	})
}

func (s *server) positions(c *call) { s.json(c, map[string]any{"positions": []any{}}) }

func (s *server) device(c *call) {
	if c.r.Method == http.MethodPost {
		s.json(c, map[string]any{"success": true})
	}
}
