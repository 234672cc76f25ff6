package mockserver

import (
	"net/http"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// validate judges the parameters and the body.
func (x *exchange) validate() *refusal {
	if x.plan != nil && x.plan.AcceptAll {
		x.found = nil
		return nil
	}
	var wrong []schema.Violation
	for _, p := range x.op.spec.Params {
		wrong = append(wrong, x.judgeParam(p)...)
	}
	if hard := x.sort(wrong); len(hard) > 0 {
		return &refusal{reason: "invalid-parameter", detail: sentences(hard), violations: hard}
	}
	hard := x.sort(x.found)
	if len(hard) == 0 {
		return nil
	}
	x.call.Violations = hard
	if x.op.behaviour().PerItem() {
		// What is wrong inside an item is for the rules of the items.
		hard = x.op.behaviour().Outside(&x.call)
	}
	if len(hard) > 0 {
		return &refusal{reason: "invalid-body", detail: sentences(hard), violations: hard}
	}
	return nil
}

// sort gives the violations that refuse, and notes the others.
func (x *exchange) sort(found []schema.Violation) []schema.Violation {
	if len(found) == 0 {
		return nil
	}
	var hard []schema.Violation
	for _, v := range found {
		if v.Soft && !(x.server.opts.Strict && v.Kind == schema.Unexpected) {
			x.entry.Decision.Soft = append(x.entry.Decision.Soft, v)
		} else {
			hard = append(hard, v)
		}
	}
	x.entry.Decision.Hard = append(x.entry.Decision.Hard, hard...)
	return hard
}

func (x *exchange) judgeParam(p *specs.Param) []schema.Violation {
	var values []string
	switch p.In {
	case "path":
		values = []string{x.params[p.Name]}
	case "query":
		if given, found := p.JudgeQuery(x.call.Query); given {
			return found
		}
	case "header":
		switch http.CanonicalHeaderKey(p.Name) {
		case "Authorization", "Accept", "Content-Type":
			// OpenAPI says: such a parameter is to be ignored.
			return nil
		}
		values = x.r.Header.Values(p.Name)
	case "cookie":
		for _, c := range x.r.CookiesNamed(p.Name) {
			values = append(values, c.Value)
		}
	}
	if len(values) > 0 {
		return p.Judge(values)
	}
	if !p.Required {
		return nil
	}
	return []schema.Violation{{Path: p.In + "/" + p.Name, Kind: schema.Missing, Expected: "a " + p.In + " parameter", Actual: "absent"}}
}

// maxSentences is how many violations a detail spells out.
const maxSentences = 5

// sentences says violations in words.
func sentences(all []schema.Violation) string {
	var b strings.Builder
	for i := range all {
		if i == maxSentences {
			b.WriteString("; and more")
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(all[i].Message())
	}
	return b.String()
}
