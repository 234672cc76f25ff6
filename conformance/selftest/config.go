package selftest

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

// Fault is an entry of the server's catalogue of faults.
type Fault struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"` // wire, message or behaviour
	Title string `json:"title"`
}

// Config says what is tested. Contract, Target, Admin and Faults are needed.
type Config struct {
	Contract *specs.Contract
	// Scenarios to run; nil means those of the contract.
	Scenarios []*scenarios.Scenario
	// Target is the base URL of the server; States its set-up hook.
	Target, States string
	// Admin is the URL below which "faults" and "reset" are.
	Admin string
	// Faults is the catalogue of the server.
	Faults []Fault
	// Only are globs over the names of faults; one that fits nothing is an error.
	Only []string
	// CleanRuns is how often the suite runs against the healthy server; 0 is once.
	CleanRuns int
	// Parallel is how many scenarios (clean runs) and how many faults are under way
	// at a time; 0 is 8.
	Parallel int
	Seed     int64 // of unique values and of the order; 0 is 1
	// Fields is the most fields of one operation in which a fault of messages is
	// seeded; 0 is 60.
	Fields   int
	Progress func(done, all int)
	Now      func() time.Time // nil is time.Now
}

// sessionHeader gives a caller of the server a private state.
const sessionHeader = "Mock-Session"

func (c Config) withDefaults() (Config, error) {
	if c.Contract == nil {
		return c, errors.New("the self-test needs a contract")
	}
	if len(c.Faults) == 0 {
		return c, errors.New("the self-test needs the faults of the server")
	}
	if c.Parallel <= 0 {
		c.Parallel = 8
	}
	if c.CleanRuns <= 0 {
		c.CleanRuns = 1
	}
	if c.Seed == 0 {
		c.Seed = 1
	}
	if c.Fields <= 0 {
		c.Fields = 60
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	var problems []error
	names := make([]string, len(c.Faults))
	for i, f := range c.Faults {
		names[i] = f.Name
		if !slices.ContainsFunc(rules(), func(r rule) bool { return r.fault == f.Name }) {
			problems = append(problems, fmt.Errorf("the self-test does not know what to expect of the fault %s: add it to its rules", f.Name))
		}
	}
	for _, glob := range c.Only {
		if !slices.ContainsFunc(names, func(n string) bool { return fits(glob, n) }) {
			problems = append(problems, fmt.Errorf("no fault fits %q; there are %s", glob, strings.Join(names, ", ")))
		}
	}
	return c, errors.Join(problems...)
}

func fits(glob, name string) bool {
	ok, err := path.Match(glob, name)
	return ok && err == nil
}

// wanted reports whether a fault is to be seeded.
func (c Config) wanted(name string) bool {
	return len(c.Only) == 0 || slices.ContainsFunc(c.Only, func(glob string) bool { return fits(glob, name) })
}
