package traffic

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// The profile and the scenario under which traffic is fingerprinted. A finding has
// one id however often and wherever in the traffic it turns up, so that waivers and
// baselines hold for the next recording too.
const profile = "traffic"

// What a report holds at most. What comes later still counts for coverage and for
// deviations that are new.
const (
	maxScenarios = 5000
	maxBytes     = 128 << 20
	maxUnmatched = 200
)

// Collector gathers judged exchanges into a report. One goroutine at a time.
type Collector struct {
	contract *specs.Contract
	secrets  *Secrets

	results    []*engine.Result
	deviations map[string]*Seen // by id
	order      []string
	bytes      int
	over       *engine.Result // coverage of what is no longer listed
	overCount  int

	unmatched      map[string]int
	unmatchedCount int
}

// Seen is a deviation and how often it was met.
type Seen struct {
	reports.Deviation
	Times int
}

// NewCollector makes an empty collector.
func NewCollector(c *specs.Contract) *Collector {
	return &Collector{contract: c, secrets: NewSecrets(c), deviations: map[string]*Seen{}, unmatched: map[string]int{}}
}

// Unmatched notes an exchange that calls no operation of the contract.
func (c *Collector) Unmatched(x *Exchange, m Matched) {
	what := x.Method + " " + c.secrets.Learn(x, nil).Text(x.URL.Path)
	if len(m.Allow) > 0 {
		what += " (the contract has " + strings.Join(m.Allow, ", ") + " there)"
	}
	c.unmatchedCount++
	if _, known := c.unmatched[what]; known || len(c.unmatched) < maxUnmatched {
		c.unmatched[what]++
	}
}

// UnmatchedList gives "GET /path" of what matched no operation, sorted, with a
// number behind what came several times.
func (c *Collector) UnmatchedList() []string {
	var all []string
	for what, n := range c.unmatched {
		if n > 1 {
			what += fmt.Sprintf(" (%d times)", n)
		}
		all = append(all, what)
	}
	slices.Sort(all)
	return all
}

// Matched counts the exchanges that called an operation.
func (c *Collector) Matched() int { return len(c.results) + c.overCount }

// Add takes an exchange in. It gives the deviations of this exchange, masked; those
// with Times 1 are new.
func (c *Collector) Add(j *Judged) []Seen {
	x := j.Exchange
	masker := c.secrets.Learn(x, j.Request.Tree)
	op := j.Matched.Operation
	id := fmt.Sprintf("traffic.%06d.%s", x.Number, slug(op.ID))
	sc := reports.Scenario{ID: id, Title: x.Method + " " + masker.Text(x.URL.Path), Origin: "file", Profile: profile, Requirements: []string{},
		Source: x.Source, DurationMs: x.Took.Milliseconds()}
	kept := exchange(x, masker)
	var all []Seen
	for _, side := range []string{SideRequest, SideResponse} {
		step := reports.Step{ID: side, Operation: op.ID, Status: reports.Passed, Deviations: []string{}}
		for _, f := range j.Findings(side) {
			d := c.deviation(id, side, op, f, masker)
			if slices.Contains(step.Deviations, d.ID) {
				continue
			}
			step.Deviations = append(step.Deviations, d.ID)
			switch {
			case d.Severity == reports.SeverityError:
				step.Status = reports.Failed
			case d.Severity == reports.SeverityWarning && step.Status == reports.Passed:
				step.Status = reports.Warned
			}
			all = append(all, c.note(d))
		}
		if why := j.unjudged(side); why != "" && step.Status != reports.Failed {
			step.Status, step.Why = reports.NotReached, why
		}
		if side == SideResponse {
			step.DurationMs = x.Took.Milliseconds()
			if j.Response == nil {
				step.Status, step.Why = reports.NotReached, "there is no response: "+masker.Text(orUnknown(x.Failure))
			}
		}
		if side == SideResponse || len(step.Deviations) > 0 {
			step.Exchange = kept
		}
		sc.Steps = append(sc.Steps, step)
	}
	sc.Status, sc.Why = verdict.Scenario(sc.Steps)
	c.keep(sc, j.fact(), len(kept.Request.Body)+len(kept.Response.Body), slices.ContainsFunc(all, func(s Seen) bool { return s.Times == 1 }))
	return all
}

