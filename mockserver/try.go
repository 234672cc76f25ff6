package mockserver

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// noIdentity stands for a caller without credentials.
const noIdentity = "none"

// Try sends a request that a person wrote to the server itself, with the
// credentials of an identity, and gives the number of its entry in the journal.
// The request goes the way of every other; only the network is left out.
func (b backend) Try(ctx context.Context, t admin.Trial) (uint64, error) {
	r, body, err := b.trial(ctx, t)
	if err != nil {
		return 0, err
	}
	r.Body = io.NopCloser(strings.NewReader(body))
	e := b.s.inside(r)
	if e.ID == 0 {
		return 0, errors.New("the request left no entry in the journal")
	}
	return e.ID, nil
}

// TrialCurl writes the command line that sends the request from a shell.
func (b backend) TrialCurl(t admin.Trial) (string, error) {
	r, body, err := b.trial(context.Background(), t)
	if err != nil {
		return "", err
	}
	e := &journal.Entry{Host: r.Host, TLS: r.URL.Scheme == "https", Method: r.Method, URL: r.RequestURI, RequestHeader: r.Header, RequestBody: []byte(body),
		RequestSize: len(body), Contract: t.Contract, Operation: t.Operation, Secrets: b.s.byName[t.Contract].secrets}
	return b.Curl(e), nil
}

// trial makes the request. Its body is given beside it.
func (b backend) trial(ctx context.Context, t admin.Trial) (r *http.Request, body string, err error) {
	m := b.s.byName[t.Contract]
	op := m.contract.Operation(t.Operation)
	if op == nil {
		return nil, "", &admin.Problem{Status: http.StatusNotFound, Title: "No such operation", Detail: "contract " + t.Contract + " has no operation " + t.Operation}
	}
	query, header := url.Values{}, http.Header{}
	for name, value := range t.Query {
		query.Set(name, value)
	}
	for name, value := range t.Headers {
		header.Set(name, value)
	}
	body = t.Body
	if body != "" && t.MediaType != "" {
		header.Set("Content-Type", t.MediaType)
	}
	if t.Session != "" && t.Session != DefaultSession {
		header.Set("Mock-Session", t.Session)
	}
	if t.Identity != noIdentity {
		body = m.callers.present(t.Identity, header, query, body, op)
	}
	target := m.prefix + op.URL(t.Path)
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	host, scheme := t.Host, "http"
	if b.s.opts.Address != "" {
		host = b.s.opts.Address
	}
	if t.TLS {
		scheme = "https"
	}
	r, err = http.NewRequestWithContext(ctx, op.Method, scheme+"://mock.invalid"+target, nil)
	if err != nil {
		return nil, "", &admin.Problem{Status: http.StatusUnprocessableEntity, Title: "Not a request", Detail: err.Error()}
	}
	r.Header, r.RequestURI, r.RemoteAddr, r.Host = header, target, "console", host
	r.ContentLength = int64(len(body))
	return r, body, nil
}

// inside takes a request through the stations without a network.
func (s *Server) inside(r *http.Request) *journal.Entry {
	x := &exchange{server: s, w: &nowhere{header: http.Header{}}, r: r, started: s.opts.Clock(), entry: &journal.Entry{}}
	defer func() {
		// A fault may break the connection: there is none.
		if cause := recover(); cause != nil && cause != http.ErrAbortHandler {
			panic(cause)
		}
	}()
	func() {
		defer x.recoverPanic()
		x.open()
		x.walk()
		x.respond()
	}()
	return x.entry
}

// nowhere is an answer that nobody reads; the journal has it.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n *nowhere) WriteHeader(int)             {}

// present puts the credentials of an identity where the first scheme wants them
// that there are some for. It gives the body.
func (cs *callers) present(identity string, header http.Header, query url.Values, body string, op *specs.Operation) string {
	token, who := cs.credentials(identity)
	for _, s := range cs.schemes {
		switch {
		case s.Type == "basic" && who != login{}:
			header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(who.name+":"+who.password)))
			return body
		case s.Type == "bearer" && token != "":
			header.Set("Authorization", "Bearer "+token)
			return body
		case s.Type == "header" && token != "":
			header.Set(s.Name, token)
			return body
		case s.Type == "query" && token != "":
			query.Set(s.Name, token)
			return body
		case s.Type == "cookie" && token != "":
			header.Set("Cookie", s.Name+"="+token)
			return body
		case s.Type == "body" && who != login{}:
			return withCredentials(body, s, who, treeOf(op, header.Get("Content-Type"), []byte(body)), sentMedia(op, header.Get("Content-Type")))
		}
	}
	return body
}

// credentials finds those of an identity; of several the first in order.
func (cs *callers) credentials(identity string) (token string, who login) {
	for _, t := range slices.Sorted(maps.Keys(cs.byToken)) {
		if cs.byToken[t].Identity == identity {
			token = t
			break
		}
	}
	for l, c := range cs.byLogin {
		if c.Identity == identity && (who == login{} || l.name < who.name) {
			who = l
		}
	}
	return token, who
}

// withCredentials writes them into a body that can be read.
func withCredentials(body string, s specs.AuthScheme, who login, tree *payload.Tree, m *specs.Media) string {
	if tree == nil {
		return body
	}
	for _, one := range []struct{ path, value string }{{s.Login, who.name}, {s.Password, who.password}} {
		if err := tree.Set(one.path, &payload.Node{Kind: payload.String, Value: one.value}); err != nil {
			return body
		}
	}
	if tree.Format == payload.XML {
		return string(m.InNamespace(tree).XML())
	}
	return string(tree.JSON())
}

// treeOf reads the body of a request; nil when it cannot be read.
func treeOf(op *specs.Operation, contentType string, body []byte) *payload.Tree {
	m := sentMedia(op, contentType)
	if m == nil || len(body) == 0 {
		return nil
	}
	tree, _ := m.Judge(body, "")
	return tree
}

// sentMedia is what the contract says of the body of a request; nil where it says
// nothing.
func sentMedia(op *specs.Operation, contentType string) *specs.Media {
	if op == nil || op.RequestBody == nil {
		return nil
	}
	m := op.RequestBody.For(contentType)
	if m == nil && len(op.RequestBody.Media) > 0 {
		m = op.RequestBody.Media[0]
	}
	return m
}
