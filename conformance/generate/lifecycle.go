package generate

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// writes is how often a write is repeated and read back: more than the ten after
// which a server that forgets now and then is found.
const writes = 12

// reading is the operation that reads what another one wrote.
type reading struct {
	op    *specs.Operation
	param string // path parameter that takes the id
	id    string // path of the id in the answer of the write
	// resource is what both are about.
	resource string
	// key is the member of a request that holds the id; "" if none does.
	key string
}

// lifeCycle makes the cases of what a write leaves behind.
func (g *generator) lifeCycle() {
	r, ok := g.reader()
	if !ok || len(g.bases) == 0 || g.bases[0].tree == nil {
		return
	}
	status, ok := g.success()
	if _, addressed := g.request(); !ok || !addressed {
		return
	}
	if g.changes() {
		g.changeCycle(r, status)
		return
	}
	var steps []*scenarios.Step
	for i := range writes {
		create := g.create(fmt.Sprintf("write-%d", i+1), fmt.Sprint(i+1), status, r)
		read := g.read(fmt.Sprintf("read-%d", i+1), create.ID, r)
		read.Expect.Body = append(read.Expect.Body, g.whole(r, create.ID)...)
		steps = append(steps, create, read)
	}
	g.removed(r, status)
	// With the writes of others between its own, it could miss each that is forgotten.
	g.add("kept", fmt.Sprintf("what %s writes, %s reads, %d times over", g.op.ID, r.op.ID, writes), "", steps...).Alone = true
	if len(g.broken) > 0 {
		g.unchanged(r, status)
	}
}

func (g *generator) create(id, name string, status int, r reading) *scenarios.Step {
	q, _ := g.request()
	q.Set = append(renamed(q.Set, name), g.ownKey(r, q.Set, name)...)
	return &scenarios.Step{ID: id, Operation: g.op.ID, Identity: "default", Request: q, Expect: scenarios.Expect{Status: []int{status}, Weak: g.guessed()},
		Capture: map[string]string{"id": r.id}}
}

// ownKey gives a record a key of its own where the caller chooses it and no free
// text will do: another value that the schema makes for it. Two scenarios that run
// at the same time must not write the same record.
func (g *generator) ownKey(r reading, set []scenarios.Assignment, name string) []scenarios.Assignment {
	b := g.bases[0]
	path := fieldOf(b.tree, r.key)
	if path == "" || slices.ContainsFunc(set, func(a scenarios.Assignment) bool { return a.Path == path }) {
		return nil
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(g.op.ID + " " + name))
	other := b.media.AsXML(b.media.Sample(h.Sum64()))
	if other == nil || fieldOf(other, r.key) == "" {
		return nil
	}
	value := other.At(fieldOf(other, r.key)).Clone()
	if b.tree.Format == payload.XML {
		value = text(value.Value)
	}
	tries := []*payload.Node{value}
	if value.Kind == payload.Number {
		// Numbers that are made for a schema are small, and soon met again.
		tries = []*payload.Node{{Kind: payload.Number, Name: value.Name, Value: strconv.FormatUint(1_000_000+h.Sum64()%900_000_000, 10)}, value}
	}
	for _, value := range tries {
		try := b.tree.Clone()
		if err := try.Set(path, value.Clone()); err == nil && !hard(b.media.JudgeTree(try)) {
			return []scenarios.Assignment{{Path: path, Value: literal(value.Clone())}}
		}
	}
	return nil
}

func (g *generator) read(id, created string, r reading) *scenarios.Step {
	return &scenarios.Step{ID: id, Operation: r.op.ID, Identity: "default",
		Request: scenarios.Request{Path: map[string]string{r.param: "${" + created + ".id}"}},
		Expect: scenarios.Expect{Status: []int{200}, Weak: g.guessed(), Body: []scenarios.Expectation{
			{Path: r.id, Matcher: &scenarios.Matcher{Literal: text("${" + created + ".id}")}}}}}
}

