package behaviour

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// nodeOf makes a JSON node of a value of an expression. The node is always new:
// what is stored or was received is copied, because a node hangs in one tree only.
func nodeOf(v any, b *payload.Builder) *payload.Node {
	switch v := v.(type) {
	case nil, absentValue, types.Null:
		return b.NewNode(payload.Null, "", "null")
	case view:
		if v.n == nil {
			return b.NewNode(payload.Null, "", "null")
		}
		return copyNode(v.node(), b)
	case storedBody:
		return copyNode(v.doc.Node(), b)
	case record:
		return v.node()
	case list:
		if v.n != nil {
			return copyNode(v.n, b)
		}
		return listNode(v, b)
	case string:
		return b.NewNode(payload.String, "", v)
	case types.String:
		return b.NewNode(payload.String, "", string(v))
	case int:
		return b.NewNode(payload.Number, "", strconv.Itoa(v))
	case types.Int:
		return b.NewNode(payload.Number, "", strconv.FormatInt(int64(v), 10))
	case types.Uint:
		return b.NewNode(payload.Number, "", strconv.FormatUint(uint64(v), 10))
	case types.Double:
		return payload.FromGo(float64(v))
	case bool:
		return b.NewNode(payload.Bool, "", strconv.FormatBool(v))
	case types.Bool:
		return b.NewNode(payload.Bool, "", strconv.FormatBool(bool(v)))
	case types.Timestamp:
		return b.NewNode(payload.String, "", v.Time.UTC().Format(time.RFC3339Nano))
	case *types.Optional:
		if !v.HasValue() {
			return b.NewNode(payload.Null, "", "null")
		}
		return nodeOf(v.GetValue(), b)
	case traits.Lister:
		return listNode(v, b)
	case traits.Mapper:
		return mapNode(v, b)
	case ref.Val:
		return payload.FromGo(v.Value())
	}
	return payload.FromGo(v)
}

func listNode(l traits.Lister, b *payload.Builder) *payload.Node {
	n := b.NewNode(payload.Array, "", "")
	for it := l.Iterator(); it.HasNext() == types.True; {
		n.Append(nodeOf(it.Next(), b))
	}
	return n
}

// mapNode sorts the members: a map literal has no order of its own.
func mapNode(m traits.Mapper, b *payload.Builder) *payload.Node {
	byName := map[string]ref.Val{}
	for it := m.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		byName[textOf(key)] = m.Get(key)
	}
	n := b.NewNode(payload.Object, "", "")
	for _, name := range sortedNames(byName) {
		c := nodeOf(byName[name], b)
		c.Name = name
		n.Append(c)
	}
	return n
}

func copyNode(n *payload.Node, b *payload.Builder) *payload.Node {
	c := b.NewNode(n.Kind, "", n.Value)
	for child := n.First(); child != nil; child = child.Next() {
		cc := copyNode(child, b)
		cc.Name = child.Name
		c.Append(cc)
	}
	return c
}

// textOf gives a value as text: null is empty, an object its JSON.
func textOf(v any) string {
	switch v := v.(type) {
	case nil, absentValue, types.Null:
		return ""
	case string:
		return v
	case types.String:
		return string(v)
	case view:
		if v.n == nil || v.kind() == payload.Null {
			return ""
		}
		if v.kind() == payload.Object || v.kind() == payload.Array {
			return string(v.node().JSON())
		}
		return v.node().Value
	}
	var b payload.Builder
	n := nodeOf(v, &b)
	return textOf(viewOf(n))
}

// equal compares two values: null with what is absent, numbers by value,
// objects without regard to order.
func equal(a, b any) bool {
	aNull, bNull := isNull(a), isNull(b)
	if aNull || bNull {
		return aNull && bNull
	}
	if plain(a) && plain(b) {
		return types.Equal(a.(ref.Val), b.(ref.Val)) == types.True
	}
	var build payload.Builder
	return Same(nodeOf(a, &build), nodeOf(b, &build))
}

// plain reports values that CEL itself knows how to compare.
func plain(v any) bool {
	switch v.(type) {
	case types.String, types.Int, types.Uint, types.Double, types.Bool, types.Timestamp, types.Duration, types.Bytes:
		return true
	}
	return false
}

// Same reports whether two JSON nodes mean the same: members in any order,
// numbers by value.
func Same(a, b *payload.Node) bool {
	if a.Kind != b.Kind || a.Len() != b.Len() {
		return false
	}
	switch a.Kind {
	case payload.Object:
		for c := a.First(); c != nil; c = c.Next() {
			if other := b.Member(c.Name); other == nil || !Same(c, other) {
				return false
			}
		}
		return true
	case payload.Array:
		for c, d := a.First(), b.First(); c != nil; c, d = c.Next(), d.Next() {
			if !Same(c, d) {
				return false
			}
		}
		return true
	case payload.Number:
		return a.Value == b.Value || sameNumber(a.Value, b.Value)
	case payload.Null:
		return true
	}
	return a.Value == b.Value
}

func sameNumber(a, b string) bool {
	x, err := strconv.ParseFloat(a, 64)
	if err != nil {
		return false
	}
	y, err := strconv.ParseFloat(b, 64)
	return err == nil && x == y
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return slices.Clip(names)
}

// lastName is the last name of a path: "price" of /orders/order[2]/price and of
// /orders/0/price, "sequence" of …/@sequence.
func lastName(path string) string {
	for path != "" {
		cut := strings.LastIndexByte(path, '/')
		name := path[cut+1:]
		if open := strings.IndexByte(name, '['); open > 0 {
			name = name[:open]
		}
		if _, err := strconv.Atoi(name); err != nil {
			return payload.UnescapePointer(strings.TrimPrefix(name, "@"))
		}
		if cut < 0 {
			return ""
		}
		path = path[:cut]
	}
	return ""
}
