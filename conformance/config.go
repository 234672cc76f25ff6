package conformance

import (
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/conformance/plan"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Config says what is tested and how. Contract and Target are needed; the zero
// value of everything else is the default of the command line.
type Config struct {
	Contract *specs.Contract
	// Scenarios to run; nil means those of the contract.
	Scenarios []*scenarios.Scenario
	// Target is the base URL of the implementation; the contract's base path is
	// appended unless the URL already ends in it.
	Target         string
	Implementation reports.Implementation

	// Auth is the path of a file with credentials; "" means the demo credentials.
	Auth string
	// Identities are credentials by name, instead of Auth.
	Identities map[string]engine.Credentials
	// LookupEnv finds the variables that an auth file names; nil is os.LookupEnv.
	LookupEnv func(string) (string, bool)

	Profile    string   // "" means all profiles
	Only       []string // globs over scenario ids; one that fits nothing is an error
	Exclude    []string
	Operations []string // globs over operation ids
	Generated  string   // on (default), off, only
	// Declared are globs over the operations that the implementation has; nil means
	// all. Scenarios that call another are not-supported and do not count.
	Declared []string
	Shard    string // "2/4"

	ProviderStates string // URL of a set-up hook; "" means none
	Fixtures       string // path of a file with prepared records
	Waivers        string // path of a file
	// FailOn and MinCoverage go into the report, for whoever merges shards.
	FailOn      string
	MinCoverage []string
	Baseline    string // path of an earlier report.json: only what is new fails

	Rate     float64       // requests per second; 0: the documented limit, none on loopback
	Parallel int           // scenarios at a time; 0: 4
	Timeout  time.Duration // of one exchange; 0: 10 s
	Seed     int64         // of unique values; 0: another one in every run
	Version  string        // of the suite

	Transport http.RoundTripper // nil: plain HTTP
	// Headers go out with every request, to the set-up hook too.
	Headers map[string]string
	// Shuffle runs the scenarios in an order that Seed decides. The report keeps the
	// order of the plan.
	Shuffle  bool
	Now      func() time.Time // nil: time.Now
	Output   io.Writer        // Ginkgo's console; nil: discarded
	Testing  interface{ Fail() }
	Progress func(engine.Progress)
}

// Plan says what a run with this configuration would do (--dry-run). The error is
// one of configuration.
func (c *Config) Plan() (*plan.Plan, error) {
	list, generated, err := c.cases()
	if err != nil {
		return nil, err
	}
	return plan.Build(c.Contract, list, generated, plan.Options{Profile: c.Profile, Only: c.Only, Exclude: c.Exclude,
		Operations: c.Operations, Generated: c.Generated, Shard: c.Shard})
}

// rate is the limit that applies: the one that was asked for, else the lowest
// documented one, except on loopback, where nobody is disturbed.
func (c *Config) rate() float64 {
	if c.Rate > 0 {
		return c.Rate
	}
	u, err := url.Parse(c.Target)
	if err != nil || isLoopback(u.Hostname()) {
		return 0
	}
	lowest := math.Inf(1)
	for _, l := range c.Contract.Limits {
		if l.Rate > 0 && l.Basis == specs.Documented {
			lowest = min(lowest, l.Rate)
		}
	}
	if math.IsInf(lowest, 1) {
		return 0
	}
	return lowest
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
