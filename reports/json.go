package reports

import (
	"encoding/json"
	"io"
)

// JSON writes report.json: the report as it is, indented, lists never null.
func JSON(w io.Writer, r *Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(withLists(r))
}

// withLists gives a copy in which every list that the schema demands is there.
func withLists(r *Report) *Report {
	c := *r
	if c.Schema == "" {
		c.Schema = SchemaVersion
	}
	c.Profiles = list(c.Profiles)
	c.Deviations = list(c.Deviations)
	c.Scenarios = append([]Scenario{}, c.Scenarios...)
	for i := range c.Scenarios {
		s := &c.Scenarios[i]
		s.Requirements = list(s.Requirements)
		s.Steps = append([]Step{}, s.Steps...)
		for j := range s.Steps {
			s.Steps[j].Deviations = list(s.Steps[j].Deviations)
		}
	}
	c.Coverage.Operations = list(c.Coverage.Operations)
	c.Coverage.Fields = list(c.Coverage.Fields)
	c.Coverage.Requirements = list(c.Coverage.Requirements)
	c.Coverage.Outcomes = append([]OutcomeCoverage{}, c.Coverage.Outcomes...)
	for i := range c.Coverage.Outcomes {
		c.Coverage.Outcomes[i].Scenarios = list(c.Coverage.Outcomes[i].Scenarios)
	}
	return &c
}

func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
