package behaviour

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// directFunction makes a call of a function; nil for one that only the
// interpreter knows.
func (sc *scope) directFunction(name string, args []ast.Expr) direct {
	switch {
	case name == "dyn" && len(args) == 1:
		return sc.part(args[0])
	case name == "default" && len(args) == 2:
		a, b := sc.part(args[0]), sc.part(args[1])
		return func(f *frame) (any, bool) {
			if v, ok := a(f); !ok || !isNull(v) {
				return v, ok
			}
			return b(f)
		}
	case name == "blank" && len(args) == 1:
		return sc.one(args[0], func(v any) (any, bool) {
			s, is := stringOf(v)
			return types.Bool(isNull(v) || is && s == ""), true
		})
	case name == "text" && len(args) == 1:
		return sc.one(args[0], func(v any) (any, bool) {
			if _, is := stringOf(v); is {
				return v, true
			}
			return types.String(textOf(adapt(v))), true
		})
	case name == "size" && len(args) == 1:
		return sc.one(args[0], sizeOf)
	case name == "double" && len(args) == 1:
		return sc.one(args[0], doubleOf)
	}
	for _, fn := range functionTable() {
		// What counts is not asked twice: a call that gives up is repeated.
		if fn.withFrame && !fn.writes && name == "@"+fn.name && len(args) == fn.args+1 {
			return withFrame(fn, sc.parts(args[1:]))
		}
		if !fn.withFrame && name == fn.name && len(args) == fn.args {
			list := sc.parts(args)
			for i, arg := range args {
				if arg.Kind() == ast.MapKind {
					if made := sc.directMap(arg.AsMap()); made != nil {
						list[i] = made
					}
				}
			}
			return withFrame(fn, list)
		}
	}
	return nil
}

// one is a function of one argument.
func (sc *scope) one(arg ast.Expr, call func(v any) (any, bool)) direct {
	of := sc.part(arg)
	return func(f *frame) (any, bool) {
		v, ok := of(f)
		if !ok {
			return nil, false
		}
		return call(v)
	}
}

// withFrame calls one of our own functions.
func withFrame(fn function, args []direct) direct {
	return func(f *frame) (any, bool) {
		var room [4]ref.Val
		values := room[:0]
		for _, arg := range args {
			v, ok := arg(f)
			if !ok {
				return nil, false
			}
			values = append(values, argument(v))
		}
		v := fn.call(f, values)
		return v, !types.IsUnknownOrError(v)
	}
}

// argument is adapt without what a text costs: our functions read a view as well.
func argument(v any) ref.Val {
	if val, is := v.(view); is && val.n != nil && val.kind() == payload.Object {
		return val
	}
	return adapt(v)
}

func sizeOf(v any) (any, bool) {
	if s, is := stringOf(v); is {
		return types.Int(utf8.RuneCountInString(s)), true
	}
	switch v := v.(type) {
	case view:
		if v.n != nil && (v.kind() == payload.Array || v.kind() == payload.Object) {
			return types.Int(v.n.Len()), true
		}
	case traits.Lister:
		n, whole := v.Size().(types.Int)
		return n, whole
	}
	return nil, false
}

func doubleOf(v any) (any, bool) {
	if s, is := stringOf(v); is {
		n, err := strconv.ParseFloat(s, 64)
		return types.Double(n), err == nil
	}
	switch n := adapt(v).(type) {
	case types.Double:
		return n, true
	case types.Int:
		return types.Double(n), true
	}
	return nil, false
}

