package mockserver_test

import (
	"net/http"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
)

// Pages of this host may call the mock, others only when they are let in, and the
// admin API is open to none.
func TestPagesMayCallTheMock(t *testing.T) {
	const page, stranger = "http://localhost:3000", "https://example.com"
	for _, tc := range []struct {
		name, policy, origin string
		path                 string
		allowed              bool
	}{
		{"a page of this host", "", page, "/api/v5/vehicles", true},
		{"by number", "", "http://127.0.0.1:8000", "/api/v5/vehicles", true},
		{"version 6", "", "http://[::1]:8000", "/api/v5/vehicles", true},
		{"a strange page", "", stranger, "/api/v5/vehicles", false},
		{"a page that only looks like this host", "", "http://localhost.example.com", "/api/v5/vehicles", false},
		{"a file", "", "null", "/api/v5/vehicles", false},
		{"a strange page that is let in", mockserver.CORSOn, stranger, "/api/v5/vehicles", true},
		{"off", mockserver.CORSOff, page, "/api/v5/vehicles", false},
		{"the admin API", mockserver.CORSOn, page, "/__admin/requests", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, web := start(t, mockserver.Options{CORS: tc.policy}, open(t, "otm5"))
			r := request(t, http.MethodOptions, web.URL+tc.path, nil)
			r.Header.Set("Origin", tc.origin)
			r.Header.Set("Access-Control-Request-Method", "PUT")
			r.Header.Set("Access-Control-Request-Headers", "authorization, content-type")
			asked, _ := send(t, r)
			h := asked.Header
			if ok := asked.StatusCode == http.StatusNoContent && h.Get("Access-Control-Allow-Origin") == tc.origin && h.Get("Access-Control-Allow-Methods") == "PUT" &&
				h.Get("Access-Control-Allow-Headers") == "authorization, content-type" && h.Get("Vary") == "Origin"; ok != tc.allowed {
				t.Errorf("preflight: expected allowed %v, found %d %v", tc.allowed, asked.StatusCode, h)
			}
			r = request(t, http.MethodGet, web.URL+tc.path, nil)
			r.Header.Set("Origin", tc.origin)
			answered, _ := send(t, r)
			h = answered.Header
			if ok := h.Get("Access-Control-Allow-Origin") == tc.origin && h.Get("Access-Control-Expose-Headers") != ""; ok != tc.allowed {
				t.Errorf("answer: expected allowed %v, found %d %v", tc.allowed, answered.StatusCode, h)
			}
		})
	}
	if _, err := mockserver.New(all(open(t, "otm5")), mockserver.Options{CORS: "maybe"}); err == nil {
		t.Error("expected an unknown policy to be refused")
	}
}
