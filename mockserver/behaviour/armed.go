package behaviour

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// armedDocs is the collection of outcomes that a provider state asked for. The key
// is the operation and the value that the request must carry, or "*" for
// whatever request comes next.
const armedDocs = "$armed"

const anyRequest = "*"

// internal stands for a failure inside the server, which is no outcome that a
// rule could lead to.
const internal = "internal"

func armedKey(operation, value string) string { return operation + "|" + value }

// remember notes what a provider state put there.
func remember(tx state.Tx, name string, changes []Change) error {
	list := &payload.Node{Kind: payload.Array}
	if before, err := tx.Get(setups, name); err != nil {
		return err
	} else if before != nil {
		list = before.Node().Clone()
	}
	for _, c := range changes {
		if c.Kind == Put && c.Before == nil {
			list.Append(payload.FromGo([]any{c.Resource, c.Key}))
		}
	}
	return tx.Put(setups, &state.Doc{Key: name, Body: list.JSON()})
}

// arm prepares an outcome, and gives the values that a request must carry.
func (b *Behaviour) arm(name string, params map[string]string, call *Call) (*payload.Node, error) {
	op, o, err := b.armTarget(name, params)
	if err != nil {
		return nil, err
	}
	value, what := anyRequest, internal
	answers := &payload.Node{Kind: payload.Object}
	if o != nil {
		what = o.Ref()
		if op.trigger != nil {
			f := b.newFrame(op.scope, call)
			if value, err = f.fillText(op.trigger.value); err != nil {
				return nil, err
			}
			answers = payload.FromGo(map[string]any{op.trigger.name(): value, "value": value, "at": op.trigger.field + op.trigger.path})
		}
	}
	body := payload.FromGo(what).JSON()
	return answers, call.Tx.Put(armedDocs, &state.Doc{Key: armedKey(op.spec.ID, value), Body: body})
}

// armTarget reads the parameters of the common states.
func (b *Behaviour) armTarget(name string, params map[string]string) (*Operation, *specs.Outcome, error) {
	for p := range params {
		if p != "operation" && (p != "code" || name == "internal-error") {
			return nil, nil, badState("the provider state %s has no parameter %q", name, p)
		}
	}
	op := b.Operation(params["operation"])
	if op == nil {
		return nil, nil, badState("the provider state %s needs params.operation, an operation of the contract; found %q", name, params["operation"])
	}
	if name == "internal-error" {
		return op, nil, nil
	}
	o := op.Outcome(params["code"])
	// A code that means one thing for the whole answer and another for an item
	// is asked for as "item:1045".
	if o == nil {
		return nil, nil, badState("operation %s has no outcome %q; it has %s", op.spec.ID, params["code"], op.knownOutcomes())
	}
	return op, o, nil
}

func (b *Behaviour) disarm(name string, params map[string]string, call *Call) error {
	op, o, err := b.armTarget(name, params)
	if err != nil {
		return err
	}
	what := internal
	if o != nil {
		what = o.Ref()
	}
	docs, err := call.Tx.List(armedDocs)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if strings.HasPrefix(d.Key, op.spec.ID+"|") && d.Node().Value == what {
			if _, err := call.Tx.Delete(armedDocs, d.Key); err != nil {
				return err
			}
		}
	}
	return nil
}

// name is what the answer of the state calls the value.
func (t *trigger) name() string {
	if t.path != "" {
		return t.path
	}
	return lastName(t.field)
}

// armedOutcomes are the outcomes that provider states asked for, as far as this
// request meets them.
type armedOutcomes struct {
	request *specs.Outcome
	items   map[int]*specs.Outcome
}

// armed looks whether a provider state waits for this request.
func (op *Operation) armed(call *Call) (armedOutcomes, error) {
	var found armedOutcomes
	one := func(value string) (*specs.Outcome, error) {
		d, err := call.Tx.Get(armedDocs, armedKey(op.spec.ID, value))
		if err != nil || d == nil {
			return nil, err
		}
		if value == anyRequest {
			if _, err := call.Tx.Delete(armedDocs, d.Key); err != nil {
				return nil, err
			}
		}
		if what := d.Node().Value; what != internal {
			return op.spec.Outcome(what), nil
		}
		return &specs.Outcome{Layer: specs.LayerHTTP, Code: "500", Shape: internal}, nil
	}
	// Hardly ever is anything armed at all.
	if any, err := call.Tx.Has(armedDocs); err != nil || !any {
		return found, err
	}
	var err error
	if found.request, err = one(anyRequest); err != nil || found.request != nil || op.trigger == nil {
		return found, err
	}
	if op.trigger.path != "" {
		if value := call.Path[op.trigger.path]; value != "" {
			found.request, err = one(value)
		}
		return found, err
	}
	if call.Body == nil {
		return found, nil
	}
	for _, n := range call.Body.Select(op.trigger.field) {
		if n.Value == "" {
			continue
		}
		o, err := one(n.Value)
		switch {
		case err != nil:
			return found, err
		case o == nil:
		case o.Layer == specs.LayerItem && op.batch != nil:
			if found.items == nil {
				found.items = map[int]*specs.Outcome{}
			}
			found.items[op.itemOf(call, n)] = o
		default:
			found.request = o
			return found, nil
		}
	}
	return found, nil
}

// itemOf gives the number, from 1, of the item that a node of the body is in.
func (op *Operation) itemOf(call *Call, n *payload.Node) int {
	items := call.Body.Select(op.batch.path)
	if len(items) == 1 && items[0].Kind == payload.Array {
		items = flatten(items[0])
	}
	for up := n; up != nil; up = up.Parent() {
		for i, item := range items {
			if item == up {
				return i + 1
			}
		}
	}
	return 0
}

// IsInternal reports an armed failure inside the server.
func IsInternal(o *specs.Outcome) bool { return o != nil && o.Shape == internal }
