package mockserver

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/roadworthy-project/roadworthy/specs"
)

// limiter keeps the call limits of one contract.
type limiter struct {
	clock  func() time.Time
	limits []*limit
}

// limit is one call limit: a bucket of tokens for each company and session.
type limit struct {
	operations []string // "*" is all
	rate       float64  // calls a second
	calls      calls
}

// calls keeps the buckets of a limit, in memory or where several servers share them.
type calls interface {
	// take uses up one call; otherwise it says how long to wait.
	take(who string, rate float64, now time.Time) (time.Duration, error)
}

func newLimiter(c *specs.Contract, documented bool, all float64, clock func() time.Time) *limiter {
	l := &limiter{clock: clock}
	if documented {
		for _, d := range c.Limits {
			l.limits = append(l.limits, &limit{operations: d.Operations, rate: d.Rate, calls: newOwnCalls()})
		}
	}
	if all > 0 {
		l.limits = append(l.limits, &limit{operations: []string{"*"}, rate: all, calls: newOwnCalls()})
	}
	return l
}

// of gives the limits of an operation.
func (l *limiter) of(operation string) []*limit {
	var own []*limit
	for _, one := range l.limits {
		if one.rate > 0 && (slices.Contains(one.operations, operation) || slices.Contains(one.operations, "*")) {
			own = append(own, one)
		}
	}
	return own
}

// limit refuses a call beyond the limit of the company.
func (x *exchange) limit() *refusal {
	for _, l := range x.op.limits {
		wait, err := l.calls.take(x.caller.Company+"/"+x.entry.Session, l.rate, x.started)
		if err != nil {
			return x.internal("limit", err)
		}
		if wait <= 0 {
			continue
		}
		seconds := int(math.Ceil(wait.Seconds()))
		return &refusal{
			reason: "over-limit",
			detail: "more than " + strconv.FormatFloat(l.rate, 'g', -1, 64) + " calls a second; try again in " + strconv.Itoa(seconds) + " s",
			header: http.Header{"Retry-After": {strconv.Itoa(seconds)}},
		}
	}
	return nil
}

// ownCalls are the buckets of a server that shares nothing.
type ownCalls struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// maxBuckets bounds the memory of a limit; full buckets are thrown away first.
const maxBuckets = 10_000

func newOwnCalls() *ownCalls { return &ownCalls{buckets: map[string]*bucket{}} }

func (c *ownCalls) take(who string, rate float64, now time.Time) (time.Duration, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	burst := math.Max(1, rate)
	b := c.buckets[who]
	if b == nil {
		if len(c.buckets) >= maxBuckets {
			clear(c.buckets)
		}
		b = &bucket{tokens: burst, at: now}
		c.buckets[who] = b
	}
	b.tokens = math.Min(burst, b.tokens+math.Max(0, now.Sub(b.at).Seconds())*rate)
	b.at = now
	if b.tokens >= 1 {
		b.tokens--
		return 0, nil
	}
	return time.Duration((1 - b.tokens) / rate * float64(time.Second)), nil
}