// directMethod makes a call of a function of a text.
func (sc *scope) directMethod(name string, of direct, args []ast.Expr) direct {
	text := func(then func(f *frame, s string) (any, bool)) direct {
		return func(f *frame) (any, bool) {
			v, ok := of(f)
			if !ok {
				return nil, false
			}
			s, is := stringOf(v)
			if !is {
				return nil, false
			}
			return then(f, s)
		}
	}
	switch {
	case name == "lowerAscii" && len(args) == 0:
		return text(func(_ *frame, s string) (any, bool) { return types.String(mapASCII(s, 'A', 'Z')), true })
	case name == "upperAscii" && len(args) == 0:
		return text(func(_ *frame, s string) (any, bool) { return types.String(mapASCII(s, 'a', 'z')), true })
	case name == "size" && len(args) == 0:
		return func(f *frame) (any, bool) {
			v, ok := of(f)
			if !ok {
				return nil, false
			}
			return sizeOf(v)
		}
	case name == "matches" && len(args) == 1 && args[0].Kind() == ast.LiteralKind:
		source, _ := args[0].AsLiteral().(types.String)
		pattern, err := regexp.Compile(string(source))
		if err != nil {
			return nil
		}
		return text(func(_ *frame, s string) (any, bool) { return types.Bool(pattern.MatchString(s)), true })
	case name == "substring" && len(args) == 1:
		from := sc.part(args[0])
		return text(func(f *frame, s string) (any, bool) {
			v, ok := from(f)
			at, whole := v.(types.Int)
			// Places are counted in characters.
			if !ok || !whole || at < 0 || int(at) > len(s) || utf8.RuneCountInString(s) != len(s) {
				return nil, false
			}
			return types.String(s[at:]), true
		})
	}
	return nil
}

// mapASCII changes the case of the letters from first to last.
func mapASCII(s string, first, last byte) string {
	at := 0
	for at < len(s) && (s[at] < first || s[at] > last) {
		at++
	}
	if at == len(s) {
		return s
	}
	changed := []byte(s)
	for i := at; i < len(changed); i++ {
		if changed[i] >= first && changed[i] <= last {
			changed[i] ^= 'a' - 'A'
		}
	}
	return string(changed)
}

// directIndex is a["name"] and a[0].
func (sc *scope) directIndex(of direct, index ast.Expr) direct {
	if index.Kind() != ast.LiteralKind {
		return nil
	}
	switch at := index.AsLiteral().(type) {
	case types.String:
		return directMember(of, string(at))
	case types.Int:
		return func(f *frame) (any, bool) {
			v, ok := of(f)
			if !ok {
				return nil, false
			}
			switch l := v.(type) {
			case list:
				found, _ := l.Find(at)
				return found, true
			case traits.Lister:
				if size, _ := l.Size().(types.Int); at >= 0 && at < size {
					return l.Get(at), true
				}
			}
			return nil, false
		}
	}
	return nil
}

// among is x in ['a', 'b'] for texts that are written out.
func among(of direct, in ast.Expr) direct {
	if in.Kind() != ast.ListKind {
		return nil
	}
	var texts []string
	for _, e := range in.AsList().Elements() {
		if e.Kind() != ast.LiteralKind {
			return nil
		}
		s, is := e.AsLiteral().(types.String)
		if !is {
			return nil
		}
		texts = append(texts, string(s))
	}
	return func(f *frame) (any, bool) {
		v, ok := of(f)
		if !ok {
			return nil, false
		}
		s, is := stringOf(v)
		for _, t := range texts {
			if is && s == t {
				return types.True, true
			}
		}
		return types.False, is
	}
}

// directBinary calculates with two whole numbers, two numbers or two texts.
func directBinary(operator string, a, b direct) direct {
	return func(f *frame) (any, bool) {
		x, ok := a(f)
		if !ok {
			return nil, false
		}
		y, ok := b(f)
		if !ok {
			return nil, false
		}
		if s, is := stringOf(x); is {
			t, is := stringOf(y)
			if !is || operator == operators.Subtract {
				return nil, false
			}
			if operator == operators.Add {
				return types.String(s + t), true
			}
			return ordered(operator, strings.Compare(s, t)), true
		}
		l, whole := adapt(x).(types.Int)
		r, too := adapt(y).(types.Int)
		if !whole || !too {
			return nil, false
		}
		switch operator {
		case operators.Add:
			sum := l.Add(r)
			return sum, !types.IsUnknownOrError(sum)
		case operators.Subtract:
			rest := l.Subtract(r)
			return rest, !types.IsUnknownOrError(rest)
		}
		switch {
		case l < r:
			return ordered(operator, -1), true
		case l > r:
			return ordered(operator, 1), true
		}
		return ordered(operator, 0), true
	}
}

func ordered(operator string, order int) types.Bool {
	switch operator {
	case operators.Less:
		return order < 0
	case operators.LessEquals:
		return order <= 0
	case operators.Greater:
		return order > 0
	}
	return order >= 0
}
