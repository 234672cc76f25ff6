package main

import (
	"errors"
	"fmt"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
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
	var all map[string][]specs.Identity
	if err := yamlfile.Load(path, &all); err != nil {
		return nil, failWith(exitUsage, yamlfile.NamedBy("--identities", err))
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
