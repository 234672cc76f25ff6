package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/reports/compare"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/drift"
	"github.com/roadworthy-project/roadworthy/specs/drift/source"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

func (a *app) driftCommand() *cobra.Command {
	format, failOn := "text", string(drift.Breaking)
	var rules bool
	cmd := &cobra.Command{
		Use:   "drift OLD NEW",
		Short: "Compare two contracts, OpenAPI documents, XSDs or reports; fail on what breaks",
		Long: `Compare an old and a new side, and fail when what was right is wrong now.

OLD and NEW are two contracts (a built-in name, a folder with a contract.yaml, a bare
OpenAPI document), two XML Schemas (.xsd) or two report.json. Each may be taken from a
git revision, written main:specs/otms, or be another version that a contract
describes, written otm5@5.5.`,
		Example: `  roadworthy drift main:contract contract
  roadworthy drift old.xsd new.xsd
  roadworthy drift otm5@5.5 otm5
  roadworthy drift last-release/report.json roadworthy-report/report.json --fail-on warning`,
		Args: func(cmd *cobra.Command, args []string) error {
			if rules {
				return exactly(0, "")(cmd, args)
			}
			return exactly(2, "an OLD and a NEW side")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if rules {
				return a.printDriftRules(format)
			}
			d, err := compareSides(cmd.Context(), args[0], args[1])
			if err != nil {
				return failWith(exitUsage, err)
			}
			if err := a.stepSummary(func(w io.Writer) error { return drift.Markdown(w, d) }); err != nil {
				return err
			}
			for _, f := range drift.Formats() {
				if f.Name == format {
					if err := f.Write(a.stdout, d); err != nil {
						return err
					}
				}
			}
			if failOn != "never" && drift.Failed(d.Changes, drift.Severity(failOn)) {
				return quietly(exitDeviations)
			}
			return nil
		},
	}
	var formats []string
	for _, f := range drift.Formats() {
		formats = append(formats, f.Name)
	}
	cmd.Flags().Var(&choice{value: &format, allowed: formats}, "format", "how to print: "+strings.Join(formats, ", "))
	cmd.Flags().Var(&choice{value: &failOn, allowed: []string{"breaking", "warning", "never"}}, "fail-on", "what makes the exit code 1: breaking, warning or never")
	cmd.Flags().BoolVar(&rules, "rules", false, "list the rules and exit")
	return cmd
}

func (a *app) printDriftRules(format string) error {
	all := append(compare.Rules(), drift.Rules()...)
	if format == "json" {
		return a.printJSON(all)
	}
	for _, r := range all {
		severity := string(r.Request)
		if r.Request != r.Response {
			severity += "/" + string(r.Response)
		}
		if _, err := fmt.Fprintf(a.stdout, "%-10s %-55s %-17s %s\n", r.Area, r.ID, severity, r.About); err != nil {
			return err
		}
	}
	return nil
}

// driftSide is what one argument of drift means; one of the three is set.
type driftSide struct {
	contract *specs.Contract
	xsd      *schema.XSD
	report   *reports.Report
	version  drift.Version // for a contract that is another version of a bundle
}

func (s *driftSide) kind() string {
	switch {
	case s.xsd != nil:
		return "an XML Schema"
	case s.report != nil:
		return "a report"
	}
	return "a contract"
}

func compareSides(ctx context.Context, old, now string) (*drift.Drift, error) {
	before, err := openSide(ctx, old)
	if err != nil {
		return nil, fmt.Errorf("OLD: %w", err)
	}
	after, err := openSide(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("NEW: %w", err)
	}
	if before.kind() != after.kind() {
		return nil, fmt.Errorf("%s is %s and %s is %s: give two of a kind", old, before.kind(), now, after.kind())
	}
	d := &drift.Drift{Old: old, New: now, Notes: slices.Concat(before.version.Notes, after.version.Notes)}
	switch {
	case before.xsd != nil:
		d.Kind = "xsd"
		d.Changes, err = drift.CompareXSD(before.xsd, after.xsd)
	case before.report != nil:
		d.Kind = "report"
		d.Changes, d.Open, err = compare.Reports(before.report, after.report)
	default:
		d.Kind = "contract"
		d.Changes, err = drift.Compare(before.contract, after.contract)
		d.Changes = after.version.Soften(before.version.Soften(d.Changes))
	}
	return d, err
}

func openSide(ctx context.Context, ref string) (*driftSide, error) {
	if slices.Contains(specs.BuiltIn(), ref) {
		return contractSide(specs.Open(ref))
	}
	if _, err := os.Stat(ref); err != nil {
		if name, version, found := strings.Cut(ref, "@"); found && !strings.Contains(version, ":") && !strings.Contains(name, ":") {
			bundle, err := specs.Open(name)
			if err != nil {
				return nil, err
			}
			if version == bundle.Version {
				return contractSide(bundle, nil)
			}
			return versionSide(bundle.Files(), version, ref)
		}
		if !strings.Contains(ref, ":") {
			return contractSide(specs.Open(ref)) // says what is there, and what is near
		}
	}
	found, err := source.Open(ctx, ref)
	if err != nil {
		return nil, err
	}
	if found.Name == "" {
		return contractSide(specs.OpenFS(found.FS, ref))
	}
	return fileSide(found)
}

func fileSide(found *source.Source) (*driftSide, error) {
	if folder, name := path.Split(found.Name); folder == drift.VersionFolder+"/" {
		if _, err := fs.Stat(found.FS, "contract.yaml"); err == nil {
			return versionSide(found.FS, strings.TrimSuffix(name, path.Ext(name)), found.Ref)
		}
	}
	if path.Base(found.Name) == "contract.yaml" {
		return contractSide(specs.OpenFS(found.FS, strings.TrimSuffix(found.Ref, "contract.yaml")))
	}
	body, err := found.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", found.Ref, err)
	}
	switch {
	case path.Ext(found.Name) == ".xsd":
		x, err := schema.XSDFiles{
			Read: func(name string) ([]byte, error) { return fs.ReadFile(found.FS, name) },
			Show: func(name string) string { return strings.TrimSuffix(found.Ref, found.Name) + name },
		}.CompileFiles(found.Name)
		return &driftSide{xsd: x}, err
	case path.Ext(found.Name) == ".json" && bytes.Contains(body[:min(len(body), 4096)], []byte(`"roadworthy.report/`)):
		report, err := reports.Decode(bytes.NewReader(body))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", found.Ref, err)
		}
		return &driftSide{report: report}, nil
	}
	side, err := contractSide(specs.OpenDocument(found.FS, found.Name))
	if err == nil {
		side.contract.Origin = found.Ref
	}
	return side, err
}

func contractSide(c *specs.Contract, err error) (*driftSide, error) {
	if err != nil {
		return nil, err
	}
	return &driftSide{contract: c}, nil
}

func versionSide(bundle fs.FS, version, ref string) (*driftSide, error) {
	v, err := drift.OpenVersion(bundle, version, ref)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ref, err)
	}
	return &driftSide{contract: v.Contract, version: *v}, nil
}
