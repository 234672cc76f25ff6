package main

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports/statement"
)

func (a *app) verifyCommand() *cobra.Command {
	var keyFile, reportFile string
	cmd := &cobra.Command{
		Use:   "verify STATEMENT",
		Short: "Check a conformance statement's signature and that it matches its report",
		Long: `Checks the signature, the digests and the verdict, which is computed again from
the report. The report is report.json beside the statement unless --report names
another. Without --key the key inside the statement is used: that proves that
nothing was changed, not who signed.`,
		Example: `  roadworthy verify roadworthy-report/statement.json --key vendor.pub.pem`,
		Args:    exactly(1, "a statement.json"),
		RunE: func(_ *cobra.Command, args []string) error {
			envelope, err := os.ReadFile(args[0])
			if err != nil {
				return failWith(exitUsage, err)
			}
			if reportFile == "" {
				reportFile = filepath.Join(filepath.Dir(args[0]), "report.json")
			}
			report, err := os.ReadFile(reportFile)
			if err != nil {
				return failWith(exitUsage, fmt.Errorf("the statement's report: %w (name it with --report)", err))
			}
			var key ed25519.PublicKey
			if keyFile != "" {
				source, err := os.ReadFile(keyFile)
				if err != nil {
					return failWith(exitUsage, err)
				}
				if key, err = statement.ParsePublicKey(source); err != nil {
					return failWith(exitUsage, fmt.Errorf("%s: %w", keyFile, err))
				}
			}
			s, err := statement.Verify(envelope, report, key, verdict.Fold)
			if err != nil {
				return failWith(exitDeviations, fmt.Errorf("%s does not hold:\n%w", args[0], err))
			}
			p := s.Predicate
			fmt.Fprintf(a.stdout, "valid: %s %s %s is %s to %s %s (judged %s, suite %s)\n", p.Implementation.Vendor, p.Implementation.Product,
				p.Implementation.Version, p.Verdict, p.Contract, p.ContractVersion, p.Started, p.Suite)
			if key == nil {
				fmt.Fprintf(a.stdout, "signed with the key inside the statement, %s; pin it with --key to know who signed\n", p.PublicKey)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&keyFile, "key", "", "the signer's ed25519 public key (PEM)")
	cmd.Flags().StringVar(&reportFile, "report", "", "the report.json (default: beside the statement)")
	return cmd
}
