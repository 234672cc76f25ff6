package payload

import "slices"

// FieldPaths lists the fields of a body as a contract speaks of them: every node
// once, sorted, list items as '*' in JSON and elements without indexes in XML.
func (t *Tree) FieldPaths() []string {
	if t == nil || t.Root == nil {
		return nil
	}
	var all []string
	var walk func(n *Node, path string)
	walk = func(n *Node, path string) {
		all = append(all, path)
		for c := range n.Children() {
			switch {
			case n.Kind == Array:
				walk(c, path+"/*")
			case c.Kind == Attribute:
				walk(c, path+"/@"+c.Name)
			case c.Kind == Element:
				walk(c, path+"/"+c.Name)
			default:
				walk(c, path+"/"+EscapePointer(c.Name))
			}
		}
	}
	root := ""
	if t.Format == XML {
		root = "/" + t.Root.Name
	}
	walk(t.Root, root)
	slices.Sort(all)
	return slices.Compact(all)
}
