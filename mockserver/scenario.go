package mockserver

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

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
func (b backend) Scenario(e *journal.Entry) ([]byte, error) {
	s := &saved{m: b.s.byName[e.Contract], refs: map[string]string{}}
	switch {
	case s.m == nil || s.operation(e) == nil:
		return nil, fmt.Errorf("request %d met no operation of a contract: a scenario consists of operations", e.ID)
	case e.RequestCut > 0:
		return nil, fmt.Errorf("the body of request %d is not kept as a whole: it has %d bytes, and the journal keeps %d", e.ID, e.RequestSize, e.RequestSize-e.RequestCut)
	}
	before, err := b.s.journal.Read(journal.Filter{Contract: e.Contract, Session: e.Session})
	if err != nil {
		return nil, err
	}
	chain := s.chain(e, before)
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

// operation finds the operation that a request met: for one with a wrong method, the
// one at its address. nil if there is none.
func (s *saved) operation(e *journal.Entry) *specs.Operation {
	if e.Operation != "" || e.Decision.Reason != "method" {
		return s.m.contract.Operation(e.Operation)
	}
	path := s.path(e)
	_, _, allowed := s.m.contract.Match(e.Method, path)
	for _, method := range allowed {
		if op, _, _ := s.m.contract.Match(method, path); op != nil {
			return op
		}
	}
	return nil
}

// path is where a request went, as the contract writes it.
func (s *saved) path(e *journal.Entry) string {
	raw, _, _ := strings.Cut(e.URL, "?")
	return cleanPrefix(s.m.contract.BasePath) + strings.TrimPrefix(raw, s.m.prefix)
}

func (s *saved) read(e *journal.Entry) told {
	t := told{e: e, op: s.operation(e)}
	_, query, _ := strings.Cut(e.URL, "?")
	_, t.params, _ = s.m.contract.Match(t.op.Method, s.path(e))
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
	otherNames(wanted, session)
	list := []*journal.Entry{e}
	for _, p := range slices.Backward(session) {
		if p.ID >= e.ID || len(p.Decision.Changes) == 0 || len(list) > maxChain {
			continue
		}
		if !slices.ContainsFunc(p.Decision.Changes, func(c behaviour.Change) bool {
			return slices.ContainsFunc(identifiers(c, false), func(id string) bool { return names(wanted, id) })
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

// otherNames adds to the values the keys of the documents that they name: what stands in
// the way of an order may know it by another number.
func otherNames(values map[string]bool, session []*journal.Entry) {
	var keys []string
	for _, p := range session {
		for _, c := range p.Decision.Changes {
			if slices.ContainsFunc(identifiers(c, false), func(id string) bool { return values[id] }) {
				keys = append(keys, identifiers(c, true)...)
			}
		}
	}
	for _, key := range keys {
		values[key] = true
	}
}

// names reports whether one of the values is the identifier, or a part of one that
// is made of several.
func names(values map[string]bool, id string) bool {
	if values[id] {
		return true
	}
	for v := range values {
		if len(v) >= shortestPart && strings.Contains(id, v) {
			return true
		}
	}
	return false
}

// shortestPart keeps "0" and "EN" from being parts of everything.
const shortestPart = 4

// identifiers are the values by which a changed document is found; unique are
// those that no other document may have.
func identifiers(c behaviour.Change, unique bool) []string {
	ids := []string{c.Key}
	if c.After == nil && c.Before != nil && !unique {
		// What is gone is missed by whatever names it.
		for _, n := range leaves(&payload.Tree{Format: payload.JSON, Root: c.Before.Node()}) {
			if len(n.Value) > shortestPart {
				ids = append(ids, n.Value)
			}
		}
	}
	for _, d := range []*state.Doc{c.Before, c.After} {
		if d == nil {
			continue
		}
		for _, entry := range d.Index {
			if entry.Unique || !unique {
				// The value of an index per owner has the owner in front.
				ids = append(ids, entry.Value[strings.LastIndexByte(entry.Value, '\x1f')+1:])
			}
		}
	}
	return ids
}

// file writes the whole.
func (s *saved) file(e *journal.Entry) ([]byte, error) {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, s.operation(e).ID)
	end := e.Decision.Outcome
	for _, o := range e.Decision.Items {
		if o != "" {
			end = o
			break
		}
	}
	root := mapping("id", fmt.Sprintf("%s.saved.%s-%d", e.Contract, name, e.ID), "title", fmt.Sprintf("%s ends in %s", s.operation(e).ID, end))
	if p := s.profile(s.operation(e).ID); p != "" && p != "core" {
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
