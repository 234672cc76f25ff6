package plan

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Where a case comes from.
const (
	File      = "file"
	Generated = "generated"
)

// Case is one scenario of a plan.
type Case struct {
	Scenario *scenarios.Scenario
	Origin   string
}

// Exclusion is a case that will not run, and why.
type Exclusion struct {
	ID     string
	Reason string
}

// Plan is what a run will do.
type Plan struct {
	Contract *specs.Contract
	Cases    []Case
	Excluded []Exclusion // sorted by id
	// Filters are the options that narrowed the plan, as a person wrote them.
	Filters []string
	// Narrowed counts what filters and shard took out, without the profile: an
	// implementation that claims one profile is not tested in part.
	Narrowed int
	// LeftOut is Narrowed without the shard: what no shard runs.
	LeftOut int
}

// Options narrow a plan. The zero value takes everything.
type Options struct {
	Profile    string
	Only       []string // globs over scenario ids; '*' fits any characters
	Exclude    []string
	Operations []string // globs over operation ids: every step must fit
	Generated  string   // on (default), off, only
	Shard      string   // "2/4": the second of four parts
}

// GeneratedModes lists what Options.Generated may say.
func GeneratedModes() []string { return []string{"on", "off", "only"} }

// Build makes the plan. The error names every option that cannot be followed.
func Build(c *specs.Contract, fromFiles, generated []*scenarios.Scenario, o Options) (*Plan, error) {
	var all []Case
	for _, s := range fromFiles {
		all = append(all, Case{Scenario: s, Origin: File})
	}
	for _, s := range generated {
		all = append(all, Case{Scenario: s, Origin: Generated})
	}
	b := &builder{plan: &Plan{Contract: c}, cases: all}
	b.unique()
	b.profile(o.Profile)
	b.generated(o.Generated)
	b.only(o.Only)
	b.exclude(o.Exclude)
	b.operations(o.Operations)
	b.shard(o.Shard)
	b.plan.Cases = b.cases
	slices.SortStableFunc(b.plan.Excluded, func(x, y Exclusion) int { return strings.Compare(x.ID, y.ID) })
	if len(b.problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(b.problems, "\n"))
	}
	return b.plan, nil
}

type builder struct {
	plan     *Plan
	cases    []Case
	problems []string
}

func (b *builder) fail(format string, args ...any) {
	b.problems = append(b.problems, fmt.Sprintf(format, args...))
}

// keep leaves the cases for which reason is "" and lists the others.
func (b *builder) keep(narrows bool, reason func(Case) string) {
	var kept []Case
	for _, c := range b.cases {
		if why := reason(c); why != "" {
			b.plan.Excluded = append(b.plan.Excluded, Exclusion{ID: c.Scenario.ID, Reason: why})
			if narrows {
				b.plan.Narrowed++
			}
			continue
		}
		kept = append(kept, c)
	}
	b.cases = kept
}

func (b *builder) unique() {
	seen := map[string]bool{}
	for _, c := range b.cases {
		if seen[c.Scenario.ID] {
			b.fail("the scenario id %s is used twice", c.Scenario.ID)
		}
		seen[c.Scenario.ID] = true
	}
}

func (b *builder) profile(name string) {
	if name == "" {
		return
	}
	var known []string
	for _, p := range b.plan.Contract.Profiles {
		known = append(known, p.Name)
	}
	for _, c := range b.cases {
		if !slices.Contains(known, c.Scenario.Profile) {
			known = append(known, c.Scenario.Profile)
		}
	}
	if !slices.Contains(known, name) {
		b.fail("profile %q is not one of the contract's: %s%s", name, strings.Join(known, ", "), nearest(name, known))
		return
	}
	b.keep(false, func(c Case) string {
		if c.Scenario.Profile == name {
			return ""
		}
		return fmt.Sprintf("it belongs to the profile %s, and %s was asked for", c.Scenario.Profile, name)
	})
}

