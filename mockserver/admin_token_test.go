package mockserver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/admin"
)

// Without its token the admin API says only that it is there: on every route, by
// every method, and of the console not one file.
func TestAdminTokenGuardsEverything(t *testing.T) {
	_, web := start(t, mockserver.Options{AdminToken: "secret"}, open(t, "transeu"))
	routes := map[string]bool{"GET ": true, "GET console.js": true, "GET console.css": true, "GET icon.svg": true, "GET nothing": true, "HEAD console.js": true,
		"OPTIONS requests": true, "PATCH state/transeu": true, "HEAD requests": true, "TRACE snapshot": true, "DELETE health": true}
	for _, op := range newAdminClient(t, web.URL).api.Operations {
		path := strings.TrimPrefix(op.Path, "/")
		for _, p := range op.Params {
			path = strings.ReplaceAll(path, "{"+p.Name+"}", "1")
		}
		routes[op.Method+" "+path] = true
	}
	for route := range routes {
		method, path, _ := strings.Cut(route, " ")
		if route == "GET health" || route == "POST login" {
			continue
		}
		for _, header := range []string{"", "Bearer wrong", "Bearer ", "Basic secret", "secret"} {
			r, _ := http.NewRequest(method, web.URL+admin.Prefix+path, nil)
			if header != "" {
				r.Header.Set("Authorization", header)
			}
			resp, body := send(t, r) // 429 once there were too many wrong ones
			if resp.StatusCode != 401 && resp.StatusCode != 429 || strings.Contains(string(body), "transeu") {
				t.Fatalf("%s with %q: %d %.200s", route, header, resp.StatusCode, body)
			}
		}
	}
	t.Logf("%d routes", len(routes))
}

func TestAdminToken(t *testing.T) {
	c := open(t, "transeu")
	_, web := start(t, mockserver.Options{AdminToken: "secret"}, c)
	for _, one := range []struct {
		name, path, header string
		want               int
	}{
		{"health is open", "health", "", 200},
		{"no token", "requests", "", 401},
		{"wrong token", "requests", "Bearer wrong", 401},
		{"a longer token", "requests", "Bearer secrets", 401},
		{"the token", "requests", "Bearer secret", 200},
		{"in the query", "requests?token=secret", "", 200},
		{"wrong in the query", "requests?token=other", "", 401},
		{"the root", "", "", 401},
	} {
		r, _ := http.NewRequest("GET", web.URL+admin.Prefix+one.path, nil)
		if one.header != "" {
			r.Header.Set("Authorization", one.header)
		}
		resp, _ := send(t, r)
		if resp.StatusCode != one.want {
			t.Errorf("%s: expected %d, found %d", one.name, one.want, resp.StatusCode)
		}
		if strings.Contains(one.path, "token=secret") && !strings.Contains(fmt.Sprint(resp.Cookies()), "HttpOnly; SameSite=Strict") {
			t.Error("expected a cookie for the browser")
		}
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s: expected %s: %s, found %q", one.name, name, want, got)
			}
		}
		if got := resp.Header.Get("Content-Security-Policy"); !strings.Contains(got, "frame-ancestors 'none'") {
			t.Errorf("%s: the answer can be framed: %q", one.name, got)
		}
	}
	r, _ := http.NewRequest("POST", web.URL+admin.Prefix+"reset", nil)
	r.Header.Set("Authorization", "Bearer secret")
	r.Header.Set("Origin", "https://evil.example")
	if resp, _ := send(t, r); resp.StatusCode != 403 {
		t.Errorf("a page of another origin: expected 403, found %d", resp.StatusCode)
	}
}

