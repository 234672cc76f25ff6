package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance/har"
	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs"
)

// The mock's archive is one that other programs read: our own reader, which knows
// nothing of the mock, takes it.
func TestTheMocksArchiveIsRead(t *testing.T) {
	s, err := mockserver.New([]*specs.Contract{openBuiltIn(t, "transeu")}, mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(func() { web.Close(); _ = s.Close() })
	get := func(path string) []byte {
		resp, err := http.Get(web.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	get("/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c")
	get("/api/rest/v1/nothing?x=1")
	file, err := har.Read("journal.har", bytes.NewReader(get("/__admin/requests?format=har")))
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Exchanges) != 2 {
		t.Errorf("expected two exchanges, found %d", len(file.Exchanges))
	}
}
