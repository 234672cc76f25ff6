package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// The part of SARIF 2.1.0 that is written.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
		Properties  map[string]any    `json:"properties"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool   `json:"executionSuccessful"`
		StartTimeUTC        string `json:"startTimeUtc"`
		EndTimeUTC          string `json:"endTimeUtc"`
	}
	sarifResult struct {
		RuleID              string             `json:"ruleId"`
		RuleIndex           int                `json:"ruleIndex"`
		Level               string             `json:"level"`
		Message             sarifText          `json:"message"`
		Locations           []sarifLocation    `json:"locations"`
		PartialFingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
		Properties          map[string]any     `json:"properties"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
)

// SARIF writes every deviation as a result of SARIF 2.1.0. A rule is a kind of
// deviation in a place (body-missing, status-status); the fingerprint is the id of
// the deviation; waived ones are suppressed. A result is located at the line of its
// scenario, else of its operation in the contract, else at report.json.
func SARIF(w io.Writer, r *Report) error {
	rules, index := sarifRules(r)
	place := places(r)
	results := make([]sarifResult, 0, len(r.Deviations))
	for _, d := range r.Deviations {
		id := ruleID(d)
		res := sarifResult{
			RuleID: id, RuleIndex: index[id], Level: sarifLevel(d.Severity),
			Message:             sarifText{Visible(fmt.Sprintf("%s: %s: expected %s, found %s", d.Operation, where(d.In, d.Path), d.Expected, d.Actual))},
			Locations:           []sarifLocation{sarifPlace(d, place)},
			PartialFingerprints: map[string]string{"roadworthyDeviation/v1": Visible(d.ID)},
			Properties: map[string]any{"requirement": Visible(d.Requirement), "scenario": Visible(d.Scenario), "step": Visible(d.Step),
				"expected": Visible(d.Expected), "actual": Visible(d.Actual), "source": Visible(d.Source)},
		}
		if d.Waived != nil {
			res.Suppressions = []sarifSuppression{{"external", Visible(strings.TrimLeft(d.Waived.words(), " :"))}}
		}
		results = append(results, res)
	}
	const stamp = "2006-01-02T15:04:05.000Z"
	log := sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs: []sarifRun{{
			Tool: sarifTool{sarifDriver{Name: "Roadworthy", Version: Visible(r.Suite.Version),
				InformationURI: "https://github.com/roadworthy-project/roadworthy", Rules: rules}},
			Invocations: []sarifInvocation{{ExecutionSuccessful: r.Verdict != Inconclusive, StartTimeUTC: r.Started.UTC().Format(stamp),
				EndTimeUTC: r.Started.UTC().Add(milliseconds(r.DurationMs)).Format(stamp)}},
			Results: results,
			Properties: map[string]any{"verdict": r.Verdict, "contract": Visible(r.Suite.Contract), "contractVersion": Visible(r.Suite.ContractVersion),
				"contractDigest": Visible(r.Suite.ContractDigest), "target": Visible(r.Target.URL)},
		}},
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(log)
}

func ruleID(d Deviation) string { return Visible(d.In + "-" + d.Kind) }

// sarifRules lists the rules that the report has results for, in the order in which
// they first come up.
func sarifRules(r *Report) ([]sarifRule, map[string]int) {
	rules := []sarifRule{}
	index := map[string]int{}
	for _, d := range r.Deviations {
		id := ruleID(d)
		if _, known := index[id]; !known {
			index[id] = len(rules)
			rules = append(rules, sarifRule{id, sarifText{ruleText(d)}})
		}
	}
	return rules, index
}

func ruleText(d Deviation) string {
	what, known := map[string]string{
		"missing": "something that the contract demands is missing", "unexpected": "something is there that the contract does not describe",
		"type": "a value has another type", "format": "a value has not the format of its kind", "enum": "a value is none of those allowed",
		"pattern": "a text has not its form", "range": "a number is outside its bounds", "length": "there are too few or too many of something",
		"value": "a value is not the one expected", "order": "things stand in another order", "status": "the status is another one",
		"code": "the code is another one", "header": "a header is another one", "malformed": "the message cannot be read", "unreachable": "nothing came back",
	}[d.Kind]
	if !known {
		what = Visible(d.Kind)
	}
	return fmt.Sprintf("In the %s of a response %s.", Visible(d.In), what)
}

func sarifLevel(s Severity) string {
	switch s {
	case SeverityError:
		return "error"
	case SeverityWarning:
		return "warning"
	}
	return "note"
}

func sarifPlace(d Deviation, place func(Deviation) (string, int)) sarifLocation {
	file, line := place(d)
	if file == "" {
		file, line = "report.json", 1
	}
	return sarifLocation{
		Physical: sarifPhysical{sarifArtifact{uri(file)}, sarifRegion{line}},
		Logical:  []sarifLogical{{Visible(d.Operation + " " + where(d.In, d.Path)), "member"}},
	}
}

// uri writes a file name as a relative reference.
func uri(file string) string {
	return (&url.URL{Path: strings.ReplaceAll(file, `\`, "/")}).EscapedPath()
}
