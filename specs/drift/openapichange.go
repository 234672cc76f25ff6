package drift

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/oasdiff/oasdiff/checker"

	"github.com/roadworthy-project/roadworthy/specs"
)

// referenceRules are about schemas that are compared by name.
func referenceRules() []Rule {
	return []Rule{one("openapi", "schema-reference-changed", Warning, "a place is described by another named schema: compare the two")}
}

// translation puts the findings of oasdiff into our words.
type translation struct {
	before, after *specs.Contract
	parts         *cutter // nil when the documents were compared as wholes
	directions    map[string]Direction
	words         namedPattern
	found         []Change
}

func ruleDirections() map[string]Direction {
	all := map[string]Direction{}
	for _, r := range checker.GetAllRules() {
		switch direction := Direction(strings.ToLower(fmt.Sprint(r.Direction))); direction {
		case Request, Response:
			all[r.Id] = direction
		default:
			all[r.Id] = Both
		}
	}
	return all
}

func (t *translation) take(found checker.Change) {
	change := Change{ID: found.GetId(), Direction: t.direction(found.GetId()), Severity: openAPISeverity(found.GetLevel()),
		Operation: found.GetOperationId(), Where: t.where(found)}
	if change.Operation == "" && found.GetPath() != "" {
		change.Operation = strings.TrimSpace(found.GetOperation() + " " + found.GetPath())
	}
	change.What = t.words.plain(found.GetUncolorizedText(checker.NewDefaultLocalizer()))
	if args := found.GetArgs(); len(args) > 0 {
		change.Path = t.words.plain(fmt.Sprint(args[0]))
	}
	if strings.Contains(change.What, "`"+stubMark) || strings.Contains(change.Path, stubMark) {
		change.referenceChanged()
	}
	name, alone := strings.CutPrefix(found.GetPath(), schemaPath)
	if !alone || t.parts == nil {
		t.found = append(t.found, change)
		return
	}
	change.What = t.words.alone.ReplaceAllString(change.What, "") + " (schema " + name + ")"
	change.Path = strings.TrimSuffix("#"+schemaPath+name+"/"+change.Path, "/")
	// Used in no direction at all, a schema is told of without an operation.
	for _, operation := range t.parts.usedBy(name, change.Direction) {
		change.Operation = operation
		t.found = append(t.found, change)
	}
}

func (t *translation) direction(id string) Direction {
	if d := t.directions[id]; d != "" && d != Both {
		return d
	}
	// The rules made from the table of bounds say it in their id.
	switch {
	case strings.HasPrefix(id, "request-"), strings.HasPrefix(id, "new-required-request"), strings.HasPrefix(id, "new-optional-request"):
		return Request
	case strings.HasPrefix(id, "response-"):
		return Response
	}
	return Both
}

func (t *translation) where(found checker.Change) string {
	if at := found.GetRevisionSource(); at != nil && at.Line > 0 {
		return place(t.after, at.File, at.Line)
	}
	if at := found.GetBaseSource(); at != nil && at.Line > 0 {
		return place(t.before, at.File, at.Line)
	}
	return place(t.after, t.after.Document(), 0)
}

// referenceChanged tells of a named schema what oasdiff told of the text that
// stands for it.
func (c *Change) referenceChanged() {
	switch {
	case strings.Contains(c.ID, "enum"), strings.Contains(c.ID, "type-changed"), strings.Contains(c.ID, "type-"):
		c.ID, c.Severity = "schema-reference-changed", Warning
	}
	c.What = strings.ReplaceAll(c.What, "`"+stubMark, "`the schema ")
	c.Path = strings.TrimPrefix(c.Path, stubMark)
}

// namedPattern takes the numbers and the parts of an allOf out of a text: on the wire
// there are none.
type namedPattern struct{ all, number, alone *regexp.Regexp }

func patterns() namedPattern {
	return namedPattern{
		all:    regexp.MustCompile(`/?allOf\[(subschema #\d+(: [^\]]*)?|[^\]]*)\]/?`),
		number: regexp.MustCompile(`subschema #\d+: `),
		alone:  regexp.MustCompile(` (to|from|for) the (response (with the|status)|status) ` + "`200`( status)?"),
	}
}

func (p namedPattern) plain(s string) string {
	s = p.all.ReplaceAllStringFunc(s, func(part string) string {
		if strings.HasPrefix(part, "/") && strings.HasSuffix(part, "/") {
			return "/"
		}
		return ""
	})
	s = p.number.ReplaceAllString(s, "")
	return strings.Trim(strings.Join(strings.Fields(s), " "), "[]")
}
