package mockserver

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// generator makes one body from a schema.
type generator struct {
	rand *rand.Rand
	root *payload.Node
	// sparse leaves out whatever is not required.
	sparse bool
	refs   int
}

// Bounds that keep recursive schemas from growing without end.
const (
	maxGenerated = 8
	maxRefs      = 2000
)

// value makes a value for a schema. Unknown keywords are left to the judge.
func (g *generator) value(s *payload.Node, depth int) *payload.Node {
	s = g.follow(s)
	if s == nil || s.Kind != payload.Object {
		return payload.FromGo("text")
	}
	for _, keyword := range []string{"const", "example", "default"} {
		if v := s.Member(keyword); v != nil && (depth > 0 || v.Kind == payload.Object || v.Kind == payload.Array) {
			return bare(v)
		}
	}
	if v := s.Member("enum"); v != nil && v.Len() > 0 {
		return bare(v.Item(g.rand.IntN(v.Len())))
	}
	if v := s.Member("examples"); v != nil && v.Kind == payload.Array && v.Len() > 0 {
		return bare(v.Item(0))
	}
	if merged := g.composed(s, depth); merged != nil {
		return merged
	}
	switch g.typeOf(s) {
	case "object":
		return g.object(s, depth)
	case "array":
		return g.array(s, depth)
	case "integer", "number":
		return g.number(s)
	case "boolean":
		return payload.FromGo(g.rand.IntN(2) == 0)
	case "null":
		return payload.FromGo(nil)
	}
	return payload.FromGo(g.text(s))
}

func bare(n *payload.Node) *payload.Node {
	c := n.Clone()
	c.Name = ""
	return c
}

// follow goes through references.
func (g *generator) follow(s *payload.Node) *payload.Node {
	for range 32 {
		if s == nil || s.Kind != payload.Object {
			return s
		}
		ref := s.Member("$ref")
		if ref == nil || !strings.HasPrefix(ref.Value, "#/") {
			return s
		}
		if g.refs++; g.refs > maxRefs {
			return nil
		}
		tree := payload.Tree{Format: payload.JSON, Root: g.root}
		s = tree.At(ref.Value[1:])
	}
	return nil
}

// composed handles allOf, oneOf and anyOf; nil when there is none.
func (g *generator) composed(s *payload.Node, depth int) *payload.Node {
	if all := s.Member("allOf"); all != nil && all.Len() > 0 {
		var result *payload.Node
		if s.Member("properties") != nil {
			result = g.object(s, depth)
		}
		for part := range all.Children() {
			v := g.value(part, depth)
			if result == nil || result.Kind != payload.Object || v.Kind != payload.Object {
				result = v
				continue
			}
			for c := range v.Children() {
				c.Detach()
				if have := result.Member(c.Name); have != nil {
					have.Replace(c)
				} else {
					result.Append(c)
				}
			}
		}
		return result
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		choices := s.Member(keyword)
		if choices == nil || choices.Len() == 0 {
			continue
		}
		at := g.rand.IntN(choices.Len())
		if depth > maxGenerated/2 {
			at = 0
		}
		chosen := choices.Item(at)
		v := g.value(chosen, depth)
		g.tag(s, chosen, v)
		if v.Kind == payload.Object && s.Member("properties") != nil {
			for c := range g.object(s, depth).Children() {
				if v.Member(c.Name) == nil {
					c.Detach()
					v.Append(c)
				}
			}
		}
		return v
	}
	return nil
}

// tag sets the discriminator of a chosen branch.
func (g *generator) tag(s, chosen, v *payload.Node) {
	d := s.Member("discriminator")
	if d == nil || v.Kind != payload.Object || d.Member("propertyName") == nil {
		return
	}
	ref := chosen.Member("$ref")
	if ref == nil {
		return
	}
	name := ref.Value[strings.LastIndexByte(ref.Value, '/')+1:]
	if mapping := d.Member("mapping"); mapping != nil {
		for c := range mapping.Children() {
			if c.Value == ref.Value {
				name = c.Name
				break
			}
		}
	}
	property := d.Member("propertyName").Value
	tag := payload.FromGo(name)
	if have := v.Member(property); have != nil {
		have.Replace(tag)
		return
	}
	tag.Name = property
	v.Append(tag)
}

