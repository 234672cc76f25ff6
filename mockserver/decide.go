package mockserver

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
)

// decide finds the answer: what the caller or a fault asked for, else what the
// rules say, inside one transaction on the state.
func (x *exchange) decide() *refusal {
	if x.prefer.example != "" && x.fromNamedExample() {
		return nil
	}
	if x.prefer.code != "" {
		if done, no := x.forced(x.prefer.code, "the caller asked for this answer"); done {
			x.prefer.applies("code=" + x.prefer.code)
			return no
		}
		x.note("the operation has no outcome " + x.prefer.code + ": the preference was ignored; there are " + x.outcomeNames(""))
	}
	if x.plan != nil && x.plan.Outcome != "" {
		if done, no := x.forced(x.plan.Outcome, "a fault asked for this answer"); done {
			return no
		}
	}
	if x.prefer.dynamic {
		if x.canGenerate() && x.generated(0) {
			x.prefer.applies("dynamic=true")
			if x.prefer.seed != "" {
				x.prefer.applies("seed=" + quoted(x.prefer.seed))
			}
			return nil
		}
		x.note("no data can be made from the schema of the response: the preference dynamic was ignored")
	}
	x.forceItems()
	if no := x.transact(); no != nil {
		return no
	}
	return x.settle()
}

func (x *exchange) note(text string) {
	x.entry.Decision.Notes = append(x.entry.Decision.Notes, text)
}

