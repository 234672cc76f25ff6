package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/conformance/plan"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// runFlags are the flags that test and certify share.
type runFlags struct {
	contract                               string // as it was named
	target, auth, providerStates, fixtures string
	seed                                   int64
	rate                                   string
	parallel                               int
	timeout                                time.Duration
	trace                                  bool
	caFile, clientCert, clientKey, proxy   string
	insecure                               bool
	out                                    output
}

func (f *runFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.target, "target", "", "base URL of the implementation; the contract's base path is appended unless it is there")
	flags.StringVar(&f.auth, "auth", "", "YAML file with credentials (default: the demo credentials)")
	flags.StringVar(&f.providerStates, "provider-states", "", "URL of the set-up hook that prepares provider states")
	flags.StringVar(&f.fixtures, "fixtures", "", "YAML file with the names of prepared records")
	flags.Int64Var(&f.seed, "seed", 0, "seed of the unique values; 0 takes another one in every run")
	flags.StringVar(&f.rate, "rate", "", "requests per second, such as 5/s (default: the documented call limit, none on loopback)")
	flags.IntVar(&f.parallel, "parallel", 4, "scenarios that run at a time")
	flags.DurationVar(&f.timeout, "timeout", 10*time.Second, "deadline of one exchange")
	flags.BoolVar(&f.trace, "trace", false, "print the exchange below each failure")
	flags.StringVar(&f.caFile, "ca-file", "", "certificate authorities to trust (PEM)")
	flags.StringVar(&f.clientCert, "client-cert", "", "client certificate (PEM)")
	flags.StringVar(&f.clientKey, "client-key", "", "private key of --client-cert (PEM)")
	flags.BoolVar(&f.insecure, "insecure", false, "do not check the target's certificate")
	flags.StringVar(&f.proxy, "proxy", "", "HTTP proxy to go through (default: HTTPS_PROXY and the like)")
	f.out.flags(cmd)
}

func (a *app) testCommand() *cobra.Command {
	var f runFlags
	var profile, generated, shard, waivers, baseline, failOn, scenarioDir string
	var only, exclude, operations, minCoverage []string
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "test CONTRACT --target URL",
		Short: "Run the scenarios and generated checks against an implementation, write reports",
		Example: `  roadworthy test otms --target http://127.0.0.1:8080
  roadworthy test transeu --target https://staging.example.com --auth auth.yaml --operations 'get*'`,
		Args: exactly(1, "a CONTRACT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			gates, err := verdict.ParseGates(minCoverage)
			if err != nil {
				return failWith(exitUsage, err)
			}
			f.contract = args[0]
			config, err := a.runConfig(args[0], f)
			if err != nil {
				return err
			}
			config.Profile, config.Generated, config.Shard = profile, generated, shard
			config.Only, config.Exclude, config.Operations = only, exclude, operations
			config.Waivers, config.Baseline, config.MinCoverage = waivers, baseline, minCoverage
			if failOn != "error" {
				config.FailOn = failOn
			}
			if config.Scenarios, err = ownScenarios(config.Contract, scenarioDir); err != nil {
				return failWith(exitUsage, err)
			}
			if dryRun {
				return a.dryRun(config)
			}
			report, err := a.run(cmd.Context(), config, f)
			if err != nil {
				return err
			}
			if shard != "" {
				gates = nil // what a part covers says nothing: they hold for the merged report
			}
			a.missedGates(report, gates)
			if cmd.Context().Err() != nil {
				return quietly(exitInterrupted)
			}
			return quietly(verdict.Exit(report, failOn, gates))
		},
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&profile, "profile", "", "run one profile of the contract only")
	flags.StringSliceVar(&only, "only", nil, "scenario ids to run (globs)")
	flags.StringSliceVar(&exclude, "exclude", nil, "scenario ids to leave out (globs)")
	flags.StringSliceVar(&operations, "operations", nil, "operations to test (globs)")
	generated = "on"
	flags.Var(&choice{value: &generated, allowed: plan.GeneratedModes()}, "generated", "generated cases: on, off or only")
	flags.StringVar(&scenarioDir, "scenarios", "", "run the scenarios of this folder instead of the contract's own")
	flags.StringVar(&shard, "shard", "", "run one part of the plan: 2/4 is the second of four")
	flags.StringVar(&waivers, "waivers", "", "YAML file with deviations that are accepted for a time")
	flags.StringVar(&baseline, "baseline", "", "an earlier report.json: only what is new fails")
	flags.StringSliceVar(&minCoverage, "min-coverage", nil, "least coverage in percent, such as outcomes=90")
	failOn = "error"
	flags.Var(&choice{value: &failOn, allowed: verdict.FailOn()}, "fail-on", "exit 1 on: error, warning or never")
	flags.BoolVar(&dryRun, "dry-run", false, "list what would run and exit")
	return cmd
}

