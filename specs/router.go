package specs

import (
	"net/url"
	"slices"
	"sort"
	"strings"
)

// router finds the operation of a request: a tree of path segments. A literal
// segment wins over one with parameters, at every level; among patterns the one
// with more literal text wins. A trailing slash is a segment of its own.
type router struct {
	base string
	root *routeNode
}

type routeNode struct {
	literal  map[string]*routeNode
	patterns []*routePattern
	leaf     *routeLeaf
}

// routePattern is a segment with parameters: "{id}", "{id}.json", "{a}-{b}".
type routePattern struct {
	// text has one more entry than names: what stands before, between and after.
	text  []string
	names []string
	node  *routeNode
}

type routeLeaf struct {
	methods []routeMethod // sorted by method
	allow   []string
}

// routeMethod has more than one choice where templates differ in the names of
// their parameters alone: "/icon/{id}" and "/icon/{term}".
type routeMethod struct {
	method string
	all    []routeChoice
}

type routeChoice struct {
	op    *Operation
	names []string // of the parameters, in the order of the path
}

// newRouter builds the tree and reports two operations at the same place.
func newRouter(base string, ops []*Operation, clash func(a, b *Operation)) *router {
	r := &router{base: strings.TrimSuffix(base, "/"), root: &routeNode{}}
	for _, op := range ops {
		n := r.root
		var names []string
		for _, segment := range strings.Split(strings.TrimPrefix(op.Path, "/"), "/") {
			var own []string
			n, own = n.child(segment)
			names = append(names, own...)
		}
		if n.leaf == nil {
			n.leaf = &routeLeaf{}
		}
		n.leaf.add(op, names, clash)
	}
	r.root.finish(clash)
	return r
}

// add puts an operation at the leaf: a choice of its own, or beside one with the
// same parameters that a query, a header or a form tells from it.
func (l *routeLeaf) add(op *Operation, names []string, clash func(a, b *Operation)) {
	m := l.find(op.Method)
	if m == nil {
		l.methods = append(l.methods, routeMethod{method: op.Method})
		m = &l.methods[len(l.methods)-1]
	}
	for _, have := range m.all {
		if slices.Equal(have.names, names) {
			if !have.op.besides(op) {
				clash(have.op, op)
			}
			return
		}
	}
	m.all = append(m.all, routeChoice{op, names})
}

func (n *routeNode) child(segment string) (*routeNode, []string) {
	if !strings.Contains(segment, "{") {
		if n.literal == nil {
			n.literal = map[string]*routeNode{}
		}
		if n.literal[segment] == nil {
			n.literal[segment] = &routeNode{}
		}
		return n.literal[segment], nil
	}
	p := &routePattern{}
	rest := segment
	for {
		before, after, ok := strings.Cut(rest, "{")
		p.text = append(p.text, before)
		if !ok {
			break
		}
		name, tail, _ := strings.Cut(after, "}")
		p.names, rest = append(p.names, name), tail
	}
	for _, have := range n.patterns {
		if strings.Join(have.text, "{}") == strings.Join(p.text, "{}") {
			return have.node, p.names
		}
	}
	p.node = &routeNode{}
	n.patterns = append(n.patterns, p)
	return p.node, p.names
}

// finish orders patterns, methods and choices, and makes the Allow lists.
func (n *routeNode) finish(clash func(a, b *Operation)) {
	sort.SliceStable(n.patterns, func(i, j int) bool { return n.patterns[i].weight() > n.patterns[j].weight() })
	if n.leaf != nil {
		sort.Slice(n.leaf.methods, func(i, j int) bool { return n.leaf.methods[i].method < n.leaf.methods[j].method })
		for i := range n.leaf.methods {
			m := &n.leaf.methods[i]
			n.leaf.allow = append(n.leaf.allow, m.method)
			m.narrowFirst(clash)
		}
		if n.leaf.find("GET") != nil && n.leaf.find("HEAD") == nil {
			n.leaf.allow = append(n.leaf.allow, "HEAD")
			sort.Strings(n.leaf.allow)
		}
	}
	for _, child := range n.literal {
		child.finish(clash)
	}
	for _, p := range n.patterns {
		p.node.finish(clash)
	}
}

func (p *routePattern) weight() int {
	w := 0
	for _, t := range p.text {
		w += len(t)
	}
	return w
}

func (l *routeLeaf) find(method string) *routeMethod {
	for i := range l.methods {
		if l.methods[i].method == method {
			return &l.methods[i]
		}
	}
	return nil
}

// maxPathParams is the most parameters of one path that are kept without
// allocating; more of them only cost an allocation.
const maxPathParams = 8

// match cuts a segment by the literal text of the pattern. No parameter is empty.
func (p *routePattern) match(segment string, values []string) ([]string, bool) {
	if len(p.names) == 1 {
		before, after := p.text[0], p.text[1]
		if len(segment) <= len(before)+len(after) || !strings.HasPrefix(segment, before) || !strings.HasSuffix(segment, after) {
			return nil, false
		}
		return append(values, segment[len(before):len(segment)-len(after)]), true
	}
	rest, ok := strings.CutPrefix(segment, p.text[0])
	if !ok {
		return nil, false
	}
	for i := range p.names {
		end := len(rest)
		switch between := p.text[i+1]; {
		case i == len(p.names)-1:
			if !strings.HasSuffix(rest, between) {
				return nil, false
			}
			end -= len(between)
		case between != "":
			end = strings.Index(rest, between)
		}
		if end <= 0 {
			return nil, false
		}
		values = append(values, rest[:end])
		rest = strings.TrimPrefix(rest[end:], p.text[i+1])
	}
	return values, true
}

// Match finds the operation for a method and a path as it was sent, still
// percent-encoded (http.Request.URL.EscapedPath). The path begins with BasePath.
//
// op is nil when there is no such path (allow is nil too), or when the path does
// not know the method; then allow lists the methods that it knows, sorted. A
// HEAD request finds the GET operation. The params are decoded. Where a path fits
// several templates, the one with the most literal text is taken that has the
// method; of two that differ in the names of their parameters alone, the first
// whose parameters accept the path, the narrower one first.
func (c *Contract) Match(method, path string) (op *Operation, params map[string]string, allow []string) {
	if c.routes == nil {
		return nil, nil, nil
	}
	rest, ok := strings.CutPrefix(path, c.routes.base)
	if !ok || rest == "" || rest[0] != '/' {
		return nil, nil, nil
	}
	var room [maxPathParams]string
	s := search{method: method}
	if c.routes.root.find(rest[1:], room[:0], &s) {
		return s.found, s.params, s.at.allow
	}
	if s.first == nil {
		return nil, nil, nil
	}
	return nil, nil, s.allow()
}

// URL builds the path of the operation below the base path, percent-encoded. A
// parameter that is not given keeps its {name}, which no server accepts.
func (op *Operation) URL(params map[string]string) string {
	if !strings.Contains(op.Path, "{") {
		return op.Path
	}
	var b strings.Builder
	rest := op.Path
	for {
		before, after, ok := strings.Cut(rest, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, tail, _ := strings.Cut(after, "}")
		if v, given := params[name]; given {
			b.WriteString(url.PathEscape(v))
		} else {
			b.WriteString("%7B" + url.PathEscape(name) + "%7D")
		}
		rest = tail
	}
}
