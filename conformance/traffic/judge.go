package traffic

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/reports"
)

// The two sides of an exchange, which are the steps of its scenario.
const (
	SideRequest  = "request"
	SideResponse = "response"
)

// Sides lists what a [Judge] may look at.
func Sides() []string { return []string{"both", "requests", "responses"} }

// Judged is an exchange with what was found in it.
type Judged struct {
	Exchange *Exchange
	Matched  Matched
	Request  *judge.Judgement // nil when it was not looked at
	Response *judge.Judgement // nil when it was not looked at, or there was none
	Sides    string           // what was looked at, one of [Sides]
}

// Findings gives what was found on one side.
func (j *Judged) Findings(side string) []judge.Finding {
	from := j.Request
	if side == SideResponse {
		from = j.Response
	}
	if from == nil {
		return nil
	}
	return from.Findings
}

// Errors counts the findings of severity error on one side.
func (j *Judged) Errors(side string) int {
	n := 0
	for _, f := range j.Findings(side) {
		if f.Severity == reports.SeverityError {
			n++
		}
	}
	return n
}

// Judge holds one exchange against its operation. sides is one of [Sides]; "" is
// both. Messages are parsed even where their side is not looked at, for coverage.
func Judge(x *Exchange, m Matched, sides string) *Judged {
	m = m.meant(x)
	j := &Judged{Exchange: x, Matched: m, Sides: sides}
	j.Request = JudgeRequest(x, m)
	if sides == "responses" {
		j.Request.Findings = nil
	}
	if x.Status > 0 {
		j.Response = JudgeResponse(x, m)
		if sides == "requests" {
			j.Response.Findings = nil
		}
	}
	return j
}

// JudgeRequest judges what a client sent.
func JudgeRequest(x *Exchange, m Matched) *judge.Judgement {
	m = m.meant(x)
	j := judge.Request(m.Operation, judge.Call{Path: m.Path, Query: x.URL.Query(), Header: header(x.Request), Body: x.Request.Body, Unread: x.Request.Unread})
	// Recordings leave credentials out on purpose: that one is absent says nothing.
	j.Findings = slices.DeleteFunc(j.Findings, func(f judge.Finding) bool {
		return f.Kind == "missing" && f.In == "header" && (strings.EqualFold(f.Path, "Authorization") || strings.EqualFold(f.Path, "Cookie"))
	})
	return j
}

// JudgeResponse judges what a server answered. One that broke off is judged by its
// status and headers alone.
func JudgeResponse(x *Exchange, m Matched) *judge.Judgement {
	m = m.meant(x)
	none := x.Method == http.MethodHead || x.Status == 204 || x.Status == 304 || x.Response.Unread || x.Failure != ""
	j := judge.Response(m.Operation, judge.Message{Status: x.Status, Header: header(x.Response), Body: x.Response.Body, NoBody: none})
	if x.Failure != "" {
		j.Findings = append(j.Findings, judge.Finding{In: "timing", Kind: "unreachable", Expected: "a whole answer", Actual: x.Failure, Severity: reports.SeverityError})
	}
	return j
}

// unjudged says why a body that the contract describes was not judged; "" where it
// was, or where there is nothing to judge.
func (j *Judged) unjudged(side string) string {
	if j.Sides == "requests" && side == SideResponse || j.Sides == "responses" && side == SideRequest {
		return ""
	}
	x, op := j.Exchange, j.Matched.Operation
	m, body := x.Request, op.RequestBody
	if side == SideResponse {
		m, body = x.Response, nil
		if r := op.Response(x.Status); r != nil {
			body = r.Body
		}
	}
	if !m.Unread || body == nil || side == SideResponse && (x.Failure != "" || x.Method == http.MethodHead) {
		return ""
	}
	kind, _, _ := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if media := body.For(kind); media == nil || media.Format == 0 {
		return ""
	}
	why := m.Why
	if why == "" {
		why = "it is not known"
	}
	return "the body was not judged: " + why
}

// header gives the headers to judge by.
func header(m Message) http.Header {
	given := m.Header.Get("Content-Type")
	if !m.UTF8 || !strings.Contains(strings.ToLower(given), "charset") {
		return m.Header
	}
	kind, params, err := mime.ParseMediaType(given)
	if err != nil {
		return m.Header
	}
	params["charset"] = "utf-8"
	h := m.Header.Clone()
	h.Set("Content-Type", mime.FormatMediaType(kind, params))
	return h
}

// fact is what the exchange adds to coverage.
func (j *Judged) fact() engine.Fact {
	f := engine.Fact{Operation: j.Matched.Operation.ID, Sent: true, Status: j.Exchange.Status}
	f.Requested = j.Request.Tree.FieldPaths()
	if j.Response != nil {
		f.Observed, f.Received = j.Response.Outcomes, j.Response.Tree.FieldPaths()
		for _, o := range f.Observed {
			f.Expected = append(f.Expected, o.Ref)
		}
	}
	return f
}
