package proxy

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/conformance/traffic"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// maxRecorded bounds how many exchanges are kept for scenarios.
const maxRecorded = 2000

// Recorder turns traffic into scenarios. One goroutine at a time.
//
// Exchanges that hang together by a value (an id that one answer brings and a later
// request names) become one scenario; the value becomes a capture. Numbers that a
// contract wants to be unique are made anew in every run. Credentials are left out:
// a scenario names the identity.
//
// What it cannot see: that an answer depends on an earlier request only by a value
// that both requests brought themselves, and that the contract has no unique index
// for. Such a scenario repeats the request without what went before.
type Recorder struct {
	contract *specs.Contract
	secrets  *mask.Masker
	kept     []*recorded
	full     bool
	identity string // the credentials that are "default", where they are no demo ones
}

// recorded is one exchange of a scenario to be.
type recorded struct {
	number   int
	op       *specs.Operation
	exchange *traffic.Exchange
	path     map[string]string
	request  *payload.Tree // credentials removed
	response *payload.Tree
	judged   *traffic.Judged
	identity string
	// skip says why it cannot stand in a scenario, nor what depends on it.
	skip string
}

// NewRecorder makes an empty recorder.
func NewRecorder(c *specs.Contract) *Recorder {
	return &Recorder{contract: c, secrets: mask.New(c, nil, nil)}
}

// Add takes a judged exchange in.
func (r *Recorder) Add(j *traffic.Judged) {
	if len(r.kept) >= maxRecorded {
		r.full = true
		return
	}
	x := j.Exchange
	e := &recorded{number: x.Number, op: j.Matched.Operation, exchange: x, path: j.Matched.Path, judged: j}
	if j.Request.Tree != nil {
		e.request = j.Request.Tree.Clone()
	}
	if j.Response != nil {
		e.response = j.Response.Tree
	}
	e.identity, e.skip = r.caller(e)
	for _, scheme := range r.contract.Auth.Schemes {
		if scheme.Type == "body" && e.request != nil {
			e.request.Remove(scheme.Login)
			e.request.Remove(scheme.Password)
		}
	}
	if why := r.unfit(e); why != "" {
		e.skip = why
	}
	r.kept = append(r.kept, e)
}

// unfit says why an exchange cannot be repeated; "" when it can.
func (r *Recorder) unfit(e *recorded) string {
	x := e.exchange
	switch {
	case x.Status == 0:
		return "nothing came back"
	case x.Status == 429 || x.Status >= 500:
		return "no request alone leads to its status"
	case e.judged.Errors(traffic.SideResponse) > 0:
		return "its response deviates from the contract"
	case e.prepared():
		return "its outcome needs a state of the server that was prepared by other means"
	case x.Request.Unread:
		return "its request is not known whole"
	case strings.Contains(string(x.Request.Body), "${") || strings.Contains(x.URL.String(), "$%7B"):
		return "its request holds ${, which is a reference in a scenario"
	case len(x.Request.Body) > 0 && e.request == nil:
		return "its request cannot be read"
	case e.request != nil && e.request.Format == payload.XML && strings.Contains(string(x.Request.Body), "xmlns") &&
		requestMedia(e.op, x.Request.Header).InNamespace(e.request) == e.request:
		return "its request uses XML namespaces that no XSD of the contract tells"
	case strings.Contains(r.secrets.Whole(x.Request.Body), mask.Masked) && !r.withoutSecrets(e):
		return "its request holds a secret"
	}
	for name, values := range x.URL.Query() {
		if len(values) > 1 {
			return "its query names " + name + " twice"
		}
	}
	return ""
}

// requestMedia is what the contract says of the body of a request.
func requestMedia(op *specs.Operation, header http.Header) *specs.Media {
	if op == nil || op.RequestBody == nil {
		return nil
	}
	return op.RequestBody.For(header.Get("Content-Type"))
}

// refused reports whether the answer carries the outcome that the contract has for a
// kind of refusal, which may stand in the body of a 200.
func (e *recorded) refused(kind string) bool {
	o := e.op.Refusal(kind)
	return o != nil && e.judged.Response != nil && e.judged.Response.Saw(o.Ref())
}

// prepared reports whether the contract says of an outcome that no request alone
// leads to it.
func (e *recorded) prepared() bool {
	for _, o := range e.judged.Response.Outcomes {
		if o.Outcome != nil && (o.Outcome.ReachedBy.Armed || o.Outcome.ReachedBy.State != "") {
			return true
		}
	}
	return false
}

// withoutSecrets reports whether the body is free of secrets once the credentials of
// the contract are out of it.
func (r *Recorder) withoutSecrets(e *recorded) bool {
	if e.request == nil {
		return false
	}
	body := e.request.JSON()
	if e.request.Format == payload.XML {
		body = e.request.XML()
	}
	return !strings.Contains(r.secrets.Whole(body), mask.Masked)
}

// caller tells which identity of a scenario made the request.
func (r *Recorder) caller(e *recorded) (identity, skip string) {
	given := r.given(e)
	if given == "" {
		if len(e.op.Security) > 0 && len(r.contract.Auth.Schemes) > 0 {
			return "none", ""
		}
		return "default", ""
	}
	for _, id := range r.contract.Auth.Identities {
		if id.Token != "" && given == id.Token || id.Login != "" && given == id.Login+":"+id.Password {
			return id.Name, ""
		}
	}
	switch {
	case e.exchange.Status == 401 || e.refused("bad-credentials"):
		return "wrong", ""
	case e.exchange.Status == 403:
		return "", "its caller is refused, and nobody says who it is"
	case r.identity == "" || r.identity == given:
		r.identity = given
		return "default", ""
	}
	return "", "its caller is another one than that of the first requests"
}

// given finds the credentials of a request: a token, or "login:password".
func (r *Recorder) given(e *recorded) string {
	h := e.exchange.Request.Header
	for _, scheme := range r.contract.Auth.Schemes {
		value := ""
		kind, rest, _ := strings.Cut(h.Get("Authorization"), " ")
		switch scheme.Type {
		case "basic":
			if plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest)); err == nil && strings.EqualFold(kind, "Basic") {
				value = string(plain)
			}
		case "bearer":
			if strings.EqualFold(kind, "Bearer") {
				value = strings.TrimSpace(rest)
			}
		case "header":
			value = h.Get(scheme.Name)
		case "query":
			value = e.exchange.URL.Query().Get(scheme.Name)
		case "body":
			if e.request != nil {
				login, password := e.request.At(scheme.Login), e.request.At(scheme.Password)
				if login != nil && password != nil {
					value = login.Value + ":" + password.Value
				}
			}
		}
		if value != "" && value != ":" {
			return value
		}
	}
	return h.Get("Authorization")
}

// chronological gives what was kept in the order in which it began.
func (r *Recorder) chronological() []*recorded {
	all := slices.Clone(r.kept)
	slices.SortStableFunc(all, func(a, b *recorded) int { return cmp.Compare(a.number, b.number) })
	return all
}
