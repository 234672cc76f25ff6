package behaviour

import (
	"fmt"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// shape is the compiled body of a refusal.
type shape struct {
	mediaType string
	scope     *scope
	body      template
	// asJSON is the body again, for XML that stands as JSON; only is its only key.
	asJSON template
	only   string
}

func (c *compiler) shape(name string, source *specs.Shape) {
	s := newScope()
	s.ofTemplates(&source.Body)
	c.scope = s
	sh := &shape{mediaType: source.MediaType, scope: s}
	if sh.mediaType == "" {
		sh.mediaType = "application/json"
	}
	if source.Body.Kind != 0 {
		sh.body = c.template(&source.Body, isXML(sh.mediaType))
		if isXML(sh.mediaType) {
			sh.asJSON, sh.only = c.template(&source.Body, false), onlyKey(&source.Body)
		}
	}
	c.behaviour.shapes[name] = sh
}

// Refusal is what is wrong with a request, to be put into the contract's words.
type Refusal struct {
	Outcome    *specs.Outcome
	Detail     string
	Violations []schema.Violation
}

// Refusal gives the contract's outcome for a reason where no operation was
// found; nil if the contract names none.
func (b *Behaviour) Refusal(reason string) *specs.Outcome {
	for _, r := range b.contract.Refusals {
		if r.When != reason || len(r.Operations) > 0 {
			continue
		}
		for _, o := range b.contract.Outcomes {
			if o.Ref() == r.Outcome {
				return o
			}
		}
	}
	return nil
}

// Refuse fills the answer to a request that is refused: an outcome for the whole
// response in the operation's own template, any other in its shape. op may be nil.
// A result that is not Answered leaves the body to the caller.
func (b *Behaviour) Refuse(op *Operation, call *Call, why Refusal) (*Result, error) {
	res := &Result{Outcome: why.Outcome, Detail: why.Detail, Status: Status(why.Outcome)}
	if op != nil && op.respond != nil && why.Outcome.Layer == specs.LayerGlobal {
		f := b.newFrame(op.scope, call)
		f.values[slotRequest] = record{requestRecord{call}}
		f.values[slotCaller] = record{callerRecord{&call.Caller}}
		f.values[slotViolations] = violationList(why.Violations)
		if call.Tx != nil {
			f.let(op.lets, nil, 0)
		}
		return res, op.answer(f, res)
	}
	sh := b.shapes[why.Outcome.Shape]
	if sh == nil {
		return res, nil
	}
	res.Answered, res.MediaType = true, sh.mediaType
	if sh.body == nil {
		return res, nil
	}
	f := b.newFrame(sh.scope, call)
	f.values[slotRequest] = record{requestRecord{call}}
	f.values[slotCaller] = record{callerRecord{&call.Caller}}
	f.values[slotOutcome] = outcomeValue(why.Outcome)
	f.values[slotDetail] = why.Detail
	f.values[slotViolations] = violationList(why.Violations)
	body := sh.body
	switch {
	case !isXML(sh.mediaType):
	case op != nil && standsAsJSON(op.spec, res.Status, sh.mediaType, sh.only):
		body = sh.asJSON
	default:
		var err error
		if res.Raw, err = xmlBody(f, sh.body, spareRoom); err != nil {
			err = fmt.Errorf("the shape %s: %w", why.Outcome.Shape, err)
		}
		return res, err
	}
	n, err := body.fill(f)
	if n != nil {
		res.Body = &payload.Tree{Format: payload.JSON, Root: n}
	}
	return res, err
}
