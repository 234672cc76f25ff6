package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// Check holds scenarios against their contract: operations, examples, requirements,
// errata, outcomes, states, identities, paths and references exist. The error is a
// *[LoadError] with everything that was found.
func Check(c *specs.Contract, list []*Scenario) error {
	ch := &checker{c: c}
	for _, e := range c.Errata {
		ch.errata = append(ch.errata, e.ID)
	}
	for _, q := range c.Requirements {
		ch.requirements = append(ch.requirements, q.ID)
	}
	for _, op := range c.Operations {
		ch.operations = append(ch.operations, op.ID)
	}
	for _, s := range list {
		ch.scenario(s)
	}
	return ch.found.err()
}

type checker struct {
	c                                *specs.Contract
	operations, requirements, errata []string
	found                            problems
	s                                *Scenario
	op                               *specs.Operation // of the step
	known                            map[string]bool  // names that a reference may begin with
	fields                           map[string]bool  // "step.name" of captures
}

func (ch *checker) fail(at place, hint, format string, args ...any) {
	ch.found.add(ch.s.File, at.line, at.col, ch.s.ID+": "+fmt.Sprintf(format, args...), hint)
}

func (ch *checker) scenario(s *Scenario) {
	ch.s, ch.known, ch.fields = s, map[string]bool{}, map[string]bool{}
	for _, q := range s.Requirements {
		if !contains(ch.requirements, q) {
			ch.fail(s.at.of("requirements", s.Line), nearest(q, ch.requirements), "requirement %s is not in requirements.yaml", q)
		}
	}
	if len(ch.c.Profiles) > 0 && !slices.ContainsFunc(ch.c.Profiles, func(p specs.Profile) bool { return p.Name == s.Profile }) {
		ch.fail(s.at.of("profile", s.Line), nearest(s.Profile, ch.profiles()), "profile %s is not in contract.yaml", s.Profile)
	}
	for _, g := range s.Given {
		ch.given(g)
		ch.known[g.As] = true
	}
	for _, st := range s.Steps {
		ch.step(st)
		if ch.known[st.ID] {
			ch.fail(st.at.of("id", st.Line), "every step and every given state has its own name", "the name %s is used twice", st.ID)
		}
		ch.known[st.ID] = true
		for name := range st.Capture {
			ch.fields[st.ID+"."+name] = true
		}
	}
}

// builtInStates are there on every server that has provider states.
func builtInStates() []string { return []string{"internal-error", "outcome"} }

func (ch *checker) given(g Given) {
	names := builtInStates()
	if ch.c.Behaviour != nil {
		names = append(names, slices.Sorted(maps.Keys(ch.c.Behaviour.States))...)
	}
	if !contains(names, g.State) {
		ch.fail(g.at.of("state", g.Line), nearest(g.State, names), "state %s is not in behaviour.yaml", g.State)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(g.Params)) {
		ch.references(g.Params[name], g.at.of("params "+name, g.Line), false)
		if op := g.Params[name]; name == "operation" && contains(builtInStates(), g.State) && ch.c.Operation(op) == nil {
			ch.fail(g.at.of("params "+name, g.Line), nearest(op, ch.operations), "operation %s is not in the contract", op)
		}
	}
}

func (ch *checker) step(st *Step) {
	op := ch.c.Operation(st.Operation)
	if op == nil {
		ch.fail(st.at.of("operation", st.Line), nearest(st.Operation, ch.operations), "operation %s is not in the contract", st.Operation)
		return
	}
	var schemes []string
	for _, scheme := range ch.c.Auth.Schemes {
		schemes = append(schemes, scheme.ID)
	}
	if st.Scheme != "" && !contains(schemes, st.Scheme) {
		ch.fail(st.at.of("scheme", st.Line), nearest(st.Scheme, schemes), "scheme %s is not in contract.yaml", st.Scheme)
	}
	ch.op = op
	ch.identity(st)
	ch.request(st, op)
	ch.expect(st, op)
	for _, name := range slices.Sorted(maps.Keys(st.Capture)) {
		ch.path(st.Capture[name], st.at.of("capture "+name, st.Line), "capture "+name, answers(op))
	}
}

