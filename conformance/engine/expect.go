package engine

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/conformance/match"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// expected holds an answer against what the step expects. blocked is set when the
// answer was another one altogether, so that later steps make no sense.
func (x *run) expected(st *scenarios.Step, op *specs.Operation, a answer, j *judge.Judgement) (found []judge.Finding, blocked bool, err error) {
	e := &st.Expect
	found = x.outcomes(e, op, a, j)
	if len(found) > 0 {
		return found, true, nil
	}
	severity := x.weight(e, op)
	resolve := x.scope.resolver(st.ID)
	for _, h := range e.Headers {
		more, err := x.header(h, a, resolve)
		if err != nil {
			return found, false, err
		}
		found = append(found, findings("header", h.Path, more, severity, h.Line)...)
	}
	if e.NoBody && len(a.body) > 0 {
		found = append(found, judge.Finding{In: "body", Kind: "unexpected", Expected: "no body", Actual: fmt.Sprintf("%d bytes", len(a.body)), Severity: severity, Line: e.LineOf("no-body")})
	}
	if len(e.Body) == 0 && e.SameAs == "" {
		return found, false, nil
	}
	if j.Tree == nil && e.SameAs == "" && len(a.body) == 0 && !slices.ContainsFunc(e.Body, func(b scenarios.Expectation) bool { return b.Matcher.Lacks == nil }) {
		return found, false, nil // an answer that says nothing tells nothing that it should not
	}
	if j.Tree == nil {
		return append(found, judge.Finding{In: "body", Kind: "malformed", Expected: "a body that can be read", Actual: describeBody(a), Severity: weightAt(severity, op, a.status, ""), Line: e.LineOf("body")}), false, nil
	}
	rules := match.Rules{NullIsAbsent: x.r.contract.NullIsAbsent != "", Undescribed: x.scope.isUndescribed}
	if e.SameAs != "" {
		ref, err := scenarios.WholeBody(e.SameAs)
		if err != nil {
			return found, false, err
		}
		want, err := resolve(ref)
		if err != nil {
			return found, false, err
		}
		for _, d := range rules.Diff(ref, want, j.Tree.Root) {
			found = append(found, judge.Finding{In: "body", Path: d.Path, Kind: string(d.Kind), Expected: orAbsent(d.Expected), Actual: orAbsent(d.Actual), Severity: severity, Line: e.LineOf("same-as")})
		}
	}
	for _, b := range e.Body {
		more, err := match.Body(j.Tree, b.Path, b.Matcher, rules, resolve)
		if err != nil {
			return found, false, err
		}
		found = append(found, findings("body", "", more, weightAt(severity, op, a.status, b.Path), b.Line)...)
	}
	return found, false, nil
}

func orAbsent(s string) string {
	if s == "" {
		return "absent"
	}
	return s
}

func findings(in, path string, all []match.Difference, severity reports.Severity, line int) []judge.Finding {
	var out []judge.Finding
	for _, d := range all {
		f := judge.Finding{In: in, Path: d.Path, Kind: d.Kind, Expected: d.Expected, Actual: d.Actual, Severity: severity, Line: line}
		if path != "" {
			f.Path, f.Kind = path, "header"
		}
		out = append(out, f)
	}
	return out
}

func (x *run) header(h scenarios.Expectation, a answer, resolve match.Resolve) ([]match.Difference, error) {
	values := a.header.Values(h.Path)
	switch {
	case h.Matcher.Absent && len(values) == 0:
		return nil, nil
	case len(values) == 0:
		return []match.Difference{{Kind: "header", Expected: "present", Actual: "absent"}}, nil
	}
	return match.Text(strings.Join(values, ", "), h.Matcher, resolve)
}

// outcomes holds status and codes against the expectation.
func (x *run) outcomes(e *scenarios.Expect, op *specs.Operation, a answer, j *judge.Judgement) []judge.Finding {
	severity := x.weight(e, op)
	actual := strconv.Itoa(a.status) + " " + http.StatusText(a.status)
	if e.Refused && (j.Success() || e.Whole && !refusedWhole(j)) {
		return []judge.Finding{{In: "status", Kind: "status", Expected: refusal(e), Actual: strings.TrimSpace(actual) + ": accepted", Severity: severity, Line: e.LineOf("refused")}}
	}
	if len(e.Status) > 0 && !slices.Contains(e.Status, a.status) {
		var want []string
		for _, s := range e.Status {
			want = append(want, strconv.Itoa(s)+" "+http.StatusText(s))
		}
		return []judge.Finding{{In: "status", Kind: "status", Expected: strings.Join(want, " or "), Actual: actual, Severity: severity, Line: e.LineOf("status")}}
	}
	if len(e.Outcomes) > 0 && !holds(e, e.Outcomes, j) {
		if e.Guessed && anotherRefusal(op, a.status) || e.Unread && a.status == http.StatusBadRequest {
			severity = reports.SeverityWarning
		}
		f := miss(e.Outcomes, actual, j, severity)
		f.Line = e.LineOf("outcome")
		if f.In == "body" {
			f.Path = codePath(op, e.Outcomes, 0)
		}
		return []judge.Finding{f}
	}
	var found []judge.Finding
	for _, item := range sortedItems(e.Items) {
		var seen []string
		for _, o := range j.Outcomes {
			if o.Item == item {
				seen = append(seen, o.Ref)
			}
		}
		if !slices.ContainsFunc(e.Items[item], func(ref string) bool { return slices.Contains(seen, ref) }) {
			if len(seen) == 0 {
				seen = []string{"no such item"}
			}
			found = append(found, judge.Finding{In: "body", Path: codePath(op, e.Items[item], item), Kind: "code",
				Expected: strings.Join(e.Items[item], " or "), Actual: strings.Join(seen, ", "), Severity: severity, Line: e.LineOf("outcome")})
		}
	}
	if len(e.Status)+len(e.Outcomes)+len(e.Items) == 0 && !e.Refused && (a.status < 200 || a.status > 299) {
		return []judge.Finding{{In: "status", Kind: "status", Expected: "a status from 200 to 299", Actual: actual, Severity: severity, Line: e.Line}}
	}
	return found
}

