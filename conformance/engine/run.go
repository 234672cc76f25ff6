package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/conformance/match"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Run takes one scenario to its end. It always gives a result with every step of
// the scenario in it, also when the context ends or the suite itself fails.
func (r *Runner) Run(ctx context.Context, sc *scenarios.Scenario, origin string) (result *Result) {
	begun := r.options.Now()
	x := &run{r: r, sc: sc, scope: newScope(r.options.Seed, sc.ID), result: &Result{Scenario: reports.Scenario{
		ID: sc.ID, Title: sc.Title, Origin: origin, Profile: sc.Profile, Requirements: slices.Clone(sc.Requirements), Source: place(sc)}}}
	defer func() {
		if p := recover(); p != nil {
			x.broken(fmt.Sprintf("the suite failed in this scenario: %v", p))
		}
		s := &x.result.Scenario
		s.Status, s.Why = verdict.Scenario(s.Steps)
		s.DurationMs = r.options.Now().Sub(begun).Milliseconds()
		result = x.result
	}()
	teardown := x.prepare(ctx)
	defer teardown()
	for _, st := range sc.Steps {
		x.step(ctx, st)
	}
	return x.result
}

func place(sc *scenarios.Scenario) string {
	if sc.Source != "" {
		return sc.Source
	}
	return fmt.Sprintf("%s:%d", sc.File, sc.Line)
}

// broken gives every step that has no result yet the status error.
func (x *run) broken(why string) {
	for _, st := range x.sc.Steps[len(x.result.Scenario.Steps):] {
		x.result.Scenario.Steps = append(x.result.Scenario.Steps, reports.Step{ID: st.ID, Title: st.Title, Operation: st.Operation, Status: reports.Error, Why: why})
		x.result.Facts = append(x.result.Facts, Fact{Operation: st.Operation, Identity: st.Identity})
	}
}

func (x *run) step(ctx context.Context, st *scenarios.Step) {
	step := reports.Step{ID: st.ID, Title: st.Title, Operation: st.Operation, Status: reports.Passed, Deviations: []string{}}
	fact := Fact{Operation: st.Operation, Identity: st.Identity}
	defer func() {
		if p := recover(); p != nil {
			step.Status, step.Why = reports.Error, fmt.Sprintf("the suite failed in this step: %v", p)
			x.stop("the suite failed in step " + st.ID)
		}
		step.Exchange = x.r.shelf.Put(step.Exchange)
		x.result.Scenario.Steps = append(x.result.Scenario.Steps, step)
		x.result.Facts = append(x.result.Facts, fact)
	}()
	x.attempt(ctx, st, &step, &fact)
}

func (x *run) attempt(ctx context.Context, st *scenarios.Step, step *reports.Step, fact *Fact) {
	notReached := func(why string) { step.Status, step.Why = reports.NotReached, why }
	if ctx.Err() != nil {
		notReached("the run was interrupted")
		return
	}
	if x.stopped != "" && !st.Cleanup {
		notReached(x.stopped)
		return
	}
	credentials, reason := x.r.credentials(st.Identity)
	if reason != "" {
		notReached(reason)
		x.stop(reason)
		return
	}
	op := x.r.contract.Operation(st.Operation)
	out, err := x.r.build(st, x.scope)
	switch {
	case err != nil:
	case st.Scheme != "":
		if reason, err = x.r.authenticateBy(st.Scheme, out, st.Identity, credentials); reason != "" {
			notReached(reason)
			x.stop(reason)
			return
		}
	default:
		err = x.r.authenticate(out, op, st.Identity, credentials)
	}
	if err != nil {
		x.cannot(step, err)
		return
	}
	x.scope.requests[st.ID] = out.parsed()
	fact.Sent, fact.Expected, fact.Requested = true, x.attempted(st, op), x.r.fields.same(out.tree.FieldPaths())
	fact.Wanted = wanted(st, op)
	fact.Plain = out.method == op.Method && st.Identity == identityDefault
	x.exchange(ctx, st, op, out, step, fact)
}

func (x *run) stop(why string) {
	if x.stopped == "" {
		x.stopped = why
	}
}

// cannot tells a value that an earlier step did not give from a fault of the suite.
func (x *run) cannot(step *reports.Step, err error) {
	step.Status, step.Why = reports.Error, "the request cannot be made: "+err.Error()
	var unknown *unknownValue
	if errors.As(err, &unknown) {
		step.Status, step.Why = reports.NotReached, unknown.what
	}
	x.stop("step " + step.ID + " was not reached")
}

