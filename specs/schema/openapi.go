package schema

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Dialect is the variant of JSON Schema that a document is written in.
type Dialect uint8

// The dialects.
const (
	DialectAuto Dialect = iota // told from the document: "openapi", then "$schema", else 2020-12
	OpenAPI30                  // OpenAPI 3.0 schema objects
	OpenAPI31                  // OpenAPI 3.1 and 3.2, and JSON Schema 2020-12 by itself
	Draft7                     // JSON Schema draft 7
)

// Direction says which way a body travels; readOnly and writeOnly depend on it.
type Direction uint8

// The directions.
const (
	EitherWay Direction = iota // readOnly and writeOnly are not looked at
	Request                    // a readOnly member must not be sent, and is never required
	Response                   // a writeOnly member must not be sent, and is never required
)

// JSONOptions configures the schemas of one document. The zero value works.
type JSONOptions struct {
	Dialect Dialect
	// URI of the document, against which relative references are resolved.
	URI string
	// Documents that references may lead into, by absolute URI (or by the path that
	// results from URI and reference) without a fragment. Nothing is ever fetched.
	Documents map[string]*payload.Tree
	// ReportUnknown reports, as soft violations, members that no schema describes
	// in places where the schema lists members and does not say what others may be.
	ReportUnknown bool
	// TolerateBroken takes a regular expression that cannot be read for one that
	// judges nothing, and warns.
	TolerateBroken bool
	// Rooted says that every reference which begins with "#/" is meant from the root of
	// the document, whatever $id stands around it.
	Rooted bool
	// FormatsAsNotes takes "format" for an annotation that judges nothing.
	FormatsAsNotes bool
}

// JSONSchemas compiles the schemas of one document, each once. It is safe for
// concurrent use.
type JSONSchemas struct {
	opts JSONOptions

	mu         sync.Mutex
	main       *resource
	resources  map[string]*resource            // by URI
	owners     map[*payload.Node]*resource     // of every schema object that was indexed
	roots      map[*payload.Node]*resource     // resources by their root
	resolved   map[reference]target            // where references lead
	compiled   map[schemaKey]*jsonSchema       // every schema object, by direction
	validators map[validatorKey]*JSONValidator // what At gave
	warnings   map[CompileWarning]struct{}
	members    map[*payload.Node]map[string]*payload.Node // of objects with many
	patterns   map[string]pattern
	readOnly   bool // the documents have such members
	writeOnly  bool
}

type schemaKey struct {
	node *payload.Node
	dir  Direction
}

type validatorKey struct {
	pointer string
	dir     Direction
}

// CompileError is a schema that cannot be judged by as it is written.
type CompileError struct {
	Pointer string // of the schema object: "#/components/schemas/Order"
	Keyword string // what is wrong with it, or "$ref"
	Line    int    // in the document; 0 where unknown
	What    string
}

func (e *CompileError) Error() string {
	where := e.Pointer
	if e.Line > 0 {
		where = fmt.Sprintf("line %d, %s", e.Line, e.Pointer)
	}
	return fmt.Sprintf("schema %s: %s: %s", where, e.Keyword, e.What)
}

// CompileWarning is something in a schema that has no effect on the judgement.
type CompileWarning struct {
	Pointer string
	Keyword string
	What    string
}

func (w CompileWarning) String() string {
	return fmt.Sprintf("schema %s: %s: %s", w.Pointer, w.Keyword, w.What)
}

// NewJSONSchemas prepares a document: a whole OpenAPI document, or one JSON Schema.
func NewJSONSchemas(doc *payload.Tree, opts JSONOptions) (*JSONSchemas, error) {
	if doc == nil || doc.Root == nil || doc.Format != payload.JSON {
		return nil, errors.New("schemas need a JSON tree of the document that holds them")
	}
	if opts.Dialect == DialectAuto {
		opts.Dialect = dialectOf(doc.Root, OpenAPI31)
	}
	j := &JSONSchemas{
		opts:       opts,
		resources:  map[string]*resource{},
		owners:     map[*payload.Node]*resource{},
		roots:      map[*payload.Node]*resource{},
		resolved:   map[reference]target{},
		compiled:   map[schemaKey]*jsonSchema{},
		validators: map[validatorKey]*JSONValidator{},
		warnings:   map[CompileWarning]struct{}{},
		patterns:   map[string]pattern{},
	}
	if err := j.indexDocuments(doc); err != nil {
		return nil, err
	}
	return j, nil
}

