package specs

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/sample"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

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
		if id := item.Member(col.idName); id != nil && col.idName != "" && !(strings.Contains(id.Value, "/") && fallback != "") {
			key = id.Value // an id that is a whole path names no item in a path
		}
		if key == "" || have[key] {
			return
		}
		have[key] = true
		all = append(all, Seed{Key: key, made: item.JSON(), Line: line})
	}
	for _, op := range append([]*Operation{col.read, col.list}, col.alsoList...) {
		if op == nil {
			continue
		}
		for _, e := range c.examplesOf(op.ID) {
			if e.Response == nil || e.Response.Valid != nil || e.Response.Status >= 300 || formatOf(e.Response.MediaType) != payload.JSON {
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
	if len(col.parents) > 0 {
		return // such items are not there from the start
	}
	if col.read == nil || col.idName == "" {
		return
	}
	for _, e := range c.examplesOf(col.read.ID) {
		if e.Request == nil || e.Response == nil {
			continue
		}
		if t, err := payload.ParseJSON(e.Response.Body, payload.JSONLimits{}); err == nil && t.Root.Kind == payload.Object {
			if id := t.Root.Member(col.idName); id != nil && id.IsScalar() && id.Kind != payload.Null && !strings.Contains(id.Value, "/") && e.Response.Valid == nil && col.names(id.Value) {
				e.Request.Path[col.param] = id.Value
			}
		}
	}
}

// reachable adds to the documented items what the examples of the parameters ask
// for: each operation that says nothing of items that are not there would have no
// answer before the first write. Where the key of a documented item fits, the
// example becomes that key; else the item is made up.
func (c *Contract) reachable(doc *document, col *collection, seeds []Seed) []Seed {
	for _, op := range []*Operation{col.read, col.replace, col.patch, col.remove} {
		if op == nil {
			continue
		}
		key, parents := op.exampleKey(col)
		if key == nil || len(parents) != len(col.parents) {
			continue
		}
		if len(parents) == 0 && len(seeds) > 0 && seeds[0].Key != "" && len(schema.Hard(key.Judge([]string{seeds[0].Key}))) == 0 {
			c.askFor(op, col.param, key.Example, seeds[0].Key)
			key.Example = seeds[0].Key
			continue
		}
		whole := strings.Join(append(append([]string(nil), parents...), key.Example), "/")
		if op.Response(404) != nil || slices.ContainsFunc(seeds, func(s Seed) bool { return s.Key == whole }) {
			continue
		}
		if s, ok := col.madeUp(doc, key.Example, parents); ok {
			s.Line = op.Line
			seeds = append(seeds, s)
		}
	}
	return seeds
}

// askFor makes the examples of an operation that ask for one value of a parameter in
// the path ask for another.
func (c *Contract) askFor(op *Operation, param, before, now string) {
	for _, e := range c.examplesOf(op.ID) {
		if e.Request != nil && e.Request.Path[param] == before {
			e.Request.Path[param] = now
		}
	}
}

// exampleKey gives the parameter that names the item, and the example values of
// those above it.
func (op *Operation) exampleKey(col *collection) (key *Param, parents []string) {
	for _, name := range templateNames(op.Path) {
		for _, p := range op.Params {
			switch {
			case p.In != "path" || p.Name != name || p.Example == "":
			case name == col.param:
				key = p
			default:
				parents = append(parents, p.Example)
			}
		}
	}
	return key, parents
}

// madeUp makes an item out of its schema.
func (col *collection) madeUp(doc *document, key string, parents []string) (Seed, bool) {
	tree, _ := sample.Make(col.schema, sample.Options{Seed: 1, Received: true, Follow: doc.follow, Matches: schema.NewMatcher()})
	item := tree.Root
	if item.Kind != payload.Object {
		return Seed{}, false
	}
	if id := item.Member(col.idName); id != nil && (id.Kind == payload.String || id.Kind == payload.Number && isJSONNumber(key)) {
		id.Value = key
	}
	if len(parents) == 0 {
		return Seed{Key: key, made: item.JSON()}, true
	}
	parent := strings.Join(parents, "/")
	stored := &payload.Node{Kind: payload.Object}
	stored.Append(&payload.Node{Kind: payload.String, Name: "parent", Value: parent})
	item.Name = "item"
	stored.Append(item)
	return Seed{Key: parent + "/" + key, made: stored.JSON()}, true
}

// names tells whether the path of an item has room for a key.
func (col *collection) names(key string) bool {
	for _, p := range col.read.Params {
		if p.In == "path" && p.Name == col.param {
			return len(schema.Hard(p.Judge([]string{key}))) == 0
		}
	}
	return false
}
