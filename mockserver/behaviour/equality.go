package behaviour

import (
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// equality is == and != with our notion of null: the interpreter's own compares
// with its null by identity, and would find that what is absent differs from it.
type equality struct {
	id       int64
	lhs, rhs interpreter.InterpretableV2
	negate   bool
}

// replaceEquality puts it in the place of the interpreter's own nodes.
func replaceEquality(node interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	call, ok := node.(interpreter.InterpretableCall)
	if !ok {
		return node, nil
	}
	switch call.Function() {
	case operators.Equals, operators.NotEquals:
		args := call.Args()
		return &equality{id: call.ID(), lhs: args[0], rhs: args[1], negate: call.Function() == operators.NotEquals}, nil
	}
	return node, nil
}

// ID is that of the replaced node.
func (e *equality) ID() int64 { return e.id }

// Exec compares both sides; an error on one side is the result.
func (e *equality) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	l := e.lhs.Exec(frame)
	if types.IsUnknownOrError(l) {
		return l
	}
	r := e.rhs.Exec(frame)
	if types.IsUnknownOrError(r) {
		return r
	}
	return types.Bool(equal(l, r) != e.negate)
}

// Eval is Exec for callers of the older interface.
func (e *equality) Eval(vars interpreter.Activation) ref.Val {
	return interpreter.EvalActivation(vars, e.Exec)
}
