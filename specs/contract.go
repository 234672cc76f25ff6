package specs

import (
	"io/fs"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Contract is one agreed interface, opened and compiled.
type Contract struct {
	Name    string // short name: what the command line calls it
	Title   string
	Version string
	Summary string
	// BasePath is the documented path prefix of all operations: "/api/v5".
	BasePath string
	Servers  []Server
	Sources  []Source
	Auth     Auth
	Limits   []Limit
	Profiles []Profile
	// NullIsAbsent is the erratum by which a member that is null and no member are
	// the same, both ways; "" where null is a value of its own.
	NullIsAbsent string
	// UnknownElements tells what is thought of elements and attributes of an answer that
	// its XSD does not know: "reported" where the XSD may be less than the interface, as
	// one that was made of prose; "" counts them as wrong.
	UnknownElements string
	// NotCompared are places of answers that may be others in every answer.
	NotCompared []NotCompared

	Operations   []*Operation // in the order of the OpenAPI document
	Webhooks     []Callback   // requests that the implementation sends by itself
	Outcomes     []*Outcome
	Layers       Layers
	Shapes       map[string]*Shape
	Refusals     []Refusal
	Examples     []*Example
	Requirements []*Requirement
	Errata       []*Erratum
	Behaviour    *Behaviour

	// Digest is "sha256:…" over every file of the bundle.
	Digest string
	// Origin says where it was read from: "built-in", or a path.
	Origin string
	// Bare is true for a bare OpenAPI document without a bundle.
	Bare bool
	// Warnings name what the loader met and does not enforce, with file and line.
	Warnings []string

	files     fs.FS
	names     []string // of the files, sorted
	document  *document
	schemas   *schema.JSONSchemas
	xsds      *xsdSet
	xsdFiles  fs.FS           // nil: the folder xsd of files
	unmade    []Problem       // see Unmade
	xsdLinks  []xsdLink       // of a bare document
	xsdViews  []*payload.Node // the components that were made for them
	resources map[string]*ResourceSchema
	opened    bool // nothing of it changes any more
	routes    *router
	byID      map[string]*Operation
}

// Server is one documented base URL.
type Server struct {
	URL  string `yaml:"url"`
	Role string `yaml:"role"` // production, sandbox …
}

// NotCompared is a place whose value is free: links to whatever host answers, times
// of reading. Its form is judged all the same.
type NotCompared struct {
	At      string `yaml:"at"`      // JSON Pointer or XPath, '*' is any element
	Because string `yaml:"because"` // the erratum that says so
}

// Source is a document that the contract was taken from.
type Source struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	URL   string `yaml:"url,omitempty"`
	Note  string `yaml:"note,omitempty"`
}

// Basis says how far a statement is covered by the documentation. Only
// Documented counts against a vendor by default.
type Basis string

// The four degrees of evidence.
const (
	Documented Basis = "documented"
	Corrected  Basis = "corrected" // a documented example with its error repaired
	Inferred   Basis = "inferred"
	MadeUp     Basis = "made-up"
)

// Auth says how callers prove who they are, and lists the demo identities.
type Auth struct {
	Schemes    []AuthScheme `yaml:"schemes"`
	Identities []Identity   `yaml:"identities"`
}

// AuthScheme is one way to send credentials. The first scheme of a contract for
// which a request carries a non-empty value decides, even when it is wrong.
type AuthScheme struct {
	ID string `yaml:"id"`
	// Type is basic, bearer, body, header, query or cookie.
	Type string `yaml:"type"`
	// Login and Password are paths into the request body, for type body.
	Login    string `yaml:"login,omitempty"`
	Password string `yaml:"password,omitempty"`
	// Name of the header or query parameter, for those types.
	Name string `yaml:"name,omitempty"`
	// FirstFor are operations whose documentation names this scheme alone: the suite
	// sends it there.
	FirstFor []string `yaml:"first-for,omitempty"`
	Line     int      `yaml:"-"`
	Col      int      `yaml:"-"`
}

