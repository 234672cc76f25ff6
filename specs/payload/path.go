package payload

import (
	"fmt"
	"strconv"
	"strings"
)

// Path names a node of this tree: a JSON Pointer ("" is the root), or an XPath
// such as /orders/order[2]/@sequence.
func (t *Tree) Path(n *Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	t.writePath(&b, n)
	return b.String()
}

func (t *Tree) writePath(b *strings.Builder, n *Node) {
	if n.parent != nil {
		t.writePath(b, n.parent)
	}
	switch {
	case t.Format == XML && n.Kind == Attribute:
		b.WriteString("/@")
		b.WriteString(n.Name)
	case t.Format == XML:
		b.WriteByte('/')
		b.WriteString(n.Name)
		if i, repeated := n.elementIndex(); n.parent != nil && (repeated || t.Repeats != nil && t.Repeats(n.Name)) {
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(i))
			b.WriteByte(']')
		}
	case n.parent == nil:
	case n.parent.Kind == Array:
		i := 0
		for s := n.parent.First(); s != n; s = s.next {
			i++
		}
		b.WriteByte('/')
		b.WriteString(strconv.Itoa(i))
	default:
		b.WriteByte('/')
		b.WriteString(EscapePointer(n.Name))
	}
}

// elementIndex counts from 1 among the siblings of the same name.
func (n *Node) elementIndex() (index int, repeated bool) {
	index = 1
	if n.parent == nil {
		return index, false
	}
	for s := n.parent.First(); s != n; s = s.next {
		if s.Kind == Element && s.Name == n.Name {
			index++
		}
	}
	if index > 1 {
		return index, true
	}
	for s := n.Next(); s != nil; s = s.Next() {
		if s.Kind == Element && s.Name == n.Name {
			return index, true
		}
	}
	return index, false
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// EscapePointer writes a member name as one JSON Pointer token.
func EscapePointer(name string) string {
	if strings.IndexByte(name, '~') < 0 && strings.IndexByte(name, '/') < 0 {
		return name
	}
	return pointerEscaper.Replace(name)
}

// UnescapePointer reads one JSON Pointer token.
func UnescapePointer(token string) string {
	if !strings.Contains(token, "~") {
		return token
	}
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// Step is one step of a parsed path.
type Step struct {
	Name  string // member or element name, array index, attribute name; "*" is any
	Attr  bool   // an attribute step, XML only
	Index int    // 1-based index in XML; 0 means all siblings of that name
}

// Steps parses a path in the notation of the format. A JSON Pointer may be
// empty (the root); an XPath must begin with '/'. Only the child axis, '@name',
// '*' and a numeric index are understood.
func Steps(f Format, path string) ([]Step, error) {
	if path == "" {
		return nil, nil
	}
	if path[0] != '/' {
		return nil, fmt.Errorf("path %q must begin with '/'", path)
	}
	if f == XML && path == "/" {
		return nil, nil
	}
	tokens := strings.Split(path[1:], "/")
	steps := make([]Step, 0, len(tokens))
	for _, token := range tokens {
		if f == JSON {
			steps = append(steps, Step{Name: UnescapePointer(token)})
			continue
		}
		var s Step
		if strings.HasPrefix(token, "@") {
			s.Attr, token = true, token[1:]
		}
		if open := strings.IndexByte(token, '['); open >= 0 && !s.Attr {
			i, err := strconv.Atoi(strings.TrimSuffix(token[open+1:], "]"))
			if err != nil || i < 1 || !strings.HasSuffix(token, "]") {
				return nil, fmt.Errorf("path %q: the index in %q must be a number of at least 1 in brackets", path, token)
			}
			s.Index, token = i, token[:open]
		}
		if token == "" {
			return nil, fmt.Errorf("path %q has an empty step", path)
		}
		s.Name = token
		steps = append(steps, s)
	}
	return steps, nil
}

// At gives the node that a path names, nil if there is none. In XML a step
// without an index names the first sibling of that name. A malformed path finds
// nothing; check it with [Steps] where it comes from a person.
func (t *Tree) At(path string) *Node {
	if t == nil || t.Root == nil {
		return nil
	}
	steps, err := Steps(t.Format, path)
	if err != nil {
		return nil
	}
	n := t.Root
	if t.Format == XML {
		if len(steps) == 0 {
			return n
		}
		if steps[0].Attr || steps[0].Name != "*" && steps[0].Name != n.Name || steps[0].Index > 1 {
			return nil
		}
		steps = steps[1:]
	}
	for _, s := range steps {
		if n = n.step(t.Format, s); n == nil {
			return nil
		}
	}
	return n
}

func (n *Node) step(f Format, s Step) *Node {
	if f == JSON {
		if n.Kind == Array {
			i, err := strconv.Atoi(s.Name)
			if err != nil || len(s.Name) > 1 && s.Name[0] == '0' {
				return nil
			}
			return n.Item(i)
		}
		return n.Member(s.Name)
	}
	if s.Attr {
		return n.Attr(s.Name)
	}
	i := 0
	for c := n.First(); c != nil; c = c.Next() {
		if c.Kind != Element || s.Name != "*" && c.Name != s.Name {
			continue
		}
		if i++; s.Index == 0 || i == s.Index {
			return c
		}
	}
	return nil
}

// Select gives every node that the path names, in document order. '*' stands
// for any member, item or element, and an XPath step without an index for all
// siblings of that name.
func (t *Tree) Select(path string) []*Node {
	if t == nil || t.Root == nil {
		return nil
	}
	steps, err := Steps(t.Format, path)
	if err != nil {
		return nil
	}
	found := []*Node{t.Root}
	if t.Format == XML {
		if len(steps) == 0 {
			return found
		}
		if steps[0].Attr || steps[0].Name != "*" && steps[0].Name != t.Root.Name || steps[0].Index > 1 {
			return nil
		}
		steps = steps[1:]
	}
	for _, s := range steps {
		var next []*Node
		for _, n := range found {
			next = n.selectStep(t.Format, s, next)
		}
		if found = next; len(found) == 0 {
			return nil
		}
	}
	return found
}

func (n *Node) selectStep(f Format, s Step, into []*Node) []*Node {
	if f == JSON {
		if s.Name == "*" && n.Member("*") == nil {
			for c := n.First(); c != nil; c = c.Next() {
				into = append(into, c)
			}
			return into
		}
		if c := n.step(f, s); c != nil {
			into = append(into, c)
		}
		return into
	}
	i := 0
	for c := n.First(); c != nil; c = c.Next() {
		if s.Attr != (c.Kind == Attribute) || s.Name != "*" && c.Name != s.Name {
			continue
		}
		if i++; s.Index == 0 || i == s.Index {
			into = append(into, c)
		}
	}
	return into
}

// StripIndexes takes array positions and XPath indexes out of a path, so that
// the same finding on two items of a list has one name: /a/0/b and /a[2]/b
// become /a/*/b and /a/b.
func StripIndexes(path string) string {
	if path == "" || path[0] != '/' {
		return path
	}
	tokens := strings.Split(path, "/")
	for i, token := range tokens {
		if open := strings.IndexByte(token, '['); open > 0 && strings.HasSuffix(token, "]") {
			tokens[i] = token[:open]
			continue
		}
		if _, err := strconv.ParseUint(token, 10, 32); err == nil {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}
