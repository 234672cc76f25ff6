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
// with Last-Event-ID gets what it missed, as far as it is kept.
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
	last := uint64(0)
	if id, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64); err == nil {
		f.After = id
		for _, e := range a.backend.Journal().Entries(f) {
			if err := event(w, e); err != nil {
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
			err = event(w, e)
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

func event(w http.ResponseWriter, e *journal.Entry) error {
	body, err := json.Marshal(e.Render())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "id: %d\nevent: request\ndata: %s\n\n", e.ID, body)
	return err
}
