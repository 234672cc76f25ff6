package admin

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const cookieName = "roadworthy_admin"

// loginTime is how long a browser stays logged in.
const loginTime = 12 * time.Hour

// cookieValue proves that its holder knew the token, without being the token.
func (a *API) cookieValue() string {
	mac := hmac.New(sha256.New, []byte(a.opts.Token))
	mac.Write([]byte("roadworthy admin cookie"))
	return hex.EncodeToString(mac.Sum(nil))
}

func (a *API) setCookie(w http.ResponseWriter, r *http.Request, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: value, Path: Prefix, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil, MaxAge: int(age.Seconds())})
}

func same(given, want string) bool {
	return subtle.ConstantTimeCompare([]byte(given), []byte(want)) == 1
}

// passes checks the token: in the Authorization header, in the query, or the cookie
// that stands for it.
func (a *API) passes(w http.ResponseWriter, r *http.Request) bool {
	if a.opts.Token == "" {
		return true
	}
	if kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(kind, "Bearer") {
		return same(strings.TrimSpace(token), a.opts.Token)
	}
	if token := r.URL.Query().Get("token"); token != "" {
		if !same(token, a.opts.Token) {
			return false
		}
		a.setCookie(w, r, a.cookieValue(), loginTime)
		return true
	}
	c, err := r.Cookie(cookieName)
	return err == nil && same(c.Value, a.cookieValue())
}

// mayPass checks the token, and answers when it is not there or wrong.
func (a *API) mayPass(w http.ResponseWriter, r *http.Request) bool {
	if a.passes(w, r) {
		return true
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="roadworthy admin"`)
	if wantsPage(r) {
		wrong := ""
		if r.URL.Query().Has("token") {
			wrong = "That is not the token."
		}
		a.console().askForToken(w, wrong)
		return false
	}
	writeProblem(w, problem(http.StatusUnauthorized, "the admin API asks for its token: send Authorization: Bearer TOKEN"))
	return false
}

// login takes the token from the form, gives a cookie for it and opens the console.
func (a *API) login(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if !same(strings.TrimSpace(r.PostFormValue("token")), a.opts.Token) {
		a.console().askForToken(w, "That is not the token.")
		return nil
	}
	if a.opts.Token != "" {
		a.setCookie(w, r, a.cookieValue(), loginTime)
	}
	http.Redirect(w, r, Prefix, http.StatusSeeOther)
	return nil
}

// logout takes the cookie away.
func (a *API) logout(w http.ResponseWriter, r *http.Request) error {
	a.setCookie(w, r, "", -time.Second)
	http.Redirect(w, r, Prefix, http.StatusSeeOther)
	return nil
}

// foreign says why a browser that acts for another site is refused; "" when it may
// pass. Without a token nothing else would keep any page from emptying the
// journal, and with one the cookie would be sent for it.
func (a *API) foreign(r *http.Request) string {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	if origin == "" && site == "" {
		return "" // no browser
	}
	if a.opts.Token == "" && !local(r.Host) {
		// A name that was made to point here would turn another site into this one.
		return "without a token the admin API answers browsers only at localhost or at an address of numbers"
	}
	const other = "a page of another origin may not use the admin API"
	if origin != "" {
		if u, err := url.Parse(origin); err != nil || !strings.EqualFold(u.Host, r.Host) {
			return other
		}
		return ""
	}
	opens := r.URL.Path == Prefix && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate"
	if (site == "cross-site" || site == "same-site") && !opens {
		return other
	}
	return ""
}

// local reports localhost and plain addresses.
func local(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host) != nil
}