// Identity is a caller with credentials.
type Identity struct {
	Name     string         `yaml:"name"` // default, no-scope, foreign …
	Login    string         `yaml:"login,omitempty"`
	Password string         `yaml:"password,omitempty"`
	Token    string         `yaml:"token,omitempty"`
	Company  string         `yaml:"company"`
	Scopes   []string       `yaml:"scopes"` // "*" is every scope
	Values   map[string]any `yaml:"values,omitempty"`
}

// Limit is a documented call limit, in requests per second.
type Limit struct {
	Operations []string `yaml:"operations"`
	Per        string   `yaml:"per"`
	Rate       float64  `yaml:"rate"`
	Source     string   `yaml:"source"`
	Basis      Basis    `yaml:"basis"`
}

// Profile names a part of a contract that an implementation may claim.
type Profile struct {
	Name       string   `yaml:"name"`
	Title      string   `yaml:"title"`
	Operations []string `yaml:"operations,omitempty"` // globs; none means all
}

// Requirement is one normative statement of the sources.
type Requirement struct {
	ID         string   `yaml:"id"`
	Level      string   `yaml:"level"` // MUST, SHOULD, MAY
	Text       string   `yaml:"text"`
	Operations []string `yaml:"operations"`
	Source     string   `yaml:"source"`
	Basis      Basis    `yaml:"basis"`
	NotTested  string   `yaml:"not-tested,omitempty"`
	// Generated names the kinds of generated cases that test it, of [CaseKinds].
	Generated []string `yaml:"generated,omitempty"`
	Line      int      `yaml:"-"`
	Col       int      `yaml:"-"`
}

// CaseKinds lists the kinds of generated cases: a body with one wrong field, a caller
// or a message that is refused, an outcome, and what a write leaves behind.
func CaseKinds() []string {
	return []string{"missing", "misplaced", "null", "type", "blank", "value", "too-long", "too-short", "negative", "zero", "fraction", "precise", "huge", "early", "late",
		"fewer-items", "more-items", "wrong-item", "duplicate", "nil", "other-type", "unknown-member", "empty-list",
		"no-credentials", "wrong-credentials", "no-scope", "method", "media-type", "malformed", "empty", "outcome", "served", "unknown", "kept", "unchanged", "removed"}
}

// Erratum is a place where the documentation contradicts itself.
type Erratum struct {
	ID         string      `yaml:"id"`
	Title      string      `yaml:"title"`
	Says       []Statement `yaml:"says"`
	Reading    string      `yaml:"reading"`
	Why        string      `yaml:"why"`
	Operations []string    `yaml:"operations,omitempty"`
	Examples   []string    `yaml:"examples,omitempty"` // "operation/name"
	Accepts    string      `yaml:"accepts,omitempty"`  // what else passes
	Line       int         `yaml:"-"`
	Col        int         `yaml:"-"`
}

// Statement is what one source says.
type Statement struct {
	Source string `yaml:"source"`
	Text   string `yaml:"text"`
}

// Operation finds an operation by its id; nil if there is none.
func (c *Contract) Operation(id string) *Operation {
	if c.byID != nil {
		return c.byID[id]
	}
	for _, op := range c.Operations {
		if op.ID == id {
			return op
		}
	}
	return nil
}

// Files gives the files of the bundle, for export and for showing sources.
func (c *Contract) Files() fs.FS { return c.files }

// Document names the OpenAPI document among the files.
func (c *Contract) Document() string { return c.documentName() }

// SchemaWarnings names what has no effect in the schemas compiled so far, such as
// formats that are not known.
func (c *Contract) SchemaWarnings() []string {
	if c.schemas == nil {
		return nil
	}
	var all []string
	for _, w := range c.schemas.Warnings() {
		all = append(all, w.String())
	}
	return all
}

// FileNames lists the files that the digest covers, sorted.
func (c *Contract) FileNames() []string { return append([]string(nil), c.names...) }

// Example finds an example by operation id and name; nil if there is none.
func (c *Contract) Example(operation, name string) *Example {
	for _, e := range c.Examples {
		if e.Operation == operation && e.Name == name {
			return e
		}
	}
	return nil
}