// exchange sends the request, again and again where the step says eventually, and
// judges the last answer.
func (x *run) exchange(ctx context.Context, st *scenarios.Step, op *specs.Operation, out *outgoing, step *reports.Step, fact *Fact) {
	deadline := time.Now().Add(st.Within)
	wait := 100 * time.Millisecond
	for {
		step.Attempts++
		a, kept := x.r.send(ctx, out, x.sc.ID+"/"+st.ID)
		step.Exchange, step.DurationMs = kept, a.took.Milliseconds()
		if pause := x.limited(st, a, fact); pause > 0 && x.r.wait(ctx, pause) {
			step.Attempts--
			continue
		}
		found, blocked, err := x.verify(st, op, out, a, fact)
		again := st.Within > 0 && (err != nil || unmet(found)) && time.Now().Add(wait).Before(deadline) && ctx.Err() == nil
		if !again {
			x.settle(ctx, st, step, fact, a, found, blocked, err)
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, time.Second)
	}
	if st.Within == 0 {
		step.Attempts = 0
	}
}

// unmet reports whether a step does not hold yet: the answer is wrong, or it is not what
// the step expects, however little that weighs.
func unmet(found []judge.Finding) bool {
	return hasErrors(found) || slices.ContainsFunc(found, func(f judge.Finding) bool { return f.Line > 0 && f.Severity == reports.SeverityWarning })
}

func hasErrors(found []judge.Finding) bool {
	return slices.ContainsFunc(found, func(f judge.Finding) bool { return f.Severity == reports.SeverityError })
}

// verify judges one answer: against the contract, then against the expectation.
func (x *run) verify(st *scenarios.Step, op *specs.Operation, out *outgoing, a answer, fact *Fact) (found []judge.Finding, blocked bool, err error) {
	fact.Status, fact.Unreachable, fact.Silent = a.status, a.unreachable, a.err != nil && !a.unreachable
	if a.err != nil {
		return []judge.Finding{{In: "timing", Kind: "unreachable", Expected: "an answer", Actual: a.err.Error(), Severity: reports.SeverityError}}, true, nil
	}
	if a.tooLong {
		// A part of a body says nothing about the whole.
		if a.endless {
			return []judge.Finding{{In: "body", Kind: "length", Expected: "an answer with an end", Actual: fmt.Sprintf("none within %d MB", (maxBody+endless)>>20),
				Severity: reports.SeverityError}}, true, nil
		}
		return nil, true, nil
	}
	noBody := out.method == http.MethodHead || a.status == 204 || a.status == 304
	j := judge.Response(op, judge.Message{Status: a.status, Header: a.header, Body: a.body, NoBody: noBody, ToUnread: st.Expect.Unread})
	fact.Observed, fact.Received, fact.Foreign = j.Outcomes, x.r.fields.same(j.Tree.FieldPaths()), foreign(op, a)
	fact.Page = fact.Foreign && a.status/100 == 2 && strings.HasPrefix(strings.ToLower(a.header.Get("Content-Type")), "text/html")
	fact.Fits, fact.Gateway = fits(j), gateway(st, op, a)
	fact.Shape, fact.Alien = shape(a, j), !fact.Fits && a.status/100 == 2 && alien(op, a)
	x.scope.answered(st.ID, j, x.r.contract.NotCompared)
	if found = j.Findings; out.method != op.Method {
		// Another method is another operation, and what answers it none of this one's.
		found = nil
	}
	more, blocked, err := x.expected(st, op, a, j)
	if at := slices.IndexFunc(more, func(f judge.Finding) bool { return f.In == "status" }); at >= 0 {
		// That the status is none of the contract is said by the expectation already; it
		// weighs as much.
		if hasErrors(slices.DeleteFunc(slices.Clone(found), func(f judge.Finding) bool { return f.In != "status" })) {
			more[at].Severity = reports.SeverityError
		}
		found = slices.DeleteFunc(found, func(f judge.Finding) bool { return f.In == "status" })
	}
	if blocked {
		// The answer is another one altogether: that comes first.
		found = append(slices.Clone(more), found...)
	} else {
		found = append(found, more...)
	}
	if err == nil && !blocked {
		found = append(found, x.capture(st, op, a.status, j)...)
	}
	return found, blocked, err
}