// dialectOf reads the dialect that a document or an embedded schema declares.
func dialectOf(root *payload.Node, otherwise Dialect) Dialect {
	if v := stringMember(root, "openapi"); v != "" {
		if strings.HasPrefix(v, "3.0") {
			return OpenAPI30
		}
		return OpenAPI31
	}
	switch strings.TrimSuffix(stringMember(root, "$schema"), "#") {
	case "http://json-schema.org/draft-07/schema", "http://json-schema.org/draft-06/schema":
		return Draft7
	case "https://json-schema.org/draft/2020-12/schema":
		return OpenAPI31
	}
	return otherwise
}

// At gives the validator of the schema at a JSON Pointer into the document, with
// or without '#' in front. References on the way, such as a requestBody that is
// a $ref, are followed. The error joins a *[CompileError] for each thing that
// is wrong in this schema and all it refers to.
func (j *JSONSchemas) At(pointer string, dir Direction) (*JSONValidator, error) {
	pointer = "#" + strings.TrimPrefix(pointer, "#")
	dir = j.relevant(dir)
	j.mu.Lock()
	defer j.mu.Unlock()
	key := validatorKey{pointer, dir}
	if v := j.validators[key]; v != nil {
		return v, nil
	}
	node, res, err := j.walk(pointer[1:])
	if err != nil {
		return nil, &CompileError{Pointer: pointer, Keyword: "pointer", What: err.Error()}
	}
	c := compiler{JSONSchemas: j, dir: dir}
	s := c.compile(node, res)
	c.findCycles()
	if len(c.errs) > 0 {
		for _, k := range c.fresh {
			delete(j.compiled, k)
		}
		slices.SortStableFunc(c.errs, func(a, b *CompileError) int {
			return strings.Compare(a.Pointer+" "+a.Keyword, b.Pointer+" "+b.Keyword)
		})
		joined := make([]error, len(c.errs))
		for i, e := range c.errs {
			joined[i] = e
		}
		return nil, errors.Join(joined...)
	}
	v := &JSONValidator{schema: s, unknown: j.opts.ReportUnknown, dynamic: c.dynamic || j.hasDynamic()}
	j.validators[key] = v
	return v, nil
}

// Compiled reports whether the schema at a node was compiled, by itself or as a part.
func (j *JSONSchemas) Compiled(n *payload.Node) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, dir := range []Direction{EitherWay, Request, Response} {
		if j.compiled[schemaKey{n, dir}] != nil {
			return true
		}
	}
	return false
}

// Forget gives back the memory of what was compiled. Warnings stay, and what is
// asked for again is compiled again.
func (j *JSONSchemas) Forget() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.compiled, j.validators = map[schemaKey]*jsonSchema{}, map[validatorKey]*JSONValidator{}
}

// Warnings lists what was found to have no effect in the schemas compiled so
// far, sorted: formats that are not known, keywords of another dialect, …
func (j *JSONSchemas) Warnings() []CompileWarning {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := make([]CompileWarning, 0, len(j.warnings))
	for w := range j.warnings {
		all = append(all, w)
	}
	slices.SortFunc(all, func(a, b CompileWarning) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// JSONValidator judges JSON bodies by one schema. It implements [Validator].
type JSONValidator struct {
	schema  *jsonSchema
	unknown bool
	dynamic bool
}

// Place is the pointer of the schema in its document.
func (v *JSONValidator) Place() string { return v.schema.place }

// Validate gives every violation of the body, in the order of the body; nil
// means valid. At most [MaxViolations] hard ones are collected, and a last one
// then says that there are more.
func (v *JSONValidator) Validate(t *payload.Tree) []Violation {
	if t == nil || t.Root == nil {
		return []Violation{{Kind: Missing, Expected: "a JSON body: " + v.schema.describe(), Actual: "absent", Schema: v.schema.place}}
	}
	if t.Format != payload.JSON {
		return []Violation{{Kind: Malformed, Expected: "a JSON body", Actual: "an XML body", Schema: v.schema.place}}
	}
	e := evaluation{tree: t, unknown: v.unknown, dynamic: v.dynamic, stopAt: MaxViolations + 1, checkpoint: firstCheckpoint}
	e.child(v.schema, t.Root)
	if len(e.found) == 0 && len(e.sights) == 0 && !e.spent {
		return nil
	}
	return e.violations(v.schema)
}

var _ Validator = (*JSONValidator)(nil)
