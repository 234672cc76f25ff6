package specs

import (
	"net/url"
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

type routeMethod struct {
	method string
	op     *Operation
	names  []string // of the parameters, in the order of the path
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
		if have := n.leaf.find(op.Method); have != nil {
			if !have.op.besides(op) || strings.Join(have.names, "/") != strings.Join(names, "/") {
				clash(have.op, op)
			}
			continue
		}
		n.leaf.methods = append(n.leaf.methods, routeMethod{op.Method, op, names})
	}
	r.root.finish()
	return r
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

// finish orders patterns and methods, and makes the Allow lists.
func (n *routeNode) finish() {
	sort.SliceStable(n.patterns, func(i, j int) bool { return n.patterns[i].weight() > n.patterns[j].weight() })
	if n.leaf != nil {
		sort.Slice(n.leaf.methods, func(i, j int) bool { return n.leaf.methods[i].method < n.leaf.methods[j].method })
		for _, m := range n.leaf.methods {
			n.leaf.allow = append(n.leaf.allow, m.method)
		}
		if n.leaf.find("GET") != nil && n.leaf.find("HEAD") == nil {
			n.leaf.allow = append(n.leaf.allow, "HEAD")
			sort.Strings(n.leaf.allow)
		}
	}
	for _, child := range n.literal {
		child.finish()
	}
	for _, p := range n.patterns {
		p.node.finish()
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

// find walks the tree; values gets the raw text of the parameters.
func (n *routeNode) find(path string, values []string) (*routeLeaf, []string) {
	segment, rest, more := strings.Cut(path, "/")
	next := n.literal[segment]
	if next == nil && n.literal != nil && strings.IndexByte(segment, '%') >= 0 {
		if decoded, err := url.PathUnescape(segment); err == nil {
			next = n.literal[decoded]
		}
	}
	if next != nil {
		if !more {
			if next.leaf != nil {
				return next.leaf, values
			}
		} else if leaf, all := next.find(rest, values); leaf != nil {
			return leaf, all
		}
	}
	for _, p := range n.patterns {
		own, ok := p.match(segment, values)
		if !ok {
			continue
		}
		if !more {
			if p.node.leaf != nil {
				return p.node.leaf, own
			}
		} else if leaf, all := p.node.find(rest, own); leaf != nil {
			return leaf, all
		}
	}
	return nil, nil
}

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
// HEAD request finds the GET operation. The params are decoded.
func (c *Contract) Match(method, path string) (op *Operation, params map[string]string, allow []string) {
	if c.routes == nil {
		return nil, nil, nil
	}
	rest, ok := strings.CutPrefix(path, c.routes.base)
	if !ok || rest == "" || rest[0] != '/' {
		return nil, nil, nil
	}
	var room [maxPathParams]string
	leaf, values := c.routes.root.find(rest[1:], room[:0])
	if leaf == nil {
		return nil, nil, nil
	}
	m := leaf.find(method)
	if m == nil && method == "HEAD" {
		m = leaf.find("GET")
	}
	if m == nil {
		return nil, nil, leaf.allow
	}
	if len(values) == 0 {
		return m.op, nil, leaf.allow
	}
	params = make(map[string]string, len(values))
	for i, v := range values {
		if decoded, err := url.PathUnescape(v); err == nil {
			v = decoded
		}
		params[m.names[i]] = v
	}
	return m.op, params, leaf.allow
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
