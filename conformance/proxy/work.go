package proxy

import (
	"github.com/roadworthy-project/roadworthy/conformance/traffic"
)

// hand gives a finished exchange to the goroutine that judges.
func (p *Proxy) hand(s *passage) {
	p.guard.RLock()
	defer p.guard.RUnlock()
	if !p.closed {
		p.done <- s
	}
}

// work judges one exchange after the other, in the order in which they end.
func (p *Proxy) work() {
	defer close(p.finished)
	for s := range p.done {
		p.judge(s)
	}
}

func (p *Proxy) judge(s *passage) {
	x := s.exchange
	s.finish(p.options.MaxBody)
	if p.options.Failed != nil && x.Failure != "" && s.blocked == "" && !s.gone {
		p.options.Failed(x, x.Failure)
	}
	if s.matched.Operation == nil {
		p.all.Unmatched(x, s.matched)
		return
	}
	if x.Status == 0 && s.gone {
		// The client hung up before an answer: there is nothing to judge by.
		return
	}
	j := traffic.Judge(x, s.matched, p.options.Sides)
	seen := p.all.Add(j)
	masker := p.secrets.Learn(x, j.Request.Tree)
	if p.options.Live != nil {
		for _, d := range seen {
			if d.Times == 1 {
				p.options.Live(Line{Exchange: x, Blocked: s.blocked == d.Step, Deviation: d.Deviation, URL: masker.URL(x.URL)})
			}
		}
	}
	if p.options.Record != nil && p.recordErr == nil {
		p.recordErr = p.options.Record(j, masker)
	}
}
