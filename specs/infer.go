package specs

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// collection is a kind of resource that the paths of a document show: a path, and
// below it the path of one item.
type collection struct {
	name  string // of the resource
	path  string // "/pets"
	item  string // "/pets/{petId}"; "" if there is none
	param string // "petId"
	// schema of one item, references followed; nil if nobody describes it.
	schema *payload.Node
	idName string // member of an item that is its key; "" if it has none
	idType string // integer, number, string
	idUUID bool
	// nested collections hold their items apart by the parameters above them.
	parents []string

	create, replaceAt, list, read, replace, patch, remove *Operation
	alsoList                                              []*Operation
}

// inferFrom gives a document without a bundle a behaviour, outcomes and demo
// credentials. What the document does not say is marked as inferred.
func (c *Contract) inferFrom(doc *document) {
	c.Behaviour = &Behaviour{Inferred: true, File: doc.main, Resources: map[string]*Resource{},
		Operations: map[string]*OperationBehaviour{}, States: map[string]*ProviderState{}}
	c.Auth = c.inferAuth(doc)
	c.bareExamples(doc)
	c.judgeBareExamples()
	collections := c.collections(doc)
	for _, col := range collections {
		c.inferBehaviour(doc, col)
		c.namePaths(col)
	}
	for _, col := range collections {
		c.needParent(doc, col, collections)
	}
	inferOutcomes(c, doc)
}

// collections groups the operations by their paths.
func (c *Contract) collections(doc *document) []*collection {
	byPath := map[string]*collection{}
	var all []*collection
	of := func(path string) *collection {
		if byPath[path] == nil {
			byPath[path] = &collection{path: path, parents: templateNames(path)}
			all = append(all, byPath[path])
		}
		return byPath[path]
	}
	for _, op := range c.Operations {
		parent, last := cutLast(op.Path)
		if name, ok := onlyParam(last); ok && parent != "" && !strings.HasSuffix(parent, "}") {
			col := of(parent)
			if col.item != "" && col.item != op.Path {
				continue // a second way to name items: not inferred
			}
			col.item, col.param = op.Path, name
			switch op.Method {
			case "GET":
				col.read = op
			case "PUT":
				col.replace = op
			case "PATCH":
				col.patch = op
			case "DELETE":
				col.remove = op
			}
		}
	}
	for _, op := range c.Operations {
		col := byPath[op.Path]
		if col == nil {
			continue
		}
		switch op.Method {
		case "POST":
			col.create = op
		case "PUT":
			col.replaceAt = op
		case "GET":
			col.list = op
		}
	}
	below := map[string][]*Operation{} // reads beside the items, by the path above them
	for _, op := range c.Operations {
		if parent, last := cutLast(op.Path); op.Method == "GET" && !strings.Contains(last, "{") {
			below[parent] = append(below[parent], op)
		}
	}
	var kept []*collection
	names := map[string]bool{}
	for _, col := range all {
		col.describe(doc)
		if !c.usable(doc, col) {
			continue
		}
		col.name = resourceName(col.path, names)
		names[col.name] = true
		c.findOtherLists(doc, col, below)
		kept = append(kept, col)
	}
	return kept
}

func cutLast(path string) (parent, last string) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", path
	}
	return path[:i], path[i+1:]
}

func onlyParam(segment string) (string, bool) {
	if strings.HasPrefix(segment, "{") && strings.IndexByte(segment, '}') == len(segment)-1 {
		return segment[1 : len(segment)-1], true
	}
	return "", false
}

// resourceName is the last literal segment, with those above it where that is
// not enough to tell two apart.
func resourceName(path string, taken map[string]bool) string {
	var literals []string
	for _, s := range strings.Split(path, "/") {
		if s != "" && !strings.Contains(s, "{") {
			literals = append(literals, s)
		}
	}
	name := ""
	for i := len(literals) - 1; i >= 0; i-- {
		if name == "" {
			name = literals[i]
		} else {
			name = literals[i] + "-" + name
		}
		if !taken[name] {
			return name
		}
	}
	for name == "" || taken[name] {
		name += "x"
	}
	return name
}

// describe finds the schema of an item and the member that is its key.
func (col *collection) describe(doc *document) {
	for _, op := range []*Operation{col.read, col.replace, col.patch} {
		if op != nil && col.schema == nil {
			if r := op.success(); r != nil {
				col.schema = jsonSchemaOf(r.Body)
			}
		}
	}
	for _, op := range []*Operation{col.create, col.replace, col.replaceAt} {
		if op != nil && col.schema == nil {
			if r := op.success(); r != nil && doc.typeOf(jsonSchemaOf(r.Body)) == "object" {
				col.schema = jsonSchemaOf(r.Body)
			} else {
				col.schema = jsonSchemaOf(op.RequestBody)
			}
		}
	}
	if col.schema == nil {
		return
	}
	if col.schema = doc.follow(col.schema); col.schema == nil {
		return
	}
	col.schema = col.unwrap(doc, col.schema)
	model := doc.objectOf(col.schema)
	_, singular := cutLast(col.path)
	singular = strings.TrimSuffix(singular, "s")
	for _, name := range []string{col.param, "id", singular + "Id", singular + "_id", "uuid", "key", "code", "name"} {
		if at := model.member(name); at != nil && name != "" {
			if t := doc.typeOf(at); t == "string" || t == "integer" || t == "number" {
				col.idName, col.idType, col.idUUID = name, t, text(at, "format") == "uuid"
				return
			}
		}
	}
}

// unwrap looks into an envelope: {"data": Item} where the create request, or the
// only object member, tells what the item is.
func (col *collection) unwrap(doc *document, at *payload.Node) *payload.Node {
	var sent *payload.Node
	for _, op := range []*Operation{col.create, col.replace, col.replaceAt} {
		if op != nil && sent == nil {
			sent = jsonSchemaOf(op.RequestBody)
		}
	}
	for _, m := range doc.objectOf(at).members {
		if doc.same(m.at, sent) || m.name == "data" && doc.typeOf(m.at) == "object" {
			return m.at
		}
	}
	return at
}

// usable tells whether there is anything to keep: a way to write items, or
// documented ones to begin with.
func (c *Contract) usable(doc *document, col *collection) bool {
	if col.schema == nil || doc.typeOf(col.schema) != "object" {
		return false
	}
	if col.item == "" {
		return false
	}
	writable := false
	for _, op := range []*Operation{col.create, col.replace, col.replaceAt} {
		if op != nil && op.RequestBody != nil && doc.typeOf(jsonSchemaOf(op.RequestBody)) == "object" {
			writable = true
		}
	}
	return writable || len(c.seeds(doc, col)) > 0
}

// findOtherLists finds reads such as GET /pet/findByStatus: directly below the
// collection, answering a list of its items.
func (c *Contract) findOtherLists(doc *document, col *collection, below map[string][]*Operation) {
	for _, op := range below[col.path] {
		if r := op.success(); r != nil {
			if list := jsonSchemaOf(r.Body); doc.typeOf(list) == "array" && doc.same(doc.follow(list).Member("items"), col.schema) {
				col.alsoList = append(col.alsoList, op)
			}
		}
	}
}