// identity refuses a name that is but a slip of a known one; others may be in the auth
// file of a run.
func (ch *checker) identity(st *Step) {
	known := []string{"default", "none", "wrong"}
	for _, id := range ch.c.Auth.Identities {
		known = append(known, id.Name)
	}
	if near := yamlfile.Slip(st.Identity, known); near != "" && !contains(known, st.Identity) {
		ch.fail(st.at.of("identity", st.Line), fmt.Sprintf("did you mean %q? Give it another name if not", near), "identity %s is not known", st.Identity)
	}
}

func (ch *checker) request(st *Step, op *specs.Operation) {
	q := st.Request
	var example *specs.Example
	if q.Example != "" {
		var names []string
		for _, e := range op.Examples() {
			names = append(names, e.Name)
		}
		if example = ch.c.Example(op.ID, q.Example); example == nil {
			ch.fail(q.at.of("example", q.Line), nearest(q.Example, names), "%s has no example %s", op.ID, q.Example)
		}
	}
	if len(q.Set)+len(q.Remove) > 0 && q.Body == nil && (example == nil || example.Request == nil || len(example.Request.Body) == 0) && (q.Example == "" || example != nil) {
		ch.fail(edited(q), "name an example or write a body", "set and remove need a body to work on")
	}
	for _, a := range q.Set {
		ch.path(a.Path, a.at, "set", requests(op))
		ch.nodeReferences(a.Value, a.at, false)
	}
	for _, p := range q.Remove {
		ch.path(p, q.at.of("remove", q.Line), "remove", requests(op))
	}
	if q.RawText {
		ch.references(string(q.Raw), q.at.of("raw", q.Line), false)
	}
	if q.Body != nil {
		ch.nodeReferences(q.Body, q.at.of("body", q.Line), false)
	}
	for key, m := range map[string]map[string]string{"path": q.Path, "query": q.Query, "headers": q.Headers} {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			ch.references(m[name], q.at.of(key+" "+name, q.Line), false)
		}
	}
	if q.Method != "" && strings.Trim(q.Method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" {
		ch.fail(q.at.of("method", q.Line), "such as PATCH", "%q is not a method of HTTP", q.Method)
	}
	for _, p := range op.Params {
		_, given := q.Path[p.Name]
		if p.In == "path" && !given && (example == nil || example.Request == nil || example.Request.Path[p.Name] == "") && p.Example == "" {
			ch.fail(q.at.of("path", q.Line), "add it under request: path", "the path parameter %s has no value", p.Name)
		}
	}
	for name := range q.Path {
		if !strings.Contains(op.Path, "{"+name+"}") {
			ch.fail(q.at.of("path "+name, q.Line), "the path is "+op.Path, "%s has no path parameter %s", op.ID, name)
		}
	}
}

// edited is where a request edits its body.
func edited(q Request) place {
	if len(q.Set) > 0 {
		return q.at.of("set", q.Line)
	}
	return q.at.of("remove", q.Line)
}

func (ch *checker) profiles() []string {
	var names []string
	for _, p := range ch.c.Profiles {
		names = append(names, p.Name)
	}
	return names
}

func (ch *checker) expect(st *Step, op *specs.Operation) {
	e := st.Expect
	if e.Because != "" && !contains(ch.errata, e.Because) {
		ch.fail(e.at.of("because", e.Line), nearest(e.Because, ch.errata), "erratum %s is not in errata.yaml", e.Because)
	}
	var refs []string
	for _, o := range op.Outcomes() {
		refs = append(refs, o.Ref())
	}
	for _, layer := range []specs.Layer{specs.LayerGlobal, specs.LayerItem} {
		if op.SucceedsWithoutCode(layer) {
			refs = append(refs, string(layer)+":")
		}
	}
	named := append([]string(nil), e.Outcomes...)
	for _, any := range e.Items {
		named = append(named, any...)
	}
	slices.Sort(named)
	for _, ref := range named {
		if !contains(refs, ref) {
			ch.fail(e.at.of("outcome", e.Line), nearest(ref, refs), "outcome %s is not among the outcomes of %s in errors.yaml", ref, op.ID)
		}
	}
	for _, x := range e.Headers {
		ch.matcher(x.Matcher)
	}
	for _, x := range e.Body {
		ch.path(x.Path, x.at, "body", answers(op))
		ch.root(x.Path, x.at, op)
		ch.matcher(x.Matcher)
		if m := x.Matcher; m.SameAs == "${response:"+x.Path+"}" || m.Literal != nil && m.Literal.Value == "${response:"+x.Path+"}" {
			ch.fail(m.at, "name an earlier step: ${step.response:"+x.Path+"}", "%s is compared with itself, which always holds", x.Path)
		}
	}
	if e.SameAs != "" {
		ref, err := WholeBody(e.SameAs)
		if err != nil {
			ch.fail(e.at.of("same-as", e.Line), "", "%v", err)
		} else if ref.Kind == "response" && ref.Name == "" {
			ch.fail(e.at.of("same-as", e.Line), "name an earlier step: step.response", "the answer is compared with itself, which always holds")
		} else {
			ch.reference(ref, e.at.of("same-as", e.Line), true)
		}
	}
	ch.contradiction(e)
	if e.NoBody && (len(e.Body) > 0 || e.SameAs != "") {
		ch.fail(e.at.of("no-body", e.Line), "keep one of the two", "no-body goes with no expectation on the body")
	}
}

