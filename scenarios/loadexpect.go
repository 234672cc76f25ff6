package scenarios

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

func expectKeys() []string {
	return []string{"status", "because", "outcome", "headers", "body", "no-body", "refused"}
}

func (r *reader) expect(n *yaml.Node) Expect {
	e := Expect{Line: n.Line}
	r.mapping(n, "expect", expectKeys(), func(key string, _, v *yaml.Node) {
		e.at.keep(key, v)
		switch key {
		case "status":
			for _, s := range r.list(v, "status") {
				before := len(*r.problems)
				status := r.integer(s, "status")
				if len(*r.problems) == before && (status < 100 || status > 599) {
					r.fail(s, "they go from 100 to 599", "%q is not an HTTP status", s.Value)
				}
				e.Status = append(e.Status, status)
			}
			if v.Kind == yaml.SequenceNode && len(v.Content) == 0 {
				r.fail(v, "name one, or leave status out", "status names nothing")
			}
		case "because":
			e.Because = r.text(v, "because")
		case "outcome":
			r.outcome(v, &e)
		case "headers":
			e.Headers = r.expectations(v, "headers")
			r.headerNames(v)
			for _, h := range e.Headers {
				r.headerMatcher(h.Path, h.Matcher)
			}
		case "body":
			if v.Kind == yaml.ScalarNode {
				r.fail(v, "for a whole body use same-as", "body must be a mapping of paths to matchers")
				return
			}
			e.SameAs = r.bodySameAs(v, &e.at)
			e.Body = r.expectations(v, "body")
		case "no-body":
			e.NoBody = r.truth(v, "no-body")
		case "refused":
			e.Refused = r.onlyTrue(v, "refused")
		}
	})
	if len(e.Status) > 1 && e.Because == "" {
		r.fail(n, "name the erratum under because, or keep one status", "several statuses are accepted without a reason")
	}
	return e
}

// outcome reads one reference, a list of alternatives, or a mapping by item number.
func (r *reader) outcome(n *yaml.Node, e *Expect) {
	if n.Kind != yaml.MappingNode {
		if e.Outcomes = r.texts(n, "outcome"); n.Kind == yaml.SequenceNode && len(e.Outcomes) == 0 {
			r.fail(n, "name one, or leave outcome out", "outcome names nothing")
		}
		return
	}
	e.Items = map[int][]string{}
	r.mapping(n, "outcome", nil, func(key string, k, v *yaml.Node) {
		i, err := strconv.Atoi(key)
		if err != nil || i < 1 {
			r.fail(k, "items count from 1", "%q is not an item number", key)
			return
		}
		e.Items[i] = r.texts(v, "outcome of an item")
	})
}

func (r *reader) bodySameAs(n *yaml.Node, at *places) string {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "same-as" {
			at.keep("same-as", n.Content[i+1])
			return r.text(n.Content[i+1], "same-as")
		}
	}
	return ""
}

func (r *reader) expectations(n *yaml.Node, what string) []Expectation {
	var all []Expectation
	r.mapping(n, what, nil, func(key string, k, v *yaml.Node) {
		if what == "body" && key == "same-as" {
			return
		}
		all = append(all, Expectation{Path: key, Matcher: r.matcher(v), Line: k.Line, at: placeOf(k)})
	})
	return all
}

// headerMatcher refuses what no text can meet: a header is not a list of anything.
func (r *reader) headerMatcher(name string, m *Matcher) {
	for _, one := range []struct {
		key   string
		given bool
	}{{"each", m.Each != nil}, {"contains", m.Contains != nil}, {"size", m.Size != nil}, {"has", len(m.Has) > 0}} {
		if one.given {
			r.problems.add(r.file, m.at.line, m.at.col, "the header "+name+" is a text, and "+one.key+" speaks of lists and what lies in them", "for a part of a text use regex")
		}
	}
	for _, one := range append(slices.Clone(m.OneOf), m.Lacks) {
		if one != nil {
			r.headerMatcher(name, one)
		}
	}
}

