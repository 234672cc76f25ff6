package mockserver

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/reports"
)

// Curl writes the command line that repeats a request. Secrets are variables; those
// that the contract itself publishes are their defaults, so that the line works as
// it is.
func (b backend) Curl(e *journal.Entry) string {
	r := e.Render()
	base := "http://" + e.Host
	if e.TLS {
		base = "https://" + e.Host
	}
	req := reports.Request{
		Method: e.Method, URL: base + r.Request.URL, Headers: map[string][]string{},
		Body: string(journal.Mask(e.RequestBody, e.Secrets)), BodyCut: e.RequestCut,
	}
	for _, h := range r.Request.Headers {
		req.Headers[h.Name] = append(req.Headers[h.Name], h.Value)
	}
	var known reports.Secrets
	if m := b.s.byName[e.Contract]; m != nil {
		known = m.published(e)
	}
	return known.Curl(req)
}

// published gives the credentials of a request as far as the contract says them to
// everybody: they are printed when the mock starts.
func (m *mount) published(e *journal.Entry) reports.Secrets {
	var known reports.Secrets
	given := map[string]bool{}
	logins := map[login]bool{}
	_, query, _ := strings.Cut(e.URL, "?")
	values, _ := url.ParseQuery(query)
	for _, s := range m.callers.schemes {
		switch s.Type {
		case "bearer", "basic":
			_, token, _ := strings.Cut(e.RequestHeader.Get("Authorization"), " ")
			given[strings.TrimSpace(token)] = true
			if name, password, ok := (&http.Request{Header: e.RequestHeader}).BasicAuth(); ok {
				logins[login{name, password}] = true
			}
		case "header":
			given[e.RequestHeader.Get(s.Name)] = true
		case "query":
			given[values.Get(s.Name)] = true
		case "cookie":
			for _, c := range (&http.Request{Header: e.RequestHeader}).CookiesNamed(s.Name) {
				given[c.Value] = true
			}
		case "body":
			if t := treeOf(m.contract.Operation(e.Operation), e.RequestHeader.Get("Content-Type"), e.RequestBody); t != nil {
				logins[login{textAt(t, s.Login), textAt(t, s.Password)}] = true
			}
		}
	}
	for _, id := range m.contract.Auth.Identities {
		if e.Masked && id.Name == e.Identity {
			known = reports.Secrets{Token: id.Token, Secret: id.Token, Login: id.Login, Password: id.Password}
		}
		if id.Token != "" && given[id.Token] {
			known.Token, known.Secret = id.Token, id.Token
		}
		if id.Login != "" && logins[login{id.Login, id.Password}] {
			known.Login, known.Password = id.Login, id.Password
		}
	}
	return known
}
