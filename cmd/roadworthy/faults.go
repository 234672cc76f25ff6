package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/roadworthy-project/roadworthy/mockserver/fault"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// faultEntry is one entry of the file of --faults, with the names of the admin API.
type faultEntry struct {
	Fault       string            `yaml:"fault"`
	Contract    string            `yaml:"contract"`
	Operation   string            `yaml:"operation"`
	Session     string            `yaml:"session"`
	Params      map[string]string `yaml:"params"`
	Probability float64           `yaml:"probability"`
	Call        int               `yaml:"call"`
	Every       int               `yaml:"every"`
	Line, Col   int
}

// placedFault is a fault with the place in its file.
type placedFault struct {
	fault.Active
	at string
}

// readFaults reads the file of --faults: a list of faults to arm from the start. Those
// of a contract or an operation that is not served would never come: they are refused.
//
//   - {fault: latency, params: {min: 200ms}, probability: 0.1}
func readFaults(path string, served []*specs.Contract) ([]placedFault, error) {
	if path == "" {
		return nil, nil
	}
	var entries []faultEntry
	if err := yamlfile.Load(path, &entries); err != nil {
		return nil, failWith(exitUsage, yamlfile.NamedBy("--faults", err))
	}
	var contracts []string
	for _, c := range served {
		contracts = append(contracts, c.Name)
	}
	var all []placedFault
	var problems []error
	for _, e := range entries {
		at := fmt.Sprintf("%s:%d:%d", path, e.Line, e.Col)
		var operations []string
		for _, c := range served {
			if e.Contract == "" || e.Contract == c.Name {
				for _, op := range c.Operations {
					operations = append(operations, op.ID)
				}
			}
		}
		for _, one := range []struct {
			what, name string
			known      []string
		}{{"contract", e.Contract, contracts}, {"operation", e.Operation, operations}} {
			if one.name != "" && !slices.Contains(one.known, one.name) && len(one.known) > 0 {
				problems = append(problems, fmt.Errorf("%s: no %s %q is served%s", at, one.what, one.name, didYouMean(one.name, one.known)))
			}
		}
		all = append(all, placedFault{fault.Active{Fault: e.Fault, Contract: e.Contract, Operation: e.Operation, Session: e.Session,
			Params: e.Params, Probability: e.Probability, Call: e.Call, Every: e.Every}, at})
	}
	if err := errors.Join(problems...); err != nil {
		return nil, failWith(exitUsage, err)
	}
	return all, nil
}

// armFaults puts faults in force; all that are wrong are told together. Replicas that
// read the same file put them in force once.
func armFaults(set *fault.Set, all []placedFault) error {
	var problems []error
	for i, one := range all {
		if _, err := set.AddOnce("file:"+strconv.Itoa(i+1), one.Active); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", one.at, err))
		}
	}
	return errors.Join(problems...)
}
