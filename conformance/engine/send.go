package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/roadworthy-project/roadworthy/reports"
)

// answer is what came back, or why nothing did.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	tooLong bool // more than is read
	endless bool // and no end of it
	// stale says that the connection was an old one, which the server had closed.
	stale bool
	err   error
	// unreachable says that no connection was made, as opposed to one that broke.
	unreachable bool
	took        time.Duration
}

// send makes one exchange. It waits for the rate limit, and gives up when the
// context does or the time for one exchange is over.
func (r *Runner) send(ctx context.Context, out *outgoing, mark string) (answer, reports.Exchange) {
	err := r.paused(ctx)
	if err == nil {
		err = r.limiter.Wait(ctx)
	}
	if err != nil {
		return answer{err: context.Cause(ctx), unreachable: true}, reports.Exchange{}
	}
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout)
	defer cancel()
	req, err := r.request(ctx, out, mark)
	if err != nil {
		return answer{err: err, unreachable: true}, reports.Exchange{}
	}
	begun := time.Now()
	a := r.ask(req, maxBody)
	a.took = time.Since(begun)
	a.err = r.late(a.err)
	return a, r.exchange(req, out, a)
}

// late says in words that the deadline has passed.
func (r *Runner) late(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %s", r.options.Timeout)
	}
	return err
}

// ask sends a request, and again where a connection turns out to have been closed
// before.
func (r *Runner) ask(req *http.Request, most int64) answer {
	a := r.receive(req, most)
	for n := 0; a.stale && n <= r.options.Parallel; n++ {
		again := r.afresh(req)
		if again == nil {
			break
		}
		a = r.receive(again, most)
	}
	return a
}

// receive reads no more than most bytes of the answer.
func (r *Runner) receive(req *http.Request, most int64) answer {
	var reused, begun bool
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GotConn:              func(i httptrace.GotConnInfo) { reused = i.Reused },
		GotFirstResponseByte: func() { begun = true },
	}))
	resp, err := r.client.Do(req)
	if err != nil {
		return answer{err: plain(err), unreachable: noConnection(err), stale: reused && !begun && closed(err)}
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	if int64(len(body)) > most {
		body, a.tooLong = body[:most], true
		// Whether it ends at all is the server's affair; what is in it, nobody knows.
		rest, _ := io.Copy(io.Discard, io.LimitReader(resp.Body, endless))
		a.endless = rest == endless
	}
	if a.body = body; err != nil {
		a.err = fmt.Errorf("the answer broke off after %d bytes: %w", len(body), plain(err))
	}
	return a
}

// afresh gives the request for a new connection; nil when it cannot be sent again. A
// server may close a connection that nobody uses at any time (RFC 9112, 9.5), and a
// request that crosses that on its way was not answered by anybody. From then on
// every request has a connection of its own, so that a server that hangs up is told from
// one that tidies up.
func (r *Runner) afresh(req *http.Request) *http.Request {
	again := req.Clone(req.Context())
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil
		}
		again.Body = body
	}
	r.tidied.Store(true)
	r.client.CloseIdleConnections()
	again.Close = true
	return again
}

// closed reports whether an error says that the other side closed the connection.
func closed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		strings.HasSuffix(err.Error(), "server closed idle connection")
}

// plain takes the wrapping off that repeats method and URL.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// noConnection tells "nobody is there" from "somebody hung up".
func noConnection(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return true
	}
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.Is(err, syscall.ECONNREFUSED)
}

// exchange keeps request and answer for the report, with secrets masked.
func (r *Runner) exchange(req *http.Request, out *outgoing, a answer) reports.Exchange {
	x := reports.Exchange{}
	x.Request.Method, x.Request.URL = req.Method, r.mask.url(req.URL)
	x.Request.Headers = r.mask.header(req.Header)
	x.Request.Body, x.Request.BodyCut = r.mask.body(out.body)
	x.Response.Status, x.Response.Headers = a.status, r.mask.header(a.header)
	x.Response.Body, x.Response.BodyCut = r.mask.body(a.body)
	if a.err != nil {
		x.Response.Error = r.mask.text(a.err.Error())
	}
	return x
}