func (c *Collector) deviation(scenario, side string, op *specs.Operation, f judge.Finding, m *mask.Masker) reports.Deviation {
	d := reports.Deviation{Scenario: scenario, Step: side, Operation: op.ID, In: f.In, Path: f.Path, Kind: f.Kind,
		Expected: m.Text(f.Expected), Actual: m.Text(f.Actual), Severity: f.Severity, Source: f.Source}
	if d.Source == "" {
		d.Source = side + " of " + op.ID
	}
	d.ID = verdict.Fingerprint(verdict.Finding{Contract: c.contract.Name, Operation: op.ID, Scenario: profile, Step: side, In: f.In, Path: f.Path, Kind: f.Kind})
	return d
}

// note counts a deviation; the worst severity of one id stands.
func (c *Collector) note(d reports.Deviation) Seen {
	have := c.deviations[d.ID]
	if have == nil {
		have = &Seen{Deviation: d}
		c.deviations[d.ID] = have
		c.order = append(c.order, d.ID)
	}
	have.Times++
	if weight(d.Severity) > weight(have.Severity) {
		have.Deviation = d
	}
	return Seen{Deviation: d, Times: have.Times}
}

func weight(s reports.Severity) int {
	return slices.Index([]reports.Severity{reports.SeverityInfo, reports.SeverityWarning, reports.SeverityError}, s)
}

// keep lists an exchange, or only counts it when the report is full and it brings
// no new deviation.
func (c *Collector) keep(sc reports.Scenario, f engine.Fact, size int, fresh bool) {
	if len(c.results) >= maxScenarios && !fresh {
		c.overCount++
		c.merge(f)
		return
	}
	if c.bytes += size; c.bytes > maxBytes && !fresh {
		for i := range sc.Steps {
			cut(&sc.Steps[i].Exchange)
		}
	}
	c.results = append(c.results, &engine.Result{Scenario: sc, Facts: []engine.Fact{f}})
}

func cut(x *reports.Exchange) {
	x.Request.BodyCut += len(x.Request.Body)
	x.Response.BodyCut += len(x.Response.Body)
	x.Request.Body, x.Response.Body = "", ""
}

// merge keeps what an unlisted exchange covers, once for each operation and status.
func (c *Collector) merge(f engine.Fact) {
	if c.over == nil {
		c.over = &engine.Result{Scenario: reports.Scenario{ID: "traffic.unlisted", Steps: []reports.Step{}}}
	}
	for i := range c.over.Facts {
		have := &c.over.Facts[i]
		if have.Operation != f.Operation || have.Status != f.Status {
			continue
		}
		have.Requested, have.Received, have.Expected = union(have.Requested, f.Requested), union(have.Received, f.Received), union(have.Expected, f.Expected)
		for _, o := range f.Observed {
			if !slices.ContainsFunc(have.Observed, func(h judge.Observed) bool { return h.Ref == o.Ref }) {
				have.Observed = append(have.Observed, o)
			}
		}
		return
	}
	c.over.Facts = append(c.over.Facts, f)
}

func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

func exchange(x *Exchange, m *mask.Masker) reports.Exchange {
	var out reports.Exchange
	out.Request.Method, out.Request.URL, out.Request.Headers = x.Method, m.URL(x.URL), m.Header(x.Request.Header)
	out.Request.Body, out.Request.BodyCut = m.Body(x.Request.Body)
	out.Response.Status, out.Response.Headers = x.Status, m.Header(x.Response.Header)
	out.Response.Body, out.Response.BodyCut = m.Body(x.Response.Body)
	if x.Failure != "" || x.Status == 0 {
		out.Response.Error = m.Text(orUnknown(x.Failure))
	}
	return out
}

func orUnknown(s string) string {
	if s == "" {
		return "not recorded"
	}
	return s
}

// slug makes an operation id fit for a scenario id.
func slug(id string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_':
			return r
		}
		return '-'
	}, id), "-")
}

// Head is what a report says of itself.
type Head struct {
	Version string // of the suite
	Target  string // where the traffic was, for people
	Started time.Time
	Took    time.Duration
}