// contradiction refuses statuses and outcomes that no answer has at once.
func (ch *checker) contradiction(e Expect) {
	if len(e.Status) == 0 || len(e.Outcomes) == 0 {
		return
	}
	for _, ref := range e.Outcomes {
		code, status := strings.CutPrefix(ref, "http:")
		if !status || slices.ContainsFunc(e.Status, func(s int) bool { return itoa(s) == code }) {
			return
		}
	}
	ch.fail(e.at.of("outcome", e.Line), "keep one of the two", "no answer has the status %s and the outcome %s", joined(e.Status), strings.Join(e.Outcomes, " or "))
}

func joined(statuses []int) string {
	var all []string
	for _, s := range statuses {
		all = append(all, itoa(s))
	}
	return strings.Join(all, " or ")
}

func (ch *checker) matcher(m *Matcher) {
	if m == nil {
		return
	}
	if m.Literal != nil {
		ch.nodeReferences(m.Literal, m.at, true)
	}
	ch.references(m.SameAs, m.at, true)
	if m.IgnoreCase != nil {
		ch.references(*m.IgnoreCase, m.at, true)
	}
	for _, b := range m.Bounds {
		ch.references(b.Value, m.at, true)
	}
	for _, alternative := range m.OneOf {
		ch.matcher(alternative)
	}
	ch.matcher(m.Each)
	ch.matcher(m.Contains)
	ch.matcher(m.Lacks)
	for _, x := range m.Has {
		ch.path(x.Path, x.at, "has", answers(ch.op))
		ch.matcher(x.Matcher)
	}
}

func (ch *checker) nodeReferences(n *payload.Node, at place, own bool) {
	if n.Line > 0 {
		at = place{int(n.Line), int(n.Col)}
	}
	if n.Kind == payload.String {
		ch.references(n.Value, at, own)
	}
	for c := range n.Children() {
		ch.nodeReferences(c, at, own)
	}
}

// references checks the references of a string; own allows the step's own messages.
func (ch *checker) references(s string, at place, own bool) {
	parts, err := Parts(s)
	if err != nil {
		ch.fail(at, "", "%v", err)
		return
	}
	for _, p := range parts {
		if p.Ref != nil {
			ch.reference(p.Ref, at, own)
		}
	}
}

func (ch *checker) reference(ref *Reference, at place, own bool) {
	switch ref.Kind {
	case "unique", "uuid":
		return
	case "request", "response":
		if ref.Name == "" {
			if !own {
				ch.fail(at, "name an earlier step: ${step."+ref.Kind+":/path}", "${%s:…} is not known before the request is made", ref.Kind)
				return
			}
			ch.referencePath(ref, at)
			return
		}
		if ch.s.Step(ref.Name) == nil || !ch.known[ref.Name] {
			ch.fail(at, nearest(ref.Name, slices.Sorted(maps.Keys(ch.known))), "%s is not an earlier step", ref.Name)
			return
		}
		ch.referencePath(ref, at)
	case "field":
		names := slices.Sorted(maps.Keys(ch.known))
		if !ch.known[ref.Name] {
			ch.fail(at, nearest(ref.Name, names), "nothing before this is called %s", ref.Name)
		} else if ch.s.Step(ref.Name) != nil && !ch.fields[ref.Name+"."+ref.Field] {
			ch.fail(at, "add it under capture", "the step %s captures no %s", ref.Name, ref.Field)
		}
	}
}
