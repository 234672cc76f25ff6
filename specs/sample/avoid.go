package sample

import (
	"sort"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// avoidance is what earlier attempts taught.
type avoidance struct {
	// examples are the places where no example is taken any more, members those
	// that are better left out.
	examples map[string]bool
	members  map[string]bool
	// wrong counts the complaints about a place.
	wrong map[string]int
	// turns say which of several branches to take.
	turns map[choice]int
}

// choice is a oneOf, an anyOf or an if, met at a place of the value.
type choice struct {
	path string
	of   *payload.Node
}

// learn looks at what was wrong. Where an example was given, it is no longer
// taken; else another branch is chosen or, when the place was wrong before, the
// member is left out.
func (a *avoidance) learn(wrong []string, m *maker) {
	for _, path := range wrong {
		a.wrong[path]++
		given := false
		for at := range upwards(path) {
			if m.given[at] {
				given = true
			}
			a.examples[at] = true
		}
		if given {
			continue
		}
		a.turn(path, m)
		if a.wrong[path] < 2 {
			continue
		}
		for at := range upwards(path) {
			if m.optional[at] {
				a.members[at] = true
				break
			}
		}
	}
}

// turn takes the next branch at or above a place: of the deepest choice first,
// and each time that one has been round, of the one above it too.
func (a *avoidance) turn(path string, m *maker) {
	var over []choice
	for c := range m.chosen {
		if c.path == path || strings.HasPrefix(path, c.path+"/") {
			over = append(over, c)
		}
	}
	sort.Slice(over, func(i, j int) bool {
		if len(over[i].path) != len(over[j].path) {
			return len(over[i].path) > len(over[j].path)
		}
		return m.chosen[over[i]].number > m.chosen[over[j]].number
	})
	for _, c := range over {
		a.turns[c]++
		if a.turns[c]%max(m.chosen[c].of, 1) != 0 {
			return
		}
	}
}

// upwards gives a place and those around it, the whole value last.
func upwards(path string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for {
			if !yield(path) {
				return
			}
			cut := strings.LastIndexByte(path, '/')
			if cut < 0 {
				return
			}
			path = path[:cut]
		}
	}
}