// anotherRefusal tells the statuses by which an operation may refuse a request for
// a reason that its contract leaves open: those that it describes, also as 4XX or
// default. What is not there is no reason where the address names no record.
func anotherRefusal(op *specs.Operation, status int) bool {
	if status < 400 || status > 499 || status == http.StatusMethodNotAllowed || op.Response(status) == nil {
		return false
	}
	return status != http.StatusNotFound || strings.Contains(op.Path, "{")
}

// refusedWhole reports whether the request was refused, and not only its items.
func refusedWhole(j *judge.Judgement) bool {
	return slices.ContainsFunc(j.Outcomes, func(o judge.Observed) bool { return o.Item == 0 && !o.Success })
}

func refusal(e *scenarios.Expect) string {
	text := "a refusal"
	if len(e.Outcomes) > 0 {
		text += ": " + spoken(e.Outcomes)
	}
	if e.Since != "" {
		text += ", since the body has " + e.Since
	}
	return text
}

// spoken writes outcomes as a person reads them: a status with its words, any other as
// the contract names it.
func spoken(refs []string) string {
	var all []string
	for _, ref := range refs {
		if code, isHTTP := strings.CutPrefix(ref, "http:"); isHTTP {
			n, _ := strconv.Atoi(code)
			ref = strings.TrimSpace(code + " " + http.StatusText(n))
		}
		all = append(all, ref)
	}
	return strings.Join(all, " or ")
}

func sortedItems(m map[int][]string) []int {
	var keys []int
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// holds reports whether one of the outcomes was observed; one of the item layer must
// hold for every item, unless the step is about a refusal of any of them.
func holds(e *scenarios.Expect, refs []string, j *judge.Judgement) bool {
	items, good := 0, 0
	for _, o := range j.Outcomes {
		named := slices.Contains(refs, o.Ref)
		switch {
		case o.Item == 0 && named:
			return true
		case o.Item > 0:
			if items++; named {
				good++
			}
		}
	}
	if e.Refused {
		return good > 0
	}
	return items > 0 && good == items
}

func miss(refs []string, actual string, j *judge.Judgement, severity reports.Severity) judge.Finding {
	f := judge.Finding{In: "status", Kind: "status", Expected: spoken(refs), Actual: actual, Severity: severity}
	var seen []string
	for _, o := range j.Outcomes {
		ref := spoken([]string{o.Ref})
		if layer, bare := strings.CutSuffix(ref, ":"); bare {
			ref = "no " + layer + " code"
		}
		if o.Item == 0 {
			seen = append(seen, ref)
			continue
		}
		seen = append(seen, fmt.Sprintf("%s (item %d)", ref, o.Item))
	}
	if len(seen) > 8 {
		seen = append(seen[:8], "…")
	}
	if !slices.ContainsFunc(refs, func(ref string) bool { return strings.HasPrefix(ref, "http:") }) {
		f.In, f.Kind, f.Actual = "body", "code", strings.Join(seen, ", ")
	}
	return f
}

// weight is the severity of an expectation: an error only where the requirement and
// the outcomes are documented, and the requirement is a MUST. A step names outcomes of
// several layers, such as a status and a code: each of them must be documented, by
// one of its alternatives.
func (x *run) weight(e *scenarios.Expect, op *specs.Operation) reports.Severity {
	if e.Weak || !x.documentedRequirement() {
		return reports.SeverityWarning
	}
	layers := [][]string{e.Outcomes}
	var statuses []string
	for _, s := range e.Status {
		statuses = append(statuses, "http:"+strconv.Itoa(s))
	}
	layers = append(layers, statuses)
	for _, refs := range e.Items {
		layers = append(layers, refs)
	}
	for _, refs := range layers {
		documented := func(ref string) bool {
			if strings.HasSuffix(ref, ":") {
				return false // that a request in order is taken at all may depend on what no page says
			}
			o := op.Outcome(ref)
			return o == nil || judge.ByBasis(o.Basis) == reports.SeverityError
		}
		if len(refs) > 0 && !slices.ContainsFunc(refs, documented) {
			return reports.SeverityWarning
		}
	}
	return reports.SeverityError
}

// weightAt is the weight of what is expected of one field of the answer: where the
// contract only infers the field, nobody is failed for it.
func weightAt(severity reports.Severity, op *specs.Operation, status int, path string) reports.Severity {
	if r := op.Response(status); severity == reports.SeverityError && r != nil && r.Body != nil {
		for _, m := range r.Body.Media {
			if m.Inferred(path) {
				return reports.SeverityWarning
			}
		}
	}
	return severity
}

func (x *run) documentedRequirement() bool {
	known := 0
	for _, id := range x.sc.Requirements {
		for _, q := range x.r.contract.Requirements {
			if q.ID == id {
				// SHOULD and MAY leave an implementation the choice.
				if known++; judge.ByBasis(q.Basis) == reports.SeverityError && q.Level == "MUST" {
					return true
				}
			}
		}
	}
	return known == 0
}

func describeBody(a answer) string {
	if len(a.body) == 0 {
		return "no body"
	}
	return fmt.Sprintf("%d bytes of %s", len(a.body), orAbsent(a.header.Get("Content-Type")))
}
