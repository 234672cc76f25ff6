package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/roadworthy-project/roadworthy/reports"
)

// answer is what came back, or why nothing did.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	tooLong bool
	err     error
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
	a := r.receive(req)
	a.took = time.Since(begun)
	if a.err != nil && errors.Is(a.err, context.DeadlineExceeded) {
		a.err = fmt.Errorf("no answer within %s", r.options.Timeout)
	}
	return a, r.exchange(req, out, a)
}

func (r *Runner) receive(req *http.Request) answer {
	resp, err := r.client.Do(req)
	if err != nil {
		return answer{err: plain(err), unreachable: noConnection(err)}
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if len(body) > maxBody {
		body, a.tooLong = body[:maxBody], true
	}
	if a.body = body; err != nil {
		a.err = fmt.Errorf("the answer broke off after %d bytes: %w", len(body), plain(err))
	}
	return a
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
