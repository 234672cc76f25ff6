package specs

import (
	"net/url"
	"slices"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Operation is one method on one path.
type Operation struct {
	ID      string
	Method  string // upper case
	Path    string // template below the base path: "/orders/{order-id}"
	Title   string
	Summary string
	// Evidence is complete, partial or thin: how much of it the sources describe.
	Evidence string
	Source   string
	// Security lists the alternatives; none means that anybody may call it.
	Security []Security
	Params   []*Param
	// RequestBody is nil when the operation takes none.
	RequestBody *Body
	// Responses by status: "200", "4XX", "default".
	Responses []*Response
	// Callbacks are the requests that the implementation sends later on.
	Callbacks []Callback
	// Line of the operation in its OpenAPI document.
	Line int

	// selectors tell operations at the same method and path apart; siblings are
	// all of those, when there are several.
	selectors []selector
	siblings  []*Operation
	shadowed  *Operation
	node      *payload.Node

	contract *Contract
	outcomes []*Outcome
	refusals *refusals
	examples []*Example
}

// Security is one alternative of an operation's security: a scheme and the
// scopes that it needs.
type Security struct {
	Scheme string
	// Type is what the document says of the scheme: "http", "mutualTLS" and so on.
	Type   string
	Scopes []string
	// And lists the schemes that are needed together with this one.
	And []Security
}

// Needs lists the scopes of the alternative, of all its schemes.
func (s Security) Needs() []string {
	all := slices.Clone(s.Scopes)
	for _, with := range s.And {
		all = append(all, with.Scopes...)
	}
	return all
}

// Uses tells whether a scheme is one of the alternative's.
func (s Security) Uses(scheme string) bool {
	return s.Scheme == scheme || slices.ContainsFunc(s.And, func(with Security) bool { return with.Scheme == scheme })
}

// Param is a path, query, header or cookie parameter.
type Param struct {
	Name     string
	In       string // path, query, header, cookie
	Required bool
	// Example is a value that the contract accepts; "" if none is known. For one in
	// a query, Sent says how it is sent.
	Example string

	// decoder is nil where no schema describes the value.
	decoder *valueDecoder
	schema  lazySchema
	sent    url.Values
}

// Body is what may be sent in one direction, by media type.
type Body struct {
	Required bool
	// RequiredBasis is the evidence that a request needs its body: inferred where
	// the document forgot to say (x-required-basis).
	RequiredBasis Basis
	Media         []*Media // in the order of the document
}

// Media is a media type with its schema.
type Media struct {
	// Type is as written, without parameters: "application/hal+json", "*/*".
	Type   string
	Format payload.Format // 0 when it is neither JSON nor XML
	// Root is the expected root element of an XML body.
	Root string
	// Schema names the place of the schema: "#/components/schemas/Order" or
	// "orderLink.xsd#orderLinkRequest". Empty when nothing is described.
	Schema string

	judge func(body []byte, charset string) (*payload.Tree, []schema.Violation)
	tree  func(*payload.Tree) []schema.Violation
	// jsonValidator is nil where no JSON schema describes the body, and compile where
	// nothing else is to be compiled.
	jsonValidator func() (*schema.JSONValidator, error)
	compile       func() error
	node          *payload.Node
	follow        func(*payload.Node) *payload.Node
	dir           schema.Direction
	// write writes a body of parts; nil for every other.
	write func(*payload.Tree) []byte
	// styles are those of the fields of a form; styled tells that they are read.
	styles fieldStyles
	styled bool
	// inferred is set for XML that an XSD describes; see [Media.Inferred].
	inferred func(path string) bool
	// shape is set for XML that a JSON schema describes.
	shape func() *xmlShape
	// namespaced gives written XML the namespace of its XSD; nil without one.
	namespaced func(*payload.Tree) *payload.Tree
	// refer lets references in made-up XML lead somewhere; nil without an XSD.
	refer func(*payload.Tree)
	// refers tells that there are such references.
	refers func() bool
	// arrange puts written XML in the order that its XSD asks for; nil without one.
	arrange func(*payload.Tree)
}

// Response is what may come back with one status.
type Response struct {
	Status string // "200", "4XX", "default"
	Title  string
	// Basis is what the document says of the evidence (x-basis); "" is documented.
	Basis  Basis
	Body   *Body // nil: no body is described
	Header []*Param
}

// Response finds the description of a status: exact, then "4XX", then default;
// nil if the status is not described.
func (op *Operation) Response(status int) *Response {
	exact := [3]byte{byte('0' + status/100%10), byte('0' + status/10%10), byte('0' + status%10)}
	var class, fallback *Response
	for _, r := range op.Responses {
		switch {
		case r.Status == string(exact[:]):
			return r
		case len(r.Status) == 3 && r.Status[0] == exact[0] && (r.Status[1:] == "XX" || r.Status[1:] == "xx"):
			class = r
		case r.Status == "default":
			fallback = r
		}
	}
	if class != nil {
		return class
	}
	return fallback
}

// Contract is the contract that the operation belongs to.
func (op *Operation) Contract() *Contract { return op.contract }

// Judge parses a body and judges it: the tree (nil when it is malformed) and
// all violations. charset is the parameter of the Content-Type, or "".
func (m *Media) Judge(body []byte, charset string) (*payload.Tree, []schema.Violation) {
	return m.judge(body, charset)
}

// InNamespace gives the tree of an XML body as it is to be written: trees do not
// keep the namespace that an XSD asks for. Any other tree comes back as it is.
func (m *Media) InNamespace(t *payload.Tree) *payload.Tree {
	if m == nil || m.namespaced == nil || t == nil || t.Root == nil || t.Format != payload.XML {
		return t
	}
	return m.namespaced(t)
}

// JudgeTree judges a body that is parsed already.
func (m *Media) JudgeTree(t *payload.Tree) []schema.Violation { return m.tree(t) }
