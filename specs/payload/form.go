package payload

import (
	"strconv"
	"strings"
)

// FillElement writes a JSON value into an element: "@name" is an attribute, "#text"
// the text beside attributes, a list a repeated element. Null leaves it empty; of a
// list where one value was expected, the first counts.
func FillElement(e, from *Node, b *Builder) {
	switch from.Kind {
	case Null:
	case Array:
		if from.First() != nil {
			FillElement(e, from.First(), b)
		}
	case Object:
		for c := from.First(); c != nil; c = c.Next() {
			switch {
			case c.Name == "#text":
				if c.Kind != Null {
					e.Value = c.Value
				}
			case strings.HasPrefix(c.Name, "@"):
				if c.Kind != Null {
					e.Append(b.NewNode(Attribute, c.Name[1:], c.Value))
				}
			case c.Kind == Array:
				for item := c.First(); item != nil; item = item.Next() {
					appendFilled(e, c.Name, item, b)
				}
			default:
				appendFilled(e, c.Name, c, b)
			}
		}
	default:
		e.Value = from.Value
	}
}

func appendFilled(parent *Node, name string, from *Node, b *Builder) {
	child := b.NewNode(Element, name, "")
	FillElement(child, from, b)
	parent.Append(child)
}

// FormPointer names the place in a JSON value that [FillElement] wrote into an
// element, by its path below that element: "/order[2]/@sequence" is
// "/order/1/@sequence" where order is a list. Of what is not there, the last step
// is taken as it is written.
func FormPointer(value *Node, path string) string {
	var b strings.Builder
	steps, err := Steps(XML, path)
	if err != nil {
		return ""
	}
	for _, s := range steps {
		name := s.Name
		if s.Attr {
			name = "@" + name
		}
		b.WriteString("/" + EscapePointer(name))
		if value != nil {
			value = value.Member(name)
		}
		if value != nil && value.Kind == Array {
			at := max(s.Index, 1) - 1
			b.WriteString("/" + strconv.Itoa(at))
			value = value.Item(at)
		}
	}
	return b.String()
}
