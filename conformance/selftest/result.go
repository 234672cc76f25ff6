package selftest

import (
	"slices"
	"time"
)

// Result is what the self-test found out.
type Result struct {
	Contract       string        `json:"contract"`
	Faults         []Fault       `json:"-"`
	Fields         int           `json:"fields"` // of one operation, at most
	CleanRuns      int           `json:"cleanRuns"`
	CleanScenarios int           `json:"cleanScenarios"`
	CleanSteps     int           `json:"cleanSteps"`
	FalseAlarms    []Alarm       `json:"falseAlarms"`
	Planted        []Planted     `json:"planted"`
	Duration       time.Duration `json:"-"`
}

// Alarm is a scenario that failed against the healthy server.
type Alarm struct {
	Run      int    `json:"run"`
	Seed     int64  `json:"seed"`
	Scenario string `json:"scenario"`
	Why      string `json:"why"`
}

// Tally counts the seeds of one fault.
type Tally struct {
	Fault, Kind, Title string
	// Count by class.
	Count map[Class]int
}

// Seeded is how many places must be found.
func (t Tally) Seeded() int { return t.Count[Found] + t.Count[Survived] }

// Places is how many places there are.
func (t Tally) Places() int {
	n := 0
	for _, c := range Classes() {
		n += t.Count[c]
	}
	return n
}

// Tallies counts by fault, in the order of the catalogue.
func (r *Result) Tallies() []Tally {
	var all []Tally
	for _, f := range r.Faults {
		t := Tally{Fault: f.Name, Kind: f.Kind, Title: f.Title, Count: map[Class]int{}}
		for _, p := range r.Planted {
			if p.Fault == f.Name {
				t.Count[p.Class]++
			}
		}
		all = append(all, t)
	}
	return all
}

// Of lists the seeds of a class.
func (r *Result) Of(class Class) []Planted {
	var all []Planted
	for _, p := range r.Planted {
		if p.Class == class {
			all = append(all, p)
		}
	}
	return all
}

// Failed reports a survivor or a false alarm.
func (r *Result) Failed() bool {
	return len(r.FalseAlarms) > 0 || slices.ContainsFunc(r.Planted, func(p Planted) bool { return p.Class == Survived || p.Class == FalseAlarm })
}
