package mockserver

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

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
		for _, v := range identifiers(c, true) {
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
	return scenarios.Literal(v)
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
	headers := s.texts(s.headers(t))
	if len(s.given) == 0 {
		// A state of its own: what other calls did to the sample data is not in the way.
		// A provider state is set up in the state of everybody.
		headers = append(pair("Mock-Session", "saved-${unique}"), headers...)
	}
	if len(headers) > 0 {
		r = append(r, pair("headers", headers)...)
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
	if isForm(t.e.RequestHeader.Get("Content-Type")) {
		return s.form(journal.Mask(t.e.RequestBody, s.m.secrets))
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
		return sentMedia(t.op, t.e.RequestHeader.Get("Content-Type")).InNamespace(tree).IndentXML()
	}
	return tree.IndentJSON()
}

func isForm(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && mediaType == "application/x-www-form-urlencoded"
}

// form writes references in the place of the values that must be new, and leaves the
// rest as it was sent.
func (s *saved) form(body []byte) []byte {
	fields := strings.Split(string(body), "&")
	for i, field := range fields {
		name, raw, _ := strings.Cut(field, "=")
		if value, err := url.QueryUnescape(raw); err == nil && s.refs[value] != "" {
			fields[i] = name + "=" + s.refs[value]
		}
	}
	return []byte(strings.Join(fields, "&"))
}

// headers are those that mean something to the contract or to the mock.
func (s *saved) headers(t told) map[string]string {
	all := map[string]string{}
	for _, p := range t.op.Params {
		if v := t.e.RequestHeader.Get(p.Name); p.In == "header" && v != "" {
			all[p.Name] = v
		}
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
		for _, v := range identifiers(c, true) {
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
