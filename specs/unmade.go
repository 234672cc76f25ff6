package specs

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// findUnmade looks for the XML bodies of XSDs for which no valid values can be made up
// and of which there is no example: each is named by the place in the XSD that could not
// be met. The operations that it is about still are judged.
func (c *Contract) findUnmade() {
	left, tried := mostTried, map[string]bool{}
	at := map[string]int{} // of a problem, by its place and what it says
	for _, op := range c.Operations {
		look := func(what string, m *Media, shown bool) {
			if m.refer == nil || shown {
				return
			}
			// What is made for one body of an element is made for all of that direction.
			key := fmt.Sprint(m.dir, m.Schema)
			if tried[key] || left <= 0 {
				return
			}
			tried[key] = true
			p, size, ok := m.unmade(left)
			if left -= size; ok {
				return
			}
			key = fmt.Sprint(p.File, p.Line, p.What)
			if i, told := at[key]; told {
				c.unmade[i].What += ", " + op.ID
				return
			}
			p.What = fmt.Sprintf("%s; no valid values are made up for the %s of the operation %s", p.What, what, op.ID)
			p.Hint = "give it an example"
			at[key] = len(c.unmade)
			c.unmade = append(c.unmade, p)
		}
		for _, m := range op.RequestBody.media() {
			look("request", m, op.shows(func(e *Example) bool {
				return e.Request != nil && len(e.Request.Body) > 0 && sameType(m, e.Request.MediaType)
			}))
		}
		for _, r := range op.Responses {
			for _, m := range r.Body.media() {
				look("answer "+r.Status, m, op.shows(func(e *Example) bool {
					return e.Response != nil && len(e.Response.Body) > 0 && op.Response(e.Response.Status) == r && sameType(m, e.Response.MediaType)
				}))
			}
		}
	}
	for _, p := range c.unmade {
		c.Warnings = append(c.Warnings, p.String())
	}
}

// Unmade names the XML bodies for which no valid values can be made up and of which there
// is no example, each with the file and line of the XSD.
func (c *Contract) Unmade() []Problem { return c.unmade }

func (op *Operation) shows(is func(*Example) bool) bool {
	for _, e := range op.examples {
		if is(e) {
			return true
		}
	}
	return false
}

func sameType(m *Media, mediaType string) bool {
	return mediaType == "" || strings.EqualFold(bareType(mediaType), m.Type)
}

// mostTried bounds the values that are tried while a contract is opened: where bodies are
// huge, it shows when they are asked for.
const mostTried = 20_000

// unmade tries to make a body; where none is valid it says what of the XSD is not met.
// size is how many values it took, at least.
func (m *Media) unmade(left int) (p Problem, size int, ok bool) {
	tree := m.sampleWithin(1, left)
	if tree == nil {
		return p, 0, true
	}
	size = tree.Root.Size()
	found := schema.Hard(m.tree(m.AsXML(tree)))
	if len(found) == 0 {
		found = schema.Hard(m.tree(tree))
	}
	if len(found) == 0 || size*2 > left {
		return p, size, true // or nothing is known, because there was no second attempt
	}
	v := found[0]
	p.File, p.What = "xsd/"+v.Schema, v.Message()
	if file, line, ok := strings.Cut(v.Schema, ":"); ok {
		p.File = "xsd/" + file
		p.Line, _ = strconv.Atoi(line) // it is a number, or says nothing
	} else if strings.HasPrefix(v.Schema, "#") {
		p.File = m.Schema
	}
	return p, size, false
}
