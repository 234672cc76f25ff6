package drift

import (
	"cmp"
	"slices"
)

// Severity says what a change means for those who hold to the old contract.
type Severity string

// The severities, the worst first.
const (
	Breaking Severity = "breaking" // a client or implementation that was right is wrong now
	Warning  Severity = "warning"  // may break some: look at it
	Info     Severity = "info"     // worth knowing
)

// Severities lists the severities, the worst first.
func Severities() []Severity { return []Severity{Breaking, Warning, Info} }

func (s Severity) rank() int { return slices.Index(Severities(), s) }

// atLeast tells whether s is as bad as limit, or worse.
func (s Severity) atLeast(limit Severity) bool { return s.rank() <= limit.rank() }

// Direction says which messages a change is about.
type Direction string

// The directions. Both is also that of what is in no message.
const (
	Request  Direction = "request"
	Response Direction = "response"
	Both     Direction = "both"
)

// Change is one difference between an old and a new side.
type Change struct {
	ID        string    `json:"id"` // of the rule, kebab-case, stable
	Direction Direction `json:"direction"`
	Severity  Severity  `json:"severity"`
	// Operation is the id of the operation; "" when it is about all of them.
	Operation string `json:"operation,omitempty"`
	// Path names the place in the message: an XPath or JSON Pointer without
	// indexes, a parameter, or what the rule is about.
	Path string `json:"path,omitempty"`
	// What is the sentence that a client author needs. It names no operation, so
	// that one change met by many operations can be told once.
	What string `json:"what"`
	// Where is file:line on the new side, or on the old one for what is gone.
	Where string `json:"where,omitempty"`
	// Near is file:line on the new side for what is gone: what held it, where that is
	// known.
	Near string `json:"near,omitempty"`
}

// Sorted orders changes by severity, rule, place, operation and path, and drops
// those that are told twice.
func Sorted(all []Change) []Change {
	slices.SortFunc(all, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Severity.rank(), b.Severity.rank()), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Where, b.Where), cmp.Compare(a.What, b.What),
			cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Near, b.Near))
	})
	return slices.Compact(all)
}

// Failed tells whether there is a change that is as bad as limit, or worse.
func Failed(all []Change, limit Severity) bool {
	return slices.ContainsFunc(all, func(c Change) bool { return c.Severity.atLeast(limit) })
}

// Count gives the number of changes of each severity.
func Count(all []Change) map[Severity]int {
	counts := map[Severity]int{}
	for _, c := range all {
		counts[c.Severity]++
	}
	return counts
}
