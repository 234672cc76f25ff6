package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// scope holds what the references of one run of a scenario may name.
type scope struct {
	seed      int64
	scenario  string
	given     map[string]*payload.Node // object of answers, by name
	captured  map[string]*payload.Node // by "step.name"
	requests  map[string]*payload.Tree
	responses map[string]*payload.Tree
	// undescribed are the members of answers that the contract says nothing about, or
	// whose value it leaves open.
	undescribed map[*payload.Node]bool
}

func newScope(seed int64, scenario string) *scope {
	return &scope{seed: seed, scenario: scenario, given: map[string]*payload.Node{}, captured: map[string]*payload.Node{},
		requests: map[string]*payload.Tree{}, responses: map[string]*payload.Tree{}, undescribed: map[*payload.Node]bool{}}
}

// answered keeps the answer of a step, and notes what of it need not be the same in
// another answer.
func (s *scope) answered(step string, j *judge.Judgement, open []specs.NotCompared) {
	s.responses[step] = j.Tree
	for _, f := range j.Findings {
		if f.In == "body" && f.Kind == "unexpected" && f.Severity == reports.SeverityInfo && f.Path != "" {
			if n := j.Tree.At(f.Path); n != nil {
				s.undescribed[n] = true
			}
		}
	}
	for _, place := range open {
		for _, n := range j.Tree.Select(place.At) {
			s.undescribed[n] = true
		}
	}
}

func (s *scope) isUndescribed(n *payload.Node) bool { return s.undescribed[n] }

// unknownValue is a reference to something that an earlier step did not give.
type unknownValue struct{ what string }

func (e *unknownValue) Error() string { return e.what }

// resolver resolves references; own is the name of the step itself.
func (s *scope) resolver(own string) func(*scenarios.Reference) (*payload.Node, error) {
	return func(ref *scenarios.Reference) (*payload.Node, error) {
		switch ref.Kind {
		case "unique":
			return text(s.unique(ref.Name)), nil
		case "uuid":
			return text(s.uuid(ref.Name)), nil
		case "request", "response":
			step := ref.Name
			if step == "" {
				step = own
			}
			trees := s.requests
			if ref.Kind == "response" {
				trees = s.responses
			}
			t := trees[step]
			if t == nil || t.Root == nil {
				return nil, &unknownValue{fmt.Sprintf("the %s of step %s has no body that can be read", ref.Kind, step)}
			}
			n := t.At(ref.Path)
			if ref.Path == "" {
				n = t.Root
			}
			if n == nil {
				return nil, &unknownValue{fmt.Sprintf("the %s of step %s has no %s", ref.Kind, step, ref.Path)}
			}
			return n, nil
		}
		if n := s.captured[ref.Name+"."+ref.Field]; n != nil {
			return n, nil
		}
		n := s.given[ref.Name]
		for _, name := range strings.Split(ref.Field, ".") {
			if n == nil {
				break
			}
			n = n.Member(name)
		}
		if _, given := s.given[ref.Name]; given && (n == nil || n.Kind == payload.Null) {
			return nil, &unknownValue{fmt.Sprintf("there is no value ${%s.%s}: the set-up hook or the fixture did not give it", ref.Name, ref.Field)}
		}
		if n == nil {
			return nil, &unknownValue{fmt.Sprintf("there is no value ${%s.%s}", ref.Name, ref.Field)}
		}
		return n, nil
	}
}

func text(s string) *payload.Node { return &payload.Node{Kind: payload.String, Value: s} }

// random is a source that depends on the seed, the scenario and a name alone, so
// that a value does not change with the order in which scenarios run.
func (s *scope) random(name string) *rand.Rand {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%s\x00%s", s.seed, s.scenario, name))
	return rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])))
}

func (s *scope) unique(name string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	rng := s.random("unique " + name)
	out := make([]byte, 12)
	for i := range out {
		out[i] = letters[rng.IntN(len(letters))]
	}
	return string(out)
}

func (s *scope) uuid(name string) string {
	rng := s.random("uuid " + name)
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], rng.Uint64())
	binary.BigEndian.PutUint64(b[8:], rng.Uint64())
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
