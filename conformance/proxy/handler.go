package proxy

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/conformance/traffic"
	"github.com/roadworthy-project/roadworthy/reports"
)

// ServeHTTP lets one exchange through.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m := p.router.Match(r.Method, r.URL.EscapedPath())
	u := *r.URL
	u.Scheme, u.Host = p.upstream.Scheme, p.upstream.Host
	s := &passage{matched: m, exchange: &traffic.Exchange{Number: int(p.number.Add(1)), Method: r.Method, URL: &u, Proto: r.Proto, Started: p.options.Now(),
		Request: traffic.Message{Header: r.Header.Clone()}}}
	if m.Operation == nil {
		p.reverse.ServeHTTP(w, r)
		p.hand(s)
		return
	}
	if r.Body != nil && r.Body != http.NoBody {
		s.request = &copied{body: r.Body, max: p.options.MaxBody, length: r.ContentLength}
		r.Body = s.request
	}
	defer func() {
		s.gone = s.gone || r.Context().Err() != nil
		s.exchange.Took = p.options.Now().Sub(s.exchange.Started)
		p.hand(s)
		if stop := recover(); stop != nil {
			// The reverse proxy aborts the connection so when a body broke off.
			panic(stop)
		}
	}()
	if p.options.Mode == Enforce && p.options.Sides != "responses" && !p.admit(w, r, s) {
		return
	}
	p.reverse.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), passageKey{}, s)))
}

// admit judges a request before it is forwarded. Where it deviates, it is answered.
func (p *Proxy) admit(w http.ResponseWriter, r *http.Request, s *passage) bool {
	if s.request != nil && r.ContentLength <= p.options.MaxBody {
		start, err := io.ReadAll(io.LimitReader(s.request, p.options.MaxBody+1))
		if err != nil {
			s.gone = true
			return false
		}
		// A body over the limit passes unjudged: what was read goes first.
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(start), s.request), s.request}
	}
	if s.request != nil {
		s.request.take(&s.exchange.Request, p.options.MaxBody)
	}
	if s.request != nil && unreadable(r.Header) {
		// What cannot be read cannot be enforced (RFC 9110, section 15.5.16).
		w.Header().Set("Accept-Encoding", strings.Join(codings(), ", "))
		p.refuse(w, s, http.StatusUnsupportedMediaType, "The request is in a content coding that cannot be taken off, so that it cannot be judged", nil)
		return false
	}
	found := errorsOf(traffic.JudgeRequest(s.exchange, s.matched).Findings)
	if len(found) == 0 {
		return true
	}
	p.refuse(w, s, http.StatusBadRequest, "The request deviates from the contract and was not forwarded", found)
	return false
}

// refuse answers a request in place of the upstream.
func (p *Proxy) refuse(w http.ResponseWriter, s *passage, status int, what string, found []judge.Finding) {
	s.blocked = traffic.SideRequest
	doc := problem(status, what, s, found)
	s.exchange.Status = 0
	s.exchange.Failure = "the request was held back"
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(doc)
}

func errorsOf(all []judge.Finding) []judge.Finding {
	var out []judge.Finding
	for _, f := range all {
		if f.Severity == reports.SeverityError {
			out = append(out, f)
		}
	}
	return out
}

// response looks at the head of an answer: it is copied while it streams, or judged
// before it goes on, or left alone.
func (p *Proxy) response(resp *http.Response) error {
	s := passageOf(resp.Request.Context())
	if s == nil {
		return nil
	}
	x := s.exchange
	x.Status, x.Response.Header = resp.StatusCode, resp.Header.Clone()
	if resp.StatusCode == http.StatusSwitchingProtocols || !p.judged(s, resp) || resp.ContentLength > p.options.MaxBody {
		x.Response.Unread = true
		if resp.ContentLength > p.options.MaxBody {
			x.Response.Why = tooLong(p.options.MaxBody)
		}
		return nil
	}
	s.response = &copied{body: resp.Body, max: p.options.MaxBody, length: resp.ContentLength}
	resp.Body = s.response
	if p.options.Mode == Enforce && p.options.Sides != "requests" {
		return p.release(resp, s)
	}
	return nil
}

// judged reports whether a body of this kind has anything to be judged.
func (p *Proxy) judged(s *passage, resp *http.Response) bool {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind == "text/event-stream" {
		return false
	}
	described := s.matched.Operation.Response(resp.StatusCode)
	if described == nil || described.Body == nil {
		return true
	}
	media := described.Body.For(kind)
	return media == nil || media.Format != 0
}

// release judges a response before it is passed on, and puts a problem document in
// its place where it deviates.
func (p *Proxy) release(resp *http.Response, s *passage) error {
	start, err := io.ReadAll(io.LimitReader(s.response, p.options.MaxBody+1))
	if s.response.tooLong() {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(start), s.response), s.response}
		return nil
	}
	resp.Body = io.NopCloser(bytes.NewReader(start))
	defer s.response.Close()
	x := *s.exchange
	if err != nil {
		x.Failure = "the answer broke off: " + err.Error()
	}
	s.response.take(&x.Response, p.options.MaxBody)
	what := "The response deviates from the contract and was held back"
	found := errorsOf(traffic.JudgeResponse(&x, s.matched).Findings)
	if unreadable(resp.Header) {
		what = "The response is in a content coding that nobody asked for, so that it cannot be judged, and was held back"
	} else if len(found) == 0 {
		return nil
	}
	s.blocked = traffic.SideResponse
	doc := problem(http.StatusBadGateway, what, s, found)
	resp.StatusCode, resp.Status = http.StatusBadGateway, ""
	resp.Header = http.Header{"Content-Type": {"application/problem+json"}}
	resp.Trailer = nil
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(doc)), int64(len(doc))
	return nil
}

// failed answers where the upstream gave nothing.
func (p *Proxy) failed(w http.ResponseWriter, r *http.Request, err error) {
	s := passageOf(r.Context())
	if errors.Is(err, context.Canceled) || r.Context().Err() != nil {
		if s != nil {
			s.gone = true
		}
		return
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	what := strings.TrimSpace(err.Error())
	if s != nil {
		s.exchange.Status, s.exchange.Failure = 0, what
	} else if p.options.Failed != nil {
		p.options.Failed(&traffic.Exchange{Method: r.Method, URL: r.URL}, what)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusBadGateway)
	_, _ = w.Write(problem(http.StatusBadGateway, "The upstream gave no answer: "+what, s, nil))
}
