package main

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// A contract with one operation, and a server for it that speaks TLS with a certificate
// of its own authority.
const pingDocument = `openapi: 3.0.3
info: {title: Ping, version: "1"}
paths:
  /ping:
    get:
      operationId: ping
      responses:
        "200":
          description: Here
          content:
            application/json: {schema: {type: object, required: [here], properties: {here: {type: boolean}}}}
`

func ping(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"here": true}`))
}

func TestTargetsBehindTLS(t *testing.T) {
	dir := t.TempDir()
	contract := filepath.Join(dir, "ping.yaml")
	if err := os.WriteFile(contract, []byte(pingDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	var spoken atomic.Value
	spoken.Store("")
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if spoken.Store(r.Proto); r.ProtoMajor < 2 {
			w.WriteHeader(http.StatusHTTPVersionNotSupported)
			return
		}
		ping(w, r)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	ca := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	open := httptest.NewServer(http.HandlerFunc(ping))
	defer open.Close()
	strict := httptest.NewUnstartedServer(http.HandlerFunc(ping))
	strict.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	strict.Config.ErrorLog = log.New(io.Discard, "", 0)
	strict.StartTLS()
	defer strict.Close()
	for _, tc := range []struct {
		name  string
		flags []string
		code  int
		says  string
	}{
		{"an authority that nobody knows", nil, exitInconclusive, "--ca-file"},
		{"its own authority", []string{"--ca-file", ca}, exitFine, "CONFORMANT"},
		{"the wrong way round", []string{"--target", strings.Replace(open.URL, "http:", "https:", 1)}, exitInconclusive, "http://"},
		{"and the other", []string{"--target", strings.Replace(server.URL, "https:", "http:", 1)}, exitInconclusive, "https://"},
		{"a certificate is asked for", []string{"--target", strict.URL, "--insecure"}, exitInconclusive, "--client-cert"},
		{"unchecked", []string{"--insecure"}, exitFine, "CONFORMANT"},
		{"no certificates in the file", []string{"--ca-file", contract}, exitUsage, "expected certificates in PEM"},
		{"no such file", []string{"--ca-file", filepath.Join(dir, "none.pem")}, exitUsage, "none.pem"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var out, errors bytes.Buffer
			args := append([]string{"test", contract, "--target", server.URL, "--report-dir", filepath.Join(dir, "out")}, tc.flags...)
			code := Main(args, nil, strings.NewReader(""), &out, &errors)
			if text := strings.Join(strings.Fields(out.String()+errors.String()), " "); code != tc.code || !strings.Contains(text, tc.says) {
				t.Errorf("exit %d, expected %d and %q:\n%s", code, tc.code, tc.says, text)
			}
			if tc.code == exitFine && spoken.Load() != "HTTP/2.0" {
				t.Errorf("spoke %s to a server that offers HTTP/2 alone", spoken.Load())
			}
		})
	}
}
