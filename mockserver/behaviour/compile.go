package behaviour

import (
	"fmt"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs"
)

// Behaviour is the compiled behaviour of one contract. It is safe for
// concurrent use.
type Behaviour struct {
	contract   *specs.Contract
	source     *specs.Behaviour
	operations map[string]*Operation
	late       *late // nil: everything is compiled
	resources  map[string]*resource
	states     map[string]*providerState
	shapes     map[string]*shape
	programs   *programs
	// credentials are the attributes or members of a body that identify the
	// caller; a documented request is recognised whoever sends it.
	credentials map[string]bool
}

// Problem is one thing that is wrong with a behaviour.yaml or a template.
type Problem struct {
	File string
	Line int
	What string
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What) }

// CompileError holds everything that keeps a behaviour from running.
type CompileError struct {
	Contract string
	Problems []Problem
}

func (e *CompileError) Error() string {
	lines := []string{fmt.Sprintf("the behaviour of contract %s does not compile, %d problems:", e.Contract, len(e.Problems))}
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}

// Check compiles everything and gives only the problems: nil is fine.
func Check(c *specs.Contract) []Problem {
	_, err := compile(c, now)
	if broken, ok := err.(*CompileError); ok {
		return broken.Problems
	}
	if err != nil {
		return []Problem{{File: "behaviour.yaml", What: err.Error()}}
	}
	return nil
}

// Compile makes the behaviour of a contract run. A contract without one gets an
// empty one: every operation then answers without memory. The error is a
// *CompileError with all problems. The expressions of a built-in contract are
// compiled when they are first needed, or by [Behaviour.Warm]; what was inferred
// from a bare document is, operation by operation, when it is first asked for.
func Compile(c *specs.Contract) (*Behaviour, error) {
	switch {
	case c.Origin == "built-in":
		return compile(c, expressionsLater)
	case c.Bare && c.Behaviour != nil && c.Behaviour.Inferred:
		return compile(c, operationsLater)
	}
	return compile(c, now)
}

// moment says when a behaviour is compiled.
type moment uint8

const (
	now moment = iota
	expressionsLater
	operationsLater
)

func compile(c *specs.Contract, when moment) (*Behaviour, error) {
	b := &Behaviour{
		contract: c, source: c.Behaviour, operations: map[string]*Operation{}, resources: map[string]*resource{},
		states: map[string]*providerState{}, shapes: map[string]*shape{}, credentials: credentialNames(c),
	}
	if b.source == nil {
		b.source = &specs.Behaviour{}
	}
	source := b.source
	k := &compiler{behaviour: b, contract: c, file: source.File, eager: when == now}
	if k.file == "" {
		k.file = "behaviour.yaml"
	}
	k.declared = declaredNames(c, source)
	b.programs = newPrograms(sortedNames(k.declared))
	if when == operationsLater {
		b.late = &late{compiler: *k}
		b.programs.atOnce = true
	}
	for _, name := range sortedNames(source.Resources) {
		k.resource(name, source.Resources[name])
	}
	if b.late == nil {
		for _, op := range c.Operations {
			b.operations[op.ID] = k.operation(op, source.Operations[op.ID])
		}
	}
	for _, id := range sortedNames(source.Operations) {
		if c.Operation(id) == nil {
			k.problem(source.Operations[id].Line, "there is no operation %q in the contract", id)
		}
	}
	for _, name := range sortedNames(source.States) {
		k.state(name, source.States[name])
	}
	k.file = "errors.yaml"
	for _, name := range sortedNames(c.Shapes) {
		k.shape(name, c.Shapes[name])
	}
	if len(k.problems) > 0 {
		sort.SliceStable(k.problems, func(i, j int) bool {
			return k.problems[i].File < k.problems[j].File || k.problems[i].File == k.problems[j].File && k.problems[i].Line < k.problems[j].Line
		})
		return nil, &CompileError{Contract: c.Name, Problems: k.problems}
	}
	return b, nil
}

// compiler is what one compilation carries along.
type compiler struct {
	behaviour *Behaviour
	contract  *specs.Contract
	file      string
	scope     *scope
	declared  map[string]bool // names of variables anywhere in the contract
	writes    bool            // set when an expression changes the state
	eager     bool            // compile expressions now
	problems  []Problem
}

func (c *compiler) problem(line int, format string, args ...any) {
	c.problems = append(c.problems, Problem{File: c.file, Line: line, What: fmt.Sprintf(format, args...)})
}

// declaredNames lists the variables of everything that has some, before anything is
// compiled: the environment must know them all.
func declaredNames(c *specs.Contract, source *specs.Behaviour) map[string]bool {
	all := newScope()
	for _, op := range source.Operations {
		all.ofOperation(op)
	}
	for _, st := range source.States {
		all.ofState(st)
	}
	for _, sh := range c.Shapes {
		all.ofTemplates(&sh.Body)
	}
	names := map[string]bool{}
	for _, name := range all.order {
		names[name] = true
	}
	return names
}

// ofOperation takes in the variables of an operation.
func (s *scope) ofOperation(op *specs.OperationBehaviour) {
	if op == nil {
		return
	}
	if op.Respond != nil {
		s.ofTemplates(&op.Respond.Body)
	}
	s.ofTemplates(effectNodes(op.Effects)...)
	s.ofLets(&op.Let, &op.ItemLet)
}

// ofState takes in the variables of a provider state.
func (s *scope) ofState(st *specs.ProviderState) {
	s.ofTemplates(append(effectNodes(st.Effects), &st.Answers)...)
	s.ofLets(&st.Let)
}

// ofTemplates takes in the variables of the loops in templates.
func (s *scope) ofTemplates(templates ...*yaml.Node) {
	for _, n := range templates {
		loopNames(n, func(name string) { s.slot(name) })
	}
}

func effectNodes(effects []specs.Effect) []*yaml.Node {
	var nodes []*yaml.Node
	for i := range effects {
		nodes = append(nodes, &effects[i].Document, &effects[i].Patch)
	}
	return nodes
}

func (s *scope) ofLets(lets ...*yaml.Node) {
	for _, let := range lets {
		for i := 0; i+1 < len(let.Content); i += 2 {
			s.slot(let.Content[i].Value)
		}
	}
}

// credentialNames lists the members of a body that say who calls.
func credentialNames(c *specs.Contract) map[string]bool {
	names := map[string]bool{}
	for _, s := range c.Auth.Schemes {
		if s.Type == "body" {
			names[lastName(s.Login)] = true
			names[lastName(s.Password)] = true
		}
	}
	return names
}
