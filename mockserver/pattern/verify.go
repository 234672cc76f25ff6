package pattern

import (
	"fmt"
	"sort"
	"strconv"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// Near is a request that a pattern nearly selects.
type Near struct {
	Entry  *journal.Entry
	Misses []Miss
	// Met of the conditions, of so many.
	Met, Of int
}

// nearest is how many near misses are told.
const nearest = 3

// Nearest gives the requests that meet the most conditions of a pattern without meeting
// all, the newest first among equals.
func (c *Compiled) Nearest(entries []*journal.Entry) []Near {
	var all []Near
	for _, e := range entries {
		failed := c.failed(read(e))
		if met := len(c.conditions) - failed; failed > 0 && met > 0 || failed > 0 && len(c.conditions) == 1 {
			all = append(all, Near{Entry: e, Met: met, Of: len(c.conditions)})
		}
	}
	sort.SliceStable(all, func(i, k int) bool {
		if all[i].Met != all[k].Met {
			return all[i].Met > all[k].Met
		}
		return all[i].Entry.ID > all[k].Entry.ID
	})
	all = all[:min(len(all), nearest)]
	for i := range all {
		all[i].Misses, _ = c.Explain(all[i].Entry)
	}
	return all
}

// Expectation is what a verification asks for: one pattern with a number, or several
// that must come in order.
type Expectation struct {
	Request *Pattern `json:"request"`
	// How often; without any of them, at least once.
	Exactly *int `json:"exactly"`
	AtLeast *int `json:"atLeast"`
	AtMost  *int `json:"atMost"`
	// InOrder are requests of which each comes behind the one before; others may come
	// between them.
	InOrder []Pattern `json:"inOrder"`
}

// Verdict is what came of a verification.
type Verdict struct {
	Verified bool
	Expected string // "exactly 2"
	Count    int
	// Missed is the pattern that was not met: its near misses help.
	Missed *Compiled
	// Step is the number of the pattern in order that was not met, from 1.
	Step int
}

// Verify holds an expectation against requests, oldest first.
func (x Expectation) Verify(entries []*journal.Entry) (Verdict, error) {
	if (x.Request == nil) == (len(x.InOrder) == 0) {
		return Verdict{}, wrong("the verification", "expected either request or inOrder")
	}
	if x.Request == nil {
		if x.Exactly != nil || x.AtLeast != nil || x.AtMost != nil {
			return Verdict{}, wrong("the verification", "exactly, atLeast and atMost are for one request, not for inOrder")
		}
		return x.ordered(entries)
	}
	c, err := x.Request.Compile()
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{Missed: c}
	for _, e := range entries {
		if c.Fits(e) {
			v.Count++
		}
	}
	v.Expected, v.Verified, err = x.holds(v.Count)
	return v, err
}

func (x Expectation) holds(n int) (expected string, holds bool, err error) {
	for _, limit := range []*int{x.Exactly, x.AtLeast, x.AtMost} {
		if limit != nil && *limit < 0 {
			return "", false, wrong("the verification", "expected numbers from 0, found "+strconv.Itoa(*limit))
		}
	}
	switch {
	case x.Exactly != nil && (x.AtLeast != nil || x.AtMost != nil):
		return "", false, wrong("the verification", "exactly stands alone, without atLeast and atMost")
	case x.Exactly != nil:
		return fmt.Sprintf("exactly %d", *x.Exactly), n == *x.Exactly, nil
	case x.AtLeast != nil && x.AtMost != nil:
		return fmt.Sprintf("%d to %d", *x.AtLeast, *x.AtMost), n >= *x.AtLeast && n <= *x.AtMost, nil
	case x.AtMost != nil:
		return fmt.Sprintf("at most %d", *x.AtMost), n <= *x.AtMost, nil
	case x.AtLeast != nil:
		return fmt.Sprintf("at least %d", *x.AtLeast), n >= *x.AtLeast, nil
	}
	return "at least 1", n >= 1, nil
}

func (x Expectation) ordered(entries []*journal.Entry) (Verdict, error) {
	v := Verdict{Expected: fmt.Sprintf("%d in this order", len(x.InOrder))}
	var steps []*Compiled
	for i, p := range x.InOrder {
		c, err := p.Compile()
		if err != nil {
			return v, wrong("inOrder["+strconv.Itoa(i)+"]", err.Error())
		}
		steps = append(steps, c)
	}
	rest := entries
	for i, c := range steps {
		at := 0
		for at < len(rest) && !c.Fits(rest[at]) {
			at++
		}
		if at == len(rest) {
			v.Missed, v.Step = c, i+1
			return v, nil
		}
		v.Count++
		rest = rest[at+1:]
	}
	v.Verified = true
	return v, nil
}
