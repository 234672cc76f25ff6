package drift

import (
	"fmt"
	"path"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
)

// comparison collects the changes between two contracts.
type comparison struct {
	before, after *specs.Contract
	rules         map[string]Rule
	found         []Change
}

// Compare gives every change between two contracts, sorted. A bare OpenAPI
// document says nothing of codes, rules and examples, so that against one only the
// documents and their XSDs are compared. The error tells which document oasdiff cannot read.
func Compare(before, after *specs.Contract) ([]Change, error) {
	c := newComparison(before, after)
	documents, err := compareOpenAPI(before, after)
	if err != nil {
		return nil, err
	}
	c.found = append(c.found, documents...)
	c.basePath()
	if !before.Bare && !after.Bare {
		c.access()
		c.outcomes()
		c.behaviour()
		c.examples()
		c.statements()
	}
	if err := c.bodies(); err != nil {
		return nil, err
	}
	return Sorted(c.found), nil
}

func newComparison(before, after *specs.Contract) *comparison {
	c := &comparison{before: before, after: after, rules: map[string]Rule{}}
	for _, rule := range ownRules() {
		c.rules[rule.ID] = rule
	}
	return c
}

// spot is where a change is.
type spot struct {
	operation string
	path      string
	where     string
	near      string // see [Change.Near]
	// basis weakens what no document says: our own reading may change without
	// breaking anybody.
	basis specs.Basis
}

// add tells a change by the weight of its rule.
func (c *comparison) add(id string, direction Direction, at spot, format string, args ...any) {
	severity := c.rules[id].severity(direction)
	if severity == Breaking && (at.basis == specs.Inferred || at.basis == specs.MadeUp) {
		severity = Warning
	}
	c.found = append(c.found, Change{ID: id, Direction: direction, Severity: severity, Operation: at.operation, Path: at.path,
		What: fmt.Sprintf(format, args...), Where: at.where, Near: at.near})
}

// old and now give a place in a file of either contract.
func (c *comparison) old(file string, line int) string { return place(c.before, file, line) }
func (c *comparison) now(file string, line int) string { return place(c.after, file, line) }

// place names a file of a contract as the user can open it.
func place(c *specs.Contract, file string, line int) string {
	at := file
	switch {
	case c.Bare && path.Dir(c.Document()) == VersionFolder:
		return c.Origin // the document was made: nobody can open its lines
	case c.Origin == "built-in":
		at = path.Join(c.Name, file)
	case c.Bare && file == c.Document():
		at = c.Origin
	case c.Bare:
		at = path.Join(path.Dir(c.Origin), file)
	default:
		at = path.Join(strings.TrimSuffix(c.Origin, "contract.yaml"), file)
	}
	if line > 0 {
		at += fmt.Sprintf(":%d", line)
	}
	return at
}

// pairs calls for every operation that both contracts have, in the order of the
// new one. What comes and goes is told of the documents.
func (c *comparison) pairs(call func(before, after *specs.Operation)) {
	for _, op := range c.after.Operations {
		if was := c.before.Operation(op.ID); was != nil {
			call(was, op)
		}
	}
}

// words gives a text without what nobody reads: case, white space, a full stop.
func words(s string) string {
	return strings.ToLower(strings.TrimRight(strings.Join(strings.Fields(s), " "), "."))
}
