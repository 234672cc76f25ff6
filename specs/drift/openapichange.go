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
	change.Path = t.path(change.ID, found.GetArgs())
	if strings.Contains(change.What, "`"+stubMark) {
		change.referenceChanged(found.GetArgs())
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

// path gives the place in the message from what oasdiff fills its sentence with: a
// property, or where a parameter is and its name.
func (t *translation) path(id string, args []any) string {
	text := func(i int) string {
		if i >= len(args) {
			return ""
		}
		return t.words.plain(fmt.Sprint(args[i]))
	}
	switch {
	case strings.Contains(id, "parameter"):
		for i := range args {
			switch text(i) {
			case "path", "query", "header", "cookie":
				return text(i) + "/" + text(i+1)
			}
		}
		return ""
	case !strings.Contains(id, "property"):
		return ""
	case strings.Contains(id, "enum-value"), strings.Contains(id, "-of-"), strings.Contains(id, "discriminator"):
		return text(1)
	}
	return text(0)
}

// referenceChanged tells of a named schema what oasdiff told of the text that
// stands for it.
func (c *Change) referenceChanged(args []any) {
	name := ""
	for _, arg := range args {
		if to, found := strings.CutPrefix(fmt.Sprint(arg), stubMark); found {
			name = to
		}
	}
	place := "the body"
	if c.Path != "" {
		place = "`" + c.Path + "`"
	}
	switch {
	case strings.HasSuffix(c.ID, "enum-value-added"):
		c.What = fmt.Sprintf("the schema %s describes %s now", name, place)
	case strings.HasSuffix(c.ID, "enum-value-removed"):
		c.What = fmt.Sprintf("the schema %s no longer describes %s", name, place)
	default:
		c.What = strings.ReplaceAll(c.What, "`"+stubMark, "`")
		return
	}
	c.ID, c.Severity = "schema-reference-changed", Warning
}

// namedPattern takes the numbers and the parts of an allOf out of a text: on the wire
// there are none.
type namedPattern struct{ all, number, alone *regexp.Regexp }

func patterns() namedPattern {
	return namedPattern{
		all:    regexp.MustCompile(`/?allOf\[(subschema #\d+(: [^\]]*)?|[^\]]*)\]/?`),
		number: regexp.MustCompile(`subschema #\d+: `),
		alone:  regexp.MustCompile(` (to|from|for) (the )?(response (with the|status)|status) ` + "`200`( status)?"),
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
