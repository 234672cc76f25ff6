package specs

import (
	"path"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// commentBehaviour says at each operation what was guessed, and which have no
// behaviour.
func commentBehaviour(n *yaml.Node, c *Contract) {
	var without []string
	for _, op := range c.Operations {
		if c.Behaviour.Operations[op.ID] == nil {
			without = append(without, op.ID)
		}
	}
	sort.Strings(without)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "inferred" {
			n.Content[i].HeadComment = wrapComment("LOOK: take this away once the operations below are as they should be. Until then nothing of it counts against an implementation.")
		}
		if n.Content[i].Value != "operations" {
			continue
		}
		if len(without) > 0 {
			n.Content[i].HeadComment = wrapComment("LOOK: nothing could be inferred for " + strings.Join(without, ", ") + ".")
		}
		for j := 0; j+1 < len(n.Content[i+1].Content); j += 2 {
			key := n.Content[i+1].Content[j]
			op := c.Operation(key.Value)
			if op == nil {
				continue
			}
			key.HeadComment = wrapComment(op.Method + " " + path.Join("/", op.Path) + ". LOOK: " + guess(op) + ".")
		}
	}
}

func guess(op *Operation) string {
	switch op.Method {
	case "POST":
		return "who makes the key, and what must be unique"
	case "PUT":
		return "whether an unknown key is refused or written anew"
	case "PATCH":
		return "whether the body is a JSON merge patch"
	case "DELETE":
		return "what happens when it is not there"
	}
	return "who may see what, filters, paging"
}

func wrapComment(s string) string {
	var b strings.Builder
	width := 0
	for _, word := range strings.Fields(s) {
		if width == 0 || width+len(word) > 110 {
			if width > 0 {
				b.WriteByte('\n')
			}
			b.WriteString("#")
			width = 1
		}
		b.WriteString(" " + word)
		width += 1 + len(word)
	}
	return b.String()
}
