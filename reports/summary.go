package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Share is a part of a whole.
type Share struct{ Part, Whole int }

// Percent of the whole, rounded down, so that 100 means all; 0 of nothing is 0.
func (s Share) Percent() int {
	if s.Whole == 0 {
		return 0
	}
	return s.Part * 100 / s.Whole
}

func (s Share) String() string { return fmt.Sprintf("%d of %d", s.Part, s.Whole) }

// Summary is what every format says first.
type Summary struct {
	Counts map[Status]int // of scenarios
	Total  int
	Steps  int
	// Operations that were called; documented outcomes that were seen; fields of
	// responses that were seen; requirements that were tested.
	Operations, Outcomes, Fields, Requirements Share
	Errors, Warnings, Waived                   int // deviations
}

// Summarize counts a report.
func Summarize(r *Report) Summary {
	s := Summary{Counts: map[Status]int{}, Total: len(r.Scenarios)}
	for _, sc := range r.Scenarios {
		s.Counts[sc.Status]++
		s.Steps += len(sc.Steps)
	}
	for _, d := range r.Deviations {
		switch {
		case d.Waived != nil:
			s.Waived++
		case d.Severity == SeverityError:
			s.Errors++
		case d.Severity == SeverityWarning:
			s.Warnings++
		}
	}
	for _, o := range r.Coverage.Operations {
		s.Operations = s.Operations.add(o.Exercised)
	}
	for _, o := range r.Coverage.Outcomes {
		if o.Documented {
			s.Outcomes = s.Outcomes.add(o.Observed)
		}
	}
	for _, f := range r.Coverage.Fields {
		s.Fields = s.Fields.add(f.Seen)
	}
	for _, q := range r.Coverage.Requirements {
		s.Requirements = s.Requirements.add(q.Status == "held" || q.Status == "violated")
	}
	return s
}

func (s Share) add(part bool) Share {
	s.Whole++
	if part {
		s.Part++
	}
	return s
}

// line writes the counts that are not zero: "41 passed · 2 failed".
func (s Summary) line() string {
	var parts []string
	for _, status := range Statuses() {
		if n := s.Counts[status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words(status)))
		}
	}
	if len(parts) == 0 {
		return "no scenario was run"
	}
	return strings.Join(parts, " · ")
}

func words(s Status) string { return strings.ReplaceAll(string(s), "-", " ") }

// title of the contract with its version: "Parcel Orders API 1".
func (s Suite) title() string {
	name := s.ContractTitle
	if name == "" {
		name = s.Contract
	}
	return strings.TrimSpace(name + " " + s.ContractVersion)
}

// words says who was judged: "Acme TMS 4.2", or "" when nobody said so.
func (i Implementation) words() string {
	return strings.Join(strings.Fields(strings.Join([]string{i.Vendor, i.Product, i.Version}, " ")), " ")
}

// meaning says what a verdict is, in a sentence.
func (v Verdict) meaning() string {
	switch v {
	case Conformant:
		return "Everything that counts was run and held."
	case NonConformant:
		return "The implementation differs from the contract."
	case Partial:
		return "What was run held, and part of what counts was not run."
	case Inconclusive:
		return "Nothing can be said: what counts could not be run."
	}
	return ""
}

// next says what to do with the verdict. contract is how the contract is named on a
// command line; "" is its name.
func next(r *Report, contract string) []string {
	var steps []string
	name := r.Suite.Contract
	if contract != "" {
		name = word(contract)
	}
	for _, g := range Groups(r.Deviations) {
		if !g.Waived && g.Deviations[0].Scenario != "" {
			steps = append(steps, fmt.Sprintf("Look at one: roadworthy test %s --target %s --only %s --trace", name, word(r.Target.URL), word(g.Deviations[0].Scenario)))
			break
		}
	}
	switch r.Verdict {
	case NonConformant:
		steps = append(steps, "Accept a deviation for a time with a waivers file (--waivers), or fail on new ones only (--baseline report.json).")
	case Partial:
		if len(reasonsNotRun(r)) == 0 {
			if len(r.Suite.Filters) > 0 {
				steps = append(steps, "To judge all of it, run again without "+strings.Join(r.Suite.Filters, " and ")+".")
			}
			break
		}
		steps = append(steps, "See the reasons of not-reached scenarios; most want --provider-states, --fixtures or more identities in --auth.")
	case Inconclusive:
		if slices.Contains(r.Why, "the run was interrupted") {
			steps = append(steps, "Run it again, to the end.")
			break
		}
		if slices.Contains(r.Why, "the contract describes no operation") {
			steps = append(steps, "There is nothing to ask: name a document with paths. Webhooks are what the implementation sends.")
			break
		}
		if wantsStates(r) {
			steps = append(steps, "See the reasons of not-reached scenarios: look at --provider-states, or give --fixtures.")
			break
		}
		steps = append(steps, "Check the target's address and the credentials, then run again.")
	case Conformant:
		steps = append(steps, fmt.Sprintf("To publish it: roadworthy certify %s --target %s --implementation FILE", name, word(r.Target.URL)))
	}
	return steps
}

// wantsStates reports whether it was states alone that could not be had.
func wantsStates(r *Report) bool {
	all := reasonsNotRun(r)
	for _, one := range all {
		if !strings.Contains(one.text, "the state \"") {
			return false
		}
	}
	return len(all) > 0
}

func sortReasons(all []reason) {
	slices.SortStableFunc(all, func(a, b reason) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.text, b.text))
	})
}