// unchanged refuses broken writes over a stored document and reads it again.
func (g *generator) unchanged(r reading, status int) {
	create := g.create("create", "kept", status, r)
	before, after := g.read("before", "create", r), g.read("after", "create", r)
	after.Expect = scenarios.Expect{Status: []int{200}, SameAs: "before.response", Weak: g.guessed()}
	steps := []*scenarios.Step{create, before}
	for i, e := range g.broken {
		q := g.bases[0].request(renamed(g.bases[0].fresh, "kept"))
		q.Set = append(q.Set, g.ownKey(r, q.Set, "kept")...)
		q.Set = slices.DeleteFunc(q.Set, func(a scenarios.Assignment) bool { return a.Path == e.path })
		e.into(&q)
		steps = append(steps, &scenarios.Step{ID: fmt.Sprintf("refused-%d", i+1), Operation: g.op.ID, Identity: "default", Request: q, Expect: g.refusesBody(e.path)})
	}
	g.add("unchanged", "a refused "+g.op.ID+" changes nothing", "", append(steps, after)...)
}

// removed writes, deletes and reads: what was deleted is not found.
func (g *generator) removed(r reading, status int) {
	notFound := r.op.Outcome("http:404")
	if notFound == nil || g.c.Behaviour == nil {
		return
	}
	for _, op := range g.c.Operations {
		b := g.c.Behaviour.Operations[op.ID]
		if op.Method != http.MethodDelete || op.RequestBody != nil || b == nil || len(successes(op)) == 0 ||
			!slices.ContainsFunc(b.Effects, func(e specs.Effect) bool { return e.Delete == r.resource }) || pathParam(op) == "" {
			continue
		}
		weak := g.guessed() || notFound.Basis != specs.Documented
		create := g.create("create", "removed", status, r)
		remove := &scenarios.Step{ID: "remove", Operation: op.ID, Identity: "default",
			Request: scenarios.Request{Path: map[string]string{pathParam(op): "${create.id}"}}, Expect: scenarios.Expect{Status: successes(op), Weak: weak}}
		after := g.read("after", "create", r)
		after.Expect = scenarios.Expect{Outcomes: []string{"http:404"}, Weak: weak}
		g.add("removed", "what "+op.ID+" removes, "+r.op.ID+" does not find", "", create, remove, after)
		return
	}
}

// unknown reads a record that nobody has written.
func (g *generator) unknown(asked map[string]bool) {
	name := pathParam(g.op)
	notFound := g.op.Outcome("http:404")
	if g.op.Method != http.MethodGet || name == "" || notFound == nil || asked[g.op.ID+" http:404"] {
		return
	}
	for _, p := range g.op.Params {
		if p.Name != name || p.In != "path" {
			continue
		}
		value := "${uuid}"
		if len(p.Judge([]string{sampleUUID})) > 0 {
			if value = "987654321"; len(p.Judge([]string{value})) > 0 {
				return
			}
		}
		g.add("unknown", g.op.ID+" does not find what nobody has written", notFound.Source, &scenarios.Step{ID: "read", Operation: g.op.ID, Identity: "default",
			Request: scenarios.Request{Path: map[string]string{name: value}},
			Expect:  scenarios.Expect{Outcomes: []string{"http:404"}, Weak: g.guessed() || notFound.Basis != specs.Documented}})
	}
}

// pathParam is the only path parameter of an operation; "" when it has none or several.
func pathParam(op *specs.Operation) string {
	name := ""
	for _, p := range op.Params {
		if p.In == "path" {
			if name != "" {
				return ""
			}
			name = p.Name
		}
	}
	return name
}

// renamed gives the references ${unique} and ${uuid} a name of their own.
func renamed(all []scenarios.Assignment, name string) []scenarios.Assignment {
	out := slices.Clone(all)
	for i := range out {
		v := strings.NewReplacer("${unique}", "${unique:"+name+"}", "${uuid}", "${uuid:"+name+"}").Replace(out[i].Value.Value)
		out[i].Value = &payload.Node{Kind: payload.String, Value: v}
	}
	return out
}

