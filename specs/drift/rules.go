package drift

import (
	"slices"
	"strings"

	"github.com/oasdiff/oasdiff/checker"
)

// Rule is one kind of change.
type Rule struct {
	ID   string `json:"id"`   // kebab-case, stable
	Area string `json:"area"` // openapi, xsd, outcome, behaviour, access, example, statement
	// Request and Response are the severities in the two directions. A change in
	// both weighs what the worse of them does.
	Request  Severity `json:"request"`
	Response Severity `json:"response"`
	// About says in one sentence what happened.
	About string `json:"about"`
}

// severity gives the weight of a rule in a direction.
func (r Rule) severity(d Direction) Severity {
	switch {
	case d == Request, d == Both && r.Request.rank() < r.Response.rank():
		return r.Request
	}
	return r.Response
}

// Rules lists every rule: ours by area, then those of oasdiff by id.
func Rules() []Rule { return append(ownRules(), openAPIRules()...) }

// ownRules lists the rules that are not oasdiff's.
func ownRules() []Rule {
	return slices.Concat(accessRules(), outcomeRules(), behaviourRules(), exampleRules(), statementRules(), xsdRules(), referenceRules(), missingRules())
}

func openAPIRules() []Rule {
	var all []Rule
	localize := checker.NewDefaultLocalizer()
	ours := map[string]Severity{}
	for _, w := range weights() {
		ours[w.id] = w.severity
	}
	for _, r := range checker.GetAllRules() {
		if dropped(r.Id) {
			continue
		}
		severity := openAPISeverity(r.Level)
		if other, judged := ours[r.Id]; judged {
			severity = other
		}
		about := strings.Join(strings.Fields(localize(r.Description)), " ")
		all = append(all, Rule{ID: r.Id, Area: "openapi", Request: severity, Response: severity, About: about})
	}
	slices.SortFunc(all, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b Rule) bool { return a.ID == b.ID })
}

func one(area, id string, severity Severity, about string) Rule {
	return Rule{ID: id, Area: area, Request: severity, Response: severity, About: about}
}

// sided makes the rules of an area that weigh something else in each direction.
func sided(area string) func(id string, request, response Severity, about string) Rule {
	return func(id string, request, response Severity, about string) Rule {
		return Rule{ID: id, Area: area, Request: request, Response: response, About: about}
	}
}
