package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 15 * time.Second

// stream sends every new entry as a server-sent event. A reader that comes back
// with Last-Event-ID, or begins with ?after=ID, gets what it missed, as far as it is kept.
func (a *API) stream(w http.ResponseWriter, r *http.Request) error {
	f, err := filter(r)
	if err != nil {
		return err
	}
	sub := a.backend.Journal().Subscribe()
	defer sub.Close()
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(w)
	// The stream is open for longer than any other answer.
	_ = out.SetWriteDeadline(time.Time{})
	last, short := uint64(0), r.URL.Query().Get("summary") == "true"
	id, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64)
	if err == nil {
		f.After = id
	}
	if err == nil || r.URL.Query().Has("after") {
		for _, e := range a.backend.Journal().Entries(f) {
			if err := event(w, e, short); err != nil {
				return nil
			}
			last = e.ID
		}
	}
	if _, err := fmt.Fprint(w, ": listening\n\n"); err != nil {
		return nil
	}
	if err := out.Flush(); err != nil {
		return nil
	}
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-tick.C:
			_, err = fmt.Fprint(w, ": still here\n\n")
		case e := <-sub.C:
			if e.ID <= last || !f.Matches(e) {
				continue
			}
			if lost := sub.Lost.Swap(0); lost > 0 {
				_, _ = fmt.Fprintf(w, "event: lost\ndata: %d\n\n", lost)
			}
			err = event(w, e, short)
		}
		if err == nil {
			err = out.Flush()
		}
		if err != nil {
			// The reader is gone.
			return nil
		}
	}
}

// event writes one entry, whole or in one line.
func event(w http.ResponseWriter, e *journal.Entry, short bool) error {
	var shown any
	if short {
		shown = summarize(e)
	} else {
		shown = e.Render()
	}
	body, err := json.Marshal(shown)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "id: %d\nevent: request\ndata: %s\n\n", e.ID, body)
	return err
}
