package behaviour

import (
	"fmt"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// seed is one document that is there from the start.
type seed struct {
	key      string
	owner    string
	document template
	late     *specs.Seed // whose document is compiled for each use
	example  *specs.Example
	line     int
}

func (c *compiler) resource(name string, source *specs.Resource) {
	s := newScope()
	r := &resource{name: name, scope: s}
	c.scope = s
	for _, in := range sortedNames(source.Indexes) {
		spec := source.Indexes[in]
		if spec.Per != "" && spec.Per != "owner" && spec.Per != "all" {
			c.problem(0, "the index %s of resource %s is per %q; expected owner or all", in, name, spec.Per)
		}
		r.indexes = append(r.indexes, index{name: in, value: c.expression(spec.Value, 0), unique: spec.Unique, perOwner: spec.Per == "owner"})
	}
	for i := range source.Seed {
		from := &source.Seed[i]
		sd := seed{key: from.Key, owner: from.Owner, line: from.Document.Line}
		switch {
		case from.Example != "":
			operation, example, _ := strings.Cut(from.Example, "/")
			sd.example = c.contract.Example(operation, example)
			if sd.example == nil || sd.example.Response == nil || len(sd.example.Response.Body) == 0 {
				c.problem(0, "the seed %s of resource %s names the example %q, which has no response body", from.Key, name, from.Example)
				continue
			}
		case c.behaviour.late != nil:
			sd.late = from
		default:
			document := from.Template()
			if document != nil {
				sd.document = c.template(document, false)
				break
			}
			c.problem(0, "the seed %s of resource %s has neither document nor example", from.Key, name)
			continue
		}
		r.seeds = append(r.seeds, sd)
	}
	c.behaviour.resources[name] = r
}

// Seed puts the documents of the contract there that exist from the start.
func (b *Behaviour) Seed(call *Call) error {
	for _, name := range sortedNames(b.resources) {
		r := b.resources[name]
		for i := range r.seeds {
			sd := &r.seeds[i]
			f := b.newFrame(r.scope, call)
			body, err := sd.body(b, f)
			if err != nil {
				return fmt.Errorf("the seed %s of resource %s: %w", sd.key, name, err)
			}
			if _, err := f.store(name, sd.key, sd.owner, body); err != nil {
				return fmt.Errorf("the seed %s of resource %s: %w", sd.key, name, err)
			}
		}
	}
	return nil
}

func (sd *seed) body(b *Behaviour, f *frame) (*payload.Node, error) {
	if sd.example == nil {
		document, err := sd.document, error(nil)
		if sd.late != nil {
			document, err = b.late.template(sd.late, f.scope)
		}
		if err != nil {
			return nil, err
		}
		n, err := document.fill(f)
		if err == nil && n == nil {
			err = fmt.Errorf("the document was left out")
		}
		return n, err
	}
	described := b.contract.Operation(sd.example.Operation).Response(sd.example.Response.Status)
	if described == nil {
		return nil, fmt.Errorf("the response %d of the example is not described", sd.example.Response.Status)
	}
	tree := parse(described.Body, sd.example.Response.MediaType, sd.example.Response.Body)
	if tree == nil {
		return nil, fmt.Errorf("the response of the example %s/%s cannot be read", sd.example.Operation, sd.example.Name)
	}
	return jsonForm(tree), nil
}

// Put writes a document from outside, with its index values.
func (b *Behaviour) Put(tx state.Tx, resourceName, key, owner string, body *payload.Node) (*state.Doc, error) {
	r := b.resources[resourceName]
	if r == nil {
		return nil, fmt.Errorf("contract %s has no resource %q; it has %s", b.contract.Name, resourceName, strings.Join(b.Resources(), ", "))
	}
	f := b.newFrame(r.scope, &Call{Tx: tx})
	return f.store(resourceName, key, owner, body)
}