func (b *builder) generated(mode string) {
	switch mode {
	case "", "on":
	case "off":
		b.filter("--generated off")
		b.keep(true, func(c Case) string {
			if c.Origin == Generated {
				return "generated cases are off"
			}
			return ""
		})
	case "only":
		b.filter("--generated only")
		b.keep(true, func(c Case) string {
			if c.Origin != Generated {
				return "only generated cases were asked for"
			}
			return ""
		})
	default:
		b.fail("generated: %q is none of %s", mode, strings.Join(GeneratedModes(), ", "))
	}
}

func (b *builder) filter(text string) { b.plan.Filters = append(b.plan.Filters, text) }

func (b *builder) ids() []string {
	var all []string
	for _, c := range b.cases {
		all = append(all, c.Scenario.ID)
	}
	for _, x := range b.plan.Excluded {
		all = append(all, x.ID)
	}
	return all
}

// patterns checks that every glob fits something.
func (b *builder) patterns(option string, globs, words []string) []pattern {
	var all []pattern
	for _, g := range globs {
		p := compile(g)
		if !slices.ContainsFunc(words, p.fits) {
			b.fail("%s %q fits nothing%s", option, g, hint(g, words))
		}
		b.filter(option + " " + g)
		all = append(all, p)
	}
	return all
}

func (b *builder) only(globs []string) {
	all := b.patterns("--only", globs, b.ids())
	if len(all) == 0 {
		return
	}
	b.keep(true, func(c Case) string {
		if fitsAny(all, c.Scenario.ID) {
			return ""
		}
		return "it fits no --only pattern"
	})
}

func (b *builder) exclude(globs []string) {
	all := b.patterns("--exclude", globs, b.ids())
	b.keep(true, func(c Case) string {
		for _, p := range all {
			if p.fits(c.Scenario.ID) {
				return "it fits --exclude " + p.text
			}
		}
		return ""
	})
}

// Declared gives the function that says why a scenario does not apply to an
// implementation with these operations; "" when it does. No globs means all.
func Declared(c *specs.Contract, globs []string) (why func(*scenarios.Scenario) string, err error) {
	b := &builder{plan: &Plan{Contract: c}}
	all := b.patterns("declared operation", globs, b.known())
	if len(b.problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(b.problems, "\n"))
	}
	return func(s *scenarios.Scenario) string {
		for _, op := range s.Operations() {
			if len(all) > 0 && !fitsAny(all, op) {
				return "it calls " + op + ", which the implementation does not declare"
			}
		}
		return ""
	}, nil
}

func (b *builder) known() []string {
	var known []string
	for _, op := range b.plan.Contract.Operations {
		known = append(known, op.ID)
	}
	return known
}

func (b *builder) operations(globs []string) {
	all := b.patterns("--operations", globs, b.known())
	if len(all) == 0 {
		return
	}
	b.keep(true, func(c Case) string {
		for _, op := range c.Scenario.Operations() {
			if !fitsAny(all, op) {
				return "it calls " + op + ", which fits no --operations pattern"
			}
		}
		return ""
	})
}

// shard takes one part of several. A scenario stays in its part when others come or
// go, so that parts can be compared over time.
func (b *builder) shard(text string) {
	b.plan.LeftOut = b.plan.Narrowed
	if text == "" {
		return
	}
	left, right, ok := strings.Cut(text, "/")
	i, errI := strconv.Atoi(left)
	n, errN := strconv.Atoi(right)
	if !ok || errI != nil || errN != nil || i < 1 || n < i {
		b.fail("shard %q: write I/N with I from 1 to N, such as 2/4", text)
		return
	}
	if n == 1 {
		return
	}
	b.filter("--shard " + text)
	b.keep(true, func(c Case) string {
		h := fnv.New32a()
		_, _ = h.Write([]byte(c.Scenario.ID))
		if own := int(h.Sum32()%uint32(n)) + 1; own != i {
			return fmt.Sprintf("it belongs to shard %d/%d", own, n)
		}
		return ""
	})
}