// reader finds by behaviour.yaml the operation that reads the resource which this
// one puts, and where the answer carries its key.
func (g *generator) reader() (reading, bool) {
	b := g.c.Behaviour
	if b == nil || b.Operations[g.op.ID] == nil || b.Operations[g.op.ID].Batch != nil {
		return reading{}, false
	}
	for _, e := range b.Operations[g.op.ID].Effects {
		if e.Put == "" || e.When != "" {
			continue
		}
		for _, op := range g.c.Operations {
			if op.Method != http.MethodGet || op.RequestBody != nil || b.Operations[op.ID] == nil || !gets(b.Operations[op.ID], e.Put) {
				continue
			}
			param := pathParam(op)
			if param == "" {
				continue
			}
			for _, name := range []string{"id", param} {
				if id := g.answered(name); id != "" {
					return reading{op: op, param: param, id: id, resource: e.Put, key: name}, true
				}
			}
		}
	}
	return reading{}, false
}

// gets reports whether an operation looks a document of the resource up by key.
func gets(b *specs.OperationBehaviour, resource string) bool {
	for _, n := range b.Let.Content {
		if strings.Contains(n.Value, "get('"+resource+"'") || strings.Contains(n.Value, `get("`+resource+`"`) {
			return true
		}
	}
	return false
}

// answered gives the path of a field in the answers of the operation, by an example
// or by a body made from their schema; "" if it is not there.
func (g *generator) answered(name string) string {
	for _, e := range g.op.Examples() {
		if e.Response == nil || e.Response.Status >= 300 || len(e.Response.Body) == 0 {
			continue
		}
		r := g.op.Response(e.Response.Status)
		if r == nil || r.Body == nil || len(r.Body.Media) == 0 {
			continue
		}
		if tree, _ := r.Body.Media[0].Judge(e.Response.Body, ""); tree != nil && fieldOf(tree, name) != "" {
			return fieldOf(tree, name)
		}
	}
	for _, status := range successes(g.op) {
		if r := g.op.Response(status); r.Body != nil && len(r.Body.Media) > 0 {
			if tree := made(r.Body.Media[0], true); tree != nil && fieldOf(tree, name) != "" {
				return fieldOf(tree, name)
			}
		}
	}
	return ""
}

// fieldOf is the path of a member of a JSON object, of a child of an XML root, or of
// an attribute of it; "" if there is none.
func fieldOf(t *payload.Tree, name string) string {
	if t.Format == payload.XML {
		for c := range t.Root.Children() {
			if c.Name == name && c.First() == nil {
				return t.Path(c)
			}
		}
		return ""
	}
	if path := "/" + payload.EscapePointer(name); t.At(path) != nil {
		return path
	}
	return ""
}

// guessed reports whether what the operations do was inferred from their paths and
// not read in a documentation: then nothing of it counts against anybody.
func (g *generator) guessed() bool { return g.c.Behaviour != nil && g.c.Behaviour.Inferred }

// served makes the case of a plain request, for an operation that no written
// scenario calls.
func (g *generator) served() {
	if g.told {
		return
	}
	hasPath := slices.ContainsFunc(g.op.Params, func(p *specs.Param) bool { return p.In == "path" })
	q, ok := g.request()
	if !ok {
		q, ok = g.form()
	}
	if !ok || hasPath && q.Example == "" || len(successes(g.op)) == 0 {
		return
	}
	g.add("served", g.op.ID+" serves a valid request", "responses of "+g.op.ID, &scenarios.Step{ID: "call", Operation: g.op.ID, Identity: "default",
		Request: q, Expect: scenarios.Expect{Status: successes(g.op), Weak: g.guessed()}})
}

// form is a request with a form that the schema accepts. Nothing else is tried with
// forms: in them every value is a text, and few are wrong for their type.
func (g *generator) form() (q scenarios.Request, ok bool) {
	if g.op.RequestBody == nil {
		return q, false
	}
	for _, m := range g.op.RequestBody.Media {
		if m.Type != "application/x-www-form-urlencoded" && m.Type != "multipart/form-data" {
			continue
		}
		if body, mediaType, ok := m.SampleBody(1); ok {
			return scenarios.Request{Raw: body, MediaType: mediaType}, true
		}
	}
	return q, false
}

// success is the status of a served request.
func (g *generator) success() (int, bool) {
	for _, e := range g.op.Examples() {
		if e.Name == g.bases[0].name && e.Response != nil && e.Response.Status < 300 {
			return e.Response.Status, true
		}
	}
	if all := successes(g.op); g.bases[0].name == "" && len(all) > 0 {
		return all[0], true
	}
	return 0, false
}
