package main

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/reports/statement"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

func (a *app) verifyCommand() *cobra.Command {
	var keyFile, reportFile, contract string
	cmd := &cobra.Command{
		Use:   "verify STATEMENT",
		Short: "Check a conformance statement's signature and that it matches its report",
		Long: `Checks the signature, the digests and the verdict, which is computed again from
the report, and that the report does not contradict itself. The report is
report.json beside the statement unless --report names another. Without --key the
key beside the statement is used (statement.pub.pem), or else the one inside it:
that proves that nothing was changed, not who signed. With --contract it is also
checked that this is the contract that the implementation was judged by, byte for
byte.`,
		Example: `  roadworthy verify roadworthy-report/statement.json --key vendor.pub.pem`,
		Args:    exactly(1, "a statement.json"),
		RunE: func(_ *cobra.Command, args []string) error {
			envelope, err := os.ReadFile(args[0])
			if err != nil {
				return failWith(exitUsage, yamlfile.NamedBy("", err))
			}
			if reportFile == "" {
				reportFile = filepath.Join(filepath.Dir(args[0]), "report.json")
			}
			report, err := os.ReadFile(reportFile)
			if err != nil {
				return failWith(exitUsage, fmt.Errorf("the statement's report: %w (name it with --report)", yamlfile.NamedBy("", err)))
			}
			var key ed25519.PublicKey
			pinned := keyFile != ""
			if beside := filepath.Join(filepath.Dir(args[0]), "statement.pub.pem"); !pinned {
				if _, err := os.Stat(beside); err == nil {
					keyFile = beside
				}
			}
			if keyFile != "" {
				source, err := os.ReadFile(keyFile)
				if err != nil {
					return failWith(exitUsage, yamlfile.NamedBy("--key", err))
				}
				if key, err = statement.ParsePublicKey(source); err != nil {
					return failWith(exitUsage, fmt.Errorf("%s: %w", keyFile, err))
				}
			}
			s, err := statement.Verify(envelope, report, key, verdict.Fold)
			if err == nil {
				err = consistent(report)
			}
			if err == nil && contract != "" {
				c, failed := specs.Open(contract)
				if failed != nil {
					return failed
				}
				err = sameContract(s, c)
			}
			if err != nil {
				return failWith(exitDeviations, fmt.Errorf("%s does not hold:\n%w", args[0], err))
			}
			p := s.Predicate
			fmt.Fprintf(a.stdout, "valid: %s %s %s is %s to %s %s (judged %s, suite %s)\n", p.Implementation.Vendor, p.Implementation.Product,
				p.Implementation.Version, p.Verdict, p.Contract, p.ContractVersion, p.Started, p.Suite)
			switch {
			case key == nil:
				fmt.Fprintf(a.stdout, "signed with the key inside the statement, %s; pin it with --key to know who signed\n", p.PublicKey)
			case !pinned:
				fmt.Fprintf(a.stdout, "signed with the key in %s; get it from the signer and give it with --key to know who signed\n", keyFile)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&keyFile, "key", "", "the signer's ed25519 public key (PEM)")
	cmd.Flags().StringVar(&contract, "contract", "", "the CONTRACT that must have been judged by, compared byte for byte")
	cmd.Flags().StringVar(&reportFile, "report", "", "the report.json (default: beside the statement)")
	return cmd
}

// consistent holds a report against itself: the bytes that were verified, since the
// file may be another by now.
func consistent(source []byte) error {
	report, err := reports.Decode(bytes.NewReader(source))
	if err != nil {
		return fmt.Errorf("report.json: %w", err)
	}
	return errors.Join(verdict.Contradictions(report)...)
}

// sameContract compares the digest in a statement with that of a contract.
func sameContract(s *statement.Statement, c *specs.Contract) error {
	for _, subject := range s.Subject {
		if subject.Name == "contract:"+c.Name && "sha256:"+subject.Digest["sha256"] == c.Digest {
			return nil
		}
	}
	return fmt.Errorf("contract: the statement is about another state of %s than the one that was given (%s)", c.Name, c.Digest)
}
