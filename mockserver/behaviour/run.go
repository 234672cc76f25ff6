package behaviour

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/types/ref"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Result is what was decided about a request, and the answer to it.
type Result struct {
	// Outcome of the request as a whole; nil when nothing was said about it.
	Outcome *specs.Outcome
	Rule    *specs.Rule
	Detail  string
	Items   []Item
	Changes []Change

	// Answered is false when the answer is left to the caller: an HTTP outcome
	// in its shape, or an operation without a template.
	Answered  bool
	Status    int
	Header    http.Header
	MediaType string
	// Body is the answer, which may be part of a stored document and must not be
	// changed; Raw stands for it where the answer is XML, or a document that is
	// given away as it was stored. Both nil: no body.
	Body *payload.Tree
	Raw  []byte
}

// Violations that no rule of the items dealt with.
type Unhandled struct{ Violations []schema.Violation }

func (u *Unhandled) Error() string {
	return fmt.Sprintf("%d violations in items that no rule deals with", len(u.Violations))
}

// Run decides about one request: let-values, rules, then for every item its
// let-values, rules and effects, or the effects of the request; then the
// answer. An error means that nothing may be kept of it.
func (op *Operation) Run(call *Call) (*Result, error) {
	if op.broken != nil {
		return nil, op.broken
	}
	f := op.behaviour.newFrame(op.scope, call)
	f.values[slotRequest] = record{requestRecord{call}}
	f.values[slotCaller] = record{callerRecord{&call.Caller}}
	f.values[slotGlobal] = ""
	replayed := op.replayed(call)
	f.let(op.lets, replayed, 0)

	armed, err := op.armed(call)
	if err != nil {
		return nil, err
	}
	res := &Result{}
	if armed.request != nil {
		res.Outcome, res.Detail = armed.request, "a provider state asked for this outcome"
		return res, op.finish(f, res)
	}
	if err := f.decide(op.rules, res); err != nil || res.Outcome != nil {
		if err != nil {
			return nil, err
		}
		return res, op.finish(f, res)
	}
	if op.batch != nil {
		if err := op.runItems(f, res, replayed, armed.items); err != nil {
			return nil, err
		}
		return res, op.finish(f, res)
	}
	if res.Changes, err = f.apply(op.effects); err != nil {
		return nil, err
	}
	res.Outcome = op.success
	return res, op.finish(f, res)
}

// let computes the values in order. One that fails is an error for who uses it.
func (f *frame) let(lets []let, replayed *knownExample, item int) {
	for _, l := range lets {
		if l.replay != "" && replayed != nil {
			if v := replayed.value(strings.ReplaceAll(l.replay, "{n}", strconv.Itoa(item))); v != nil {
				f.values[l.slot] = viewOf(v)
				continue
			}
		}
		v, err := l.expr.eval(f)
		if err != nil {
			f.values[l.slot] = failed{err}
			continue
		}
		f.values[l.slot] = v
	}
}

// decide finds the first rule that holds.
func (f *frame) decide(rules []rule, res *Result) error {
	for i := range rules {
		r := &rules[i]
		is, err := r.when.holds(f)
		if err != nil {
			return fmt.Errorf("rule %s: %w", r.spec.ID, err)
		}
		if !is {
			continue
		}
		if res.Detail, err = r.detail.text(f); err != nil {
			return fmt.Errorf("the detail of rule %s: %w", r.spec.ID, err)
		}
		res.Outcome, res.Rule = r.outcome, r.spec
		return nil
	}
	return nil
}

func (op *Operation) runItems(f *frame, res *Result, replayed *knownExample, armed map[int]*specs.Outcome) error {
	items := op.items(f.call)
	inside := splitViolations(op.itemPaths(f.call, len(items)), f.call.Violations)
	if rest := inside[-1]; len(rest) > 0 {
		return &Unhandled{rest}
	}
	// Room for all at once: results point into it.
	res.Items = make([]Item, len(items))
	room := make([]any, len(items)*len(op.itemLets))
	for i, value := range items {
		item := &res.Items[i]
		item.Value, item.Violations = value, inside[i]
		f.values[slotItem], f.values[slotIndex] = viewOf(value), i
		f.values[slotViolations] = violationList(item.Violations)
		f.let(op.itemLets, replayed, i+1)
		item.lets = f.keep(op.itemLets, room[i*len(op.itemLets):])
		if forced := firstOutcome(f.call.Force[i+1], armed[i+1]); forced != nil {
			item.Outcome, item.Detail = forced, "the caller asked for this outcome"
			continue
		}
		var decided Result
		if err := f.decide(op.itemRules, &decided); err != nil {
			return fmt.Errorf("item %s: %w", itemNumber(i), err)
		}
		if decided.Outcome != nil {
			item.Outcome, item.Rule, item.Detail = decided.Outcome, decided.Rule, decided.Detail
			continue
		}
		if len(item.Violations) > 0 {
			return &Unhandled{item.Violations}
		}
		changes, err := f.apply(op.effects)
		if err != nil {
			return fmt.Errorf("item %s: %w", itemNumber(i), err)
		}
		res.Changes = append(res.Changes, changes...)
		if op.success != nil && op.success.Layer == specs.LayerItem {
			item.Outcome = op.success
		}
		// A value may depend on what the effects did.
		item.lets = f.keep(op.itemLets, room[i*len(op.itemLets):])
	}
	if op.success != nil && op.success.Layer != specs.LayerItem {
		res.Outcome = op.success
	}
	return nil
}

