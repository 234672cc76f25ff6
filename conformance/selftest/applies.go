package selftest

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
)

func answersBody(_ *specs.Contract, op *specs.Operation) bool {
	for _, r := range op.Responses {
		if r.Body != nil && strings.HasPrefix(r.Status, "2") {
			return true
		}
	}
	return false
}

func behaviour(c *specs.Contract, op *specs.Operation) *specs.OperationBehaviour {
	if c.Behaviour == nil || c.Behaviour.Operations[op.ID] == nil {
		return &specs.OperationBehaviour{}
	}
	return c.Behaviour.Operations[op.ID]
}

func writes(c *specs.Contract, op *specs.Operation) bool { return len(behaviour(c, op).Effects) > 0 }

// createsReadable tells the operations whose every write can be read back at once.
func createsReadable(c *specs.Contract, op *specs.Operation) bool {
	b := behaviour(c, op)
	if b.Batch != nil {
		return false
	}
	for _, e := range b.Effects {
		if e.Put == "" || e.When != "" {
			continue
		}
		for _, other := range c.Operations {
			if other.Method == http.MethodGet && strings.Contains(expressions(behaviour(c, other)), "get('"+e.Put+"'") {
				return true
			}
		}
	}
	return false
}

// expressions gives all expressions of an operation in one text.
func expressions(b *specs.OperationBehaviour) string {
	var all strings.Builder
	for _, n := range b.Let.Content {
		all.WriteString(n.Value + "\n")
	}
	for _, n := range b.ItemLet.Content {
		all.WriteString(n.Value + "\n")
	}
	for _, list := range [][]specs.Rule{b.Rules, b.ItemRules} {
		for _, r := range list {
			all.WriteString(r.When + "\n")
		}
	}
	return all.String()
}

// refusesDuplicates tells the operations that look a unique value up and write.
func refusesDuplicates(c *specs.Contract, op *specs.Operation) bool {
	return slices.ContainsFunc(uniques(c, op), func(specs.Index) bool { return true })
}

// uniques gives the unique indexes in which an operation looks before it writes.
func uniques(c *specs.Contract, op *specs.Operation) []specs.Index {
	text := strings.ReplaceAll(expressions(behaviour(c, op)), "', '", "','")
	var all []specs.Index
	for _, e := range behaviour(c, op).Effects {
		r := c.Behaviour.Resources[e.Put]
		if r == nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(r.Indexes)) {
			if r.Indexes[name].Unique && strings.Contains(text, "find('"+e.Put+"','"+name+"'") {
				all = append(all, r.Indexes[name])
			}
		}
	}
	return all
}

func uniquePerOwner(c *specs.Contract, op *specs.Operation) bool {
	return slices.ContainsFunc(uniques(c, op), func(i specs.Index) bool { return i.Per == "owner" })
}

func asksForCredentials(_ *specs.Contract, op *specs.Operation) bool { return len(op.Security) > 0 }

func checksBody(_ *specs.Contract, op *specs.Operation) bool { return op.RequestBody != nil }

func asksForOwner(c *specs.Contract, op *specs.Operation) bool {
	return strings.Contains(expressions(behaviour(c, op)), "caller.company") || uniquePerOwner(c, op)
}

func hasErrorStatus(_ *specs.Contract, op *specs.Operation) bool {
	for _, o := range op.Outcomes() {
		if o.Layer == specs.LayerHTTP && o.Code >= "400" && o.Basis == specs.Documented {
			return true
		}
	}
	return false
}

// documentsRefusal tells the operations for which a document says how a wrong body is
// answered.
func documentsRefusal(c *specs.Contract, op *specs.Operation) bool {
	var refs []string
	for _, r := range c.Refusals {
		if (r.When == "invalid-body" || r.When == "malformed") && (len(r.Operations) == 0 || slices.Contains(r.Operations, op.ID)) {
			refs = append(refs, r.Outcome)
		}
	}
	b := behaviour(c, op)
	for _, r := range slices.Concat(b.Rules, b.ItemRules) {
		if strings.Contains(r.When, "violations") {
			refs = append(refs, r.Outcome)
		}
	}
	return slices.ContainsFunc(refs, func(ref string) bool {
		o := op.Outcome(ref)
		return o != nil && o.Basis == specs.Documented
	})
}

// documentsOwner tells the operations for which a document says that companies are
// apart.
func documentsOwner(c *specs.Contract, op *specs.Operation) bool {
	b := behaviour(c, op)
	return uniquePerOwner(c, op) || slices.ContainsFunc(slices.Concat(b.Rules, b.ItemRules), func(r specs.Rule) bool {
		return r.Basis == specs.Documented && (strings.Contains(r.When, "caller.company") || strings.Contains(r.When, ".owner"))
	})
}
