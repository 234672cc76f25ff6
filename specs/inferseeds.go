package specs

import "github.com/roadworthy-project/roadworthy/specs/payload"

// seeds are the documented items: of the examples of reading one, and of listing.
func (c *Contract) seeds(doc *document, col *collection) []Seed {
	var all []Seed
	have := map[string]bool{}
	if len(col.parents) > 0 {
		return nil // whose items they are is not said
	}
	add := func(item *payload.Node, fallback string, line int) {
		if item == nil || item.Kind != payload.Object {
			return
		}
		key := fallback
		if id := item.Member(col.idName); id != nil && col.idName != "" {
			key = id.Value
		}
		if key == "" || have[key] {
			return
		}
		have[key] = true
		all = append(all, Seed{Key: key, Document: *literal(item), Line: line})
	}
	for _, op := range append([]*Operation{col.read, col.list}, col.alsoList...) {
		if op == nil {
			continue
		}
		for _, e := range c.Examples {
			if e.Operation != op.ID || e.Response == nil || e.Response.Valid != nil || e.Response.Status >= 300 || formatOf(e.Response.MediaType) != payload.JSON {
				continue
			}
			t, err := payload.ParseJSON(e.Response.Body, payload.JSONLimits{})
			if err != nil {
				continue
			}
			described := op.Response(e.Response.Status)
			if described == nil {
				continue
			}
			fallback := ""
			if op == col.read && e.Request != nil {
				fallback = e.Request.Path[col.param]
			}
			root := t.Root
			if root.Kind == payload.Object && !doc.same(jsonSchemaOf(described.Body), col.schema) {
				root = envelope(doc, jsonSchemaOf(described.Body), root, col)
			}
			if root == nil {
				continue
			}
			if root.Kind == payload.Array {
				for item := range root.Children() {
					add(item, "", op.Line)
				}
				continue
			}
			add(root, fallback, op.Line)
		}
	}
	return all
}

// envelope gives the item or the list of items that a response wraps.
func envelope(doc *document, at, root *payload.Node, col *collection) *payload.Node {
	for _, m := range doc.objectOf(at).members {
		if doc.same(m.at, col.schema) || doc.typeOf(m.at) == "array" && doc.same(m.at.Member("items"), col.schema) {
			return root.Member(m.name)
		}
	}
	return nil
}

// namePaths makes the examples of reading an item ask for the item that they
// show.
func (c *Contract) namePaths(col *collection) {
	for _, e := range c.Examples {
		if col.read == nil || col.idName == "" || e.Operation != col.read.ID || e.Request == nil || e.Response == nil {
			continue
		}
		if t, err := payload.ParseJSON(e.Response.Body, payload.JSONLimits{}); err == nil && t.Root.Kind == payload.Object {
			if id := t.Root.Member(col.idName); id != nil && id.IsScalar() && id.Kind != payload.Null && e.Response.Valid == nil {
				e.Request.Path[col.param] = id.Value
			}
		}
	}
}
