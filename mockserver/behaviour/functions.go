package behaviour

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
	"cel.dev/cel-go/parser"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// callName is the hidden variable by which a function reaches the state, the
// clock and the randomness of the call that it is evaluated for.
const callName = "@call"

// function is one function that expressions may call.
type function struct {
	name string
	args int
	// call gets its arguments; withFrame tells that it needs the call as well.
	call      func(f *frame, args []ref.Val) ref.Val
	withFrame bool
	// writes marks functions that change the state.
	writes bool
}

// functionTable lists our functions, beside the standard ones of CEL.
func functionTable() []function {
	return []function{
		{name: "get", args: 2, withFrame: true, call: get},
		{name: "find", args: 3, withFrame: true, call: find},
		{name: "findAll", args: 3, withFrame: true, call: findAll},
		{name: "list", args: 1, withFrame: true, call: listBodies},
		{name: "uuid", args: 0, withFrame: true, call: func(f *frame, _ []ref.Val) ref.Val { return types.String(f.call.Sources.UUID()) }},
		{name: "now", args: 0, withFrame: true, call: func(f *frame, _ []ref.Val) ref.Val {
			return types.String(f.call.Sources.Now().UTC().Format(time.RFC3339))
		}},
		{name: "today", args: 0, withFrame: true, call: func(f *frame, _ []ref.Val) ref.Val {
			return types.String(f.call.Sources.Now().UTC().Format(time.DateOnly))
		}},
		{name: "token", args: 1, withFrame: true, call: token},
		{name: "seq", args: 1, withFrame: true, writes: true, call: next},
		{name: "blank", args: 1, call: func(_ *frame, a []ref.Val) ref.Val {
			return types.Bool(isNull(a[0]) || a[0] == types.String(""))
		}},
		{name: "default", args: 2, call: func(_ *frame, a []ref.Val) ref.Val {
			if isNull(a[0]) {
				return a[1]
			}
			return a[0]
		}},
		{name: "text", args: 1, call: func(_ *frame, a []ref.Val) ref.Val { return types.String(textOf(a[0])) }},
		{name: "merge", args: 2, call: func(_ *frame, a []ref.Val) ref.Val {
			var b payload.Builder
			return adapt(viewOf(mergePatch(nodeOf(a[0], &b), nodeOf(a[1], &b))))
		}},
	}
}

func get(f *frame, a []ref.Val) ref.Val {
	if isNull(a[1]) {
		return absent
	}
	resource := textOf(a[0])
	if f.behaviour.resources[resource] == nil {
		return noResource("get", resource)
	}
	d, err := f.call.Tx.Get(resource, textOf(a[1]))
	if err != nil {
		return types.WrapErr(err)
	}
	if d == nil {
		return absent
	}
	return record{document{d}}
}

func noResource(function, name string) ref.Val {
	return types.NewErr("%s: there is no resource %q; behaviour.yaml declares resources", function, name)
}

// indexed finds the index that a function names.
func indexed(f *frame, function string, a []ref.Val) (resource, name string, ix *index, failed ref.Val) {
	resource, name = textOf(a[0]), textOf(a[1])
	if ix = f.behaviour.index(resource, name); ix == nil {
		failed = types.NewErr("%s: resource %q has no index %q; behaviour.yaml declares indexes below resources", function, resource, name)
	}
	return resource, name, ix, failed
}

// findAll gives the bodies of all documents with an index value, the oldest first.
func findAll(f *frame, a []ref.Val) ref.Val {
	resource, index, ix, failed := indexed(f, "findAll", a)
	if failed != nil {
		return failed
	}
	if isNull(a[2]) {
		return bodies(nil)
	}
	docs, err := f.call.Tx.FindAll(resource, index, ix.scoped(f.call.Caller.Company, textOf(a[2])))
	if err != nil {
		return types.WrapErr(err)
	}
	return bodies(docs)
}

func find(f *frame, a []ref.Val) ref.Val {
	resource, index, ix, failed := indexed(f, "find", a)
	if failed != nil {
		return failed
	}
	if isNull(a[2]) {
		return absent
	}
	d, err := f.call.Tx.Find(resource, index, ix.scoped(f.call.Caller.Company, textOf(a[2])))
	if err != nil {
		return types.WrapErr(err)
	}
	if d == nil {
		return absent
	}
	return record{document{d}}
}

func listBodies(f *frame, a []ref.Val) ref.Val {
	resource := textOf(a[0])
	if f.behaviour.resources[resource] == nil {
		return noResource("list", resource)
	}
	docs, err := f.call.Tx.List(resource)
	if err != nil {
		return types.WrapErr(err)
	}
	return bodies(docs)
}

func bodies(docs []*state.Doc) ref.Val {
	items := make([]ref.Val, len(docs))
	for i, d := range docs {
		items[i] = adapt(viewOf(d.Node()))
	}
	return listOfValues(items)
}

func token(f *frame, a []ref.Val) ref.Val {
	n, ok := a[0].(types.Int)
	if !ok || n < 1 || n > 256 {
		return types.NewErr("token: expected a length from 1 to 256, found %v", a[0].Value())
	}
	return types.String(f.call.Sources.Token(int(n)))
}

func next(f *frame, a []ref.Val) ref.Val {
	n, err := f.call.Tx.Next(textOf(a[0]))
	if err != nil {
		return types.WrapErr(err)
	}
	return types.Int(n)
}

// newEnvironment makes the environment that all expressions of one contract are
// checked in; names are the variables that occur anywhere.
func newEnvironment(names []string) (*cel.Env, error) {
	opts := []cel.EnvOption{
		cel.ClearMacros(),
		cel.OptionalTypes(),
		ext.Strings(),
		ext.Lists(),
		cel.CustomTypeAdapter(celAdapter{}),
		cel.Macros(parser.NewGlobalMacro(operators.Has, 1, expandHas)),
		cel.Macros(parser.AllMacros[1:]...),
		cel.Variable(callName, cel.DynType),
	}
	for _, name := range names {
		opts = append(opts, cel.Variable(name, cel.DynType))
	}
	for _, fn := range functionTable() {
		opts = append(opts, declare(fn)...)
	}
	return cel.NewEnv(opts...)
}

// declare makes the CEL declaration of a function. One that needs the call gets
// it as a hidden first argument, which a macro adds.
func declare(fn function) []cel.EnvOption {
	inner, arity := fn.name, fn.args
	var opts []cel.EnvOption
	if fn.withFrame {
		inner, arity = "@"+fn.name, fn.args+1
		opts = append(opts, cel.Macros(parser.NewGlobalMacro(fn.name, fn.args,
			func(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
				return eh.NewCall(inner, append([]ast.Expr{eh.NewIdent(callName)}, args...)...), nil
			})))
	}
	params := make([]*cel.Type, arity)
	for i := range params {
		params[i] = cel.DynType
	}
	binding := cel.FunctionBinding(func(args ...ref.Val) ref.Val {
		if !fn.withFrame {
			return fn.call(nil, args)
		}
		return fn.call(args[0].(frameValue).frame, args[1:])
	})
	return append(opts, cel.Function(inner, cel.Overload("rw_"+fn.name, params, cel.DynType, binding)))
}

// expandHas makes has(a.b) of a.b != null: what is absent is null.
func expandHas(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
	if args[0].Kind() != ast.SelectKind {
		return nil, eh.NewError(args[0].ID(), "has() takes a member: has(request.body.number)")
	}
	return eh.NewCall(operators.NotEquals, args[0], eh.NewLiteral(types.NullValue)), nil
}
