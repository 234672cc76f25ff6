package mockserver

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Scenario writes a request of the journal as a scenario that tests the same again:
// with the requests before it that made what it needs, and with new values where
// an earlier run would be in the way. The error says why that is not possible.
func (b backend) Scenario(id uint64) ([]byte, error) {
	e := b.s.journal.Entry(id)
	switch {
	case e == nil:
		return nil, fmt.Errorf("the journal does not hold the request %d (any more)", id)
	case e.Operation == "":
		return nil, fmt.Errorf("request %d met no operation of a contract: a scenario consists of operations", id)
	case len(e.RequestBody) >= b.s.journal.MaxBody():
		return nil, fmt.Errorf("the body of request %d is not kept as a whole: it is larger than %d bytes", id, b.s.journal.MaxBody())
	}
	m := b.s.byName[e.Contract]
	s := &saved{m: m, refs: map[string]string{}}
	chain := s.chain(e, b.s.journal.Entries(journal.Filter{Contract: e.Contract, Session: e.Session}))
	for _, one := range chain {
		s.plant(s.read(one))
	}
	for _, one := range chain {
		s.step(one, one == e)
	}
	return s.file(e)
}

// maxChain bounds the requests that a saved scenario repeats.
const maxChain = 20

// saved is a scenario in the making.
type saved struct {
	m     *mount
	given []any
	steps []any
	notes []string
	// refs has a reference for each value that must not be sent again as it is.
	refs  map[string]string
	count int
	armed int
}

// told is one recorded request, taken apart.
type told struct {
	e      *journal.Entry
	op     *specs.Operation
	params map[string]string
	query  url.Values
	tree   *payload.Tree
}

func (s *saved) read(e *journal.Entry) told {
	t := told{e: e, op: s.m.contract.Operation(e.Operation)}
	raw, query, _ := strings.Cut(e.URL, "?")
	rest := strings.TrimPrefix(raw, s.m.prefix)
	_, t.params, _ = s.m.contract.Match(t.op.Method, cleanPrefix(s.m.contract.BasePath)+rest)
	t.query, _ = url.ParseQuery(query)
	t.tree = treeOf(t.op, e.RequestHeader.Get("Content-Type"), e.RequestBody)
	return t
}

// values are what a request names: its parameters and the leaves of its body.
func (t told) values() map[string]bool {
	all := map[string]bool{}
	for _, v := range t.params {
		all[v] = true
	}
	for _, list := range t.query {
		for _, v := range list {
			all[v] = true
		}
	}
	for _, n := range leaves(t.tree) {
		all[n.Value] = true
	}
	return all
}

// leaves lists the nodes that carry a text.
func leaves(t *payload.Tree) []*payload.Node {
	if t == nil {
		return nil
	}
	var found []*payload.Node
	var walk func(n *payload.Node)
	walk = func(n *payload.Node) {
		children := false
		for c := range n.Children() {
			children = children || c.Kind != payload.Attribute
			walk(c)
		}
		if !children && n.Value != "" && n.Kind != payload.Object && n.Kind != payload.Array && n.Kind != payload.Null && n.Kind != payload.Bool {
			found = append(found, n)
		}
	}
	walk(t.Root)
	return found
}

// chain finds the requests before e, in its session, that wrote documents which it
// or one of them names, oldest first, and puts e behind them.
func (s *saved) chain(e *journal.Entry, session []*journal.Entry) []*journal.Entry {
	wanted := s.read(e).values()
	list := []*journal.Entry{e}
	for _, p := range slices.Backward(session) {
		if p.ID >= e.ID || len(p.Decision.Changes) == 0 || len(list) > maxChain {
			continue
		}
		if !slices.ContainsFunc(p.Decision.Changes, func(c behaviour.Change) bool {
			return slices.ContainsFunc(identifiers(c), func(v string) bool { return wanted[v] })
		}) {
			continue
		}
		for v := range s.read(p).values() {
			wanted[v] = true
		}
		list = append(list, p)
	}
	slices.Reverse(list)
	return list
}