func (x *run) capture(st *scenarios.Step, op *specs.Operation, status int, j *judge.Judgement) []judge.Finding {
	var found []judge.Finding
	rules := match.Rules{NullIsAbsent: x.r.contract.NullIsAbsent != ""}
	names := make([]string, 0, len(st.Capture))
	for name := range st.Capture {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		n := j.Tree.At(st.Capture[name])
		if n == nil || rules.Nothing(n) {
			found = append(found, judge.Finding{In: "body", Path: st.Capture[name], Kind: "missing", Expected: "a value for the following steps", Actual: "absent",
				Severity: weightAt(x.weight(&st.Expect, op), op, status, st.Capture[name]), Line: st.LineOf("capture " + name)})
			continue
		}
		x.scope.captured[st.ID+"."+name] = n
	}
	return found
}

// settle turns the last answer of a step into its status.
func (x *run) settle(ctx context.Context, st *scenarios.Step, step *reports.Step, fact *Fact, a answer, found []judge.Finding, blocked bool, err error) {
	switch {
	case a.err != nil && ctx.Err() != nil:
		step.Status, step.Why = reports.NotReached, "the run was interrupted"
		fact.Sent, fact.Unreachable, fact.Silent = false, false, false // no fault of the target's
		x.stop(step.Why)
		return
	case a.unreachable:
		// Nobody was there to be judged: that is no deviation of an implementation.
		step.Status, step.Why = reports.NotReached, "no connection: "+x.r.mask.text(a.err.Error())
		x.stop(step.Why)
		return
	}
	switch {
	case limiting(st, a):
		// The server answers nobody now; that says nothing about the step.
		fact.PutOff = true
		step.Status, step.Why = reports.NotReached, fmt.Sprintf("the target limits calls (%d); lower --rate or --parallel", a.status)
		x.stop(step.Why)
		return
	case a.tooLong && !a.endless:
		step.Status, step.Why = reports.Error, fmt.Sprintf("the answer is longer than the %d MB that are read, and was not judged", maxBody>>20)
		x.stop("step " + st.ID + " was not judged")
		return
	case x.unarmed(st) && hasErrors(found) && fact.Fits && a.status/100 == 2:
		step.Status, step.Why = reports.NotReached, "the set-up hook said that the next call fails inside the server, and it was served: the hook did not do it"
		x.stop("step " + st.ID + " was served")
		return
	case fact.Gateway:
		// What stands in front answered; that says nothing about what stands behind.
		step.Status, step.Why = reports.NotReached, fmt.Sprintf("a gateway answered %d %s instead of the implementation", a.status, http.StatusText(a.status))
		x.stop(step.Why)
		return
	}
	x.record(st, step, found)
	if err != nil {
		status := reports.Error
		var unknown *unknownValue
		if errors.As(err, &unknown) {
			status = reports.NotReached
		}
		if step.Status != reports.Failed {
			step.Status = status
		}
		step.Why = "the expectation cannot be evaluated: " + err.Error()
	}
	if blocked && (hasErrors(found) || a.status >= 300 || st.Expect.Prepares()) {
		x.stop("step " + st.ID + " was answered otherwise")
	}
}

// attempted lists the outcomes that a step asks for.
func (x *run) attempted(st *scenarios.Step, op *specs.Operation) []string {
	refs := st.Expect.Refs()
	for _, ref := range refs {
		if o := op.Outcome(ref); o != nil && o.Layer != specs.LayerHTTP && !strings.HasPrefix(ref, "http:") {
			status := o.Status
			if status == 0 {
				status = 200
			}
			refs = append(refs, fmt.Sprintf("http:%d", status))
		}
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}

// wanted reports whether a step expects to be served.
func wanted(st *scenarios.Step, op *specs.Operation) bool {
	if st.Expect.Refused || st.Identity != identityDefault || st.Request.Method != "" {
		return false
	}
	refs := st.Expect.Refs()
	if len(refs) == 0 {
		return true
	}
	for _, ref := range refs {
		if strings.HasPrefix(ref, "http:2") {
			return true
		}
		if o := op.Outcome(ref); o != nil && o.Layer != specs.LayerHTTP {
			return true
		}
	}
	return false
}
