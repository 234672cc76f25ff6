package proxy

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

var (
	uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
	dateForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`)
)

// telling reports whether a value is likely to name one thing: the same value in two
// places then means the same thing.
func telling(n *payload.Node) bool {
	switch {
	case n.Kind == payload.Bool || n.Kind == payload.Null || strings.Contains(n.Value, "${"):
		return false
	case uuidForm.MatchString(n.Value):
		return true
	case n.Kind == payload.Number:
		return len(n.Value) >= 5 && !strings.ContainsAny(n.Value, ".eE-")
	}
	return len(n.Value) >= 6 && len(n.Value) <= 200 && strings.ContainsAny(n.Value, "0123456789") && !dateForm.MatchString(n.Value)
}

// leaves gives every value of a tree, in document order.
func leaves(t *payload.Tree) []*payload.Node {
	if t == nil || t.Root == nil {
		return nil
	}
	var all []*payload.Node
	var walk func(*payload.Node)
	walk = func(n *payload.Node) {
		if n.Len() == 0 && n.Kind != payload.Object && n.Kind != payload.Array || n.Kind == payload.Attribute {
			all = append(all, n)
		}
		for c := range n.Children() {
			walk(c)
		}
	}
	walk(t.Root)
	return all
}

// origin says where a value was first seen: in which step, and how to name it.
type origin struct {
	step *step
	// capture is the path in a response; "" when ref is complete.
	capture string
	ref     string
	// read is set for what a mere look showed: it was there before, and that a body
	// holds the same text may be chance.
	read bool
	// unique is set for a value that must be new in every run: where it stands again, it
	// means the same thing whatever it looks like.
	unique bool
}

// thread follows values through the traffic.
type thread struct {
	contract *specs.Contract
	secrets  *mask.Masker
	origins  map[string]*origin
	literals map[string]bool // what requests brought of their own, which no answer made
	steps    []*step
	// uses counts the requests that hold a value; writers are the first that were served
	// with it.
	uses    map[string]int
	writers map[string]*step
}

// step is an exchange with its references.
type step struct {
	*recorded
	id       string
	secrets  *mask.Masker
	demo     []specs.Identity
	captures map[string]string // name → path
	params   map[string]string
	query    map[string]string
	body     *payload.Tree
	// echo holds references for values of the response, by path.
	echo  [][2]string
	links []*step // earlier steps that it hangs together with
	// removesOld is set when it removes what was there before.
	removesOld bool
	same       *step // an earlier step with the same response
}

// follow takes the next exchange in.
func (t *thread) follow(e *recorded) {
	s := &step{recorded: e, id: stepID(e.op.ID, len(t.steps)+1), secrets: t.secrets, demo: t.contract.Auth.Identities, captures: map[string]string{}, params: map[string]string{}, query: map[string]string{}}
	t.steps = append(t.steps, s)
	for _, name := range slices.Sorted(maps.Keys(e.path)) {
		s.params[name] = t.use(s, e.path[name], true)
	}
	for _, name := range slices.Sorted(maps.Keys(e.exchange.URL.Query())) {
		if t.secrets.SecretQuery(name) {
			continue
		}
		s.query[name] = t.use(s, e.exchange.URL.Query().Get(name), false)
	}
	if e.request != nil {
		s.body = e.request.Clone()
		fresh := t.fresh(s)
		for _, n := range leaves(s.body) {
			t.leaf(s, n, fresh)
		}
	}
	for _, n := range leaves(e.response) {
		t.seen(s, n)
	}
	t.compare(s)
}

// use gives what stands for a value in a request: a reference, or the value.
func (t *thread) use(s *step, value string, address bool) string {
	o := t.origins[value]
	switch {
	case o == nil:
		if first := t.brought(value); address && first != nil {
			// A part of an earlier body that may have come to be of its own.
			s.link(first)
			return value
		}
		if address {
			// Nobody made it here: it was there before. Who names it too belongs together.
			t.origins[value] = &origin{step: s, ref: value}
			s.removesOld = s.op.Method == "DELETE" && s.exchange.Status < 300
		}
		return value
	case o.step != s:
		s.link(o.step)
	}
	return o.reference()
}

// brought finds the first request that was served and holds a value, also inside a
// longer text such as an address.
func (t *thread) brought(value string) *step {
	if len(value) < 6 {
		return nil
	}
	for _, earlier := range t.steps[:len(t.steps)-1] {
		if earlier.exchange.Status < 300 && bytes.Contains(earlier.exchange.Request.Body, []byte(value)) {
			return earlier
		}
	}
	return nil
}

func (s *step) link(to *step) {
	if to != s && !slices.Contains(s.links, to) {
		s.links = append(s.links, to)
	}
}

// reference names the value; a capture is made where it is first needed.
func (o *origin) reference() string {
	if o.ref == "" {
		name := captureName(o.capture)
		for n := 2; o.step.captures[name] != "" && o.step.captures[name] != o.capture; n++ {
			name = captureName(o.capture) + strconv.Itoa(n)
		}
		o.step.captures[name] = o.capture
		o.ref = "${" + o.step.id + "." + name + "}"
	}
	return o.ref
}

// leaf replaces a value of a body that came from elsewhere or must be new.
func (t *thread) leaf(s *step, n *payload.Node, fresh map[*payload.Node]string) {
	if o := t.origins[n.Value]; o != nil && o.step == s && fresh[n] != "" {
		// The same value twice in one request stays the same.
		set(n, fresh[n])
		return
	} else if o != nil && o.step != s && (telling(n) || o.unique && len(n.Value) >= shortest && t.uses[n.Value] <= shared) && (!o.read || uuidForm.MatchString(n.Value)) {
		s.link(o.step)
		if ref := o.reference(); ref != n.Value {
			set(n, ref)
		}
		return
	}
	if ref := fresh[n]; ref != "" {
		t.origins[n.Value] = &origin{step: s, ref: "${" + s.id + ".request:" + s.body.Path(n) + "}", unique: true}
		set(n, ref)
		return
	}
	t.literals[n.Value] = true
	t.again(s, n)
}

func set(n *payload.Node, ref string) {
	if n.Value = ref; n.Kind == payload.Number {
		n.Kind = payload.String
	}
}

// seen notes a value of a response: as one that is known, or as one that begins here.
func (t *thread) seen(s *step, n *payload.Node) {
	if !telling(n) {
		return
	}
	path := s.response.Path(n)
	o := t.origins[n.Value]
	switch {
	case o == nil && !t.literals[n.Value]:
		t.origins[n.Value] = &origin{step: s, capture: path, read: s.op.Method == "GET"}
	case o == nil:
	case o.step == s && o.capture != "":
	case o.step == s && strings.HasPrefix(o.ref, "${"+s.id+".request:"):
		s.echo = append(s.echo, [2]string{path, "${request:" + strings.TrimPrefix(o.ref, "${"+s.id+".request:")})
	case strings.HasPrefix(o.ref, "${") && slices.Contains(s.links, o.step):
		// Only what the request asked for: a text that every answer has is no thread.
		s.echo = append(s.echo, [2]string{path, o.ref})
	}
}

// compare finds an earlier step of the same thread that was answered the same.
func (t *thread) compare(s *step) {
	if s.response == nil || s.exchange.Status >= 300 || len(leaves(s.response)) < 2 || s.op.Method != "GET" {
		return
	}
	for _, earlier := range slices.Backward(s.links) {
		if earlier.response != nil && earlier.exchange.Status < 300 && payload.Equal(earlier.response.Root, s.response.Root) {
			s.same = earlier
			return
		}
	}
}

func captureName(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return -1
	}, name)
	if name == "" || name == "request" || name == "response" {
		return "value"
	}
	return name
}

func stepID(operation string, n int) string {
	id := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '-'
	}, operation), "-")
	return id + "-" + strconv.Itoa(n)
}
