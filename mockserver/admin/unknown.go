package admin

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// beginning keeps what was written, so far as it is small enough to be explained.
type beginning []byte

func (b *beginning) Write(part []byte) (int, error) {
	if len(*b) < 1<<20 {
		*b = append(*b, part...)
	}
	return len(part), nil
}

// unknownMember finds the first member of a body that nothing in the type of v reads, and
// says where it is and which members there are.
func unknownMember(body []byte, v any) string {
	var tree any
	if json.Unmarshal(body, &tree) != nil {
		return ""
	}
	return unknownIn(tree, reflect.TypeOf(v), "")
}

func unknownIn(tree any, t reflect.Type, at string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return ""
	}
	switch value := tree.(type) {
	case []any:
		if t.Kind() != reflect.Slice {
			return ""
		}
		for i, one := range value {
			if why := unknownIn(one, t.Elem(), at+"/"+strconv.Itoa(i)); why != "" {
				return why
			}
		}
	case map[string]any:
		return unknownOf(value, t, at)
	}
	return ""
}

func unknownOf(object map[string]any, t reflect.Type, at string) string {
	known := members(t)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		below := at + "/" + payload.EscapePointer(name)
		var inner reflect.Type
		switch t.Kind() {
		case reflect.Map:
			inner = t.Elem()
		case reflect.Struct:
			if inner = memberNamed(known, name); inner == nil {
				return below + " is nothing that is read here; there are " + strings.Join(slices.Sorted(maps.Keys(known)), ", ")
			}
		default:
			return ""
		}
		if why := unknownIn(object[name], inner, below); why != "" {
			return why
		}
	}
	return ""
}

// memberNamed finds a member as encoding/json does: by its name, else in another case.
func memberNamed(known map[string]reflect.Type, name string) reflect.Type {
	if its := known[name]; its != nil {
		return its
	}
	for other, its := range known {
		if strings.EqualFold(other, name) {
			return its
		}
	}
	return nil
}

// members are the types of the members that a struct reads, by name.
func members(t reflect.Type) map[string]reflect.Type {
	if t.Kind() != reflect.Struct {
		return nil
	}
	all := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() || name == "-" || f.Anonymous && name == "":
		case name == "":
			all[f.Name] = f.Type
		default:
			all[name] = f.Type
		}
	}
	return all
}
