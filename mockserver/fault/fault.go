package fault

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// Kind is where a fault bites.
type Kind string

// The kinds of faults.
const (
	Wire      Kind = "wire"
	Message   Kind = "message"
	Behaviour Kind = "behaviour"
)

// Fault is one entry of the catalogue.
type Fault struct {
	Name   string  `json:"name"`
	Kind   Kind    `json:"kind"`
	Title  string  `json:"title"`
	Params []Param `json:"params"`

	apply func(*Plan, values)
}

// Param is a parameter of a fault.
type Param struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Default string `json:"default"`
	// Form is duration, number or text.
	Form string `json:"form"`
}

// All is the catalogue, by kind and name.
func All() []Fault {
	all := slices.Concat(wireFaults(), messageFaults(), behaviourFaults())
	for i := range all {
		if all[i].Params == nil {
			all[i].Params = []Param{}
		}
	}
	return all
}

// Plan is what must go wrong in one exchange. The zero value is nothing.
type Plan struct {
	// Names of the faults in force.
	Names []string

	// On the wire.
	Delay       time.Duration
	Reset       bool // close the connection without an answer
	Empty       bool // answer the status and no body
	Truncate    bool // close the connection in the middle of the body
	Garble      bool // make the body malformed
	DripDelay   time.Duration
	DripBytes   int // bytes between two delays; 0 is no drip
	ContentType string

	// In the message: changes of the body before it is written.
	Edits []func(*payload.Tree)

	// In the behaviour.
	Outcome         string // "layer:code" or a code
	IgnoreAuth      bool
	AcceptAll       bool
	ForgetWrites    bool
	AllowDuplicates bool
	LeakSession     bool
	LeakCompany     bool
	OKOnError       bool
}

// values are the parameters of an active fault.
type values map[string]string

func (v values) number(name string) int {
	n, err := strconv.Atoi(v[name])
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (v values) duration(name string) time.Duration {
	d, err := time.ParseDuration(v[name])
	if err != nil || d < 0 {
		return 0
	}
	return min(d, maxDelay)
}

// maxDelay bounds what a fault may hold a connection for.
const maxDelay = 2 * time.Minute

func find(name string) (Fault, error) {
	all := All()
	names := make([]string, len(all))
	for i, f := range all {
		if f.Name == name {
			return f, nil
		}
		names[i] = f.Name
	}
	if near := yamlfile.DidYouMean(name, names); near != "" {
		return Fault{}, fmt.Errorf("there is no fault %q; %s", name, near)
	}
	return Fault{}, fmt.Errorf("there is no fault %q; there are %s", name, strings.Join(names, ", "))
}

func (f Fault) paramNames() string {
	var names []string
	for _, p := range f.Params {
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// complete checks parameters and adds the defaults.
func (f Fault) complete(given map[string]string) (values, error) {
	full := values{}
	for _, p := range f.Params {
		full[p.Name] = p.Default
	}
	for name, value := range given {
		at := slices.IndexFunc(f.Params, func(p Param) bool { return p.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("the fault %s has no parameter %q; it has %s", f.Name, name, f.paramNames())
		}
		switch f.Params[at].Form {
		case "duration":
			if d, err := time.ParseDuration(value); err != nil || d < 0 {
				return nil, fmt.Errorf("%s of the fault %s: expected a duration such as 250ms, found %q", name, f.Name, value)
			}
		case "number":
			if n, err := strconv.Atoi(value); err != nil || n < 0 {
				return nil, fmt.Errorf("%s of the fault %s: expected a number of at least 0, found %q", name, f.Name, value)
			}
		}
		full[name] = value
	}
	return full, nil
}
