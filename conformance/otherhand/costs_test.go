package otherhand

import (
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// result writes one order of an update.
func (s *server) result(in *node, o *order, out outcome) *node {
	erp, number := in.get("erpNumber"), in.get("orderNumber")
	if s.Both == 0 && o != nil {
		erp, number = o.erp, s.echo(number, o)
	} else if number != "" {
		number = s.echo(number, o)
	}
	list, errs := &node{name: "strResponseCodes", list: true}, &node{name: "strErrorMsgs", list: true}
	if s.CodeList == 1 {
		list = s.codes(out.code)
	}
	if s.CodeList == 2 {
		list, errs = tx("strResponseCodes", out.code), tx("strErrorMsgs", "Fehler "+out.code)
		out.code = ""
	}
	if out.code != "" {
		if s.CodeList == 0 {
			list.kids = []*node{tx("strResponseCodes", out.code)}
		}
		errs.kids = []*node{tx("strErrorMsgs", "Fehler <"+out.code+"> – 订单 & "+out.column)}
	}
	return s.sequence(el("order", tx("erpNumber", erp), tx("orderNumber", number), tx("updateStatus", out.status), list, tx("errorColumnName", out.column), errs), in, true)
}

func (s *server) notThere() string {
	if s.NotThere == 1 {
		return "7100"
	}
	return "7009"
}

func (s *server) updateOrders(c *call) {
	if !s.formed(c) {
		return
	}
	var done []*node
	good := 0
	for _, n := range c.items {
		o := s.find(c, n)
		out := outcome{status: "UPDATED"}
		if f := s.misformed(n); f != "" && (o != nil || s.First == 0) {
			out = outcome{"FAILED", "7001", f}
		} else if o == nil {
			out = outcome{"FAILED", s.notThere(), ""}
		} else if o.lock != "" {
			out = outcome{"FAILED", o.lock, ""}
		} else {
			before := maps.Clone(o.values)
			after := map[string]string{}
			flat(n, "", after)
			if s.fault != "loses-updates" {
				maps.Copy(o.values, after)
			}
			if o.status == "DRAFT" && o.values["/transportMode/transportType"] != "" && o.values["/timeSchedule/pickupDate"] != "" && o.values["/cargoDetails/totalWeight"] != "" {
				o.status = "INBOX"
			} else if o.status == "DRAFT" {
				out.status = "DRAFT"
			} else if maps.Equal(before, o.values) {
				out.status = "NOT UPDATED"
			}
			good++
		}
		done = append(done, s.result(n, o, out))
	}
	s.reply(c, good, done)
}

func (s *server) revenue(c *call) {
	if !s.formed(c) {
		return
	}
	var done []*node
	good := 0
	for _, n := range c.items {
		o := s.find(c, n)
		out := outcome{status: "UPDATED"}
		if f := s.wrongCost(n); f != "" && (o != nil || s.First == 0) {
			out = outcome{"FAILED", "7001", f}
		} else if o == nil {
			out = outcome{"FAILED", "7009", ""}
		} else if o.lock != "" && s.fault != "ignores-"+o.lock {
			out = outcome{"FAILED", o.lock, ""}
		} else {
			good++
			out.status = s.cost(o, n)
		}
		done = append(done, s.result(n, o, out))
	}
	c.response = []string{c.response, "orderRevenueResponse", "root"}[s.Root]
	s.reply(c, good, done)
}

func (s *server) wrongCost(n *node) string {
	units := []string{"", "CBM", "MT", "KG", "LDM", "CUSTOM", "CARGO", "CATEGORY", "CATEGORY_BY_CBM", "CATEGORY_BY_KG", "CATEGORY_BY_MT", "CONTAINER", "KM"}
	if s.Category == 1 {
		units = slices.DeleteFunc(units, func(u string) bool { return u == "CARGO" || u == "CATEGORY" })
		units = append(units, "CARGOCATEGORY")
	}
	haul := n.get("lineHaul")
	amount := []*regexp.Regexp{amount, literal}[s.Dot]
	name := ""
	switch {
	case s.fault == "accepts-all":
	case sequenceWrong(n):
		name = "sequence"
	case !amount.MatchString(haul) && s.fault != "any-amount" && !(s.fault == "third-decimal" && dec.MatchString(haul)) && !(s.fault == "negative" && strings.HasPrefix(haul, "-")):
		name = "lineHaul"
	case s.fault == "four-units" && !slices.Contains(units[:4], n.get("chargingLtlUnit")), !slices.Contains(units, n.get("chargingLtlUnit")) && s.fault != "any-unit":
		name = "chargingLtlUnit"
	case !s.truth(n.get("revokeCompensation")) && s.fault != "any-truth":
		name = "revokeCompensation"
	case !s.truth(n.get("revokeSpecial")) && s.fault != "any-truth":
		name = "revokeSpecial"
	}
	return name
}

// cost stores what is given, and says whether anything is another value now.
func (s *server) cost(o *order, n *node) string {
	status := "NOT UPDATED"
	for _, f := range []string{"lineHaul", "chargingLtlUnit", "revokeCompensation", "revokeSpecial"} {
		k := n.kid(f)
		v := n.get(f)
		if f == "lineHaul" && k != nil && v == "" && s.Amount == 1 {
			v = "0"
		}
		if f == "lineHaul" && v != "" {
			r, ok := new(big.Rat).SetString(v)
			if !ok {
				continue
			}
			v = r.FloatString(2)
			if s.fault == "rounds" {
				v = r.FloatString(0)
			}
			if s.fault == "rounds-dimes" {
				v = r.FloatString(1)
			}
		}
		if v == "" || o.values["/cost/"+f] == v {
			continue
		}
		status = "UPDATED"
		if s.fault != "loses-amounts" && !(s.fault == "loses-tenth" && s.made%10 == 0) && s.fault != "keeps-first" || s.fault == "keeps-first" && o.values["/cost/"+f] == "" {
			o.values["/cost/"+f] = v
		}
	}
	if o.status == "DRAFT" && s.fault != "draft-updated" {
		return "DRAFT"
	}
	if s.fault == "always-updated" {
		return "UPDATED"
	}
	return status
}
