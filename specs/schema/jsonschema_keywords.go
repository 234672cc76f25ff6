package schema

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// holding says what a keyword holds, as far as schemas are concerned.
type holding uint8

const (
	assertion  holding = iota + 1 // judged, no schema inside
	oneSchema                     // one schema
	schemaList                    // an array of schemas
	schemaMap                     // an object whose values are schemas
	mixed                         // "items" and "dependencies" of draft 7: several of these
	definition                    // an object whose values are schemas that only apply where they are referred to
	annotation                    // says nothing about validity
)

// keywordsOf gives every keyword of a dialect that is known here.
func keywordsOf(d Dialect) map[string]holding {
	switch d {
	case OpenAPI30:
		return keywords30
	case Draft7:
		return keywords7
	}
	return keywords2020
}

func keywordTable(parts ...map[holding]string) map[string]holding {
	all := map[string]holding{}
	for _, part := range parts {
		for what, names := range part {
			for name := range strings.FieldsSeq(names) {
				all[name] = what
			}
		}
	}
	return all
}

// sharedKeywords mean the same in every dialect.
var sharedKeywords = map[holding]string{
	assertion:  "$ref type enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern format maxItems minItems uniqueItems maxProperties minProperties required",
	oneSchema:  "not additionalProperties items",
	schemaList: "allOf anyOf oneOf",
	schemaMap:  "properties",
	annotation: "title description default example examples deprecated readOnly writeOnly externalDocs xml discriminator $comment",
}

var laterKeywords = map[holding]string{
	assertion:  "const",
	oneSchema:  "if then else contains propertyNames",
	schemaMap:  "patternProperties",
	definition: "definitions $defs",
	annotation: "$schema $id contentEncoding contentMediaType",
}

var (
	keywords30 = keywordTable(sharedKeywords, map[holding]string{assertion: "nullable"})
	keywords7  = keywordTable(sharedKeywords, laterKeywords, map[holding]string{
		oneSchema: "additionalItems",
		mixed:     "items dependencies",
	})
	keywords2020 = keywordTable(sharedKeywords, laterKeywords, map[holding]string{
		assertion:  "minContains maxContains dependentRequired $dynamicRef",
		oneSchema:  "unevaluatedItems unevaluatedProperties contentSchema",
		schemaList: "prefixItems",
		schemaMap:  "dependentSchemas",
		annotation: "$anchor $dynamicAnchor",
	})
)

// forSubschemas yields every schema directly inside a schema object.
func forSubschemas(n *payload.Node, d Dialect, yield func(*payload.Node)) {
	known := keywordsOf(d)
	for m := range n.Children() {
		what := known[m.Name]
		if what == mixed {
			what = oneSchema
			if m.Kind == payload.Array {
				what = schemaList
			} else if m.Name == "dependencies" {
				what = schemaMap
			}
		}
		switch {
		case what == oneSchema:
			yield(m)
		case what == schemaList && m.Kind == payload.Array, what == schemaMap && m.Kind == payload.Object, what == definition && m.Kind == payload.Object:
			for c := range m.Children() {
				yield(c)
			}
		}
	}
}

// checkKeywords refuses keywords that would be left out of the judgement though
// they are meant to be part of it, and notes the ones that are unknown.
func (c *compiler) checkKeywords(n *payload.Node, s *jsonSchema) {
	known := keywordsOf(s.res.dialect)
	for m := range n.Children() {
		c.alone(n, s, m)
		if known[m.Name] != 0 || strings.HasPrefix(m.Name, "x-") {
			continue
		}
		later := keywords2020[m.Name]
		switch {
		case s.res.dialect == OpenAPI30 && (later != 0 && later < definition || m.Name == "dependencies" || m.Name == "additionalItems"):
			c.fail(n, s, m.Name, "OpenAPI 3.0 does not have this keyword; declare openapi: 3.1.0, or say it another way")
		case m.Name == "nullable":
			c.warn(s, m.Name, "has no effect since OpenAPI 3.1; write type: [string, \"null\"]")
		case m.Name == "$vocabulary":
			c.warn(s, m.Name, "vocabularies are not supported; every known keyword applies")
		default:
			c.warn(s, m.Name, "is not a keyword of this dialect and has no effect")
		}
	}
}

// alone tells a keyword that says nothing without another beside it, and one that
// says nothing of the body at all.
func (c *compiler) alone(n *payload.Node, s *jsonSchema, m *payload.Node) {
	if s.res.dialect == OpenAPI30 {
		return
	}
	needs := func(other string) {
		if n.Member(other) == nil {
			c.warn(s, m.Name, "has no effect without "+other+" beside it")
		}
	}
	switch m.Name {
	case "minContains", "maxContains":
		if s.res.dialect == OpenAPI31 {
			needs("contains")
		}
	case "then", "else":
		needs("if")
	case "contentEncoding", "contentMediaType", "contentSchema":
		if m.Name == "contentSchema" && s.res.dialect != OpenAPI31 {
			return
		}
		c.warn(s, m.Name, "is a note on what the text holds: it gives a part of a form its type, and judges no JSON")
	case "$schema":
		if uri := stringMember(n, m.Name); uri != "" && dialectOf(n, 0) == 0 && !slices.Contains(CurrentDialects(), strings.TrimSuffix(uri, "#")) {
			c.warn(s, m.Name, "the dialect "+uri+" is not known; the schema is read as one of JSON Schema 2020-12")
		}
	}
}

// CurrentDialects are the values of $schema and jsonSchemaDialect that mean what OpenAPI 3.1 says.
func CurrentDialects() []string {
	return []string{"https://spec.openapis.org/oas/3.1/dialect/base", "https://json-schema.org/draft/2020-12/schema"}
}
