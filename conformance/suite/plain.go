package suite

import (
	"flag"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/reports"
)

// refusesGo reports whether Ginkgo would end the process because of how "go test"
// was called: it accepts neither -count other than 1 nor -parallel.
func refusesGo(flags *flag.FlagSet) bool {
	refuses := false
	flags.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "count", "test.count":
			refuses = refuses || f.Value.String() != "1"
		case "parallel", "test.parallel":
			refuses = true
		}
	})
	return refuses
}

// plain waits for every step without Ginkgo, so that a caller's own test may be
// repeated; results and reconciliation are the same.
func plain(running *engine.Running, jobs []engine.Job, o Options, came map[outcome]int) {
	failed := false
	for i, job := range jobs {
		res := running.Wait(i)
		for k := range job.Scenario.Steps {
			if k < len(res.Scenario.Steps) {
				came[outcome{job: i, step: k}]++
				failed = failed || res.Scenario.Steps[k].Status == reports.Failed || res.Scenario.Steps[k].Status == reports.Error
			}
		}
	}
	if failed {
		o.Testing.Fail()
	}
}
