package drift

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker/schemawalk"
	"github.com/oasdiff/oasdiff/diff"
)

// missingRules are about what oasdiff does not look at.
func missingRules() []Rule {
	const area = "openapi"
	rule := sided(area)
	return []Rule{
		rule("object-became-closed", Breaking, Info, "nothing but the properties that are described may stand in an object"),
		rule("object-became-open", Info, Warning, "other properties than those that are described may stand in an object"),
		rule("object-values-narrowed", Breaking, Info, "the other properties of an object must be of a type"),
		rule("object-values-widened", Info, Warning, "the other properties of an object need not be of a type"),
		rule("exclusion-added", Breaking, Info, "values are excluded (not)"),
		rule("exclusion-removed", Info, Breaking, "values are no longer excluded (not)"),
		one(area, "exclusion-changed", Warning, "other values are excluded (not)"),
		one(area, "property-forbidden", Breaking, "a property is gone from an object that takes no others"),
		one(area, "request-media-type-replaced", Breaking, "a body is sent as another media type"),
		one(area, "default-response-added", Info, "there is a response for all other statuses"),
		one(area, "default-response-removed", Warning, "there is no response for all other statuses any more"),
		one(area, "callback-added", Info, "the server calls the client at a new occasion"),
		one(area, "callback-removed", Warning, "the server no longer calls the client at an occasion"),
		one(area, "parameter-style-changed", Breaking, "a list or an object is written otherwise in a parameter"),
		one(area, "parameter-content-changed", Breaking, "the value of a parameter is of another media type"),
		one(area, "security-narrowed", Breaking, "credentials that were enough are not any more"),
		one(area, "security-widened", Info, "other credentials are enough too, or none are needed"),
		one(area, "security-address-changed", Warning, "tokens come from another address"),
	}
}

// ownOpenAPI adds what oasdiff does not look at.
func (t *translation) ownOpenAPI(found *diff.Diff) {
	if found == nil || found.PathsDiff == nil {
		return
	}
	for _, path := range sortedNames(found.PathsDiff.Modified, nil) {
		item := found.PathsDiff.Modified[path]
		if item.OperationsDiff == nil {
			continue
		}
		for _, method := range sortedNames(item.OperationsDiff.Modified, nil) {
			t.operationOwn(path, method, item.OperationsDiff.Modified[method])
		}
	}
}

func (t *translation) operationOwn(path, method string, op *diff.MethodDiff) {
	at := address{path: path, operation: op.Revision.OperationID}
	if at.operation == "" {
		at.operation = strings.TrimSpace(method + " " + path)
	}
	if op.ParametersDiff != nil {
		for _, in := range sortedNames(op.ParametersDiff.Modified, nil) {
			for _, name := range sortedNames(op.ParametersDiff.Modified[in], nil) {
				t.parameterOwn(at, in+"/"+name, op.ParametersDiff.Modified[in][name])
			}
		}
	}
	if op.RequestBodyDiff != nil {
		t.contentOwn(at, Request, op.RequestBodyDiff.ContentDiff)
	}
	t.serverOwn(at, op)
	if op.ResponsesDiff != nil {
		t.defaultOwn(at, op)
		for _, status := range sortedNames(op.ResponsesDiff.Modified, nil) {
			t.contentOwn(at, Response, op.ResponsesDiff.Modified[status].ContentDiff)
		}
	}
}

// address tells where in a document a change is.
type address struct{ path, operation string }

func (t *translation) contentOwn(at address, direction Direction, content *diff.ContentDiff) {
	if content == nil {
		return
	}
	for _, kind := range sortedNames(content.MediaTypeModified, nil) {
		media := content.MediaTypeModified[kind]
		if media.NameDiff != nil && media.NameDiff.NameDiff != nil && direction == Request {
			from, to := fmt.Sprint(media.NameDiff.NameDiff.From), fmt.Sprint(media.NameDiff.NameDiff.To)
			if !covers(to, from) {
				t.own("request-media-type-replaced", Request, at, "", nil, nil, "", "a body is sent as %s now, as %s before", to, from)
			}
		}
		t.schemaOwn(at, direction, "", media.SchemaDiff)
	}
}

// covers tells whether a media type with wildcards takes another in.
func covers(general, special string) bool {
	kind, sub, _ := strings.Cut(general, "/")
	return general == "*/*" || sub == "*" && strings.HasPrefix(special, kind+"/")
}

func (t *translation) defaultOwn(at address, op *diff.MethodDiff) {
	if slices.Contains(op.ResponsesDiff.Added, "default") {
		t.own("default-response-added", Response, at, "default", nil, op.Revision.Origin, "responses", "what is answered with any other status is described now")
	}
	if slices.Contains(op.ResponsesDiff.Deleted, "default") {
		t.own("default-response-removed", Response, at, "default", op.Base.Origin, nil, "responses", "what is answered with any other status is no longer described")
	}
}

