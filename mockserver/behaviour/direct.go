package behaviour

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// direct is an expression without the interpreter: a tree of functions made of
// the parts that rules are mostly written in. It knows the usual course only. For
// anything else (another type, an error, a loop over something) it gives up,
// ok is false, and the interpreter evaluates the whole expression: what an
// expression means is decided there alone.
type direct func(f *frame) (v any, ok bool)

// quickly evaluates an expression without the interpreter, if it can.
func (e *expression) quickly(f *frame) (any, bool) {
	if e.quick == nil {
		return nil, false
	}
	v, ok := e.quick(f)
	if n, is := v.(view); is && n.n != nil && n.kind() == payload.Number {
		// Only a plain path keeps how a number was written: 2.50.
		return adapt(v), ok
	}
	return v, ok
}

func giveUp(*frame) (any, bool) { return nil, false }

// directly makes the function of an expression, nil when its outermost part is
// one for the interpreter.
func (sc *scope) directly(e ast.Expr) direct {
	switch e.Kind() {
	case ast.LiteralKind:
		v := any(e.AsLiteral())
		if isNull(v) {
			v = absent
		}
		return func(*frame) (any, bool) { return v, true }
	case ast.IdentKind:
		return sc.directName(e.AsIdent())
	case ast.SelectKind:
		if sel := e.AsSelect(); !sel.IsTestOnly() {
			return directMember(sc.part(sel.Operand()), sel.FieldName())
		}
	case ast.ListKind:
		if list := e.AsList(); len(list.OptionalIndices()) == 0 {
			return directList(sc.parts(list.Elements()))
		}
	case ast.ComprehensionKind:
		return sc.directLoop(e.AsComprehension())
	case ast.CallKind:
		return sc.directCall(e.AsCall())
	}
	return nil
}

// part is directly for a part of an expression: it gives up when it is reached,
// which may never happen.
func (sc *scope) part(e ast.Expr) direct {
	if d := sc.directly(e); d != nil {
		return d
	}
	return giveUp
}

func (sc *scope) parts(all []ast.Expr) []direct {
	list := make([]direct, len(all))
	for i, e := range all {
		list[i] = sc.part(e)
	}
	return list
}

// directName finds a variable.
func (sc *scope) directName(name string) direct {
	at, known := sc.find(name)
	if !known {
		return nil
	}
	return func(f *frame) (any, bool) {
		switch v := f.values[at].(type) {
		case nil:
			return absent, true
		case failed:
			return nil, false
		default:
			return v, true
		}
	}
}

// directMember is a.name and a["name"].
func directMember(of direct, name string) direct {
	return func(f *frame) (any, bool) {
		v, ok := of(f)
		if !ok {
			return nil, false
		}
		finder, ok := v.(interface{ FindStringKey(string) (any, bool) })
		if !ok {
			return nil, false
		}
		found, known := finder.FindStringKey(name)
		if !known || found == nil {
			return absent, true
		}
		return found, true
	}
}

func directList(items []direct) direct {
	return func(f *frame) (any, bool) {
		values := make([]ref.Val, len(items))
		for i, item := range items {
			v, ok := item(f)
			if !ok {
				return nil, false
			}
			values[i] = adapt(v)
		}
		return types.NewRefValList(celAdapter{}, values), true
	}
}

// directMap is an object whose names are written out, for a function that only
// reads it: to the interpreter, a member that is not there is an error. The
// members are sorted, as the interpreter's are.
func (sc *scope) directMap(m ast.MapExpr) direct {
	values := map[string]direct{}
	for _, entry := range m.Entries() {
		e := entry.AsMapEntry()
		if e.IsOptional() || e.Key().Kind() != ast.LiteralKind {
			return nil
		}
		name, ok := e.Key().AsLiteral().(types.String)
		if !ok || values[string(name)] != nil {
			return nil
		}
		values[string(name)] = sc.part(e.Value())
	}
	names := sortedNames(values)
	return func(f *frame) (any, bool) {
		n := f.build.NewNode(payload.Object, "", "")
		for _, name := range names {
			v, ok := values[name](f)
			if !ok {
				return nil, false
			}
			c := nodeOf(adapt(v), &f.build)
			c.Name = name
			n.Append(c)
		}
		return viewOf(n), true
	}
}

// directCall makes operators and functions.
func (sc *scope) directCall(call ast.CallExpr) direct {
	args := call.Args()
	if call.IsMemberFunction() {
		return sc.directMethod(call.FunctionName(), sc.part(call.Target()), args)
	}
	switch name := call.FunctionName(); name {
	case operators.Conditional:
		return choice(sc.part(args[0]), sc.part(args[1]), sc.part(args[2]))
	case operators.LogicalAnd:
		return both(sc.part(args[0]), sc.part(args[1]))
	case operators.LogicalOr:
		return either(sc.part(args[0]), sc.part(args[1]))
	case operators.LogicalNot:
		return not(sc.part(args[0]))
	case operators.Equals:
		return same(sc.part(args[0]), sc.part(args[1]))
	case operators.NotEquals:
		return not(same(sc.part(args[0]), sc.part(args[1])))
	case operators.Index:
		return sc.directIndex(sc.part(args[0]), args[1])
	case operators.In:
		return among(sc.part(args[0]), args[1])
	case operators.Add, operators.Subtract, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return directBinary(name, sc.part(args[0]), sc.part(args[1]))
	default:
		return sc.directFunction(name, args)
	}
}

// truth evaluates a condition.
func (d direct) truth(f *frame) (is, ok bool) {
	v, ok := d(f)
	if !ok {
		return false, false
	}
	switch v := v.(type) {
	case types.Bool:
		return bool(v), true
	case bool:
		return v, true
	case view:
		if v.n != nil && v.kind() == payload.Bool {
			return v.n.Value == "true", true
		}
	}
	return false, false
}

func choice(when, then, otherwise direct) direct {
	return func(f *frame) (any, bool) {
		is, ok := when.truth(f)
		switch {
		case !ok:
			return nil, false
		case is:
			return then(f)
		}
		return otherwise(f)
	}
}

func both(a, b direct) direct {
	return func(f *frame) (any, bool) {
		is, ok := a.truth(f)
		if ok && is {
			is, ok = b.truth(f)
		}
		return types.Bool(is), ok
	}
}

func either(a, b direct) direct {
	return func(f *frame) (any, bool) {
		is, ok := a.truth(f)
		if ok && !is {
			is, ok = b.truth(f)
		}
		return types.Bool(is), ok
	}
}

func not(a direct) direct {
	return func(f *frame) (any, bool) {
		is, ok := a.truth(f)
		return types.Bool(!is), ok
	}
}

// same is ==.
func same(a, b direct) direct {
	return func(f *frame) (any, bool) {
		x, ok := a(f)
		if !ok {
			return nil, false
		}
		y, ok := b(f)
		if !ok {
			return nil, false
		}
		if isNull(x) || isNull(y) {
			return types.Bool(isNull(x) && isNull(y)), true
		}
		if s, is := stringOf(x); is {
			if t, is := stringOf(y); is {
				return types.Bool(s == t), true
			}
		}
		l, r := adapt(x), adapt(y)
		if types.IsUnknownOrError(l) || types.IsUnknownOrError(r) {
			return nil, false
		}
		return types.Bool(equal(l, r)), true
	}
}

// stringOf gives the text of a value that is a text.
func stringOf(v any) (string, bool) {
	switch v := v.(type) {
	case types.String:
		return string(v), true
	case string:
		return v, true
	case view:
		if v.n != nil && v.kind() == payload.String {
			return v.n.Value, true
		}
	}
	return "", false
}
