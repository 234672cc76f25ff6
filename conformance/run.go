package conformance

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/coverage"
	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/conformance/generate"
	"github.com/roadworthy-project/roadworthy/conformance/plan"
	"github.com/roadworthy-project/roadworthy/conformance/settings"
	"github.com/roadworthy-project/roadworthy/conformance/suite"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// Run tests an implementation and reports on it. The error is one of configuration:
// nothing was sent. Whatever happens afterwards is in the report, also when the
// target is down or the context ends: what was not run is not-reached.
func Run(ctx context.Context, c Config) (*reports.Report, error) {
	s, err := c.prepare()
	if err != nil {
		return nil, err
	}
	begun := s.now()
	report := s.report(begun)
	scope := verdict.Scope{Excluded: s.plan.Narrowed, Filters: s.plan.Filters}
	results := s.notReached("")
	var notes []string
	if len(s.jobs) > 0 {
		if scope.Unusable = s.runner.Preflight(ctx, s.operations()); scope.Unusable == "" {
			results, scope.Problems = s.run(ctx, suite.Options{Output: c.Output, Testing: c.Testing, Progress: c.Progress})
			scope.Unusable = s.runner.Unusable(results)
		}
		if scope.Unusable != "" {
			// Nothing that came back speaks of the implementation.
			results = s.notReached(scope.Unusable)
		}
	}
	engine.CollapseAbsent(c.Contract, results)
	scope.Problems = append(scope.Problems, engine.Lost(results)...)
	if note := engine.Patience(results); note != "" {
		notes = append(notes, note)
	}
	results = append(results, s.undeclared()...)
	fill(report, results)
	report.Coverage = coverage.Of(c.Contract, results)
	notes = append(notes, verdict.Waive(report, s.waivers, s.baseline, begun)...)
	if len(c.Contract.Operations) == 0 {
		scope.Problems = append(scope.Problems, "the contract describes no operation")
	}
	if ctx.Err() != nil {
		scope.Problems = append(scope.Problems, "the run was interrupted")
	}
	verdict.Apply(report, scope)
	report.Why = append(report.Why, notes...)
	report.DurationMs = s.now().Sub(begun).Milliseconds()
	return report, nil
}

var errNoContract = errors.New("no contract: name a built-in one, a folder or an OpenAPI document")

// session is a checked configuration.
type session struct {
	config   *Config
	plan     *plan.Plan
	jobs     []engine.Job
	undone   []undone
	runner   *engine.Runner
	waivers  []verdict.WaiverRule
	baseline *reports.Report
	seed     int64
	now      func() time.Time
}

func (c *Config) prepare() (*session, error) {
	if c.Contract == nil {
		return nil, errNoContract
	}
	s := &session{config: c, seed: c.Seed, now: c.Now}
	if s.now == nil {
		s.now = time.Now
	}
	if s.seed == 0 {
		var b [8]byte
		_, _ = rand.Read(b[:])
		s.seed = int64(binary.BigEndian.Uint64(b[:]) >> 11) // exact as a JSON number
	}
	var problems []error
	var err error
	keep := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	s.plan, err = c.Plan()
	keep(err)
	o := engine.Options{Target: c.Target, Identities: c.Identities, ProviderStates: c.ProviderStates, Parallel: c.Parallel, InOrder: c.Shuffle,
		Rate: c.rate(), Timeout: c.Timeout, Seed: s.seed, Version: c.Version, Transport: c.Transport, Headers: c.Headers, Now: s.now}
	if c.Auth != "" {
		lookup := c.LookupEnv
		if lookup == nil {
			lookup = os.LookupEnv
		}
		o.Identities, err = settings.Auth(c.Auth, lookup)
		keep(yamlfile.NamedBy("--auth", err))
	}
	if c.Fixtures != "" {
		o.Fixtures, err = settings.Fixtures(c.Fixtures)
		keep(yamlfile.NamedBy("--fixtures", err))
		if err == nil {
			keep(c.known(o.Fixtures))
		}
	}
	if c.Waivers != "" {
		s.waivers, err = settings.Waivers(c.Waivers)
		keep(yamlfile.NamedBy("--waivers", err))
	}
	if c.Baseline != "" {
		s.baseline, err = settings.Baseline(c.Baseline, c.Contract.Name)
		keep(yamlfile.NamedBy("--baseline", err))
	}
	s.runner, err = engine.New(c.Contract, o)
	keep(err)
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	declared, err := plan.Declared(c.Contract, c.Declared)
	if err != nil {
		return nil, err
	}
	for _, one := range s.plan.Cases {
		if why := declared(one.Scenario); why != "" {
			s.undone = append(s.undone, undone{engine.Job{Scenario: one.Scenario, Origin: one.Origin}, why})
			continue
		}
		s.jobs = append(s.jobs, engine.Job{Scenario: one.Scenario, Origin: one.Origin})
	}
	return s, nil
}

func (c *Config) cases() (list, generated []*scenarios.Scenario, err error) {
	if c.Contract == nil {
		return nil, nil, errNoContract
	}
	list = c.Scenarios
	if list == nil {
		if list, err = scenarios.For(c.Contract); err != nil {
			return nil, nil, err
		}
	}
	if c.Generated != "off" {
		generated = generate.Cases(c.Contract, list)
	}
	return list, generated, nil
}

func (s *session) report(begun time.Time) *reports.Report {
	c := s.config.Contract
	return &reports.Report{Schema: reports.SchemaVersion, Started: begun.UTC(),
		Suite: reports.Suite{Version: s.config.Version, Contract: c.Name, ContractTitle: c.Title, ContractVersion: c.Version, ContractDigest: c.Digest,
			Seed: s.seed, Shard: s.config.Shard, Filters: s.plan.Filters, LeftOut: s.plan.LeftOut, FailOn: s.config.FailOn, MinCoverage: s.config.MinCoverage},
		Target: reports.Target{URL: s.runner.Base(), Implementation: s.config.Implementation}}
}

// operations lists those that the plan calls.
func (s *session) operations() []string {
	var all []string
	for _, j := range s.jobs {
		all = append(all, j.Scenario.Operations()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (s *session) notReached(why string) []*engine.Result {
	var all []*engine.Result
	for _, j := range s.jobs {
		all = append(all, engine.NotReached(j, why))
	}
	return all
}

// fill puts the results into the report.
func fill(r *reports.Report, results []*engine.Result) {
	r.Scenarios, r.Deviations = []reports.Scenario{}, []reports.Deviation{}
	for _, res := range results {
		r.Scenarios = append(r.Scenarios, res.Scenario)
		r.Deviations = append(r.Deviations, res.Deviations...)
	}
	reports.Order(r)
}

// known checks that every fixture stands in for a state that a scenario asks for.
func (c *Config) known(fixtures []engine.Fixture) error {
	list, generated, err := c.cases()
	if err != nil {
		return nil // said already
	}
	var states []string
	for _, sc := range append(list, generated...) {
		for _, g := range sc.Given {
			states = append(states, g.State)
		}
	}
	slices.Sort(states)
	states = slices.Compact(states)
	var problems []error
	for _, f := range fixtures {
		if slices.Contains(states, f.State) {
			continue
		}
		near := yamlfile.DidYouMean(f.State, states)
		if near == "" {
			near = "they ask for " + strings.Join(states, ", ")
		}
		problems = append(problems, fmt.Errorf("%s:%d:%d: no scenario asks for the state %q; %s", c.Fixtures, f.Line, f.Col, f.State, near))
	}
	return errors.Join(problems...)
}
