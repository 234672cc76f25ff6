package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/lint"
)

func (a *app) lintCommand() *cobra.Command {
	var format string
	var rules bool
	cmd := &cobra.Command{
		Use:   "lint CONTRACT",
		Short: "Prove a contract consistent: examples against schemas, codes, rules, scenarios, errata",
		Example: `  roadworthy lint otms
  roadworthy lint ./my-contract --format json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if rules {
				return exactly(0, "")(cmd, args)
			}
			return exactly(1, "a CONTRACT")(cmd, args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if rules {
				for _, rule := range lint.Rules() {
					fmt.Fprintf(a.stdout, "%-32s %-8s %s\n", rule.ID, rule.Severity, rule.About)
				}
				return nil
			}
			contract, err := specs.Open(args[0])
			if err != nil {
				return err
			}
			options := lint.Options{CheckBehaviour: checkBehaviour}
			list, err := scenarios.For(contract)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return failWith(exitUsage, err)
			}
			if !contract.Bare {
				options.Scenarios = scenarioRefs(list)
			}
			findings := lint.Run(contract, options)
			if err := a.stepSummary(func(w io.Writer) error { return lintSummary(w, contract, findings) }); err != nil {
				return err
			}
			if format == "github" {
				if err := lintAnnotations(a.stdout, contract, findings); err != nil {
					return err
				}
			} else if format == "json" {
				if findings == nil {
					findings = []lint.Finding{}
				}
				if err := a.printJSON(findings); err != nil {
					return err
				}
			} else {
				a.printFindings(contract, findings, len(list))
			}
			if lint.Failed(findings) {
				return quietly(exitDeviations)
			}
			return nil
		},
	}
	format = "text"
	cmd.Flags().Var(&choice{value: &format, allowed: []string{"text", "json", "github"}}, "format", "how to print: text, json or github (annotations)")
	cmd.Flags().BoolVar(&rules, "rules", false, "list the rules and exit")
	return cmd
}

func (a *app) printFindings(c *specs.Contract, findings []lint.Finding, scenarios int) {
	counts := map[lint.Severity]int{}
	for _, f := range findings {
		counts[f.Severity]++
		fmt.Fprintf(a.stdout, "%s: %s\n", f.Severity, f)
	}
	figures := figuresOf(c)
	fmt.Fprintf(a.stdout, "%s %s: %d operations, %d outcomes, %d requirements, %d examples, %d errata, %d scenarios: %d errors, %d warnings\n",
		c.Name, c.Version, figures.Operations, figures.Outcomes, figures.Requirements, figures.Examples, figures.Errata, scenarios,
		counts[lint.Error], counts[lint.Warning])
}

// checkBehaviour compiles the rules of a contract as the mock does.
func checkBehaviour(c *specs.Contract) []lint.Finding {
	var found []lint.Finding
	for _, p := range behaviour.Check(c) {
		found = append(found, lint.Finding{Severity: lint.Error, File: p.File, Line: p.Line, What: p.What})
	}
	return found
}

func scenarioRefs(list []*scenarios.Scenario) []lint.ScenarioRef {
	refs := []lint.ScenarioRef{}
	for _, s := range list {
		refs = append(refs, lint.ScenarioRef{File: s.File, Line: s.Line, ID: s.ID, Operations: s.Operations(), Requirements: s.Requirements, Outcomes: s.Outcomes()})
	}
	return refs
}
