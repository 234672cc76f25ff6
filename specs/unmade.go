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
	at := map[string]int{} // of a problem, by its place and what it says
	for _, op := range c.Operations {
		look := func(what string, m *Media, shown bool) {
			if m.refer == nil || shown {
				return
			}
			p, ok := m.unmade()
			if ok {
				return
			}
			key := fmt.Sprint(p.File, p.Line, p.What)
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

// unmade tries to make a body; where none is valid it says what of the XSD is not met.
func (m *Media) unmade() (p Problem, ok bool) {
	tree := m.Sample(1)
	if tree == nil {
		return p, true
	}
	found := schema.Hard(m.tree(m.AsXML(tree)))
	if len(found) == 0 {
		if found = schema.Hard(m.tree(tree)); len(found) == 0 {
			return p, true
		}
	}
	v := found[0]
	p.File, p.What = "xsd/"+v.Schema, v.Message()
	if file, line, ok := strings.Cut(v.Schema, ":"); ok {
		p.File = "xsd/" + file
		p.Line, _ = strconv.Atoi(line) // it is a number, or says nothing
	} else if strings.HasPrefix(v.Schema, "#") {
		p.File = m.Schema
	}
	return p, false
}
