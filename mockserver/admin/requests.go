package admin

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// defaultLimit is how many entries a list gives when nobody says a number.
const defaultLimit = 500

// filter reads the query of a list.
func filter(r *http.Request) (journal.Filter, error) {
	q := r.URL.Query()
	f := journal.Filter{Contract: q.Get("contract"), Operation: q.Get("operation"), Session: q.Get("session"), Text: q.Get("text"), Limit: defaultLimit}
	for _, number := range []struct {
		name string
		into *int
	}{{"limit", &f.Limit}, {"status", &f.Status}} {
		if s := q.Get(number.name); s != "" {
			if number.name == "status" && len(s) == 3 && (s[1:] == "xx" || s[1:] == "XX") {
				s = s[:1]
			}
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 {
				return f, problem(http.StatusBadRequest, "%s: expected a number, found %q", number.name, q.Get(number.name))
			}
			*number.into = n
		}
	}
	if s := q.Get("after"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			return f, problem(http.StatusBadRequest, "after: expected the id of an entry, found %q", s)
		}
		f.After = n
	}
	if s := q.Get("since"); s != "" {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return f, problem(http.StatusBadRequest, "since: expected a time as in RFC 3339, found %q", s)
		}
		f.Since = at
	}
	f.Internal = q.Get("internal") == "true"
	return f, nil
}

func (a *API) requests(w http.ResponseWriter, r *http.Request) error {
	f, err := filter(r)
	if err != nil {
		return err
	}
	entries, err := a.backend.Journal().Read(f)
	if err != nil {
		return err
	}
	switch format := r.URL.Query().Get("format"); format {
	case "", "json":
		if r.URL.Query().Get("summary") == "true" {
			at, err := a.backend.Journal().Position()
			if err != nil {
				return err
			}
			writeJSON(w, http.StatusOK, map[string]any{"requests": summaries(entries), "total": len(entries), "server": a.server(at)})
			return nil
		}
		writeJSON(w, http.StatusOK, map[string]any{"requests": rendered(entries), "total": len(entries)})
	case "har":
		writeJSON(w, http.StatusOK, har(entries, a.opts.Version))
	default:
		return problem(http.StatusBadRequest, "format: expected json or har, found %q", format)
	}
	return nil
}

func rendered(entries []*journal.Entry) []journal.Rendered {
	list := make([]journal.Rendered, len(entries))
	for i, e := range entries {
		list[i] = e.Render()
	}
	return list
}

func (a *API) clearRequests(w http.ResponseWriter, r *http.Request) error {
	if err := a.backend.Journal().Clear(r.URL.Query().Get("session")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) request(w http.ResponseWriter, r *http.Request) error {
	e, err := a.kept(r)
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, e.Render())
	return nil
}

// Unmatched is a request that no operation took, with those that it almost met,
// or one that broke the schema of its operation, with all that is wrong.
type Unmatched struct {
	Request    journal.Rendered `json:"request"`
	NearMisses []NearMiss       `json:"nearMisses"`
}

func (a *API) unmatched(w http.ResponseWriter, r *http.Request) error {
	f, err := filter(r)
	if err != nil {
		return err
	}
	f.Unmatched = true
	list := []Unmatched{}
	entries, err := a.backend.Journal().Read(f)
	if err != nil {
		return err
	}
	for _, e := range entries {
		near := a.nearMisses(e)
		if near == nil {
			near = []NearMiss{}
		}
		list = append(list, Unmatched{Request: e.Render(), NearMisses: near})
	}
	writeJSON(w, http.StatusOK, map[string]any{"requests": list, "total": len(list)})
	return nil
}

// maxWhy is how many violations a near miss spells out.
const maxWhy = 10

// nearMisses explains a request: by its violations when an operation had it, else
// by the operations with a similar address.
func (a *API) nearMisses(e *journal.Entry) []NearMiss {
	if e.Operation == "" {
		return a.backend.NearMisses(e.Method, e.URL)
	}
	miss := NearMiss{Contract: e.Contract, Operation: e.Operation, Method: e.Method}
	miss.Path, _, _ = strings.Cut(e.Address(), "?")
	var why []string
	for i, v := range e.Decision.Hard {
		if i == maxWhy {
			why = append(why, strconv.Itoa(len(e.Decision.Hard)-i)+" more")
			break
		}
		why = append(why, v.Message())
	}
	miss.Why = strings.Join(why, "; ")
	return []NearMiss{miss}
}
