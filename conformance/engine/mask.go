package engine

import (
	"encoding/base64"
	"net/http"
	"net/url"

	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/specs"
)

const masked = mask.Masked

// masker takes secrets out of what is kept: everything that an auth file holds
// wherever it stands, and the places where credentials stand whatever is there.
type masker struct{ *mask.Masker }

func newMasker(c *specs.Contract, identities map[string]Credentials) *masker {
	var headers, secrets []string
	for _, id := range identities {
		for name := range id.Headers {
			headers = append(headers, name)
		}
		if id.Public {
			continue
		}
		secrets = append(secrets, id.Login, id.Password, id.Bearer)
		for _, v := range id.Headers {
			secrets = append(secrets, v)
		}
		if id.Login != "" {
			secrets = append(secrets, base64.StdEncoding.EncodeToString([]byte(id.Login+":"+id.Password)))
		}
	}
	return &masker{mask.New(c, headers, secrets)}
}

func (m *masker) text(s string) string { return m.Text(s) }

func (m *masker) body(b []byte) (kept string, cut int) { return m.Body(b) }

func (m *masker) header(h http.Header) map[string][]string { return m.Header(h) }

func (m *masker) url(u *url.URL) string { return m.URL(u) }