// runConfig turns flags into a configuration of the suite.
func (a *app) runConfig(contract string, f runFlags) (conformance.Config, error) {
	if err := f.out.check(); err != nil {
		return conformance.Config{}, err
	}
	c, err := specs.Open(contract)
	if err != nil {
		return conformance.Config{}, err
	}
	a.warn(c)
	rate, err := parseRate(f.rate)
	if err != nil {
		return conformance.Config{}, err
	}
	if f.parallel < 1 {
		return conformance.Config{}, usageError("--parallel %d: expected 1 or more", f.parallel)
	}
	if f.timeout <= 0 {
		return conformance.Config{}, usageError("--timeout %s: expected more than nothing, such as 10s", f.timeout)
	}
	transport, err := f.transport()
	if err != nil {
		return conformance.Config{}, failWith(exitUsage, err)
	}
	return conformance.Config{
		Contract: c, Target: f.target, Auth: f.auth, LookupEnv: a.lookupEnv, ProviderStates: f.providerStates, Fixtures: f.fixtures,
		Rate: rate, Parallel: f.parallel, Timeout: f.timeout, Seed: f.seed, Version: versionText(), Transport: transport,
		Output: io.Discard,
	}, nil
}

// run tests, prints the summary and writes the reports.
func (a *app) run(ctx context.Context, config conformance.Config, f runFlags) (*reports.Report, error) {
	if onTerminal(a.stderr) {
		config.Progress = func(p engine.Progress) {
			fmt.Fprintf(a.stderr, "\r%d of %d scenarios", p.Done, p.All)
			if p.Failed > 0 {
				fmt.Fprintf(a.stderr, ", %d failed", p.Failed)
			}
		}
	}
	if err := f.out.prepare(); err != nil {
		return nil, failWith(exitUsage, err)
	}
	conformance.TuneMemory()
	report, err := conformance.Run(ctx, config)
	if config.Progress != nil {
		fmt.Fprint(a.stderr, "\r\033[K")
	}
	if err != nil {
		return nil, failWith(exitUsage, err)
	}
	locate(config.Contract, report)
	if err := reports.Terminal(a.stdout, report, a.terminal(f.trace, f.contract)); err != nil {
		return nil, err
	}
	if err := a.writeReport(report, f.out); err != nil {
		return nil, err
	}
	if files := slices.DeleteFunc(slices.Clone(f.out.formats), func(s string) bool { return s == "github" }); len(files) > 0 {
		fmt.Fprintf(a.stderr, "reports (%s) in %s\n", strings.Join(files, ", "), f.out.dir)
	}
	return report, nil
}

func (a *app) dryRun(config conformance.Config) error {
	p, err := config.Plan()
	if err != nil {
		return failWith(exitUsage, err)
	}
	for _, one := range p.Cases {
		fmt.Fprintf(a.stdout, "%s\t%s\t%s\n", one.Scenario.ID, one.Origin, one.Scenario.Title)
	}
	for _, left := range p.Excluded {
		fmt.Fprintf(a.stderr, "left out: %s (%s)\n", left.ID, left.Reason)
	}
	if len(p.Cases) == 0 {
		return failWith(exitInconclusive, fmt.Errorf("nothing would run"))
	}
	return nil
}

func parseRate(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	var rate float64
	if _, err := fmt.Sscanf(strings.TrimSuffix(text, "/s")+"\n", "%g\n", &rate); err != nil || rate <= 0 {
		return 0, usageError("--rate %q: expected requests per second above 0, such as 5/s", text)
	}
	return rate, nil
}

func (f *runFlags) transport() (http.RoundTripper, error) {
	if (f.clientCert == "") != (f.clientKey == "") {
		return nil, usageError("--client-cert and --client-key are needed together")
	}
	if f.caFile == "" && f.clientCert == "" && !f.insecure && f.proxy == "" {
		return nil, nil
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = f.parallel + 1
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: f.insecure}
	if f.caFile != "" {
		text, err := os.ReadFile(f.caFile)
		if err != nil {
			return nil, yamlfile.NamedBy("--ca-file", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("--ca-file %s: expected certificates in PEM, found none", f.caFile)
		}
		t.TLSClientConfig.RootCAs = pool
	}
	if f.clientCert != "" {
		pair, err := keyPair("--client-cert", f.clientCert, "--client-key", f.clientKey)
		if err != nil {
			return nil, err
		}
		t.TLSClientConfig.Certificates = []tls.Certificate{pair}
	}
	if f.proxy != "" {
		u, err := url.Parse(f.proxy)
		if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
			return nil, usageError("--proxy %q: expected a URL such as http://proxy:3128", f.proxy)
		}
		t.Proxy = http.ProxyURL(u)
	}
	return t, nil
}

func (a *app) lookupEnv(name string) (string, bool) {
	for i := len(a.env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(a.env[i], name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// terminal says how a summary is written to stdout: in colour and to its width where it
// is a terminal. contract is how the contract was named.
func (a *app) terminal(trace bool, contract string) reports.TerminalOptions {
	width := columns(a.stdout)
	if text, set := a.lookupEnv("COLUMNS"); set && onTerminal(a.stdout) {
		if n, err := strconv.Atoi(text); err == nil {
			width = n
		}
	}
	if width > 0 {
		width = min(max(width, 40), 120)
	}
	return reports.TerminalOptions{Color: a.color(), Trace: trace, Contract: contract, Width: width}
}

// color reports whether to colour stdout: on a terminal that knows colours, unless
// NO_COLOR says something (no-color.org: when it is not empty).
func (a *app) color() bool {
	off, _ := a.lookupEnv("NO_COLOR")
	kind, _ := a.lookupEnv("TERM")
	return off == "" && kind != "dumb" && onTerminal(a.stdout)
}

func onTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
