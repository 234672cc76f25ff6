package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
)

type fixturesFile struct {
	Fixtures []engine.Fixture `yaml:"fixtures"`
}

// Fixtures reads the names of records that were prepared on the target:
//
//	fixtures:
//	  - {state: order, values: {erpNumber: E-1, orderNumber: A-1}}
func Fixtures(path string) ([]engine.Fixture, error) {
	var f fixturesFile
	if err := read(path, &f); err != nil {
		return nil, err
	}
	var problems []string
	for i, x := range f.Fixtures {
		if x.State == "" || len(x.Values) == 0 {
			problems = append(problems, fmt.Sprintf("%s: fixture %d needs a state and values", path, i+1))
		}
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	return f.Fixtures, nil
}

type waiversFile struct {
	Waivers []verdict.WaiverRule `yaml:"waivers"`
}

// Waivers reads which deviations are accepted, why, by whom and until when:
//
//	waivers:
//	  - {deviation: 8a6f…, reason: known since 2.1, owner: team orders, expires: 2026-12-31}
func Waivers(path string) ([]verdict.WaiverRule, error) {
	var f waiversFile
	if err := read(path, &f); err != nil {
		return nil, err
	}
	var problems []string
	for i, w := range f.Waivers {
		if w.Deviation == "" || strings.TrimSpace(w.Reason) == "" || w.Owner == "" {
			problems = append(problems, fmt.Sprintf("%s: waiver %d needs a deviation, a reason and an owner", path, i+1))
		}
		if _, err := time.Parse(time.DateOnly, w.Expires); err != nil {
			problems = append(problems, fmt.Sprintf("%s: waiver %d expires on %q, expected a day such as 2026-12-31", path, i+1, w.Expires))
		}
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	return f.Waivers, nil
}

// maxBaseline is the largest report that is read, in bytes.
const maxBaseline = 256 << 20

// Baseline reads the report of an earlier run of the same contract.
func Baseline(path, contract string) (*reports.Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(err)
	}
	defer f.Close()
	var r reports.Report
	if err := json.NewDecoder(io.LimitReader(f, maxBaseline)).Decode(&r); err != nil {
		return nil, fmt.Errorf("%s is not a report: %w", path, err)
	}
	if r.Schema != reports.SchemaVersion {
		return nil, fmt.Errorf("%s is of the format %q, expected %s", path, r.Schema, reports.SchemaVersion)
	}
	if r.Suite.Contract != contract {
		return nil, fmt.Errorf("%s is a report on the contract %s, and this run is about %s", path, r.Suite.Contract, contract)
	}
	return &r, nil
}

// unreadable takes the name of the system call out of an error.
func unreadable(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

// Implementation is what a vendor says of the implementation.
type Implementation struct {
	Vendor   string   `yaml:"vendor"`
	Product  string   `yaml:"product"`
	Version  string   `yaml:"version"`
	Contacts []string `yaml:"contacts,omitempty"`
	Features []string `yaml:"features,omitempty"`
	// Operations are globs over the operations that it has; none means all.
	Operations []string `yaml:"operations,omitempty"`
}

// ReadImplementation reads who is judged:
//
//	vendor: ACME
//	product: Orders
//	version: "4.2"
func ReadImplementation(path string) (*Implementation, error) {
	var f Implementation
	if err := read(path, &f); err != nil {
		return nil, err
	}
	var missing []error
	for _, field := range []struct{ name, value string }{{"vendor", f.Vendor}, {"product", f.Product}, {"version", f.Version}} {
		if strings.TrimSpace(field.value) == "" {
			missing = append(missing, fmt.Errorf("%s: %s is missing", path, field.name))
		}
	}
	return &f, errors.Join(missing...)
}
