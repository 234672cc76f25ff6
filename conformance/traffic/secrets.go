package traffic

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Shorter credentials are masked in their own places only.
const shortestWide = 4

// maxSecrets bounds how many credentials are remembered.
const maxSecrets = 256

// Secrets masks exchanges: the credentials of every request are masked wherever
// they stand in it and in what follows. One goroutine at a time.
type Secrets struct {
	contract *specs.Contract
	public   []string // demo credentials, which everybody knows
	seen     []string
	masker   *mask.Masker
}

// NewSecrets makes a masker for a contract that has seen nothing yet.
func NewSecrets(c *specs.Contract) *Secrets {
	s := &Secrets{contract: c, masker: mask.New(c, nil, nil)}
	for _, id := range c.Auth.Identities {
		s.public = append(s.public, id.Login, id.Password, id.Token, base64.StdEncoding.EncodeToString([]byte(id.Login+":"+id.Password)))
	}
	return s
}

// Learn remembers the credentials of a request, and gives the masker to use from
// now on. tree is that of the body, nil if it cannot be read.
func (s *Secrets) Learn(x *Exchange, tree *payload.Tree) *mask.Masker {
	var fresh []string
	for _, v := range s.of(x, tree) {
		if len(v) >= shortestWide && !slices.Contains(s.public, v) && !slices.Contains(s.seen, v) && !slices.Contains(fresh, v) {
			fresh = append(fresh, v)
		}
	}
	if len(fresh) == 0 {
		return s.masker
	}
	if s.seen = append(s.seen, fresh...); len(s.seen) > maxSecrets {
		s.seen = s.seen[len(s.seen)-maxSecrets:]
	}
	s.masker = s.masker.With(s.seen)
	return s.masker
}

func (s *Secrets) of(x *Exchange, tree *payload.Tree) []string {
	var all []string
	for name, values := range x.Request.Header {
		if !s.masker.Secret(name) {
			continue
		}
		for _, v := range values {
			all = append(all, credentialsIn(name, v)...)
		}
	}
	for _, scheme := range s.contract.Auth.Schemes {
		switch {
		case scheme.Type == "query" && x.URL != nil:
			all = append(all, x.URL.Query()[scheme.Name]...)
		case scheme.Type == "body" && tree != nil:
			for _, path := range []string{scheme.Login, scheme.Password} {
				if n := tree.At(path); n != nil {
					all = append(all, n.Value)
				}
			}
		}
	}
	if x.URL != nil && x.URL.User != nil {
		password, _ := x.URL.User.Password()
		all = append(all, password)
	}
	return all
}

// credentialsIn takes the secrets out of the value of a header.
func credentialsIn(name, value string) []string {
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization":
		scheme, rest, ok := strings.Cut(value, " ")
		if !ok {
			return []string{value}
		}
		rest = strings.TrimSpace(rest)
		all := []string{rest}
		if strings.EqualFold(scheme, "Basic") {
			if plain, err := base64.StdEncoding.DecodeString(rest); err == nil {
				login, password, _ := strings.Cut(string(plain), ":")
				all = append(all, login, password)
			}
		}
		return all
	case "Cookie":
		cookies, err := http.ParseCookie(value)
		if err != nil {
			return []string{value}
		}
		var all []string
		for _, c := range cookies {
			if len(c.Value) >= 8 {
				all = append(all, c.Value)
			}
		}
		return all
	}
	return []string{value}
}
