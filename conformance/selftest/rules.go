package selftest

import (
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
	// promised tells the operations for which a document promises what the fault
	// breaks; nil is all. Elsewhere it may be found, and need not.
	promised func(*specs.Contract, *specs.Operation) bool
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

		{fault: "drop-field", effect: mustFind, field: member, names: absent},
		{fault: "retype", effect: mustFind, field: typed, names: at},
		{fault: "out-of-enum", effect: mustFind, field: word, names: at},
		{fault: "reorder", effect: mustFind, field: ordered, names: beside},
		{fault: "extra-field", effect: mustFind, field: container, names: beside},

		{fault: "outcome", effect: mustFind, names: in("status", "body")},
		{fault: "forget-write", effect: mustFind, applies: writes, names: anywhere},
		{fault: "forget-write", variant: "every third", every: 3, effect: mustFind, applies: createsReadable, names: anywhere},
		{fault: "allow-duplicate", effect: mustFind, applies: refusesDuplicates, names: in("status", "body")},
		{fault: "ignore-auth", effect: mustFind, applies: asksForCredentials, names: in("status", "body")},
		{fault: "accept-everything", effect: mustFind, applies: checksBody, promised: documentsRefusal, names: in("status", "body")},
		{fault: "leak-company", effect: mustFind, applies: asksForOwner, promised: documentsOwner, names: anywhere},
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

// absent names the field, or another one beside it as missing: of a union without its
// tag nobody can say which member it lacks.
func absent(s Seed, d reports.Deviation) bool {
	return at(s, d) || d.Kind == "missing" && beside(s, d)
}

// beside names the field, what holds it, or something in it or next to it.
func beside(s Seed, d reports.Deviation) bool {
	found := payload.StripIndexes(d.Path)
	up := s.Path[:max(0, strings.LastIndexByte(s.Path, '/'))]
	return at(s, d) || d.Operation == s.Operation && holds(up, found)
}

func holds(outer, inner string) bool { return strings.HasPrefix(inner, outer+"/") }
