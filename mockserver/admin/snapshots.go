package admin

import (
	"net/http"
	"sort"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
)

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
		if err := a.backend.Journal().Clear(s.Session); err != nil {
			return err
		}
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
