package specs

import (
	"fmt"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// Problem is one thing that is wrong with a file of a contract: File, Line, Col,
// What and Hint.
type Problem = yamlfile.Problem

// LoadError holds everything that keeps a contract from being opened.
type LoadError struct {
	Contract string // as it was asked for
	Problems []Problem
}

// Error gives one line per problem: "errors.yaml:12:5: unknown key …".
func (e *LoadError) Error() string {
	var b strings.Builder
	if len(e.Problems) == 1 {
		fmt.Fprintf(&b, "contract %s cannot be opened: %s", e.Contract, e.Problems[0])
		return b.String()
	}
	fmt.Fprintf(&b, "contract %s cannot be opened, %d problems:", e.Contract, len(e.Problems))
	for _, p := range e.Problems {
		b.WriteString("\n  " + p.String())
	}
	return b.String()
}

// problems collects the findings of one loading.
type problems struct{ all []Problem }

func (ps *problems) add(file string, line, col int, hint, format string, args ...any) {
	ps.all = append(ps.all, Problem{File: file, Line: line, Col: col, What: fmt.Sprintf(format, args...), Hint: hint})
}

// at adds a finding about a node of the OpenAPI document.
func (ps *problems) at(d *document, n *payload.Node, hint, format string, args ...any) {
	file, line, col := d.place(n)
	ps.add(file, line, col, hint, format, args...)
}
