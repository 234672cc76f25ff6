package mockserver

import (
	"context"
	"net/http"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// refuse answers a request that is not carried out, in the words of the contract.
func (x *exchange) refuse(no *refusal) {
	d := &x.entry.Decision
	if no.stage != "" {
		d.Stage = no.stage
	}
	if no.reason == reasonOptions {
		x.answer = answer{status: http.StatusNoContent, header: no.header}
		d.Source = "route"
		return
	}
	if no.reason == "" {
		// The answer is there already.
		return
	}
	d.Reason, d.Detail = no.reason, no.detail
	if d.Stage != "decide" {
		x.preferencesCameTooLate()
	}
	if len(d.Hard) == 0 {
		d.Hard = no.violations
	}
	d.Source = "refusal"
	if o := x.refusalOutcome(no.reason); o != nil {
		x.fillRefusal(o, no)
		return
	}
	x.answer = plainAnswer(plainStatus(no.reason), no.reason, no.detail, no.violations)
	x.answer.header = no.header
}

// refusalOutcome finds the contract's outcome for a reason.
func (x *exchange) refusalOutcome(reason string) *specs.Outcome {
	if x.mount == nil {
		return nil
	}
	if x.op == nil {
		return x.mount.behaviour.Refusal(reason)
	}
	if o := x.op.behaviour().Refusal(reason); o != nil {
		return o
	}
	switch reason {
	case "bad-credentials":
		return x.op.behaviour().Refusal("unauthenticated")
	case "unauthenticated":
		return x.op.behaviour().Refusal("bad-credentials")
	case "malformed", "invalid-parameter":
		return x.op.behaviour().Refusal("invalid-body")
	}
	return nil
}

// fillRefusal fills the answer of an outcome. It runs in a transaction that only
// reads, because the operation's own template may look into the state.
func (x *exchange) fillRefusal(o *specs.Outcome, no *refusal) {
	x.outcome(o)
	x.call.Sources, x.call.Method, x.call.Header = x.server.given, x.r.Method, x.r.Header
	why := behaviour.Refusal{Outcome: o, Detail: no.detail, Violations: no.violations}
	var res *behaviour.Result
	var err error
	fill := func(tx state.Tx) error {
		var op *behaviour.Operation
		if x.op != nil {
			op = x.op.behaviour()
		}
		x.call.Tx = tx
		res, err = x.mount.behaviour.Refuse(op, &x.call, why)
		return nil
	}
	if o.Layer == specs.LayerGlobal {
		failed := x.server.store.View(x.r.Context(), space(x.entry.Contract, x.entry.Session), fill)
		if state.IsUnavailable(failed) {
			// The words of the contract do not depend on a store that is away.
			failed = state.NewMemory(state.Options{}).View(context.Background(), "", fill)
		}
		if failed != nil {
			err = failed
		}
	} else {
		_ = fill(nil)
	}
	if err != nil {
		x.entry.Internal = err.Error()
		x.answer = plainAnswer(http.StatusInternalServerError, "internal", "the server failed while answering; its journal says more", nil)
		return
	}
	x.answerWith(res)
	if !res.Answered {
		x.answer = answer{status: res.Status}
		x.shapeless(res.Status)
	}
	for name, values := range no.header {
		if x.answer.header == nil {
			x.answer.header = http.Header{}
		}
		x.answer.header[name] = values
	}
}

// refuseWith refuses with an outcome that a rule, a preference or a fault led to.
func (x *exchange) refuseWith(o *specs.Outcome, detail string) *refusal {
	x.entry.Decision.Source = "refusal"
	if x.entry.Decision.Detail == "" {
		x.entry.Decision.Detail = detail
	}
	x.fillRefusal(o, &refusal{detail: detail})
	return &refusal{stage: "decide"}
}

// shapeless finds a body for an outcome that has no shape of its own: none where
// none is described, else an example of that status, else generated data.
func (x *exchange) shapeless(status int) {
	if x.op == nil {
		return
	}
	described := x.op.spec.Response(status)
	if described == nil || described.Body == nil || len(described.Body.Media) == 0 {
		return
	}
	if e := x.exampleOf(func(e *specs.Example) bool { return e.Response.Status == status }); e != nil {
		x.answerWithExample(e)
		return
	}
	header := x.answer.header
	x.generated(status)
	x.answer.header = header
}

// plainStatus is the status for a reason where the contract names no outcome.
func plainStatus(reason string) int {
	switch reason {
	case "unknown-route":
		return http.StatusNotFound
	case "method":
		return http.StatusMethodNotAllowed
	case "unauthenticated", "bad-credentials":
		return http.StatusUnauthorized
	case "scope":
		return http.StatusForbidden
	case "over-limit":
		return http.StatusTooManyRequests
	case "too-large":
		return http.StatusRequestEntityTooLarge
	case "media-type":
		return http.StatusUnsupportedMediaType
	case "internal":
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// plainAnswer is a problem document (RFC 9457) for what the contract has no
// words for.
func plainAnswer(status int, reason, detail string, violations []schema.Violation) answer {
	problem := &payload.Node{Kind: payload.Object}
	add := func(name string, v any) {
		c := payload.FromGo(v)
		c.Name = name
		problem.Append(c)
	}
	add("type", "about:blank")
	add("title", http.StatusText(status))
	add("status", status)
	add("detail", detail)
	add("reason", reason)
	if len(violations) > 0 {
		list := make([]any, len(violations))
		for i, v := range violations {
			list[i] = map[string]any{"path": v.Path, "kind": string(v.Kind), "expected": v.Expected, "actual": v.Actual}
		}
		add("violations", list)
	}
	return answer{status: status, mediaType: "application/problem+json", tree: &payload.Tree{Format: payload.JSON, Root: problem}}
}