// identifiers are the values by which a changed document is found.
func identifiers(c behaviour.Change) []string {
	ids := []string{c.Key}
	for _, d := range []*state.Doc{c.Before, c.After} {
		if d == nil {
			continue
		}
		for _, entry := range d.Index {
			if entry.Unique {
				// The value of an index per owner has the owner in front.
				ids = append(ids, entry.Value[strings.LastIndexByte(entry.Value, '\x1f')+1:])
			}
		}
	}
	return ids
}

// step adds one request. Of the last one the outcome is expected, too.
func (s *saved) step(e *journal.Entry, last bool) {
	t := s.read(e)
	s.count++
	id := "step" + strconv.Itoa(s.count)
	if last {
		id = "saved"
	}
	s.rename(t)
	step := mapping("id", id, "operation", t.op.ID)
	if identity := s.identity(e); identity != "default" {
		step = append(step, pair("identity", identity)...)
	}
	step = append(step, pair("request", s.request(t))...)
	step = append(step, pair("expect", s.expect(e))...)
	if capture := s.capture(t, id); len(capture) > 0 && !last {
		step = append(step, pair("capture", capture)...)
	}
	s.steps = append(s.steps, step)
	if len(e.Decision.Faults) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s was recorded while faults were in force: %s", id, strings.Join(e.Decision.Faults, ", ")))
	}
}

// identity names the caller of a step as scenarios do.
func (s *saved) identity(e *journal.Entry) string {
	switch {
	case e.Decision.Reason == "unauthenticated":
		return "none"
	case e.Decision.Reason == "bad-credentials":
		return "wrong"
	case e.Identity == "":
		return "default"
	}
	return e.Identity
}

// rename finds a new value for each by which a document that the request created
// is known, as far as the request chose it and the schema lets it.
func (s *saved) rename(t told) {
	named := t.values()
	for _, c := range t.e.Decision.Changes {
		if c.Before != nil {
			continue
		}
		for _, v := range identifiers(c) {
			if v == "" || !named[v] || s.refs[v] != "" {
				continue
			}
			ref, sample := "${unique:v"+strconv.Itoa(len(s.refs)+1)+"}", "A1B2C3D4E5F6"
			if isUUID(v) {
				ref, sample = "${uuid:v"+strconv.Itoa(len(s.refs)+1)+"}", "0b8f5d2e-4c1a-4d1e-9a53-2f6c1f0e7a11"
			}
			if t.accepts(v, sample) {
				s.refs[v] = ref
			}
		}
	}
}

// accepts reports whether the schema takes another value in the place of one.
func (t told) accepts(value, other string) bool {
	if t.tree == nil || t.op.RequestBody == nil {
		return true
	}
	m := t.op.RequestBody.For(t.e.RequestHeader.Get("Content-Type"))
	if m == nil {
		return true
	}
	before := len(m.JudgeTree(t.tree))
	changed := t.tree.Clone()
	for _, n := range leaves(changed) {
		if n.Value == value {
			if n.Kind == payload.Number {
				return false
			}
			n.Value = other
		}
	}
	return len(m.JudgeTree(changed)) <= before
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}

