package specs

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// inferBehaviour writes the rules of one collection: create, read, list, replace,
// change and remove, kept in the state of the server.
func (c *Contract) inferBehaviour(doc *document, col *collection) {
	w := &behaviourWriter{c: c, doc: doc, col: col}
	_, title := cutLast(col.path)
	seed := c.reachable(doc, col, c.seeds(doc, col))
	r := &Resource{Title: title, Key: "the value of {" + col.param + "} in " + col.item, Seed: seed, described: col.schema}
	if len(col.parents) > 0 {
		r.within = []string{"item"}
	}
	c.Behaviour.Resources[col.name] = r
	for _, op := range append([]*Operation{col.list}, col.alsoList...) {
		w.list(op)
	}
	w.create(col.create)
	w.read(col.read)
	w.replace(col.replace, true)
	w.replace(col.replaceAt, false)
	w.patch(col.patch)
	w.remove(col.remove)
}

type behaviourWriter struct {
	c   *Contract
	doc *document
	col *collection
}

func quote(s string) string { return strconv.Quote(s) }

// operation begins the entry of an operation; lets are name, expression pairs.
func (w *behaviourWriter) operation(op *Operation, lets ...string) *OperationBehaviour {
	b := &OperationBehaviour{Line: op.Line}
	let := yamlMap()
	for i := 0; i+1 < len(lets); i += 2 {
		put(let, lets[i], yamlText(lets[i+1]))
	}
	if len(let.Content) > 0 {
		b.Let = *let
	}
	w.c.Behaviour.Operations[op.ID] = b
	return b
}

// key is the expression of a document's key; own is that of the item's part.
func (w *behaviourWriter) key(own string) string {
	var parts []string
	for _, p := range w.col.parents {
		parts = append(parts, "request.path["+quote(p)+"]")
	}
	return strings.Join(append(parts, own), " + '/' + ")
}

func (w *behaviourWriter) parent() string {
	var parts []string
	for _, p := range w.col.parents {
		parts = append(parts, "request.path["+quote(p)+"]")
	}
	return strings.Join(parts, " + '/' + ")
}

func (w *behaviourWriter) nested() bool { return len(w.col.parents) > 0 }

// storedBody is the item of a let-value "stored".
func (w *behaviourWriter) storedBody() string {
	if w.nested() {
		return "stored.body.item"
	}
	return "stored.body"
}

func (w *behaviourWriter) storedByPath() string {
	return "get(" + quote(w.col.name) + ", " + w.key("request.path["+quote(w.col.param)+"]") + ")"
}

// document is what is kept: the item, for a nested collection with its parent.
func (w *behaviourWriter) document(expr string) yaml.Node {
	if !w.nested() {
		return *yamlText("${" + expr + "}")
	}
	m := yamlMap()
	put(m, "parent", yamlText("${"+w.parent()+"}"))
	put(m, "item", yamlText("${"+expr+"}"))
	return *m
}

func (w *behaviourWriter) unknownRule() Rule {
	return Rule{ID: "unknown-" + w.col.name, When: "stored == null", Outcome: "http:404", Basis: Inferred,
		Detail: w.nothing("request.path[" + quote(w.col.param) + "]")}
}

func (w *behaviourWriter) nothing(key string) string {
	return "there is nothing in " + w.col.name + " with the key ${" + key + "}"
}

// needs404 tells whether an unknown item is refused, or written anew or ignored.
func (w *behaviourWriter) needs404(op *Operation) bool {
	for _, r := range op.Responses {
		if r.Status == "404" {
			return true
		}
	}
	return false
}

func (w *behaviourWriter) list(op *Operation) {
	if op == nil {
		return
	}
	r := op.success()
	if r == nil {
		return
	}
	all := "list(" + quote(w.col.name) + ")"
	if w.nested() {
		all += ".filter(d, d.parent == " + w.parent() + ").map(d, d.item)"
	}
	model := w.doc.objectOf(w.col.schema)
	for _, p := range op.Params {
		at := model.member(p.Name)
		if p.In != "query" || at == nil {
			continue
		}
		switch w.doc.typeOf(at) {
		case "string", "integer", "number", "boolean":
			q := "request.query[" + quote(p.Name) + "]"
			all += ".filter(d, " + q + " == null || text(d[" + quote(p.Name) + "]) in text(" + q + ").split(','))"
		}
	}
	body, ok := w.answer(jsonSchemaOf(r.Body), "", "items")
	if !ok {
		return
	}
	b := w.operation(op, "items", all)
	b.Respond = &Respond{Status: statusOf(r)}
	if body != nil {
		b.Respond.Body = *body
	}
}

