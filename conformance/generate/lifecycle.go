package generate

import (
	"fmt"
	"net/http"
	"slices"
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
}

// lifeCycle makes the cases of what a write leaves behind.
func (g *generator) lifeCycle() {
	r, ok := g.reader()
	if !ok || len(g.bases) == 0 || g.bases[0].tree == nil {
		return
	}
	status, ok := g.success()
	if !ok {
		return
	}
	var steps []*scenarios.Step
	for i := range writes {
		create := g.create(fmt.Sprintf("write-%d", i+1), fmt.Sprint(i+1), status, r)
		steps = append(steps, create, g.read(fmt.Sprintf("read-%d", i+1), create.ID, r))
	}
	g.add("kept", fmt.Sprintf("what %s writes, %s reads, %d times over", g.op.ID, r.op.ID, writes), "", steps...)
	if len(g.broken) > 0 {
		g.unchanged(r, status)
	}
}

func (g *generator) create(id, name string, status int, r reading) *scenarios.Step {
	q, _ := g.request()
	q.Set = renamed(q.Set, name)
	return &scenarios.Step{ID: id, Operation: g.op.ID, Identity: "default", Request: q, Expect: scenarios.Expect{Status: []int{status}},
		Capture: map[string]string{"id": r.id}}
}

func (g *generator) read(id, created string, r reading) *scenarios.Step {
	return &scenarios.Step{ID: id, Operation: r.op.ID, Identity: "default",
		Request: scenarios.Request{Path: map[string]string{r.param: "${" + created + ".id}"}},
		Expect: scenarios.Expect{Status: []int{200}, Body: []scenarios.Expectation{
			{Path: r.id, Matcher: &scenarios.Matcher{Literal: text("${" + created + ".id}")}}}}}
}

// unchanged refuses broken writes over a stored document and reads it again.
func (g *generator) unchanged(r reading, status int) {
	create := g.create("create", "kept", status, r)
	before, after := g.read("before", "create", r), g.read("after", "create", r)
	after.Expect = scenarios.Expect{Status: []int{200}, SameAs: "before.response"}
	steps := []*scenarios.Step{create, before}
	for i, e := range g.broken {
		q := scenarios.Request{Example: g.bases[0].name, Set: renamed(slices.Clone(g.bases[0].fresh), "kept")}
		q.Set = slices.DeleteFunc(q.Set, func(a scenarios.Assignment) bool { return a.Path == e.path })
		if e.remove {
			q.Remove = []string{e.path}
		} else {
			q.Set = append(q.Set, scenarios.Assignment{Path: e.path, Value: e.value})
		}
		steps = append(steps, &scenarios.Step{ID: fmt.Sprintf("refused-%d", i+1), Operation: g.op.ID, Identity: "default", Request: q, Expect: g.refusesBody(e.path)})
	}
	g.add("unchanged", "a refused "+g.op.ID+" changes nothing", "", append(steps, after)...)
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
			var params []string
			for _, p := range op.Params {
				if p.In == "path" {
					params = append(params, p.Name)
				}
			}
			if len(params) == 1 && g.answersID() {
				return reading{op: op, param: params[0], id: "/id"}, true
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

// answersID reports whether the answers of the operation have a member id.
func (g *generator) answersID() bool {
	for _, e := range g.op.Examples() {
		if e.Response == nil || e.Response.Status >= 300 || len(e.Response.Body) == 0 {
			continue
		}
		r := g.op.Response(e.Response.Status)
		if r == nil || r.Body == nil || len(r.Body.Media) == 0 {
			continue
		}
		if tree, _ := r.Body.Media[0].Judge(e.Response.Body, ""); tree != nil && tree.At("/id") != nil {
			return true
		}
	}
	return false
}

// success is the status of a served request.
func (g *generator) success() (int, bool) {
	for _, e := range g.op.Examples() {
		if e.Name == g.bases[0].name && e.Response != nil && e.Response.Status < 300 {
			return e.Response.Status, true
		}
	}
	return 0, false
}
