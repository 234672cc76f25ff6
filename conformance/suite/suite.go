package suite

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/extensions/globals"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/reports"
)

// oneAtATime guards Ginkgo's own tree, which belongs to the process.
var oneAtATime sync.Mutex

// Options of one run. The zero value works.
type Options struct {
	// Output takes Ginkgo's console; nil discards it.
	Output io.Writer
	// Testing receives the failure of the suite, as under "go test"; nil keeps it.
	Testing ginkgo.GinkgoTestingT
	// Progress is called whenever a scenario is over, in whatever order they are.
	Progress func(engine.Progress)

	perSuite int // scenarios that Ginkgo is given at a time; 0 is suiteSize
}

// outcome is what a spec hands over: which step of which job came back.
type outcome struct{ job, step int }

// verdictHolder stands in for *testing.T.
type verdictHolder struct{ failed bool }

func (v *verdictHolder) Fail() { v.failed = true }

// Run runs the jobs and gives their results in the order of the jobs, and the
// planned steps that did not come back exactly once. After an interruption only the
// results count: Ginkgo drops the specs that it did not reach.
func Run(ctx context.Context, r *engine.Runner, jobs []engine.Job, o Options) (results []*engine.Result, problems []string) {
	if len(jobs) == 0 {
		return nil, nil
	}
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	if o.Testing == nil {
		o.Testing = &verdictHolder{}
	}
	running := r.Start(ctx, jobs, o.Progress)
	came := make(map[outcome]int)
	if refusesGo(flag.CommandLine) {
		plain(running, jobs, o, came)
	} else {
		specs(ctx, running, jobs, o, came)
	}
	for i, job := range jobs {
		res := running.Wait(i)
		results = append(results, res)
		if ctx.Err() == nil {
			problems = append(problems, reconcile(i, job, res, came)...)
		}
	}
	return results, shortened(problems)
}

// maxProblems is the most steps that are named one by one.
const maxProblems = 10

func shortened(problems []string) []string {
	if len(problems) <= maxProblems {
		return problems
	}
	return append(problems[:maxProblems], fmt.Sprintf("and %d more did not come back exactly once", len(problems)-maxProblems))
}

// suiteSize is how many scenarios Ginkgo is given at a time: it keeps about 3 KB for
// each of their steps until its suite is over.
const suiteSize = 4000

// specs runs Ginkgo's own suite over the jobs that are under way, one suite after
// the other where they are many.
func specs(ctx context.Context, running *engine.Running, jobs []engine.Job, o Options, came map[outcome]int) {
	size := cmp.Or(o.perSuite, suiteSize)
	for from := 0; from < len(jobs) && (from == 0 || ctx.Err() == nil); from += size {
		specsFrom(from, running, jobs[from:min(from+size, len(jobs))], o, came)
	}
}

func specsFrom(from int, running *engine.Running, jobs []engine.Job, o Options, came map[outcome]int) {
	globals.Reset()
	console := formatter.ColorableStdOut
	defer func() { formatter.ColorableStdOut = console }()
	formatter.ColorableStdOut = io.Discard
	if o.Output != nil {
		formatter.ColorableStdOut = o.Output
	}
	register(from, running, jobs, came)
	config, reporter := types.NewDefaultSuiteConfig(), types.NewDefaultReporterConfig()
	config.RandomSeed, config.FailOnEmpty, config.GracePeriod, config.Timeout = 1, true, 5*time.Second, 24*time.Hour
	reporter.Succinct, reporter.NoColor = true, true
	ginkgo.RunSpecs(o.Testing, "conformance", config, reporter)
}

// register builds the tree: everything in one container, for Ginkgo shuffles
// those at the top.
func register(from int, running *engine.Running, jobs []engine.Job, came map[outcome]int) {
	ginkgo.Describe("conformance", func() {
		for at, job := range jobs {
			i := from + at
			ginkgo.Describe(job.Scenario.ID+" "+job.Scenario.Title, ginkgo.Ordered, ginkgo.ContinueOnFailure, func() {
				for k, st := range job.Scenario.Steps {
					place := types.NewCustomCodeLocation(fmt.Sprintf("%s:%d", job.Scenario.File, st.Line))
					ginkgo.It(st.ID+" ("+st.Operation+")", place, func() {
						res := running.Wait(i)
						ginkgo.AddReportEntry("outcome", outcome{job: i, step: k}, ginkgo.ReportEntryVisibilityNever)
						say(res, k, place)
					})
				}
			})
		}
	})
	ginkgo.ReportAfterSuite("collect", func(report ginkgo.Report) {
		for _, spec := range report.SpecReports {
			for _, entry := range spec.ReportEntries {
				if at, ok := entry.GetRawValue().(outcome); ok {
					came[at]++
				}
			}
		}
	})
}

// say tells Ginkgo how a step ended.
func say(res *engine.Result, k int, place types.CodeLocation) {
	if k >= len(res.Scenario.Steps) {
		ginkgo.Fail("the step did not come back")
		return
	}
	switch st := res.Scenario.Steps[k]; st.Status {
	case reports.Failed, reports.Error:
		message := st.Why
		for _, d := range res.Deviations {
			if d.Step == st.ID {
				message += fmt.Sprintf("\n%s %s: expected %s, found %s", d.In, d.Path, d.Expected, d.Actual)
			}
		}
		// The place is that of the scenario, not of this file.
		ginkgo.AddReportEntry("scenario", place, ginkgo.ReportEntryVisibilityNever)
		ginkgo.Fail(message)
	case reports.NotReached, reports.NotSupported:
		ginkgo.Skip(st.Why)
	}
}

// reconcile holds what was planned against what came back.
func reconcile(i int, job engine.Job, res *engine.Result, came map[outcome]int) []string {
	var problems []string
	if len(res.Scenario.Steps) != len(job.Scenario.Steps) {
		problems = append(problems, fmt.Sprintf("%s: %d steps were planned and %d came back", job.Scenario.ID, len(job.Scenario.Steps), len(res.Scenario.Steps)))
	}
	for k, st := range job.Scenario.Steps {
		if n := came[outcome{job: i, step: k}]; n != 1 {
			problems = append(problems, fmt.Sprintf("%s/%s came back %d times, expected once", job.Scenario.ID, st.ID, n))
		}
	}
	return problems
}
