package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// foreign reports whether an answer looks like none of the contract's.
func foreign(op *specs.Operation, a answer) bool {
	if len(a.body) == 0 {
		return false
	}
	for _, resp := range op.Responses {
		if m := resp.Body.For(a.header.Get("Content-Type")); m != nil {
			return false
		}
	}
	return true
}

// gateway reports whether a proxy answers in the place of the implementation: with
// one of the statuses that mean just that, which the contract does not describe in
// that form, and the step did not ask for.
func gateway(st *scenarios.Step, op *specs.Operation, a answer) bool {
	if !slices.Contains([]int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, a.status) {
		return false
	}
	ref := "http:" + strconv.Itoa(a.status)
	if slices.Contains(st.Expect.Refs(), ref) || slices.Contains(st.Expect.Status, a.status) {
		return false
	}
	return op.Outcome(ref) == nil || foreign(op, a)
}

// fits reports whether the contract describes an answer as it is.
func fits(j *judge.Judgement) bool {
	return !slices.ContainsFunc(j.Findings, func(f judge.Finding) bool { return f.Severity != reports.SeverityInfo })
}

// shape is an answer that says yes without its values: a status, a media type, and the
// names of its members or of its root element. A page or a catch-all in front of an API
// has one shape, even where it holds the time. "" for an answer without a body.
func shape(a answer, j *judge.Judgement) string {
	body := bytes.TrimSpace(a.body)
	if len(body) == 0 || a.status/100 != 2 {
		return ""
	}
	kind, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	var all []string
	switch {
	case j.Tree != nil && j.Tree.Root != nil && j.Tree.Format == payload.XML:
		all = []string{j.Tree.Root.Name}
		if m := rootElement.FindSubmatch(body[:min(len(body), 4096)]); m != nil {
			all[0] = string(m[1]) // in the tree a root that may have any name has the expected one
		}
	case j.Tree != nil && j.Tree.Root != nil && j.Tree.Root.Kind == payload.Object:
		for c := range j.Tree.Root.Children() {
			all = append(all, c.Name)
		}
	case j.Tree == nil && body[0] == '{':
		var members map[string]json.RawMessage
		_ = json.Unmarshal(body, &members)
		all = slices.Collect(maps.Keys(members))
	case j.Tree == nil && body[0] == '<':
		if m := rootElement.FindSubmatch(body[:min(len(body), 4096)]); m != nil {
			all = []string{string(m[1])}
		}
	}
	slices.Sort(all)
	return fmt.Sprintf("%d %s {%s}", a.status, kind, strings.Join(all, ", "))
}

var rootElement = regexp.MustCompile(`<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)`)

// alien reports whether an answer has nothing of what the operation may answer. Where
// a part is described, it is the word of an implementation, if a wrong one.
func alien(op *specs.Operation, a answer) bool {
	if len(bytes.TrimSpace(a.body)) == 0 {
		return false
	}
	for _, resp := range op.Responses {
		if resp.Body == nil {
			continue
		}
		for _, m := range resp.Body.Media {
			tree, violations := m.Judge(a.body, "")
			if tree != nil && tree.Root != nil && described(tree, m, violations) {
				return false
			}
		}
	}
	return true
}

// knows reports whether the schema knows a child of the root.
func knows(t *payload.Tree, violations []schema.Violation) bool {
	for c := range t.Root.Children() {
		unknown := func(v schema.Violation) bool { return v.Kind == schema.Unexpected && v.Path == t.Path(c) }
		if c.Kind == payload.Element && !slices.ContainsFunc(violations, unknown) {
			return true
		}
	}
	return false
}

// described reports whether the schema knows anything of a body.
func described(t *payload.Tree, m *specs.Media, violations []schema.Violation) bool {
	switch {
	case t.Format == payload.XML && m.Root != "" && t.Root.Name != m.Root:
		return false
	case t.Format == payload.XML:
		other := slices.ContainsFunc(violations, func(v schema.Violation) bool { return v.Kind == schema.Value && v.Path == "/"+v.Actual })
		return !other || knows(t, violations)
	case t.Root.Kind != payload.Object, t.Root.Len() == 0:
		return !slices.ContainsFunc(violations, func(v schema.Violation) bool { return v.Path == "" })
	}
	var known []string
	if lacking := slices.ContainsFunc(violations, func(v schema.Violation) bool { return v.Kind == schema.Missing }); lacking {
		// A schema with alternatives may have given up before it came to the members.
		if sample := m.Sample(0); sample != nil && sample.Root != nil {
			for c := range sample.Root.Children() {
				known = append(known, c.Name)
			}
		}
	}
	for c := range t.Root.Children() {
		strange := slices.ContainsFunc(violations, func(v schema.Violation) bool {
			return v.Path == "" && v.Kind == schema.Type || v.Kind == schema.Unexpected && v.Path == t.Path(c)
		})
		if !strange && (known == nil || slices.Contains(known, c.Name)) {
			return true
		}
	}
	return false
}
