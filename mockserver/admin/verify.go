package admin

import (
	"errors"
	"net/http"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/pattern"
)

func (a *API) count(w http.ResponseWriter, r *http.Request) error {
	found, err := a.match(r)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, map[string]any{"count": len(found)})
	return nil
}

func (a *API) findRequests(w http.ResponseWriter, r *http.Request) error {
	found, err := a.match(r)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, map[string]any{"requests": rendered(found), "total": len(found)})
	return nil
}

// match reads a pattern from the body and gives the entries that fit.
func (a *API) match(r *http.Request) ([]*journal.Entry, error) {
	c, err := readPattern(r)
	if err != nil {
		return nil, err
	}
	entries, err := a.backend.Journal().Read(c.Filter())
	if err != nil {
		return nil, err
	}
	var found []*journal.Entry
	for _, e := range entries {
		if c.Fits(e) {
			found = append(found, e)
		}
	}
	return found, nil
}

func readPattern(r *http.Request) (*pattern.Compiled, error) {
	var p pattern.Pattern
	if err := readJSON(r, &p); err != nil {
		return nil, err
	}
	c, err := p.Compile()
	return c, badPattern(err)
}

// badPattern makes a problem of a pattern that cannot be used.
func badPattern(err error) error {
	var bad *pattern.Error
	if errors.As(err, &bad) {
		return problem(http.StatusBadRequest, "%s", err.Error())
	}
	return err
}

// NearRequest is a request that a pattern nearly selects.
type NearRequest struct {
	Request journal.Rendered `json:"request"`
	Met     int              `json:"met"` // conditions, of so many
	Of      int              `json:"of"`
	Misses  []pattern.Miss   `json:"misses"`
}

func nearRequests(all []pattern.Near) []NearRequest {
	list := []NearRequest{}
	for _, n := range all {
		list = append(list, NearRequest{n.Entry.Render(), n.Met, n.Of, n.Misses})
	}
	return list
}

// nearRequests tells which requests a pattern nearly selects, and what keeps them from it.
func (a *API) nearRequests(w http.ResponseWriter, r *http.Request) error {
	c, err := readPattern(r)
	if err != nil {
		return err
	}
	entries, err := a.backend.Journal().Read(journal.Filter{})
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, map[string]any{"nearMisses": nearRequests(c.Nearest(entries))})
	return nil
}

// Verification is what came of an expectation.
type Verification struct {
	Verified bool   `json:"verified"`
	Expected string `json:"expected"`
	Count    int    `json:"count"`
	// Step is the first pattern in order that nothing fitted, from 1.
	Step       int           `json:"step,omitempty"`
	NearMisses []NearRequest `json:"nearMisses"`
}

// verify holds what was sent against an expectation: 200 when it was met, else 422 with
// the requests that nearly met it.
func (a *API) verify(w http.ResponseWriter, r *http.Request) error {
	var x pattern.Expectation
	if err := readJSON(r, &x); err != nil {
		return err
	}
	entries, err := a.backend.Journal().Read(journal.Filter{})
	if err != nil {
		return err
	}
	v, err := x.Verify(entries)
	if err != nil {
		return badPattern(err)
	}
	out := Verification{Verified: v.Verified, Expected: v.Expected, Count: v.Count, Step: v.Step, NearMisses: []NearRequest{}}
	status := http.StatusOK
	if !v.Verified {
		status = http.StatusUnprocessableEntity
		out.NearMisses = nearRequests(v.Missed.Nearest(entries))
	}
	writeJSON(w, status, out)
	return nil
}
