package admin_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/reports/design/browsertest"
)

// A new person is told how to begin, and begins.
func consoleFirstSteps(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	p := page(t, started, web, "")
	p.Sees(".beginning", "Nobody has called the mock yet")
	p.Wait("document.querySelectorAll('.beginning .first').length === 2")
	p.Sees(".first pre", web.URL+"/api/rest/v1/orders/")
	p.Sees(".first pre", "${TOKEN:-demo}")
	p.Shot("empty")
	p.Click("[aria-label='A first call of Trans.eu Orders API'] .primary")
	p.Sees("#shown", "1 request, live")
	p.Sees(".rows .line", "getOrder")
	p.Wait("!document.querySelector('.beginning')?.checkVisibility()")
	p.Fill("#search", "nothing of that")
	p.Sees(".beginning", "No request fits these filters")
	p.Click(".beginning button")
	p.Sees("#shown", "1 request, live")
}

// A person watches requests come in, filters them, opens one and keeps it.
func consoleRequests(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"))
	p := page(t, started, web, "")
	p.Sees("#shown", "0 requests, live")
	number := "N-1"
	send(t, request(t, "POST", web.URL+orders, order(number)))
	p.Sees(".rows .line", "addShippingOrder")
	p.Sees(".rows .line", "201")
	send(t, request(t, "POST", web.URL+orders, order(number)))
	send(t, request(t, "POST", web.URL+orders, []byte(`{"number":""}`)))
	p.Sees(".rows .line", "duplicate")
	p.Sees("#shown", "3 requests, live")

	// Paused, nothing moves; going on catches up.
	p.Press("p")
	p.Sees("#shown", "paused")
	send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/1", nil))
	p.Sees("#shown", "1 waiting")
	if n := browsertest.Read[int](p, "document.querySelectorAll('.rows .line[data-id]').length"); n != 3 {
		t.Errorf("paused, the table went on: %d rows", n)
	}
	p.Press("p")
	p.Sees("#shown", "4 requests, live")

	// Filters.
	other := request(t, "POST", web.URL+orders, order("N-2"))
	other.Header.Set("Mock-Session", "elsewhere")
	send(t, other)
	p.Sees("#shown", "5 requests")
	for _, one := range []struct{ field, value, want string }{
		{"#filter-status", "4xx", "3 requests"}, {"#filter-status", "409", "1 request,"}, {"#filter-status", "", "5 requests"},
		{"#filter-operation", "getOrder", "1 request,"}, {"#filter-operation", "", "5 requests"},
		{"#filter-session", "elsewhere", "1 request,"}, {"#filter-session", "", "5 requests"},
		{"#filter-contract", "transeu", "5 requests"}, {"#search", "duplicate", "1 request,"}, {"#filter-status", "201", "0 requests"}, {"#filter-status", "", "1 request,"},
		{"#search", "", "5 requests"}, {"#filter-contract", "", "5 requests"},
	} {
		p.Fill(one.field, one.value)
		p.Sees("#shown", one.want)
	}
	p.Fill("#filter-status", "409")
	p.Sees("#shown", "1 request,")
	send(t, request(t, "POST", web.URL+orders, order(number))) // a filter holds for what comes, too
	p.Sees("#shown", "2 requests")
	send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/1", nil))
	p.Fill("#filter-status", "")
	p.Sees("#shown", "7 requests")

	// By keys alone: the oldest request, its answer, and back to where it was.
	browsertest.Read[bool](p, "document.activeElement.blur() || true")
	p.Press("/")
	p.Wait("document.activeElement.id === 'search'")
	p.Press("\x1b")
	p.Wait("document.activeElement.id !== 'search'")
	browsertest.Read[bool](p, "document.querySelector('#rows').focus() || true")
	p.Press("j")
	p.Press("j")
	p.Press("k")
	p.Press("\r")
	p.Sees(".detail h2", "/orders")
	p.Press("j")
	p.Wait("document.querySelector('.detail')?.dataset.id === '6'")
	p.Press("\x1b")
	p.Wait("!document.querySelector('.detail') && document.activeElement.id === 'rows'")

	// Who does not want single keys switches them off.
	p.Press("?")
	p.Click("#keys-on")
	p.Press("\x1b")
	p.Press("2")
	if browsertest.Read[string](p, "location.hash") != "#/requests" {
		t.Error("a key works that was switched off")
	}

	// What was cleared is gone for everybody who looks.
	second := page(t, started, web, "")
	second.Sees("#shown", "7 requests")
	p.Click("#clear")
	p.Click("dialog button.danger")
	p.Sees("#shown", "0 requests, live")
	second.Sees("#shown", "0 requests, live")
}

