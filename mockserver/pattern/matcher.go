package pattern

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// Matcher is what a text must be like; all that is given must hold. A text that is not
// there fits absent and doesNot… alone.
type Matcher struct {
	EqualTo         *string `json:"equalTo"`
	CaseInsensitive bool    `json:"caseInsensitive"` // of equalTo and contains
	Contains        *string `json:"contains"`
	DoesNotContain  *string `json:"doesNotContain"`
	// Regular expressions are Go's (RE2), and of the whole text.
	Matches      *string `json:"matches"`
	DoesNotMatch *string `json:"doesNotMatch"`
	Absent       bool    `json:"absent"`

	// EqualToJSON is a value, or its text. Where it says "${json-unit.ignore}" anything
	// may stand, where it says any-string, any-number or any-boolean, one of these.
	EqualToJSON         json.RawMessage `json:"equalToJson"`
	IgnoreArrayOrder    bool            `json:"ignoreArrayOrder"`
	IgnoreExtraElements bool            `json:"ignoreExtraElements"`
	// MatchesJSONPath is an expression (RFC 9535) that must find something, or
	// {"expression": …} and a matcher for what it finds.
	MatchesJSONPath json.RawMessage `json:"matchesJsonPath"`
	// EqualToXML compares without white space between elements.
	EqualToXML *string `json:"equalToXml"`
	// MatchesXPath is an expression of XPath 1.0, by local names, in the same forms.
	MatchesXPath json.RawMessage `json:"matchesXPath"`
	// At is a field: a JSON Pointer in JSON, a path in XML. The rest of the matcher is
	// about its value.
	At *string `json:"at"`

	And []Matcher `json:"and"`
	Or  []Matcher `json:"or"`
	Not *Matcher  `json:"not"`

	// Of all values of a header or parameter: each matcher has its own value, and with
	// hasExactly there is no other.
	HasExactly []Matcher `json:"hasExactly"`
	Includes   []Matcher `json:"includes"`
}

// value is a text that is looked at, with its tree once somebody wants it.
type value struct {
	text  string
	there bool

	json, xml *payload.Tree
	badJSON   error
	badXML    error
}

func (v *value) asJSON() (*payload.Tree, error) {
	if v.json == nil && v.badJSON == nil {
		v.json, v.badJSON = payload.ParseJSON([]byte(v.text), payload.JSONLimits{})
	}
	return v.json, v.badJSON
}

func (v *value) asXML() (*payload.Tree, error) {
	if v.xml == nil && v.badXML == nil {
		v.xml, v.badXML = xmlsafe.Parse([]byte(v.text), "", xmlsafe.Limits{})
	}
	return v.xml, v.badXML
}

// compiled says why a value does not fit; nothing when it does.
type compiled struct {
	tests              []func(v *value) []string
	mayMiss            bool // a value that is not there is for the tests, too
	hasExactly, others []*compiled
}

// maxWhy is how much is told about one condition.
const maxWhy = 10

func (c *compiled) one(v *value) []string {
	if !v.there && !c.mayMiss {
		return []string{"expected a value, found none"}
	}
	var why []string
	for _, test := range c.tests {
		why = append(why, test(v)...)
	}
	if len(why) > maxWhy {
		why = append(why[:maxWhy:maxWhy], strconv.Itoa(len(why)-maxWhy)+" more")
	}
	return why
}

// any holds the matcher against several values, of which one must fit.
func (c *compiled) any(values []string) []string {
	if c.hasExactly != nil {
		return each(c.hasExactly, values, true)
	}
	if c.others != nil {
		return each(c.others, values, false)
	}
	if len(values) == 0 {
		return c.one(&value{})
	}
	var why []string
	for _, text := range values {
		wrong := c.one(&value{text: text, there: true})
		if len(wrong) == 0 {
			return nil
		}
		why = append(why, wrong...)
	}
	return why
}

// each gives every matcher a value of its own.
func each(matchers []*compiled, values []string, noOther bool) []string {
	left := append([]string(nil), values...)
	for i, m := range matchers {
		found := false
		for k, text := range left {
			if len(m.one(&value{text: text, there: true})) == 0 {
				left, found = append(left[:k:k], left[k+1:]...), true
				break
			}
		}
		if !found {
			return []string{"no value is as matcher " + strconv.Itoa(i+1) + " says, found " + quoted(strings.Join(values, ", "))}
		}
	}
	if noOther && len(left) > 0 {
		return []string{"expected no other values, found " + quoted(strings.Join(left, ", "))}
	}
	return nil
}

