package behaviour

import (
	"fmt"
	"reflect"
	"strconv"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// view is a JSON node as an expression sees it. One pointer wide, it goes into
// an interface without an allocation: looking at a body copies nothing.
type view struct{ n *payload.Node }

func viewOf(n *payload.Node) view  { return view{n} }
func (v view) node() *payload.Node { return v.n }
func (v view) kind() payload.Kind  { return v.n.Kind }
func (v view) isObject() bool      { return v.n.Kind == payload.Object }

// FindStringKey is what the interpreter calls for a.b. A member that is not
// there is left to Get and IsSet, so that a.?b knows that it is not there.
func (v view) FindStringKey(name string) (any, bool) {
	if !v.isObject() {
		return absent, true
	}
	if c := v.node().Member(name); c != nil {
		return viewOf(c), true
	}
	return nil, false
}

// Get gives a member, null when it is absent.
func (v view) Get(index ref.Val) ref.Val {
	name, ok := index.(types.String)
	if !ok || !v.isObject() {
		return absent
	}
	if c := v.node().Member(string(name)); c != nil {
		return adapt(viewOf(c))
	}
	return absent
}

// IsSet says whether there is such a member.
func (v view) IsSet(field ref.Val) ref.Val {
	name, ok := field.(types.String)
	return types.Bool(ok && v.isObject() && v.node().Member(string(name)) != nil)
}

// Contains says whether there is such a member: "name" in body.
func (v view) Contains(key ref.Val) ref.Val { return v.IsSet(key) }

// Size counts the members.
func (v view) Size() ref.Val { return types.Int(v.node().Len()) }

// Iterator walks over the names of the members.
func (v view) Iterator() traits.Iterator {
	names := make([]string, 0, v.node().Len())
	for c := range v.node().Children() {
		names = append(names, c.Name)
	}
	return types.NewStringList(celAdapter{}, names).Iterator()
}

// ConvertToNative is not needed by any function that is offered.
func (v view) ConvertToNative(to reflect.Type) (any, error) {
	return nil, fmt.Errorf("a JSON %s cannot become a %s", v.kind(), to)
}

// ConvertToType gives the JSON text for string(x).
func (v view) ConvertToType(to ref.Type) ref.Val {
	switch to {
	case types.StringType:
		return types.String(v.node().JSON())
	case types.TypeType:
		return types.MapType
	}
	return types.NewErr("a JSON %s cannot become a %s", v.kind(), to)
}

// Equal compares by value, members in any order.
func (v view) Equal(other ref.Val) ref.Val { return types.Bool(equal(v, other)) }

// Type is map.
func (v view) Type() ref.Type { return types.MapType }

// Value gives the plain Go form.
func (v view) Value() any { return v.node().Go() }

// list is a JSON array. It answers to an index as a map does, so that an item
// that is not there is null and not an error.
type list struct {
	traits.Lister
	n *payload.Node // nil when the list was made by an expression
}

func listOf(n *payload.Node) list {
	items := make([]ref.Val, 0, n.Len())
	for c := range n.Children() {
		items = append(items, adapt(viewOf(c)))
	}
	return list{types.NewRefValList(celAdapter{}, items), n}
}

// Find gives an item, null when the list is shorter.
func (l list) Find(index ref.Val) (ref.Val, bool) {
	i, ok := index.(types.Int)
	if !ok || i < 0 || i >= l.Size().(types.Int) {
		return absent, true
	}
	return l.Get(i), true
}

// Equal compares by value.
func (l list) Equal(other ref.Val) ref.Val { return types.Bool(equal(l, other)) }

// absentValue stands for what is not there. It has every member, each absent
// itself, no items, and it equals null.
type absentValue struct{}

var absent = absentValue{}

// FindStringKey gives the absent value for every name.
func (absentValue) FindStringKey(string) (any, bool) { return absent, true }

// Get gives the absent value for every index.
func (absentValue) Get(ref.Val) ref.Val { return absent }

// IsSet is false for every member.
func (absentValue) IsSet(ref.Val) ref.Val { return types.False }

// Size is zero: a loop over what is not there ends at once.
func (absentValue) Size() ref.Val { return types.IntZero }

// ConvertToNative refuses.
func (absentValue) ConvertToNative(to reflect.Type) (any, error) {
	return nil, fmt.Errorf("null cannot become a %s", to)
}

// ConvertToType is that of null.
func (absentValue) ConvertToType(to ref.Type) ref.Val { return types.NullValue.ConvertToType(to) }

// Equal holds for null.
func (absentValue) Equal(other ref.Val) ref.Val { return types.Bool(isNull(other)) }

// Type is that of null.
func (absentValue) Type() ref.Type { return types.NullType }

// Value is nil.
func (absentValue) Value() any { return nil }

func isNull(v any) bool {
	switch v := v.(type) {
	case nil, absentValue, types.Null:
		return true
	case view:
		return v.n == nil || v.kind() == payload.Null
	}
	return false
}

// celAdapter makes CEL values of what paths and functions give.
type celAdapter struct{}

// NativeToValue is called by the interpreter for every value that leaves a path.
func (celAdapter) NativeToValue(v any) ref.Val { return adapt(v) }

func adapt(v any) ref.Val {
	switch v := v.(type) {
	case nil, absentValue, types.Null:
		return absent
	case view:
		if v.n == nil {
			return absent
		}
		switch v.kind() {
		case payload.Null:
			return absent
		case payload.Bool:
			return types.Bool(v.node().Value == "true")
		case payload.Number:
			return number(v.node().Value)
		case payload.Array:
			return listOf(v.node())
		case payload.Object:
			return v
		}
		return types.String(v.node().Value)
	case storedBody:
		return adapt(viewOf(v.doc.Node()))
	case string:
		return types.String(v)
	case int:
		return types.Int(v)
	case bool:
		return types.Bool(v)
	case ref.Val:
		return v
	}
	return types.DefaultTypeAdapter.NativeToValue(v)
}

func number(literal string) ref.Val {
	if i, err := strconv.ParseInt(literal, 10, 64); err == nil {
		return types.Int(i)
	}
	f, err := strconv.ParseFloat(literal, 64)
	if err != nil {
		return types.NewErr("the number %.40s is too large to calculate with", literal)
	}
	return types.Double(f)
}
