package drift

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// maxAnnotations is how many annotations are written: the page of a job shows few.
const maxAnnotations = 50

// GitHub prints one annotation per change that is breaking or to look at, on the
// line where the contract says so, and a notice with the summary.
func GitHub(w io.Writer, d *Drift) error {
	var b strings.Builder
	written := 0
	groups := Groups(d.Changes)
	for _, g := range groups {
		if g.Severity == Info {
			continue
		}
		if written == maxAnnotations {
			fmt.Fprintf(&b, "::notice title=Drift::there is more; the text format lists all\n")
			break
		}
		written++
		command := "error"
		if g.Severity == Warning {
			command = "warning"
		}
		properties := ""
		if file, line := treePlace(g.Change); file != "" {
			properties = "file=" + property(file) + ","
			if line > 0 {
				properties += fmt.Sprintf("line=%d,", line)
			}
		}
		fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", command, properties, property("Drift: "+g.ID), data(shortened(g.What)+" · "+placeWords(g)))
	}
	level := "notice"
	if Failed(d.Changes, Breaking) {
		level = "error"
	}
	fmt.Fprintf(&b, "::%s title=Drift::%s\n", level, data(d.summary()))
	_, err := io.WriteString(w, b.String())
	return err
}

// treePlace gives the file and line in the working tree that a change is shown at:
// where it is, else what held it, else the file of a revision under the same name.
func treePlace(c Change) (string, int) {
	for _, where := range []string{c.Where, c.Near} {
		if file, line := filePlace(where); file != "" {
			return file, line
		}
	}
	revision, file, found := strings.Cut(c.Where, ":")
	if !found || revision == "" || strings.Contains(revision, "@") {
		return "", 0
	}
	file, _, _ = strings.Cut(file, ":")
	return strings.TrimPrefix(file, "./"), 0
}

// filePlace takes "file:line" apart; the file is "" for one that is not in the
// working tree.
func filePlace(where string) (string, int) {
	file, line := where, 0
	if i := strings.LastIndexByte(where, ':'); i > 0 {
		if n, err := strconv.Atoi(where[i+1:]); err == nil {
			file, line = where[:i], n
		}
	}
	if strings.ContainsAny(file, ":@") {
		return "", 0
	}
	return file, line
}

func data(s string) string { return strings.ReplaceAll(visible(s), "%", "%25") }

func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}

// SARIF prints SARIF 2.1.0: one result per change, one rule per rule that was met.
func SARIF(w io.Writer, d *Drift) error {
	type object = map[string]any
	about := map[string]string{}
	for _, r := range Rules() {
		about[r.ID] = r.About
	}
	rules, results := []object{}, []object{}
	index := map[string]int{}
	for _, g := range Groups(d.Changes) {
		if _, known := index[g.ID]; !known {
			index[g.ID] = len(rules)
			text := about[g.ID]
			if text == "" {
				text = strings.ReplaceAll(g.ID, "-", " ")
			}
			rules = append(rules, object{"id": g.ID, "shortDescription": object{"text": visible(text)}})
		}
		location := object{}
		if file, line := treePlace(g.Change); file != "" {
			physical := object{"artifactLocation": object{"uri": uri(file)}}
			if line > 0 {
				physical["region"] = object{"startLine": line}
			}
			location["physicalLocation"] = physical
		}
		var logical []object
		for _, op := range slices.Concat(g.Operations, g.Paths) {
			logical = append(logical, object{"fullyQualifiedName": visible(op)})
		}
		if logical != nil {
			location["logicalLocations"] = logical
		}
		result := object{"ruleId": g.ID, "ruleIndex": index[g.ID], "level": map[Severity]string{Breaking: "error", Warning: "warning", Info: "note"}[g.Severity],
			"message":             object{"text": visible(g.What)},
			"partialFingerprints": object{"roadworthyDrift/v1": visible(strings.Join([]string{g.ID, string(g.Direction), g.Operation, g.Path}, " "))},
			"properties":          object{"direction": g.Direction}}
		if len(location) > 0 {
			result["locations"] = []object{location}
		}
		results = append(results, result)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(object{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": []object{{
		"tool":       object{"driver": object{"name": "Roadworthy drift", "informationUri": "https://github.com/roadworthy-project/roadworthy", "rules": rules}},
		"results":    results,
		"properties": object{"old": visible(d.Old), "new": visible(d.New)},
	}}})
}

// uri escapes a file name for use as a relative reference.
func uri(file string) string {
	return strings.NewReplacer("%", "%25", " ", "%20", "#", "%23", "?", "%3F", "\\", "/").Replace(visible(file))
}
