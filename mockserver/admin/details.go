package admin

import (
	"context"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
)

// ContractDetails is a contract as a person reads it: what it says, and where that
// comes from.
type ContractDetails struct {
	Contract
	Summary      string        `json:"summary"`
	BasePath     string        `json:"basePath"`
	Sources      []Source      `json:"sources"`
	Identities   []string      `json:"identities"` // names, without credentials
	Requirements []Requirement `json:"requirements"`
	Errata       []Erratum     `json:"errata"`
}

// Source is a document that a contract was taken from.
type Source struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	URL   string `json:"url,omitempty"`
	Note  string `json:"note,omitempty"`
}

// Requirement is one normative statement.
type Requirement struct {
	ID         string      `json:"id"`
	Level      string      `json:"level"`
	Text       string      `json:"text"`
	Operations []string    `json:"operations"`
	Source     string      `json:"source"`
	Basis      specs.Basis `json:"basis"`
	NotTested  string      `json:"notTested,omitempty"`
}

// Erratum is a place where the documents contradict themselves.
type Erratum struct {
	ID         string      `json:"id"`
	Title      string      `json:"title"`
	Says       []Statement `json:"says"`
	Reading    string      `json:"reading"`
	Why        string      `json:"why"`
	Operations []string    `json:"operations"`
	Examples   []string    `json:"examples"`
	Accepts    string      `json:"accepts,omitempty"`
}

// Statement is what one source says.
type Statement struct {
	Source string `json:"source"`
	Text   string `json:"text"`
}

// OperationDetails is one operation with all that is needed to call it.
type OperationDetails struct {
	Operation
	Summary  string           `json:"summary"`
	Source   string           `json:"source"`
	Security [][]string       `json:"security"` // alternatives, each a list of "scheme scope …"
	Params   []Param          `json:"params"`
	Bodies   []BodySchema     `json:"bodies"`
	Examples []Example        `json:"examples"`
	Rules    []Rule           `json:"rules"`
	Outcomes []OutcomeDetails `json:"outcomes"`
}

// Param is a parameter of an operation.
type Param struct {
	Name     string `json:"name"`
	In       string `json:"in"`
	Required bool   `json:"required"`
	Example  string `json:"example,omitempty"`
}

// BodySchema is what a body must look like.
type BodySchema struct {
	// Of is "request" or the status of a response.
	Of        string `json:"of"`
	MediaType string `json:"mediaType"`
	// Schema names the place of the schema, Text is the schema itself.
	Schema string `json:"schema,omitempty"`
	Text   string `json:"text,omitempty"`
}

// Example is one request and its response. Basis "generated" is data that was made
// from the schema, where the contract has no example.
type Example struct {
	Name     string          `json:"name"`
	Title    string          `json:"title"`
	Basis    string          `json:"basis"`
	Source   string          `json:"source"`
	Erratum  string          `json:"erratum,omitempty"`
	Corrects string          `json:"corrects,omitempty"`
	Identity string          `json:"identity,omitempty"`
	Request  *ExampleMessage `json:"request,omitempty"`
	Response *ExampleMessage `json:"response,omitempty"`
}

// ExampleMessage is one half of an example.
type ExampleMessage struct {
	Status    int               `json:"status,omitempty"`
	MediaType string            `json:"mediaType,omitempty"`
	Path      map[string]string `json:"path,omitempty"`
	Query     map[string]string `json:"query,omitempty"`
	Headers   map[string]string `json:"headers,omitempty"`
	Body      string            `json:"body,omitempty"`
	// Invalid says why the schema refuses it, where that is known and meant.
	Invalid string `json:"invalid,omitempty"`
}

// Rule is a rule of the behaviour.
type Rule struct {
	ID      string `json:"id"`
	When    string `json:"when"`
	Outcome string `json:"outcome"`
	Clause  string `json:"clause,omitempty"`
	Source  string `json:"source,omitempty"`
	Basis   string `json:"basis,omitempty"`
	PerItem bool   `json:"perItem,omitempty"`
}

