package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/specs"
)

func (a *app) contractCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "contract",
		Short: "Look at contracts, copy a built-in one out, start one from an OpenAPI document",
		Example: `  roadworthy contract list
  roadworthy contract show otms`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError("contract needs one of list, show, export, init. See roadworthy contract --help.")
			}
			return unknownCommand(cmd, args[0])
		},
	}
	cmd.AddCommand(a.contractListCommand(), a.contractShowCommand(), a.contractExportCommand(), a.contractInitCommand())
	return cmd
}

func (a *app) contractListCommand() *cobra.Command {
	var names bool
	var format string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the built-in contracts",
		Example: `  roadworthy contract list`,
		Args:    exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			if names {
				for _, name := range specs.BuiltIn() {
					fmt.Fprintln(a.stdout, name)
				}
				return nil
			}
			var all []contractFigures
			for _, name := range specs.BuiltIn() {
				c, err := specs.Open(name)
				if err != nil {
					return err
				}
				all = append(all, figuresOf(c))
			}
			if format == "json" {
				return a.printJSON(all)
			}
			w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
			fmt.Fprintln(w, "NAME\tVERSION\tOPERATIONS\tOUTCOMES\tREQUIREMENTS\tEXAMPLES\tERRATA\tTITLE")
			for _, f := range all {
				fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\n", f.Name, f.Version, f.Operations, f.Outcomes, f.Requirements, f.Examples, f.Errata, f.Title)
			}
			return w.Flush()
		},
	}
	cmd.Flags().BoolVar(&names, "names", false, "print the names alone, one on a line")
	addFormatFlag(cmd, &format)
	return cmd
}

// contractFigures is what a table says of a contract.
type contractFigures struct {
	Name         string `json:"name"`
	Title        string `json:"title"`
	Version      string `json:"version"`
	BasePath     string `json:"basePath"`
	Operations   int    `json:"operations"`
	Outcomes     int    `json:"outcomes"`
	Requirements int    `json:"requirements"`
	Examples     int    `json:"examples"`
	Errata       int    `json:"errata"`
	Digest       string `json:"digest"`
}

// figuresOf counts; an outcome counts once for each operation that can end in it.
func figuresOf(c *specs.Contract) contractFigures {
	f := contractFigures{Name: c.Name, Title: c.Title, Version: c.Version, BasePath: c.BasePath, Digest: c.Digest,
		Operations: len(c.Operations), Requirements: len(c.Requirements), Examples: len(c.Examples), Errata: len(c.Errata)}
	for _, op := range c.Operations {
		f.Outcomes += len(op.Outcomes())
	}
	return f
}

type operationFigures struct {
	ID       string `json:"id"`
	Method   string `json:"method"`
	Path     string `json:"path"`
	Evidence string `json:"evidence"`
	Outcomes int    `json:"outcomes"`
	Examples int    `json:"examples"`
	Title    string `json:"title"`
}

func (a *app) contractShowCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "show CONTRACT",
		Short: "Show what a contract holds: operations, outcomes, requirements, examples, errata",
		Example: `  roadworthy contract show transeu
  roadworthy contract show ./my-api.yaml --format json`,
		Args: exactly(1, "a CONTRACT"),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := specs.Open(args[0])
			if err != nil {
				return err
			}
			f := figuresOf(c)
			var operations []operationFigures
			for _, op := range c.Operations {
				evidence := op.Evidence
				if evidence == "" {
					evidence = "complete"
				}
				operations = append(operations, operationFigures{op.ID, op.Method, c.BasePath + op.Path, evidence, len(op.Outcomes()), len(op.Examples()), op.Title})
			}
			if format == "json" {
				return a.printJSON(struct {
					contractFigures
					List     []operationFigures `json:"operationList"`
					Warnings []string           `json:"warnings,omitempty"`
				}{f, operations, c.Warnings})
			}
			fmt.Fprintf(a.stdout, "%s %s: %s\n%s\n", c.Name, c.Version, c.Title, c.Summary)
			fmt.Fprintf(a.stdout, "\noperations %d · outcomes %d · requirements %d · examples %d · errata %d\n%s\n\n",
				f.Operations, f.Outcomes, f.Requirements, f.Examples, f.Errata, f.Digest)
			w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
			fmt.Fprintln(w, "OPERATION\tMETHOD\tPATH\tEVIDENCE\tOUTCOMES\tEXAMPLES")
			for _, op := range operations {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\n", op.ID, op.Method, op.Path, op.Evidence, op.Outcomes, op.Examples)
			}
			if err := w.Flush(); err != nil {
				return err
			}
			a.warn(c)
			return nil
		},
	}
	addFormatFlag(cmd, &format)
	return cmd
}

// warn says what of the contracts is not heeded.
func (a *app) warn(contracts ...*specs.Contract) {
	for _, c := range contracts {
		for _, warning := range c.Warnings {
			fmt.Fprintln(a.stderr, "warning: "+warning)
		}
	}
}

func (a *app) contractExportCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "export CONTRACT DIR",
		Short:   "Copy a contract's files into a new folder",
		Example: `  roadworthy contract export transeu ./my-transeu`,
		Args:    exactly(2, "a CONTRACT and a folder"),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := specs.Open(args[0])
			if err != nil {
				return err
			}
			if err := specs.Export(c, args[1]); err != nil {
				return err
			}
			fmt.Fprintf(a.stderr, "%s was copied to %s. Edit it and run: roadworthy mock %s\n", c.Name, args[1], args[1])
			return nil
		},
	}
}

func (a *app) contractInitCommand() *cobra.Command {
	var xsdDir, out string
	cmd := &cobra.Command{
		Use:   "init OPENAPI",
		Short: "Write a contract bundle from an OpenAPI document, with its behaviour inferred",
		Example: `  roadworthy contract init petstore.yaml --out ./petstore
  roadworthy contract init orders.yaml --xsd ./xsd --out ./orders`,
		Args: exactly(1, "an OpenAPI document"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := specs.Init(args[0], xsdDir, out); err != nil {
				return err
			}
			fmt.Fprintf(a.stderr, "%s is ready. Look at the comments in %s/behaviour.yaml, then run: roadworthy mock %s\n", out, out, out)
			return nil
		},
	}
	cmd.Flags().StringVar(&xsdDir, "xsd", "", "folder with the XSD files of XML bodies (default: xsd beside the document, if there is one)")
	cmd.Flags().StringVar(&out, "out", "contract", "folder to write; must not exist yet or be empty")
	return cmd
}

// exactly demands a number of arguments and says which are missing.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < n:
			return usageError("%s needs %s.\nUsage: %s", cmd.CommandPath(), what, cmd.UseLine())
		case len(args) > n:
			return usageError("%s takes %d argument(s), found %d: %q is too many.\nUsage: %s", cmd.CommandPath(), n, len(args), args[n], cmd.UseLine())
		}
		return nil
	}
}

func addFormatFlag(cmd *cobra.Command, format *string) {
	*format = "text"
	cmd.Flags().Var(&choice{value: format, allowed: []string{"text", "json"}}, "format", "how to print: text or json")
}

// choice is a flag with a closed list of values.
type choice struct {
	value   *string
	allowed []string
}

func (c *choice) String() string {
	if c.value == nil {
		return ""
	}
	return *c.value
}

func (c *choice) Type() string { return "string" }

func (c *choice) Set(s string) error {
	for _, have := range c.allowed {
		if s == have {
			*c.value = s
			return nil
		}
	}
	return fmt.Errorf("must be one of %v%s", c.allowed, didYouMean(s, c.allowed))
}

func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
