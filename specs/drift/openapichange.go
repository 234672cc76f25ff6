package drift

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	checkerlocation "github.com/oasdiff/oasdiff/checker/location"

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
	localize      checker.Localizer
	rules         map[string]Rule // by id
	// The old and the new document, and the basis of what stands in them.
	oldFiles, newFiles *documents
	oldBasis, newBasis *bases
	// forbidden tells the properties that are gone from objects which take no others, by
	// operation and path.
	forbidden map[string]bool
	// excluded tells the places below which a narrower schema is a wider one, told as a
	// whole.
	excluded map[string]bool
	found    []Change
}

func newTranslation(before, after *specs.Contract) *translation {
	t := &translation{before: before, after: after, directions: ruleDirections(), words: patterns(), rules: map[string]Rule{}, localize: checker.NewDefaultLocalizer(),
		oldFiles: newDocuments(before), newFiles: newDocuments(after), forbidden: map[string]bool{}, excluded: map[string]bool{}}
	t.oldBasis, t.newBasis = newBases(t.oldFiles), newBases(t.newFiles)
	for _, rule := range slices.Concat(accessRules(), referenceRules(), missingRules(), openAPIRules()) {
		t.rules[rule.ID] = rule
	}
	return t
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
	id := found.GetId()
	if dropped(id) {
		return
	}
	change := Change{ID: id, Direction: t.direction(id), Severity: openAPISeverity(found.GetLevel()), Operation: found.GetOperationId(), Where: t.where(found)}
	if rule, known := t.rules[id]; known {
		change.Severity = rule.Request
	}
	if change.Operation == "" && found.GetPath() != "" {
		change.Operation = strings.TrimSpace(found.GetOperation() + " " + found.GetPath())
	}
	change.What = t.words.plain(exactly(found).GetUncolorizedText(t.localize))
	change.Path = t.path(change.ID, change.What, found.GetArgs())
	if strings.Contains(change.What, "`"+stubMark) {
		change.referenceChanged(found.GetArgs())
	}
	for at := change.Path; at != ""; at = at[:max(0, strings.LastIndexByte(at, '/'))] {
		if t.excluded[change.Operation+" "+at] {
			return
		}
	}
	if id == "request-property-removed" && t.forbidden[change.Operation+" "+change.Path] {
		change.ID, change.Severity = "property-forbidden", Breaking
		change.What += ", and nothing that is not described may stand there"
	}
	t.tell(change, found.GetPath(), location(found.GetBaseSource()), location(found.GetRevisionSource()))
}

func location(s *checkerlocation.Source) *openapi3.Location {
	if s == nil || s.Line == 0 {
		return nil
	}
	return &openapi3.Location{File: s.File, Line: s.Line, Column: s.Column}
}

// tell keeps a change, for every operation that meets it where a schema was compared
// by itself. What no source documents breaks nobody.
func (t *translation) tell(change Change, path string, before, after *openapi3.Location) {
	if change.Severity == Breaking && (before != nil || after != nil) && t.undocumented(t.oldBasis, before) && t.undocumented(t.newBasis, after) {
		change.Severity = Warning
	}
	if before != nil && after == nil {
		change.Near = t.near(before)
	}
	if strings.HasPrefix(path, callbackPath) {
		t.callback(&change, path)
	}
	name, alone := strings.CutPrefix(path, schemaPath)
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

// near names the line on the new side that held what is gone, or would.
func (t *translation) near(gone *openapi3.Location) string {
	file := gone.File
	if file == t.before.Document() {
		file = t.after.Document()
	}
	root := t.newFiles.root(file)
	if root == nil {
		return ""
	}
	return place(t.after, file, nearest(root, steps(t.oldFiles.root(gone.File), spotAt{gone.Line, gone.Column})))
}

func (t *translation) undocumented(of *bases, at *openapi3.Location) bool {
	return at == nil || of.inferred(at.File, spotAt{at.Line, at.Column})
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

// path gives the place in the message: a header, or where a parameter is and its name,
// or the property that the sentence is about.
func (t *translation) path(id, what string, args []any) string {
	text := func(i int) string {
		if i >= len(args) {
			return ""
		}
		return t.words.plain(fmt.Sprint(args[i]))
	}
	property := ""
	if !strings.Contains(id, "-body-") {
		property = t.words.property(what)
	}
	switch {
	case strings.Contains(id, "response-header"):
		return "header/" + text(0)
	case !strings.Contains(id, "parameter"):
		return property
	}
	for i := range args {
		switch text(i) {
		case "path", "query", "header", "cookie":
			if strings.Contains(id, "parameter-property") && property != "" {
				return text(i) + "/" + text(i+1) + "/" + property
			}
			return text(i) + "/" + text(i+1)
		}
	}
	return ""
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
type namedPattern struct{ all, number, alone, before, after *regexp.Regexp }

func patterns() namedPattern {
	return namedPattern{
		all:    regexp.MustCompile(`/?allOf\[(subschema #\d+(: [^\]]*)?|[^\]]*)\]/?`),
		number: regexp.MustCompile(`subschema #\d+: `),
		alone:  regexp.MustCompile(` (to|from|for) (the )?(response (with the|status)|status) ` + "`200`( status)?"),
		before: regexp.MustCompile("`([^`]*)` (?:request|response)(?:'s)?(?: read-only| write-only)? property"),
		after:  regexp.MustCompile("property `([^`]*)`"),
	}
}

func (p namedPattern) plain(s string) string {
	s = p.all.ReplaceAllStringFunc(s, func(part string) string {
		if strings.HasPrefix(part, "/") && strings.HasSuffix(part, "/") {
			return "/"
		}
		return ""
	})
	s = strings.NewReplacer("Of["+componentPrefix, "Of[", "`"+componentPrefix, "`", "subschema #", "number ").Replace(p.number.ReplaceAllString(s, ""))
	return strings.Trim(strings.Join(strings.Fields(s), " "), "[]")
}

// property finds the property that a sentence is about: it stands before the word or
// after it.
func (p namedPattern) property(what string) string {
	for _, form := range []*regexp.Regexp{p.before, p.after} {
		if m := form.FindStringSubmatch(what); m != nil {
			return p.plain(m[1])
		}
	}
	return ""
}

// saidTwice weighs a value of a discriminator as nothing more than worth knowing where
// the schema that it stands for comes or goes with it: that is told already.
func saidTwice(all []Change) {
	type spot struct {
		operation, path string
		direction       Direction
	}
	kinds := map[spot]bool{}
	for _, c := range all {
		if strings.HasSuffix(c.ID, "-of-added") || strings.HasSuffix(c.ID, "-of-removed") {
			kinds[spot{c.Operation, c.Path, c.Direction}] = true
		}
	}
	for i, c := range all {
		if strings.Contains(c.ID, "discriminator-mapping-") && !strings.HasSuffix(c.ID, "-changed") && kinds[spot{c.Operation, c.Path, c.Direction}] {
			all[i].Severity = Info
		}
	}
}

// exactly writes numbers as the document does; oasdiff cuts them after two places.
func exactly(found checker.Change) checker.Change {
	change, ok := found.(checker.ApiChange)
	if !ok {
		return found
	}
	args := slices.Clone(change.Args)
	for i, arg := range args {
		if number, ok := arg.(float64); ok {
			args[i] = strconv.FormatFloat(number, 'f', -1, 64)
		}
	}
	change.Args = args
	return change
}
