package behaviour

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// providerState is one compiled provider state.
type providerState struct {
	spec    *specs.ProviderState
	scope   *scope
	lets    []let
	effects []effect
	answers template
}

func (c *compiler) state(name string, source *specs.ProviderState) {
	s := newScope()
	s.ofState(source)
	if slices.Contains(CommonStates(), name) {
		c.problem(source.Line, "the provider state %q is built in and cannot be declared", name)
	}
	c.scope = s
	st := &providerState{spec: source, scope: s, lets: c.lets(&source.Let), effects: c.effects(source.Effects)}
	if source.Answers.Kind != 0 {
		st.answers = c.template(&source.Answers, false)
	}
	c.behaviour.states[name] = st
}

// State describes a provider state to a person.
type State struct {
	Name   string                `json:"name"`
	Title  string                `json:"title,omitempty"`
	Params map[string]StateParam `json:"params,omitempty"`
}

// StateParam is a parameter of a provider state.
type StateParam struct {
	Enum    []string `json:"enum,omitempty"`
	Default string   `json:"default,omitempty"`
}

// CommonStates names the states that every contract has.
func CommonStates() []string { return []string{"internal-error", "outcome"} }

// States lists the provider states of the contract and the common ones, sorted.
func (b *Behaviour) States() []State {
	all := []State{
		{Name: "internal-error", Title: "The next call of the operation fails inside the server", Params: map[string]StateParam{"operation": {}}},
		{Name: "outcome", Title: "An outcome that no request alone can cause", Params: map[string]StateParam{"operation": {}, "code": {}}},
	}
	for _, name := range sortedNames(b.states) {
		st := b.states[name]
		params := map[string]StateParam{}
		for p, spec := range st.spec.Params {
			params[p] = StateParam(spec)
		}
		all = append(all, State{Name: name, Title: st.spec.Title, Params: params})
	}
	slices.SortFunc(all, func(a, b State) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// BadState says why a provider state cannot be set up as asked: it is unknown,
// or a parameter is. Any other error is a failure of the server.
type BadState struct{ What string }

func (e *BadState) Error() string { return e.What }

func badState(format string, args ...any) error { return &BadState{fmt.Sprintf(format, args...)} }

// setups is the collection that remembers what a state put there, for its teardown.
const setups = "$setups"

// Setup brings a provider state about, and gives the values that the scenario needs.
func (b *Behaviour) Setup(name string, params map[string]string, call *Call) (*payload.Node, error) {
	if slices.Contains(CommonStates(), name) {
		return b.arm(name, params, call)
	}
	st := b.states[name]
	if st == nil {
		return nil, b.unknownState(name)
	}
	full, err := st.complete(name, params)
	if err != nil {
		return nil, err
	}
	f := b.newFrame(st.scope, call)
	f.values[slotCaller] = record{callerRecord{&call.Caller}}
	f.values[slotParams] = record{textMap(full)}
	f.let(st.lets, nil, 0)
	changes, err := f.apply(st.effects)
	if err != nil {
		return nil, fmt.Errorf("the provider state %s: %w", name, err)
	}
	if err := remember(call.Tx, name, changes); err != nil {
		return nil, err
	}
	if st.answers == nil {
		return &payload.Node{Kind: payload.Object}, nil
	}
	n, err := st.answers.fill(f)
	if err != nil {
		return nil, fmt.Errorf("the answers of the provider state %s: %w", name, err)
	}
	if n == nil {
		n = &payload.Node{Kind: payload.Object}
	}
	return n, nil
}

func (b *Behaviour) unknownState(name string) error {
	var known []string
	for _, s := range b.States() {
		known = append(known, s.Name)
	}
	return badState("contract %s has no provider state %q; it has %s", b.contract.Name, name, strings.Join(known, ", "))
}

// complete checks parameters and adds the defaults.
func (st *providerState) complete(name string, params map[string]string) (map[string]string, error) {
	full := map[string]string{}
	for _, p := range sortedNames(st.spec.Params) {
		if def := st.spec.Params[p].Default; def != "" {
			full[p] = def
		}
	}
	for _, p := range sortedNames(params) {
		spec, known := st.spec.Params[p]
		if !known {
			return nil, badState("the provider state %s has no parameter %q; it has: %s", name, p, strings.Join(sortedNames(st.spec.Params), ", "))
		}
		if len(spec.Enum) > 0 && !slices.Contains(spec.Enum, params[p]) {
			return nil, badState("the parameter %s of the provider state %s is %q; expected one of %s", p, name, params[p], strings.Join(spec.Enum, ", "))
		}
		full[p] = params[p]
	}
	return full, nil
}

// Teardown takes away what setting the state up had put there, and disarms what
// it had armed.
func (b *Behaviour) Teardown(name string, params map[string]string, call *Call) error {
	if slices.Contains(CommonStates(), name) {
		return b.disarm(name, params, call)
	}
	if b.states[name] == nil {
		return b.unknownState(name)
	}
	d, err := call.Tx.Get(setups, name)
	if err != nil || d == nil {
		return err
	}
	for c := range d.Node().Children() {
		if _, err := call.Tx.Delete(c.Item(0).Value, c.Item(1).Value); err != nil {
			return err
		}
	}
	_, err = call.Tx.Delete(setups, name)
	return err
}
