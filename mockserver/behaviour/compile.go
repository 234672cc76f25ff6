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
	operations map[string]*Operation
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
	_, err := compile(c, true)
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
// compiled when they are first needed, or by [Behaviour.Warm].
func Compile(c *specs.Contract) (*Behaviour, error) { return compile(c, c.Origin != "built-in") }

func compile(c *specs.Contract, eager bool) (*Behaviour, error) {
	b := &Behaviour{
		contract: c, operations: map[string]*Operation{}, resources: map[string]*resource{},
		states: map[string]*providerState{}, shapes: map[string]*shape{}, credentials: credentialNames(c),
	}
	source := c.Behaviour
	if source == nil {
		source = &specs.Behaviour{}
	}
	k := &compiler{behaviour: b, contract: c, file: source.File, declared: map[string]bool{}, eager: eager}
	if k.file == "" {
		k.file = "behaviour.yaml"
	}
	scopes := k.scopes(source)
	b.programs = newPrograms(sortedNames(k.declared))
	for _, name := range sortedNames(source.Resources) {
		k.resource(name, source.Resources[name])
	}
	for _, op := range c.Operations {
		k.operation(op, source.Operations[op.ID], scopes["operation "+op.ID])
	}
	for _, id := range sortedNames(source.Operations) {
		if c.Operation(id) == nil {
			k.problem(source.Operations[id].Line, "there is no operation %q in the contract", id)
		}
	}
	for _, name := range sortedNames(source.States) {
		k.state(name, source.States[name], scopes["state "+name])
	}
	k.file = "errors.yaml"
	for _, name := range sortedNames(c.Shapes) {
		k.shape(name, c.Shapes[name], scopes["shape "+name])
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

// scopes collects the variables of everything that has some, before anything is
// compiled: the environment must know them all.
func (c *compiler) scopes(source *specs.Behaviour) map[string]*scope {
	all := map[string]*scope{}
	add := func(name string, nodes ...*yaml.Node) {
		s := newScope()
		for _, n := range nodes {
			loopNames(n, func(name string) { s.slot(name) })
		}
		all[name] = s
	}
	for _, op := range c.contract.Operations {
		add("operation " + op.ID)
	}
	for id, op := range source.Operations {
		nodes := []*yaml.Node{}
		if op.Respond != nil {
			nodes = append(nodes, &op.Respond.Body)
		}
		add("operation "+id, append(nodes, effectNodes(op.Effects)...)...)
		letNames(all["operation "+id], &op.Let, &op.ItemLet)
	}
	for name, st := range source.States {
		add("state "+name, append(effectNodes(st.Effects), &st.Answers)...)
		letNames(all["state "+name], &st.Let)
	}
	for name, sh := range c.contract.Shapes {
		add("shape "+name, &sh.Body)
	}
	for _, s := range all {
		for _, name := range s.order {
			c.declared[name] = true
		}
	}
	for _, name := range fixedNames() {
		c.declared[name] = true
	}
	return all
}

func effectNodes(effects []specs.Effect) []*yaml.Node {
	var nodes []*yaml.Node
	for i := range effects {
		nodes = append(nodes, &effects[i].Document, &effects[i].Patch)
	}
	return nodes
}

func letNames(s *scope, lets ...*yaml.Node) {
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
