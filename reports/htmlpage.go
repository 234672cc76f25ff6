package reports

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
)

// How much of a report is in the markup; the rest is in its embedded data.
const (
	maxHTMLGroups  = 300
	maxHTMLMembers = 25
)

// htmlPage is what the template shows. Text from outside went through [Visible].
type htmlPage struct {
	Policy, Title, Target, Implementation, Meaning, Counts, Started, Took string
	Verdict                                                               Verdict
	Why, StatusNames                                                      []string
	Suite                                                                 Suite
	Profiles                                                              []htmlProfile
	Groups                                                                []htmlGroup
	GroupCount, DeviationCount, MoreGroups                                int
	Coverage                                                              []htmlShare
	Matrix                                                                []htmlOperation
	Unseen                                                                []OutcomeCoverage
	UnseenFields                                                          []FieldCoverage
	Requirements                                                          []RequirementCoverage
	CSS                                                                   template.CSS
	JS, Index, Exchanges                                                  template.JS
	Packed                                                                bool
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

type htmlGroup struct {
	Anchor, Label, Operation, Where, Kind, Times string
	Expected, Actual, Source, Waiver             string
	First, MoreVariants, MoreMembers             int
	Requirements                                 []RequirementCoverage
	Members                                      []htmlMember
}

type htmlMember struct{ Link, Scenario, Step, Path, Expected, Actual string }

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
		Verdict: r.Verdict, Meaning: r.Verdict.meaning(), Counts: s.line(),
		Started: r.Started.UTC().Format("2006-01-02 15:04:05 UTC"), Took: fmt.Sprintf("%.1f s", float64(r.DurationMs)/1000),
		DeviationCount: len(r.Deviations), Suite: visibleSuite(r.Suite),
	}
	for _, why := range r.Why {
		p.Why = append(p.Why, Visible(why))
	}
	for _, status := range Statuses() {
		p.StatusNames = append(p.StatusNames, words(status))
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

func (p *htmlPage) groups(r *Report) {
	texts := map[string]RequirementCoverage{}
	for _, q := range r.Coverage.Requirements {
		texts[q.ID] = q
	}
	place := placesOf(r.Deviations)
	groups := Groups(r.Deviations)
	p.GroupCount = len(groups)
	for i, g := range groups {
		if i == maxHTMLGroups {
			p.MoreGroups = len(groups) - i
			return
		}
		p.Groups = append(p.Groups, newHTMLGroup(fmt.Sprintf("cause-%d", i+1), g, texts, place))
	}
}

func newHTMLGroup(anchor string, g Group, texts map[string]RequirementCoverage, place map[string]int) htmlGroup {
	first := g.Deviations[0]
	h := htmlGroup{
		Anchor: anchor, Label: string(g.Severity), Operation: Visible(g.Operation), Where: Visible(g.Where()), Kind: Visible(g.Kind),
		Times:    fmt.Sprintf("%d× in %d scenarios", len(g.Deviations), g.Scenarios()),
		Expected: Visible(g.Expected()), Actual: Visible(g.Actual()), Source: Visible(first.Source),
		First: place[first.ID], MoreVariants: g.Variants() - 1,
	}
	if g.Waived {
		h.Label = "waived"
		h.Waiver = Visible(strings.TrimLeft(first.Waived.words(), " :"))
	}
	for _, id := range g.Requirements() {
		h.Requirements = append(h.Requirements, RequirementCoverage{ID: Visible(id), Text: Visible(texts[id].Text)})
	}
	for i, d := range g.Deviations {
		if i == maxHTMLMembers {
			h.MoreMembers = len(g.Deviations) - i
			break
		}
		link := url.Values{"scenario": {d.Scenario}}
		if d.Step != "" {
			link.Set("step", d.Step)
		}
		h.Members = append(h.Members, htmlMember{"#" + link.Encode(), Visible(d.Scenario), Visible(d.Step), Visible(d.Path), Visible(d.Expected), Visible(d.Actual)})
	}
	return h
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
