package schema

import (
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// enumRule is enum or const: the values that are allowed.
type enumRule struct {
	strings map[string]struct{}
	few     []string            // the strings, where there are so few that looking through them is quicker
	others  map[string]struct{} // keys of the values that are no strings
	list    []string            // all of them as JSON, in the order of the schema
	single  bool                // const
}

const fewStrings = 8

func (c *compiler) enums(n *payload.Node, s *jsonSchema) *enumRule {
	var rule *enumRule
	if m := n.Member("enum"); m != nil {
		if m.Kind != payload.Array {
			c.fail(n, s, "enum", "expected an array of values, found "+m.Brief())
			return nil
		}
		rule = newEnumRule()
		for v := range m.Children() {
			rule.add(v)
		}
	}
	if s.res.dialect == OpenAPI30 {
		return rule
	}
	if m := n.Member("const"); m != nil {
		if only := newEnumRule(); rule == nil || rule.allows(m) {
			only.add(m)
			only.single = true
			return only
		}
		c.fail(n, s, "const", "is none of the values of enum beside it, so that nothing is valid")
	}
	return rule
}

func newEnumRule() *enumRule {
	return &enumRule{strings: map[string]struct{}{}, others: map[string]struct{}{}}
}

func (r *enumRule) add(v *payload.Node) {
	r.list = append(r.list, v.Brief())
	if v.Kind != payload.String {
		r.others[v.Key()] = struct{}{}
		return
	}
	r.strings[v.Value] = struct{}{}
	if r.few = append(r.few, v.Value); len(r.strings) > fewStrings {
		r.few = nil
	}
}

func (r *enumRule) allows(v *payload.Node) bool {
	if v.Kind != payload.String {
		if len(r.others) == 0 {
			return false
		}
		_, ok := r.others[v.Key()]
		return ok
	}
	if len(r.strings) <= fewStrings {
		for _, s := range r.few {
			if s == v.Value {
				return true
			}
		}
		return false
	}
	_, ok := r.strings[v.Value]
	return ok
}

// oneOfWords lists allowed values in words that fit one line. Strings that are
// plain words go without quotes.
func oneOfWords(values []string) string {
	const most = 12
	var b strings.Builder
	if len(values) != 1 {
		b.WriteString("one of ")
	}
	for i, v := range values {
		if i == most {
			b.WriteString(" … (" + strconv.Itoa(len(values)) + " values)")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(bare(v))
	}
	return b.String()
}

// bare takes the quotes off a string that cannot be mistaken for another value.
func bare(quoted string) string {
	if len(quoted) < 3 || quoted[0] != '"' {
		return quoted
	}
	word := quoted[1 : len(quoted)-1]
	if strings.ContainsAny(word, " ,\"\\") || word == "null" || word == "true" || word == "false" || word[0] == '-' || word[0] >= '0' && word[0] <= '9' {
		return quoted
	}
	return word
}