func (g *generator) typeOf(s *payload.Node) string {
	if t := s.Member("type"); t != nil {
		if t.Kind == payload.String {
			return t.Value
		}
		for c := range t.Children() {
			if c.Value != "null" {
				return c.Value
			}
		}
		return "null"
	}
	switch {
	case s.Member("properties") != nil || s.Member("additionalProperties") != nil || s.Member("required") != nil:
		return "object"
	case s.Member("items") != nil:
		return "array"
	case s.Member("minimum") != nil || s.Member("maximum") != nil:
		return "number"
	}
	return "string"
}

func (g *generator) object(s *payload.Node, depth int) *payload.Node {
	n := &payload.Node{Kind: payload.Object}
	required := map[string]bool{}
	if r := s.Member("required"); r != nil {
		for c := range r.Children() {
			required[c.Value] = true
		}
	}
	if properties := s.Member("properties"); properties != nil {
		for p := range properties.Children() {
			if !required[p.Name] && (g.sparse || depth >= maxGenerated/2) {
				continue
			}
			if depth >= maxGenerated*2 {
				continue
			}
			if flag := g.follow(p); flag != nil && flag.Kind == payload.Object && flag.Member("writeOnly") != nil && flag.Member("writeOnly").Value == "true" {
				continue
			}
			v := g.value(p, depth+1)
			v.Name = p.Name
			n.Append(v)
			delete(required, p.Name)
		}
	}
	if more := s.Member("additionalProperties"); more != nil && more.Kind == payload.Object {
		for i := n.Len(); i < g.whole(s, "minProperties", 0); i++ {
			v := g.value(more, depth+1)
			v.Name = "key" + strconv.Itoa(i+1)
			n.Append(v)
		}
	}
	if r := s.Member("required"); r != nil && depth < maxGenerated*2 {
		// Required, and described elsewhere or not at all.
		for c := range r.Children() {
			if required[c.Value] && n.Member(c.Value) == nil && s.Member("properties") == nil {
				v := payload.FromGo("text")
				v.Name = c.Value
				n.Append(v)
			}
		}
	}
	return n
}

func (g *generator) array(s *payload.Node, depth int) *payload.Node {
	n := &payload.Node{Kind: payload.Array}
	count := g.whole(s, "minItems", 0)
	if count == 0 && !g.sparse && depth < maxGenerated/2 && g.whole(s, "maxItems", 1) > 0 {
		count = 1
	}
	for range min(count, 50) {
		n.Append(g.value(s.Member("items"), depth+1))
	}
	return n
}

func (g *generator) whole(s *payload.Node, keyword string, otherwise int) int {
	if v := s.Member(keyword); v != nil {
		if f, err := strconv.ParseFloat(v.Value, 64); err == nil && f >= 0 && f < 1e9 {
			return int(f)
		}
	}
	return otherwise
}

func (g *generator) number(s *payload.Node) *payload.Node {
	low, high := 0.0, 100.0
	bound := func(keyword string) (float64, bool) {
		v := s.Member(keyword)
		if v == nil || v.Kind != payload.Number {
			return 0, false
		}
		f, err := strconv.ParseFloat(v.Value, 64)
		return f, err == nil
	}
	step := 1.0
	if m, ok := bound("multipleOf"); ok && m > 0 {
		step = m
	}
	gap := func(keyword string) float64 {
		if v := s.Member(keyword); v != nil && v.Kind == payload.Bool && v.Value == "true" {
			return step
		}
		return 0
	}
	minimum, hasMin := bound("minimum")
	maximum, hasMax := bound("maximum")
	if v, ok := bound("exclusiveMinimum"); ok {
		minimum, hasMin = v+step, true
	}
	if v, ok := bound("exclusiveMaximum"); ok {
		maximum, hasMax = v-step, true
	}
	minimum += gap("exclusiveMinimum")
	maximum -= gap("exclusiveMaximum")
	switch {
	case hasMin && hasMax:
		low, high = minimum, maximum
	case hasMin:
		low, high = minimum, minimum+100
	case hasMax:
		low, high = maximum-100, maximum
	}
	if high < low {
		// Between two neighbours only a fraction fits.
		return payload.FromGo((low + high) / 2)
	}
	v := math.Ceil(low/step) * step
	if v > high {
		v = low
	} else if room := math.Floor((high - v) / step); room >= 1 {
		v += step * float64(g.rand.Int64N(int64(math.Min(room, 1e6))+1))
	}
	return payload.FromGo(v)
}
