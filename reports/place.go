package reports

import (
	"regexp"
	"strconv"
	"strings"
)

// sourceLine is a line of a file, as a scenario or an operation names it.
var sourceLine = regexp.MustCompile(`^([^#?:][^#?:]*\.[A-Za-z0-9]+):([0-9]{1,9})(?::[0-9]+)?$`)

// builtIn begins the source of a scenario that is part of the program.
const builtIn = "built-in/"

// places finds the line of a file that a deviation belongs to: that of its scenario,
// else that of its operation in the contract. file is "" where neither is a file
// that a reader has, as with built-in contracts. A deviation that a line of its scenario
// expects is at that line.
func places(r *Report) func(Deviation) (file string, line int) {
	scenarios, operations := map[string]string{}, map[string]string{}
	for _, sc := range r.Scenarios {
		scenarios[sc.ID] = sc.Source
	}
	for _, o := range r.Coverage.Operations {
		operations[o.Operation] = o.Source
	}
	return func(d Deviation) (string, int) {
		for i, source := range []string{scenarios[d.Scenario], operations[d.Operation]} {
			if m := sourceLine.FindStringSubmatch(source); m != nil && !strings.HasPrefix(source, builtIn) {
				line, _ := strconv.Atoi(m[2])
				if i == 0 && d.Line > 0 {
					line = d.Line
				}
				return m[1], max(line, 1)
			}
		}
		return "", 0
	}
}
