package behaviour

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// expression is one compiled CEL expression. The usual one, a plain path such as
// request.body.number, is walked without the interpreter.
type expression struct {
	source string
	place  string // file:line
	slot   int
	path   []string
	plain  bool
	prog   *program
	scope  *scope
	quick  direct // nil when everything is for the interpreter
	direct bool   // quick is there before the program is
}

// expression compiles one expression; what is wrong goes to the problems.
func (c *compiler) expression(source string, line int) *expression {
	source = strings.TrimSpace(source)
	e := &expression{source: source, place: fmt.Sprintf("%s:%d", c.file, line)}
	if source == "" {
		c.problem(line, "expected an expression, found nothing")
		return e
	}
	if names, ok := splitPath(source); ok {
		if at, known := c.scope.find(names[0]); known {
			e.plain, e.slot, e.path = true, at, names[1:]
			return e
		}
	}
	e.scope = c.scope
	e.prog = c.behaviour.programs.of(e)
	// A function that changes the state makes the operation one that writes; a
	// text that only looks like it costs no more than a lock.
	c.writes = c.writes || strings.Contains(source, "seq(")
	if c.eager {
		c.check(e.prog, line)
	}
	return e
}

// condition reports an expression that is never true or false.
func (c *compiler) condition(e *expression, line int) {
	if !c.eager || e.prog == nil || e.prog.compiled() == nil {
		return
	}
	if t := e.prog.gives; t != nil && !t.IsAssignableType(cel.BoolType) && t.Kind() != types.DynKind {
		c.problem(line, "the condition %q gives %s, expected true or false", e.source, t)
	}
}

// check compiles an expression now and reports what is wrong with it, variables
// that exist elsewhere in the contract and not here among it.
func (c *compiler) check(p *program, line int) {
	p.compiled()
	for _, wrong := range p.wrong {
		c.problem(line, "in the expression %q: %s", p.source, wrong)
	}
	for _, name := range p.names {
		if _, known := c.scope.find(name); !known && c.declared[name] {
			c.problem(line, "in the expression %q: %q is not a value of this operation", p.source, name)
		}
	}
}

// eval gives the value: a view, a CEL value, a Go scalar or absent.
func (e *expression) eval(f *frame) (any, error) {
	if e.plain {
		v := f.values[e.slot]
		if bad, is := v.(failed); is {
			return nil, bad.err
		}
		for _, name := range e.path {
			v = selectMember(v, name)
		}
		if v == nil {
			return absent, nil
		}
		return v, nil
	}
	if e.direct {
		if v, ok := e.quickly(f); ok {
			return v, nil
		}
	}
	prog := e.prog.compiled()
	if prog == nil {
		return nil, fmt.Errorf("%s: %w", e.place, e.prog.error())
	}
	if !e.direct {
		if v, ok := e.quickly(f); ok {
			return v, nil
		}
	}
	v, _, err := prog.Eval(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %q: %w", e.place, e.source, err)
	}
	return v, nil
}

// holds evaluates a condition. Anything but true and false is an error.
func (e *expression) holds(f *frame) (bool, error) {
	v, err := e.eval(f)
	if err != nil {
		return false, err
	}
	switch v := adapt(v).(type) {
	case types.Bool:
		return bool(v), nil
	case ref.Val:
		return false, fmt.Errorf("%s: %q is a condition and gave a %s, not true or false", e.place, e.source, v.Type().TypeName())
	}
	return false, nil
}

func selectMember(v any, name string) any {
	if finder, ok := v.(interface{ FindStringKey(string) (any, bool) }); ok {
		if found, known := finder.FindStringKey(name); known {
			return found
		}
	}
	return absent
}

// splitPath reads a plain path: a name, then .name and ['name'] any number of
// times. Anything else is left to CEL.
func splitPath(s string) ([]string, bool) {
	var names []string
	i := 0
	word := func() bool {
		start := i
		for i < len(s) && (s[i] == '_' || 'a' <= s[i] && s[i] <= 'z' || 'A' <= s[i] && s[i] <= 'Z' || i > start && '0' <= s[i] && s[i] <= '9') {
			i++
		}
		names = append(names, s[start:i])
		return i > start
	}
	if !word() {
		return nil, false
	}
	switch names[0] {
	case "true", "false", "null":
		return nil, false
	}
	for i < len(s) {
		switch s[i] {
		case '.':
			i++
			if !word() {
				return nil, false
			}
		case '[':
			if i+1 >= len(s) || s[i+1] != '\'' && s[i+1] != '"' {
				return nil, false
			}
			quote := s[i+1]
			end := strings.IndexByte(s[i+2:], quote)
			if end < 0 || strings.IndexByte(s[i+2:i+2+end], '\\') >= 0 {
				return nil, false
			}
			names = append(names, s[i+2:i+2+end])
			i += 3 + end
			if i >= len(s) || s[i] != ']' {
				return nil, false
			}
			i++
		default:
			return nil, false
		}
	}
	return names, true
}
