package drift

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// unfoldLimit is how many schemas a document may unfold to, every reference
// followed, and still be compared as a whole. Where schemas hold each other the
// number grows without end, and the comparison with it.
const unfoldLimit = 20_000

// schemaPath is the made-up path under which a named schema is compared by itself.
const schemaPath = "/components/schemas/"

// stubMark begins the only value of the schema that stands for a named one.
const stubMark = "schema:"

// cutter takes the two documents of a comparison apart: every named schema is
// compared once, by itself, and wherever it is used only its name counts.
type cutter struct {
	old, current *side
}

// side is one document that is taken apart.
type side struct {
	doc   *openapi3.T
	names map[*openapi3.Schema]string // of components
	alias map[string]string           // what a name is called in the comparison
	// used tells which operations reach a schema, by its name, in which direction.
	used map[string]map[Direction][]string
	// inside remembers what is right inside a schema: many operations lead to it.
	inside map[*openapi3.Schema][]*openapi3.SchemaRef
}

// needsCut tells whether comparing the documents as wholes would take too long.
func needsCut(docs ...*openapi3.T) bool {
	for _, doc := range docs {
		left := unfoldLimit
		eachOperation(doc, func(_ string, op *openapi3.Operation) {
			for _, in := range bodies(op) {
				unfold(in.schema, map[*openapi3.Schema]bool{}, &left)
			}
		})
		if left <= 0 {
			return true
		}
	}
	return false
}

func unfold(ref *openapi3.SchemaRef, on map[*openapi3.Schema]bool, left *int) {
	if *left--; *left <= 0 || ref.Value == nil || on[ref.Value] {
		return
	}
	on[ref.Value] = true
	for _, child := range children(ref.Value) {
		unfold(child, on, left)
	}
	delete(on, ref.Value)
}

// cut rewrites both documents in place.
func cut(old, current *openapi3.T) *cutter {
	c := &cutter{newSide(old), newSide(current)} // align has given both the same names
	for _, s := range []*side{c.old, c.current} {
		s.takeApart()
	}
	for _, name := range c.shared() {
		c.old.compareAlone(name)
		c.current.compareAlone(name)
	}
	return c
}

// namedSchemas gives a side of which only the names are known.
func namedSchemas(doc *openapi3.T) *side {
	s := &side{doc: doc, names: map[*openapi3.Schema]string{}, alias: map[string]string{}, used: map[string]map[Direction][]string{}, inside: map[*openapi3.Schema][]*openapi3.SchemaRef{}}
	if doc.Components != nil {
		for name, ref := range doc.Components.Schemas {
			if ref.Ref == "" && ref.Value != nil {
				s.names[ref.Value], s.alias[name] = name, name
			}
		}
	}
	return s
}

func newSide(doc *openapi3.T) *side {
	s := namedSchemas(doc)
	eachOperation(doc, func(id string, op *openapi3.Operation) {
		for _, in := range bodies(op) {
			s.reach(in.schema, in.direction, id, map[*openapi3.Schema]bool{})
		}
	})
	return s
}

func (s *side) reach(ref *openapi3.SchemaRef, direction Direction, operation string, seen map[*openapi3.Schema]bool) {
	if ref.Value == nil || seen[ref.Value] {
		return
	}
	seen[ref.Value] = true
	if name := s.names[ref.Value]; name != "" {
		if s.used[name] == nil {
			s.used[name] = map[Direction][]string{}
		}
		if list := s.used[name][direction]; !slices.Contains(list, operation) {
			s.used[name][direction] = append(list, operation)
		}
	}
	inside, known := s.inside[ref.Value]
	if !known {
		inside = children(ref.Value)
		s.inside[ref.Value] = inside
	}
	for _, child := range inside {
		s.reach(child, direction, operation, seen)
	}
}

// matchNames finds the schemas that only got another name: those of one side alone
// that look the same, references by the names that both sides know.
func (c *cutter) matchNames() {
	for range 4 { // a renamed schema may hold another renamed one
		old, current := c.old.looks(c.current), c.current.looks(c.old)
		for look, name := range current {
			if was := old[look]; was != "" && name != "" {
				c.current.alias[name] = was
			}
		}
	}
}

// looks gives the name of each schema that the other side has none of, by what it
// looks like; "" where two look the same.
func (s *side) looks(other *side) map[string]string {
	known := map[string]bool{}
	for _, alias := range other.alias {
		known[alias] = true
	}
	looks := map[string]string{}
	for schema, name := range s.names {
		if known[s.alias[name]] {
			continue
		}
		text, err := json.Marshal(schema)
		if err != nil {
			continue
		}
		look := string(text)
		for n, alias := range s.alias {
			to := alias
			switch {
			case n == name:
				to = "itself"
			case !known[alias]:
				to = "unknown"
			}
			look = strings.ReplaceAll(look, `"#/components/schemas/`+n+`"`, `"#`+to+`"`)
		}
		sum := sha256.Sum256([]byte(look))
		key := hex.EncodeToString(sum[:])
		if _, twice := looks[key]; twice {
			name = ""
		}
		looks[key] = name
	}
	return looks
}

// shared lists the names that both sides have.
func (c *cutter) shared() []string {
	var both []string
	for _, alias := range c.current.alias {
		if c.old.alias[alias] == alias {
			both = append(both, alias)
		}
	}
	slices.Sort(both)
	return both
}

// takeApart puts the name of a schema wherever it is used.
func (s *side) takeApart() {
	walkSchemas(reflect.ValueOf(s.doc), map[uintptr]bool{}, func(ref *openapi3.SchemaRef) {
		if ref.Value == nil {
			return
		}
		if name := s.names[ref.Value]; name != "" && ref.Ref != "" {
			ref.Ref, ref.Value = "", stub(s.alias[name])
		}
	})
}

// stub stands for a named schema.
func stub(name string) *openapi3.Schema {
	return &openapi3.Schema{Type: &openapi3.Types{"string"}, Title: name, Enum: []any{stubMark + name}}
}

// compareAlone adds an operation in which a named schema is the body, in each
// direction in which it is used.
func (s *side) compareAlone(alias string) {
	for name, have := range s.alias {
		if have != alias {
			continue
		}
		schema := s.doc.Components.Schemas[name]
		op := &openapi3.Operation{OperationID: schemaPath + alias, Responses: openapi3.NewResponses()}
		content := openapi3.Content{"application/json": &openapi3.MediaType{Schema: &openapi3.SchemaRef{Value: schema.Value}}}
		op.RequestBody = &openapi3.RequestBodyRef{Value: &openapi3.RequestBody{Required: true, Content: content}}
		description := ""
		op.Responses.Set("200", &openapi3.ResponseRef{Value: &openapi3.Response{Description: &description, Content: content}})
		item := &openapi3.PathItem{}
		item.SetOperation(http.MethodPost, op)
		s.doc.Paths.Set(schemaPath+alias, item)
	}
}

// usedBy gives the operations that meet a schema in a direction or, for Both, in any, on either side.
func (c *cutter) usedBy(alias string, direction Direction) []string {
	var all []string
	for _, s := range []*side{c.old, c.current} {
		for name, have := range s.alias {
			if have != alias {
				continue
			}
			for in, operations := range s.used[name] {
				if direction == Both || in == direction {
					all = append(all, operations...)
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
