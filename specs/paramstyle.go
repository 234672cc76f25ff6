package specs

import (
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// valueDecoder reads and writes the value of one parameter in its style (OpenAPI
// 3.1, "Style Values").
type valueDecoder struct {
	param   *Param
	op      *Operation
	style   string
	shape   *valueShape
	explode bool
	asJSON  bool
	empty   bool // an empty value is allowed whatever the schema says
}

// others tells the names of the operation's query parameters.
func (d *valueDecoder) others(name string) bool {
	for _, one := range d.op.Params {
		if one.In == "query" && one.Name == name {
			return true
		}
	}
	return false
}

// separator stands between the parts of a list or an object in one text.
func (d *valueDecoder) separator() string {
	switch d.style {
	case "spaceDelimited":
		return " "
	case "pipeDelimited":
		return "|"
	case "label":
		if d.explode {
			return "."
		}
	}
	return ","
}

// repeated tells whether each item of a list stands under the name of its own:
// ?a=1&a=2 rather than ?a=1,2.
func (d *valueDecoder) repeated() bool { return d.explode && d.style != "simple" && d.style != "label" }

// decode makes a tree of the texts that stand under the name of the parameter.
func (d *valueDecoder) decode(values []string) (*payload.Tree, *schema.Violation) {
	if len(values) == 1 && (d.style == "label" || d.style == "matrix") {
		plain, violation := d.unprefixed(values[0])
		if violation != nil {
			return nil, violation
		}
		values = plain
	}
	tree := &payload.Tree{Format: payload.JSON}
	switch {
	case d.asJSON:
		parsed, err := payload.ParseJSON([]byte(values[0]), payload.JSONLimits{})
		if err != nil {
			return nil, &schema.Violation{Kind: schema.Malformed, Expected: "JSON", Actual: strconv.Quote(clip(values[0]))}
		}
		return parsed, nil
	case d.shape.array:
		tree.Root = d.list(values)
	case d.shape.object && !d.shape.text && !d.shape.number && !d.shape.boolean:
		tree.Root = d.object(values)
	case len(values) > 1:
		return nil, &schema.Violation{Kind: schema.Length, Expected: "one value", Actual: strconv.Itoa(len(values)) + " values"}
	default:
		tree.Root = d.shape.scalar(values[0])
	}
	return tree, nil
}

// unprefixed takes off what the styles label and matrix put before a value:
// ".5", ";id=5".
func (d *valueDecoder) unprefixed(value string) ([]string, *schema.Violation) {
	mark := map[string]string{"label": ".", "matrix": ";"}[d.style]
	rest, ok := strings.CutPrefix(value, mark)
	if !ok {
		return nil, &schema.Violation{Kind: schema.Malformed, Expected: "a value in the style " + d.style + ", which begins with " + strconv.Quote(mark), Actual: strconv.Quote(clip(value))}
	}
	if d.style == "label" {
		return []string{rest}, nil
	}
	var plain []string
	for _, part := range strings.Split(rest, ";") {
		name, v, _ := strings.Cut(part, "=")
		switch {
		case name == d.param.Name:
			plain = append(plain, v)
		case d.explode && d.shape.object:
			plain = append(plain, part)
		default:
			return nil, &schema.Violation{Kind: schema.Malformed, Expected: "a value in the style matrix, as ;" + d.param.Name + "=…", Actual: strconv.Quote(clip(value))}
		}
	}
	return plain, nil
}

func (d *valueDecoder) list(values []string) *payload.Node {
	list := &payload.Node{Kind: payload.Array}
	if !d.repeated() && len(values) > 0 {
		if values[0] == "" {
			values = nil
		} else {
			values = strings.Split(strings.Join(values, d.separator()), d.separator())
		}
		for i := range values {
			values[i] = strings.Trim(values[i], " \t")
		}
	}
	for i, v := range values {
		list.Append(d.shape.item(i).nested(v))
	}
	return list
}

// object reads "a,1,b,2", or "a=1,b=2" where each member has its name before it.
func (d *valueDecoder) object(values []string) *payload.Node {
	n := &payload.Node{Kind: payload.Object}
	parts := values
	if len(values) == 1 {
		parts = strings.Split(values[0], d.separator())
	}
	if strings.Contains(parts[0], "=") {
		for _, part := range parts {
			name, v, _ := strings.Cut(part, "=")
			d.put(n, d.shape, name, v)
		}
		return n
	}
	for i := 0; i+1 < len(parts); i += 2 {
		d.put(n, d.shape, parts[i], parts[i+1])
	}
	return n
}

// put adds a member; one that is a list takes more than one value.
func (d *valueDecoder) put(n *payload.Node, shape *valueShape, name, value string) {
	own := shape.member(name)
	have := n.Member(name)
	if own != nil && own.array {
		if have == nil {
			have = n.Append(&payload.Node{Kind: payload.Array, Name: name})
		}
		have.Append(own.items.nested(value))
		return
	}
	if have == nil {
		child := own.nested(value)
		child.Name = name
		n.Append(child)
	}
}

// fromQuery reads the value out of a whole query. given is false where the query
// says nothing of the parameter.
func (d *valueDecoder) fromQuery(q url.Values) (tree *payload.Tree, given bool, violation *schema.Violation) {
	if values, own := q[d.param.Name]; own {
		tree, violation = d.decode(slices.Clone(values))
		return tree, true, violation
	}
	var root *payload.Node
	switch {
	case d.style == "deepObject":
		root = d.deep(q)
	case d.style == "form" && d.explode && d.shape.object && !d.asJSON:
		root = d.scattered(q)
	}
	if root == nil {
		return nil, false, nil
	}
	return &payload.Tree{Format: payload.JSON, Root: root}, true, nil
}

// scattered reads an object whose members are query parameters of their own:
// ?R=100&G=200. Of members without a description those count that the operation
// does not know as other parameters.
func (d *valueDecoder) scattered(q url.Values) *payload.Node {
	var n *payload.Node
	for _, name := range sortedKeys(q) {
		if d.shape.members[name] == nil && (!d.shape.open || d.others(name)) {
			continue
		}
		if n == nil {
			n = &payload.Node{Kind: payload.Object}
		}
		for _, v := range q[name] {
			d.put(n, d.shape, name, v)
		}
	}
	return n
}

// deep reads ?color[R]=100&color[tags][]=a. How deep that may go no specification
// says; here it may go as deep as the schema.
func (d *valueDecoder) deep(q url.Values) *payload.Node {
	var names []string
	for name := range q {
		if strings.HasPrefix(name, d.param.Name+"[") && strings.HasSuffix(name, "]") {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	// "[10]" comes after "[9]".
	sort.Slice(names, func(i, j int) bool {
		return len(names[i]) < len(names[j]) || len(names[i]) == len(names[j]) && names[i] < names[j]
	})
	root := &payload.Node{Kind: payload.Object}
	if d.shape.array && !d.shape.object {
		root.Kind = payload.Array
	}
	for _, name := range names {
		steps := strings.Split(name[len(d.param.Name)+1:len(name)-1], "][")
		for _, v := range q[name] {
			d.descend(root, d.shape, steps, v)
		}
	}
	return root
}

// maxDeep bounds how many brackets a name may have.
const maxDeep = 20

func (d *valueDecoder) descend(n *payload.Node, shape *valueShape, steps []string, value string) {
	if len(steps) > maxDeep {
		return
	}
	if n.Kind == payload.Array {
		var items *valueShape
		if shape != nil {
			items = shape.items
		}
		if len(steps) == 1 {
			n.Append(items.nested(value))
			return
		}
		at, err := strconv.Atoi(steps[0])
		item := n.Item(at)
		if err != nil || item == nil {
			item = n.Append(&payload.Node{Kind: payload.Object})
		}
		if item.Kind == payload.Object || item.Kind == payload.Array {
			d.descend(item, items, steps[1:], value)
		}
		return
	}
	if len(steps) == 1 {
		d.put(n, shape, steps[0], value)
		return
	}
	child, own := n.Member(steps[0]), shape.member(steps[0])
	if child == nil {
		child = n.Append(&payload.Node{Kind: payload.Object, Name: steps[0]})
		if own != nil && own.array {
			child.Kind = payload.Array
		}
	}
	if child.Kind == payload.Object || child.Kind == payload.Array {
		d.descend(child, own, steps[1:], value)
	}
}

// asWritten leaves out what is only wrong in the document: a text on the wire has
// no type, so that 1 is what an enumeration means by "1"; a list whose enumeration
// was written beside the items is meant item by item.
func (d *valueDecoder) asWritten(tree *payload.Tree, found []schema.Violation) []schema.Violation {
	if d.asJSON {
		return found
	}
	return slices.DeleteFunc(found, func(v schema.Violation) bool {
		n := tree.At(v.Path)
		if v.Kind != schema.Enum && v.Kind != schema.Type && v.Kind != schema.Value || n == nil {
			return false
		}
		shape := d.shapeAt(v.Path)
		if shape == nil {
			return false
		}
		if v.Kind == schema.Type && v.Path != "" && n.Kind == payload.String && (shape.array || shape.object) {
			return true // no style says how a list in a list is written
		}
		if shape.allowed == nil {
			return false
		}
		if n.Kind == payload.Array {
			for item := range n.Children() {
				if !shape.allows(item) {
					return false
				}
			}
			return v.Kind == schema.Enum
		}
		return shape.allows(n)
	})
}

// shapeAt is the shape at a JSON Pointer; nil where none is known.
func (d *valueDecoder) shapeAt(path string) *valueShape {
	s := d.shape
	for _, step := range strings.Split(path, "/")[1:] {
		switch {
		case s == nil:
			return nil
		case s.array && s.items != nil:
			s = s.items
		default:
			s = s.member(payload.UnescapePointer(step))
		}
	}
	return s
}

func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
