package mockserver

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// The ways of Options.CORS.
const (
	CORSOff      = "off"
	CORSLoopback = "loopback"
	CORSOn       = "on"
)

// exposed are the headers of an answer that a page may read besides those that a
// browser always shows.
const exposed = "Allow, Content-Length, ETag, Link, Location, Preference-Applied, Retry-After, WWW-Authenticate, *"

// cors lets pages of a browser call the mock: it answers what the browser asks
// first (the preflight), and tells it that the page may read the answers. See the
// CORS protocol of the Fetch standard. The admin API is not part of it.
type cors struct{ policy string }

func newCORS(policy string) (cors, error) {
	switch policy {
	case "":
		return cors{CORSLoopback}, nil
	case CORSOff, CORSLoopback, CORSOn:
		return cors{policy}, nil
	}
	return cors{}, fmt.Errorf("CORS: expected off, loopback or on, found %q", policy)
}

// answer adds the headers for the page that a request comes from, and reports
// whether that was all: a preflight is no call of the contract.
func (c cors) answer(w http.ResponseWriter, r *http.Request) (done bool) {
	origin := r.Header.Get("Origin")
	if c.policy == CORSOff || origin == "" || c.policy == CORSLoopback && !loopbackOrigin(origin) {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Add("Vary", "Origin")
	method := r.Header.Get("Access-Control-Request-Method")
	if r.Method != http.MethodOptions || method == "" {
		h.Set("Access-Control-Expose-Headers", exposed)
		return false
	}
	h.Set("Access-Control-Allow-Methods", method)
	if asked := strings.Join(r.Header.Values("Access-Control-Request-Headers"), ", "); asked != "" {
		h.Set("Access-Control-Allow-Headers", asked)
	}
	if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
		h.Set("Access-Control-Allow-Private-Network", "true")
	}
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// loopbackOrigin tells pages that this host serves, by their address.
func loopbackOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return OnThisHost(u.Hostname())
}

// OnThisHost tells the names and addresses that never leave this host (RFC 6761).
func OnThisHost(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
