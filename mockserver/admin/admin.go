package admin

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Prefix is where the admin API is.
const Prefix = "/__admin/"

// Options of the admin API.
type Options struct {
	// Token must be presented, as "Authorization: Bearer TOKEN", as ?token=TOKEN
	// (which sets a cookie) or by that cookie. Empty: nobody is asked.
	Token   string
	Version string
	// Console answers GET /__admin/ for people; nil gives a list of the routes.
	Console http.Handler
}

// API is the admin API as an http.Handler.
type API struct {
	backend Backend
	opts    Options
	mux     *http.ServeMux
}

// route is one line of the table. Its path is that of openapi.json.
type route struct {
	method, path string
	handle       func(*API, http.ResponseWriter, *http.Request) error
	open         bool // without token
}

// routes is the whole API.
func routes() []route {
	return []route{
		{"GET", "health", (*API).health, true},
		{"GET", "contracts", (*API).contracts, false},
		{"GET", "coverage", (*API).coverage, false},
		{"GET", "metrics", (*API).metrics, false},
		{"GET", "openapi.json", (*API).openapi, false},
		{"GET", "requests", (*API).requests, false},
		{"DELETE", "requests", (*API).clearRequests, false},
		{"GET", "requests/{id}", (*API).request, false},
		{"GET", "requests/stream", (*API).stream, false},
		{"POST", "requests/count", (*API).count, false},
		{"POST", "requests/find", (*API).findRequests, false},
		{"GET", "requests/unmatched", (*API).unmatched, false},
		{"GET", "state/{contract}", (*API).listResources, false},
		{"GET", "state/{contract}/{resource}", (*API).listDocuments, false},
		{"GET", "state/{contract}/{resource}/{key}", (*API).getDocument, false},
		{"PUT", "state/{contract}/{resource}/{key}", (*API).putDocument, false},
		{"DELETE", "state/{contract}/{resource}/{key}", (*API).deleteDocument, false},
		{"POST", "reset", (*API).reset, false},
		{"GET", "snapshot", (*API).snapshot, false},
		{"POST", "snapshot", (*API).restore, false},
		{"GET", "provider-states", (*API).listStates, false},
		{"POST", "provider-states", (*API).setState, false},
		{"GET", "faults", (*API).listFaults, false},
		{"POST", "faults", (*API).addFault, false},
		{"DELETE", "faults", (*API).removeFaults, false},
		{"DELETE", "faults/{id}", (*API).removeFault, false},
	}
}

// New makes the API.
func New(b Backend, opts Options) *API {
	a := &API{backend: b, opts: opts, mux: http.NewServeMux()}
	byPath := map[string][]route{}
	for _, r := range routes() {
		byPath[r.path] = append(byPath[r.path], r)
	}
	for path, methods := range byPath {
		a.mux.HandleFunc(Prefix+path, func(w http.ResponseWriter, req *http.Request) { a.serve(w, req, methods) })
	}
	a.mux.HandleFunc(Prefix, a.index)
	return a
}

// serve calls the route of the method, if there is one at this path.
func (a *API) serve(w http.ResponseWriter, req *http.Request, at []route) {
	var allowed []string
	for _, r := range at {
		if r.method == req.Method || r.method == http.MethodGet && req.Method == http.MethodHead {
			if r.open || a.mayPass(w, req) {
				if err := r.handle(a, w, req); err != nil {
					writeProblem(w, err)
				}
			}
			return
		}
		allowed = append(allowed, r.method)
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	writeProblem(w, problem(http.StatusMethodNotAllowed, "%s is not allowed here; allowed: %s", req.Method, strings.Join(allowed, ", ")))
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if foreignOrigin(r) {
		writeProblem(w, problem(http.StatusForbidden, "a page of another origin may not use the admin API"))
		return
	}
	a.mux.ServeHTTP(w, r)
}

// foreignOrigin reports a browser that acts for another site: without a token
// nothing else would keep any page from emptying the journal.
func foreignOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return r.Header.Get("Sec-Fetch-Site") == "cross-site"
	}
	u, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}

const cookieName = "roadworthy_admin"

// mayPass checks the token, and answers when it is not there or wrong.
func (a *API) mayPass(w http.ResponseWriter, r *http.Request) bool {
	if a.opts.Token == "" {
		return true
	}
	given := ""
	if kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(kind, "Bearer") {
		given = strings.TrimSpace(token)
	} else if token := r.URL.Query().Get("token"); token != "" {
		given = token
	} else if c, err := r.Cookie(cookieName); err == nil {
		given = c.Value
	}
	if subtle.ConstantTimeCompare([]byte(given), []byte(a.opts.Token)) == 1 {
		if r.URL.Query().Has("token") {
			http.SetCookie(w, &http.Cookie{Name: cookieName, Value: a.opts.Token, Path: Prefix, HttpOnly: true,
				SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil, Expires: time.Now().Add(12 * time.Hour)})
		}
		return true
	}
	w.Header().Set("WWW-Authenticate", `Bearer realm="roadworthy admin"`)
	writeProblem(w, problem(http.StatusUnauthorized, "the admin API asks for its token: send Authorization: Bearer TOKEN"))
	return false
}

// index answers the root for people and what is not there.
func (a *API) index(w http.ResponseWriter, r *http.Request) {
	if !a.mayPass(w, r) {
		return
	}
	if r.URL.Path != Prefix {
		if a.opts.Console != nil {
			a.opts.Console.ServeHTTP(w, r)
			return
		}
		writeProblem(w, problem(http.StatusNotFound, "there is nothing at %s; GET %s lists what there is", r.URL.Path, Prefix))
		return
	}
	if a.opts.Console != nil {
		a.opts.Console.ServeHTTP(w, r)
		return
	}
	var list []string
	for _, one := range routes() {
		list = append(list, one.method+" "+Prefix+one.path)
	}
	writeJSON(w, http.StatusOK, map[string]any{"routes": list})
}

// session is the session that a request is about: ?session=NAME or the header
// Mock-Session, else the default one.
func session(r *http.Request) string {
	if s := r.URL.Query().Get("session"); s != "" {
		return s
	}
	if s := r.Header.Get("Mock-Session"); s != "" {
		return s
	}
	return "default"
}
