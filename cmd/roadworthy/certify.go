package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/conformance/plan"
	"github.com/roadworthy-project/roadworthy/conformance/settings"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/reports/statement"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

func (a *app) certifyCommand() *cobra.Command {
	var f runFlags
	var implementation, keyFile string
	cmd := &cobra.Command{
		Use:   "certify CONTRACT --target URL --implementation FILE",
		Short: "Run everything with nothing excluded and sign a conformance statement",
		Long: `Runs every scenario and generated check and writes statement.json beside the
report: who was judged, by what, with which verdict, signed over the digests of
the report, the contract and this program. Without --key a new key is made and
its public half is written beside the statement.`,
		Example: `  roadworthy certify transeu --target https://staging.example.com --implementation us.yaml --key us.pem`,
		Args:    exactly(1, "a CONTRACT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if implementation == "" {
				return usageError("certify needs --implementation FILE: a YAML file with vendor, product and version")
			}
			about, err := settings.ReadImplementation(implementation)
			if err != nil {
				return failWith(exitUsage, yamlfile.NamedBy("--implementation", err))
			}
			key, err := signingKey(keyFile)
			if err != nil {
				return failWith(exitUsage, yamlfile.NamedBy("--key", err))
			}
			f.contract = args[0]
			config, err := a.runConfig(args[0], f)
			if err != nil {
				return err
			}
			config.Implementation = reports.Implementation{Vendor: about.Vendor, Product: about.Product, Version: about.Version}
			config.Declared = about.Operations
			if _, err := plan.Declared(config.Contract, about.Operations); err != nil {
				return failWith(exitUsage, fmt.Errorf("%s: %w", implementation, err))
			}
			if !slices.Contains(f.out.formats, "json") {
				f.out.formats = append([]string{"json"}, f.out.formats...)
			}
			report, err := a.run(cmd.Context(), config, f)
			if err != nil {
				return err
			}
			if cmd.Context().Err() != nil {
				return quietly(exitInterrupted)
			}
			if report.Verdict == reports.Inconclusive {
				fmt.Fprintln(a.stderr, "roadworthy: no statement was signed: the run is inconclusive")
				return quietly(exitInconclusive)
			}
			if err := signStatement(f.out.dir, about, key, keyFile == ""); err != nil {
				return failWith(exitUsage, err)
			}
			fmt.Fprintf(a.stderr, "signed statement in %s\n", filepath.Join(f.out.dir, "statement.json"))
			return quietly(exitOf(report))
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&implementation, "implementation", "", "YAML file that names vendor, product, version, contacts, features and operations")
	cmd.Flags().StringVar(&keyFile, "key", "", "ed25519 private key (PEM) to sign with (default: a new one)")
	return cmd
}

func signingKey(path string) (ed25519.PrivateKey, error) {
	if path == "" {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := statement.ParsePrivateKey(source)
	if err != nil {
		return nil, fmt.Errorf("--key %s: %w", path, err)
	}
	return key, nil
}

// signStatement signs the report.json that was just written.
func signStatement(dir string, about *settings.Implementation, key ed25519.PrivateKey, writePublic bool) error {
	report, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		return err
	}
	envelope, err := statement.Sign(report, statement.About{Contacts: about.Contacts, Features: about.Features, SuiteDigest: ownDigest()}, key)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "statement.json"), envelope, 0o644); err != nil {
		return err
	}
	if !writePublic {
		return nil
	}
	public, err := statement.EncodePublicKey(key)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "statement.pub.pem"), public, 0o644)
}

// ownDigest is the digest of this program; "" where it cannot be read.
func ownDigest() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return ""
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}