// An address can be passed on: it says the filters, what is open, and whose state.
func consoleAddresses(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	for _, id := range []string{sample, "1", "2"} {
		send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/"+id, nil))
	}
	p := page(t, started, web, "")
	p.Sees("#shown", "3 requests")
	p.Fill("#filter-status", "4xx")
	p.Fill("#search", "orders/2")
	p.Wait("location.hash === '#/requests?text=orders%2F2&status=4xx'")
	p.Sees("#shown", "1 request,")
	p.Click(".rows .line[data-id]")
	p.Sees(".detail h2", "/orders/2")
	address := browsertest.Read[string](p, "location.href")
	other := browsertest.Open(t, started, address)
	other.Sees(".detail h2", "/orders/2")
	other.Sees("#shown", "1 request,")
	if got := browsertest.Read[string](other, "document.querySelector('#filter-status').value + ' ' + document.querySelector('#search').value"); got != "4xx orders/2" {
		t.Errorf("the filters of the address are not in force: %q", got)
	}
	other.Press("\x1b")
	other.Wait("location.hash === '#/requests?text=orders%2F2&status=4xx'")
	// Elsewhere and back, the filters are still there; contract and session, too.
	other.Press("2")
	other.Sees("h2", "State of session default")
	other.Fill("#contract", "otms")
	other.Fill("#session", "team-a")
	other.Wait("location.hash === '#/state?contract=otms&session=team-a'")
	other.Sees("h2", "State of session team-a")
	other.Press("\x1b")
	other.Press("1")
	other.Wait("location.hash === '#/requests?text=orders%2F2&status=4xx'")
	other.Go(web.URL + admin.Prefix + "#/outcomes?contract=transeu&session=team-a")
	other.Sees("h2", "Outcomes of Trans.eu")
	other.Sees("#seen", "in session team-a")
}

// What was decided and why, what changed, and how to do it again.
func consoleWhy(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	send(t, request(t, "POST", web.URL+orders, order("N-1")))
	send(t, request(t, "POST", web.URL+orders, order("N-1")))
	send(t, request(t, "POST", web.URL+orders, []byte(`{"number":"","route":{"events":[{"type":"loading"},{"type":"flying"}]}}`)))
	send(t, request(t, "GET", web.URL+"/api/rest/v1/ordres/1", nil))
	send(t, xml(t, web.URL+"/ws/orderRevenue", `<x:orderRevenueUpdateRequest xmlns:x="" version="0.1"/>`))
	send(t, xml(t, web.URL+"/ws/orderRevenue", `<orderRevenueUpdateRequest version="0.1"><orders><order sequence="1"><orderNumber>YLDFCNYP000264</orderNumber><lineHaul>1.50</lineHaul></order><order sequence="two"><orderNumber a=">">AXDHBMAV009887</orderNumber><lineHaul>912.115</lineHaul></order></orders></orderRevenueUpdateRequest>`))
	send(t, request(t, "POST", web.URL+orders, []byte("{\n\"number\": }")))

	p := page(t, started, web, "#/requests/1")
	p.Sees(".detail", "State before and after")
	p.Sees("[aria-label='State before and after']", `"N-1"`)
	p.Sees(".detail", "identity default")
	p.Sees("[aria-label='Curl command']", "curl --globoff")
	if strings.Contains(browsertest.Read[string](p, "document.body.innerText"), "Bearer demo") {
		t.Error("the page shows credentials")
	}
	p.Shot("created")
	// The document that it made is one step away.
	p.Click("[aria-label='State before and after'] a")
	p.Sees("dialog", "Fits what the contract says of order")
	p.Press("\x1b")
	p.Hash("#/requests/2")
	p.Sees(".detail", "duplicate")
	p.Sees(".detail dt", "Clause")

	// Each finding leads to its mark: an array, a missing member, an attribute.
	marked := func(id int, path, token string) {
		t.Helper()
		p.Hash(fmt.Sprintf("#/requests/%d", id))
		p.Wait(fmt.Sprintf("document.querySelector('.detail')?.dataset.id === '%d'", id))
		at := browsertest.Quoted(path)
		p.Wait("[...document.querySelectorAll('.findings button')].some((b) => b.textContent === " + at + ")")
		browsertest.Read[bool](p, "[...document.querySelectorAll('.findings button')].find((b) => b.textContent === "+at+").click() || true")
		p.Wait("document.querySelector('.mark.shown')?.dataset.paths.split('\\n').includes(" + at + ")")
		if got := browsertest.Read[string](p, "[...document.querySelectorAll('.mark')].filter((m) => m.dataset.paths.split('\\n').includes("+at+")).map((m) => m.textContent).join('')"); !strings.Contains(got, token) {
			t.Errorf("%s: expected %s to be marked, found %s", path, token, got)
		}
	}
	marked(3, "/number", `"number"`)
	marked(3, "/route/events/1/type", `"flying"`)
	marked(3, "/route/events/1/place", `{`)
	p.Shot("refused")
	marked(6, "/orderRevenueUpdateRequest/orders/order[2]/lineHaul", "<lineHaul")
	marked(6, "/orderRevenueUpdateRequest/orders/order[2]/@sequence", `sequence="two"`)
	p.Shot("xml")
	// An HTTP 200 that says in its body that it was refused does not look like success.
	p.Wait("document.querySelector('#row-6 .status').classList.contains('s4') && document.querySelector('.detail h2 .status').classList.contains('s4')")
	p.Hash("#/requests/4")
	p.Sees(".detail", `"ordres" should be "orders"`)
	// What is no JSON is marked by its line.
	p.Hash("#/requests/7")
	p.Wait("document.querySelector('.detail')?.dataset.id === '7'")
	p.Wait("document.querySelector('[data-message=Request] .mark')?.textContent === '\"number\": }'")

	p.Hash("#/requests/2")
	p.Sees(".detail h2", "409")
	p.Click("#save")
	saved := string(p.Downloaded("saved-2.yaml"))
	for _, want := range []string{"id: transeu.saved.addShippingOrder-2", "status: 409", "status: 201", "${unique:v1}"} {
		if !strings.Contains(saved, want) {
			t.Errorf("the saved scenario says nothing of %s:\n%s", want, saved)
		}
	}
}