// serverOwn compares where an operation is that does not stand with all others.
func (t *translation) serverOwn(at address, op *diff.MethodDiff) {
	own := func(servers *openapi3.Servers) string {
		if servers == nil || len(*servers) == 0 {
			return ""
		}
		to, err := url.Parse((*servers)[0].URL)
		if err != nil {
			return (*servers)[0].URL
		}
		return strings.TrimRight(to.Path, "/") + "/"
	}
	if was, is := own(op.Base.Servers), own(op.Revision.Servers); was != is {
		t.own("base-path-changed", Both, at, is, op.Base.Origin, op.Revision.Origin, "servers", "the path begins with %s now, with %s before", beginning(is), beginning(was))
	}
}

func beginning(path string) string {
	if path == "" {
		return "that of all others"
	}
	return strconv.Quote(path)
}

// schemaOwn looks at a schema and all below it. The prefix is for a parameter.
func (t *translation) schemaOwn(at address, direction Direction, prefix string, root *diff.SchemaDiff) {
	if root == nil {
		return
	}
	name := func(path string) string { return strings.Trim(prefix+"/"+t.words.plain(path), "/") }
	t.openness(at, direction, name(""), root)
	t.exclusion(at, direction, name(""), root)
	schemawalk.Walker{
		Enter: func(path, property string, schema *diff.SchemaDiff, _ *diff.SchemaDiff, _ bool) {
			if property != "" {
				path = schemawalk.PropertyFullName(path, property)
			}
			t.openness(at, direction, name(path), schema)
			t.exclusion(at, direction, name(path), schema)
		},
		Properties: func(path string, schema *diff.SchemaDiff, _ bool) {
			if direction != Request || opennessOf(schema.Revision) != closedObject {
				return
			}
			for _, property := range schema.PropertiesDiff.Deleted {
				full := schemawalk.PropertyFullName(path, property)
				t.forbidden[at.operation+" "+t.words.plain(full)] = true
			}
		},
	}.Walk(root)
}

// What may stand in an object besides the properties that are described.
const (
	openObject   = "anything else"
	typedObject  = "other properties of a type"
	closedObject = "nothing else"
)

func opennessOf(s *openapi3.Schema) string {
	switch {
	case s.AdditionalProperties.Schema != nil:
		return typedObject
	case s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has:
		return closedObject
	}
	return openObject
}

// exclusion compares what a schema excludes.
func (t *translation) exclusion(at address, direction Direction, path string, schema *diff.SchemaDiff) {
	if schema.NotDiff == nil || schema.Base == nil || schema.Revision == nil {
		return
	}
	place := "the body"
	if path != "" {
		place = "`" + path + "`"
	}
	id, what := "exclusion-changed", "other values are excluded"
	t.excluded[at.operation+" "+strings.Trim(path+"/not", "/")] = true
	switch {
	case schema.NotDiff.SchemaAdded:
		id, what = "exclusion-added", "some values are excluded"
	case schema.NotDiff.SchemaDeleted:
		id, what = "exclusion-removed", "no values are excluded any more"
	}
	t.own(id, direction, at, path, schema.Base.Origin, schema.Revision.Origin, "not", "%s for %s (not)", what, place)
}

func (t *translation) openness(at address, direction Direction, path string, schema *diff.SchemaDiff) {
	if schema.Base == nil || schema.Revision == nil || schema.Base.Type != nil && schema.Revision.Type != nil && !schema.Revision.Type.Includes(openapi3.TypeObject) {
		return
	}
	was, is := opennessOf(schema.Base), opennessOf(schema.Revision)
	id := ""
	switch {
	case was == is:
		return
	case is == closedObject:
		id = "object-became-closed"
	case is == openObject && was == closedObject, is == typedObject && was == closedObject:
		id = "object-became-open"
	case is == typedObject:
		id = "object-values-narrowed"
	default:
		id = "object-values-widened"
	}
	object := "the body"
	if path != "" {
		object = "`" + path + "`"
	}
	t.own(id, direction, at, path, schema.Base.Origin, schema.Revision.Origin, "additionalProperties", "besides what is described, %s may stand in %s now; before, %s", is, object, was)
}

// own tells a change by a rule of ours.
func (t *translation) own(id string, direction Direction, at address, path string, old, current *openapi3.Origin, keyword, format string, args ...any) {
	change := Change{ID: id, Direction: direction, Severity: t.rules[id].severity(direction), Operation: at.operation, Path: path, What: fmt.Sprintf(format, args...)}
	before, after := lineOf(old, keyword), lineOf(current, keyword)
	change.Where = place(t.after, t.after.Document(), 0)
	if after != nil {
		change.Where = place(t.after, after.File, after.Line)
	} else if before != nil {
		change.Where = place(t.before, before.File, before.Line)
	}
	t.tell(change, at.path, before, after)
}

// lineOf gives where a keyword stands, else where that stands which it belongs to.
func lineOf(origin *openapi3.Origin, keyword string) *openapi3.Location {
	if origin == nil {
		return nil
	}
	for i := range origin.Fields {
		if origin.Fields[i].Name == keyword {
			return &origin.Fields[i]
		}
	}
	return origin.Key
}
