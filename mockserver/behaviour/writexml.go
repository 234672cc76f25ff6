package behaviour

import (
	"errors"
	"strconv"
	"strings"

	"cel.dev/cel-go/common/types"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// An XML answer is written while its template is walked: no tree of it is made.
// A member "@a" is an attribute, "#text" the text, any other an element of that
// name; a list is one element for each item.

// xmlText is the member that stands for the text of its element.
const xmlText = "#text"

// xmlBody writes a document, which will have about that many bytes; nil when the
// template leaves it out.
func xmlBody(f *frame, body template, expected int) ([]byte, error) {
	w := payload.NewXMLWriter(expected)
	root, name := rootOf(body)
	if root == nil {
		// Which element it is shows only when it is filled.
		n, err := body.fill(f)
		if err != nil || n == nil {
			return nil, err
		}
		if n.Kind != payload.Object || n.Len() != 1 {
			return nil, errors.New("an XML template has exactly one key, the root element")
		}
		writeElement(w, n.First().Name, first(n.First()))
		return w.Bytes(), nil
	}
	if _, err := root.writeXML(w, f, name); err != nil {
		return nil, err
	}
	return w.Bytes(), nil
}

// rootOf gives the template of the root element, where it is plain which one that is.
func rootOf(body template) (root *object, name string) {
	outer, is := body.(object)
	if !is || outer.cond != nil || len(outer.members) != 1 || !isElement(outer.members[0].name) {
		return nil, ""
	}
	inner, is := outer.members[0].value.(object)
	if !is || inner.cond != nil || !inner.inOrder {
		return nil, ""
	}
	return &inner, outer.members[0].name
}

func isElement(name string) bool { return name != xmlText && !strings.HasPrefix(name, "@") }

// first gives the first item of a list where one element is expected.
func first(n *payload.Node) *payload.Node {
	for n != nil && n.Kind == payload.Array {
		n = n.First()
	}
	return n
}

// written says what became of a template: it was left out, it is empty, or it
// holds something.
type written uint8

const (
	leftOut written = iota
	emptyOne
	filled
)

// writeXML writes a template as the element, the elements or the attribute of
// that name.
func writeXML(w *payload.XMLWriter, f *frame, name string, t template) (written, error) {
	switch t := t.(type) {
	case typed:
		v, err := t.expr.eval(f)
		if err != nil {
			return leftOut, err
		}
		return writeValue(w, f, name, v), nil
	case mixed:
		s, err := t.text(f)
		if err != nil {
			return leftOut, err
		}
		return writeText(w, name, s), nil
	case constant:
		return writeNode(w, name, t.value), nil
	case object:
		if t.inOrder && isElement(name) {
			return t.writeXML(w, f, name)
		}
	case loop:
		if !isList(t.body) && isElement(name) {
			return t.writeXML(w, f, name)
		}
	}
	n, err := t.fill(f)
	if err != nil || n == nil {
		return leftOut, err
	}
	return writeNode(w, name, n), nil
}

// isList tells the templates that give a list, of which only the first item
// counts inside another list.
func isList(t template) bool {
	switch t.(type) {
	case loop, sequence, typed:
		return true
	}
	return false
}

func (t object) writeXML(w *payload.XMLWriter, f *frame, name string) (written, error) {
	if t.cond != nil {
		if is, err := t.cond.holds(f); err != nil || !is {
			return leftOut, err
		}
	}
	state := emptyOne
	w.Start(name)
	for i := range t.members {
		m := &t.members[i]
		mark := w.Mark()
		became, err := writeXML(w, f, m.name, m.value)
		switch {
		case err != nil:
			return leftOut, err
		case became == filled:
			state = filled
		case m.optional:
			w.Back(mark)
		}
	}
	w.End(name)
	return state, nil
}

func (t loop) writeXML(w *payload.XMLWriter, f *frame, name string) (written, error) {
	state := emptyOne
	err := t.over.each(f, t.slot, func() error {
		became, err := writeXML(w, f, name, t.body)
		if became == filled {
			state = filled
		}
		return err
	})
	return state, err
}

// writeValue writes the value of an expression.
func writeValue(w *payload.XMLWriter, f *frame, name string, v any) written {
	switch v := v.(type) {
	case string:
		return writeText(w, name, v)
	case types.String:
		return writeText(w, name, string(v))
	case types.Int:
		return writeText(w, name, strconv.FormatInt(int64(v), 10))
	case view:
		if v.n != nil {
			return writeNode(w, name, v.n)
		}
	case list:
		if v.n != nil {
			return writeNode(w, name, v.n)
		}
	}
	return writeNode(w, name, nodeOf(v, &f.build))
}

func writeText(w *payload.XMLWriter, name, s string) written {
	switch {
	case name == xmlText:
		w.Text(s)
	case strings.HasPrefix(name, "@"):
		w.Attr(name[1:], s)
	default:
		w.Start(name)
		w.Text(s)
		w.End(name)
	}
	if s == "" {
		return emptyOne
	}
	return filled
}

// writeNode writes a JSON value.
func writeNode(w *payload.XMLWriter, name string, n *payload.Node) written {
	state := filled
	if empty(n) {
		state = emptyOne
	}
	switch {
	case name == xmlText:
		w.Text(scalar(n))
	case strings.HasPrefix(name, "@"):
		if n.Kind != payload.Null {
			w.Attr(name[1:], scalar(n))
		}
	case n.Kind == payload.Array:
		for c := n.First(); c != nil; c = c.Next() {
			writeElement(w, name, first(c))
		}
	default:
		writeElement(w, name, n)
	}
	return state
}

// scalar is the text of a value: none for null, a list or an object.
func scalar(n *payload.Node) string {
	switch n.Kind {
	case payload.Null, payload.Array, payload.Object:
		return ""
	}
	return n.Value
}

// writeElement writes one element: its attributes first, then its text, then
// its children, whatever their order is.
func writeElement(w *payload.XMLWriter, name string, n *payload.Node) {
	w.Start(name)
	if n != nil && n.Kind != payload.Object {
		w.Text(scalar(n))
	} else if n != nil {
		text := ""
		for c := n.First(); c != nil; c = c.Next() {
			switch {
			case c.Name == xmlText:
				text = scalar(c)
			case strings.HasPrefix(c.Name, "@"):
				writeNode(w, c.Name, c)
			}
		}
		w.Text(text)
		for c := n.First(); c != nil; c = c.Next() {
			if isElement(c.Name) {
				writeNode(w, c.Name, c)
			}
		}
	}
	w.End(name)
}

// inXMLOrder reports members that can be written one after the other:
// attributes, then the text, then elements.
func inXMLOrder(members []member) bool {
	reached := 0
	for _, m := range members {
		step := 2
		switch {
		case strings.HasPrefix(m.name, "@"):
			step = 0
		case m.name == xmlText:
			step = 1
		}
		if step < reached || step == 1 && reached == 1 {
			return false
		}
		reached = max(reached, step)
	}
	return true
}
