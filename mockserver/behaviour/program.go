package behaviour

import (
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
)

// programs compiles expressions, each text once. The interpreter costs more to
// start than everything else together, so the built-in contracts, whose
// expressions are proved by tests, are compiled beside the first requests
// ([Behaviour.Warm]) and anybody's own contract before any.
type programs struct {
	env    func() (*cel.Env, error)
	atOnce bool // read an expression when it is added, at any time; see [programs.read]

	mu  sync.Mutex
	all map[string]*program
	// order is that of the files, for compiling ahead.
	order []*program
}

// program is one expression, compiled when it is first wanted.
type program struct {
	source string
	env    func() (*cel.Env, error)
	late   bool // nobody asks for the tree
	once   sync.Once

	prog cel.Program
	// tree is what is left of the source until everything is compiled, and users
	// are the expressions of that text: each has variables of its own.
	tree  ast.Expr
	users []*expression
	wrong []string // what is wrong with the expression
	// names of the variables that it uses and does not bind itself.
	names []string
	// gives is the type of its value, as far as it is known; nil when it is wrong.
	gives *cel.Type
}

func newPrograms(names []string) *programs {
	return &programs{all: map[string]*program{}, env: sync.OnceValues(func() (*cel.Env, error) { return newEnvironment(names) })}
}

// of gives the program of an expression. The same text has the same program
// everywhere in a contract, because the interpreter finds variables by name.
func (p *programs) of(e *expression) *program {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.all[e.source]
	if one == nil {
		one = &program{source: e.source, env: p.env, late: p.atOnce}
		p.all[e.source] = one
		if !p.atOnce {
			p.order = append(p.order, one)
		}
	}
	if p.atOnce {
		p.read(one, e)
		return one
	}
	if one.tree != nil {
		e.quick = e.scope.directly(one.tree)
	}
	one.users = append(one.users, e)
	return one
}

// read makes the function of an expression. The program for the interpreter, which
// is larger by far, is made when the function gives up, and of the same text once.
func (p *programs) read(one *program, e *expression) {
	e.direct = true
	env, err := p.env()
	if err != nil {
		return // the program says so, when it is compiled
	}
	if checked, issues := env.Compile(one.source); issues.Err() == nil {
		e.quick = e.scope.directly(checked.NativeRep().Expr())
	}
}

// Warm compiles what was not needed yet, until stop is closed; of operations that
// are compiled when they are asked for, what they share. But for those no
// expression may be added any more.
func (b *Behaviour) Warm(stop <-chan struct{}) {
	if b.late != nil {
		b.programs.env()
		return
	}
	b.programs.mu.Lock()
	order := b.programs.order
	b.programs.mu.Unlock()
	for _, p := range order {
		select {
		case <-stop:
			return
		default:
			p.compiled()
			p.tree, p.users = nil, nil
		}
	}
}

// compiled gives the program itself, nil when the expression is wrong.
func (p *program) compiled() cel.Program {
	p.once.Do(p.compile)
	return p.prog
}

func (p *program) compile() {
	env, err := p.env()
	if err != nil {
		p.wrong = []string{err.Error()}
		return
	}
	checked, issues := env.Compile(p.source)
	if issues.Err() != nil {
		for _, issue := range issues.Errors() {
			p.wrong = append(p.wrong, issue.Message)
		}
		return
	}
	p.names, p.gives = freeNames(checked), checked.OutputType()
	if !p.late {
		p.tree = checked.NativeRep().Expr()
	}
	for _, e := range p.users {
		e.quick = e.scope.directly(p.tree)
	}
	p.prog, err = env.Program(checked, cel.EvalOptions(cel.OptOptimize), cel.CustomDecoratorV2(replaceEquality))
	if err != nil {
		p.prog, p.wrong = nil, []string{err.Error()}
	}
}

// freeNames lists the variables that an expression uses and does not bind itself.
func freeNames(checked *cel.Ast) []string {
	bound := map[string]bool{callName: true}
	var used, free []string
	ast.PreOrderVisit(checked.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.IdentKind:
			used = append(used, e.AsIdent())
		case ast.ComprehensionKind:
			loop := e.AsComprehension()
			bound[loop.IterVar()], bound[loop.IterVar2()], bound[loop.AccuVar()] = true, true, true
		}
	}))
	for _, name := range used {
		if !bound[name] {
			free = append(free, name)
		}
	}
	return free
}

// error says what is wrong with the expression.
func (p *program) error() error {
	return fmt.Errorf("%q does not compile: %s", p.source, strings.Join(p.wrong, "; "))
}
