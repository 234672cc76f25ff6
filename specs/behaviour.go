package specs

import (
	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Behaviour is behaviour.yaml as it was read: what the operations do to the
// state, and which rule leads to which outcome. Expressions are CEL, templates
// are YAML with ${expressions}; both are compiled by mockserver/behaviour.
type Behaviour struct {
	// Inferred is true when it was derived from a bare OpenAPI document, and nobody
	// has confirmed it: nothing of it counts against an implementation.
	Inferred   bool                           `yaml:"inferred,omitempty"`
	Resources  map[string]*Resource           `yaml:"resources"`
	Operations map[string]*OperationBehaviour `yaml:"operations"`
	States     map[string]*ProviderState      `yaml:"states"`
	File       string                         `yaml:"-"`
}

// Resource is a kind of thing that the server keeps.
type Resource struct {
	Title   string           `yaml:"title"`
	Key     string           `yaml:"key,omitempty"` // what the key is, for people
	Indexes map[string]Index `yaml:"indexes,omitempty"`
	Seed    []Seed           `yaml:"seed,omitempty"`
	// Schema is a JSON Schema of its documents, where no operation shows them as they
	// are. See [Contract.ResourceSchema].
	Schema yaml.Node `yaml:"schema,omitempty"`

	described *payload.Node // the schema of an item in a bare document
	within    []string      // and the member of a document that it describes
}

// Index finds documents by a value; a unique one allows each value once.
type Index struct {
	Value  string `yaml:"value"` // CEL over doc
	Unique bool   `yaml:"unique,omitempty"`
	Per    string `yaml:"per,omitempty"` // owner or all (default)
}

// Seed is a document that is there from the start.
type Seed struct {
	Key      string    `yaml:"key"`
	Owner    string    `yaml:"owner"`
	Document yaml.Node `yaml:"document,omitempty"`
	Example  string    `yaml:"example,omitempty"` // "operation/name": its response body
	Line     int       `yaml:"-"`
	Col      int       `yaml:"-"`

	made []byte // the document of one that was inferred, as JSON: there may be thousands
}

// Template gives the document as a template; nil where an example stands for it.
func (s *Seed) Template() *yaml.Node {
	if len(s.made) > 0 {
		if t, err := payload.ParseJSON(s.made, payload.JSONLimits{}); err == nil {
			return literal(t.Root)
		}
	}
	if s.Document.Kind == 0 {
		return nil
	}
	return &s.Document
}

// MarshalYAML writes one that was inferred like any other.
func (s Seed) MarshalYAML() (any, error) {
	type plain Seed
	if t := s.Template(); t != nil {
		s.Document = *t
	}
	return plain(s), nil
}

// OperationBehaviour is what one operation does.
type OperationBehaviour struct {
	Let       yaml.Node `yaml:"let,omitempty"` // ordered mapping: name → CEL or {new, replay}
	Rules     []Rule    `yaml:"rules,omitempty"`
	Batch     *Batch    `yaml:"batch,omitempty"`
	ItemLet   yaml.Node `yaml:"item-let,omitempty"`
	ItemRules []Rule    `yaml:"item-rules,omitempty"`
	Effects   []Effect  `yaml:"effects,omitempty"`
	Success   string    `yaml:"success,omitempty"`
	Respond   *Respond  `yaml:"respond,omitempty"`
	Trigger   *Trigger  `yaml:"trigger,omitempty"`
	Line      int       `yaml:"-"`
	Col       int       `yaml:"-"`
}

// Rule leads to an outcome when its expression holds.
type Rule struct {
	ID      string `yaml:"id"`
	When    string `yaml:"when"`
	Outcome string `yaml:"outcome"`
	Detail  string `yaml:"detail,omitempty"`
	Clause  string `yaml:"clause,omitempty"`
	Basis   Basis  `yaml:"basis,omitempty"`
	Source  string `yaml:"source,omitempty"`
	Line    int    `yaml:"-"`
	Col     int    `yaml:"-"`
}

// Batch says where the items of a request are.
type Batch struct {
	Items string `yaml:"items"`
	// Violations is "item" when a schema violation inside an item is that
	// item's affair, "request" (default) when it refuses the whole request.
	Violations string `yaml:"violations,omitempty"`
}

// Effect changes the state; exactly one of Put, Merge and Delete is set.
type Effect struct {
	Put      string    `yaml:"put,omitempty"`
	Merge    string    `yaml:"merge,omitempty"`
	Delete   string    `yaml:"delete,omitempty"`
	Key      string    `yaml:"key"`
	Owner    string    `yaml:"owner,omitempty"`
	When     string    `yaml:"when,omitempty"`
	Document yaml.Node `yaml:"document,omitempty"`
	Patch    yaml.Node `yaml:"patch,omitempty"`
	Line     int       `yaml:"-"`
	Col      int       `yaml:"-"`
}

// Respond is the answer.
type Respond struct {
	Status    int               `yaml:"status"`
	MediaType string            `yaml:"media-type,omitempty"`
	Headers   map[string]string `yaml:"headers,omitempty"`
	Body      yaml.Node         `yaml:"body,omitempty"`
}

// Trigger is the place in a request where the provider state "outcome" plants a
// value that it answers with.
type Trigger struct {
	Field string `yaml:"field,omitempty"` // path into the body
	Path  string `yaml:"path,omitempty"`  // path parameter
	Value string `yaml:"value"`           // template
}

// ProviderState prepares the server for a scenario.
type ProviderState struct {
	Title   string                `yaml:"title"`
	Params  map[string]StateParam `yaml:"params,omitempty"`
	Let     yaml.Node             `yaml:"let,omitempty"`
	Effects []Effect              `yaml:"effects,omitempty"`
	Answers yaml.Node             `yaml:"answers,omitempty"` // template
	Line    int                   `yaml:"-"`
	Col     int                   `yaml:"-"`
}

// StateParam is a parameter of a provider state.
type StateParam struct {
	Enum    []string `yaml:"enum,omitempty"`
	Default string   `yaml:"default,omitempty"`
}