// The page goes on when the mock was started again, whose numbers begin anew.
func consoleRestart(t *testing.T, started context.Context) {
	address, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serve := func(at net.Listener) (*httptest.Server, func()) {
		s, err := mockserver.New(asList(open(t, "transeu")), mockserver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		web := httptest.NewUnstartedServer(s)
		_ = web.Listener.Close()
		web.Listener = at
		web.Start()
		return web, func() { web.CloseClientConnections(); web.Close(); _ = s.Close() }
	}
	web, stop := serve(address)
	for range 5 {
		send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/"+sample, nil))
	}
	p := page(t, started, web, "")
	p.Sees("#shown", "5 requests, live")
	at := address.Addr().String()
	stop()
	p.Sees("#shown", "not connected, trying again")
	again, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	web, stop = serve(again)
	defer stop()
	send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/after", nil))
	p.Sees("#said", "started again")
	p.Sees("#shown", "1 request, live")
	p.Sees(".rows .line", "/orders/after")
}

// Bodies of every kind: large ones are folded, what is wrong in them shows; binary
// ones are dumped; what the journal let go of is said to be gone.
// consoleDroppedBodies: of a body that made room for others, what it was is told.
func consoleDroppedBodies(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{Journal: journal.Limits{Bytes: 200 << 10}}, open(t, "transeu"))
	for range 3 {
		send(t, request(t, "POST", web.URL+orders, []byte(`{"number":"B","remarks":"`+strings.Repeat("long ", 20<<10)+`"}`)))
	}
	p := page(t, started, web, "#/requests/1")
	p.Sees("[data-message=Request]", "had to make room for newer ones. It had 102.4 kB")
	p.Hash("#/requests/3")
	p.Sees("[data-message=Request]", "remarks")
}

func consoleBodies(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{Journal: journal.Limits{Entries: 4}}, open(t, "otms"), open(t, "transeu"))
	var many strings.Builder
	for i := range 3000 {
		amount := "1"
		if i == 1500 {
			amount = "912.115"
		}
		fmt.Fprintf(&many, `<order sequence="%d"><orderNumber>X%d</orderNumber><lineHaul>%s</lineHaul></order>`, i+1, i, amount)
	}
	send(t, xml(t, web.URL+"/ws/orderRevenue", `<orderRevenueUpdateRequest version="0.1"><orders>`+many.String()+`</orders></orderRevenueUpdateRequest>`))
	send(t, request(t, "POST", web.URL+orders, []byte(`{"number":"B","remarks":"`+strings.Repeat("long ", 1<<20)+`"}`)))
	send(t, request(t, "POST", web.URL+orders, append([]byte{0, 1, 0xff, 0xfe}, "<script>"...)))
	p := page(t, started, web, "#/requests/1")
	p.Sees(".detail h2", "/ws/orderRevenue")
	p.Wait("document.querySelector('[data-message=Request] .mark')?.textContent.includes('<lineHaul') && document.querySelectorAll('[data-message=Request] .gap').length === 2")
	if n := browsertest.Read[int](p, "document.querySelectorAll('[data-message=Request] *').length"); n > 3000 {
		t.Errorf("a body of 12,000 lines is %d nodes", n)
	}
	p.Click("[data-message=Request] .gap")
	p.Wait("document.querySelector('[data-message=Request] .tree').textContent.includes('X200<')")
	p.Hash("#/requests/2")
	p.Sees("[data-message=Request]", "5.2 MB")
	p.Sees("[data-message=Request]", "Only its beginning is kept")
	p.Hash("#/requests/3")
	p.Sees("[data-message=Request]", "00 01 ff fe 3c 73 63")
	p.Sees("[aria-label='Curl command']", `printf '\000\001\377\376`)
	for range 4 {
		send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/"+sample, nil))
	}
	p.Sees("#shown", "7 requests")
	p.Hash("#/requests/2")
	p.Sees(".detail", "The journal holds this request no more")
	if bytes.Contains([]byte(browsertest.Read[string](p, "document.querySelector('#said').textContent")), []byte("does not hold")) {
		t.Error("what is gone is told as an error")
	}
}
