package payload

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
)

// maxGoDepth bounds [FromGo]: a value that holds itself ends there.
const maxGoDepth = 1000

// FromGo makes a JSON node of a Go value: nil, booleans, numbers, strings,
// json.Number, nodes (copied), slices and maps with string keys (members
// sorted by name); anything else by way of its JSON encoding. What JSON cannot
// say, such as NaN, a channel or a map that holds itself, becomes null.
func FromGo(v any) *Node { return fromGo(v, 0) }

func fromGo(v any, depth int) *Node {
	if depth > maxGoDepth {
		return null()
	}
	switch v := v.(type) {
	case nil:
		return null()
	case bool:
		return &Node{Kind: Bool, Value: strconv.FormatBool(v)}
	case string:
		return &Node{Kind: String, Value: v}
	case int:
		return &Node{Kind: Number, Value: strconv.Itoa(v)}
	case int64:
		return &Node{Kind: Number, Value: strconv.FormatInt(v, 10)}
	case float64:
		return fromFloat(v)
	case json.Number:
		if !isNumber(v.String()) {
			return null()
		}
		return &Node{Kind: Number, Value: v.String()}
	case *Node:
		if v == nil {
			return null()
		}
		c := v.Clone()
		c.Name = ""
		return c
	case *Tree:
		if v == nil {
			return null()
		}
		return fromGo(v.Root, depth)
	case map[string]any:
		n := &Node{Kind: Object}
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			c := fromGo(v[name], depth+1)
			c.Name = name
			n.Append(c)
		}
		return n
	case []any:
		n := &Node{Kind: Array}
		for _, item := range v {
			n.Append(fromGo(item, depth+1))
		}
		return n
	}
	return fromReflect(reflect.ValueOf(v), v, depth)
}

func fromReflect(r reflect.Value, v any, depth int) *Node {
	if _, own := v.(json.Marshaler); !own {
		switch r.Kind() {
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			return fromGo(r.Int(), depth)
		case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
			return &Node{Kind: Number, Value: strconv.FormatUint(r.Uint(), 10)}
		case reflect.Float32:
			return fromGo(json.Number(strconv.FormatFloat(r.Float(), 'g', -1, 32)), depth)
		case reflect.Float64:
			return fromFloat(r.Float())
		case reflect.String:
			return fromGo(r.String(), depth)
		case reflect.Slice:
			if r.Type().Elem().Kind() == reflect.Uint8 {
				break
			}
			n := &Node{Kind: Array}
			for i := range r.Len() {
				n.Append(fromGo(r.Index(i).Interface(), depth+1))
			}
			return n
		case reflect.Map:
			if r.Type().Key().Kind() != reflect.String {
				break
			}
			m := make(map[string]any, r.Len())
			for _, key := range r.MapKeys() {
				m[key.String()] = r.MapIndex(key).Interface()
			}
			return fromGo(m, depth)
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		return null()
	}
	t, err := ParseJSON(text, JSONLimits{Depth: maxGoDepth, Bytes: math.MaxInt32})
	if err != nil {
		return null()
	}
	return t.Root
}

func null() *Node { return &Node{Kind: Null, Value: "null"} }

func fromFloat(f float64) *Node {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return null()
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return &Node{Kind: Number, Value: strconv.FormatFloat(f, 'f', -1, 64)}
	}
	return &Node{Kind: Number, Value: strconv.FormatFloat(f, 'g', -1, 64)}
}

// Go gives the value as maps, slices and scalars. A number that is written as
// an integer and fits becomes an int64, any other a float64. An XML element
// without attributes and child elements is its text; any other is a map with
// "@name" for attributes, "#text" for text beside them, and a slice where an
// element is repeated.
func (n *Node) Go() any {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case Null:
		return nil
	case Bool:
		return n.Value == "true"
	case Number:
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return i
		}
		f, _ := strconv.ParseFloat(n.Value, 64)
		return f
	case Array:
		list := make([]any, 0, n.count)
		for c := n.First(); c != nil; c = c.Next() {
			list = append(list, c.Go())
		}
		return list
	case Object:
		m := make(map[string]any, n.count)
		for c := n.First(); c != nil; c = c.Next() {
			m[c.Name] = c.Go()
		}
		return m
	case Element:
		return n.elementGo()
	}
	return n.Value
}

func (n *Node) elementGo() any {
	if n.First() == nil {
		return n.Value
	}
	m := make(map[string]any, n.count)
	repeated := map[string][]any{}
	for c := n.First(); c != nil; c = c.Next() {
		if c.Kind == Attribute {
			m["@"+c.Name] = c.Value
			continue
		}
		repeated[c.Name] = append(repeated[c.Name], c.Go())
	}
	for name, all := range repeated {
		m[name] = all[0]
		if len(all) > 1 {
			m[name] = all
		}
	}
	if len(repeated) == 0 && n.Value != "" {
		m["#text"] = n.Value
	}
	return m
}

// widestExponent is the largest exponent of a number that is made and not received.
const widestExponent = 1 << 30

// isNumber reports whether the text is one JSON number.
func isNumber(s string) bool {
	if s == "" || s[0] != '-' && (s[0] < '0' || s[0] > '9') {
		return false
	}
	p := jsonParser{src: s, line: 1, lim: JSONLimits{Number: math.MaxInt, Exponent: widestExponent}}
	_, err := p.number()
	return err == nil && p.pos == len(s)
}
