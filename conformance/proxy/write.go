package proxy

import (
	"bytes"
	"fmt"
	"maps"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// RecordedFile is the name of the file that [Recorder.Write] writes.
const RecordedFile = "recorded.yaml"

// Scenarios gives the text of the scenario file, how many scenarios are in it, and
// what was left out and why.
func (r *Recorder) Scenarios() (text []byte, count int, left []string, err error) {
	t := &thread{contract: r.contract, secrets: r.secrets, origins: map[string]*origin{}, literals: map[string]bool{}, uses: map[string]int{}, writers: map[string]*step{}}
	for _, e := range r.chronological() {
		t.count(e)
	}
	for _, e := range r.chronological() {
		t.follow(e)
	}
	var out bytes.Buffer
	out.WriteString("# Recorded traffic. Identities stand for credentials: see --auth.\n")
	seen, ids := map[string]bool{}, map[string]int{}
	for _, group := range groups(t.steps) {
		var dropped []string
		group, dropped = fit(group)
		if left = append(left, dropped...); len(group) == 0 {
			continue
		}
		steps := sequence(group)
		// The same story twice tests the same thing twice.
		if shape := shapeOf(group); seen[shape] {
			continue
		} else {
			seen[shape] = true
		}
		first := stepName(group[0].op.ID)
		ids[first]++
		id := fmt.Sprintf("recorded.%s.%d", first, ids[first])
		if err := document(&out, mapping("id", str(id), "title", str(title(group)), "steps", steps)); err != nil {
			return nil, 0, left, err
		}
		count++
	}
	if r.full {
		left = append(left, fmt.Sprintf("what came after the first %d exchanges", maxRecorded))
	}
	return out.Bytes(), count, left, check(r.contract, out.Bytes())
}

// Write writes the scenarios into a folder, which is made if need be. Without any
// nothing is written.
func (r *Recorder) Write(dir string) (count int, left []string, err error) {
	text, count, left, err := r.Scenarios()
	if err != nil || count == 0 {
		return 0, left, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, left, fmt.Errorf("make the folder of the scenarios: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, RecordedFile), text, 0o600); err != nil {
		return 0, left, fmt.Errorf("write the scenarios: %w", err)
	}
	return count, left, nil
}

// check reads the scenarios back: a recording that cannot be run is a fault here.
func check(c *specs.Contract, text []byte) error {
	list, err := scenarios.Parse(RecordedFile, text)
	if err == nil {
		err = scenarios.Check(c, list)
	}
	if err != nil {
		return fmt.Errorf("the recorded scenarios are broken: %w", err)
	}
	return nil
}

func document(out *bytes.Buffer, n *yaml.Node) error {
	if out.Len() > 0 && bytes.Contains(out.Bytes(), []byte("\nid:")) {
		out.WriteString("---\n")
	}
	enc := yaml.NewEncoder(out)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		return fmt.Errorf("write a scenario: %w", err)
	}
	return enc.Close()
}

// groups puts steps together that hang together, in the order of their first ones.
func groups(steps []*step) [][]*step {
	root := map[*step]*step{}
	var find func(*step) *step
	find = func(s *step) *step {
		if root[s] == nil || root[s] == s {
			return s
		}
		root[s] = find(root[s])
		return root[s]
	}
	for _, s := range steps {
		for _, to := range s.links {
			a, b := find(s), find(to)
			if a != b {
				root[a] = b
			}
		}
	}
	at := map[*step]int{}
	var all [][]*step
	for _, s := range steps {
		r := find(s)
		i, known := at[r]
		if !known {
			i = len(all)
			at[r] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], s)
	}
	return all
}

// maxSteps is the longest story that is written: a longer one is no story.
const maxSteps = 60

// fit takes out what cannot be repeated, and what hangs on it. A change of the
// server's state that cannot be repeated takes the whole story with it.
func fit(group []*step) (kept []*step, left []string) {
	out := map[*step]bool{}
	for _, s := range group {
		why := s.skip
		if s.removesOld {
			why = "it removes what was there before the recording"
		}
		for _, to := range s.links {
			if why == "" && out[to] {
				why = fmt.Sprintf("it needs exchange %d", to.number)
			}
		}
		if why == "" {
			kept = append(kept, s)
			continue
		}
		out[s] = true
		left = append(left, fmt.Sprintf("exchange %d, %s: %s", s.number, s.op.ID, why))
		if s.op.Method != "GET" && s.op.Method != "HEAD" && s.exchange.Status > 0 && s.exchange.Status < 300 && len(group) > 1 {
			left = append(left, fmt.Sprintf("%d exchanges that hang together with exchange %d", len(group)-1, s.number))
			return nil, left
		}
	}
	if len(kept) > maxSteps {
		return nil, append(left, fmt.Sprintf("%d exchanges that hang together, from exchange %d on: at most %d make a scenario", len(kept), kept[0].number, maxSteps))
	}
	return kept, left
}

// shapeOf is the same for two stories of the same calls with the same fields.
func shapeOf(group []*step) string {
	var b strings.Builder
	for _, s := range group {
		fmt.Fprintf(&b, "%s %d %s %v %v %v\n", s.op.ID, s.exchange.Status, s.identity, s.judgedRefs(), s.request.FieldPaths(), slices.Sorted(maps.Keys(s.query)))
		if s.exchange.Status >= 300 {
			// What is refused is told apart by its values.
			fmt.Fprintf(&b, "%s %v\n", s.exchange.Request.Body, s.path)
		}
	}
	return b.String()
}

