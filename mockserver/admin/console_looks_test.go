package admin_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/reports/design/browsertest"
)

// Ten thousand requests: few nodes, as fast to scroll as a hundred; a burst is not lost.
func consoleManyRows(t *testing.T, started context.Context) {
	server, web := start(t, mockserver.Options{Journal: journal.Limits{Entries: 20000}}, open(t, "transeu"))
	add := func(n int) {
		for i := range n {
			server.Journal().Add(&journal.Entry{Time: time.Unix(1700000000, 0), Session: "default", Contract: "transeu", Operation: "getOrder", Method: "GET", URL: fmt.Sprint("/api/rest/v1/orders/", i), Status: 200 + i%2*204})
		}
	}
	add(10000)
	p := page(t, started, web, "")
	p.Sees("#shown", "10,000 requests, live")
	if n := browsertest.Read[int](p, "document.querySelectorAll('.rows .line').length"); n > 100 {
		t.Errorf("%d rows exist, expected only those that can be seen", n)
	}
	// Wherever it is scrolled to, what shows is what is there.
	for _, at := range []int{0, 5000, 9990} {
		browsertest.Read[bool](p, fmt.Sprintf("(() => { const rows = document.querySelector('#rows'); rows.scrollTop = %d * 32; rows.dispatchEvent(new Event('scroll')); return true; })()", at))
		p.Sees(".rows .line", fmt.Sprintf("/orders/%d", 9999-at))
		if n := browsertest.Read[int](p, "document.querySelectorAll('.rows .line').length"); n > 100 {
			t.Errorf("%d rows exist at %d", n, at)
		}
	}
	p.Fill("#search", "/orders/77") // 111 of them
	p.Sees("#shown", "111 requests")
	p.Fill("#search", "")
	p.Sees("#shown", "10,000 requests")
	browsertest.Read[bool](p, "document.querySelector('#rows').focus() || true")
	browsertest.Read[bool](p, `document.querySelector("#rows").dispatchEvent(new KeyboardEvent("keydown", {key: "End", bubbles: true}))`)
	p.Sees(".rows .line[aria-selected=true]", "/orders/0")
	p.Press("p")
	p.Sees("#shown", "paused")
	add(5000)
	p.Sees("#shown", "10,000 requests, paused, 5,000 waiting")
	p.Press("p")
	p.Sees("#shown", "15,000 requests, live")
	p.Shot("many")
}

// The page in its sizes and themes, and for those who do not see it.
func consoleLooks(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	size := 0
	for _, name := range []string{"", "console.css", "console.js", "icon.svg"} {
		r := request(t, "GET", web.URL+admin.Prefix+name, nil)
		r.Header.Set("Accept", "text/html")
		_, body := send(t, r)
		size += len(body)
	}
	if size == 0 || size > 150<<10 {
		t.Errorf("the page weighs %d bytes, at most 150 KiB are meant", size)
	}
	send(t, request(t, "POST", web.URL+orders, order("L-1")))
	send(t, request(t, "POST", web.URL+orders, order("L-1")))
	send(t, request(t, "POST", web.URL+orders, []byte(`{"number":"","payer":{}}`)))
	send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/"+sample, nil))
	send(t, xml(t, web.URL+"/ws/orderRevenue", `<orderRevenueUpdateRequest version="0.1"><orders><order sequence="1"><orderNumber>AXDHBMAV009887</orderNumber><lineHaul>912.115</lineHaul></order></orders></orderRevenueUpdateRequest>`))
	p := page(t, started, web, "")
	p.Sees("#shown", "5 requests")
	p.Go(web.URL + admin.Prefix)
	p.Sees("#shown", "5 requests")
	t.Logf("%d bytes, loaded in %.0f ms", size, browsertest.Read[float64](p, "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
	if outside := p.Elsewhere(); outside > 0 {
		t.Errorf("%d requests to elsewhere", outside)
	}
	views := []string{"requests", "requests/3", "requests/5", "state/order?contract=transeu", "state/order/" + sample + "?contract=transeu", "outcomes?contract=otms", "faults", "contract?contract=otms", "contract/addShippingOrder?contract=transeu"}
	show := func(view string) {
		t.Helper()
		p.Hash("#/" + view)
		name, _, _ := strings.Cut(view, "?")
		p.Wait("!document.querySelector('.loading') && document.querySelector('#main').innerText.length > 40 && document.querySelector('#views [aria-current]').dataset.view === " + browsertest.Quoted(strings.Split(name, "/")[0]))
		if strings.Count(name, "/") == 2 {
			p.Sees("dialog", "Fits what the contract says")
		}
		p.Wait("![...document.querySelectorAll('.detail')].some((d) => d.dataset.id !== location.hash.split('/')[2]) && document.getAnimations().every((a) => a.playState !== 'running')")
	}
	leave := func(view string) {
		if strings.Count(view, "/") == 2 {
			p.Press("\x1b")
			p.Wait("!document.querySelector('dialog[open]')")
		}
	}
	for _, theme := range []string{"light", "dark"} {
		p.Prefers("prefers-color-scheme: "+theme, "prefers-reduced-motion: reduce")
		for _, view := range views {
			show(view)
			if theme == "light" || view == "requests/3" {
				p.Shot(theme + "-" + strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(view))
			}
			if wrong := p.Accessible(); wrong != "" {
				t.Errorf("%s, %s: %s", view, theme, wrong)
			}
			leave(view)
		}
	}
	for _, width := range []int64{640, 360} { // a window at 200 %, and a phone
		p.Phone(width, 740)
		for _, view := range views {
			show(view)
			if width == 360 {
				p.Shot("phone-" + strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(view))
			}
			if wide := p.Overflows(); wide > 0 {
				t.Errorf("%s is %d too wide for %d", view, wide, width)
			}
			leave(view)
		}
	}
}