// plant asks for the provider state behind an outcome that no request alone can
// cause, and sends the value that it answers.
func (s *saved) plant(t told) {
	trigger := (*specs.Trigger)(nil)
	if c := s.m.contract.Behaviour; c != nil && c.Operations[t.op.ID] != nil {
		trigger = c.Operations[t.op.ID].Trigger
	}
	if trigger == nil || len(t.e.Decision.Faults) > 0 || len(t.e.Decision.Preferences) > 0 {
		return
	}
	ends := append([]string{t.e.Decision.Outcome}, t.e.Decision.Items...)
	nodes := []*payload.Node(nil)
	if t.tree != nil && trigger.Field != "" {
		nodes = t.tree.Select(trigger.Field)
	}
	for i, ref := range ends {
		o := t.op.Outcome(ref)
		if o == nil || !o.ReachedBy.Armed {
			continue
		}
		value := t.params[trigger.Path]
		if at := max(i-1, 0); trigger.Field != "" && at < len(nodes) {
			value = nodes[at].Value
		}
		if value == "" || s.refs[value] != "" {
			continue
		}
		s.armed++
		as := "armed" + strconv.Itoa(s.armed)
		s.given = append(s.given, mapping("state", "outcome", "params", mapping("operation", t.op.ID, "code", ref), "as", as))
		s.refs[value] = "${" + as + ".value}"
	}
}

// replaced writes a value as it is to be sent.
func (s *saved) replaced(v string) string {
	if ref := s.refs[v]; ref != "" {
		return ref
	}
	return v
}

func (s *saved) request(t told) fields {
	r := fields{}
	e := t.e
	if len(t.params) > 0 {
		r = append(r, pair("path", s.texts(t.params))...)
	}
	query := map[string]string{}
	for name, values := range t.query {
		if !slices.ContainsFunc(s.m.callers.schemes, func(a specs.AuthScheme) bool { return a.Type == "query" && a.Name == name }) {
			query[name] = values[0]
		}
	}
	if len(query) > 0 {
		r = append(r, pair("query", s.texts(query))...)
	}
	if headers := s.headers(t); len(headers) > 0 {
		r = append(r, pair("headers", s.texts(headers))...)
	}
	if e.Method != t.op.Method {
		r = append(r, pair("method", e.Method)...)
	}
	if len(e.RequestBody) == 0 {
		return r
	}
	if mediaType := e.RequestHeader.Get("Content-Type"); mediaType != "" {
		r = append(r, pair("media-type", mediaType)...)
	}
	body := s.body(t)
	if utf8.Valid(body) && !bytes.Contains(e.RequestBody, []byte("${")) {
		return append(r, pair("raw", string(body))...)
	}
	// What looks like a reference, and is none, can only be sent as bytes.
	return append(r, pair("raw-base64", base64.StdEncoding.EncodeToString(body))...)
}

// body gives what was sent, without credentials and with references in the place of
// values that must be new. Where neither is needed it is what was sent, to the byte.
func (s *saved) body(t told) []byte {
	if t.tree == nil {
		return journal.Mask(t.e.RequestBody, s.m.secrets)
	}
	tree, changed := t.tree.Clone(), 0
	for _, scheme := range s.m.callers.schemes {
		if scheme.Type == "body" {
			changed += tree.Remove(scheme.Login) + tree.Remove(scheme.Password)
		}
	}
	if !bytes.Contains(t.e.RequestBody, []byte("${")) {
		for _, n := range leaves(tree) {
			if ref := s.refs[n.Value]; ref != "" && n.Kind != payload.Number {
				n.Value = ref
				changed++
			}
		}
	}
	switch {
	case changed == 0:
		return t.e.RequestBody
	case tree.Format == payload.XML:
		return tree.IndentXML()
	}
	return tree.IndentJSON()
}

// headers are those that mean something to the contract or to the mock.
func (s *saved) headers(t told) map[string]string {
	all := map[string]string{}
	for _, p := range t.op.Params {
		if v := t.e.RequestHeader.Get(p.Name); p.In == "header" && v != "" {
			all[p.Name] = v
		}
	}
	if len(s.given) == 0 {
		// A state of its own: what other calls did to the sample data is not in the way.
		// A provider state is set up in the state of everybody.
		all["Mock-Session"] = "saved-${unique}"
	}
	if v := t.e.RequestHeader.Get("Prefer"); v != "" {
		all["Prefer"] = v
	}
	if slices.Contains(t.e.Decision.Faults, "outcome") && all["Prefer"] == "" {
		end := t.e.Decision.Outcome
		for _, item := range t.e.Decision.Items {
			if item != "" {
				end = item
			}
		}
		all["Prefer"] = `code="` + end + `"`
	}
	return all
}

