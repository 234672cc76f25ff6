package schema

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Kind says in what way a field is wrong. The words are those of a report's
// deviations.
type Kind string

// What can be wrong with a field.
const (
	Missing    Kind = "missing"    // required and not there
	Unexpected Kind = "unexpected" // there and not described
	Type       Kind = "type"       // another type than described
	Format     Kind = "format"     // not a uuid, date, email …
	Enum       Kind = "enum"       // none of the allowed values
	Pattern    Kind = "pattern"    // does not match the regular expression
	Range      Kind = "range"      // number outside its bounds, or not a multiple
	Length     Kind = "length"     // too few or too many characters, items or members
	Value      Kind = "value"      // another value than the only one allowed, duplicates, no branch matches
	Order      Kind = "order"      // elements in another order than described
	Malformed  Kind = "malformed"  // not JSON or XML at all, or beyond the limits
)

// Kinds lists every kind, in the order of the constants.
func Kinds() []Kind {
	return []Kind{Missing, Unexpected, Type, Format, Enum, Pattern, Range, Length, Value, Order, Malformed}
}

// Violation is one thing that is wrong with a body.
type Violation struct {
	// Path of the field: a JSON Pointer, or an XPath with indexes. A missing
	// field is named by the path that it would have. "" is the whole body.
	Path string `json:"path"`
	Kind Kind   `json:"kind"`
	// Expected and Actual in words short enough for one line: "one of loading,
	// unloading", "string of at most 50 characters" · "\"parked\"", "absent".
	Expected string `json:"expected"`
	Actual   string `json:"actual"`
	// Schema is the place of the rule: a JSON Pointer into the OpenAPI document
	// such as "#/components/schemas/Route/properties/events", or
	// "orderLink.xsd:12" (file and line).
	Schema string `json:"schema,omitempty"`
	// Line and Col in the body, from 1; 0 where unknown.
	Line int `json:"line,omitempty"`
	Col  int `json:"col,omitempty"`
	// Soft marks a finding that is reported and does not refuse the body: an
	// unknown element, a deprecated field.
	Soft bool `json:"soft,omitempty"`
	// Basis of the rule: "" is documented; [BasisInferred] where the documentation
	// says nothing and the schema says so.
	Basis string `json:"basis,omitempty"`
}

// BasisInferred marks a rule that no document states.
const BasisInferred = "inferred"

// Message says the violation in one sentence: where, expected, found.
func (v Violation) Message() string {
	where := v.Path
	if where == "" {
		where = "the body"
	}
	switch {
	case v.Kind == Missing:
		return where + " is missing: expected " + v.Expected
	case v.Kind == Unexpected:
		return where + " is not described by the contract: found " + v.Actual
	case v.Expected == "":
		return where + ": " + v.Actual
	}
	return where + ": expected " + v.Expected + ", found " + v.Actual
}

// Hard tells the violations that refuse a body from the soft ones.
func Hard(all []Violation) []Violation {
	for i, v := range all {
		if v.Soft {
			hard := append([]Violation(nil), all[:i]...)
			for _, v := range all[i:] {
				if !v.Soft {
					hard = append(hard, v)
				}
			}
			return hard
		}
	}
	return all
}

// MaxViolations is the most that are collected for one body; the rest is cut
// off and says so in a last violation.
const MaxViolations = 100

// Validator judges a parsed body. Implementations are safe for concurrent use.
type Validator interface {
	// Validate gives every violation, in the order of the body; nil is valid.
	Validate(*payload.Tree) []Violation
}
