package admin

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const wrongToken = "That is not the token."

func (a *API) setCookie(w http.ResponseWriter, r *http.Request, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: value, Path: Prefix, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil, MaxAge: int(age.Seconds())})
}

// refuse asks for the token: a browser with a form, everybody else in words.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, wrong string) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="roadworthy admin"`)
	if wantsPage(r) {
		a.console().askForToken(w, http.StatusUnauthorized, wrong)
		return
	}
	writeProblem(w, problem(http.StatusUnauthorized, "the admin API asks for its token: send Authorization: Bearer TOKEN. The mock prints it when it starts"))
}

// tooOften tells somebody who guesses to wait.
func tooOften(w http.ResponseWriter, r *http.Request, a *API, wait time.Duration) {
	seconds := max(1, int(math.Ceil(wait.Seconds())))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	const why = "Too many wrong tokens came from this address. Wait a moment, then try again."
	if wantsPage(r) || r.URL.Path == Prefix+"login" {
		a.console().askForToken(w, http.StatusTooManyRequests, why)
		return
	}
	writeProblem(w, problem(http.StatusTooManyRequests, "%s", why))
}

// login takes the token from the form, gives a cookie for it and opens the console.
func (a *API) login(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if a.opts.Token != "" {
		right, wait := a.gate.knows(r.RemoteAddr, strings.TrimSpace(r.PostFormValue("token")))
		switch {
		case wait > 0:
			tooOften(w, r, a, wait)
			return nil
		case !right:
			a.console().askForToken(w, http.StatusUnauthorized, wrongToken)
			return nil
		}
		a.setCookie(w, r, a.gate.cookie(), loginTime)
	}
	http.Redirect(w, r, Prefix, http.StatusSeeOther)
	return nil
}

// logout ends the cookie, here and in the browser.
func (a *API) logout(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(cookieName); err == nil {
		a.gate.forget(c.Value)
	}
	a.setCookie(w, r, "", -time.Second)
	http.Redirect(w, r, Prefix, http.StatusSeeOther)
	return nil
}
