package yamlfile

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Decode fills into, a pointer, from a node, by the yaml tags of its fields.
// Fields without a tag and fields tagged "-" are left alone, except an int field
// named Line or Col, which gets the place of the struct's own node. It goes on
// after a finding, so that all of them are told at once.
func Decode(file string, n *yaml.Node, into any) []Problem {
	d := decoder{file: file, fields: map[reflect.Type]map[string]int{}}
	if n = Resolve(n); n == nil {
		return []Problem{{File: file, What: "the file is empty", Hint: "write the keys that its JSON Schema describes"}}
	}
	d.value(n, reflect.ValueOf(into).Elem(), "")
	return d.problems
}

type decoder struct {
	file     string
	problems []Problem
	fields   map[reflect.Type]map[string]int // by YAML key
}

// fieldsOf finds the fields of a struct by their keys.
func (d *decoder) fieldsOf(t reflect.Type) map[string]int {
	known := d.fields[t]
	if known == nil {
		known = make(map[string]int, t.NumField())
		for i := range t.NumField() {
			f := t.Field(i)
			switch name := tagName(f); {
			case name != "":
				known[name] = i
			case f.Type.Kind() == reflect.Int && (f.Name == "Line" || f.Name == "Col"):
				known["\x00"+f.Name] = i
			}
		}
		d.fields[t] = known
	}
	return known
}

func (d *decoder) add(n *yaml.Node, hint, format string, args ...any) {
	d.problems = append(d.problems, Problem{File: d.file, Line: n.Line, Col: n.Column, What: fmt.Sprintf(format, args...), Hint: hint})
}

var (
	nodeType        = reflect.TypeFor[yaml.Node]()
	unmarshalerType = reflect.TypeFor[yaml.Unmarshaler]()
)

// value decodes one node; at names the key that it belongs to.
func (d *decoder) value(n *yaml.Node, v reflect.Value, at string) {
	n = Resolve(n)
	if v.Type() == nodeType {
		v.Set(reflect.ValueOf(*n))
		return
	}
	if v.CanAddr() && v.Addr().Type().Implements(unmarshalerType) {
		if err := v.Addr().Interface().(yaml.Unmarshaler).UnmarshalYAML(n); err != nil {
			d.add(n, "", "%s%v", label(at), strings.TrimPrefix(err.Error(), "yaml: "))
		}
		return
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), at)
	case reflect.Struct:
		d.structure(n, v, at)
	case reflect.Map:
		d.mapping(n, v, at)
	case reflect.Slice:
		if n.Kind != yaml.SequenceNode {
			d.add(n, "put each entry on a line of its own that begins with -, or write [a, b]", "%sexpected a list, found %s", label(at), describe(n))
			return
		}
		list := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
		for i, item := range n.Content {
			d.value(item, list.Index(i), at)
		}
		v.Set(list)
	case reflect.Interface:
		v.Set(reflect.ValueOf(Go(n)))
	default:
		d.scalar(n, v, at)
	}
}

func label(at string) string {
	if at == "" {
		return ""
	}
	return at + ": "
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, at string) {
	if n.Kind != yaml.MappingNode {
		d.add(n, "keys it may have: "+strings.Join(Keys(v.Type()), ", "), "%sexpected a mapping, found %s", label(at), describe(n))
		return
	}
	t := v.Type()
	fields := d.fieldsOf(t)
	if i, ok := fields["\x00Line"]; ok {
		v.Field(i).SetInt(int64(n.Line))
	}
	if i, ok := fields["\x00Col"]; ok {
		v.Field(i).SetInt(int64(n.Column))
	}
	seen := map[string]int{}
	for _, p := range Pairs(n) {
		name := p.Key.Value
		if first, twice := seen[name]; twice {
			d.add(p.Key, fmt.Sprintf("the first is in line %d", first), "key %q is given twice", name)
			continue
		}
		seen[name] = p.Key.Line
		field, ok := fields[name]
		if !ok || strings.HasPrefix(name, "\x00") {
			known := Keys(t)
			hint := DidYouMean(name, known)
			if hint == "" {
				hint = "known keys: " + strings.Join(known, ", ")
			}
			d.add(p.Key, hint, "unknown key %q", name)
			continue
		}
		d.value(p.Value, v.Field(field), name)
	}
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, at string) {
	if n.Kind != yaml.MappingNode {
		d.add(n, "", "%sexpected a mapping, found %s", label(at), describe(n))
		return
	}
	m := reflect.MakeMap(v.Type())
	seen := map[string]int{}
	for _, p := range Pairs(n) {
		if p.Key.Kind != yaml.ScalarNode {
			d.add(p.Key, "", "%sa key must be a plain word, found %s", label(at), describe(p.Key))
			continue
		}
		if first, twice := seen[p.Key.Value]; twice {
			d.add(p.Key, fmt.Sprintf("the first is in line %d", first), "key %q is given twice", p.Key.Value)
			continue
		}
		seen[p.Key.Value] = p.Key.Line
		value := reflect.New(v.Type().Elem()).Elem()
		d.value(p.Value, value, p.Key.Value)
		m.SetMapIndex(reflect.ValueOf(p.Key.Value).Convert(v.Type().Key()), value)
	}
	v.Set(m)
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, at string) {
	if n.Kind != yaml.ScalarNode {
		d.add(n, "", "%sexpected %s, found %s", label(at), goName(v.Kind()), describe(n))
		return
	}
	ok := true
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.Value)
	case reflect.Bool:
		var b bool
		if b, ok = n.Value == "true", n.Tag == "!!bool"; ok {
			ok = n.Value == "true" || n.Value == "false"
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(n.Value, 10, 64)
		if ok = err == nil && n.Tag == "!!int"; ok {
			v.SetInt(i)
		}
	case reflect.Float64:
		f, err := strconv.ParseFloat(n.Value, 64)
		if ok = err == nil && (n.Tag == "!!int" || n.Tag == "!!float"); ok {
			v.SetFloat(f)
		}
	default:
		panic("yamlfile: no decoding into " + v.Type().String())
	}
	if !ok {
		d.add(n, "", "%sexpected %s, found %s", label(at), goName(v.Kind()), describe(n))
	}
}

func goName(k reflect.Kind) string {
	switch k {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	}
	return "text"
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return excerpt(n.Value)
}

// excerpt shows the beginning of a text.
func excerpt(text string) string {
	if r := []rune(text); len(r) > 40 {
		text = string(r[:40]) + "…"
	}
	return strconv.Quote(text)
}

func tagName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if name == "-" {
		return ""
	}
	return name
}

// Keys lists the YAML keys of a struct type, in the order of its fields.
func Keys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if name := tagName(t.Field(i)); name != "" {
			keys = append(keys, name)
		}
	}
	return keys
}
