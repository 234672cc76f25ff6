package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/conformance/selftest"
	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/fault"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
)

// selftestFlags are the flags of the selftest command.
type selftestFlags struct {
	faults              []string
	cleanRuns, parallel int
	fields              int
	seed                int64
	format, writeDocs   string
	verbose             bool
}

func (a *app) selftestCommand() *cobra.Command {
	var f selftestFlags
	cmd := &cobra.Command{
		Use:   "selftest CONTRACT",
		Short: "Seed faults into the mock one by one and prove that the suite finds each",
		Long: `Starts the mock, runs the suite against it (every failure is a false alarm), then
makes it misbehave in one place after the other and runs the scenarios that come
by. Prints, for every fault, in how many places it was found; lists the survivors.
Exits 1 when a fault survives or a healthy mock is failed.`,
		Example: `  roadworthy selftest transeu
  roadworthy selftest otms --faults 'ignore-auth' --faults '*-field' --clean-runs 10`,
		Args: exactly(1, "a CONTRACT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			result, err := a.selftest(cmd.Context(), args[0], f)
			if err != nil {
				if cmd.Context().Err() != nil {
					return quietly(exitInterrupted)
				}
				return err
			}
			if f.format == "json" {
				err = a.printJSON(result)
			} else {
				err = result.Text(a.stdout, f.verbose)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stderr, "%d places in %s\n", len(result.Planted), result.Duration.Round(time.Second/10))
			if f.writeDocs != "" {
				if err := selftest.UpdatePage(f.writeDocs, result); err != nil {
					return failWith(exitUsage, err)
				}
			}
			if result.Failed() {
				return quietly(exitDeviations)
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.faults, "faults", nil, "faults to seed (globs)")
	flags.IntVar(&f.cleanRuns, "clean-runs", 3, "runs against the healthy mock, each in another order")
	flags.IntVar(&f.fields, "fields", 60, "fields of one operation in which a fault of messages is seeded, at most")
	flags.IntVar(&f.parallel, "parallel", 8, "scenarios, and faults, under way at a time")
	flags.Int64Var(&f.seed, "seed", 1, "seed of the unique values and of the order")
	flags.BoolVar(&f.verbose, "verbose", false, "list also what is allowed by the contract or found as a warning")
	flags.StringVar(&f.writeDocs, "write-docs", "", "write the figures into this page (docs/detection.md)")
	addFormatFlag(cmd, &f.format)
	return cmd
}

// selftest serves the contract on a port of its own and lets the suite loose on it.
func (a *app) selftest(ctx context.Context, name string, f selftestFlags) (*selftest.Result, error) {
	contract, err := specs.Open(name)
	if err != nil {
		return nil, err
	}
	server, err := mockserver.New([]*specs.Contract{contract}, mockserver.Options{Version: versionText(), Journal: journal.Limits{Entries: 10, Body: 1 << 10}})
	if err != nil {
		return nil, failWith(exitUsage, err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, failWith(exitUsage, err)
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- mockserver.Run(serving, time.Second, mockserver.Listener{Net: listener, Server: server.HTTP("")})
	}()
	url := "http://" + listener.Addr().String()
	config := selftest.Config{Contract: contract, Target: url, States: url + "/__admin/provider-states", Admin: url + "/__admin",
		Faults: faultCatalogue(), Only: f.faults, CleanRuns: f.cleanRuns, Fields: f.fields, Parallel: f.parallel, Seed: f.seed}
	if onTerminal(a.stderr) {
		config.Progress = func(done, all int) { fmt.Fprintf(a.stderr, "\r%d of %d faults", done, all) }
	}
	result, err := selftest.Run(ctx, config)
	if config.Progress != nil {
		fmt.Fprint(a.stderr, "\r\033[K")
	}
	stop()
	if ending := <-ended; err == nil && ending != nil {
		err = ending
	}
	if err != nil {
		return nil, failWith(exitUsage, err)
	}
	return result, nil
}

// faultCatalogue tells the self-test, which knows no server, what can be seeded.
func faultCatalogue() []selftest.Fault {
	var all []selftest.Fault
	for _, f := range fault.All() {
		all = append(all, selftest.Fault{Name: f.Name, Kind: string(f.Kind), Title: f.Title})
	}
	return all
}
