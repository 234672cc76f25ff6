package reports

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"

	"github.com/roadworthy-project/roadworthy/reports/design"
)

//go:embed report.html.tmpl
var reportTemplate string

//go:embed report.css
var reportCSS string

//go:embed report.js
var reportJS string

// HTML writes one page that needs nothing else: it opens offline, its policy allows
// only its own style sheet and script (by hash), and what came from outside is text
// in it. The verdict, the causes of deviations and coverage are in the markup; the
// list of scenarios is built from embedded data as it is looked at.
func HTML(w io.Writer, r *Report) error {
	t, err := template.New("report").Parse(reportTemplate)
	if err != nil {
		return err
	}
	page, err := newHTMLPage(r)
	if err != nil {
		return err
	}
	return t.Execute(w, page)
}

// htmlIndex is what the list of scenarios is built from.
type htmlIndex struct {
	Statuses     []Status          `json:"statuses"`
	Requirements map[string]string `json:"requirements"`
	Deviations   []Deviation       `json:"deviations"`
	Scenarios    []htmlScenario    `json:"scenarios"`
}

type htmlScenario struct {
	ID           string     `json:"id"`
	Title        string     `json:"title"`
	Origin       string     `json:"origin"`
	Profile      string     `json:"profile"`
	Requirements []string   `json:"requirements"`
	Status       Status     `json:"status"`
	Why          string     `json:"why,omitempty"`
	Source       string     `json:"source,omitempty"`
	DurationMs   int64      `json:"durationMs"`
	Steps        []htmlStep `json:"steps"`
}

type htmlStep struct {
	ID         string `json:"id"`
	Title      string `json:"title,omitempty"`
	Operation  string `json:"operation"`
	Status     Status `json:"status"`
	Why        string `json:"why,omitempty"`
	DurationMs int64  `json:"durationMs"`
	Attempts   int    `json:"attempts,omitempty"`
	Deviations []int  `json:"deviations"` // places in the list of deviations
	Exchange   int    `json:"exchange"`   // place in the list of exchanges; -1 for none
}

// newHTMLIndex is what the list needs of a report: all but the exchanges, which are
// most of it and are numbered in the order of the steps.
func newHTMLIndex(r *Report) htmlIndex {
	index := htmlIndex{Statuses: Statuses(), Requirements: map[string]string{}, Deviations: list(r.Deviations), Scenarios: []htmlScenario{}}
	exchanges := 0
	place := placesOf(r.Deviations)
	for _, q := range r.Coverage.Requirements {
		index.Requirements[q.ID] = q.Text
	}
	for _, sc := range r.Scenarios {
		s := htmlScenario{sc.ID, sc.Title, sc.Origin, sc.Profile, list(sc.Requirements), sc.Status, sc.Why, sc.Source, sc.DurationMs, []htmlStep{}}
		for _, st := range sc.Steps {
			step := htmlStep{st.ID, st.Title, st.Operation, st.Status, st.Why, st.DurationMs, st.Attempts, []int{}, -1}
			for _, id := range st.Deviations {
				if at, ok := place[id]; ok {
					step.Deviations = append(step.Deviations, at)
				}
			}
			if !st.Exchange.Empty() {
				step.Exchange = exchanges
				exchanges++
			}
			s.Steps = append(s.Steps, step)
		}
		index.Scenarios = append(index.Scenarios, s)
	}
	return index
}

// placesOf gives where in the list each deviation is, by id.
func placesOf(deviations []Deviation) map[string]int {
	place := make(map[string]int, len(deviations))
	for i, d := range deviations {
		place[d.ID] = i
	}
	return place
}

// embed writes data for a script element: the encoder writes <, > and & as escapes,
// so nothing in it can end the element.
func embed(data any) (template.JS, error) {
	raw, err := json.Marshal(data)
	return template.JS(raw), err
}

// policy allows this page's own style sheet and script and nothing else.
func policy(css, js string) string {
	return fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", integrity(css), integrity(js))
}

func integrity(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func pageStyle() string  { return design.CSS() + reportCSS }
func pageScript() string { return design.JS() + reportJS }
