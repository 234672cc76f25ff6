package mockserver_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// Both versions of HTTP come over TLS, and the journal knows it. Who comes without TLS
// hears why, in the words of the contract.
func TestSecuredSpeaksBothVersionsAndExplains(t *testing.T) {
	s, address := hardenedAt(t, mockserver.Options{}, open(t, "otm5"), 0, true)
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: protocol == "HTTP/2.0"}}
		resp, err := client.Get(address + "/api/v5/vehicles/x")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		client.CloseIdleConnections()
		if e := s.Journal().Entries(journal.Filter{Limit: 1})[0]; resp.Proto != protocol || e.Proto != protocol && e.Proto != "" || !e.TLS || resp.StatusCode != 401 {
			t.Errorf("expected 401 by %s, found %d by %s; the journal has TLS %t", protocol, resp.StatusCode, resp.Proto, e.TLS)
		}
	}
	got, said, err := exchangeRaw(strings.TrimPrefix(address, "https://"), "GET /api/v5/vehicles/x HTTP/1.1\r\nHost: mock\r\n\r\n", 1)
	if err != nil || got[0] != 400 || !strings.Contains(said, "begin the URL with https://") {
		t.Errorf("expected the reason, found %v %s %v", got, said, err)
	}
	shaped(t, "otm5", "plain HTTP", said, 400)
	if e := s.Journal().Entries(journal.Filter{Limit: 1})[0]; e.URL != "/api/v5/vehicles/x" || e.Status != 400 || e.Contract != "otm5" || e.TLS {
		t.Errorf("expected the call in the journal, found %s %d", e.URL, e.Status)
	}
}
