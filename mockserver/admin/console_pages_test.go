package admin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/reports/design/browsertest"
)

// pagesCallTheMock: a page of another server on this host uses the mock as a client
// in a browser does: the browser asks first, and may then read the answers.
func pagesCallTheMock(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "otm5"))
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>client</title><p id=said>…</p>"))
	}))
	t.Cleanup(page.Close)
	p := browsertest.Open(t, started, page.URL)
	const id = "3b9ee6f0-6d66-4a39-8d5a-2f4a3c1d7e55"

	browsertest.Read[bool](p, `(async () => {
		const headers = {Authorization: 'Bearer demo', 'Content-Type': 'application/json'};
		const body = JSON.stringify({id: '`+id+`', entityType: 'vehicle', name: 'Truck'});
		const put = await fetch('`+web.URL+`/api/v5/vehicles', {method: 'PUT', headers, body});
		const got = await (await fetch('`+web.URL+`/api/v5/vehicles/`+id+`', {headers})).json();
		document.querySelector('#said').textContent = put.status + ' ' + got.name;
	})() && true`)
	p.Sees("#said", "200 Truck")
}
