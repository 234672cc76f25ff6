package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// What a report from outside may hold at most.
const (
	maxReportBytes = 512 << 20
	maxReportDepth = 32 // a report of this format is 9 deep
	maxProblems    = 20
)

// Read opens a report.json, which may come from anybody: its size and depth are
// bounded, and all that the format demands is checked. An unknown member is
// ignored, an unknown version or status is an error.
func Read(path string) (*Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	defer f.Close()
	r, err := Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// Decode is Read for a stream.
func Decode(in io.Reader) (*Report, error) {
	raw, err := io.ReadAll(io.LimitReader(in, maxReportBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	if len(raw) > maxReportBytes {
		return nil, fmt.Errorf("the report is larger than %d MB", maxReportBytes>>20)
	}
	if deeper(raw, maxReportDepth) {
		return nil, fmt.Errorf("this is no report: it is nested more than %d deep", maxReportDepth)
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, fmt.Errorf("this is no report: %w", at(raw, err))
	}
	if head.Schema != SchemaVersion {
		return nil, fmt.Errorf("this is no report that can be read here: schema is %q, expected %q", OneLine(head.Schema, 80), SchemaVersion)
	}
	var r Report
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("the report is broken: %w", at(raw, err))
	}
	if err := check(&r); err != nil {
		return nil, err
	}
	return withLists(&r), nil
}

// at adds the line to an error of the JSON decoder.
func at(raw []byte, err error) error {
	var offset int64
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	default:
		return err
	}
	line := 1 + bytes.Count(raw[:min(int(offset), len(raw))], []byte("\n"))
	return fmt.Errorf("line %d: %w", line, err)
}

// deeper tells whether a JSON text nests deeper than limit, without building it.
func deeper(raw []byte, limit int) bool {
	depth, inString := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > limit {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// check holds a report against what its format demands beyond types.
func check(r *Report) error {
	var problems []error
	bad := func(form string, args ...any) {
		if len(problems) < maxProblems {
			problems = append(problems, fmt.Errorf("the report is broken: "+form, args...))
		}
	}
	if !slices.Contains([]Verdict{Conformant, NonConformant, Partial, Inconclusive}, r.Verdict) {
		bad("verdict is %q, expected conformant, non-conformant, partial or inconclusive", OneLine(string(r.Verdict), 80))
	}
	if r.Suite.Contract == "" {
		bad("suite.contract is missing")
	}
	if r.Started.IsZero() {
		bad("started is missing")
	}
	known := map[string]bool{}
	for i, d := range r.Deviations {
		switch {
		case d.ID == "":
			bad("deviations[%d].id is missing", i)
		case known[d.ID]:
			bad("deviations[%d].id %q is there twice", i, OneLine(d.ID, 80))
		}
		known[d.ID] = true
		if weight(d.Severity) == 0 {
			bad("deviations[%d].severity is %q, expected error, warning or info", i, OneLine(string(d.Severity), 80))
		}
		if !slices.Contains(DeviationKinds(), d.Kind) {
			bad("deviations[%d].kind is %q, which is none of the kinds of %s", i, OneLine(d.Kind, 80), SchemaVersion)
		}
	}
	scenarios := map[string]bool{}
	for i, sc := range r.Scenarios {
		if sc.ID == "" || scenarios[sc.ID] {
			bad("scenarios[%d].id %q is missing or there twice", i, OneLine(sc.ID, 80))
		}
		scenarios[sc.ID] = true
		if !slices.Contains(Statuses(), sc.Status) {
			bad("scenarios[%d].status is %q, which is no status", i, OneLine(string(sc.Status), 80))
		}
		for j, step := range sc.Steps {
			if !slices.Contains(Statuses(), step.Status) {
				bad("scenarios[%d].steps[%d].status is %q, which is no status", i, j, OneLine(string(step.Status), 80))
			}
			for _, id := range step.Deviations {
				if !known[id] {
					bad("scenarios[%d].steps[%d] names the deviation %q, which is not in the report", i, j, OneLine(id, 80))
				}
			}
		}
	}
	return errors.Join(problems...)
}
