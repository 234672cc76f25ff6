package proxy

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

var indexFields = regexp.MustCompile(`\bdoc\.([A-Za-z0-9_.]+)`)

// shared is how many requests may hold a value that names one thing. What more of them
// hold is a constant of the client.
const shared = 4

// shortest is the least length of a text that is taken for the same thing in two places
// without looking like a name.
const shortest = 4

// count takes the values of a request in, before anything is followed.
func (t *thread) count(e *recorded) {
	seen := map[string]bool{}
	for _, n := range leaves(e.request) {
		if len(n.Value) >= shortest && !seen[n.Value] {
			seen[n.Value] = true
			t.uses[n.Value]++
		}
	}
}

// again links a request with the first one that was served with the same value: what
// that made of it, this one may be answered for.
func (t *thread) again(s *step, n *payload.Node) {
	if !telling(n) || t.uses[n.Value] < 2 || t.uses[n.Value] > shared {
		return
	}
	if first := t.writers[n.Value]; first != nil {
		s.link(first)
	} else if s.op.Method != "GET" && s.exchange.Status < 300 {
		t.writers[n.Value] = s
	}
}

// fresh finds the values that must be new in every run: those of unique indexes of
// what the operation creates, and the id that a caller chooses.
func (t *thread) fresh(s *step) map[*payload.Node]string {
	out := map[*payload.Node]string{}
	behaviour := t.contract.Behaviour
	if s.exchange.Status >= 300 || behaviour == nil || behaviour.Operations[s.op.ID] == nil {
		return out
	}
	names := map[string]bool{}
	for _, effect := range behaviour.Operations[s.op.ID].Effects {
		resource := behaviour.Resources[effect.Put]
		if resource == nil {
			continue
		}
		for _, index := range resource.Indexes {
			for _, field := range indexFields.FindAllStringSubmatch(index.Value, -1) {
				if index.Unique {
					names[field[1][strings.LastIndexByte(field[1], '.')+1:]] = true
				}
			}
		}
		if s.op.Method == "PUT" && !strings.Contains(s.op.Path, "{") {
			names["id"] = true
		}
	}
	byValue := map[string]string{}
	all := leaves(s.body)
	outermost := map[string]int{} // the number of an order is not that of a house in it
	for _, n := range all {
		if least, known := outermost[n.Name]; names[n.Name] && (!known || depth(n) < least) {
			outermost[n.Name] = depth(n)
		}
	}
	for i, n := range all {
		if !names[n.Name] || depth(n) > outermost[n.Name] || n.Value == "" || n.Kind == payload.Number || n.Name == "id" && (n.Parent() != s.body.Root || !uuidForm.MatchString(n.Value)) {
			continue
		}
		ref, sample := fmt.Sprintf("${unique:%s-%d}", s.id, i), "RW0123456789"
		if uuidForm.MatchString(n.Value) {
			ref, sample = fmt.Sprintf("${uuid:%s-%d}", s.id, i), "7f3c1c55-6b1e-4d63-9a53-3f0f6e1f2b11"
		}
		if same, twice := byValue[n.Value]; twice {
			out[n] = same
		} else if s.accepts(s.body.Path(n), sample) {
			out[n], byValue[n.Value] = ref, ref
		}
	}
	return out
}

// depth counts what a node stands in.
func depth(n *payload.Node) int {
	d := 0
	for p := n.Parent(); p != nil; p = p.Parent() {
		d++
	}
	return d
}

// accepts asks the schema whether a value may be replaced by one of another form.
func (s *step) accepts(path, sample string) bool {
	media := s.op.RequestBody.For(s.exchange.Request.Header.Get("Content-Type"))
	if media == nil {
		return false
	}
	try := s.body.Clone()
	before := len(schema.Hard(media.JudgeTree(try)))
	n := try.At(path)
	if n == nil {
		return false
	}
	n.Value = sample
	return len(schema.Hard(media.JudgeTree(try))) <= before
}