func (m Matcher) compile(part string) (*compiled, error) {
	c := &compiled{}
	if m.At != nil {
		return m.field(part)
	}
	if m.Absent {
		c.mayMiss = true
		c.tests = append(c.tests, func(v *value) []string {
			if v.there {
				return []string{"expected nothing, found " + quoted(v.text)}
			}
			return nil
		})
	}
	m.texts(c)
	for _, add := range []func(*compiled, string) error{m.expressions, m.json, m.xml, m.logic} {
		if err := add(c, part); err != nil {
			return nil, err
		}
	}
	for _, list := range []struct {
		of   []Matcher
		into *[]*compiled
	}{{m.HasExactly, &c.hasExactly}, {m.Includes, &c.others}} {
		for _, one := range list.of {
			sub, err := one.compile(part)
			if err != nil {
				return nil, err
			}
			*list.into = append(*list.into, sub)
		}
	}
	if len(c.tests) == 0 && c.hasExactly == nil && c.others == nil {
		return nil, wrong(part, "the matcher says nothing; give equalTo, contains, matches, absent, equalToJson, matchesJsonPath, equalToXml, matchesXPath, at, and, or, not")
	}
	return c, nil
}

// texts adds the tests of plain texts.
func (m Matcher) texts(c *compiled) {
	fold := func(s string) string {
		if m.CaseInsensitive {
			return strings.ToLower(s)
		}
		return s
	}
	add := func(what string, wanted *string, holds func(s, want string) bool) {
		if wanted == nil {
			return
		}
		want := fold(*wanted)
		c.tests = append(c.tests, func(v *value) []string {
			if holds(fold(v.text), want) {
				return nil
			}
			return []string{"expected " + what + quoted(*wanted) + ", found " + quoted(v.text)}
		})
	}
	add("", m.EqualTo, func(s, want string) bool { return s == want })
	add("to contain ", m.Contains, strings.Contains)
	add("not to contain ", m.DoesNotContain, func(s, want string) bool { return !strings.Contains(s, want) })
	c.mayMiss = c.mayMiss || m.DoesNotContain != nil && len(c.tests) == 1
}

// expressions adds the tests by regular expressions.
func (m Matcher) expressions(c *compiled, part string) error {
	for _, one := range []struct {
		expr *string
		want bool
		what string
	}{{m.Matches, true, "to match "}, {m.DoesNotMatch, false, "not to match "}} {
		if one.expr == nil {
			continue
		}
		re, err := whole(*one.expr, m.CaseInsensitive)
		if err != nil {
			return wrong(part, err.Error())
		}
		c.mayMiss = c.mayMiss || !one.want && len(c.tests) == 0
		c.tests = append(c.tests, func(v *value) []string {
			if re.MatchString(v.text) == one.want {
				return nil
			}
			return []string{"expected " + one.what + quoted(*one.expr) + ", found " + quoted(v.text)}
		})
	}
	return nil
}

// logic adds and, or and not.
func (m Matcher) logic(c *compiled, part string) error {
	for _, one := range m.And {
		sub, err := one.compile(part)
		if err != nil {
			return err
		}
		c.mayMiss = true
		c.tests = append(c.tests, sub.one)
	}
	var either []*compiled
	for _, one := range m.Or {
		sub, err := one.compile(part)
		if err != nil {
			return err
		}
		either = append(either, sub)
	}
	if either != nil {
		c.mayMiss = true
		c.tests = append(c.tests, func(v *value) []string {
			var why []string
			for _, sub := range either {
				wrong := sub.one(v)
				if len(wrong) == 0 {
					return nil
				}
				why = append(why, strings.Join(wrong, " and "))
			}
			return []string{strings.Join(why, ", or ")}
		})
	}
	if m.Not != nil {
		sub, err := m.Not.compile(part)
		if err != nil {
			return err
		}
		c.mayMiss = true
		c.tests = append(c.tests, func(v *value) []string {
			if len(sub.one(v)) > 0 {
				return nil
			}
			return []string{"expected something else than " + quoted(v.text)}
		})
	}
	return nil
}

func whole(expr string, fold bool) (*regexp.Regexp, error) {
	flags := "(?s)"
	if fold {
		flags = "(?si)"
	}
	re, err := regexp.Compile(flags + `\A(?:` + expr + `)\z`)
	if err != nil {
		return nil, wrong("the regular expression "+quoted(expr), strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return re, nil
}

// longest is how much of a text is shown.
const longest = 120

func quoted(s string) string {
	if r := []rune(s); len(r) > longest {
		s = string(r[:longest]) + "…"
	}
	return strconv.Quote(s)
}
