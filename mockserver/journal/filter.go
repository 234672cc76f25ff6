package journal

import (
	"bytes"
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
	e = e.withoutSecrets()
	for _, s := range []string{e.URL, e.Decision.Rule, e.Decision.Outcome, e.Decision.Reason, e.Decision.Detail, e.Internal} {
		if strings.Contains(s, text) {
			return true
		}
	}
	return bytes.Contains(e.RequestBody, []byte(text)) || bytes.Contains(e.ResponseBody, []byte(text))
}
