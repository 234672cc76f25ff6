package behaviour

import (
	"fmt"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// members is a Go value with named parts: the request, a stored document, an
// outcome. member gives a view, a string, a number, a bool, another CEL value,
// or absent.
type members interface {
	member(name string) (value any, known bool)
	names() []string
}

// record shows members to an expression.
type record struct{ m members }

// FindStringKey gives a part by name.
func (r record) FindStringKey(name string) (any, bool) { return r.m.member(name) }

// Get gives a part, null when there is none of that name.
func (r record) Get(index ref.Val) ref.Val {
	if name, ok := index.(types.String); ok {
		if v, known := r.m.member(string(name)); known {
			return adapt(v)
		}
	}
	return absent
}

// IsSet says whether the part is there.
func (r record) IsSet(field ref.Val) ref.Val {
	name, ok := field.(types.String)
	if !ok {
		return types.False
	}
	v, known := r.m.member(string(name))
	return types.Bool(known && !isNull(v))
}

// Contains says whether the part is there: "name" in x.
func (r record) Contains(key ref.Val) ref.Val { return r.IsSet(key) }

// Size counts the parts.
func (r record) Size() ref.Val { return types.Int(len(r.m.names())) }

// Iterator walks over the names.
func (r record) Iterator() traits.Iterator {
	return types.NewStringList(celAdapter{}, r.m.names()).Iterator()
}

// ConvertToNative refuses.
func (r record) ConvertToNative(to reflect.Type) (any, error) {
	return nil, fmt.Errorf("an object cannot become a %s", to)
}

// ConvertToType gives the JSON text for string(x).
func (r record) ConvertToType(to ref.Type) ref.Val { return viewOf(r.node()).ConvertToType(to) }

// Equal compares by value.
func (r record) Equal(other ref.Val) ref.Val { return types.Bool(equal(r, other)) }

// Type is map.
func (r record) Type() ref.Type { return types.MapType }

// Value gives the plain Go form.
func (r record) Value() any { return r.node().Go() }

// node makes a JSON object of the record.
func (r record) node() *payload.Node {
	var b payload.Builder
	n := b.NewNode(payload.Object, "", "")
	for _, name := range r.m.names() {
		v, _ := r.m.member(name)
		c := nodeOf(v, &b)
		c.Name = name
		n.Append(c)
	}
	return n
}

// textMap is a set of named texts: path parameters, headers.
type textMap map[string]string

func (m textMap) member(name string) (any, bool) {
	if v, ok := m[name]; ok {
		return v, true
	}
	return nil, false
}

func (m textMap) names() []string { return sortedNames(m) }

// document is what get and find give.
type document struct{ doc *state.Doc }

func (d document) member(name string) (any, bool) {
	switch name {
	case "key":
		return d.doc.Key, true
	case "owner":
		return d.doc.Owner, true
	case "body":
		return storedBody(d), true
	case "rev":
		return int(d.doc.Rev), true
	}
	return nil, false
}

func (d document) names() []string { return []string{"body", "key", "owner", "rev"} }

// storedBody is the body of a document that was not looked into yet, so that a
// read that gives it away as it is never parses it.
type storedBody struct{ doc *state.Doc }

// FindStringKey looks into the body.
func (b storedBody) FindStringKey(name string) (any, bool) {
	return viewOf(b.doc.Node()).FindStringKey(name)
}

// outcomeRecord is an outcome as rules and templates see it.
type outcomeRecord struct{ o *specs.Outcome }

func (r outcomeRecord) member(name string) (any, bool) {
	switch name {
	case "layer":
		return string(r.o.Layer), true
	case "code":
		return r.o.Code, true
	case "status":
		return Status(r.o), true
	case "title":
		return r.o.Title, true
	case "meaning":
		return r.o.Meaning, true
	case "success":
		return r.o.Success, true
	}
	return nil, false
}

func (r outcomeRecord) names() []string {
	return []string{"code", "layer", "meaning", "status", "success", "title"}
}

func outcomeValue(o *specs.Outcome) any {
	if o == nil {
		return absent
	}
	return record{outcomeRecord{o}}
}

// violationRecord is one finding of the schema.
type violationRecord struct{ v *schema.Violation }

func (r violationRecord) member(name string) (any, bool) {
	switch name {
	case "path":
		return r.v.Path, true
	case "field":
		return lastName(r.v.Path), true
	case "kind":
		return string(r.v.Kind), true
	case "expected":
		return r.v.Expected, true
	case "actual":
		return r.v.Actual, true
	case "message":
		return r.v.Message(), true
	case "line":
		return r.v.Line, true
	}
	return nil, false
}

func (r violationRecord) names() []string {
	return []string{"actual", "expected", "field", "kind", "line", "message", "path"}
}

// violationList shows violations to an expression.
func violationList(all []schema.Violation) any {
	if len(all) == 0 {
		return noItems
	}
	items := make([]ref.Val, len(all))
	for i := range all {
		items[i] = record{violationRecord{&all[i]}}
	}
	return list{types.NewRefValList(celAdapter{}, items), nil}
}

// noItems is the list of nothing.
var noItems any = list{types.NewRefValList(celAdapter{}, nil), nil}

// listOfValues shows Go values as a list.
func listOfValues(items []ref.Val) list {
	return list{types.NewRefValList(celAdapter{}, items), nil}
}