// OutcomeDetails is one outcome of one operation: what it means, what leads to it,
// and how often a session has seen it.
type OutcomeDetails struct {
	Operation string `json:"operation"`
	Outcome   string `json:"outcome"` // "http:409"
	Layer     string `json:"layer"`
	Code      string `json:"code"`
	Status    int    `json:"status"`
	Title     string `json:"title"`
	Meaning   string `json:"meaning,omitempty"`
	Success   bool   `json:"success,omitempty"`
	Basis     string `json:"basis"`
	Source    string `json:"source"`
	Seen      uint64 `json:"seen"`
	// LeadsTo says in a sentence what leads to it.
	LeadsTo string `json:"leadsTo"`
	// State is the provider state that leads to it, "" if none does.
	State string `json:"state,omitempty"`
	// Params are those of the state.
	Params map[string]string `json:"params,omitempty"`
	// Armable tells whether the next call can be made to end so.
	Armable bool `json:"armable"`
}

// ResourceDetails is a kind of document as a person reads it.
type ResourceDetails struct {
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
	Key   string `json:"key,omitempty"` // what the key is
	// Of says where the schema comes from, Text is the schema. Both are empty where
	// the contract says nothing of the documents.
	Of   string `json:"of,omitempty"`
	Text string `json:"text,omitempty"`
	// Sample is a document that fits the schema, as far as one can be made.
	Sample string `json:"sample,omitempty"`
}

// Session is a session in use.
type Session struct {
	Name     string `json:"name"`
	Requests int    `json:"requests"` // in the journal
}

// Trial is a request that the server is to send to itself on behalf of a person.
// Credentials of the identity are added.
type Trial struct {
	Contract  string            `json:"contract"`
	Operation string            `json:"operation"`
	Identity  string            `json:"identity"` // "none" for no credentials
	Path      map[string]string `json:"path"`
	Query     map[string]string `json:"query"`
	Headers   map[string]string `json:"headers"`
	MediaType string            `json:"mediaType"`
	Body      string            `json:"body"`

	Session string `json:"-"`
	// Host is the address that the person uses, TLS whether by HTTPS.
	Host string `json:"-"`
	TLS  bool   `json:"-"`
}

// Summary is an entry of the journal in one line.
type Summary struct {
	ID         uint64   `json:"id"`
	Time       string   `json:"time"`
	DurationMs float64  `json:"durationMs"`
	Session    string   `json:"session"`
	Contract   string   `json:"contract"`
	Operation  string   `json:"operation"`
	Identity   string   `json:"identity"`
	Method     string   `json:"method"`
	URL        string   `json:"url"`
	Status     int      `json:"status"`
	Outcome    string   `json:"outcome,omitempty"`
	Items      []string `json:"items,omitempty"`
	Reason     string   `json:"reason,omitempty"`
	Rule       string   `json:"rule,omitempty"`
	Violations int      `json:"violations"`
	Changes    int      `json:"changes"`
	Faults     []string `json:"faults,omitempty"`
	Internal   bool     `json:"internal,omitempty"`
	// Refused tells that the answer, or that of an item, is no success: an HTTP 200
	// may say so in its body.
	Refused bool `json:"refused,omitempty"`
}

// Details of a contract and its operations, for people. It is the part of a
// Backend that the console needs beyond the rest.
type Details interface {
	ContractDetails(contract string) *ContractDetails
	// OperationDetails gives nil when there is no such operation.
	OperationDetails(contract, operation, session string) (*OperationDetails, error)
	Outcomes(contract, session string) ([]OutcomeDetails, error)
	ResourceDetails(contract, resource string) *ResourceDetails
	Sessions() ([]Session, error)
	// Try sends a request and gives the number of its entry in the journal.
	Try(ctx context.Context, t Trial) (uint64, error)
	// TrialCurl gives a command line that sends the request, instead of sending it.
	TrialCurl(t Trial) (string, error)
	// Curl gives a command line that repeats a request; Scenario a scenario file.
	Curl(e *journal.Entry) string
	Scenario(e *journal.Entry) ([]byte, error)
}
