package reports

import (
	"fmt"
	"html/template"
	"net/url"
)

// How much of a report is in the markup; the rest is in its embedded data.
const (
	maxHTMLGroups       = 300
	maxHTMLVariants     = 4
	maxHTMLMembers      = 6
	maxHTMLRequirements = 5
	openGroups          = 12 // families show their groups when there are no more than these
)

// htmlPage is what the template shows. Text from outside went through [Visible].
type htmlPage struct {
	Policy, Title, Target, Implementation, Meaning, Started, Took string
	Verdict                                                       Verdict
	Why, StatusNames                                              []string
	Suite                                                         Suite
	Counts                                                        []htmlCount
	Total, DeviationCount, GroupCount                             string
	Profiles                                                      []htmlProfile
	Families                                                      []htmlFamily
	MoreGroups                                                    int
	Coverage                                                      []htmlShare
	Matrix                                                        []htmlOperation
	Unseen                                                        []OutcomeCoverage
	UnseenFields                                                  []FieldCoverage
	Requirements                                                  []RequirementCoverage
	CSS                                                           template.CSS
	JS, Index, Exchanges                                          template.JS
	Packed                                                        bool
}

// htmlCount is how many scenarios have a status, and its place in the bar of all.
type htmlCount struct {
	Status, Words, Link, N string
	From, Width            float64
}

type htmlProfile struct {
	Name    string
	Verdict Verdict
	Numbers []int
}

type htmlShare struct {
	Name, Share string
	Percent     int
}

type htmlOperation struct {
	Operation string
	Exercised bool
	Cells     []htmlCell
}

type htmlCell struct{ Class, Label, Title string }

func newHTMLPage(r *Report) (*htmlPage, error) {
	css, js := pageStyle(), pageScript()
	s := Summarize(r)
	p := &htmlPage{
		Policy: policy(css, js), CSS: template.CSS(css), JS: template.JS(js),
		Title: Visible(r.Suite.title()), Target: Visible(r.Target.URL), Implementation: Visible(r.Target.Implementation.words()),
		Verdict: r.Verdict, Meaning: r.Verdict.meaning(), Total: counted(len(r.Scenarios), "scenario"),
		Started: r.Started.UTC().Format("2006-01-02 15:04:05 UTC"), Took: fmt.Sprintf("%.1f s", float64(r.DurationMs)/1000),
		DeviationCount: counted(len(r.Deviations), "deviation"), Suite: visibleSuite(r.Suite),
	}
	for _, why := range r.Why {
		p.Why = append(p.Why, Visible(why))
	}
	for _, status := range Statuses() {
		p.StatusNames = append(p.StatusNames, words(status))
	}
	at := 0.0
	for _, status := range Statuses() {
		if n := s.Counts[status]; n > 0 {
			c := htmlCount{Status: string(status), Words: words(status), Link: "#" + url.Values{"status": {string(status)}}.Encode(), N: grouped(n), From: at, Width: 100 * float64(n) / float64(len(r.Scenarios))}
			at += c.Width
			p.Counts = append(p.Counts, c)
		}
	}
	for _, f := range r.Profiles {
		p.Profiles = append(p.Profiles, htmlProfile{Visible(f.Name), f.Verdict, []int{f.Passed, f.Failed, f.Warned, f.Error, f.NotSupported, f.NotReached, f.Waived}})
	}
	for _, row := range coverageRows(s) {
		p.Coverage = append(p.Coverage, htmlShare{row.name, row.share.String(), row.share.Percent()})
	}
	p.groups(r)
	p.coverage(r)
	var err error
	if p.Index, err = embed(newHTMLIndex(r)); err != nil {
		return nil, err
	}
	p.Exchanges, p.Packed, err = embedExchanges(r)
	return p, err
}

func visibleSuite(s Suite) Suite {
	s.Version, s.Contract, s.ContractVersion = Visible(s.Version), Visible(s.Contract), Visible(s.ContractVersion)
	s.ContractDigest, s.Shard = Visible(s.ContractDigest), Visible(s.Shard)
	filters := make([]string, len(s.Filters))
	for i, f := range s.Filters {
		filters[i] = Visible(f)
	}
	s.Filters = filters
	return s
}

func (p *htmlPage) coverage(r *Report) {
	rows := map[string]int{}
	row := func(operation string) *htmlOperation {
		at, known := rows[operation]
		if !known {
			at = len(p.Matrix)
			rows[operation] = at
			p.Matrix = append(p.Matrix, htmlOperation{Operation: Visible(operation)})
		}
		return &p.Matrix[at]
	}
	for _, o := range r.Coverage.Operations {
		row(o.Operation).Exercised = o.Exercised
	}
	for _, o := range r.Coverage.Outcomes {
		at := row(o.Operation)
		at.Cells = append(at.Cells, newHTMLCell(o))
		if o.Documented && !o.Observed {
			p.Unseen = append(p.Unseen, OutcomeCoverage{Operation: Visible(o.Operation), Layer: Visible(o.Layer), Code: Visible(o.Code), Title: Visible(o.Title), WhyNot: Visible(o.WhyNot)})
		}
	}
	for _, f := range r.Coverage.Fields {
		if !f.Seen {
			p.UnseenFields = append(p.UnseenFields, FieldCoverage{Operation: Visible(f.Operation), Direction: Visible(f.Direction), Path: Visible(f.Path)})
		}
	}
	for _, q := range r.Coverage.Requirements {
		p.Requirements = append(p.Requirements, RequirementCoverage{Visible(q.ID), Visible(q.Level), Visible(q.Text), Visible(q.Status), Visible(q.WhyNot)})
	}
}

func newHTMLCell(o OutcomeCoverage) htmlCell {
	c := htmlCell{Label: Visible(o.Code), Title: Visible(o.Layer + " " + o.Code)}
	if o.Layer != "http" {
		c.Label = Visible(o.Layer[:min(1, len(o.Layer))] + " " + o.Code)
	}
	if o.Title != "" {
		c.Title += " " + Visible(o.Title)
	}
	switch {
	case o.Observed:
		c.Class = "seen"
		c.Title += fmt.Sprintf(", seen in %d scenarios", len(o.Scenarios))
	case o.Attempted:
		c.Class = "tried"
		c.Title += ", tried and not seen"
	default:
		c.Title += ", not tried"
	}
	if !o.Observed && o.WhyNot != "" {
		c.Title += ": " + Visible(o.WhyNot)
	}
	if !o.Documented {
		c.Class += " inferred"
		c.Title += " (not documented)"
	}
	return c
}
