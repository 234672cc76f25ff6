package settings

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
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
	if err := yamlfile.Load(path, &f); err != nil {
		return nil, err
	}
	var problems []yamlfile.Problem
	for _, x := range f.Fixtures {
		if x.State == "" || len(x.Values) == 0 {
			problems = append(problems, yamlfile.Problem{File: path, Line: x.Line, Col: x.Col, What: "a fixture needs a state and values",
				Hint: "such as {state: order, values: {orderNumber: A-1}}"})
		}
	}
	return f.Fixtures, yamlfile.Errors(problems)
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
	if err := yamlfile.Load(path, &f); err != nil {
		return nil, err
	}
	var problems []yamlfile.Problem
	first := map[string]int{}
	for _, w := range f.Waivers {
		add := func(hint, format string, args ...any) {
			problems = append(problems, yamlfile.Problem{File: path, Line: w.Line, Col: w.Col, What: fmt.Sprintf(format, args...), Hint: hint})
		}
		if w.Deviation == "" || strings.TrimSpace(w.Reason) == "" || strings.TrimSpace(w.Owner) == "" {
			add("such as {deviation: 8a6f…, reason: known since 2.1, owner: team orders, expires: 2026-12-31}", "a waiver needs a deviation, a reason and an owner")
		}
		if _, err := time.Parse(time.DateOnly, w.Expires); err != nil {
			add("the last day on which it holds", "the waiver expires on %q, expected a day such as 2026-12-31", w.Expires)
		}
		if line, twice := first[w.Deviation]; twice && w.Deviation != "" {
			add("keep one of them", "the deviation %s is waived already in line %d", w.Deviation, line)
		}
		first[w.Deviation] = w.Line
	}
	return f.Waivers, yamlfile.Errors(problems)
}

// maxBaseline is the largest report that is read, in bytes.
const maxBaseline = 256 << 20

// Baseline reads the report of an earlier run of the same contract.
func Baseline(path, contract string) (*reports.Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r reports.Report
	if err := json.NewDecoder(io.LimitReader(f, maxBaseline)).Decode(&r); err != nil {
		return nil, fmt.Errorf("%s is not a report: %w (expected the report.json of an earlier run)", path, err)
	}
	if r.Schema != reports.SchemaVersion {
		return nil, fmt.Errorf("%s is of the format %q, expected %s", path, r.Schema, reports.SchemaVersion)
	}
	if r.Suite.Contract != contract {
		return nil, fmt.Errorf("%s is a report on the contract %s, and this run is about %s", path, r.Suite.Contract, contract)
	}
	return &r, nil
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
	Line       int
	Col        int
}

// ReadImplementation reads who is judged:
//
//	vendor: ACME
//	product: Orders
//	version: "4.2"
func ReadImplementation(path string) (*Implementation, error) {
	var f Implementation
	if err := yamlfile.Load(path, &f); err != nil {
		return nil, err
	}
	var missing []yamlfile.Problem
	for _, field := range []struct{ name, value string }{{"vendor", f.Vendor}, {"product", f.Product}, {"version", f.Version}} {
		if strings.TrimSpace(field.value) == "" {
			missing = append(missing, yamlfile.Problem{File: path, Line: f.Line, Col: f.Col, What: field.name + " is missing", Hint: "write " + field.name + ": …"})
		}
	}
	return &f, yamlfile.Errors(missing)
}
