package state

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Doc is one version of a document. It is never changed after it was stored.
type Doc struct {
	Key   string `json:"key"`
	Owner string `json:"owner,omitempty"`
	// Body is one JSON value.
	Body []byte `json:"-"`
	// Index holds the values under which Find reaches the document.
	Index []Entry `json:"index,omitempty"`
	// Rev counts the versions from 1; Seq gives the order of creation inside a
	// space. Both are set by the store.
	Rev uint64 `json:"rev"`
	Seq uint64 `json:"seq"`

	node atomic.Pointer[payload.Node]
}

// Entry is one index value of a document.
type Entry struct {
	Index  string `json:"index"`
	Value  string `json:"value"`
	Unique bool   `json:"unique,omitempty"`
}

// maxDocumentDepth is generous: what a request may nest was checked before.
const maxDocumentDepth = 512

// Node gives the parsed body. It is parsed once and shared: nobody may change it.
func (d *Doc) Node() *payload.Node {
	if n := d.node.Load(); n != nil {
		return n
	}
	tree, err := payload.ParseJSON(d.Body, payload.JSONLimits{Depth: maxDocumentDepth, Bytes: len(d.Body) + 1})
	if err != nil {
		return &payload.Node{Kind: payload.Null, Value: "null"}
	}
	d.node.Store(tree.Root)
	return tree.Root
}

// Parsed hands over the tree of the body, where the caller has it already.
func (d *Doc) Parsed(n *payload.Node) { d.node.Store(n) }

// Tx is one transaction on one space. It is used by one goroutine.
type Tx interface {
	// Get gives nil when there is no such document.
	Get(collection, key string) (*Doc, error)
	// Has says whether the collection holds any document.
	Has(collection string) (bool, error)
	// Find gives the oldest document with that index value, nil if there is none.
	Find(collection, index, value string) (*Doc, error)
	// FindAll gives all documents with that index value, the oldest first. The caller
	// may not change the list.
	FindAll(collection, index, value string) ([]*Doc, error)
	// List gives the documents in the order of their creation.
	List(collection string) ([]*Doc, error)
	// Put stores a new version; the error is a *Conflict when another document
	// of the collection holds one of its unique index values.
	Put(collection string, d *Doc) error
	// Delete says whether there was such a document.
	Delete(collection, key string) (bool, error)
	// Next counts up: 1, 2, 3 …
	Next(counter string) (uint64, error)
	// Collections lists the names of the collections that hold documents, sorted.
	Collections() ([]string, error)
}

// Store keeps spaces. All methods may be called concurrently. A space begins to
// exist when it is first used; it is seeded then.
type Store interface {
	View(ctx context.Context, space string, fn func(Tx) error) error
	// Update runs fn and keeps what it did, unless it gives an error. It may
	// run fn more than once, when another caller was faster.
	Update(ctx context.Context, space string, fn func(Tx) error) error
	// Reset forgets a space; its next use seeds it again.
	Reset(ctx context.Context, space string) error
	Snapshot(ctx context.Context, space string) (*Image, error)
	Restore(ctx context.Context, space string, image *Image) error
	// Spaces lists the names of the spaces in use, sorted.
	Spaces(ctx context.Context) ([]string, error)
	Close() error
}

// Options are common to all stores. The zero value works.
type Options struct {
	// Seed fills a space when it comes into being.
	Seed func(space string, tx Tx) error
	// Clock gives the time for the expiry of spaces; default time.Now.
	Clock func() time.Time
	// Idle is how long an unused space is kept; default one hour. Spaces for
	// which Keep holds never expire.
	Idle time.Duration
	// MaxSpaces bounds how many spaces there are; the one that was not used for
	// the longest time makes room. Default 4096.
	MaxSpaces int
	// Keep names the spaces that never expire.
	Keep func(space string) bool
}

func (o Options) withDefaults() Options {
	if o.Seed == nil {
		o.Seed = func(string, Tx) error { return nil }
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Idle <= 0 {
		o.Idle = time.Hour
	}
	if o.MaxSpaces <= 0 {
		o.MaxSpaces = 4096
	}
	if o.Keep == nil {
		o.Keep = func(string) bool { return false }
	}
	return o
}

// Conflict says that a unique index value is taken.
type Conflict struct {
	Collection, Index, Value string
	// Holder is the key of the document that has the value.
	Holder string
}

func (c *Conflict) Error() string {
	return fmt.Sprintf("%s: the value %q of the unique index %s is held by %q already", c.Collection, c.Value, c.Index, c.Holder)
}

// ErrReadOnly is what a View gives to a transaction that wants to change something.
var ErrReadOnly = errors.New("this transaction only reads")
