package schema

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// resource is a schema with a URI of its own: a document, or a part of one that
// carries $id. Anchors and relative references live inside a resource.
type resource struct {
	doc     *payload.Tree
	prefix  string // of places in this document: "" in the main one, else its URI
	uri     *url.URL
	root    *payload.Node
	dialect Dialect
	anchors map[string]*payload.Node
	dynamic map[string]*payload.Node // the $dynamicAnchors among them
}

func (j *JSONSchemas) indexDocuments(doc *payload.Tree) error {
	names := make([]string, 0, len(j.opts.Documents))
	for uri := range j.opts.Documents {
		names = append(names, uri)
	}
	slices.Sort(names)
	for _, uri := range names {
		other := j.opts.Documents[uri]
		if other == nil || other.Root == nil {
			return fmt.Errorf("document %s is empty", uri)
		}
		if _, err := j.indexDocument(other, uri, strings.TrimSuffix(uri, "#")); err != nil {
			return err
		}
	}
	main, err := j.indexDocument(doc, j.opts.URI, "")
	j.main = main
	j.noteDirections(doc.Root)
	for _, uri := range names {
		j.noteDirections(j.opts.Documents[uri].Root)
	}
	return err
}

// noteDirections finds out whether the direction matters at all: without a
// readOnly in the documents a request is judged like any body.
func (j *JSONSchemas) noteDirections(n *payload.Node) {
	for c := n.First(); c != nil; c = c.Next() {
		switch c.Name {
		case "readOnly":
			j.readOnly = true
		case "writeOnly":
			j.writeOnly = true
		}
		j.noteDirections(c)
	}
}

// relevant gives the direction by which a schema has to be compiled.
func (j *JSONSchemas) relevant(dir Direction) Direction {
	if dir == Request && !j.readOnly || dir == Response && !j.writeOnly {
		return EitherWay
	}
	return dir
}

func (j *JSONSchemas) indexDocument(doc *payload.Tree, uri, prefix string) (*resource, error) {
	u, err := url.Parse(uri)
	if err != nil {
		return nil, fmt.Errorf("document URI %q: %w", uri, err)
	}
	u.Fragment = ""
	dialect := j.opts.Dialect
	if prefix != "" {
		dialect = dialectOf(doc.Root, dialect)
	}
	res := j.addResource(&resource{doc: doc, prefix: prefix, uri: u, root: doc.Root, dialect: dialect})
	if doc.Root.Member("openapi") == nil {
		j.index(doc.Root, res)
		return res, nil
	}
	if schemas := doc.At("/components/schemas"); schemas != nil {
		for s := range schemas.Children() {
			j.index(s, res)
		}
	}
	return res, nil
}

func (j *JSONSchemas) addResource(r *resource) *resource {
	r.anchors, r.dynamic = map[string]*payload.Node{}, map[string]*payload.Node{}
	j.resources[r.uri.String()] = r
	j.roots[r.root] = r
	return r
}

func (j *JSONSchemas) hasDynamic() bool {
	for _, r := range j.resources {
		if len(r.dynamic) > 0 {
			return true
		}
	}
	return false
}

// index notes the identifiers of a schema object and of all below it.
func (j *JSONSchemas) index(n *payload.Node, res *resource) {
	if n.Kind != payload.Object || j.owners[n] != nil {
		return
	}
	d := res.dialect
	if d == OpenAPI30 || d == Draft7 && n.Member("$ref") != nil {
		// Siblings of $ref have no meaning there, $id among them.
		j.owners[n] = res
	} else {
		res = j.identify(n, res)
	}
	forSubschemas(n, res.dialect, func(child *payload.Node) { j.index(child, res) })
}

func (j *JSONSchemas) identify(n *payload.Node, res *resource) *resource {
	if id := stringMember(n, "$id"); id != "" {
		uri, fragment, _ := strings.Cut(id, "#")
		if uri != "" {
			if u, err := res.uri.Parse(uri); err == nil {
				dialect := dialectOf(n, res.dialect)
				res = j.addResource(&resource{doc: res.doc, prefix: res.prefix, uri: u, root: n, dialect: dialect})
			}
		}
		if fragment != "" && res.dialect == Draft7 {
			res.anchors[fragment] = n
		}
	}
	j.owners[n] = res
	if res.dialect == OpenAPI31 {
		if a := stringMember(n, "$anchor"); a != "" {
			res.anchors[a] = n
		}
		if a := stringMember(n, "$dynamicAnchor"); a != "" {
			res.anchors[a], res.dynamic[a] = n, n
		}
	}
	return res
}