// outcomeNames lists the outcomes of the operation, of one layer or of all ("").
func (x *exchange) outcomeNames(layer specs.Layer) string {
	var names []string
	for _, o := range x.op.spec.Outcomes() {
		if layer == "" || o.Layer == layer {
			names = append(names, o.Ref())
		}
	}
	if len(names) == 0 {
		return "none"
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// forced gives the answer for an outcome or a status. done is false when the
// contract knows nothing of that name.
func (x *exchange) forced(code, detail string) (done bool, no *refusal) {
	op := x.op.behaviour()
	o := op.Outcome(code)
	if o == nil {
		status, err := strconv.Atoi(strings.TrimPrefix(code, "http:"))
		if err != nil || x.op.spec.Response(status) == nil || status < 200 || status > 599 {
			return false, nil
		}
		if like := x.outcomeLike(status); like != nil {
			return true, x.refuseWith(like, detail)
		}
		x.answerWithStatus(status)
		return true, nil
	}
	x.entry.Decision.Detail = detail
	switch {
	case o.Layer == specs.LayerItem && op.Batch():
		// Every item ends in it.
		x.call.Force = everyItem(o)
		if no := x.transact(); no != nil {
			return true, no
		}
		return true, x.settle()
	case o.Layer == specs.LayerHTTP && o.Success:
		x.outcome(o)
		x.answerWithStatus(behaviour.Status(o))
		return true, nil
	}
	return true, x.refuseWith(o, detail)
}

// outcomeLike makes an outcome of a status that the contract only describes as one of
// a class (4XX): in the shape of another error of that class. nil if there is none.
func (x *exchange) outcomeLike(status int) *specs.Outcome {
	for _, o := range x.op.spec.Outcomes() {
		if o.Layer == specs.LayerHTTP && !o.Success && o.Shape != "" && behaviour.Status(o)/100 == status/100 {
			return &specs.Outcome{Layer: specs.LayerHTTP, Code: strconv.Itoa(status), Title: http.StatusText(status), Shape: o.Shape, Basis: specs.MadeUp, Source: o.Source}
		}
	}
	return nil
}

// everyItem forces one outcome on all items that a request may have.
func everyItem(o *specs.Outcome) map[int]*specs.Outcome {
	all := map[int]*specs.Outcome{}
	for i := 1; i <= maxForced; i++ {
		all[i] = o
	}
	return all
}

// maxForced is how many items an outcome is forced on.
const maxForced = 1000

// forceItems reads the preference item-code.
func (x *exchange) forceItems() {
	for number, code := range x.prefer.items {
		o := x.op.behaviour().Outcome("item:" + code)
		if o == nil {
			o = x.op.behaviour().Outcome(code)
		}
		if o == nil || o.Layer != specs.LayerItem || !x.op.behaviour().Batch() {
			x.note("the operation has no item outcome " + code + ": the preference was ignored; there are " + x.outcomeNames(specs.LayerItem))
			continue
		}
		if x.call.Force == nil {
			x.call.Force = map[int]*specs.Outcome{}
		}
		x.call.Force[number] = o
		x.prefer.applies(`item-code="` + strconv.Itoa(number) + ":" + code + `"`)
	}
}

// errForgotten ends a transaction whose changes a fault throws away.
var errForgotten = errors.New("the write was forgotten on purpose")

// transact runs the rules and effects in one transaction.
func (x *exchange) transact() *refusal {
	space := space(x.entry.Contract, x.entry.Session)
	run := func(tx state.Tx) error {
		x.call.Tx = tx
		if x.plan != nil && x.plan.AllowDuplicates {
			x.call.Tx = duplicates{tx}
		}
		res, err := x.op.behaviour().Run(&x.call)
		if err != nil {
			return err
		}
		x.result = res
		if x.plan != nil && x.plan.ForgetWrites {
			return errForgotten
		}
		return nil
	}
	ctx := x.r.Context()
	var err error
	if !x.op.behaviour().Writes {
		err = x.server.store.View(ctx, space, run)
	}
	if x.op.behaviour().Writes || errors.Is(err, state.ErrReadOnly) {
		err = x.server.store.Update(ctx, space, run)
	}
	return x.failed(err)
}

// failed makes a refusal of what went wrong in the transaction.
func (x *exchange) failed(err error) *refusal {
	var unhandled *behaviour.Unhandled
	var conflict *state.Conflict
	switch {
	case err == nil || errors.Is(err, errForgotten):
		return nil
	case errors.As(err, &unhandled):
		return &refusal{reason: "invalid-body", detail: sentences(unhandled.Violations), violations: unhandled.Violations}
	case errors.As(err, &conflict):
		if o := x.op.behaviour().Outcome("http:409"); o != nil {
			return x.refuseWith(o, conflict.Error())
		}
	}
	if x.plan != nil && x.plan.AcceptAll {
		// What was accepted without a look need not make sense to the rules.
		x.result = &behaviour.Result{}
		return nil
	}
	return x.internal("decide", err)
}

// settle turns the result of the rules into an answer or a refusal.
func (x *exchange) settle() *refusal {
	res := x.result
	if behaviour.IsInternal(res.Outcome) {
		return &refusal{stage: "decide", reason: "internal", detail: "a provider state asked for a failure inside the server"}
	}
	d := &x.entry.Decision
	d.Changes = res.Changes
	if len(res.Items) > 0 {
		d.Items = make([]string, len(res.Items))
		for i := range res.Items {
			if o := res.Items[i].Outcome; o != nil {
				d.Items[i] = o.Ref()
			}
		}
	}
	if res.Rule != nil {
		d.Rule, d.Clause, d.Basis = res.Rule.ID, res.Rule.Clause, string(res.Rule.Basis)
	}
	if res.Detail != "" {
		d.Detail = res.Detail
	}
	if res.Outcome != nil {
		x.outcome(res.Outcome)
		if !res.Answered && res.Outcome.Layer != specs.LayerItem && !res.Outcome.Success {
			return x.refuseWith(res.Outcome, res.Detail)
		}
	}
	if res.Answered {
		d.Source = "behaviour"
		x.answerWith(res)
		return nil
	}
	x.fromExamples()
	return nil
}

// outcome notes the outcome of the request.
func (x *exchange) outcome(o *specs.Outcome) {
	x.entry.Decision.Outcome = o.Ref()
	if x.entry.Decision.Basis == "" {
		x.entry.Decision.Basis = string(o.Basis)
	}
}

// duplicates is a transaction in which nothing is unique.
type duplicates struct{ state.Tx }

// Find finds nothing, so that no rule sees the first of two.
func (d duplicates) Find(collection, index, value string) (*state.Doc, error) {
	found, err := d.Tx.Find(collection, index, value)
	if err != nil || found == nil {
		return nil, err
	}
	for _, e := range found.Index {
		if e.Index == index && e.Unique {
			return nil, nil
		}
	}
	return found, nil
}

// FindAll finds nothing either.
func (d duplicates) FindAll(collection, index, value string) ([]*state.Doc, error) {
	if found, err := d.Find(collection, index, value); err != nil || found == nil {
		return nil, err
	}
	return d.Tx.FindAll(collection, index, value)
}

// Put stores without the claim to be the only one.
func (d duplicates) Put(collection string, doc *state.Doc) error {
	for i := range doc.Index {
		doc.Index[i].Unique = false
	}
	return d.Tx.Put(collection, doc)
}

// answerWith takes over an answer that was made from a template.
func (x *exchange) answerWith(res *behaviour.Result) {
	x.answer.status, x.answer.header, x.answer.mediaType, x.answer.tree = res.Status, res.Header, res.MediaType, res.Body
	if x.answer.status == 0 {
		x.answer.status = http.StatusOK
	}
	if res.Raw != nil {
		x.answer.body = res.Raw
	}
}
