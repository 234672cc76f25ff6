package admin

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// guard sets what holds for every answer: nobody keeps it, guesses its type, frames
// it or reads it from another site.
func guard(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// foreign says why a request is refused before anything else: it came under a name
// that another site may have made to point here, or a browser sent it for another
// site. "" when it may pass.
//
// Without a token nothing but this keeps the page of a stranger from reading the
// journal or emptying it. A browser does not always say that it is one: where the
// name is that of the stranger, a GET has no Origin, and without TLS no Sec-Fetch-Site.
func (a *API) foreign(r *http.Request) string {
	if a.opts.Token == "" && !ownName(r.Host) && r.URL.Path != Prefix+"health" {
		return fmt.Sprintf("without an admin token the admin API answers only at localhost or at an address of numbers, found the host %q. "+
			"Any page can make a name of its own point here: to use a name, start the mock with an admin token", r.Host)
	}
	const other = "a page of another origin may not use the admin API"
	if origin := r.Header.Get("Origin"); origin != "" {
		if u, err := url.Parse(origin); err != nil || !strings.EqualFold(u.Host, r.Host) {
			return other
		}
		return ""
	}
	site := r.Header.Get("Sec-Fetch-Site")
	opens := r.URL.Path == Prefix && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate"
	if (site == "cross-site" || site == "same-site") && !opens {
		return other
	}
	return ""
}

// ownName reports the hosts that no stranger can make point here: addresses of
// numbers, localhost, the names below .localhost and .internal, which nobody can
// register (host.docker.internal is how a container calls its host). HTTP/1.0 has none.
func ownName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	return host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".internal") || net.ParseIP(host) != nil
}
