package admin

import (
	"context"
	"io"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/fault"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Backend is what the admin API needs of the server. An error that is a *Problem
// is answered as it says, any other as an internal failure.
type Backend interface {
	Contracts() []Contract
	Journal() *journal.Journal
	Faults() *fault.Set

	// Documents lists a kind of document; Document gives nil when there is none.
	Documents(ctx context.Context, at Place) ([]*state.Doc, error)
	Document(ctx context.Context, at Place, key string) (*state.Doc, error)
	// PutDocument says whether the document is new.
	PutDocument(ctx context.Context, at Place, key, owner string, body *payload.Node) (created bool, err error)
	DeleteDocument(ctx context.Context, at Place, key string) (existed bool, err error)
	// JudgeDocument gives what is wrong with a document, and where that is said.
	JudgeDocument(at Place, document *payload.Tree) (of string, found []schema.Violation)

	// Reset, Snapshot and Restore concern one contract, or all when it is "".
	Reset(ctx context.Context, contract, session string) error
	Snapshot(ctx context.Context, contract, session string) (map[string]*state.Image, error)
	Restore(ctx context.Context, session string, images map[string]*state.Image) error

	SetState(ctx context.Context, change StateChange) (*payload.Node, error)
	Coverage() ([]Coverage, error)
	NearMisses(method, url string) []NearMiss
	Metrics(w io.Writer)
	Details
	Webhooks
}

// Place is a kind of document in a session.
type Place struct{ Contract, Session, Resource string }

// Contract is one contract that is served.
type Contract struct {
	Name       string            `json:"name"`
	Title      string            `json:"title"`
	Version    string            `json:"version"`
	Digest     string            `json:"digest"`
	Origin     string            `json:"origin"`
	Prefix     string            `json:"prefix"`
	Operations []Operation       `json:"operations"`
	Resources  []string          `json:"resources"`
	States     []behaviour.State `json:"states"`
}

// Operation is one operation of a contract.
type Operation struct {
	ID       string `json:"id"`
	Method   string `json:"method"`
	Path     string `json:"path"`
	Title    string `json:"title"`
	Evidence string `json:"evidence,omitempty"`
	Stateful bool   `json:"stateful"`
}

// StateChange asks for a provider state; the shape is that of Pact's state-change URL.
type StateChange struct {
	Contract string         `json:"contract"`
	State    string         `json:"state"`
	Params   map[string]any `json:"params"`
	Action   string         `json:"action"` // setup (default), teardown

	Session  string `json:"-"`
	Identity string `json:"-"`
}

// Coverage is what was called of one operation.
type Coverage struct {
	Contract  string            `json:"contract"`
	Operation string            `json:"operation"`
	Calls     uint64            `json:"calls"`
	Outcomes  []OutcomeCoverage `json:"outcomes"`
}

// OutcomeCoverage is how often one outcome was answered.
type OutcomeCoverage struct {
	Outcome    string `json:"outcome"` // "http:409"
	Title      string `json:"title"`
	Documented bool   `json:"documented"`
	Count      uint64 `json:"count"`
}

// NearMiss is an operation that a request almost met.
type NearMiss struct {
	Contract  string `json:"contract"`
	Operation string `json:"operation"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	// Why says what keeps the request from it.
	Why string `json:"why"`
}
