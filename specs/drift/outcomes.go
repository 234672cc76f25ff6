package drift

import (
	"reflect"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

func outcomeRules() []Rule {
	const area = "outcome"
	return []Rule{
		one(area, "outcome-removed", Warning, "a documented error is gone"),
		one(area, "outcome-success-removed", Breaking, "a way to succeed is gone"),
		one(area, "outcome-added", Warning, "an operation can end in a new way"),
		one(area, "outcome-layer-changed", Breaking, "a code moved to another layer: HTTP status, code of the response, code of an item"),
		one(area, "outcome-status-changed", Breaking, "an outcome comes with another HTTP status"),
		one(area, "outcome-success-changed", Breaking, "what was a success is an error now, or the other way round"),
		one(area, "outcome-meaning-changed", Warning, "a code stands for something else"),
		one(area, "outcome-explanation-changed", Info, "a code with the same title is explained otherwise"),
		one(area, "outcome-shape-changed", Warning, "an outcome has another body"),
		one(area, "outcome-media-type-changed", Breaking, "an outcome has a body of another media type"),
		one(area, "code-moved", Breaking, "codes stand elsewhere in the response"),
		one(area, "refusal-changed", Warning, "a wrong request is refused with another outcome"),
		one(area, "refusal-added", Warning, "a kind of wrong request is refused that was not"),
		one(area, "refusal-removed", Info, "a kind of wrong request is no longer refused"),
	}
}

func (c *comparison) outcomes() {
	c.pairs(func(before, after *specs.Operation) {
		for _, was := range before.Outcomes() {
			c.outcome(before, after, was)
		}
		for _, is := range after.Outcomes() {
			if before.Outcome(is.Ref()) != nil || sameCode(before, is) != nil {
				continue
			}
			c.add("outcome-added", Response, spot{operation: after.ID, path: is.Ref(), where: c.now("errors.yaml", is.Line), basis: is.Basis}, "%s can be answered now: %s", is.Ref(), is.Title)
		}
		c.codePlaces(before.ID)
		c.refusals(before, after)
	})
}

// sameCode finds the one outcome with that code in another layer.
func sameCode(op *specs.Operation, like *specs.Outcome) *specs.Outcome {
	var found *specs.Outcome
	for _, o := range op.Outcomes() {
		if o.Code != like.Code || o.Layer == like.Layer {
			continue
		}
		if found != nil {
			return nil
		}
		found = o
	}
	return found
}

func (c *comparison) outcome(before, after *specs.Operation, was *specs.Outcome) {
	is := after.Outcome(was.Ref())
	if is == nil {
		moved := sameCode(after, was)
		if moved != nil && before.Outcome(moved.Ref()) == nil {
			c.add("outcome-layer-changed", Response, spot{operation: after.ID, path: was.Ref(), where: c.now("errors.yaml", moved.Line), basis: moved.Basis}, "code %s is answered as %s now, as %s before", was.Code, moved.Ref(), was.Ref())
			return
		}
		id := "outcome-removed"
		if was.Success {
			id = "outcome-success-removed"
		}
		c.add(id, Response, spot{operation: after.ID, path: was.Ref(), where: c.old("errors.yaml", was.Line), basis: was.Basis}, "%s is no longer answered: %s", was.Ref(), was.Title)
		return
	}
	at := spot{operation: after.ID, path: was.Ref(), where: c.now("errors.yaml", is.Line), basis: is.Basis}
	if a, b := statusOf(was), statusOf(is); a != b {
		c.add("outcome-status-changed", Response, at, "%s comes with status %d now, with %d before", is.Ref(), b, a)
	}
	if was.Success != is.Success {
		c.add("outcome-success-changed", Response, at, "%s is %s now, %s before", is.Ref(), successWord(is.Success), successWord(was.Success))
	}
	if words(was.Title) != words(is.Title) {
		c.add("outcome-meaning-changed", Response, at, "%s means %q now, %q before", is.Ref(), is.Title, was.Title)
	} else if words(was.Meaning) != words(is.Meaning) {
		c.add("outcome-explanation-changed", Response, at, "%s is explained otherwise: %q now, %q before", is.Ref(), is.Meaning, was.Meaning)
	}
	c.outcomeShape(was, is, at)
}

func (c *comparison) outcomeShape(was, is *specs.Outcome, at spot) {
	old, now := c.before.Shapes[was.Shape], c.after.Shapes[is.Shape]
	switch {
	case old == nil && now == nil:
	case old == nil:
		c.add("outcome-shape-changed", Response, at, "%s has the body %q now, none before", is.Ref(), is.Shape)
	case now == nil:
		c.add("outcome-shape-changed", Response, at, "%s has no body of its own any more, %q before", is.Ref(), was.Shape)
	case old.MediaType != now.MediaType:
		c.add("outcome-media-type-changed", Response, at, "the body of %s is %s now, %s before", is.Ref(), now.MediaType, old.MediaType)
	case !reflect.DeepEqual(yamlfile.Go(&old.Body), yamlfile.Go(&now.Body)):
		c.add("outcome-shape-changed", Response, at, "the body of %s is built otherwise", is.Ref())
	}
}

// codePlaces compares where the codes of an operation stand.
func (c *comparison) codePlaces(operation string) {
	where := c.now("errors.yaml", 0)
	for _, layer := range []struct {
		name     string
		was, now specs.LayerPlace
	}{
		{"code of the response", c.before.Layers.Global.For(operation), c.after.Layers.Global.For(operation)},
		{"code of an item", c.before.Layers.Item.For(operation), c.after.Layers.Item.For(operation)},
	} {
		for _, part := range []struct{ name, was, now string }{
			{"the " + layer.name, layer.was.At, layer.now.At}, {"the status word beside the " + layer.name, layer.was.StatusAt, layer.now.StatusAt},
		} {
			if part.was != part.now {
				c.add("code-moved", Response, spot{operation: operation, path: part.now, where: where}, "%s is %s now, %s before", part.name, standsAt(part.now), standsAt(part.was))
			}
		}
	}
}

func standsAt(path string) string {
	if path == "" {
		return "nowhere"
	}
	return "at " + path
}

func (c *comparison) refusals(before, after *specs.Operation) {
	for _, reason := range specs.RefusalReasons() {
		was, is := before.Refusal(reason), after.Refusal(reason)
		at := spot{operation: after.ID, path: reason, where: c.now("errors.yaml", 0)}
		switch {
		case was == nil && is != nil:
			c.add("refusal-added", Response, at, "a request that is wrong (%s) is answered with %s now", reason, is.Ref())
		case was != nil && is == nil:
			c.add("refusal-removed", Response, at, "a request that is wrong (%s) was answered with %s; the contract no longer says how", reason, was.Ref())
		case was != nil && was.Ref() != is.Ref():
			c.add("refusal-changed", Response, at, "a request that is wrong (%s) is answered with %s now, with %s before", reason, is.Ref(), was.Ref())
		}
	}
}

func successWord(success bool) string {
	if success {
		return "a success"
	}
	return "an error"
}

func statusOf(o *specs.Outcome) int {
	if o.Status != 0 {
		return o.Status
	}
	if o.Layer != specs.LayerHTTP {
		return 200
	}
	status := 0
	for _, digit := range []byte(o.Code) {
		if digit < '0' || digit > '9' || status > 999 {
			return 0
		}
		status = status*10 + int(digit-'0')
	}
	return status
}
