package coverage

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// fields lists the fields that the examples of the contract show or that the run
// met, by operation and direction.
func fields(c *specs.Contract, m *meeting) []reports.FieldCoverage {
	out := []reports.FieldCoverage{}
	for _, op := range c.Operations {
		out = append(out, direction(op, "request", m.sent)...)
		out = append(out, direction(op, "response", m.received)...)
	}
	return out
}

func direction(op *specs.Operation, direction string, seen map[string]bool) []reports.FieldCoverage {
	var all []string
	for _, e := range op.Examples() {
		all = append(all, examplePaths(op, e, direction)...)
	}
	for key := range seen {
		if path, own := strings.CutPrefix(key, op.ID+" "); own {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	var out []reports.FieldCoverage
	for _, path := range slices.Compact(all) {
		if path != "" {
			out = append(out, reports.FieldCoverage{Operation: op.ID, Direction: direction, Path: path, Seen: seen[op.ID+" "+path]})
		}
	}
	return out
}

// examplePaths gives the fields of an example that is valid by its schema; a broken
// one would bring fields that nobody is to send.
func examplePaths(op *specs.Operation, e *specs.Example, direction string) []string {
	var media *specs.Media
	var body []byte
	valid := true
	switch {
	case direction == "request" && e.Request != nil && op.RequestBody != nil:
		body, valid = e.Request.Body, e.Request.Valid == nil || *e.Request.Valid
		if media = op.RequestBody.For(e.Request.MediaType); media == nil && len(op.RequestBody.Media) > 0 {
			media = op.RequestBody.Media[0]
		}
	case direction == "response" && e.Response != nil:
		body, valid = e.Response.Body, e.Response.Valid == nil || *e.Response.Valid
		if r := op.Response(e.Response.Status); r != nil && r.Body != nil && len(r.Body.Media) > 0 {
			if media = r.Body.For(e.Response.MediaType); media == nil {
				media = r.Body.Media[0]
			}
		}
	}
	if media == nil || len(body) == 0 || !valid {
		return nil
	}
	tree, _ := media.Judge(body, "")
	return tree.FieldPaths()
}
