package mask

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
)

// Masked stands in the place of a secret.
const Masked = "***"

// MaxKept is the most that is kept of a body, in bytes.
const MaxKept = 64 << 10

// Short texts are masked in their own places only: replacing every "a" would leave
// no report.
const shortestSecret = 3

var (
	loginAttributes = regexp.MustCompile(`(?i)(\b(?:login|password)\s*=\s*)("[^"]*"|'[^']*')`)
	passwordMembers = regexp.MustCompile(`(?i)("(?:password|access_token|refresh_token|client_secret)"\s*:\s*)"(?:[^"\\]|\\.)*"`)
	passwordElement = regexp.MustCompile(`(?i)(<(?:[\w.-]+:)?(?:password|access_token|refresh_token|client_secret)(?:\s[^<>]*)?>)[^<]*(</)`)
	secretNames     = regexp.MustCompile(`(?i)(?:^|[-_.])(?:login|pass(?:word|wd)|pwd|secret|token|api-?_?key|credentials?|session-?_?id)(?:$|[-_.])`)
	passwordField   = regexp.MustCompile(`(?i)((?:^|[&?])(?:password|access_token|refresh_token|client_secret)=)[^&\s"'<>]*`)
)

// Masker masks messages of one contract. It is safe for concurrent use.
type Masker struct {
	secrets *strings.Replacer
	headers []string
	query   []string
}

// New makes a masker from the places where the contract's credentials stand, more
// header names that carry secrets, and secrets that are masked wherever they stand.
func New(c *specs.Contract, headers, secrets []string) *Masker {
	m := &Masker{headers: []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "Api-Key"}}
	for _, name := range headers {
		m.headers = append(m.headers, http.CanonicalHeaderKey(name))
	}
	if c != nil {
		for _, s := range c.Auth.Schemes {
			switch s.Type {
			case "header":
				m.headers = append(m.headers, http.CanonicalHeaderKey(s.Name))
			case "query":
				m.query = append(m.query, s.Name)
			}
		}
	}
	m.secrets = replacer(secrets)
	return m
}

// With is the same masker with other secrets instead of its own.
func (m *Masker) With(secrets []string) *Masker {
	return &Masker{secrets: replacer(secrets), headers: m.headers, query: m.query}
}

func replacer(secrets []string) *strings.Replacer {
	var all []string
	for _, v := range secrets {
		if len(v) >= shortestSecret {
			all = append(all, v, url.QueryEscape(v), url.PathEscape(v), html.EscapeString(v))
		}
	}
	// The longest first, so that a secret that contains another leaves nothing.
	slices.SortFunc(all, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, s := range slices.Compact(all) {
		pairs = append(pairs, s, Masked)
	}
	return strings.NewReplacer(pairs...)
}

// Text masks known secrets.
func (m *Masker) Text(s string) string { return m.secrets.Replace(s) }

// Whole masks a body and keeps all of it.
func (m *Masker) Whole(b []byte) string {
	s := m.Text(string(b))
	if !namesSecret(s) {
		return s
	}
	s = loginAttributes.ReplaceAllString(s, `${1}"`+Masked+`"`)
	s = passwordMembers.ReplaceAllString(s, `${1}"`+Masked+`"`)
	s = passwordElement.ReplaceAllString(s, `${1}`+Masked+`${2}`)
	if strings.Contains(s, "=") {
		s = passwordField.ReplaceAllString(s, `${1}`+Masked)
	}
	return s
}

// namesSecret tells whether any of the words occurs that the expressions above
// look for: most bodies have none, and a look at each letter is cheaper.
func namesSecret(s string) bool {
	for i := 0; i < len(s); i++ {
		word := ""
		switch s[i] | 0x20 {
		case 'p':
			word = "password"
		case 'l':
			word = "login"
		case 'a':
			word = "access_token"
		case 'r':
			word = "refresh_token"
		case 'c':
			word = "client_secret"
		default:
			continue
		}
		if len(s)-i >= len(word) && strings.EqualFold(s[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// Body masks a body and cuts it; cut is the number of bytes that were left out.
func (m *Masker) Body(b []byte) (kept string, cut int) {
	s := m.Whole(b)
	if len(s) > MaxKept {
		cut, s = len(s)-MaxKept, s[:MaxKept]
	}
	return strings.ToValidUTF8(s, "\uFFFD"), cut
}

// Secret reports whether a header carries credentials, by the contract or by its name.
func (m *Masker) Secret(header string) bool {
	return slices.Contains(m.headers, http.CanonicalHeaderKey(header)) || secretNames.MatchString(header)
}

// SecretQuery reports whether a query parameter carries credentials, by the contract
// or by its name.
func (m *Masker) SecretQuery(name string) bool {
	return slices.Contains(m.query, name) || secretNames.MatchString(name)
}

// Header masks headers; nil when there are none.
func (m *Masker) Header(h http.Header) map[string][]string {
	if len(h) == 0 {
		return nil
	}
	out := map[string][]string{}
	for name, values := range h {
		for _, v := range values {
			v = m.Text(v)
			if m.Secret(name) && v != "" {
				v = Masked
			}
			out[name] = append(out[name], v)
		}
	}
	return out
}

// URL masks the user part and secret query parameters.
func (m *Masker) URL(u *url.URL) string {
	c := *u
	if c.User != nil {
		c.User = url.UserPassword(Masked, Masked)
	}
	if q := c.Query(); len(q) > 0 {
		hidden := false
		for name := range q {
			if m.SecretQuery(name) {
				q.Set(name, Masked)
				hidden = true
			}
		}
		if hidden {
			c.RawQuery = q.Encode()
		}
	}
	return m.Text(c.String())
}
