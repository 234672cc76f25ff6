package schema

import (
	"unicode/utf8"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// text judges the value of a string. Lengths count characters.
func (e *evaluation) text(s *jsonSchema, n *payload.Node) {
	r := s.text
	if r.min > 0 || r.max >= 0 {
		// A string has at most as many characters as bytes, and at least a quarter.
		length := len(n.Value)
		if r.max >= 0 && length > r.max || length < 4*r.min {
			length = utf8.RuneCountInString(n.Value)
		}
		if length < r.min {
			e.add(jsonFinding{node: n, schema: s, rule: ruleMinLength, number: length})
		}
		if r.max >= 0 && length > r.max {
			e.add(jsonFinding{node: n, schema: s, rule: ruleMaxLength, number: length})
		}
	}
	if r.pattern != nil {
		switch ok, err := e.matches(r.pattern, n.Value); {
		case err != nil:
			e.add(jsonFinding{node: n, schema: s, rule: rulePatternTime})
		case !ok:
			e.add(jsonFinding{node: n, schema: s, rule: rulePattern})
		}
	}
	if r.format != nil && !r.format.fits(n.Value) {
		e.add(jsonFinding{node: n, schema: s, rule: ruleTextFormat})
	}
}