func (w *behaviourWriter) read(op *Operation) {
	if op == nil {
		return
	}
	r := op.success()
	if r == nil {
		return
	}
	body, ok := w.answer(jsonSchemaOf(r.Body), w.storedBody(), "")
	if !ok {
		return
	}
	b := w.operation(op, "stored", w.storedByPath())
	b.Rules = []Rule{w.unknownRule()}
	b.Respond = &Respond{Status: statusOf(r)}
	if body != nil {
		b.Respond.Body = *body
	}
}

// needParent refuses to list and create below an item that is not there, where
// the document says that an operation may answer so.
func (c *Contract) needParent(doc *document, col *collection, all []*collection) {
	above, _ := cutLast(col.path)
	for _, parent := range all {
		if parent.item != above {
			continue
		}
		w := &behaviourWriter{c: c, doc: doc, col: parent}
		for _, op := range []*Operation{col.list, col.create} {
			if op == nil || c.Behaviour.Operations[op.ID] == nil || op.Response(404) == nil || op.Response(404) == op.success() {
				continue
			}
			rule := w.unknownRule()
			rule.When = w.storedByPath() + " == null"
			b := c.Behaviour.Operations[op.ID]
			b.Rules = append([]Rule{rule}, b.Rules...)
		}
	}
}

// newID is the expression of a fresh key, of the type that the schema asks for.
func (w *behaviourWriter) newID() string {
	switch w.col.idType {
	case "integer", "number":
		above := 0
		for _, s := range w.c.Behaviour.Resources[w.col.name].Seed {
			_, last := cutLast(s.Key)
			if n, err := strconv.Atoi(last); err == nil && n > above {
				above = n
			}
		}
		if above > 0 {
			return "seq(" + quote(w.col.name) + ") + " + strconv.Itoa(above)
		}
		return "seq(" + quote(w.col.name) + ")"
	}
	return "uuid()"
}

// withID adds the key to an item; an item without a place for it stays as it is.
func (w *behaviourWriter) withID(item, id string) string {
	if w.col.idName == "" {
		return item
	}
	return "merge(" + item + ", {" + quote(w.col.idName) + ": " + id + "})"
}

// ownsID tells whether a request body may carry the key.
func (w *behaviourWriter) ownsID(sent *payload.Node) bool {
	if w.col.idName == "" {
		return false
	}
	at := w.doc.objectOf(sent).member(w.col.idName)
	return at != nil && text(at, "readOnly") != "true"
}

func (w *behaviourWriter) create(op *Operation) {
	if op == nil || op.RequestBody == nil {
		return
	}
	sent := jsonSchemaOf(op.RequestBody)
	r := op.success()
	if r == nil || w.doc.typeOf(sent) != "object" {
		return
	}
	body, ok := w.answer(jsonSchemaOf(r.Body), "made", "")
	if !ok {
		return
	}
	fillers, ok := w.fillers(sent)
	if !ok {
		return
	}
	id := w.newID()
	var rules []Rule
	if w.ownsID(sent) {
		given := "request.body[" + quote(w.col.idName) + "]"
		id = given + " != null ? dyn(" + given + ") : dyn(" + id + ")"
		if w.documents(op, "409") {
			rules = append(rules, Rule{ID: "conflict-" + w.col.name, When: given + " != null && get(" + quote(w.col.name) + ", " + w.key("text("+given+")") + ") != null",
				Outcome: "http:409", Detail: w.col.name + " ${text(" + given + ")} exists already", Basis: Inferred})
		}
	}
	b := w.operation(op, "id", id, "made", w.withID(completed(op, fillers), "id"))
	b.Rules = rules
	b.Effects = []Effect{{Put: w.col.name, Key: "${" + w.key("text(id)") + "}", Document: w.document("made"), Line: op.Line}}
	b.Respond = &Respond{Status: statusOf(r)}
	if body != nil {
		b.Respond.Body = *body
	}
	if b.Respond.Status == 201 {
		b.Respond.Headers = map[string]string{"Location": w.location()}
	}
}

// completed is the request's body with what it lacks. The body stays the target of
// the merge, so that a null in it is kept.
func completed(op *Operation, fillers string) string {
	if fillers == "{}" {
		return sentBody(op)
	}
	return "merge(" + sentBody(op) + ", " + fillers + ")"
}

// sentBody is the request's body, {} where none has to be sent, and where it may be
// of a type that nobody reads.
func sentBody(op *Operation) string {
	read := op.RequestBody.Required
	for _, m := range op.RequestBody.Media {
		read = read && m.jsonValidator != nil
	}
	if read {
		return "request.body"
	}
	return "default(request.body, {})"
}

