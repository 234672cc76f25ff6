package engine

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/roadworthy-project/roadworthy/scenarios"
)

// A target may say that it is called too often (RFC 6585, 429) or not for the moment
// (RFC 9110, 503 with Retry-After), and when to call again. That is no answer to the
// request, which was not served: it is sent again, and the answer that comes then is
// judged. A run waits this often for one step, and gives up on a target that has served
// nobody for so long.
const (
	mostPauses   = 6
	longestPause = 60 * time.Second
	mostRefusals = 40
	firstGuess   = 200 * time.Millisecond
)

// limiting reports whether an answer says that the target serves nobody now, and the
// step did not ask for that.
func limiting(st *scenarios.Step, a answer) bool {
	switch a.status {
	case http.StatusTooManyRequests:
	case http.StatusServiceUnavailable:
		if a.header.Get("Retry-After") == "" {
			return false
		}
	default:
		return false
	}
	return !slices.Contains(st.Expect.Refs(), "http:"+strconv.Itoa(a.status)) && !slices.Contains(st.Expect.Status, a.status)
}

// limited says how long to wait before a request is sent again; 0 when its answer
// counts, or when the target has put it off too often or for too long.
func (x *run) limited(st *scenarios.Step, a answer, fact *Fact) time.Duration {
	if !limiting(st, a) {
		if a.status > 0 {
			x.r.serves(true)
		}
		return 0
	}
	if x.r.serves(false) || fact.Limited == mostPauses {
		return 0
	}
	pause := retryAfter(a.header.Get("Retry-After"), x.r.options.Now())
	if pause == 0 {
		// It does not say when: twice as long each time.
		pause = firstGuess << fact.Limited
	}
	if pause > longestPause {
		return 0
	}
	fact.Limited++
	return pause
}

// serves notes whether the target served a request. gone is true when it has put off
// everybody for so long that nobody waits any more.
func (r *Runner) serves(served bool) (gone bool) {
	r.pauseMu.Lock()
	defer r.pauseMu.Unlock()
	if served {
		r.refusals = 0
		return false
	}
	if r.refusals++; r.refusals == 1 {
		r.refusedSince = time.Now()
	}
	return r.refusals > mostRefusals || time.Since(r.refusedSince) > longestPause
}

// retryAfter reads the header: seconds, or a date. 0 when it says nothing.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return max(time.Duration(min(seconds, 86400))*time.Second, time.Millisecond)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now), time.Millisecond)
	}
	return 0
}

// wait holds every request back for a while, this one too; false when the context
// ended first.
func (r *Runner) wait(ctx context.Context, pause time.Duration) bool {
	r.pauseMu.Lock()
	if until := time.Now().Add(pause); until.After(r.pausedUntil) {
		r.pausedUntil = until
	}
	r.pauseMu.Unlock()
	return r.paused(ctx) == nil
}

// paused returns when the target may be called again.
func (r *Runner) paused(ctx context.Context) error {
	for {
		r.pauseMu.Lock()
		left := time.Until(r.pausedUntil)
		r.pauseMu.Unlock()
		if left <= 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(left):
		}
	}
}