func (s *step) judgedRefs() []string {
	var refs []string
	for _, o := range s.judged.Response.Outcomes {
		refs = append(refs, o.Ref)
	}
	return refs
}

func title(group []*step) string {
	var parts []string
	for _, s := range group[:min(len(group), 6)] {
		parts = append(parts, fmt.Sprintf("%s (%d)", s.op.ID, s.exchange.Status))
	}
	if len(group) > 6 {
		parts = append(parts, "…")
	}
	return "Recorded: " + strings.Join(parts, ", ")
}

func sequence(group []*step) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, s := range group {
		list.Content = append(list.Content, s.node())
	}
	return list
}

func (s *step) node() *yaml.Node {
	n := mapping("id", str(s.id), "operation", str(s.op.ID))
	if s.identity != "default" {
		add(n, "identity", str(s.identity))
	}
	request := mapping()
	texts(request, "path", s.params)
	texts(request, "query", s.query)
	s.headers(request)
	s.content(request)
	if len(request.Content) > 0 {
		add(n, "request", request)
	}
	add(n, "expect", s.expect())
	texts(n, "capture", s.captures)
	return n
}

// headers keeps those that the operation has as parameters, and of what was refused the
// form that was asked for: that may be the reason.
func (s *step) headers(request *yaml.Node) {
	kept := map[string]string{}
	for _, p := range s.op.Params {
		if v := s.exchange.Request.Header.Get(p.Name); p.In == "header" && v != "" && (!s.secrets.Secret(p.Name) || s.public(v)) {
			kept[p.Name] = v
		}
	}
	if accept := s.exchange.Request.Header.Get("Accept"); s.exchange.Status >= 400 && accept != "" && !strings.Contains(accept, "*/*") {
		kept["Accept"] = accept
	}
	texts(request, "headers", kept)
}

// public reports whether a credential is one of the demo ones, which everybody knows.
// Others are left out: the identity of the run brings them.
func (s *step) public(v string) bool {
	return slices.ContainsFunc(s.demo, func(id specs.Identity) bool { return v == id.Login || v == id.Password || v == id.Token })
}

func (s *step) content(request *yaml.Node) {
	if s.body == nil {
		return
	}
	if given, _, err := mime.ParseMediaType(s.exchange.Request.Header.Get("Content-Type")); err == nil && given != s.op.RequestBody.Media[0].Type {
		add(request, "media-type", str(given))
	}
	if s.body.Format == payload.XML {
		written := requestMedia(s.op, s.exchange.Request.Header).InNamespace(s.body)
		add(request, "raw", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.LiteralStyle, Value: string(written.IndentXML())})
		return
	}
	add(request, "body", value(s.body.Root))
}

func (s *step) expect() *yaml.Node {
	e := mapping("status", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(s.exchange.Status)})
	items, global := mapping(), ""
	for _, o := range s.judged.Response.Outcomes {
		switch {
		case o.Outcome == nil || strings.HasPrefix(o.Ref, "http:") || strings.HasSuffix(o.Ref, ":"):
		case o.Item > 0:
			add(items, strconv.Itoa(o.Item), str(o.Ref))
		case global == "":
			global = o.Ref
		}
	}
	switch {
	case len(items.Content) > 0:
		add(e, "outcome", items)
	case global != "":
		add(e, "outcome", str(global))
	}
	switch {
	case s.same != nil:
		add(e, "body", mapping("same-as", str(s.same.id+".response")))
	case len(s.echo) > 0:
		body := mapping()
		for _, one := range s.echo {
			add(body, one[0], str(one[1]))
		}
		add(e, "body", body)
	}
	return e
}

func stepName(operation string) string {
	return strings.TrimSuffix(stepID(operation, 0), "-0")
}

func str(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s} }

// mapping makes a mapping of keys and nodes in turn.
func mapping(pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for i := 0; i+1 < len(pairs); i += 2 {
		add(n, pairs[i].(string), pairs[i+1].(*yaml.Node))
	}
	return n
}

func add(n *yaml.Node, key string, v *yaml.Node) { n.Content = append(n.Content, str(key), v) }

func texts(n *yaml.Node, key string, m map[string]string) {
	if len(m) == 0 {
		return
	}
	inner := mapping()
	for _, name := range slices.Sorted(maps.Keys(m)) {
		add(inner, name, str(m[name]))
	}
	add(n, key, inner)
}

// value writes JSON as YAML; numbers keep their literal.
func value(n *payload.Node) *yaml.Node {
	switch n.Kind {
	case payload.Object:
		m := mapping()
		for c := range n.Children() {
			add(m, c.Name, value(c))
		}
		return m
	case payload.Array:
		list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for c := range n.Children() {
			list.Content = append(list.Content, value(c))
		}
		return list
	case payload.Null:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	case payload.Bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: n.Value}
	case payload.Number:
		tag := "!!int"
		if strings.ContainsAny(n.Value, ".eE") {
			tag = "!!float"
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: n.Value}
	}
	return str(n.Value)
}
