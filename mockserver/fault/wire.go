package fault

import (
	"math/rand/v2"
	"time"
)

// wireFaults spoil how an answer travels.
func wireFaults() []Fault {
	return []Fault{
		{Name: "latency", Kind: Wire, Title: "The answer comes late, by a fixed time",
			Params: []Param{{"delay", "how late", "1s", "duration"}},
			apply:  func(p *Plan, v values) { p.Delay += v.duration("delay") }},
		{Name: "random-latency", Kind: Wire, Title: "The answer comes late, by a random time",
			Params: []Param{{"min", "shortest delay", "0s", "duration"}, {"max", "longest delay", "1s", "duration"}},
			apply: func(p *Plan, v values) {
				low, high := v.duration("min"), v.duration("max")
				p.Delay += low
				if high > low {
					p.Delay += time.Duration(rand.Int64N(int64(high - low)))
				}
			}},
		{Name: "reset", Kind: Wire, Title: "The connection is closed without an answer",
			apply: func(p *Plan, _ values) { p.Reset = true }},
		{Name: "empty", Kind: Wire, Title: "The answer has its status and no body",
			apply: func(p *Plan, _ values) { p.Empty = true }},
		{Name: "truncate", Kind: Wire, Title: "The connection is closed in the middle of the body",
			apply: func(p *Plan, _ values) { p.Truncate = true }},
		{Name: "malformed", Kind: Wire, Title: "The body is neither JSON nor XML any more",
			apply: func(p *Plan, _ values) { p.Garble = true }},
		{Name: "drip", Kind: Wire, Title: "The body comes a few bytes at a time",
			Params: []Param{{"bytes", "bytes between two delays", "16", "number"}, {"delay", "time between them", "50ms", "duration"}},
			apply: func(p *Plan, v values) {
				p.DripBytes, p.DripDelay = max(v.number("bytes"), 1), v.duration("delay")
			}},
		{Name: "wrong-content-type", Kind: Wire, Title: "The Content-Type is not that of the body",
			Params: []Param{{"type", "what it says", "text/html", "text"}},
			apply:  func(p *Plan, v values) { p.ContentType = v["type"] }},
	}
}
