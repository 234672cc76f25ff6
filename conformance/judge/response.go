package judge

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Message is one side of an exchange.
type Message struct {
	Status int // of a response
	Header http.Header
	Body   []byte
	// NoBody is set where HTTP carries none: the answer to HEAD, 204, 304.
	NoBody bool
	// ToUnread is set where the request is none that anybody can read: HTTP's own word
	// for that, 400, needs no document.
	ToUnread bool
}

// Response judges what an operation answered.
func Response(op *specs.Operation, m Message) *Judgement {
	j := &Judgement{}
	httpOutcome(op, m.Status, j)
	described := op.Response(m.Status)
	if described == nil {
		j.Findings = append(j.Findings, undocumented(op, m)...)
		sniff(op, m, j)
	} else {
		headers(described, m, j)
		body(op, described, m, j)
	}
	codes(op, m.Status, j)
	return j
}

func httpOutcome(op *specs.Operation, status int, j *Judgement) {
	ref := "http:" + strconv.Itoa(status)
	o := op.Outcome(ref)
	j.Outcomes = append(j.Outcomes, Observed{Ref: ref, Outcome: o, Success: status < 400})
}

// plainHTTP are statuses that any server, proxy or gateway may answer with by the
// rules of HTTP itself (RFC 9110, 6585), whatever a contract lists.
func plainHTTP() []int {
	return []int{401, 405, 406, 408, 411, 413, 414, 415, 417, 421, 426, 429, 431, 500, 501, 502, 503, 504, 505}
}

func undocumented(op *specs.Operation, m Message) []Finding {
	status := m.Status
	if o := op.Outcome("http:" + strconv.Itoa(status)); o != nil {
		return nil
	}
	f := Finding{In: "status", Kind: "status", Expected: "one of " + strings.Join(statuses(op), ", "),
		Actual: strconv.Itoa(status) + " " + http.StatusText(status), Severity: closed(op), Source: "responses of " + op.ID}
	switch {
	case status < 400 && !describesSuccess(op):
		f.Severity = reports.SeverityInfo // of success the contract says nothing
	case slices.Contains(plainHTTP(), status), m.ToUnread && status == http.StatusBadRequest:
		f.Severity = reports.SeverityWarning
	}
	return []Finding{f}
}

// describesSuccess tells whether an operation says how it ends well.
func describesSuccess(op *specs.Operation) bool {
	return slices.ContainsFunc(op.Responses, func(r *specs.Response) bool { return r.Status == "default" || r.Status[0] == '2' || r.Status[0] == '3' }) ||
		slices.ContainsFunc(op.Outcomes(), func(o *specs.Outcome) bool { return o.Layer == specs.LayerHTTP && o.Success })
}

func statuses(op *specs.Operation) []string {
	var all []string
	for _, r := range op.Responses {
		all = append(all, r.Status)
	}
	for _, o := range op.Outcomes() {
		if o.Layer == specs.LayerHTTP {
			all = append(all, o.Code)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func headers(r *specs.Response, m Message, j *Judgement) {
	for _, h := range r.Header {
		values := m.Header.Values(h.Name)
		if len(values) == 0 {
			if h.Required {
				j.Findings = append(j.Findings, Finding{In: "header", Path: h.Name, Kind: "header", Expected: "present", Actual: "absent",
					Severity: reports.SeverityError, Source: "headers of " + r.Status})
			}
			continue
		}
		for _, v := range h.Judge(values) {
			f := FromViolation(v)
			f.In, f.Path, f.Kind = "header", h.Name, "header"
			j.Findings = append(j.Findings, f)
		}
	}
}

func body(op *specs.Operation, r *specs.Response, m Message, j *Judgement) {
	if m.NoBody {
		return
	}
	if r.Body == nil || len(r.Body.Media) == 0 {
		if len(m.Body) > 0 {
			// A contract that lists no body for a status says nothing about it.
			j.Findings = append(j.Findings, Finding{In: "body", Kind: "unexpected", Expected: "no body",
				Actual: fmt.Sprintf("%d bytes", len(m.Body)), Severity: reports.SeverityInfo, Source: "response " + r.Status + " of " + op.ID})
			sniff(op, m, j)
		}
		return
	}
	severity := ByBasis(outcomeBasis(op, r, m.Status))
	if len(m.Body) == 0 {
		if severity == reports.SeverityWarning {
			// That a status which no document names comes with a body is asked by nobody.
			severity = reports.SeverityInfo
		}
		j.Findings = append(j.Findings, Finding{In: "body", Kind: "missing", Expected: "a body of type " + mediaTypes(r.Body), Actual: "absent",
			Severity: severity, Source: "response " + r.Status + " of " + op.ID})
		return
	}
	given := m.Header.Get("Content-Type")
	media := r.Body.For(given)
	if media == nil || given == "" {
		actual := given
		if actual == "" {
			actual = "absent"
		}
		j.Findings = append(j.Findings, Finding{In: "header", Path: "Content-Type", Kind: "header", Expected: mediaTypes(r.Body), Actual: actual,
			Severity: severity, Source: "response " + r.Status + " of " + op.ID})
		media = sniffed(r.Body, m.Body)
	}
	if media == nil {
		return
	}
	tree, violations := media.Judge(m.Body, charset(given))
	j.Tree = tree
	for _, v := range violations {
		f := FromViolation(v)
		if f.Severity == reports.SeverityError {
			f.Severity = severity
		}
		if f.Source == "" {
			f.Source = media.Schema
		}
		j.Findings = append(j.Findings, f)
	}
}

// outcomeBasis is the evidence for the shape of a response: that of its description,
// or else of its outcome. A contract without outcomes is its own evidence.
func outcomeBasis(op *specs.Operation, r *specs.Response, status int) specs.Basis {
	if r.Basis != "" && r.Basis != specs.Documented {
		return r.Basis
	}
	if o := op.Outcome("http:" + strconv.Itoa(status)); o != nil {
		return o.Basis
	}
	return specs.Documented
}

func mediaTypes(b *specs.Body) string {
	var all []string
	for _, m := range b.Media {
		all = append(all, m.Type)
	}
	return strings.Join(all, " or ")
}

func charset(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return params["charset"]
}

// sniffed takes the description of the notation that a body seems to have.
func sniffed(b *specs.Body, body []byte) *specs.Media {
	format := looksLike(body)
	for _, m := range b.Media {
		if m.Format == format && format != 0 {
			return m
		}
	}
	return nil
}

// sniff reads a body that the contract does not describe, so that codes inside it
// are still seen.
func sniff(op *specs.Operation, m Message, j *Judgement) {
	for _, r := range op.Responses {
		if r.Body == nil {
			continue
		}
		if media := sniffed(r.Body, m.Body); media != nil {
			if tree, _ := media.Judge(m.Body, charset(m.Header.Get("Content-Type"))); tree != nil {
				j.Tree = tree
				return
			}
		}
	}
}
