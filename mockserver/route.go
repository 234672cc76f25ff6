package mockserver

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/fault"
)

// maxSessionName bounds the name of a session.
const maxSessionName = 128

// open reads what does not depend on the contract.
func (x *exchange) open() {
	e := x.entry
	e.Time, e.Remote, e.Proto = x.started, x.r.RemoteAddr, x.r.Proto
	e.Method, e.URL, e.RequestHeader = x.r.Method, x.r.RequestURI, x.r.Header
	e.Host, e.TLS = x.r.Host, x.r.TLS != nil
	if e.URL == "" {
		e.URL = x.r.URL.RequestURI()
	}
	e.Session = DefaultSession
	if name := x.r.Header["Mock-Session"]; len(name) > 0 && name[0] != "" {
		e.Session = name[0]
	}
	x.prefer = readPreferences(x.r)
	e.Decision.Notes = x.prefer.idle
}

// route finds the contract by the prefix of the path and the operation by the
// rest and the method.
func (x *exchange) route() *refusal {
	path, found := x.mountAt(x.r.URL.EscapedPath())
	if !goodSessionName(x.entry.Session) {
		x.entry.Session = DefaultSession
		return &refusal{stage: "route", reason: "invalid-parameter",
			detail: "Mock-Session: expected a name of 1 to 128 visible ASCII characters without '/'"}
	}
	if !found {
		return &refusal{stage: "route", reason: "unknown-route", detail: "no contract is served at " + x.r.URL.Path}
	}
	op, params, allow := x.mount.contract.Match(x.r.Method, path)
	if op == nil && allow == nil {
		return &refusal{stage: "route", reason: "unknown-route", detail: "the contract has no operation at " + x.r.URL.Path}
	}
	if op == nil {
		no := &refusal{stage: "route", reason: "method", detail: x.r.Method + " is not allowed here; allowed: " + strings.Join(allow, ", "),
			header: http.Header{"Allow": {strings.Join(allow, ", ")}}}
		if x.r.Method == http.MethodOptions {
			no.reason = reasonOptions
		}
		return no
	}
	if !op.Alone() {
		op = op.Choose(x.r.URL.Query(), x.r.Header, x.form())
	}
	x.op, x.params = x.mount.operations[op], params
	x.entry.Operation = op.ID
	plan, err := x.server.faults.Plan(fault.Call{Contract: x.entry.Contract, Operation: op.ID, Session: x.entry.Session})
	if err != nil {
		return x.internal("route", err)
	}
	if x.plan = plan; x.plan != nil {
		x.entry.Decision.Faults = x.plan.Names
		if x.plan.LeakSession {
			x.entry.Session = DefaultSession
		}
	}
	x.call.Method, x.call.Path, x.call.Header, x.call.Sources = x.r.Method, params, x.r.Header, x.server.given
	if x.r.URL.RawQuery != "" {
		x.call.Query = ownQuery(x.r.URL.RawQuery)
	}
	return nil
}

// mountAt finds the contract by the prefix of a path; rest is the path as the
// contract writes it. Where only one is served, it has the words for what it has no
// address for, too.
func (x *exchange) mountAt(path string) (rest string, found bool) {
	for _, m := range x.server.mounts {
		rest, ok := strings.CutPrefix(path, m.prefix)
		if !ok || rest != "" && rest[0] != '/' {
			continue
		}
		x.mount, found = m, true
		if m.prefix != cleanPrefix(m.contract.BasePath) {
			path = cleanPrefix(m.contract.BasePath) + rest
		}
		break
	}
	if x.mount == nil && len(x.server.mounts) == 1 {
		x.mount = x.server.mounts[0]
	}
	if x.mount != nil {
		x.entry.Contract, x.entry.Secrets = x.mount.contract.Name, x.mount.secrets
	}
	return path, found
}

// form reads the fields of a form without taking the body away: an operation
// may be told by one of them.
func (x *exchange) form() url.Values {
	if x.r.Body == nil || !strings.HasPrefix(x.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return nil
	}
	body := x.r.Body
	start, err := io.ReadAll(io.LimitReader(body, smallBody))
	x.r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), body), body}
	if err != nil {
		return nil
	}
	// What cannot be read is for the judge of the body.
	values, _ := url.ParseQuery(string(start))
	return values
}

// reasonOptions marks an OPTIONS request to an address of the contract, which is
// answered with the methods and is no error.
const reasonOptions = "options"

func goodSessionName(name string) bool {
	if name == "" || len(name) > maxSessionName {
		return false
	}
	for i := range len(name) {
		if name[i] <= ' ' || name[i] >= 0x7f || name[i] == '/' {
			return false
		}
	}
	return true
}

// ownQuery reads the query without our own parameters.
func ownQuery(raw string) url.Values {
	q, err := url.ParseQuery(raw)
	if err != nil && q == nil {
		return nil
	}
	if strings.Contains(raw, "__") {
		for _, name := range queryNames() {
			q.Del(name)
		}
	}
	return q
}
