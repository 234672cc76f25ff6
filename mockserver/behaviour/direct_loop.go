package behaviour

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// directLoop is exists, all, filter or map over a list. The macros of CEL write
// them out as a loop with a step; which of the four it is shows in the step.
// Any other loop is for the interpreter, unless there is nothing to loop over.
func (sc *scope) directLoop(loop ast.ComprehensionExpr) direct {
	if loop.Result().Kind() != ast.IdentKind || loop.Result().AsIdent() != loop.AccuVar() || loop.IterVar2() != "" {
		return nil
	}
	l := &directLoop{over: sc.part(loop.IterRange()), start: sc.part(loop.AccuInit())}
	inside, at := sc.inLoop(loop.IterVar())
	if inside != nil {
		l.slot = at
		l.step = inside.directStep(loop)
	}
	return l.run
}

// directLoop is a loop without the interpreter.
type directLoop struct {
	over, start direct
	slot        int
	step        step // nil: only a loop over nothing is known
}

// step looks at one item: it may add a value to the list that the loop gives, or
// end the loop with a value of its own.
type step func(f *frame, made *[]ref.Val) (end any, ok bool)

func (l *directLoop) run(f *frame) (any, bool) {
	v, ok := l.over(f)
	if !ok {
		return nil, false
	}
	var made []ref.Val
	before := f.values[l.slot]
	defer func() { f.values[l.slot] = before }()
	if n, is := v.(view); is && n.n != nil && n.kind() == payload.Array {
		for c := n.n.First(); c != nil; c = c.Next() {
			if end, ok := l.item(f, viewOf(c), &made); end != nil || !ok {
				return end, ok
			}
		}
		return l.result(f, made)
	}
	list, is := v.(traits.Lister)
	if !is {
		return nil, false
	}
	size, _ := list.Size().(types.Int)
	for i := range size {
		if end, ok := l.item(f, list.Get(i), &made); end != nil || !ok {
			return end, ok
		}
	}
	return l.result(f, made)
}

func (l *directLoop) item(f *frame, value any, made *[]ref.Val) (end any, ok bool) {
	if l.step == nil {
		return nil, false
	}
	f.values[l.slot] = value
	return l.step(f, made)
}

func (l *directLoop) result(f *frame, made []ref.Val) (any, bool) {
	if made == nil {
		return l.start(f)
	}
	return types.NewRefValList(celAdapter{}, made), true
}

// directStep tells what a loop does with an item, nil if it is none of the usual.
func (sc *scope) directStep(loop ast.ComprehensionExpr) step {
	if loop.LoopStep().Kind() != ast.CallKind {
		return nil
	}
	call, accu := loop.LoopStep().AsCall(), loop.AccuVar()
	args := call.Args()
	switch call.FunctionName() {
	case operators.LogicalOr:
		if isName(args[0], accu) {
			return until(true, sc.part(args[1]))
		}
	case operators.LogicalAnd:
		if isName(args[0], accu) {
			return until(false, sc.part(args[1]))
		}
	case operators.Add:
		return sc.adding(args, accu, nil)
	case operators.Conditional:
		if args[1].Kind() == ast.CallKind && args[1].AsCall().FunctionName() == operators.Add && isName(args[2], accu) {
			return sc.adding(args[1].AsCall().Args(), accu, sc.part(args[0]))
		}
	}
	return nil
}

func isName(e ast.Expr, name string) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == name }

// until ends the loop at the first item for which the condition comes out so.
func until(so bool, condition direct) step {
	return func(f *frame, _ *[]ref.Val) (any, bool) {
		is, ok := condition.truth(f)
		if ok && is == so {
			return types.Bool(so), true
		}
		return nil, ok
	}
}

// adding is accu + [value] for the items that are wanted.
func (sc *scope) adding(args []ast.Expr, accu string, wanted direct) step {
	if !isName(args[0], accu) || args[1].Kind() != ast.ListKind || args[1].AsList().Size() != 1 {
		return nil
	}
	value := sc.part(args[1].AsList().Elements()[0])
	return func(f *frame, made *[]ref.Val) (any, bool) {
		if wanted != nil {
			if is, ok := wanted.truth(f); !ok || !is {
				return nil, ok
			}
		}
		v, ok := value(f)
		if !ok {
			return nil, false
		}
		*made = append(*made, adapt(v))
		return nil, true
	}
}

// inLoop gives the scope inside a loop, where the variable of the loop has a
// place of its own; nil where loops are nested too deep.
func (sc *scope) inLoop(variable string) (inside *scope, slot int) {
	if sc.depth == loopSlots {
		return nil, 0
	}
	slot = fixedSlots + sc.depth
	names := sc.names()
	names[variable] = slot
	return &scope{slots: names, order: sc.order, depth: sc.depth + 1}, slot
}
