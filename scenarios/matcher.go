package scenarios

import (
	"regexp"
	"time"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Matcher is one condition on a node, or several that must all hold.
type Matcher struct {
	Literal    *payload.Node // JSON kinds; strings may hold references
	Format     string
	Regex      *regexp.Regexp
	Type       string
	OneOf      []*Matcher
	Absent     bool
	Present    bool
	Bounds     []Bound
	SameAs     string // a reference, "${…}"
	IgnoreCase *string
	Each       *Matcher
	Contains   *Matcher
	Lacks      *Matcher // no value at the node or below it, however deep, matches
	Size       *int
	Has        []Expectation // paths below the node
	Line       int
	at         place
}

// Bound is gt, lt, gte or lte with a number or a time.
type Bound struct {
	Op    string
	Value string
}

// Formats lists what "format" may say.
func Formats() []string {
	return []string{"boolean", "date", "date-time", "duration", "email", "integer", "number", "time", "uri", "uuid"}
}

// Types lists what "type" may say: the JSON types; in XML integer, number, boolean
// and string look at the text.
func Types() []string {
	return []string{"array", "boolean", "integer", "null", "number", "object", "string"}
}

// matcherKeys lists the keys of a matcher mapping.
func matcherKeys() []string {
	return []string{"format", "regex", "type", "one-of", "absent", "present", "gt", "lt", "gte", "lte", "same-as",
		"ignore-case", "each", "contains", "lacks", "size", "has"}
}

// TimeLayouts are the notations of time that gt, lt, gte and lte compare.
func TimeLayouts() []string { return []string{time.RFC3339, time.DateOnly} }
