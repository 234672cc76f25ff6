package reports

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Merge makes one report of the reports of shards: the same suite version, contract
// digest and target, and no scenario twice. The order of the arguments does not
// count; what one shard covered is covered. fold recomputes profiles and
// verdict of the merged report in place, by the rule of the run; it must not be nil.
// All that does not fit is reported together.
func Merge(fold func(*Report), parts ...*Report) (*Report, error) {
	if len(parts) == 0 {
		return nil, errors.New("nothing to merge: name at least one report")
	}
	if err := mergeable(parts); err != nil {
		return nil, err
	}
	first := parts[0]
	m := &Report{Schema: SchemaVersion, Suite: first.Suite, Target: first.Target, Started: first.Started}
	m.Suite.Shard = ""
	var end time.Time
	seen := map[string]bool{}
	merger := newCoverageMerger()
	for _, p := range parts {
		if p.Started.Before(m.Started) {
			m.Started = p.Started
		}
		if e := p.Started.Add(milliseconds(p.DurationMs)); e.After(end) {
			end = e
		}
		m.Scenarios = append(m.Scenarios, p.Scenarios...)
		for _, d := range p.Deviations {
			if !seen[d.ID] {
				seen[d.ID] = true
				m.Deviations = append(m.Deviations, d)
			}
		}
		for _, f := range p.Suite.Filters {
			if !slices.Contains(m.Suite.Filters, f) {
				m.Suite.Filters = append(m.Suite.Filters, f)
			}
		}
		for _, w := range p.StaleWaivers {
			if !slices.Contains(m.StaleWaivers, w) {
				m.StaleWaivers = append(m.StaleWaivers, w)
			}
		}
		merger.add(p.Coverage)
		m.Profiles = mergeProfiles(m.Profiles, p.Profiles)
	}
	m.DurationMs = end.Sub(m.Started).Milliseconds()
	m.Coverage = merger.sorted()
	if whole(parts) {
		// All shards together leave nothing out.
		m.Suite.Filters = slices.DeleteFunc(m.Suite.Filters, func(f string) bool { return strings.HasPrefix(f, "--shard ") })
	}
	Order(m)
	m.whyNotReached()
	if !whole(parts) {
		m.Suite.LeftOut = 0 // what one run left out another may have run
	}
	fold(m)
	m.waivers(parts)
	return m, nil
}

// whyNotReached gives each requirement that no part reached the reason of its first
// scenario, as one run does.
func (r *Report) whyNotReached() {
	for i := range r.Coverage.Requirements {
		q := &r.Coverage.Requirements[i]
		at := slices.IndexFunc(r.Scenarios, func(s Scenario) bool { return slices.Contains(s.Requirements, q.ID) })
		if q.Status == "not-reached" && at >= 0 {
			q.WhyNot = r.Scenarios[at].Why
		}
	}
}

// waivers tells of those that fit nothing in any part.
func (r *Report) waivers(parts []*Report) {
	for _, w := range parts[0].UnusedWaivers {
		if slices.ContainsFunc(parts, func(p *Report) bool { return !slices.Contains(p.UnusedWaivers, w) }) {
			continue
		}
		r.Why = append(r.Why, fmt.Sprintf("the waiver of %s fits no deviation of this run: take it out", w))
		if len(r.Suite.Filters) == 0 {
			r.StaleWaivers = append(r.StaleWaivers, w)
		} else {
			r.UnusedWaivers = append(r.UnusedWaivers, w)
		}
	}
}

// whole reports whether the parts are all shards of one plan: 1/3, 2/3 and 3/3.
func whole(parts []*Report) bool {
	seen := map[string]bool{}
	count := ""
	for _, p := range parts {
		_, n, ok := strings.Cut(p.Suite.Shard, "/")
		if !ok || count != "" && n != count {
			return false
		}
		count = n
		seen[p.Suite.Shard] = true
	}
	return strconv.Itoa(len(seen)) == count
}

// Order puts the scenarios of a report, and their deviations, into the one order that
// one run and merged shards share: those of files by file and line, then generated
// ones by id. What happened in a scenario keeps its order.
func Order(r *Report) {
	slices.SortStableFunc(r.Scenarios, byPlace)
	at := map[string]int{}
	for i, s := range r.Scenarios {
		at[s.ID] = i
	}
	slices.SortStableFunc(r.Deviations, func(a, b Deviation) int { return cmp.Compare(at[a.Scenario], at[b.Scenario]) })
}

