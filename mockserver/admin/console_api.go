package admin

import (
	"errors"
	"mime"
	"net/http"
	"strconv"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// What the console asks beyond the rest of the admin API.

func (a *API) contractDetails(w http.ResponseWriter, r *http.Request) error {
	c, err := a.contract(r.PathValue("contract"))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, a.backend.ContractDetails(c.Name))
	return nil
}

func (a *API) operationDetails(w http.ResponseWriter, r *http.Request) error {
	c, err := a.contract(r.PathValue("contract"))
	if err != nil {
		return err
	}
	d, err := a.backend.OperationDetails(c.Name, r.PathValue("operation"), session(r))
	if err != nil {
		return err
	}
	if d == nil {
		return problem(http.StatusNotFound, "contract %s has no operation %q", c.Name, r.PathValue("operation"))
	}
	writeJSON(w, http.StatusOK, d)
	return nil
}

func (a *API) outcomes(w http.ResponseWriter, r *http.Request) error {
	c, err := a.contract(r.PathValue("contract"))
	if err != nil {
		return err
	}
	all, err := a.backend.Outcomes(c.Name, session(r))
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, map[string]any{"session": session(r), "outcomes": all})
	return nil
}

func (a *API) sessions(w http.ResponseWriter, _ *http.Request) error {
	list, err := a.backend.Sessions()
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, map[string]any{"sessions": list})
	return nil
}

// try sends a request of a person to the mock itself, with the credentials of an
// identity, and answers with the entry of the journal.
func (a *API) try(w http.ResponseWriter, r *http.Request) error {
	t, err := a.trial(r)
	if err != nil {
		return err
	}
	id, err := a.backend.Try(r.Context(), t)
	if err != nil {
		return err
	}
	e, err := a.lookup(id)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, e.Render())
	return nil
}

// tryCurl answers with the command line that sends such a request.
func (a *API) tryCurl(w http.ResponseWriter, r *http.Request) error {
	t, err := a.trial(r)
	if err != nil {
		return err
	}
	line, err := a.backend.TrialCurl(t)
	if err != nil {
		return err
	}
	return writeText(w, line)
}

func (a *API) trial(r *http.Request) (t Trial, err error) {
	if err := readJSON(r, &t); err != nil {
		return t, err
	}
	_, err = a.contract(t.Contract)
	t.Session, t.Host, t.TLS = session(r), r.Host, r.TLS != nil
	return t, err
}

func writeText(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte(text + "\n"))
	return err
}

// kept finds the entry that a path names.
func (a *API) kept(r *http.Request) (*journal.Entry, error) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, problem(http.StatusNotFound, "there is no request %q", r.PathValue("id"))
	}
	return a.lookup(id)
}

func (a *API) lookup(id uint64) (*journal.Entry, error) {
	e, err := a.backend.Journal().Lookup(id)
	if errors.Is(err, journal.ErrNotKept) {
		return nil, problem(http.StatusNotFound, "the journal does not hold the request %d (any more)", id)
	}
	return e, err
}

func (a *API) curl(w http.ResponseWriter, r *http.Request) error {
	e, err := a.kept(r)
	if err != nil {
		return err
	}
	return writeText(w, a.backend.Curl(e))
}

func (a *API) scenario(w http.ResponseWriter, r *http.Request) error {
	e, err := a.kept(r)
	if err != nil {
		return err
	}
	text, err := a.backend.Scenario(e)
	if err != nil {
		return problem(http.StatusUnprocessableEntity, "%v", err)
	}
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "saved-" + strconv.FormatUint(e.ID, 10) + ".yaml"}))
	_, err = w.Write(text)
	return err
}

// summarize writes an entry in one line, without bodies.
func summarize(e *journal.Entry) Summary {
	d := &e.Decision
	return Summary{
		ID: e.ID, Time: e.When(), DurationMs: float64(e.Duration.Microseconds()) / 1000, Session: e.Session, Contract: e.Contract,
		Operation: e.Operation, Identity: e.Identity, Method: e.Method, URL: e.Address(), Status: e.Status, Outcome: d.Outcome, Items: d.Items,
		Reason: d.Reason, Rule: d.Rule, Violations: len(d.Hard) + len(d.Soft), Changes: len(d.Changes), Faults: d.Faults, Internal: e.Internal != "", Refused: d.Refused,
	}
}

func summaries(entries []*journal.Entry) []Summary {
	list := make([]Summary, len(entries))
	for i, e := range entries {
		list[i] = summarize(e)
	}
	return list
}
