package engine

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/specs"
)

// probes is how many operations are asked before a run begins.
const probes = 3

// preflightTimeout bounds one question, so that a target that never answers does
// not hold up the report for long.
const preflightTimeout = 10 * time.Second

// Preflight asks a few of the operations that will be called whether the target is
// there, speaks the contract and knows the credentials. It sends what changes
// nothing: a GET, or a request with an empty body. The answer is "" or the reason
// why a run would say nothing about the implementation.
func (r *Runner) Preflight(ctx context.Context, operations []string) string {
	var reasons []string
	asked := r.probes(operations)
	for _, op := range asked {
		reason := r.probe(ctx, op)
		if reason == "" {
			return ""
		}
		reasons = append(reasons, reason)
		if strings.HasPrefix(reason, "no connection") || ctx.Err() != nil {
			return reason
		}
	}
	if len(reasons) == 0 {
		return ""
	}
	return reasons[0]
}

// probes prefers operations that only read, and different paths.
func (r *Runner) probes(operations []string) []*specs.Operation {
	var all []*specs.Operation
	for _, op := range r.contract.Operations {
		if slices.Contains(operations, op.ID) && op.Method != http.MethodDelete {
			all = append(all, op)
		}
	}
	slices.SortStableFunc(all, func(a, b *specs.Operation) int { return rank(a) - rank(b) })
	return all[:min(len(all), probes)]
}

func rank(op *specs.Operation) int {
	if op.Method == http.MethodGet {
		return 0
	}
	return 1
}

func (r *Runner) probe(ctx context.Context, op *specs.Operation) string {
	out := &outgoing{method: op.Method, path: op.Path, header: http.Header{"Accept": {accept(op)}}, query: url.Values{}}
	maps.Copy(out.query, op.Told())
	for _, p := range op.Params {
		value := p.Example
		if value == "" {
			value = "00000000-0000-4000-8000-000000000000"
		}
		switch p.In {
		case "path":
			out.path = strings.ReplaceAll(out.path, "{"+p.Name+"}", url.PathEscape(value))
		case "query":
			switch sent := p.Sent(); {
			case p.Required && len(sent) > 0:
				maps.Copy(out.query, sent)
			case p.Required:
				out.query.Set(p.Name, value)
			}
		}
	}
	if op.RequestBody != nil && len(op.RequestBody.Media) > 0 {
		out.media = op.RequestBody.Media[0]
		out.header.Set("Content-Type", concrete(out.media))
		out.hasBody = true
		r.bodyCredentials(out, op)
	}
	credentials, reason := r.credentials(identityDefault)
	if reason != "" {
		return reason
	}
	if err := r.authenticate(out, op, identityDefault, credentials); err != nil {
		return ""
	}
	asked, cancel := context.WithTimeout(ctx, preflightTimeout)
	defer cancel()
	a, _ := r.send(asked, out, "preflight/"+op.ID)
	return r.mask.text(r.suspect(op, a))
}

// bodyCredentials gives an otherwise empty body a place for credentials, where that
// is the only way to send them.
func (r *Runner) bodyCredentials(out *outgoing, op *specs.Operation) {
	for _, s := range r.contract.Auth.Schemes {
		if s.Type != "body" {
			return
		}
	}
	if len(r.contract.Auth.Schemes) == 0 || out.media.Root == "" {
		return
	}
	out.body = []byte("<" + out.media.Root + "/>")
}

// suspect says why an answer makes the target look like something else than an
// implementation of the contract that knows us.
func (r *Runner) suspect(op *specs.Operation, a answer) string {
	switch {
	case a.unreachable:
		return fmt.Sprintf("no connection to %s: %v", r.base, a.err)
	case a.err != nil:
		return fmt.Sprintf("%s does not answer: %v%s", r.base, a.err, advice(a.err))
	case a.status == http.StatusBadRequest && r.base.Scheme == "http" && bytes.Contains(a.body, []byte("HTTPS")):
		return fmt.Sprintf("%s speaks HTTPS: give the target with https://", r.base)
	case slices.Contains([]int{502, 503, 504}, a.status):
		return fmt.Sprintf("a gateway answers %d %s instead of the implementation", a.status, http.StatusText(a.status))
	case a.status/100 == 3:
		return fmt.Sprintf("every request is redirected to %s; redirects are not followed, give that URL", a.header.Get("Location"))
	case a.status/100 == 2 && isHTML(a) && foreign(op, a):
		return "a web page is answered instead of the API: is there a login or a proxy in front of it?"
	case a.status == 401 || a.status == 403:
		return fmt.Sprintf("the credentials are not accepted: %s answers %d", op.ID, a.status)
	}
	j := judge.Response(op, judge.Message{Status: a.status, Header: a.header, Body: a.body})
	if refused := op.Refusal("bad-credentials"); refused != nil && refused.Layer != specs.LayerHTTP && j.Saw(refused.Ref()) {
		return fmt.Sprintf("the credentials are not accepted: %s answers %s", op.ID, refused.Ref())
	}
	return ""
}

// advice says what to do about a connection that could not be secured.
func advice(err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &unknown):
		return "; trust its authority with --ca-file, or check no certificate with --insecure"
	case errors.As(err, &name), errors.As(err, &invalid):
		return "; check the address, or check no certificate with --insecure"
	case strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return "; it speaks plain HTTP: give the target with http://"
	case strings.Contains(err.Error(), "certificate required"), strings.Contains(err.Error(), "tls: bad certificate"):
		return "; it asks for a certificate of ours: give --client-cert and --client-key"
	}
	return ""
}

func isHTML(a answer) bool {
	return strings.HasPrefix(strings.ToLower(a.header.Get("Content-Type")), "text/html")
}
