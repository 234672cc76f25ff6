package admin

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
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
	// Clock gives the time; default time.Now.
	Clock func() time.Time
	// Started is when the server began: it tells one life of the journal from another.
	Started time.Time
}

// API is the admin API as an http.Handler.
type API struct {
	backend Backend
	opts    Options
	mux     *http.ServeMux
	gate    *gate
	console func() *console // put together when first needed

	mu      sync.Mutex
	endings map[*http.Server]chan struct{}
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
		{"POST", "login", (*API).login, true},
		{"POST", "logout", (*API).logout, false},
		{"GET", "contracts", (*API).contracts, false},
		{"GET", "contracts/{contract}", (*API).contractDetails, false},
		{"GET", "contracts/{contract}/outcomes", (*API).outcomes, false},
		{"GET", "contracts/{contract}/operations/{operation}", (*API).operationDetails, false},
		{"GET", "contracts/{contract}/resources/{resource}", (*API).resourceDetails, false},
		{"GET", "sessions", (*API).sessions, false},
		{"POST", "try", (*API).try, false},
		{"POST", "try/curl", (*API).tryCurl, false},
		{"GET", "requests/{id}/curl", (*API).curl, false},
		{"GET", "requests/{id}/scenario", (*API).scenario, false},
		{"GET", "coverage", (*API).coverage, false},
		{"GET", "metrics", (*API).metrics, false},
		{"GET", "openapi.json", (*API).openapi, false},
		{"GET", "requests", (*API).requests, false},
		{"DELETE", "requests", (*API).clearRequests, false},
		{"GET", "requests/{id}", (*API).request, false},
		{"GET", "requests/stream", (*API).stream, false},
		{"POST", "requests/count", (*API).count, false},
		{"POST", "requests/find", (*API).findRequests, false},
		{"POST", "requests/near-misses", (*API).nearRequests, false},
		{"POST", "requests/verify", (*API).verify, false},
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
		{"GET", "webhooks", (*API).webhooks, false},
		{"POST", "webhooks/{name}", (*API).fireWebhook, false},
		{"GET", "faults", (*API).listFaults, false},
		{"POST", "faults", (*API).addFault, false},
		{"DELETE", "faults", (*API).removeFaults, false},
		{"DELETE", "faults/{id}", (*API).removeFault, false},
	}
}

// New makes the API.
func New(b Backend, opts Options) *API {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	a := &API{backend: b, opts: opts, mux: http.NewServeMux(), gate: newGate(opts.Token, opts.Clock),
		console: sync.OnceValue(func() *console { return newConsole(opts.Token != "") })}
	byPath := map[string][]route{}
	for _, r := range routes() {
		byPath[r.path] = append(byPath[r.path], r)
	}
	for path, methods := range byPath {
		a.mux.HandleFunc(Prefix+path, func(w http.ResponseWriter, req *http.Request) { a.serve(w, req, methods) })
	}
	a.mux.HandleFunc(Prefix, a.index)
	// Where the slash is missing, or the admin API has a listener of its own.
	for _, at := range []string{"/{$}", strings.TrimSuffix(Prefix, "/")} {
		a.mux.HandleFunc(at, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, (&url.URL{Path: Prefix, RawQuery: r.URL.RawQuery}).String(), http.StatusTemporaryRedirect)
		})
	}
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
	if !a.mayPass(w, req) {
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	writeProblem(w, problem(http.StatusMethodNotAllowed, "%s is not allowed here; allowed: %s", req.Method, strings.Join(allowed, ", ")))
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guard(w.Header())
	if why := a.foreign(r); why != "" {
		writeProblem(w, problem(http.StatusForbidden, "%s", why))
		return
	}
	a.mux.ServeHTTP(w, r)
}

// index answers the root: the console for a browser, a list of the routes for
// everything else; and the files of the console.
func (a *API) index(w http.ResponseWriter, r *http.Request) {
	if !a.mayPass(w, r) {
		return
	}
	if r.URL.Query().Has("token") && wantsPage(r) {
		// The token has become a cookie: it need not stay in the address.
		http.Redirect(w, r, Prefix, http.StatusSeeOther)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, Prefix)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		writeProblem(w, problem(http.StatusMethodNotAllowed, "%s is not allowed here; allowed: GET", r.Method))
		return
	}
	if (name != "" || wantsPage(r)) && a.console().serve(w, r, name) {
		return
	}
	if name != "" {
		writeProblem(w, problem(http.StatusNotFound, "there is nothing at %s; GET %s lists what there is", r.URL.Path, Prefix))
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