func byPlace(a, b Scenario) int {
	fileA, lineA := fileLine(a)
	fileB, lineB := fileLine(b)
	return cmp.Or(cmp.Compare(a.Origin, b.Origin), cmp.Compare(fileA, fileB), cmp.Compare(lineA, lineB), cmp.Compare(a.ID, b.ID))
}

func fileLine(s Scenario) (file string, line int) {
	if m := sourceLine.FindStringSubmatch(s.Source); m != nil && s.Origin == "file" {
		line, _ = strconv.Atoi(m[2])
		return m[1], line
	}
	return "", 0
}

func mergeable(parts []*Report) error {
	var problems []error
	first := parts[0]
	scenarios := map[string]int{}
	for i, p := range parts {
		n := i + 1
		if p.Suite.Contract != first.Suite.Contract || p.Suite.ContractDigest != first.Suite.ContractDigest {
			problems = append(problems, fmt.Errorf("report %d is of contract %s %s, report 1 of %s %s: shards must judge by the same contract",
				n, p.Suite.Contract, p.Suite.ContractDigest, first.Suite.Contract, first.Suite.ContractDigest))
		}
		if p.Suite.Version != first.Suite.Version {
			problems = append(problems, fmt.Errorf("report %d was made by version %q, report 1 by %q: use one version for all shards", n, p.Suite.Version, first.Suite.Version))
		}
		if p.Suite.FailOn != first.Suite.FailOn || !slices.Equal(p.Suite.MinCoverage, first.Suite.MinCoverage) {
			problems = append(problems, fmt.Errorf("report %d was made with other demands (--fail-on, --min-coverage) than report 1: give all shards the same", n))
		}
		if p.Target.URL != first.Target.URL || p.Target.Implementation != first.Target.Implementation {
			problems = append(problems, fmt.Errorf("report %d is about %s, report 1 about %s: shards must judge one target", n, p.Target.URL, first.Target.URL))
		}
	}
	if shards := shardProblems(parts); shards != nil {
		return errors.Join(append(problems, shards...)...)
	}
	twice := map[[2]int][]string{}
	for i, p := range parts {
		for _, sc := range p.Scenarios {
			if before, known := scenarios[sc.ID]; known {
				pair := [2]int{before, i + 1}
				twice[pair] = append(twice[pair], sc.ID)
			}
			scenarios[sc.ID] = i + 1
		}
	}
	for _, pair := range slices.SortedFunc(maps.Keys(twice), func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }) {
		problems = append(problems, fmt.Errorf("reports %d and %d share %d scenarios, such as %s: each must have been run once", pair[0], pair[1], len(twice[pair]), twice[pair][0]))
	}
	return errors.Join(problems...)
}

// shardProblems tells what keeps shards from being one run: one twice, one missing,
// some of another division. A pipeline that lost a shard must not be green.
func shardProblems(parts []*Report) []error {
	var problems []error
	count, first := "", 0
	seen := map[string]int{}
	for i, p := range parts {
		shard := p.Suite.Shard
		if shard == "" {
			continue
		}
		_, n, _ := strings.Cut(shard, "/")
		switch before := seen[shard]; {
		case count == "":
			count, first = n, i+1
		case n != count:
			problems = append(problems, fmt.Errorf("report %d is shard %s and report %d is shard %s: all must be of one division", i+1, shard, first, parts[first-1].Suite.Shard))
		case before > 0:
			problems = append(problems, fmt.Errorf("reports %d and %d are both shard %s: give each shard once", before, i+1, shard))
		}
		seen[shard] = i + 1
	}
	total, err := strconv.Atoi(count)
	if problems != nil || count == "" || err != nil {
		return problems
	}
	var missing []string
	for i := range total {
		if shard := fmt.Sprintf("%d/%d", i+1, total); seen[shard] == 0 && len(missing) < 20 {
			missing = append(missing, shard)
		}
	}
	if missing != nil {
		problems = append(problems, fmt.Errorf("shards are missing: %s: without them nobody knows whether the run is fine", strings.Join(missing, ", ")))
	}
	for i, p := range parts {
		if p.Suite.Shard == "" {
			problems = append(problems, fmt.Errorf("report %d is no shard, and report %d is shard %s: merge the shards of one run", i+1, first, parts[first-1].Suite.Shard))
		}
	}
	return problems
}

