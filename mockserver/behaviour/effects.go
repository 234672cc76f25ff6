package behaviour

import (
	"fmt"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// resource is a compiled kind of document.
type resource struct {
	name    string
	indexes []index
	seeds   []seed
	scope   *scope
}

// index is one compiled index of a resource.
type index struct {
	name     string
	value    *expression
	unique   bool
	perOwner bool
}

// scoped is the value under which an index finds a document of a company.
func (ix *index) scoped(company, value string) string {
	if ix.perOwner {
		return company + "\x1f" + value
	}
	return value
}

func (b *Behaviour) index(resource, name string) *index {
	r := b.resources[resource]
	if r == nil {
		return nil
	}
	for i := range r.indexes {
		if r.indexes[i].name == name {
			return &r.indexes[i]
		}
	}
	return nil
}

// effect is one compiled change of the state.
type effect struct {
	kind     ChangeKind
	merge    bool
	resource string
	key      template
	owner    template
	when     *expression
	document template
	place    string
}

// ChangeKind says what happened to a document.
type ChangeKind string

// The kinds of changes.
const (
	Put    ChangeKind = "put"
	Delete ChangeKind = "delete"
)

// Change is one change of the state, for the journal.
type Change struct {
	Kind     ChangeKind
	Resource string
	Key      string
	Before   *state.Doc // nil: it is new
	After    *state.Doc // nil: it is gone
}

func (c *compiler) effects(source []specs.Effect) []effect {
	var all []effect
	for i := range source {
		s := &source[i]
		e := effect{place: fmt.Sprintf("%s:%d", c.file, s.Line), key: c.textTemplate(s.Key, s.Line)}
		set := 0
		for _, target := range []struct {
			name  string
			kind  ChangeKind
			merge bool
		}{{s.Put, Put, false}, {s.Merge, Put, true}, {s.Delete, Delete, false}} {
			if target.name != "" {
				set++
				e.resource, e.kind, e.merge = target.name, target.kind, target.merge
			}
		}
		if set != 1 {
			c.problem(s.Line, "an effect names exactly one resource, with put, merge or delete; found %d", set)
			continue
		}
		if c.behaviour.resources[e.resource] == nil {
			c.problem(s.Line, "there is no resource %q; behaviour.yaml declares resources", e.resource)
		}
		if s.Key == "" {
			c.problem(s.Line, "an effect needs the key of the document")
		}
		if s.When != "" {
			e.when = c.expression(s.When, s.Line)
			c.condition(e.when, s.Line)
		}
		if s.Owner != "" {
			e.owner = c.textTemplate(s.Owner, s.Line)
		}
		switch {
		case e.merge && s.Patch.Kind == 0:
			c.problem(s.Line, "merge needs a patch")
		case e.merge:
			e.document = c.template(&s.Patch, false)
		case e.kind == Put && s.Document.Kind == 0:
			c.problem(s.Line, "put needs a document")
		case e.kind == Put:
			e.document = c.template(&s.Document, false)
		}
		all = append(all, e)
	}
	return all
}

// apply carries the effects out and says what changed.
func (f *frame) apply(effects []effect) ([]Change, error) {
	var changes []Change
	for i := range effects {
		e := &effects[i]
		if e.when != nil {
			if is, err := e.when.holds(f); err != nil {
				return nil, err
			} else if !is {
				continue
			}
		}
		change, err := f.applyOne(e)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.place, err)
		}
		if change != nil {
			changes = append(changes, *change)
		}
	}
	return changes, nil
}

func (f *frame) applyOne(e *effect) (*Change, error) {
	key, err := f.fillText(e.key)
	if err != nil {
		return nil, err
	}
	if key == "" {
		return nil, fmt.Errorf("the key of the %s is empty", e.resource)
	}
	before, err := f.call.Tx.Get(e.resource, key)
	if err != nil {
		return nil, err
	}
	if e.kind == Delete {
		if before == nil {
			return nil, nil
		}
		_, err := f.call.Tx.Delete(e.resource, key)
		return &Change{Kind: Delete, Resource: e.resource, Key: key, Before: before}, err
	}
	fill := shared
	if e.merge {
		// A patch is used up.
		fill = template.fill
	}
	body, err := fill(e.document, f)
	if err != nil {
		return nil, err
	}
	if body == nil {
		return nil, fmt.Errorf("the document of the %s was left out", e.resource)
	}
	if e.merge && before != nil {
		body = mergePatch(copyNode(before.Node(), &f.build), body)
	}
	owner := f.call.Caller.Company
	switch {
	case e.owner != nil:
		if owner, err = f.fillText(e.owner); err != nil {
			return nil, err
		}
	case before != nil:
		owner = before.Owner
	}
	after, err := f.store(e.resource, key, owner, body)
	return &Change{Kind: Put, Resource: e.resource, Key: key, Before: before, After: after}, err
}

func (f *frame) fillText(t template) (string, error) {
	switch t := t.(type) {
	case typed:
		v, err := t.expr.eval(f)
		if err != nil {
			return "", err
		}
		return textOf(v), nil
	case mixed:
		return t.text(f)
	}
	n, err := t.fill(f)
	if err != nil || n == nil {
		return "", err
	}
	return textOf(viewOf(n)), nil
}

// store writes a document with its index values.
func (f *frame) store(name, key, owner string, body *payload.Node) (*state.Doc, error) {
	d := &state.Doc{Key: key, Owner: owner, Body: body.JSON()}
	d.Parsed(body)
	r := f.behaviour.resources[name]
	ix := f.indexing(r)
	ix.values[slotDoc] = viewOf(body)
	if len(r.indexes) > 0 {
		d.Index = make([]state.Entry, 0, len(r.indexes))
	}
	for i := range r.indexes {
		in := &r.indexes[i]
		v, err := in.value.eval(ix)
		if err != nil {
			return nil, err
		}
		if text, is := stringOf(v); is {
			d.Index = in.add(d.Index, owner, text)
			continue
		}
		for _, one := range itemsOf(v) {
			d.Index = in.add(d.Index, owner, textOf(one))
		}
	}
	return d, f.call.Tx.Put(name, d)
}

// add adds what finds a document of an owner by a value; the empty one finds nothing.
func (ix *index) add(list []state.Entry, owner, value string) []state.Entry {
	if value == "" {
		return list
	}
	// Sample data that belongs to nobody takes no number away from anybody.
	return append(list, state.Entry{Index: ix.name, Value: ix.scoped(owner, value), Unique: ix.unique && owner != ""})
}

// indexing gives the frame in which the indexes of a resource are computed.
func (f *frame) indexing(r *resource) *frame {
	if f.index == nil || f.index.scope != r.scope {
		f.index = f.behaviour.newFrame(r.scope, f.call)
	}
	return f.index
}

// Resources lists the kinds of documents of the contract, sorted.
func (b *Behaviour) Resources() []string { return sortedNames(b.resources) }