func (r *reader) matcher(n *yaml.Node) *Matcher {
	m := &Matcher{Line: n.Line, at: placeOf(n)}
	if n.Kind != yaml.MappingNode {
		if n.Tag == "!!null" && n.Value == "" {
			r.fail(n, "write null, {absent: true}, {present: true} or a value", "nothing says what is expected here")
		}
		m.Literal = r.value(n)
		return m
	}
	if len(n.Content) == 0 {
		r.fail(n, nearest("", matcherKeys()), "the matcher says nothing")
	}
	r.mapping(n, "a matcher", matcherKeys(), func(key string, _, v *yaml.Node) {
		switch key {
		case "format":
			m.Format = r.oneOf(v, key, Formats())
		case "regex":
			re, err := regexp.Compile(r.text(v, key))
			if err != nil {
				r.fail(v, "the syntax is RE2: no look-around, no references back", "the regular expression cannot be read: %v", err)
				return
			}
			m.Regex = re
		case "type":
			m.Type = r.oneOf(v, key, Types())
		case "one-of":
			items := r.list(v, key)
			for _, item := range items {
				m.OneOf = append(m.OneOf, r.matcher(item))
			}
			if len(items) == 0 {
				r.fail(v, "name what may be there", "one-of names nothing, so nothing can match")
			}
		case "absent":
			m.Absent = r.onlyTrue(v, key)
		case "present":
			m.Present = r.onlyTrue(v, key)
		case "gt", "lt", "gte", "lte":
			m.Bounds = append(m.Bounds, r.bound(v, key))
		case "same-as":
			m.SameAs = r.text(v, key)
		case "ignore-case":
			text := r.text(v, key)
			m.IgnoreCase = &text
		case "each":
			m.Each = r.matcher(v)
		case "contains":
			m.Contains = r.matcher(v)
		case "lacks":
			m.Lacks = r.matcher(v)
		case "size":
			size := r.integer(v, key)
			if size < 0 {
				r.fail(v, "write 0 or more", "nothing has the size %d", size)
			}
			m.Size = &size
		case "has":
			before := len(*r.problems)
			if m.Has = r.expectations(v, "has"); len(m.Has) == 0 && len(*r.problems) == before {
				r.fail(v, "name a path and what must be there", "has names nothing")
			}
		}
	})
	if m.Absent && len(n.Content) > 2 {
		r.fail(n, "keep one of the two", "absent goes with no other condition")
	}
	return m
}

// bound reads what a value is held against; what is neither number nor time nor holds a
// reference would fail whatever a server answers.
func (r *reader) bound(n *yaml.Node, key string) Bound {
	before := len(*r.problems)
	b := Bound{Op: key, Value: r.text(n, key)}
	if len(*r.problems) == before && !strings.Contains(b.Value, "${") && !ordered(b.Value) {
		r.fail(n, "such as 5, 2026-01-31 or 2026-01-31T10:00:00Z", "%s compares numbers and times, found %q", key, b.Value)
	}
	return b
}

func ordered(text string) bool {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return true
	}
	return slices.ContainsFunc(TimeLayouts(), func(layout string) bool {
		_, err := time.Parse(layout, text)
		return err == nil
	})
}

// onlyTrue refuses false: {absent: false} would read as a check and be none.
func (r *reader) onlyTrue(n *yaml.Node, key string) bool {
	before := len(*r.problems)
	if !r.truth(n, key) && len(*r.problems) == before {
		r.fail(n, "write "+key+": true, or leave it out", "%s: false checks nothing", key)
	}
	return true
}

func (r *reader) oneOf(n *yaml.Node, key string, allowed []string) string {
	text := r.text(n, key)
	if !contains(allowed, text) {
		r.fail(n, nearest(text, allowed), "%s %q is not known", key, text)
	}
	return text
}
