package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/conformance/har"
	"github.com/roadworthy-project/roadworthy/conformance/traffic"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

func (a *app) checkCommand() *cobra.Command {
	var out output
	var trace bool
	failOn, sides := "error", "both"
	cmd := &cobra.Command{
		Use:   "check CONTRACT FILE.har",
		Short: "Judge recorded traffic (HAR 1.2) by the contract",
		Long: `Judges every request and response of an HTTP archive that calls an operation of
the contract, wherever it was mounted; the host does not matter. Entries that call
none are listed and change nothing. FILE.har may be - for standard input.

Exit 0: no deviation. Exit 1: deviations. Exit 3: no entry calls an operation.`,
		Example: `  roadworthy check transeu traffic.har
  roadworthy check ./petstore.yaml traffic.har --judge responses --format json,html`,
		Args: exactly(2, "a CONTRACT and a FILE.har"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := out.check(); err != nil {
				return err
			}
			contract, err := specs.Open(args[0])
			if err != nil {
				return err
			}
			file, err := a.readHAR(args[1])
			if err != nil {
				return failWith(exitUsage, err)
			}
			report, all := har.Check(contract, file, har.Options{Version: versionText(), Sides: sides})
			if report.Target.URL == "" {
				report.Target.URL = filepath.ToSlash(args[1])
			}
			a.listUnmatched(all)
			if file.BrokenCount > 0 {
				for _, line := range file.Broken {
					fmt.Fprintln(a.stderr, "left out: "+reports.OneLine(line, 300))
				}
				report.Why = append(report.Why, fmt.Sprintf("%d entries of the archive cannot be read", file.BrokenCount))
			}
			if err := reports.Terminal(a.stdout, report, a.terminal(trace, args[0])); err != nil {
				return err
			}
			if err := a.writeReport(report, out); err != nil {
				return err
			}
			return quietly(verdict.Exit(report, failOn, nil))
		},
	}
	out.flags(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&trace, "trace", false, "print the exchange below each failure")
	flags.Var(&choice{value: &failOn, allowed: verdict.FailOn()}, "fail-on", "exit 1 on: error, warning or never")
	flags.Var(&choice{value: &sides, allowed: traffic.Sides()}, "judge", "what is judged: both, requests or responses")
	return cmd
}

func (a *app) readHAR(path string) (*har.File, error) {
	var in io.Reader = a.stdin
	name := "standard input"
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in, name = f, filepath.ToSlash(path)
	}
	return har.Read(name, in)
}

// maxUnmatchedShown is how many requests of nobody are listed on the terminal.
const maxUnmatchedShown = 20

func (a *app) listUnmatched(all *traffic.Collector) {
	list := all.UnmatchedList()
	for i, what := range list {
		if i == maxUnmatchedShown {
			fmt.Fprintf(a.stderr, "no operation: %d more\n", len(list)-i)
			return
		}
		fmt.Fprintln(a.stderr, "no operation: "+reports.OneLine(what, 200))
	}
}
