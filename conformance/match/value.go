package match

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

var (
	uuidForm     = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
	durationForm = regexp.MustCompile(`^-?P(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$`)
	numberForm   = regexp.MustCompile(`^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?$`)
	integerForm  = regexp.MustCompile(`^[+-]?\d+$`)
)

func isNumber(s string) bool { return numberForm.MatchString(s) }

// scalar is the text of a node without surrounding white space.
func scalar(n *payload.Node) string { return strings.TrimSpace(n.Value) }

// HasFormat reports whether a text has one of [scenarios.Formats].
func HasFormat(format, s string) bool {
	switch format {
	case "uuid":
		return uuidForm.MatchString(s)
	case "date":
		_, err := time.Parse(time.DateOnly, s)
		return err == nil
	case "date-time":
		_, err := time.Parse(time.RFC3339, s)
		return err == nil
	case "time":
		for _, layout := range []string{"15:04:05Z07:00", time.TimeOnly} {
			if _, err := time.Parse(layout, s); err == nil {
				return true
			}
		}
	case "duration":
		return durationForm.MatchString(s) && s != "P" && !strings.HasSuffix(s, "T")
	case "email":
		a, err := mail.ParseAddress(s)
		return err == nil && a.Address == s
	case "uri":
		u, err := url.Parse(s)
		return err == nil && u.Scheme != ""
	case "integer":
		return integerForm.MatchString(s)
	case "number":
		return isNumber(strings.TrimPrefix(s, "+"))
	case "boolean":
		return slices.Contains([]string{"true", "false", "0", "1"}, s)
	}
	return false
}

func hasType(n *payload.Node, want string) bool {
	if n.Kind == payload.Element || n.Kind == payload.Attribute {
		switch want {
		case "integer", "number", "boolean":
			return n.IsScalar() && HasFormat(want, scalar(n))
		case "string":
			return n.IsScalar()
		case "object":
			return !n.IsScalar()
		}
		return false
	}
	if want == "integer" {
		return n.Kind == payload.Number && isWhole(n.Value)
	}
	return n.Kind.String() == want
}

func isWhole(literal string) bool {
	if integerForm.MatchString(literal) {
		return true
	}
	f, err := strconv.ParseFloat(literal, 64)
	return err == nil && payload.CompareNumbers(literal, strconv.FormatFloat(f, 'f', 0, 64)) == 0
}

var boundWords = map[string]string{"gt": "more than ", "lt": "less than ", "gte": "at least ", "lte": "at most "}

// bound compares numbers by value and times by instant.
func (c *comparison) bound(n *payload.Node, path string, b scenarios.Bound) {
	want, err := Expand(b.Value, c.resolve)
	if c.failed(err) {
		return
	}
	order, ok := compare(scalar(n), want)
	switch {
	case !ok || !n.IsScalar() || n.Kind == payload.Null || n.Kind == payload.Bool:
		c.add(path, "type", "a value to compare with "+want, n.Brief())
	case b.Op == "gt" && order <= 0, b.Op == "lt" && order >= 0, b.Op == "gte" && order < 0, b.Op == "lte" && order > 0:
		c.add(path, "range", boundWords[b.Op]+want, n.Brief())
	}
}

func compare(a, b string) (order int, ok bool) {
	if isNumber(a) && isNumber(b) {
		return payload.CompareNumbers(a, b), true
	}
	for _, layout := range scenarios.TimeLayouts() {
		x, errX := time.Parse(layout, a)
		y, errY := time.Parse(layout, b)
		if errX == nil && errY == nil {
			return x.Compare(y), true
		}
	}
	return 0, false
}

// anything describes a matcher that asks for no more than that something is there.
const anything = "present"

// describe says in words what a matcher wants.
func (c *comparison) describe(m *scenarios.Matcher) string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if m.Literal != nil {
		if n, err := ExpandNode(m.Literal, c.resolve); err == nil {
			add("%s", n.Brief())
		}
	}
	if m.Type != "" {
		add("%s", m.Type)
	}
	if m.Format != "" {
		add("%s", m.Format)
	}
	if m.Regex != nil {
		add("text that matches %s", m.Regex)
	}
	if m.SameAs != "" {
		add("%s", c.describeSame(m.SameAs))
	}
	if m.IgnoreCase != nil {
		add("%q in any case", *m.IgnoreCase)
	}
	if len(m.OneOf) > 0 {
		var words []string
		for _, alternative := range m.OneOf {
			words = append(words, c.describe(alternative))
		}
		add("one of %s", strings.Join(words, ", "))
	}
	for _, b := range m.Bounds {
		add("%s%s", boundWords[b.Op], b.Value)
	}
	if m.Lacks != nil {
		add("without %s", c.describe(m.Lacks))
	}
	for _, e := range m.Has {
		add("with %s %s", e.Path, c.describe(e.Matcher))
	}
	if len(all) == 0 {
		return anything
	}
	return strings.Join(all, " and ")
}

func (c *comparison) describeItem(m *scenarios.Matcher) string {
	text := c.describe(m)
	if strings.HasPrefix(text, "with") {
		return "an item " + text
	}
	return "an item that is " + text
}

func (c *comparison) describeSame(reference string) string {
	n, err := ExpandNode(&payload.Node{Kind: payload.String, Value: reference}, c.resolve)
	if err != nil {
		return "the same as " + reference
	}
	return n.Brief()
}