func firstOutcome(all ...*specs.Outcome) *specs.Outcome {
	for _, o := range all {
		if o != nil {
			return o
		}
	}
	return nil
}

// finish fills the answer, if it is for the template to give one.
func (op *Operation) finish(f *frame, res *Result) error {
	o := res.Outcome
	if o != nil && (o.Layer == specs.LayerHTTP && !o.Success || o.Layer == specs.LayerItem && op.batch == nil) {
		return nil
	}
	return op.answer(f, res)
}

func (op *Operation) answer(f *frame, res *Result) error {
	if op.respond == nil {
		return nil
	}
	items, records := make([]ref.Val, len(res.Items)), make([]itemRecord, len(res.Items))
	for i := range res.Items {
		records[i] = itemRecord{&res.Items[i], i}
		items[i] = record{&records[i]}
	}
	f.values[slotResults] = listOfValues(items)
	f.values[slotOutcome] = outcomeValue(res.Outcome)
	f.values[slotDetail] = res.Detail
	if res.Outcome != nil && res.Outcome.Layer == specs.LayerGlobal {
		f.values[slotGlobal] = res.Outcome.Code
	}
	res.Status = op.respond.status
	if res.Outcome != nil && res.Outcome.Status != 0 {
		res.Status = res.Outcome.Status
	} else if res.Outcome != nil && res.Outcome.Layer == specs.LayerHTTP {
		res.Status = Status(res.Outcome)
	}
	for _, h := range op.respond.headers {
		v, err := f.fillText(h.value)
		if err != nil {
			return fmt.Errorf("the header %s: %w", h.name, err)
		}
		if v == "" {
			continue
		}
		if res.Header == nil {
			res.Header = http.Header{}
		}
		res.Header.Set(h.name, v)
	}
	res.Answered = true
	return op.respond.fill(f, res)
}

// spareRoom is by how much an answer may be longer than the one before without
// being copied.
const spareRoom = 512

func (r *respond) fill(f *frame, res *Result) error {
	if r.body == nil {
		return nil
	}
	res.MediaType = r.mediaType
	if whole, is := r.body.(typed); is && !r.xml {
		v, err := whole.expr.eval(f)
		if err != nil {
			return fmt.Errorf("the body of the answer: %w", err)
		}
		if stored, is := v.(storedBody); is {
			res.Raw = stored.doc.Body
			return nil
		}
		if n, is := v.(view); is && n.n != nil {
			// It is only read from here on.
			res.Body = &payload.Tree{Format: payload.JSON, Root: n.n}
			return nil
		}
		res.Body = &payload.Tree{Format: payload.JSON, Root: nodeOf(v, &f.build)}
		return nil
	}
	if r.xml {
		raw, err := xmlBody(f, r.body, int(r.size.Load())+spareRoom)
		if err != nil {
			return fmt.Errorf("the body of the answer: %w", err)
		}
		r.size.Store(int64(len(raw)))
		res.Raw = raw
		return nil
	}
	n, err := r.body.fill(f)
	if err != nil {
		return fmt.Errorf("the body of the answer: %w", err)
	}
	if n != nil {
		res.Body = &payload.Tree{Format: payload.JSON, Root: n}
	}
	return nil
}

// Status is the HTTP status of an outcome: its own, its code, or 200.
func Status(o *specs.Outcome) int {
	if o.Status != 0 {
		return o.Status
	}
	if o.Layer == specs.LayerHTTP {
		if status, err := strconv.Atoi(o.Code); err == nil && status >= 100 && status <= 999 {
			return status
		}
		return http.StatusInternalServerError
	}
	return http.StatusOK
}
