package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs"
)

// readMockIdentities reads the file of --identities: callers by contract name
// ("*" for every contract).
//
//	parcels:
//	  - {name: second, login: acme, password: secret, company: ACME}
func readMockIdentities(path string) (map[string][]specs.Identity, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, failWith(exitUsage, err)
	}
	defer file.Close()
	var all map[string][]specs.Identity
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	if err := decoder.Decode(&all); err != nil && !errors.Is(err, io.EOF) {
		return nil, failWith(exitUsage, fmt.Errorf("%s: %w", path, err))
	}
	if everywhere, ok := all["*"]; ok {
		all[""] = everywhere
		delete(all, "*")
	}
	var problems []error
	for contract, identities := range all {
		for i, identity := range identities {
			if identity.Name == "" || identity.Token == "" && identity.Login == "" {
				problems = append(problems, fmt.Errorf("%s: %s: identity %d needs a name, and a token or a login", path, contract, i+1))
			}
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, failWith(exitUsage, err)
	}
	return all, nil
}