// Whoever makes a name of theirs point at this server, and has a page under that name
// ask, gets nothing: the browser then says neither Origin nor Sec-Fetch-Site.
func TestAdminAnswersOnlyUnderItsOwnName(t *testing.T) {
	c := open(t, "transeu")
	free, _ := start(t, mockserver.Options{}, c)
	guarded, _ := start(t, mockserver.Options{AdminToken: "secret"}, open(t, "transeu"))
	for _, one := range []struct {
		host string
		want int
	}{
		{"localhost:8080", 200}, {"LOCALHOST", 200}, {"mock.localhost", 200}, {"127.0.0.1:8080", 200}, {"10.0.0.7:80", 200}, {"[::1]:8080", 200},
		{"host.docker.internal:8080", 200},
		{"evil.example", 403}, {"evil.example:8080", 403}, {"127.0.0.1.evil.example", 403}, {"localhost.evil.example", 403}, {"notlocalhost", 403}, {"internal", 403},
	} {
		for _, path := range []string{"requests", "snapshot", "contracts", "console.js", ""} {
			r := httptest.NewRequest("GET", "http://x"+admin.Prefix+path, nil)
			r.Host = one.host
			w := httptest.NewRecorder()
			free.ServeHTTP(w, r)
			if w.Code != one.want {
				t.Errorf("%s at %q without a token: expected %d, found %d %.100s", path, one.host, one.want, w.Code, w.Body)
			}
			r.Header.Set("Authorization", "Bearer secret")
			w = httptest.NewRecorder()
			guarded.ServeHTTP(w, r)
			if w.Code != 200 {
				t.Errorf("%s at %q with the token: expected 200, found %d", path, one.host, w.Code)
			}
		}
	}
	r := httptest.NewRequest("GET", "http://x"+admin.Prefix+"health", nil)
	r.Host = "mock.example"
	w := httptest.NewRecorder()
	free.ServeHTTP(w, r)
	if w.Code != 200 {
		t.Errorf("health is for everybody, found %d", w.Code)
	}
}

// Guessing is slow, and stops nobody who is in.
func TestAdminTokenIsNotGuessed(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	s, _ := start(t, mockserver.Options{AdminToken: "secret", Clock: func() time.Time { return now }}, open(t, "transeu"))
	ask := func(from, token, cookie string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "http://localhost"+admin.Prefix+"contracts", nil)
		r.RemoteAddr = from
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		if cookie != "" {
			r.Header.Set("Cookie", "roadworthy_admin="+cookie)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	login := func(from, token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "http://localhost"+admin.Prefix+"login", strings.NewReader("token="+token))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	in := login("10.0.0.1:1", "secret")
	if in.Code != 303 {
		t.Fatalf("expected to be let in, found %d", in.Code)
	}
	cookie := in.Result().Cookies()[0].Value
	refused := 0
	for range 100 {
		if ask("10.0.0.1:2", "wrong", "").Code == 429 {
			refused++
		}
	}
	if refused < 60 {
		t.Errorf("of 100 wrong tokens at once %d were compared", 100-refused)
	}
	if w := login("10.0.0.1:3", "wrong"); w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("the form goes on guessing: %d", w.Code)
	}
	if w := ask("10.0.0.1:3", "secret", ""); w.Code != 429 {
		t.Errorf("an address that guesses is compared with: %d", w.Code)
	}
	if w := ask("10.0.0.1:3", "", cookie); w.Code != 200 {
		t.Errorf("who is in is thrown out by others that guess: %d", w.Code)
	}
	if w := ask("10.0.0.2:1", "secret", ""); w.Code != 200 {
		t.Errorf("another address is let in, found %d", w.Code)
	}
	now = now.Add(2 * time.Second)
	if w := ask("10.0.0.1:3", "secret", ""); w.Code != 200 {
		t.Errorf("after a pause the right token is let in, found %d", w.Code)
	}

	// A cookie ends: when somebody logs out, with time, and when it was changed.
	for _, bad := range []string{cookie + "0", cookie[:len(cookie)-1], "z" + cookie, "", ".", "a.b.c"} {
		if w := ask("10.0.0.3:1", "", bad); w.Code != 401 {
			t.Errorf("the cookie %q: expected 401, found %d", bad, w.Code)
		}
	}
	other := login("10.0.0.4:1", "secret").Result().Cookies()[0].Value
	r := httptest.NewRequest("POST", "http://localhost"+admin.Prefix+"logout", nil)
	r.Header.Set("Cookie", "roadworthy_admin="+cookie)
	s.ServeHTTP(httptest.NewRecorder(), r)
	if w := ask("10.0.0.1:1", "", cookie); w.Code != 401 {
		t.Errorf("after the log-out the cookie still opens: %d", w.Code)
	}
	if w := ask("10.0.0.1:1", "", other); w.Code != 200 {
		t.Errorf("somebody else's log-out ended a cookie: %d", w.Code)
	}
	now = now.Add(13 * time.Hour)
	if w := ask("10.0.0.1:1", "", other); w.Code != 401 {
		t.Errorf("after half a day the cookie still opens: %d", w.Code)
	}
}
