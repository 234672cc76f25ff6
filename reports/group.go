package reports

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Group holds the deviations that have one cause: the same operation, place, path
// (without indexes) and kind. Fifty tests that find one wrong field are one group.
// A status says less than a field: there the status that was answered and the weight
// count too, so that a valid request that is refused is not in one group with an
// invalid one that is accepted.
type Group struct {
	Operation string
	In        string
	Path      string // with * for indexes
	Kind      string
	// Answered is the status of an answer that should have had another one.
	Answered string
	// Severity is the worst of the group, Waived is true when all are waived.
	Severity Severity
	Waived   bool
	// Deviations has at least one, the gravest first, else in the order of the report.
	Deviations []Deviation
}

// Expected gives what was expected where all agree, else what the first one says.
func (g Group) Expected() string { return g.Deviations[0].Expected }

// Actual gives what was found, by the first one.
func (g Group) Actual() string { return g.Deviations[0].Actual }

// Variants counts the different pairs of expected and actual.
func (g Group) Variants() int {
	seen := map[[2]string]bool{}
	for _, d := range g.Deviations {
		seen[[2]string{d.Expected, d.Actual}] = true
	}
	return len(seen)
}

// Requirements lists the requirements that the group violates, sorted.
func (g Group) Requirements() []string {
	var ids []string
	for _, d := range g.Deviations {
		if d.Requirement != "" {
			ids = append(ids, d.Requirement)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Scenarios counts the scenarios that the group shows in.
func (g Group) Scenarios() int {
	seen := map[string]bool{}
	for _, d := range g.Deviations {
		seen[d.Scenario] = true
	}
	return len(seen)
}

// Where says the place in one phrase: "body /route/events/*/type", "status 201".
func (g Group) Where() string { return strings.TrimSpace(where(g.In, g.Path) + " " + g.Answered) }

func where(in, path string) string {
	return strings.TrimSpace(in + " " + path)
}

// Groups gathers deviations by cause, the gravest and most frequent first.
func Groups(deviations []Deviation) []Group {
	index := map[[6]string]int{}
	var groups []Group
	for _, d := range deviations {
		path := withoutIndexes(d.Path)
		key := [6]string{d.Operation, d.In, path, d.Kind}
		if d.In == "status" {
			key[4] = string(d.Severity)
			key[5] = answered(d)
		}
		at, known := index[key]
		if !known {
			at = len(groups)
			index[key] = at
			groups = append(groups, Group{Operation: d.Operation, In: d.In, Path: path, Kind: d.Kind, Answered: key[5], Severity: d.Severity, Waived: true})
		}
		g := &groups[at]
		g.Deviations = append(g.Deviations, d)
		if weight(d.Severity) > weight(g.Severity) {
			g.Severity = d.Severity
		}
		g.Waived = g.Waived && d.Waived != nil
	}
	for _, g := range groups {
		slices.SortStableFunc(g.Deviations, func(a, b Deviation) int { return cmp.Compare(weight(b.Severity), weight(a.Severity)) })
	}
	slices.SortStableFunc(groups, func(a, b Group) int {
		if a.Waived != b.Waived {
			if a.Waived {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(weight(b.Severity), weight(a.Severity)), cmp.Compare(len(b.Deviations), len(a.Deviations)),
			cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.In, b.In), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Kind, b.Kind))
	})
	return groups
}

// answered is the status code that a deviation found.
func answered(d Deviation) string {
	code, _, _ := strings.Cut(d.Actual, " ")
	if len(code) != 3 || strings.Trim(code, "0123456789") != "" {
		return ""
	}
	return code
}

func weight(s Severity) int {
	switch s {
	case SeverityError:
		return 3
	case SeverityWarning:
		return 2
	case SeverityInfo:
		return 1
	}
	return 0
}

func withoutIndexes(path string) string {
	if !strings.ContainsAny(path, "0123456789") {
		return path
	}
	path = regexp.MustCompile(`\[\d+\]`).ReplaceAllString(path, "[*]")
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if s != "" && strings.Trim(s, "0123456789") == "" {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, "/")
}
