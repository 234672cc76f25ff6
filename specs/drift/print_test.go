package drift

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func sample() *Drift {
	return &Drift{Kind: "contract", Old: "main:specs/a", New: "specs/a", Notes: []string{"one place"}, Changes: Sorted([]Change{
		{ID: "rule-added", Direction: Request, Severity: Breaking, Operation: "addOrder", Path: "duplicate", What: "the new rule <b>|x|</b>\x1b[31m\n::error::y", Where: "specs/a/behaviour.yaml:7"},
		{ID: "rule-added", Direction: Request, Severity: Breaking, Operation: "getOrder", Path: "duplicate", What: "the new rule <b>|x|</b>\x1b[31m\n::error::y", Where: "specs/a/behaviour.yaml:7"},
		{ID: "outcome-removed", Direction: Response, Severity: Warning, Operation: "addOrder", Path: "http:409", What: "http:409 is no longer answered", Where: "main:specs/a/errors.yaml:9"},
		{ID: "server-added", Direction: Both, Severity: Info, Operation: "", Path: "https://x", What: "there is a new server", Where: ""},
	})}
}

func TestFormats(t *testing.T) {
	want := map[string][]string{
		"text": {"breaking: the new rule <b>|x|</b>[31m ::error::y [rule-added]\n    request of addOrder, getOrder · duplicate · specs/a/behaviour.yaml:7\n",
			"not compared: one place\n", "main:specs/a → specs/a: 1 breaking, 1 to look at, 1 for information\n"},
		"json":     {`"schema": "roadworthy.drift/v1"`, `"breaking": 2`, `"operation": "getOrder"`},
		"markdown": {`| the new rule &lt;b&gt;\|x\|&lt;/b&gt;\[31m ::error::y | request of addOrder, getOrder`, "<details>", "Not compared"},
		"github":   {"::error file=specs/a/behaviour.yaml,line=7,title=Drift%3A rule-added::the new rule", "::warning file=specs/a/errors.yaml,title=Drift%3A outcome-removed::", "::error title=Drift::"},
		"sarif":    {`"ruleId": "rule-added"`, `"startLine": 7`, `"uri": "specs/a/behaviour.yaml"`, `"level": "warning"`},
		"junit":    {`tests="3" failures="1"`, `<failure message="the new rule &lt;b&gt;|x|&lt;/b&gt;[31m ::error::y" type="rule-added">`, `classname="drift.warning"`},
	}
	for _, f := range Formats() {
		var out bytes.Buffer
		if err := f.Write(&out, sample()); err != nil {
			t.Fatal(err)
		}
		for _, text := range want[f.Name] {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s has no %q:\n%s", f.Name, text, &out)
			}
		}
		if strings.ContainsAny(out.String(), "\x1b") || f.Name == "github" && strings.Contains(out.String(), "\n::error::y") {
			t.Errorf("%s lets text from outside act:\n%s", f.Name, &out)
		}
		if (f.Name == "json" || f.Name == "sarif") && !json.Valid(out.Bytes()) {
			t.Errorf("%s is no JSON", f.Name)
		}
		if strings.Contains(out.String(), "file=main") || f.Name == "sarif" && strings.Contains(out.String(), "main:specs/a/errors.yaml") {
			t.Errorf("%s points into a revision, which is not in the working tree", f.Name)
		}
		if len(want[f.Name]) == 0 {
			t.Errorf("format %s is not tested", f.Name)
		}
	}
}

func TestNothingChanged(t *testing.T) {
	for _, f := range Formats() {
		var out bytes.Buffer
		if err := f.Write(&out, &Drift{Old: "a", New: "b"}); err != nil || out.Len() == 0 {
			t.Errorf("%s: %q, %v", f.Name, &out, err)
		}
	}
}

// TestOneScreen: the page of a job is not flooded.
func TestOneScreen(t *testing.T) {
	d := &Drift{Old: "a", New: "b"}
	for i := range 300 {
		d.Changes = append(d.Changes, Change{ID: "x", Severity: Warning, What: strings.Repeat("x", i+1)})
		d.Open = append(d.Open, Change{ID: "y", Severity: Warning, What: strings.Repeat("y", i+1)})
	}
	var out bytes.Buffer
	if err := Markdown(&out, d); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\n"); n > 2*maxRows+20 || !strings.Contains(out.String(), "and 200 more") {
		t.Errorf("%d lines:\n%.2000s", n, &out)
	}
}
