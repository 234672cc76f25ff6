package behaviour

import (
	"maps"
	"reflect"
	"slices"
	"strconv"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// scope numbers the variables of one operation, so that a value is found by its
// place and not by its name.
type scope struct {
	order []string
	slots map[string]int // the places by name, where it is more than the order or names are many
	depth int            // of the loops around an expression
}

// The variables that every operation has, in the order of their places.
const (
	slotRequest = iota
	slotCaller
	slotItem
	slotIndex
	slotViolations
	slotParams
	slotResults
	slotGlobal
	slotOutcome
	slotDetail
	slotDoc
	fixedSlots
)

// loopSlots are the places behind the fixed ones for the variables of loops
// inside each other.
const loopSlots = 3

func fixedNames() []string {
	return []string{"request", "caller", "item", "index", "violations", "params", "results", "global", "outcome", "detail", "doc"}
}

func newScope() *scope {
	s := &scope{order: make([]string, 0, fixedSlots+loopSlots+fewNames)}
	for _, name := range fixedNames() {
		s.slot(name)
	}
	for i := range loopSlots {
		s.slot("\x00loop" + strconv.Itoa(i))
	}
	return s
}

// slot gives the place of a name; a new name gets one.
func (s *scope) slot(name string) int {
	if at, ok := s.find(name); ok {
		return at
	}
	at := len(s.order)
	s.order = append(s.order, name)
	if s.slots != nil {
		s.slots[name] = at
	} else if len(s.order) > fixedSlots+loopSlots+fewNames {
		s.slots = s.names()
	}
	return at
}

// fewNames is up to how many of its own names a scope is searched: a map takes 1 KB,
// and a document may have ten thousand operations.
const fewNames = 4

// find gives the place of a name, if it has one.
func (s *scope) find(name string) (int, bool) {
	if s.slots != nil {
		at, ok := s.slots[name]
		return at, ok
	}
	at := slices.Index(s.order, name)
	return at, at >= 0
}

// names gives the places by name.
func (s *scope) names() map[string]int {
	if s.slots != nil {
		return maps.Clone(s.slots)
	}
	all := make(map[string]int, len(s.order))
	for at, name := range s.order {
		all[name] = at
	}
	return all
}

// frame holds the values of the variables while one request is decided.
type frame struct {
	scope     *scope
	values    []any
	call      *Call
	behaviour *Behaviour
	build     payload.Builder
	index     *frame // of the resource that was stored last
}

func (b *Behaviour) newFrame(s *scope, call *Call) *frame {
	return &frame{scope: s, values: make([]any, len(s.order)), call: call, behaviour: b}
}

// failed is a let-value that could not be computed: an error for whom uses it,
// and nothing for whom does not.
type failed struct{ err error }

// ResolveName is how CEL asks for a variable.
func (f *frame) ResolveName(name string) (any, bool) {
	at, ok := f.scope.find(name)
	if !ok {
		if name == callName {
			return frameValue{f}, true
		}
		return nil, false
	}
	switch v := f.values[at].(type) {
	case nil:
		return absent, true
	case failed:
		return types.WrapErr(v.err), true
	default:
		return v, true
	}
}

// Parent is nil: there is nothing outside.
func (f *frame) Parent() cel.Activation { return nil }

// frameValue carries the frame through CEL to our functions.
type frameValue struct{ frame *frame }

// ConvertToNative gives the frame.
func (v frameValue) ConvertToNative(reflect.Type) (any, error) { return v.frame, nil }

// ConvertToType refuses.
func (v frameValue) ConvertToType(to ref.Type) ref.Val { return types.NewErr("no value") }

// Equal holds for the same frame.
func (v frameValue) Equal(other ref.Val) ref.Val {
	o, ok := other.(frameValue)
	return types.Bool(ok && o.frame == v.frame)
}

// Type is opaque.
func (v frameValue) Type() ref.Type { return types.NewOpaqueType("call") }

// Value gives the frame.
func (v frameValue) Value() any { return v.frame }
