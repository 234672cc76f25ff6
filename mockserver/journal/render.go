package journal

import (
	"encoding/hex"
	"time"
	"unicode/utf8"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Rendered is an entry as the admin API gives it: without secrets, with texts.
type Rendered struct {
	ID         uint64  `json:"id"`
	Time       string  `json:"time"` // RFC 3339
	DurationMs float64 `json:"durationMs"`
	Session    string  `json:"session"`
	Contract   string  `json:"contract"`
	Operation  string  `json:"operation"`
	Identity   string  `json:"identity"`
	Request    Message `json:"request"`
	Response   Message `json:"response"`
	Decision   Reasons `json:"decision"`
	Internal   string  `json:"internal,omitempty"`
	// Dropped tells that the bodies and the changes of the state had to make room for
	// newer ones.
	Dropped bool `json:"dropped,omitempty"`
}

// Message is a request or a response.
type Message struct {
	Method  string   `json:"method,omitempty"`
	URL     string   `json:"url,omitempty"`
	Status  int      `json:"status,omitempty"`
	Headers []Header `json:"headers"`
	Body    string   `json:"body"`
	// Size is that of the whole body in bytes, Cut tells that Body is its beginning.
	Size int  `json:"size"`
	Cut  bool `json:"cut,omitempty"`
	// Binary tells that the body is not text and was left out; Dump shows how it begins.
	Binary bool   `json:"binary,omitempty"`
	Dump   string `json:"dump,omitempty"`
}

// Reasons are a decision.
type Reasons struct {
	Stage       string             `json:"stage"`
	Reason      string             `json:"reason,omitempty"`
	Outcome     string             `json:"outcome,omitempty"`
	Items       []string           `json:"items,omitempty"`
	Refused     bool               `json:"refused,omitempty"`
	Rule        string             `json:"rule,omitempty"`
	Clause      string             `json:"clause,omitempty"`
	Basis       string             `json:"basis,omitempty"`
	Detail      string             `json:"detail,omitempty"`
	Violations  []schema.Violation `json:"violations"`
	Source      string             `json:"source,omitempty"`
	Changes     []StateChange      `json:"changes"`
	Preferences []string           `json:"preferences,omitempty"`
	Faults      []string           `json:"faults,omitempty"`
	Notes       []string           `json:"notes,omitempty"`
}

// StateChange is what happened to one document.
type StateChange struct {
	Kind     string       `json:"kind"` // put, delete
	Resource string       `json:"resource"`
	Key      string       `json:"key"`
	New      bool         `json:"new,omitempty"`
	Fields   []FieldDelta `json:"fields,omitempty"`
}

// FieldDelta is one field before and after, as JSON; empty is absent.
type FieldDelta struct {
	Path   string `json:"path"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// When is the time of the entry (RFC 3339, UTC).
func (e *Entry) When() string { return e.Time.UTC().Format(time.RFC3339Nano) }

// Address is the URL without secrets.
func (e *Entry) Address() string { return e.url() }

// Render makes an entry readable.
func (e *Entry) Render() Rendered {
	e = e.withoutSecrets()
	d := &e.Decision
	r := Rendered{
		ID: e.ID, Time: e.When(), DurationMs: float64(e.Duration.Microseconds()) / 1000,
		Session: e.Session, Contract: e.Contract, Operation: e.Operation, Identity: e.Identity, Internal: e.Internal, Dropped: e.Dropped,
		Request:  Message{Method: e.Method, URL: e.URL, Headers: headers(e.RequestHeader)},
		Response: Message{Status: e.Status, Headers: headers(e.ResponseHeader)},
		Decision: Reasons{
			Stage: d.Stage, Reason: d.Reason, Outcome: d.Outcome, Items: d.Items, Refused: d.Refused, Rule: d.Rule, Clause: d.Clause, Basis: d.Basis,
			Detail: d.Detail, Source: d.Source, Preferences: d.Preferences, Faults: d.Faults, Notes: d.Notes,
			Violations: append(append([]schema.Violation{}, d.Hard...), d.Soft...), Changes: []StateChange{},
		},
	}
	r.Request.show(e.RequestBody, e.RequestSize, e.RequestCut)
	r.Response.show(e.ResponseBody, e.ResponseSize, e.ResponseCut)
	for i := range d.Changes {
		r.Decision.Changes = append(r.Decision.Changes, stateChange(&d.Changes[i]))
	}
	return r
}

// maxDump is how much of a binary body is shown.
const maxDump = 512

func (m *Message) show(body []byte, size, cut int) {
	m.Body, m.Binary = text(body)
	m.Size, m.Cut = size, cut > 0
	if m.Binary {
		m.Dump = hex.Dump(body[:min(len(body), maxDump)])
	}
}

func text(body []byte) (string, bool) {
	if !utf8.Valid(body) {
		// A body that was cut may end inside a character.
		for range 3 {
			if len(body) > 0 {
				body = body[:len(body)-1]
			}
			if utf8.Valid(body) {
				return string(body), false
			}
		}
		return "", true
	}
	return string(body), false
}

func stateChange(c *behaviour.Change) StateChange {
	s := StateChange{Kind: string(c.Kind), Resource: c.Resource, Key: c.Key, New: c.Before == nil}
	var before, after *payload.Node
	if c.Before != nil {
		before = c.Before.Node()
	}
	if c.After != nil {
		after = c.After.Node()
	}
	s.Fields = delta(nil, "", before, after)
	return s
}

// maxDeltas bounds what one change shows.
const maxDeltas = 200

// delta lists the members that differ.
func delta(found []FieldDelta, path string, before, after *payload.Node) []FieldDelta {
	if len(found) >= maxDeltas {
		return found
	}
	if before != nil && after != nil {
		if behaviour.Same(before, after) {
			return found
		}
		if before.Kind == payload.Object && after.Kind == payload.Object {
			for c := range before.Children() {
				found = delta(found, path+"/"+payload.EscapePointer(c.Name), c, after.Member(c.Name))
			}
			for c := range after.Children() {
				if before.Member(c.Name) == nil {
					found = delta(found, path+"/"+payload.EscapePointer(c.Name), nil, c)
				}
			}
			return found
		}
	}
	return append(found, FieldDelta{Path: path, Before: jsonText(before), After: jsonText(after)})
}

func jsonText(n *payload.Node) string {
	if n == nil {
		return ""
	}
	return string(n.JSON())
}
