package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
)

func (a *app) reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "report",
		Short:   "Turn report.json into the other formats, merge shards, print a table",
		Example: `  roadworthy report render roadworthy-report/report.json --format html`,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError("report needs one of render, merge, table. See roadworthy report --help.")
			}
			return unknownCommand(cmd, args[0])
		},
	}
	cmd.AddCommand(a.reportRenderCommand(), a.reportMergeCommand(), a.reportTableCommand())
	return cmd
}

func (a *app) reportRenderCommand() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:     "render REPORT",
		Short:   "Render a report.json in other formats",
		Example: `  roadworthy report render roadworthy-report/report.json --format html,junit --report-dir out`,
		Args:    exactly(1, "a report.json"),
		RunE: func(_ *cobra.Command, args []string) error {
			report, err := reports.Read(args[0])
			if err != nil {
				return failWith(exitUsage, err)
			}
			return a.writeReport(report, out)
		},
	}
	out.flags(cmd)
	return cmd
}

func (a *app) reportMergeCommand() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use:     "merge REPORT…",
		Short:   "Merge the reports of shards into the report of one run",
		Example: `  roadworthy report merge shard-1/report.json shard-2/report.json --report-dir merged`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			parts, err := readReports(args)
			if err != nil {
				return err
			}
			merged, err := reports.Merge(verdict.Recompute, parts...)
			if err != nil {
				return failWith(exitUsage, err)
			}
			if err := a.writeReport(merged, out); err != nil {
				return err
			}
			gates, err := verdict.ParseGates(merged.Suite.MinCoverage)
			if err != nil {
				return failWith(exitUsage, err)
			}
			a.missedGates(merged, gates)
			return quietly(verdict.Exit(merged, merged.Suite.FailOn, gates))
		},
	}
	out.flags(cmd)
	return cmd
}

// missedGates says by how much the coverage that was asked for is missed.
func (a *app) missedGates(r *reports.Report, gates []verdict.Gate) {
	for _, gate := range gates {
		if missed := gate.Missed(r.Coverage); missed != "" {
			fmt.Fprintln(a.stderr, "roadworthy: "+missed)
		}
	}
}

func (a *app) reportTableCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "table REPORT…",
		Short:   "Print the verdicts of several reports side by side",
		Example: `  roadworthy report table roadworthy-report/*/report.json`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			all, err := readReports(args)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
			fmt.Fprintln(w, "CONTRACT\tVERDICT\tSCENARIOS\tPASSED\tFAILED\tWARNED\tNOT REACHED\tOUTCOMES SEEN\tDEVIATIONS")
			for _, r := range all {
				counts := map[reports.Status]int{}
				for _, s := range r.Scenarios {
					counts[s.Status]++
				}
				seen, documented := 0, 0
				for _, o := range r.Coverage.Outcomes {
					if o.Documented {
						documented++
						if o.Observed {
							seen++
						}
					}
				}
				fmt.Fprintf(w, "%s %s\t%s\t%d\t%d\t%d\t%d\t%d\t%d of %d\t%d\n", r.Suite.Contract, r.Suite.ContractVersion, strings.ToUpper(string(r.Verdict)),
					len(r.Scenarios), counts[reports.Passed], counts[reports.Failed]+counts[reports.Error], counts[reports.Warned],
					counts[reports.NotReached]+counts[reports.NotSupported], seen, documented, len(r.Deviations))
			}
			return w.Flush()
		},
	}
}

func readReports(files []string) ([]*reports.Report, error) {
	var all []*reports.Report
	for _, file := range files {
		r, err := reports.Read(file)
		if err != nil {
			return nil, failWith(exitUsage, err)
		}
		all = append(all, r)
	}
	return all, nil
}

// output is where and how reports are written.
type output struct {
	dir     string
	formats []string
}

func (o *output) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.dir, "report-dir", "roadworthy-report", "folder for the report files")
	cmd.Flags().StringSliceVar(&o.formats, "format", []string{"json", "junit", "html"}, "report formats: "+strings.Join(formatNames(), ", "))
}

func formatNames() []string {
	var names []string
	for _, f := range reports.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func (o *output) check() error {
	for _, format := range o.formats {
		known := false
		for _, name := range formatNames() {
			known = known || name == format
		}
		if !known {
			return usageError("--format %q is not known%s; the formats are %s", format, didYouMean(format, formatNames()), strings.Join(formatNames(), ", "))
		}
	}
	return nil
}

// prepare makes the folder, so that a run is not begun whose report cannot be kept.
func (o output) prepare() error {
	if !slices.ContainsFunc(o.formats, func(s string) bool { return s != "github" }) {
		return nil
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return fmt.Errorf("--report-dir: %w", err)
	}
	probe, err := os.CreateTemp(o.dir, ".roadworthy-*")
	if err != nil {
		return fmt.Errorf("--report-dir: %w", err)
	}
	_ = probe.Close()
	return os.Remove(probe.Name())
}

// writeReport writes the files of a report; github annotations go to stdout, where
// the runner reads them, and a summary to the page of the job.
func (a *app) writeReport(r *reports.Report, o output) error {
	if err := o.check(); err != nil {
		return err
	}
	if err := a.stepSummary(func(w io.Writer) error { return reports.Markdown(w, r) }); err != nil {
		return err
	}
	var files []string
	for _, format := range o.formats {
		if format == "github" {
			if err := reports.GitHub(a.stdout, r); err != nil {
				return err
			}
			continue
		}
		files = append(files, format)
	}
	if len(files) == 0 {
		return nil
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return failWith(exitUsage, err)
	}
	if err := reports.Write(r, o.dir, files); err != nil {
		return failWith(exitUsage, err)
	}
	return nil
}

// exitOf gives the exit code of a report's verdict.
func exitOf(r *reports.Report) int {
	switch r.Verdict {
	case reports.NonConformant:
		return exitDeviations
	case reports.Inconclusive:
		return exitInconclusive
	}
	return exitFine
}
