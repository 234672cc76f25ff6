package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealth(t *testing.T) {
	answer := func(status int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/__admin/health" {
				status = http.StatusTeapot
			}
			w.WriteHeader(status)
		})
	}
	up, down, secure := httptest.NewServer(answer(200)), httptest.NewServer(answer(404)), httptest.NewTLSServer(answer(200))
	for _, s := range []*httptest.Server{up, down, secure} {
		defer s.Close()
	}
	at := func(s *httptest.Server) string { return s.Listener.Addr().String() }
	port := at(up)[strings.LastIndex(at(up), ":"):]
	for _, row := range []struct {
		name string
		args []string
		env  []string
		want int
	}{
		{"up", []string{"--listen", at(up)}, nil, 0},
		{"every address", []string{"--listen", "0.0.0.0" + port}, nil, 0},
		{"no host", []string{"--listen", port}, nil, 0},
		{"TLS", []string{"--listen", at(secure)}, nil, 0},
		{"no admin API there", []string{"--listen", at(down)}, nil, 3},
		{"the admin API has an address of its own", []string{"--listen", at(down)}, []string{"ROADWORTHY_ADMIN_LISTEN=" + at(up)}, 0},
		{"no address", []string{"--listen", "nowhere"}, nil, 2},
	} {
		var stdout, stderr bytes.Buffer
		if code := Main(append([]string{"health"}, row.args...), row.env, nil, &stdout, &stderr); code != row.want {
			t.Errorf("%s: exit code %d, want %d: %s", row.name, code, row.want, stderr.String())
		}
	}
}
