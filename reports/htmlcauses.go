package reports

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

type htmlFamily struct {
	ID, Title, Hint, Label, Times string
	Share                         int // of all deviations, in percent
	Open                          bool
	Groups                        []htmlGroup
}

type htmlGroup struct {
	Anchor, Label, Operation, Where, Kind, Times, Source, Waiver, Link string
	First, MoreVariants, MoreRequirements                              int
	Requirements                                                       []RequirementCoverage
	Variants                                                           []htmlVariant
}

// htmlVariant is one pair of expected and found, with where it was met. More are the
// places of further deviations in the list of all.
type htmlVariant struct {
	Expected, Actual, More string
	MoreCount              int
	Members                []htmlMember
}

type htmlMember struct{ Link, Scenario, Step string }

func (p *htmlPage) groups(r *Report) {
	texts := map[string]RequirementCoverage{}
	for _, q := range r.Coverage.Requirements {
		texts[q.ID] = q
	}
	place := placesOf(r.Deviations)
	groups := Groups(r.Deviations)
	p.GroupCount = counted(len(groups), "cause")
	number := 0
	for _, f := range Families(groups) {
		h := htmlFamily{ID: "kind-" + f.ID, Title: f.Title, Hint: f.Hint, Label: string(f.Severity), Open: len(groups) <= openGroups,
			Times: strings.Join([]string{counted(f.Deviations(), "deviation"), counted(len(f.Groups), "cause"), counted(f.Operations(), "operation")}, " · "),
			Share: Share{f.Deviations(), len(r.Deviations)}.Percent()}
		if f.ID == "waived" {
			h.Label = "waived"
		}
		for _, g := range f.Groups {
			if number == maxHTMLGroups {
				p.MoreGroups++
				continue
			}
			number++
			h.Groups = append(h.Groups, newHTMLGroup(fmt.Sprintf("cause-%d", number), g, texts, place))
		}
		p.Families = append(p.Families, h)
	}
}

// counted writes a number with its word: "1 cause", "3,000 causes".
func counted(n int, one string) string {
	if n != 1 {
		one += "s"
	}
	return grouped(n) + " " + one
}

// grouped writes a number as people read it: "3,000".
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func newHTMLGroup(anchor string, g Group, texts map[string]RequirementCoverage, place map[string]int) htmlGroup {
	first := g.Deviations[0]
	h := htmlGroup{
		Anchor: anchor, Label: string(g.Severity), Operation: Visible(g.Operation), Where: Visible(g.Where()), Kind: Visible(g.Kind),
		Times: counted(len(g.Deviations), "time") + " in " + counted(g.Scenarios(), "scenario"), Source: Visible(first.Source),
		First: place[first.ID], Link: "#" + url.Values{"deviation": {first.ID}}.Encode(),
	}
	if g.Waived {
		h.Label = "waived"
		h.Waiver = Visible(strings.TrimLeft(first.Waived.words(), " :"))
	}
	for i, id := range g.Requirements() {
		if i == maxHTMLRequirements {
			h.MoreRequirements = len(g.Requirements()) - i
			break
		}
		h.Requirements = append(h.Requirements, RequirementCoverage{ID: Visible(id), Text: Visible(texts[id].Text)})
	}
	for i, of := range variants(g) {
		if i == maxHTMLVariants {
			h.MoreVariants = g.Variants() - i
			break
		}
		h.Variants = append(h.Variants, newHTMLVariant(of, place))
	}
	return h
}

// variants splits a group by expected and found, the most frequent first.
func variants(g Group) [][]Deviation {
	index := map[[2]string]int{}
	var all [][]Deviation
	for _, d := range g.Deviations {
		key := [2]string{d.Expected, d.Actual}
		at, known := index[key]
		if !known {
			at = len(all)
			index[key] = at
			all = append(all, nil)
		}
		all[at] = append(all[at], d)
	}
	slices.SortStableFunc(all, func(a, b []Deviation) int { return cmp.Compare(len(b), len(a)) })
	return all
}

func newHTMLVariant(of []Deviation, place map[string]int) htmlVariant {
	v := htmlVariant{Expected: Visible(of[0].Expected), Actual: Visible(of[0].Actual)}
	var more []string
	for i, d := range of {
		if i >= maxHTMLMembers {
			more = append(more, strconv.Itoa(place[d.ID]))
			continue
		}
		link := url.Values{"scenario": {d.Scenario}}
		if d.Step != "" {
			link.Set("step", d.Step)
		}
		v.Members = append(v.Members, htmlMember{"#" + link.Encode(), Visible(d.Scenario), Visible(d.Step)})
	}
	v.More, v.MoreCount = strings.Join(more, " "), len(more)
	return v
}