func mergeProfiles(into, more []ProfileResult) []ProfileResult {
	for _, p := range more {
		at := slices.IndexFunc(into, func(have ProfileResult) bool { return have.Name == p.Name })
		if at < 0 {
			into = append(into, p)
			continue
		}
		have := &into[at]
		have.Passed += p.Passed
		have.Failed += p.Failed
		have.Warned += p.Warned
		have.Error += p.Error
		have.NotSupported += p.NotSupported
		have.NotReached += p.NotReached
		have.Waived += p.Waived
	}
	return into
}

// coverageMerger joins coverage by key, in the order in which keys first come up.
type coverageMerger struct {
	coverage     Coverage
	operations   map[string]int
	outcomes     map[[3]string]int
	fields       map[[3]string]int
	requirements map[string]int
}

func newCoverageMerger() *coverageMerger {
	return &coverageMerger{operations: map[string]int{}, outcomes: map[[3]string]int{}, fields: map[[3]string]int{}, requirements: map[string]int{}}
}

func (m *coverageMerger) add(c Coverage) {
	for _, o := range c.Operations {
		have := place(&m.coverage.Operations, m.operations, o.Operation, o)
		have.Exercised = have.Exercised || o.Exercised
	}
	for _, o := range c.Outcomes {
		have := place(&m.coverage.Outcomes, m.outcomes, [3]string{o.Operation, o.Layer, o.Code}, o)
		have.Attempted = have.Attempted || o.Attempted
		have.Observed = have.Observed || o.Observed
		switch {
		case have.Observed:
			have.WhyNot = ""
		case o.Attempted, len(have.Scenarios) == 0 && len(o.Scenarios) > 0:
			// A scenario that asks for it knows more than a shard without one.
			have.WhyNot = o.WhyNot
		}
		have.Scenarios = slices.Clone(have.Scenarios)
		for _, s := range o.Scenarios {
			if !slices.Contains(have.Scenarios, s) {
				have.Scenarios = append(have.Scenarios, s)
			}
		}
		slices.Sort(have.Scenarios)
	}
	for _, f := range c.Fields {
		have := place(&m.coverage.Fields, m.fields, [3]string{f.Operation, f.Direction, f.Path}, f)
		have.Seen = have.Seen || f.Seen
	}
	for _, q := range c.Requirements {
		have := place(&m.coverage.Requirements, m.requirements, q.ID, q)
		if requirementWeight(q.Status) > requirementWeight(have.Status) {
			*have = q
		}
	}
}

// maxNamed is the most scenarios that are named for one outcome.
const maxNamed = 20

// sorted gives the coverage in the order of one run: by operation, then fields by
// direction and path.
func (m *coverageMerger) sorted() Coverage {
	c := m.coverage
	byOperation := func(a, b string) int { return cmp.Compare(m.operations[a], m.operations[b]) }
	slices.SortStableFunc(c.Outcomes, func(a, b OutcomeCoverage) int { return byOperation(a.Operation, b.Operation) })
	slices.SortStableFunc(c.Fields, func(a, b FieldCoverage) int {
		return cmp.Or(byOperation(a.Operation, b.Operation), cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Path, b.Path))
	})
	for i := range c.Outcomes {
		c.Outcomes[i].Scenarios = c.Outcomes[i].Scenarios[:min(len(c.Outcomes[i].Scenarios), maxNamed)]
	}
	return c
}

// requirementWeight ranks what shards say: one violation decides, and one shard that
// tested outweighs those that did not.
func requirementWeight(status string) int {
	return slices.Index([]string{"not-tested", "not-reached", "held", "violated"}, status)
}

func place[K comparable, V any](list *[]V, index map[K]int, key K, value V) *V {
	at, known := index[key]
	if !known {
		at = len(*list)
		index[key] = at
		*list = append(*list, value)
	}
	return &(*list)[at]
}

func milliseconds(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }
