package judge

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Call is a request as a client made it.
type Call struct {
	Path   map[string]string // path parameters, decoded
	Query  url.Values
	Header http.Header
	Body   []byte
	// Unread is set where the body is not known, such as one that was not recorded.
	Unread bool
}

// Request judges what a client sent to an operation: parameters, media type, body.
func Request(op *specs.Operation, c Call) *Judgement {
	j := &Judgement{}
	for _, p := range op.Params {
		parameter(p, c, j)
	}
	requestBody(op, c, j)
	return j
}

func parameter(p *specs.Param, c Call, j *Judgement) {
	var values []string
	where := "body"
	switch p.In {
	case "path":
		if v, ok := c.Path[p.Name]; ok {
			values = []string{v}
		}
	case "query":
		if given, found := p.JudgeQuery(c.Query); given {
			j.parameter(found, where, p.In+"/"+p.Name)
			return
		}
	case "header":
		where, values = "header", c.Header.Values(p.Name)
	case "cookie":
		where = "header"
		for _, one := range (&http.Request{Header: c.Header}).CookiesNamed(p.Name) {
			values = append(values, one.Value)
		}
		if len(values) == 0 {
			return // recordings leave cookies out: that one is absent says nothing
		}
	default:
		return
	}
	path := p.In + "/" + p.Name
	if where == "header" {
		path = p.Name
	}
	if len(values) == 0 {
		if p.Required {
			j.Findings = append(j.Findings, Finding{In: where, Path: path, Kind: "missing", Expected: p.In + " parameter " + p.Name, Actual: "absent",
				Severity: reports.SeverityError})
		}
		return
	}
	j.parameter(p.Judge(values), where, path)
}

// parameter adds what is wrong with the value of one.
func (j *Judgement) parameter(found []schema.Violation, where, path string) {
	for _, v := range found {
		f := FromViolation(v)
		f.In, f.Path = where, path
		j.Findings = append(j.Findings, f)
	}
}

func requestBody(op *specs.Operation, c Call, j *Judgement) {
	b := op.RequestBody
	if c.Unread {
		return
	}
	switch {
	case b == nil && len(c.Body) > 0:
		j.Findings = append(j.Findings, Finding{In: "body", Kind: "unexpected", Expected: "no body", Actual: "a body", Severity: reports.SeverityInfo})
		return
	case b == nil || len(c.Body) == 0 && !b.Required:
		return
	case len(c.Body) == 0:
		j.Findings = append(j.Findings, Finding{In: "body", Kind: "missing", Expected: "a body of type " + mediaTypes(b), Actual: "absent", Severity: ByBasis(b.RequiredBasis)})
		return
	}
	given := c.Header.Get("Content-Type")
	media := b.For(given)
	if media == nil {
		j.Findings = append(j.Findings, Finding{In: "header", Path: "Content-Type", Kind: "header", Expected: mediaTypes(b), Actual: strings.TrimSpace(given),
			Severity: reports.SeverityError, Source: "request of " + op.ID})
		if media = sniffed(b, c.Body); media == nil {
			return
		}
	}
	if why := media.Misframed(given, c.Body); why != "" {
		j.Findings = append(j.Findings, Finding{In: "header", Path: "Content-Type", Kind: "header", Expected: media.Type + " with the boundary of the body", Actual: strings.TrimPrefix(why, "Content-Type: "),
			Severity: reports.SeverityError, Source: "request of " + op.ID})
	}
	tree, violations := media.Judge(c.Body, charset(given))
	j.Tree = tree
	for _, v := range violations {
		j.Findings = append(j.Findings, FromViolation(v))
	}
}
