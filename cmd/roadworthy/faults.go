package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/mockserver/fault"
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
}

// readFaults reads the file of --faults: a list of faults to arm from the start.
//
//   - {fault: latency, params: {min: 200ms}, probability: 0.1}
func readFaults(path string) ([]fault.Active, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, failWith(exitUsage, err)
	}
	defer file.Close()
	var entries []faultEntry
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	if err := decoder.Decode(&entries); err != nil && !errors.Is(err, io.EOF) {
		return nil, failWith(exitUsage, fmt.Errorf("%s: %w", path, err))
	}
	var all []fault.Active
	for _, e := range entries {
		all = append(all, fault.Active{Fault: e.Fault, Contract: e.Contract, Operation: e.Operation, Session: e.Session,
			Params: e.Params, Probability: e.Probability, Call: e.Call, Every: e.Every})
	}
	return all, nil
}

// armFaults puts faults in force; all that are wrong are told together. Replicas that
// read the same file put them in force once.
func armFaults(set *fault.Set, path string, all []fault.Active) error {
	var problems []error
	for i, one := range all {
		if _, err := set.AddOnce("file:"+strconv.Itoa(i+1), one); err != nil {
			problems = append(problems, fmt.Errorf("%s: fault %d: %w", path, i+1, err))
		}
	}
	return errors.Join(problems...)
}
