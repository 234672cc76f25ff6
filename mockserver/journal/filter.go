package journal

import (
	"bytes"
	"sort"
	"strings"
	"time"
)

// Filter selects entries; a zero field selects all.
type Filter struct {
	Contract, Operation, Session string
	Status                       int // 404, or 4 for every 4xx
	Since                        time.Time
	After                        uint64 // entries with a higher id
	// Text occurs in the URL, a body or the decision.
	Text string
	// Unmatched selects what no operation took, or what its schema refused, be it
	// in one item of a batch.
	Unmatched bool
	// Internal selects what went wrong inside the server.
	Internal bool
	// Limit keeps the newest; 0 is no limit.
	Limit int
}

// Matches says whether the filter selects the entry. Limit is not looked at.
func (f Filter) Matches(e *Entry) bool {
	switch {
	case f.Contract != "" && f.Contract != e.Contract,
		f.Operation != "" && f.Operation != e.Operation,
		f.Session != "" && f.Session != e.Session,
		f.Status > 9 && f.Status != e.Status,
		f.Status > 0 && f.Status <= 9 && f.Status != e.Status/100,
		e.ID <= f.After,
		f.Unmatched && e.Operation != "" && len(e.Decision.Hard) == 0,
		f.Internal && e.Internal == "",
		!f.Since.IsZero() && e.Time.Before(f.Since):
		return false
	}
	return f.Text == "" || e.holds(f.Text)
}

func (e *Entry) holds(text string) bool {
	for _, s := range []string{e.URL, e.Decision.Rule, e.Decision.Outcome, e.Decision.Reason, e.Decision.Detail, e.Internal} {
		if strings.Contains(s, text) {
			return true
		}
	}
	return bytes.Contains(e.masked(e.RequestBody), []byte(text)) || bytes.Contains(e.masked(e.ResponseBody), []byte(text))
}

// Entries gives what the filter selects, oldest first.
func (j *Journal) Entries(f Filter) []*Entry {
	var all []*Entry
	j.mu.Lock()
	for name, r := range j.rings {
		if f.Session == "" || f.Session == name {
			all = append(all, r.entries...)
		}
	}
	j.mu.Unlock()
	found := all[:0]
	for _, e := range all {
		if f.Matches(e) {
			found = append(found, e)
		}
	}
	sort.Slice(found, func(i, k int) bool { return found[i].ID < found[k].ID })
	if f.Limit > 0 && len(found) > f.Limit {
		found = found[len(found)-f.Limit:]
	}
	return found
}

// Entry gives one entry by its number; nil if it is not kept (any more).
func (j *Journal) Entry(id uint64) *Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, r := range j.rings {
		for _, e := range r.entries {
			if e.ID == id {
				return e
			}
		}
	}
	return nil
}
