package journal

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
)

// Masked stands in the place of a secret.
const Masked = "***"

// secretHeaders are masked in every contract.
func secretHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization", "X-Api-Key", "Api-Key":
		return true
	}
	return false
}

// maskHeader leaves the scheme of an Authorization: it is no secret, and says how the
// caller tried to prove itself.
func maskHeader(name, value string) string {
	scheme, rest, _ := strings.Cut(value, " ")
	if strings.HasSuffix(http.CanonicalHeaderKey(name), "Authorization") && rest != "" {
		for _, known := range []string{"Basic", "Bearer", "Digest", "Negotiate"} {
			if strings.EqualFold(scheme, known) {
				return known + " " + Masked
			}
		}
	}
	return Masked
}

func (e *Entry) isSecret(name string) bool {
	for _, s := range e.Secrets {
		if strings.EqualFold(s, name) {
			return true
		}
	}
	return false
}

// secretParameter tells the parameters that everybody takes for credentials, also
// where the contract knows none of that name (RFC 6750, section 2.3).
func secretParameter(name string) bool {
	switch strings.ToLower(name) {
	case "access_token", "refresh_token", "client_secret", "password", "api_key", "apikey":
		return true
	}
	return false
}

// url masks query parameters that carry credentials.
func (e *Entry) url() string {
	path, query, ok := strings.Cut(e.URL, "?")
	if !ok || e.Masked {
		return e.URL
	}
	parts := strings.Split(query, "&")
	for i, part := range parts {
		name, _, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil && (e.isSecret(plain) || secretParameter(plain)) {
			parts[i] = name + "=" + Masked
		}
	}
	return path + "?" + strings.Join(parts, "&")
}

// masked takes the values of secret attributes and members out of a body. It
// looks at the bytes, so that it also works on what could not be parsed.
func (e *Entry) masked(body []byte) []byte {
	if e.Masked {
		return body
	}
	for _, name := range e.Secrets {
		body = maskNamed(body, name)
	}
	return body
}

// maskNamed replaces what stands behind name= (XML, forms) and "name": (JSON), and
// between <name> and </name>.
func maskNamed(body []byte, name string) []byte {
	if name == "" || !bytes.Contains(body, []byte(name)) {
		return body
	}
	var out []byte
	rest := body
	for {
		at := bytes.Index(rest, []byte(name))
		if at < 0 {
			break
		}
		end := at + len(name)
		from, to := secretBehind(rest, at, end)
		if from < 0 {
			out = append(out, rest[:end]...)
			rest = rest[end:]
			continue
		}
		out = append(append(out, rest[:from]...), Masked...)
		rest = rest[to:]
	}
	return append(out, rest...)
}

// secretBehind finds the value that belongs to the name at rest[at:end]; from is
// -1 when the name is not that of an attribute, a member or an element.
func secretBehind(rest []byte, at, end int) (from, to int) {
	i := end
	if i < len(rest) && rest[i] == '>' && at > 0 && rest[at-1] == '<' {
		stop := bytes.IndexByte(rest[i:], '<')
		if stop < 0 {
			return i + 1, len(rest)
		}
		return i + 1, i + stop
	}
	if i < len(rest) && rest[i] == '"' {
		i++
	}
	i = skipSpace(rest, i)
	if i >= len(rest) || rest[i] != '=' && rest[i] != ':' {
		return -1, 0
	}
	i = skipSpace(rest, i+1)
	if i >= len(rest) {
		return -1, 0
	}
	if rest[i] != '"' && rest[i] != '\'' {
		return bare(rest, i)
	}
	quote := rest[i]
	for j := i + 1; j < len(rest); j++ {
		if rest[j] == '\\' {
			j++
		} else if rest[j] == quote {
			return i + 1, j
		}
	}
	return i + 1, len(rest)
}

// bare finds a value without quotes: a field of a form, a number.
func bare(rest []byte, from int) (int, int) {
	size := bytes.IndexAny(rest[from:], "&,;<>{}[] \t\r\n")
	switch {
	case size == 0:
		return -1, 0
	case size < 0:
		return from, len(rest)
	}
	return from, from + size
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

// Mask takes the values of the named attributes and members out of a body.
func Mask(body []byte, names []string) []byte {
	e := Entry{Secrets: names}
	return e.masked(body)
}
