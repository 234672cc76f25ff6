package engine

import (
	"encoding/base64"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
)

const masked = "***"

// maxKept is the most that a report keeps of a body, in bytes.
const maxKept = 64 << 10

// masker takes secrets out of what is kept: everything that an auth file holds
// wherever it stands, and the places where credentials stand whatever is there.
type masker struct {
	secrets *strings.Replacer
	headers []string
	query   []string
}

// Short texts are masked in their own places only: replacing every "a" would leave
// no report.
const shortestSecret = 3

var (
	loginAttributes = regexp.MustCompile(`(?i)(\b(?:login|password)\s*=\s*)("[^"]*"|'[^']*')`)
	passwordMembers = regexp.MustCompile(`(?i)("(?:password|access_token|refresh_token|client_secret)"\s*:\s*)"(?:[^"\\]|\\.)*"`)
)

func newMasker(c *specs.Contract, identities map[string]Credentials) *masker {
	m := &masker{headers: []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"}}
	for _, s := range c.Auth.Schemes {
		switch s.Type {
		case "header":
			m.headers = append(m.headers, http.CanonicalHeaderKey(s.Name))
		case "query":
			m.query = append(m.query, s.Name)
		}
	}
	var secrets []string
	for _, id := range identities {
		values := []string{id.Login, id.Password, id.Bearer}
		for name, v := range id.Headers {
			values = append(values, v)
			m.headers = append(m.headers, http.CanonicalHeaderKey(name))
		}
		if id.Public {
			continue
		}
		if id.Login != "" {
			values = append(values, base64.StdEncoding.EncodeToString([]byte(id.Login+":"+id.Password)))
		}
		for _, v := range values {
			if len(v) >= shortestSecret {
				secrets = append(secrets, v, url.QueryEscape(v), url.PathEscape(v), html.EscapeString(v))
			}
		}
	}
	// The longest first, so that a secret that contains another leaves nothing.
	slices.SortFunc(secrets, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, s := range slices.Compact(secrets) {
		pairs = append(pairs, s, masked)
	}
	m.secrets = strings.NewReplacer(pairs...)
	return m
}

func (m *masker) text(s string) string { return m.secrets.Replace(s) }

// body masks a body and cuts it; cut is the number of bytes that were left out.
func (m *masker) body(b []byte) (kept string, cut int) {
	s := loginAttributes.ReplaceAllString(m.text(string(b)), `${1}"`+masked+`"`)
	s = passwordMembers.ReplaceAllString(s, `${1}"`+masked+`"`)
	if len(s) > maxKept {
		cut, s = len(s)-maxKept, s[:maxKept]
	}
	return strings.ToValidUTF8(s, "\uFFFD"), cut
}

func (m *masker) header(h http.Header) map[string][]string {
	if len(h) == 0 {
		return nil
	}
	out := map[string][]string{}
	for name, values := range h {
		for _, v := range values {
			v = m.text(v)
			if slices.Contains(m.headers, http.CanonicalHeaderKey(name)) && v != "" {
				v = masked
			}
			out[name] = append(out[name], v)
		}
	}
	return out
}

func (m *masker) url(u *url.URL) string {
	c := *u
	if c.User != nil {
		c.User = url.UserPassword(masked, masked)
	}
	if q := c.Query(); len(m.query) > 0 && len(q) > 0 {
		for _, name := range m.query {
			if q.Has(name) {
				q.Set(name, masked)
			}
		}
		c.RawQuery = q.Encode()
	}
	return m.text(c.String())
}