// texts writes parameters, with references.
func (s *saved) texts(values map[string]string) fields {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	f := fields{}
	for _, name := range names {
		f = append(f, pair(name, s.replaced(values[name]))...)
	}
	return f
}

func (s *saved) expect(e *journal.Entry) fields {
	f := mapping("status", e.Status)
	d := &e.Decision
	items := fields{}
	for i, o := range d.Items {
		if o != "" {
			items = append(items, pair(strconv.Itoa(i+1), o)...)
		}
	}
	switch {
	case len(items) > 0:
		f = append(f, pair("outcome", items)...)
	case d.Outcome != "" && !strings.HasPrefix(d.Outcome, string(specs.LayerHTTP)+":"):
		f = append(f, pair("outcome", d.Outcome)...)
	}
	return f
}

// capture keeps what the server chose, for the steps behind.
func (s *saved) capture(t told, id string) fields {
	if t.op.Response(t.e.Status) == nil || t.op.Response(t.e.Status).Body == nil {
		return nil
	}
	m := t.op.Response(t.e.Status).Body.For(t.e.ResponseHeader.Get("Content-Type"))
	if m == nil {
		return nil
	}
	tree, _ := m.Judge(t.e.ResponseBody, "")
	f := fields{}
	for _, c := range t.e.Decision.Changes {
		for _, v := range identifiers(c) {
			if v == "" || s.refs[v] != "" || t.values()[v] {
				continue
			}
			for _, n := range leaves(tree) {
				if n.Value == v {
					name := "value" + strconv.Itoa(len(f)/2+1)
					f = append(f, pair(name, tree.Path(n))...)
					s.refs[v] = "${" + id + "." + name + "}"
					break
				}
			}
		}
	}
	return f
}

// file writes the whole.
func (s *saved) file(e *journal.Entry) ([]byte, error) {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, e.Operation)
	end := e.Decision.Outcome
	for _, o := range e.Decision.Items {
		if o != "" {
			end = o
			break
		}
	}
	root := mapping("id", fmt.Sprintf("%s.saved.%s-%d", e.Contract, name, e.ID), "title", fmt.Sprintf("%s ends in %s", e.Operation, end))
	if p := s.profile(e.Operation); p != "" && p != "core" {
		root = append(root, pair("profile", p)...)
	}
	if len(s.given) > 0 {
		root = append(root, pair("given", s.given)...)
	}
	root = append(root, pair("steps", s.steps)...)
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Saved by the mock: request %d of %s.\n", e.ID, e.When())
	for _, n := range s.notes {
		fmt.Fprintf(&out, "# %s\n", n)
	}
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(node(root)); err != nil {
		return nil, err
	}
	return out.Bytes(), enc.Close()
}

// profile finds one of the contract that has the operation.
func (s *saved) profile(operation string) string {
	for _, p := range s.m.contract.Profiles {
		if len(p.Operations) == 0 {
			return p.Name
		}
		for _, glob := range p.Operations {
			if ok, err := path.Match(glob, operation); err == nil && ok {
				return p.Name
			}
		}
	}
	return ""
}

// fields is a mapping in order: name, value, name, value …
type fields []any

func mapping(pairs ...any) fields { return pairs }

func pair(name string, value any) fields { return fields{name, value} }

// node writes values as YAML: mappings in order, texts so that they stay texts.
func node(v any) *yaml.Node {
	switch v := v.(type) {
	case fields:
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, one := range v {
			n.Content = append(n.Content, node(one))
		}
		return n
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, one := range v {
			n.Content = append(n.Content, node(one))
		}
		return n
	}
	n := &yaml.Node{}
	_ = n.Encode(v) // texts and numbers can always be written
	return n
}
