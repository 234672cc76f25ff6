package reports

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
)

// JSON writes report.json: the report as it is, indented, lists never null. The
// scenarios, which are most of it, are written one by one.
func JSON(w io.Writer, r *Report) error {
	c := withLists(r)
	scenarios := c.Scenarios
	c.Scenarios = []Scenario{}
	frame, err := indented(c, "")
	if err != nil {
		return err
	}
	before, after, _ := bytes.Cut(frame, []byte(noScenarios))
	out := bufio.NewWriterSize(w, 64<<10)
	out.Write(before)
	out.WriteString("\n  \"scenarios\": [")
	for i, sc := range scenarios {
		text, err := indented(sc, "    ")
		if err != nil {
			return err
		}
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n    ")
		out.Write(text)
	}
	if len(scenarios) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]")
	out.Write(after)
	out.WriteString("\n")
	return out.Flush()
}

// noScenarios is the only line of that depth that reads like this: texts are
// quoted, and a quote in a text is escaped.
const noScenarios = "\n  \"scenarios\": []"

func indented(v any, prefix string) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent(prefix, "  ")
	err := enc.Encode(v)
	return bytes.TrimRight(out.Bytes(), "\n"), err
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