// walk follows a pointer into the main document and, on the way, every $ref
// that stands where the next member is not.
func (j *JSONSchemas) walk(pointer string) (*payload.Node, *resource, error) {
	n, res := j.main.root, j.enter(j.main.root, j.main)
	steps, err := payload.Steps(payload.JSON, pointer)
	if err != nil {
		return nil, nil, err
	}
	for i, s := range steps {
		for hops := 0; n.Kind == payload.Object && j.under(n, s.Name) == nil && stringMember(n, "$ref") != ""; hops++ {
			if hops > 100 {
				return nil, nil, fmt.Errorf("the references on the way to %s lead in a circle", pointer)
			}
			if n, res, err = j.resolve(stringMember(n, "$ref"), res); err != nil {
				return nil, nil, err
			}
		}
		next := j.under(n, s.Name)
		if next == nil {
			return nil, nil, fmt.Errorf("step %d, %q, is not in the document", i+1, s.Name)
		}
		n, res = next, j.enter(next, res)
	}
	return n, res, nil
}

// enter gives the resource that a node belongs to, coming from its parent's.
func (j *JSONSchemas) enter(n *payload.Node, res *resource) *resource {
	if own := j.owners[n]; own != nil {
		return own
	}
	if own := j.roots[n]; own != nil {
		return own
	}
	return res
}

// manyMembers is from where on an object is looked up in an index: every pointer
// of a document goes through its paths, and there may be ten thousand of them.
const manyMembers = 64

// under is the function of that name with an index for objects of many members.
func (j *JSONSchemas) under(n *payload.Node, step string) *payload.Node {
	if n.Kind != payload.Object {
		return under(n, step)
	}
	known, ok := j.members[n]
	if !ok {
		if n.Len() >= manyMembers {
			known = make(map[string]*payload.Node, n.Len())
			for c := range n.Children() {
				if known[c.Name] == nil {
					known[c.Name] = c
				}
			}
		}
		if j.members == nil {
			j.members = map[*payload.Node]map[string]*payload.Node{}
		}
		if known != nil {
			j.members[n] = known
		}
	}
	if known == nil {
		return under(n, step)
	}
	return known[step]
}

// under gives a member or an item by one step of a pointer.
func under(n *payload.Node, step string) *payload.Node {
	if n.Kind != payload.Array {
		return n.Member(step)
	}
	i, err := strconv.Atoi(step)
	if err != nil || len(step) > 1 && step[0] == '0' {
		return nil
	}
	return n.Item(i)
}

// reference is a $ref and where it stands; target is what it leads to.
type reference struct {
	ref  string
	from *resource
}

type target struct {
	node *payload.Node
	res  *resource
}

// resolve finds what a reference leads to.
func (j *JSONSchemas) resolve(ref string, res *resource) (*payload.Node, *resource, error) {
	key := reference{ref, res}
	if t, ok := j.resolved[key]; ok {
		return t.node, t.res, nil
	}
	n, to, err := j.find(ref, res)
	if err == nil {
		j.resolved[key] = target{n, to}
	}
	return n, to, err
}

func (j *JSONSchemas) find(ref string, res *resource) (*payload.Node, *resource, error) {
	uri, fragment, _ := strings.Cut(ref, "#")
	if j.opts.Rooted && strings.HasPrefix(ref, "#/") {
		res = j.main
	}
	if uri != "" {
		u, err := res.uri.Parse(uri)
		if err != nil {
			return nil, nil, fmt.Errorf("%q is not a URI reference", ref)
		}
		other := j.resources[u.String()]
		if other == nil {
			return nil, nil, fmt.Errorf("%q leads to %s, which is not part of this contract (nothing is fetched)", ref, u)
		}
		res = other
	}
	fragment, err := url.PathUnescape(fragment)
	if err != nil {
		return nil, nil, fmt.Errorf("the part of %q behind '#' is not a valid fragment", ref)
	}
	n := res.root
	switch {
	case fragment == "":
		return n, j.enter(n, res), nil
	case fragment[0] != '/':
		if n = res.anchors[fragment]; n == nil {
			return nil, nil, fmt.Errorf("%q: there is no anchor %q", ref, fragment)
		}
		return n, j.enter(n, res), nil
	}
	for _, token := range strings.Split(fragment[1:], "/") {
		step := payload.UnescapePointer(token)
		next := under(n, step)
		if next == nil {
			return nil, nil, fmt.Errorf("%q leads to nothing: %q is not there", ref, step)
		}
		n, res = next, j.enter(next, res)
	}
	return n, res, nil
}

func stringMember(n *payload.Node, name string) string {
	if n.Kind != payload.Object {
		return ""
	}
	if m := n.Member(name); m != nil && m.Kind == payload.String {
		return m.Value
	}
	return ""
}
