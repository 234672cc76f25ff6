package generate

import (
	"net/http"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// whole expects of a read that it shows each member that a step wrote, as far as the
// answer describes it. It is silent where the behaviour is a guess, and where written
// scenarios say what comes back of an operation: they know what may be otherwise.
func (g *generator) whole(r reading, wrote string) (all []scenarios.Expectation) {
	answer := r.op.Response(http.StatusOK)
	if g.told || g.guessed() || answer == nil || answer.Body == nil || len(answer.Body.Media) == 0 {
		return nil
	}
	shown := made(answer.Body.Media[0], true)
	if shown == nil {
		return nil
	}
	tree := g.bases[0].tree
	for c := range tree.Root.Children() {
		at := tree.Path(c)
		if c.Name != r.key && c.Kind != payload.Attribute && shown.At(at) != nil && !strings.ContainsAny(at, "{}") {
			all = append(all, scenarios.Expectation{Path: at, Matcher: &scenarios.Matcher{Literal: text("${" + wrote + ".request:" + at + "}")}})
		}
	}
	return all
}

// called reports whether a written scenario calls an operation.
func called(op *specs.Operation, known []*scenarios.Scenario) bool {
	return slices.ContainsFunc(known, func(s *scenarios.Scenario) bool { return slices.Contains(s.Operations(), op.ID) })
}
