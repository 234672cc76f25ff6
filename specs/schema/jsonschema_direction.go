package schema

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// barred says why a member must not be sent in this direction, "" if it may. The
// mark stands at the property or at what it refers to.
func (c *compiler) barred(n *payload.Node, res *resource, hops int) string {
	if n.Kind != payload.Object || hops > 20 {
		return ""
	}
	if ref := stringMember(n, "$ref"); ref != "" {
		if target, other, err := c.resolve(ref, res); err == nil {
			if why := c.barred(target, other, hops+1); why != "" {
				return why
			}
		}
		if res.dialect != OpenAPI31 {
			return ""
		}
	}
	switch {
	case c.dir == Request && isTrue(n.Member("readOnly")):
		return "no read-only member in a request"
	case c.dir == Response && isTrue(n.Member("writeOnly")):
		return "no write-only member in a response"
	}
	return ""
}

// exemptions gives the members that some part of an allOf requires and another
// part bars: the author has split one object over several schemas.
func (c *compiler) exemptions(n *payload.Node, s *jsonSchema) map[string]bool {
	if c.dir == EitherWay {
		return nil
	}
	barred := map[string]bool{}
	c.gatherBarred(n, s.res, barred, 0)
	if len(barred) == 0 {
		return nil
	}
	return barred
}

func (c *compiler) gatherBarred(n *payload.Node, res *resource, into map[string]bool, depth int) {
	if n.Kind != payload.Object || depth > 20 {
		return
	}
	if ref := stringMember(n, "$ref"); ref != "" {
		if target, other, err := c.resolve(ref, res); err == nil {
			c.gatherBarred(target, other, into, depth+1)
		}
		if res.dialect != OpenAPI31 {
			return
		}
	}
	if props := n.Member("properties"); props != nil && props.Kind == payload.Object {
		for p := range props.Children() {
			if c.barred(p, res, 0) != "" {
				into[p.Name] = true
			}
		}
	}
	if all := n.Member("allOf"); all != nil && all.Kind == payload.Array {
		for part := range all.Children() {
			c.gatherBarred(part, res, into, depth+1)
		}
	}
}

// findCycles marks the schemas that lead back to themselves without going down
// into the body. Where nothing but references is on the way, the schema says
// nothing and is refused; otherwise such a schema is judged once per value.
func (c *compiler) findCycles() {
	const (
		fresh = iota + 1
		open
		done
	)
	// What an earlier run compiled was looked at then: it leads to nothing fresh.
	state := map[*jsonSchema]int{}
	for _, k := range c.fresh {
		state[c.compiled[k]] = fresh
	}
	var visit func(s *jsonSchema)
	var way []*jsonSchema
	visit = func(s *jsonSchema) {
		state[s] = open
		way = append(way, s)
		for _, next := range s.inPlace() {
			switch state[next] {
			case open:
				c.noteCycle(way, next)
			case fresh:
				visit(next)
			}
		}
		way = way[:len(way)-1]
		state[s] = done
	}
	for _, k := range c.fresh {
		if s := c.compiled[k]; state[s] == fresh {
			visit(s)
		}
	}
}

func (c *compiler) noteCycle(way []*jsonSchema, back *jsonSchema) {
	from := len(way) - 1
	for way[from] != back {
		from--
	}
	onlyReferences := true
	for _, s := range way[from:] {
		onlyReferences = onlyReferences && s.ref != nil && len(s.inPlace()) == 1
	}
	if onlyReferences {
		c.errs = append(c.errs, &CompileError{Pointer: back.place, Keyword: "$ref", What: "refers to itself without going down into the body"})
		return
	}
	for _, s := range way[from:] {
		s.cyclic = true
	}
	c.warn(back, "$ref", "leads back to itself without going down into the body; it is judged once per value")
}

// inPlace gives the schemas that judge the same value.
func (s *jsonSchema) inPlace() []*jsonSchema {
	var all []*jsonSchema
	add := func(more ...*jsonSchema) {
		for _, m := range more {
			if m != nil {
				all = append(all, m)
			}
		}
	}
	add(s.ref, s.not, s.cond, s.then, s.els)
	add(s.all...)
	if s.any != nil {
		add(s.any.branches...)
	}
	if s.one != nil {
		add(s.one.branches...)
	}
	if s.dynamic != nil {
		add(s.dynamic.static)
		for _, d := range s.dynamic.byResource {
			add(d)
		}
	}
	if s.object != nil {
		for _, d := range s.object.dependents {
			add(d.schema)
		}
	}
	return all
}
