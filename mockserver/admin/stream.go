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

// reading is one reader of the stream.
type reading struct {
	w      http.ResponseWriter
	out    *http.ResponseController
	filter journal.Filter
	short  bool
	marks  bool   // events about the stream itself are wanted, too
	last   uint64 // the newest entry that the reader was told or that does not concern it
}

// stream sends every new entry as a server-sent event. A reader that comes back
// with Last-Event-ID, or begins with ?after=ID, gets what it missed, as far as it is
// kept. With ?marks=true it is also told what is no request: "hello" comes first and
// names the life of the server, since numbers begin anew with the next one, and
// "cleared" comes when a journal was emptied.
func (a *API) stream(w http.ResponseWriter, r *http.Request) error {
	f, err := filter(r)
	if err != nil {
		return err
	}
	f.Limit = 0
	j := a.backend.Journal()
	sub, err := j.Subscribe()
	if err != nil {
		return err
	}
	defer sub.Close()
	at, err := j.Position()
	if err != nil {
		return err
	}
	s := &reading{w: w, out: http.NewResponseController(w), filter: f, last: at.Last,
		short: r.URL.Query().Get("summary") == "true", marks: r.URL.Query().Get("marks") == "true"}
	if id, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 64); err == nil {
		s.last = id
	} else if r.URL.Query().Has("after") {
		s.last = f.After
	}
	if s.last > at.Last {
		s.last = 0 // a number of an earlier server: all is new
	}
	ending := a.ending(r) // before the reader hears of the stream, and may end the server
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	// The stream is open for longer than any other answer.
	_ = s.out.SetWriteDeadline(time.Time{})
	if s.marks {
		_, err = fmt.Fprintf(w, "event: hello\ndata: {\"server\":%q,\"last\":%d}\n\n", a.server(at), at.Last)
	} else {
		_, err = fmt.Fprint(w, ": listening\n\n")
	}
	if err != nil {
		return nil
	}
	if s.catchUp(j) != nil || s.out.Flush() != nil {
		return nil
	}
	tick := time.NewTicker(heartbeat)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-ending:
			return nil // or the server would wait for the reader
		case <-tick.C:
			_, err = fmt.Fprint(w, ": still here\n\n")
		case n := <-sub.C:
			err = s.take(n, sub, j)
		}
		if err != nil || s.out.Flush() != nil {
			return nil // the reader is gone
		}
	}
}

// ending is closed when the HTTP server of a request begins to shut down.
func (a *API) ending(r *http.Request) <-chan struct{} {
	server, ok := r.Context().Value(http.ServerContextKey).(*http.Server)
	if !ok {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.endings == nil {
		a.endings = map[*http.Server]chan struct{}{}
	}
	if a.endings[server] == nil {
		end := make(chan struct{})
		a.endings[server] = end
		server.RegisterOnShutdown(func() { close(end) })
	}
	return a.endings[server]
}

// server names this life of the journal: mostly that of the server.
func (a *API) server(at journal.Position) string {
	if at.Life != "" {
		return at.Life
	}
	return a.opts.Started.UTC().Format(time.RFC3339Nano)
}

// take sends what came, and what came with it. When the reader was too slow, what it
// missed is read from the journal.
func (s *reading) take(n journal.News, sub *journal.Subscription, j *journal.Journal) error {
	for more := true; more; {
		if err := s.one(n); err != nil {
			return err
		}
		select {
		case n = <-sub.C:
		default:
			more = false
		}
	}
	if sub.Lost.Swap(0) > 0 {
		return s.catchUp(j)
	}
	return nil
}

func (s *reading) one(n journal.News) error {
	if n.Gap {
		return nil
	}
	if n.Entry == nil {
		if !s.marks {
			return nil
		}
		session, _ := json.Marshal(n.Cleared)
		_, err := fmt.Fprintf(s.w, "event: cleared\ndata: {\"session\":%s}\n\n", session)
		return err
	}
	// Behind a gap the journal is read instead: nothing comes out of order.
	if n.Entry.ID != s.last+1 {
		return nil
	}
	s.last = n.Entry.ID
	return s.send(n.Entry)
}

// catchUp sends what the journal has behind the last entry, and counts what it has
// no more.
func (s *reading) catchUp(j *journal.Journal) error {
	at, err := j.Position()
	if err != nil {
		return nil // asked again when it can be reached
	}
	if at.Last < s.last {
		s.last = 0 // the journal began anew
	}
	newest := at.Last
	missed, err := j.Read(journal.Filter{After: s.last})
	if err != nil {
		return nil
	}
	if len(missed) > 0 {
		newest = max(newest, missed[len(missed)-1].ID)
	}
	if gone := int(newest-s.last) - len(missed); gone > 0 && at.Evicted > s.last {
		if _, err := fmt.Fprintf(s.w, "event: lost\ndata: %d\n\n", gone); err != nil {
			return err
		}
	}
	for _, e := range missed {
		if err := s.send(e); err != nil {
			return err
		}
	}
	s.last = newest
	return nil
}

// send writes an entry that the reader asked for, whole or in one line.
func (s *reading) send(e *journal.Entry) error {
	f := s.filter
	f.After = 0
	if !f.Matches(e) {
		return nil
	}
	var shown any
	if s.short {
		shown = summarize(e)
	} else {
		shown = e.Render()
	}
	body, err := json.Marshal(shown)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.w, "id: %d\nevent: request\ndata: %s\n\n", e.ID, body)
	return err
}
