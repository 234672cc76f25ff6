package drift

import (
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

func behaviourRules() []Rule {
	const area = "behaviour"
	return []Rule{
		one(area, "rule-added", Breaking, "requests are refused that were accepted"),
		one(area, "rule-removed", Warning, "requests are accepted that were refused"),
		one(area, "rule-condition-changed", Warning, "a rule holds for other requests"),
		one(area, "rule-outcome-changed", Breaking, "a rule leads to another outcome"),
		one(area, "rule-order-changed", Warning, "of several things that are wrong, another is told"),
		one(area, "resource-removed", Breaking, "a kind of thing is no longer kept"),
		one(area, "resource-added", Info, "a new kind of thing is kept"),
		one(area, "uniqueness-added", Breaking, "a value may be used only once"),
		one(area, "uniqueness-removed", Warning, "a value may be used more than once"),
		one(area, "uniqueness-scope-changed", Breaking, "a value is unique among others than before"),
		one(area, "batch-changed", Breaking, "the items of a request are found or judged otherwise"),
		one(area, "response-status-changed", Breaking, "a success comes with another HTTP status"),
		one(area, "effect-changed", Warning, "an operation does something else to what is kept"),
		one(area, "answer-changed", Info, "the mock fills a success otherwise"),
		one(area, "state-removed", Warning, "a provider state is gone: scenarios cannot ask for it"),
		one(area, "state-added", Info, "there is a new provider state"),
		one(area, "state-changed", Info, "a provider state takes other parameters or prepares something else"),
	}
}

func (c *comparison) behaviour() {
	before, after := c.before.Behaviour, c.after.Behaviour
	if before == nil {
		before = &specs.Behaviour{}
	}
	if after == nil {
		after = &specs.Behaviour{}
	}
	c.resources(before.Resources, after.Resources)
	c.pairs(func(_, op *specs.Operation) {
		was, is := before.Operations[op.ID], after.Operations[op.ID]
		if was == nil {
			was = &specs.OperationBehaviour{}
		}
		if is == nil {
			is = &specs.OperationBehaviour{}
		}
		c.ruleList(op.ID, was.Rules, is.Rules)
		c.ruleList(op.ID, was.ItemRules, is.ItemRules)
		c.operationBehaviour(op.ID, was, is)
	})
	c.states(before.States, after.States)
}

const behaviourFile = "behaviour.yaml"

func (c *comparison) ruleList(operation string, before, after []specs.Rule) {
	find := func(list []specs.Rule, id string) *specs.Rule {
		for i := range list {
			if list[i].ID == id {
				return &list[i]
			}
		}
		return nil
	}
	var kept, now []string
	for _, was := range before {
		is := find(after, was.ID)
		if is == nil {
			c.add("rule-removed", Request, spot{operation: operation, path: was.ID, where: c.old(behaviourFile, was.Line), basis: was.Basis}, "the rule %s is gone, which led to %s: %s", was.ID, was.Outcome, ruleWords(was))
			continue
		}
		kept = append(kept, was.ID)
		at := spot{operation: operation, path: is.ID, where: c.now(behaviourFile, is.Line), basis: is.Basis}
		if was.Outcome != is.Outcome {
			c.add("rule-outcome-changed", Response, at, "the rule %s leads to %s now, to %s before", is.ID, is.Outcome, was.Outcome)
		}
		if expression(was.When) != expression(is.When) {
			c.add("rule-condition-changed", Request, at, "the rule %s, which leads to %s, holds when %s; before, when %s", is.ID, is.Outcome, expression(is.When), expression(was.When))
		}
	}
	for _, is := range after {
		if find(before, is.ID) == nil {
			c.add("rule-added", Request, spot{operation: operation, path: is.ID, where: c.now(behaviourFile, is.Line), basis: is.Basis}, "the new rule %s leads to %s: %s", is.ID, is.Outcome, ruleWords(is))
			continue
		}
		now = append(now, is.ID)
	}
	if !slices.Equal(kept, now) {
		c.add("rule-order-changed", Response, spot{operation: operation, path: "rules", where: c.now(behaviourFile, 0)}, "rules are looked at in the order %s now, %s before", strings.Join(now, ", "), strings.Join(kept, ", "))
	}
}

func ruleWords(r specs.Rule) string {
	if r.Clause != "" {
		return r.Clause
	}
	return "when " + expression(r.When)
}

// expression gives a CEL expression without its line breaks.
func expression(s string) string { return strings.Join(strings.Fields(s), " ") }

func (c *comparison) operationBehaviour(operation string, was, is *specs.OperationBehaviour) {
	at := spot{operation: operation, where: c.now(behaviourFile, is.Line)}
	if a, b := batchOf(was), batchOf(is); a != b {
		at.path = "batch"
		c.add("batch-changed", Both, at, "items are taken from %s now, from %s before", b, a)
	}
	if !reflect.DeepEqual(effectsOf(was.Effects), effectsOf(is.Effects)) {
		at.path = "effects"
		c.add("effect-changed", Both, at, "what the operation does to what is kept has changed")
	}
	a, b := respondOf(was), respondOf(is)
	at.path = "respond"
	if a.Status != b.Status {
		c.add("response-status-changed", Response, at, "a success comes with status %d now, with %d before", b.Status, a.Status)
	}
	if !sameNode(a.Body, b.Body) || !reflect.DeepEqual(a.Headers, b.Headers) || a.MediaType != b.MediaType || !sameNode(was.Let, is.Let) || !sameNode(was.ItemLet, is.ItemLet) || was.Success != is.Success {
		c.add("answer-changed", Response, at, "the mock fills the answer of a success otherwise")
	}
}

func batchOf(b *specs.OperationBehaviour) string {
	switch {
	case b.Batch == nil:
		return "nowhere"
	case b.Batch.Violations == "item":
		return b.Batch.Items + ", each judged by itself"
	}
	return b.Batch.Items
}

func respondOf(b *specs.OperationBehaviour) *specs.Respond {
	if b.Respond == nil {
		return &specs.Respond{}
	}
	return b.Respond
}

func effectsOf(list []specs.Effect) []any {
	var all []any
	for _, e := range list {
		all = append(all, []any{e.Put, e.Merge, e.Delete, expression(e.Key), expression(e.Owner), expression(e.When), plain(e.Document), plain(e.Patch)})
	}
	return all
}

func plain(n yaml.Node) any {
	if n.Kind == 0 {
		return nil
	}
	return yamlfile.Go(&n)
}

func sameNode(a, b yaml.Node) bool { return reflect.DeepEqual(plain(a), plain(b)) }

func (c *comparison) resources(before, after map[string]*specs.Resource) {
	where := c.now(behaviourFile, 0)
	for _, name := range sortedNames(before, after) {
		was, is := before[name], after[name]
		at := spot{path: name, where: where}
		switch {
		case was == nil:
			c.add("resource-added", Both, at, "%s is kept now", name)
			continue
		case is == nil:
			c.add("resource-removed", Both, at, "%s is no longer kept", name)
			continue
		}
		for _, index := range sortedNames(was.Indexes, is.Indexes) {
			old, now := was.Indexes[index], is.Indexes[index]
			at.path = name + "." + index
			switch {
			case !old.Unique && now.Unique:
				c.add("uniqueness-added", Request, at, "%s of %s must be unique now%s", index, name, scopeOf(now))
			case old.Unique && !now.Unique:
				c.add("uniqueness-removed", Request, at, "%s of %s may be used more than once now", index, name)
			case now.Unique && (scopeOf(old) != scopeOf(now) || expression(old.Value) != expression(now.Value)):
				c.add("uniqueness-scope-changed", Request, at, "%s of %s (%s) is unique%s now; before, %s was%s", index, name, expression(now.Value), scopeOf(now), expression(old.Value), scopeOf(old))
			}
		}
	}
}

func scopeOf(i specs.Index) string {
	if i.Per == "owner" {
		return " within one company"
	}
	return " among all companies"
}

func (c *comparison) states(before, after map[string]*specs.ProviderState) {
	for _, name := range sortedNames(before, after) {
		was, is := before[name], after[name]
		switch {
		case was == nil:
			c.add("state-added", Both, spot{path: name, where: c.now(behaviourFile, is.Line)}, "there is a new provider state, %s: %s", name, is.Title)
		case is == nil:
			c.add("state-removed", Both, spot{path: name, where: c.old(behaviourFile, was.Line)}, "the provider state %s is gone: %s", name, was.Title)
		case !reflect.DeepEqual(was.Params, is.Params) || !sameNode(was.Answers, is.Answers) || !sameNode(was.Let, is.Let) || !reflect.DeepEqual(effectsOf(was.Effects), effectsOf(is.Effects)):
			c.add("state-changed", Both, spot{path: name, where: c.now(behaviourFile, is.Line)}, "the provider state %s prepares something else, or takes other parameters", name)
		}
	}
}