func (w *behaviourWriter) location() string {
	at := w.c.BasePath + w.col.path
	for _, p := range w.col.parents {
		at = strings.ReplaceAll(at, "{"+p+"}", "${request.path["+quote(p)+"]}")
	}
	return at + "/${text(id)}"
}

func (w *behaviourWriter) documents(op *Operation, status string) bool {
	for _, r := range op.Responses {
		if r.Status == status {
			return true
		}
	}
	return false
}

// replace is PUT on the item, or on the collection with the key in the body.
func (w *behaviourWriter) replace(op *Operation, byPath bool) {
	if op == nil || op.RequestBody == nil {
		return
	}
	sent := jsonSchemaOf(op.RequestBody)
	r := op.success()
	if r == nil || w.doc.typeOf(sent) != "object" || !byPath && !w.ownsID(sent) {
		return
	}
	body, ok := w.answer(jsonSchemaOf(r.Body), "made", "")
	if !ok {
		return
	}
	kept, ok := w.kept(sent)
	if !ok {
		return
	}
	own, id := "request.path["+quote(w.col.param)+"]", "request.path["+quote(w.col.param)+"]"
	switch {
	case !byPath:
		// What comes without a key is new.
		given := "request.body[" + quote(w.col.idName) + "]"
		id = given + " != null ? dyn(" + given + ") : dyn(" + w.newID() + ")"
		own = "text(id)"
	case w.col.idType == "integer":
		id = asNumber(id, "int", "^-?[0-9]{1,18}$")
	case w.col.idType == "number":
		id = asNumber(id, "double", "^-?[0-9]{1,18}([.][0-9]{1,18})?$")
	}
	lets := []string{"stored", "get(" + quote(w.col.name) + ", " + w.key(own) + ")", "made", w.withID(completed(op, kept), id)}
	if !byPath {
		lets = append([]string{"id", id}, lets...)
		lets[len(lets)-1] = w.withID(completed(op, kept), "id")
	}
	b := w.operation(op, lets...)
	if w.needs404(op) && !w.documents(op, "201") {
		rule := w.unknownRule()
		if !byPath {
			rule.Detail = w.nothing(own)
		}
		b.Rules = []Rule{rule}
	}
	b.Effects = []Effect{{Put: w.col.name, Key: "${" + w.key(own) + "}", Document: w.document("made"), Line: op.Line}}
	b.Respond = &Respond{Status: statusOf(r)}
	if body != nil {
		b.Respond.Body = *body
	}
}

// asNumber makes a number of the text in a path; one that is none stays what it
// is, since a path may name an item by something else than its number.
func asNumber(expr, convert, pattern string) string {
	return "(" + expr + ".matches(" + quote(pattern) + ") ? dyn(" + convert + "(" + expr + ")) : dyn(" + expr + "))"
}

func (w *behaviourWriter) patch(op *Operation) {
	if op == nil || op.RequestBody == nil {
		return
	}
	r := op.success()
	if r == nil || w.doc.typeOf(jsonSchemaOf(op.RequestBody)) != "object" {
		return
	}
	body, ok := w.answer(jsonSchemaOf(r.Body), "made", "")
	if !ok {
		return
	}
	made := "merge(" + w.storedBody() + ", " + sentBody(op) + ")"
	if w.col.idName != "" {
		made = w.withID(made, w.storedBody()+"["+quote(w.col.idName)+"]")
	}
	b := w.operation(op, "stored", w.storedByPath(), "made", made)
	b.Rules = []Rule{w.unknownRule()}
	b.Effects = []Effect{{Put: w.col.name, Key: "${" + w.key("request.path["+quote(w.col.param)+"]") + "}", Document: w.document("made"), Line: op.Line}}
	b.Respond = &Respond{Status: statusOf(r)}
	if body != nil {
		b.Respond.Body = *body
	}
}

func (w *behaviourWriter) remove(op *Operation) {
	if op == nil {
		return
	}
	r := op.success()
	if r == nil {
		return
	}
	body, ok := w.answer(jsonSchemaOf(r.Body), "removed", "")
	if !ok {
		return
	}
	b := w.operation(op, "stored", w.storedByPath(), "removed", "stored == null ? null : dyn("+w.storedBody()+")")
	if w.needs404(op) || body != nil {
		b.Rules = []Rule{w.unknownRule()}
	}
	b.Effects = []Effect{{Delete: w.col.name, Key: "${" + w.key("request.path["+quote(w.col.param)+"]") + "}", Line: op.Line}}
	b.Respond = &Respond{Status: statusOf(r)}
	if body != nil {
		b.Respond.Body = *body
	}
}
