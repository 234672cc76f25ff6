package behaviour

import (
	"errors"
	"sync"

	"github.com/roadworthy-project/roadworthy/specs"
)

// late compiles operations when they are first asked for: what was inferred from a
// document of thousands of operations would be a quarter of its memory, and most of
// them are never called.
type late struct {
	mu       sync.Mutex
	compiler compiler
	made     map[string]*Operation
}

// operation gives the behaviour of an operation, nil if there is no such operation.
func (l *late) operation(id string) *Operation {
	l.mu.Lock()
	defer l.mu.Unlock()
	if op := l.made[id]; op != nil {
		return op
	}
	spec := l.compiler.contract.Operation(id)
	if spec == nil {
		return nil
	}
	c := l.compiler
	op := c.operation(spec, c.behaviour.source.Operations[id])
	if len(c.problems) > 0 {
		op.broken = &CompileError{Contract: c.contract.Name, Problems: c.problems}
	}
	if l.made == nil {
		l.made = map[string]*Operation{}
	}
	l.made[id] = op
	return op
}

// template compiles the document of a seed for one use.
func (l *late) template(sd *specs.Seed, s *scope) (template, error) {
	source := sd.Template()
	if source == nil {
		return nil, errors.New("there is neither document nor example")
	}
	c := l.compiler
	c.scope = s
	t := c.template(source, false)
	if len(c.problems) > 0 {
		return nil, &CompileError{Contract: c.contract.Name, Problems: c.problems}
	}
	return t, nil
}
