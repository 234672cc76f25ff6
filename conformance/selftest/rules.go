package selftest

import (
	"net/http"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// effect is what a fault must do to a run.
type effect string

const (
	mustFind effect = "must be found"
	tolerate effect = "must be tolerated"
	notSeen  effect = "cannot be seen"
)

// rule says what is expected of one fault, in one of its variants.
type rule struct {
	fault   string
	variant string // "" is the fault as it is
	params  map[string]string
	every   int // each n-th call; 0 is every call
	effect  effect
	why     string        // for tolerate and notSeen
	timeout time.Duration // of one exchange; 0 is the default
	most    int           // scenarios for one place; 0 is all that call the operation
	// applies tells the operations in which the fault can sit; nil is all.
	applies func(*specs.Contract, *specs.Operation) bool
	// field tells the fields in which it can sit; nil is for faults that sit in an
	// operation as a whole.
	field func(payload.Format, *payload.Node) bool
	// names reports whether a deviation says where the fault is.
	names func(seed Seed, d reports.Deviation) bool
}

// late is a delay beyond the deadline of the exchange that meets it.
const late = 250 * time.Millisecond

// sample is how many scenarios meet a fault that does the same to every answer.
const sample = 10

// rules lists what is expected of every fault.
func rules() []rule {
	return []rule{
		{fault: "latency", params: map[string]string{"delay": "5ms"}, effect: tolerate, why: "no contract promises a time", most: 3},
		{fault: "latency", variant: "beyond the deadline", params: map[string]string{"delay": "5s"}, effect: mustFind, timeout: late, most: 2, names: in("timing")},
		{fault: "random-latency", params: map[string]string{"min": "0s", "max": "10ms"}, effect: tolerate, why: "no contract promises a time", most: 3},
		{fault: "drip", params: map[string]string{"bytes": "256", "delay": "1ms"}, effect: tolerate, why: "the body is whole in the end", most: 3},
		{fault: "reset", effect: mustFind, most: sample, names: in("timing")},
		{fault: "truncate", effect: mustFind, most: sample, applies: answersBody, names: in("timing")},
		{fault: "empty", effect: mustFind, most: sample, applies: answersBody, names: in("body", "status")},
		{fault: "malformed", effect: mustFind, most: sample, applies: answersBody, names: in("body")},
		{fault: "wrong-content-type", effect: mustFind, most: sample, applies: answersBody, names: in("header")},

		{fault: "drop-field", effect: mustFind, field: member, names: at},
		{fault: "retype", effect: mustFind, field: typed, names: at},
		{fault: "out-of-enum", effect: mustFind, field: word, names: at},
		{fault: "reorder", effect: mustFind, field: ordered, names: beside},
		{fault: "extra-field", effect: mustFind, field: container, names: beside},

		{fault: "outcome", effect: mustFind, names: in("status", "body")},
		{fault: "forget-write", effect: mustFind, applies: writes, names: anywhere},
		{fault: "forget-write", variant: "every third", every: 3, effect: mustFind, applies: createsReadable, names: anywhere},
		{fault: "allow-duplicate", effect: mustFind, applies: refusesDuplicates, names: in("status", "body")},
		{fault: "ignore-auth", effect: mustFind, applies: asksForCredentials, names: in("status", "body")},
		{fault: "accept-everything", effect: mustFind, applies: checksBody, names: in("status", "body")},
		{fault: "leak-company", effect: mustFind, applies: asksForOwner, names: anywhere},
		{fault: "leak-session", effect: notSeen, why: "sessions belong to the mock; a contract knows companies: see leak-company"},
		{fault: "200-with-error", effect: mustFind, applies: hasErrorStatus, names: in("status", "body")},
	}
}

// in names the operation and the part of the message.
func in(parts ...string) func(Seed, reports.Deviation) bool {
	return func(s Seed, d reports.Deviation) bool {
		for _, part := range parts {
			if d.Operation == s.Operation && d.In == part {
				return true
			}
		}
		return false
	}
}

// anywhere is for a fault that shows at another operation than the one it sits in.
func anywhere(Seed, reports.Deviation) bool { return true }

// at names the field, what holds it or what it holds.
func at(s Seed, d reports.Deviation) bool {
	found, seeded := payload.StripIndexes(d.Path), s.Path
	return d.Operation == s.Operation && (found == seeded || holds(found, seeded) || holds(seeded, found))
}

// beside names the field, what holds it, or something in it or next to it.
func beside(s Seed, d reports.Deviation) bool {
	found := payload.StripIndexes(d.Path)
	up := s.Path[:max(0, strings.LastIndexByte(s.Path, '/'))]
	return at(s, d) || d.Operation == s.Operation && holds(up, found)
}

func holds(outer, inner string) bool { return strings.HasPrefix(inner, outer+"/") }

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
	text := expressions(behaviour(c, op))
	if c.Behaviour == nil {
		return false
	}
	for _, e := range behaviour(c, op).Effects {
		r := c.Behaviour.Resources[e.Put]
		if r == nil {
			continue
		}
		for name, index := range r.Indexes {
			if index.Unique && strings.Contains(text, "find('"+e.Put+"', '"+name+"'") || index.Unique && strings.Contains(text, "find('"+e.Put+"','"+name+"'") {
				return true
			}
		}
	}
	return false
}

func asksForCredentials(_ *specs.Contract, op *specs.Operation) bool { return len(op.Security) > 0 }

func checksBody(_ *specs.Contract, op *specs.Operation) bool { return op.RequestBody != nil }

func asksForOwner(c *specs.Contract, op *specs.Operation) bool {
	return strings.Contains(expressions(behaviour(c, op)), "caller.company")
}

func hasErrorStatus(_ *specs.Contract, op *specs.Operation) bool {
	for _, o := range op.Outcomes() {
		if o.Layer == specs.LayerHTTP && o.Code >= "400" && o.Basis == specs.Documented {
			return true
		}
	}
	return false
}
