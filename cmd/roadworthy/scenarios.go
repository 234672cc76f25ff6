package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// ownScenarios reads the scenarios of a folder, such as recorded ones, and checks
// them against the contract. Without a folder it gives nil: the contract's own.
func ownScenarios(c *specs.Contract, dir string) ([]*scenarios.Scenario, error) {
	if dir == "" {
		return nil, nil
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("--scenarios %s: expected a folder with scenario files", dir)
	}
	list, err := scenarios.Load(os.DirFS(dir))
	if err == nil {
		err = scenarios.Check(c, list)
	}
	if err != nil {
		var broken *scenarios.LoadError
		if errors.As(err, &broken) {
			for i := range broken.Problems {
				broken.Problems[i].File = path.Join(filepath.ToSlash(dir), broken.Problems[i].File)
			}
		}
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("--scenarios %s: the folder holds no scenario", dir)
	}
	for _, s := range list {
		s.File = path.Join(filepath.ToSlash(dir), s.File)
	}
	return list, nil
}
