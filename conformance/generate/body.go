package generate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// maxDepth bounds the bodies that are made: schemas may hold themselves.
const maxDepth = 6

// made makes a body for an operation whose contract has no example of one: with all
// described members if the schema accepts that, else with the required ones. nil when
// neither is accepted, for then the suite would send what it has not understood. A body
// that is received has what only a server writes, such as an id (readOnly), and not what
// only a client does.
func made(m *specs.Media, received bool) *payload.Tree {
	described := m.Described()
	if described == nil || m.Format != payload.JSON && !m.Mapped() || described.Member("schema") == nil {
		return nil
	}
	asSent := func(tree *payload.Tree) *payload.Tree {
		if sent := m.AsXML(tree); !hard(m.JudgeTree(tree)) && !hard(m.JudgeTree(sent)) {
			return sent
		}
		return nil
	}
	for _, all := range []bool{true, false} {
		w := writer{root: rootOf(described), all: all, skip: "readOnly"}
		if received {
			w.skip = "writeOnly"
		}
		n := w.value(described.Member("schema"), 0)
		if n == nil {
			continue
		}
		n.Name = ""
		if tree := asSent(&payload.Tree{Format: payload.JSON, Root: n}); tree != nil {
			return tree
		}
	}
	// What the plain writer cannot meet may still be met by trying.
	if tree := m.Sample(1); tree != nil {
		return asSent(tree)
	}
	return nil
}

func rootOf(n *payload.Node) *payload.Node {
	for n.Parent() != nil {
		n = n.Parent()
	}
	return n
}

// writer writes the plainest value that a schema describes.
type writer struct {
	root *payload.Node
	all  bool // optional members too
	// skip is the mark of members that the other side writes.
	skip string
}

// follow resolves references to the document itself.
func (w *writer) follow(s *payload.Node) *payload.Node {
	doc := &payload.Tree{Format: payload.JSON, Root: w.root}
	for range 32 {
		ref := s.Member("$ref")
		if ref == nil {
			return s
		}
		next := doc.At(strings.TrimPrefix(ref.Value, "#"))
		if next == nil {
			return s
		}
		s = next
	}
	return s
}

func (w *writer) value(s *payload.Node, depth int) *payload.Node {
	if s = w.follow(s); s.Kind != payload.Object || depth > maxDepth {
		return nil
	}
	for _, keyword := range []string{"example", "default", "const"} {
		if v := s.Member(keyword); v != nil {
			return v.Clone()
		}
	}
	for _, keyword := range []string{"examples", "enum"} {
		if v := s.Member(keyword); v != nil && v.Kind == payload.Array && v.First() != nil {
			return v.First().Clone()
		}
	}
	if all := s.Member("allOf"); all != nil {
		return w.merged(s, all, depth)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if list := s.Member(keyword); list != nil && list.First() != nil {
			return w.value(list.First(), depth+1)
		}
	}
	switch typeOf(s) {
	case "object":
		return w.object(s, depth)
	case "array":
		list := &payload.Node{Kind: payload.Array}
		if items := s.Member("items"); items != nil {
			if item := w.value(items, depth+1); item != nil {
				list.Append(item)
			}
		}
		return list
	case "integer", "number":
		return &payload.Node{Kind: payload.Number, Value: number(s)}
	case "boolean":
		return &payload.Node{Kind: payload.Bool, Value: "true"}
	}
	return text(words(s))
}

func (w *writer) merged(s, all *payload.Node, depth int) *payload.Node {
	out := w.object(s, depth)
	for part := range all.Children() {
		v := w.value(part, depth+1)
		if v == nil || v.Kind != payload.Object {
			return v
		}
		for c := range v.Children() {
			if out.Member(c.Name) == nil {
				c.Detach()
				out.Append(c)
			}
		}
	}
	return out
}

func (w *writer) object(s *payload.Node, depth int) *payload.Node {
	out := &payload.Node{Kind: payload.Object}
	required := map[string]bool{}
	if list := s.Member("required"); list != nil {
		for name := range list.Children() {
			required[name.Value] = true
		}
	}
	properties := s.Member("properties")
	if properties == nil {
		return out
	}
	for p := range properties.Children() {
		described := w.follow(p)
		if other := described.Member(w.skip); other != nil && other.Value == "true" || !w.all && !required[p.Name] {
			continue
		}
		if v := w.value(p, depth+1); v != nil {
			v.Name = p.Name
			out.Append(v)
		}
	}
	return out
}

func typeOf(s *payload.Node) string {
	if t := s.Member("type"); t != nil {
		if t.Kind == payload.Array {
			for one := range t.Children() {
				if one.Value != "null" {
					return one.Value
				}
			}
		}
		return t.Value
	}
	if s.Member("properties") != nil {
		return "object"
	}
	return ""
}

// number is 1, or what the bounds leave near it.
func number(s *payload.Node) string {
	for _, keyword := range []string{"minimum", "exclusiveMinimum"} {
		if low := s.Member(keyword); low != nil && low.Kind == payload.Number && payload.CompareNumbers(low.Value, "1") >= 0 {
			if n, err := strconv.ParseInt(low.Value, 10, 64); err == nil {
				return strconv.FormatInt(n+1, 10)
			}
		}
	}
	if high := s.Member("maximum"); high != nil && payload.CompareNumbers(high.Value, "1") < 0 {
		return high.Value
	}
	return "1"
}

// words is a text of the format and of the least length.
func words(s *payload.Node) string {
	if f := s.Member("format"); f != nil {
		for _, known := range [][2]string{{"uuid", sampleUUID}, {"date", "2026-01-15"}, {"date-time", "2026-01-15T12:00:00Z"}, {"time", "12:00:00Z"},
			{"email", "roadworthy@example.com"}, {"uri", "https://example.com/roadworthy"}, {"ipv4", "192.0.2.1"}, {"duration", "P1D"}} {
			if known[0] == f.Value {
				return known[1]
			}
		}
	}
	out := "roadworthy"
	if most := s.Member("maxLength"); most != nil {
		if n, err := strconv.Atoi(most.Value); err == nil && n < len(out) {
			out = out[:max(0, n)]
		}
	}
	if least := s.Member("minLength"); least != nil {
		if n, err := strconv.Atoi(least.Value); err == nil && n > len(out) && n < far {
			out += strings.Repeat("x", n-len(out))
		}
	}
	return out
}

// successes lists the exact statuses of success that the operation describes.
func successes(op *specs.Operation) []int {
	var all []int
	for _, r := range op.Responses {
		if n, err := strconv.Atoi(r.Status); err == nil && n >= 200 && n < 300 {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all
}
