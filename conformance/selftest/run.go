package selftest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/reports"
)

// Run seeds the faults and says what became of each. The error is one of
// configuration, of the server, or the end of the context.
func Run(ctx context.Context, c Config) (*Result, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	begun := c.Now()
	wire := http.DefaultTransport.(*http.Transport).Clone()
	wire.MaxIdleConnsPerHost = 2 * c.Parallel
	defer wire.CloseIdleConnections()
	t := &tester{Config: c, wire: wire, server: &server{admin: c.Admin, client: &http.Client{Transport: wire}}}
	result := &Result{Contract: c.Contract.Name, Faults: c.Faults, Fields: c.Fields, FalseAlarms: []Alarm{}}
	if err := t.clean(ctx, result); err != nil {
		return nil, err
	}
	result.Planted, err = t.plant(ctx, t.ground.seeds(c))
	result.Duration = c.Now().Sub(begun)
	return result, err
}

type tester struct {
	Config
	wire   http.RoundTripper
	server *server
	ground *ground
}

func (t *tester) config(session string, seed int64) conformance.Config {
	return conformance.Config{Contract: t.Contract, Scenarios: t.Scenarios, Target: t.Target, ProviderStates: t.States, Parallel: t.Parallel,
		Seed: seed, Shuffle: true, Headers: map[string]string{sessionHeader: session}, Transport: t.wire, Timeout: 60 * time.Second}
}

// clean runs the suite against the healthy server, in another order each time, and
// surveys the answers of the first run.
func (t *tester) clean(ctx context.Context, result *Result) error {
	for i := range t.CleanRuns {
		session := fmt.Sprintf("selftest-clean-%d", i+1)
		config := t.config(session, t.Seed+int64(i))
		kept := &recorder{next: t.wire}
		if i == 0 {
			config.Transport = kept
		}
		report, err := conformance.Run(ctx, config)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if report.Verdict == reports.Inconclusive {
			return fmt.Errorf("the healthy server cannot be tested: %v", report.Why)
		}
		result.CleanRuns++
		result.CleanScenarios += len(report.Scenarios)
		for _, s := range report.Scenarios {
			result.CleanSteps += len(s.Steps)
			if s.Status == reports.Failed || s.Status == reports.Error {
				result.FalseAlarms = append(result.FalseAlarms, Alarm{Run: i + 1, Seed: config.Seed, Scenario: s.ID, Why: alarm(report, s)})
			}
		}
		if i == 0 {
			plan, err := config.Plan()
			if err != nil {
				return err
			}
			var jobs []engine.Job
			for _, one := range plan.Cases {
				jobs = append(jobs, engine.Job{Scenario: one.Scenario, Origin: one.Origin})
			}
			t.ground = survey(t.Contract, jobs, kept.all)
		}
		if err := t.server.reset(ctx, session); err != nil {
			return err
		}
	}
	return nil
}

func alarm(r *reports.Report, s reports.Scenario) string {
	for _, d := range r.Deviations {
		if d.Scenario == s.ID && d.Severity == reports.SeverityError {
			return fmt.Sprintf("step %s: %s %s: expected %s, found %s", d.Step, d.In, d.Path, d.Expected, d.Actual)
		}
	}
	return s.Why
}

// plant seeds one fault after the other, several side by side, each in a session of
// its own.
func (t *tester) plant(ctx context.Context, seeds []Seed) ([]Planted, error) {
	all := make([]Planted, len(seeds))
	failed := make([]error, len(seeds))
	next := make(chan int)
	var mu sync.Mutex
	done := 0
	var workers sync.WaitGroup
	for w := range min(t.Parallel, max(1, len(seeds))) {
		workers.Go(func() {
			for i := range next {
				all[i], failed[i] = t.one(ctx, seeds[i], fmt.Sprintf("selftest-%d", w+1))
				mu.Lock()
				done++
				if t.Progress != nil {
					t.Progress(done, len(seeds))
				}
				mu.Unlock()
			}
		})
	}
	for i := range seeds {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	workers.Wait()
	return all, errors.Join(append(failed, ctx.Err())...)
}

// few is how many scenarios look for a fault in a field before all of them do.
const few = 4

// one seeds one fault. A field is looked at by a few scenarios first: one of the
// rest is needed only where those find nothing.
func (t *tester) one(ctx context.Context, s Seed, session string) (p Planted, err error) {
	disarm, err := t.server.arm(ctx, s, t.Contract.Name, session)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, disarm(), t.server.reset(ctx, session)) }()
	jobs := s.jobs
	if s.rule.field != nil && len(jobs) > few {
		if p, err = t.meet(ctx, s, jobs[:few], session); err != nil || p.Class == Found {
			return p, err
		}
		jobs = jobs[few:]
	}
	rest, err := t.meet(ctx, s, jobs, session)
	if p.Class != "" && rest.Class == Allowed {
		return p, err
	}
	return rest, err
}

func (t *tester) meet(ctx context.Context, s Seed, jobs []engine.Job, session string) (Planted, error) {
	kept := &recorder{next: t.wire}
	timeout := s.rule.timeout
	if timeout == 0 {
		timeout = 60 * time.Second
	}
	runner, err := engine.New(t.Contract, engine.Options{Target: t.Target, ProviderStates: t.States, Parallel: 1, Timeout: timeout,
		Seed: t.Seed, Version: "selftest", Transport: kept, Headers: map[string]string{sessionHeader: session}})
	if err != nil {
		return Planted{}, err
	}
	results := make([]*engine.Result, len(jobs))
	for i, j := range jobs {
		results[i] = runner.Run(ctx, j.Scenario, j.Origin)
	}
	return classify(t.ground, s, results, kept.all), ctx.Err()
}
