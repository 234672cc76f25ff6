package payload

import (
	"fmt"
	"strconv"
)

// Set puts a value at a path and makes the members, elements and attributes on
// the way that are missing. In a JSON array the token "-" or the length of the
// array appends. In XML the value must be scalar or an element, whose name is
// replaced by the one in the path; null empties the element.
func (t *Tree) Set(path string, value *Node) error {
	steps, err := Steps(t.Format, path)
	if err != nil {
		return err
	}
	if t.Format == XML {
		return t.setXML(path, steps, value)
	}
	if len(steps) == 0 {
		value.Name = ""
		t.Root = value
		return nil
	}
	if t.Root == nil {
		t.Root = &Node{Kind: Object}
	}
	n := t.Root
	for i, s := range steps {
		last := i == len(steps)-1
		next := n.step(JSON, s)
		switch {
		case next != nil && last:
			next.Replace(value)
			return nil
		case next != nil:
			n = next
			continue
		}
		child := value
		if !last {
			child = &Node{Kind: Object}
		}
		switch n.Kind {
		case Array:
			if at, err := strconv.Atoi(s.Name); s.Name != "-" && (err != nil || at != n.Len()) {
				return fmt.Errorf("set %s: the array has %d items, so %q is not a place in it (use %d or - to append)", path, n.Len(), s.Name, n.Len())
			}
			child.Name = ""
		case Object:
			child.Name = s.Name
		default:
			return fmt.Errorf("set %s: %s is a %s and has no member %q", path, t.Path(n), n.Kind, s.Name)
		}
		n.Append(child)
		n = child
	}
	return nil
}

func (t *Tree) setXML(path string, steps []Step, value *Node) error {
	if len(steps) == 0 {
		return fmt.Errorf("set %q: name an element or an attribute below the root", path)
	}
	if t.Root == nil {
		t.Root = &Node{Kind: Element, Name: steps[0].Name}
	}
	if steps[0].Name != t.Root.Name && steps[0].Name != "*" {
		return fmt.Errorf("set %s: the root element is %s", path, t.Root.Name)
	}
	n := t.Root
	for _, s := range steps[1:] {
		next := n.step(XML, s)
		if next == nil {
			if s.Name == "*" {
				return fmt.Errorf("set %s: nothing there matches '*'", path)
			}
			kind := Element
			if s.Attr {
				kind = Attribute
			}
			for have := n.countNamed(s.Name, kind); next == nil; have++ {
				child := n.Append(&Node{Kind: kind, Name: s.Name})
				if have+1 >= s.Index {
					next = child
				}
			}
		}
		n = next
	}
	switch value.Kind {
	case Element:
		if n.parent == nil {
			value.Name = n.Name
			t.Root = value
			return nil
		}
		n.Replace(value)
	case Null, Bool, Number, String, Attribute:
		for c := range n.Children() {
			if c.Kind == Element {
				c.Detach()
			}
		}
		n.Value = value.Value
		if value.Kind == Null {
			n.Value = ""
		}
	default:
		return fmt.Errorf("set %s: an XML value must be a scalar, not a JSON %s", path, value.Kind)
	}
	return nil
}

func (n *Node) countNamed(name string, kind Kind) int {
	count := 0
	for c := n.First(); c != nil; c = c.Next() {
		if c.Kind == kind && c.Name == name {
			count++
		}
	}
	return count
}

// Remove takes out every node that the path names and says how many there were.
func (t *Tree) Remove(path string) int {
	removed := 0
	for _, n := range t.Select(path) {
		if n.parent != nil {
			n.Detach()
			removed++
		}
	}
	return removed
}
