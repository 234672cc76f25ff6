package admin

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
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
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		below := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		inner, why := reflect.Type(nil), ""
		switch {
		case t.Kind() == reflect.Map:
			inner = t.Elem()
		case t.Kind() == reflect.Struct:
			if inner = known[name]; inner == nil {
				for other, its := range known {
					if strings.EqualFold(other, name) {
						inner = its
					}
				}
			}
			if inner == nil {
				return below + " is nothing that is read here; there are " + strings.Join(sortedNames(known), ", ")
			}
		default:
			return ""
		}
		if why = unknownIn(object[name], inner, below); why != "" {
			return why
		}
	}
	return ""
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

func sortedNames(known map[string]reflect.Type) []string {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
