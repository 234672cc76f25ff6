package admin

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sort"
	"strconv"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Document is one stored document in a list.
type Document struct {
	Key   string          `json:"key"`
	Owner string          `json:"owner"`
	Rev   uint64          `json:"rev"`
	Body  json.RawMessage `json:"body"`
}

func place(r *http.Request) Place {
	return Place{Contract: r.PathValue("contract"), Session: session(r), Resource: r.PathValue("resource")}
}

func (a *API) contract(name string) (*Contract, error) {
	var names []string
	for _, c := range a.backend.Contracts() {
		if c.Name == name {
			return &c, nil
		}
		names = append(names, c.Name)
	}
	return nil, problem(http.StatusNotFound, "no contract %q is served; there are %v", name, names)
}

func (a *API) listResources(w http.ResponseWriter, r *http.Request) error {
	c, err := a.contract(r.PathValue("contract"))
	if err != nil {
		return err
	}
	list := []map[string]any{}
	for _, name := range c.Resources {
		docs, err := a.backend.Documents(r.Context(), Place{c.Name, session(r), name})
		if err != nil {
			return err
		}
		list = append(list, map[string]any{"resource": name, "documents": len(docs)})
	}
	writeJSON(w, http.StatusOK, map[string]any{"contract": c.Name, "session": session(r), "resources": list})
	return nil
}

// known checks that the contract has such a resource.
func (a *API) known(at Place) error {
	c, err := a.contract(at.Contract)
	if err != nil {
		return err
	}
	if !slices.Contains(c.Resources, at.Resource) {
		return problem(http.StatusNotFound, "contract %s has no resource %q; it has %v", c.Name, at.Resource, c.Resources)
	}
	return nil
}

func (a *API) listDocuments(w http.ResponseWriter, r *http.Request) error {
	at := place(r)
	if err := a.known(at); err != nil {
		return err
	}
	docs, err := a.backend.Documents(r.Context(), at)
	if err != nil {
		return err
	}
	list := []Document{}
	for _, d := range docs {
		list = append(list, Document{d.Key, d.Owner, d.Rev, d.Body})
	}
	writeJSON(w, http.StatusOK, map[string]any{"documents": list})
	return nil
}

func (a *API) getDocument(w http.ResponseWriter, r *http.Request) error {
	at := place(r)
	if err := a.known(at); err != nil {
		return err
	}
	d, err := a.backend.Document(r.Context(), at, r.PathValue("key"))
	if err != nil {
		return err
	}
	if d == nil {
		return notThere(at, r.PathValue("key"))
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", `"`+strconv.FormatUint(d.Rev, 10)+`"`)
	w.Header().Set("Roadworthy-Owner", d.Owner)
	_, _ = w.Write(d.Body)
	return nil
}

func notThere(at Place, key string) error {
	return problem(http.StatusNotFound, "there is no %s %q in session %s", at.Resource, key, at.Session)
}

func (a *API) putDocument(w http.ResponseWriter, r *http.Request) error {
	at := place(r)
	if err := a.known(at); err != nil {
		return err
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return problem(http.StatusRequestEntityTooLarge, "the body cannot be read: %v", err)
	}
	tree, err := payload.ParseJSON(body, payload.JSONLimits{Bytes: maxBody})
	if err != nil {
		return problem(http.StatusBadRequest, "the document is %v", err)
	}
	created, err := a.backend.PutDocument(r.Context(), at, r.PathValue("key"), r.URL.Query().Get("owner"), tree.Root)
	if err != nil {
		return err
	}
	if created {
		w.WriteHeader(http.StatusCreated)
	} else {
		w.WriteHeader(http.StatusNoContent)
	}
	return nil
}

func (a *API) deleteDocument(w http.ResponseWriter, r *http.Request) error {
	at := place(r)
	if err := a.known(at); err != nil {
		return err
	}
	existed, err := a.backend.DeleteDocument(r.Context(), at, r.PathValue("key"))
	if err != nil {
		return err
	}
	if !existed {
		return notThere(at, r.PathValue("key"))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// Scope says what a reset is about; empty is everything of the default session.
type Scope struct {
	Contract string `json:"contract"`
	Session  string `json:"session"`
	// KeepJournal leaves the journal as it is.
	KeepJournal bool `json:"keepJournal"`
}

// reset puts the state of a session back to its beginning and forgets its journal.
func (a *API) reset(w http.ResponseWriter, r *http.Request) error {
	s := Scope{Session: session(r)}
	if r.ContentLength != 0 {
		if err := readJSON(r, &s); err != nil {
			return err
		}
	}
	if s.Session == "" {
		s.Session = session(r)
	}
	if s.Contract != "" {
		if _, err := a.contract(s.Contract); err != nil {
			return err
		}
	}
	if err := a.backend.Reset(r.Context(), s.Contract, s.Session); err != nil {
		return err
	}
	if !s.KeepJournal {
		a.backend.Journal().Clear(s.Session)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// Snapshot is the state of a session as data.
type Snapshot struct {
	Version   int                     `json:"version"` // 1
	Session   string                  `json:"session"`
	Contracts map[string]*state.Image `json:"contracts"`
}

func (a *API) snapshot(w http.ResponseWriter, r *http.Request) error {
	images, err := a.backend.Snapshot(r.Context(), r.URL.Query().Get("contract"), session(r))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, Snapshot{Version: 1, Session: session(r), Contracts: images})
	return nil
}

// restore puts a snapshot back, into the session that the request names.
func (a *API) restore(w http.ResponseWriter, r *http.Request) error {
	var s Snapshot
	if err := readJSON(r, &s); err != nil {
		return err
	}
	if s.Version != 1 {
		return problem(http.StatusBadRequest, "version: expected 1, found %d", s.Version)
	}
	if len(s.Contracts) == 0 {
		return problem(http.StatusBadRequest, "contracts: expected at least one")
	}
	for _, name := range sortedKeys(s.Contracts) {
		if _, err := a.contract(name); err != nil {
			return err
		}
		if s.Contracts[name] == nil {
			return problem(http.StatusBadRequest, "contracts.%s: expected a state, found null", name)
		}
	}
	if err := a.backend.Restore(r.Context(), session(r), s.Contracts); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
