package admin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// TestConsole uses the console as a person does: in a browser, with the mouse and
// the keys.
func TestConsole(t *testing.T) {
	started := openBrowser(t)
	for _, one := range []struct {
		name string
		use  func(*testing.T, context.Context)
	}{
		{"requests", consoleRequests},
		{"state", consoleState},
		{"outcomes", consoleOutcomes},
		{"faults", consoleFaults},
		{"contract", consoleContract},
		{"token", consoleToken},
		{"shows hostile text as text", consoleShowsHostileTextAsText},
		{"many rows", consoleManyRows},
		{"looks", consoleLooks},
	} {
		t.Run(one.name, func(t *testing.T) { one.use(t, started) })
	}
}

// A person watches requests come in, filters them, opens one and keeps it.
func consoleRequests(t *testing.T, started context.Context) {
	c := open(t, "transeu")
	_, web := start(t, mockserver.Options{}, c)
	p := openTab(t, started, web.URL+admin.Prefix)
	p.sees("#shown", "0 requests, live")

	number := "N-1"
	send(t, request(t, "POST", web.URL+orders, order(number)))
	p.sees(".rows .line", "addShippingOrder")
	p.sees(".rows .line", "201")
	send(t, request(t, "POST", web.URL+orders, order(number)))
	send(t, request(t, "POST", web.URL+orders, []byte(`{"number":""}`)))
	p.sees(".rows .line", "duplicate")
	p.sees("#shown", "3 requests, live")

	// Paused, nothing moves; going on catches up.
	p.press("p")
	p.sees("#shown", "paused")
	send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/1", nil))
	p.sees("#shown", "1 waiting")
	if n := read[int](p, "document.querySelectorAll('.rows .line').length"); n != 3 {
		t.Errorf("paused, the table went on: %d rows", n)
	}
	p.press("p")
	p.sees("#shown", "4 requests, live")

	// Filters.
	other := request(t, "POST", web.URL+orders, order("N-2"))
	other.Header.Set("Mock-Session", "elsewhere")
	send(t, other)
	p.sees("#shown", "5 requests")
	for _, one := range []struct{ field, value, want string }{
		{"#filter-status", "4xx", "3 requests"}, {"#filter-status", "409", "1 request,"}, {"#filter-status", "", "5 requests"},
		{"#filter-operation", "getOrder", "1 request,"}, {"#filter-operation", "", "5 requests"},
		{"#filter-session", "elsewhere", "1 request,"}, {"#filter-session", "", "5 requests"},
		{"#filter-contract", "transeu", "5 requests"}, {"#search", "duplicate", "1 request,"}, {"#search", "", "5 requests"},
	} {
		p.fill(one.field, one.value)
		p.sees("#shown", one.want)
	}
	p.fill("#filter-status", "409")
	p.sees("#shown", "1 request,")
	send(t, request(t, "POST", web.URL+orders, order(number))) // a filter holds for what comes, too
	p.sees("#shown", "2 requests")
	send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/1", nil))
	p.fill("#filter-status", "")
	p.sees("#shown", "7 requests")

	// By keys alone: the oldest request, its answer, and back.
	read[bool](p, "document.activeElement.blur() || true")
	p.press("/")
	p.wait("document.activeElement.id === 'search'")
	p.fill("#search", "")
	p.sees("#shown", "7 requests")
	read[bool](p, "document.activeElement.blur() || true")
	read[bool](p, "document.querySelector('#rows').focus() || true")
	p.press("j")
	p.press("j")
	p.press("k")
	p.press("\r")
	p.sees(".detail h2", "/orders")
	p.press("\x1b")
	p.wait("!document.querySelector('.detail')")

	// What was decided and why.
	read[string](p, "location.hash = '#/requests/1'")
	p.sees(".detail", "State before and after")
	p.sees("[aria-label='State before and after']", `"N-1"`)
	p.sees(".detail", "identity default")
	p.sees("[aria-label='Curl command']", "curl --globoff")
	if strings.Contains(read[string](p, "document.body.innerText"), "Bearer demo") {
		t.Error("the page shows credentials")
	}
	p.shot("created")
	read[string](p, "location.hash = '#/requests/2'")
	p.sees(".detail", "duplicate")
	p.sees(".detail dt", "Clause")
	read[string](p, "location.hash = '#/requests/3'")
	p.sees(".detail .findings", "/number")
	p.sees(".detail .tree .mark", "number")
	p.shot("refused")
	read[string](p, "location.hash = '#/requests/2'")
	p.sees(".detail h2", "409")
	p.click("#save")
	saved := string(p.downloaded("saved-2.yaml"))
	for _, want := range []string{"id: transeu.saved.addShippingOrder-2", "status: 409", "status: 201", "${unique:v1}"} {
		if !strings.Contains(saved, want) {
			t.Errorf("the saved scenario says nothing of %s:\n%s", want, saved)
		}
	}
}

// A person looks at the state, changes it, keeps it and brings it back.
func consoleState(t *testing.T, started context.Context) {
	c := open(t, "transeu")
	_, web := start(t, mockserver.Options{}, c)
	call := caller(t, web.URL)
	p := openTab(t, started, web.URL+admin.Prefix+"#/state")
	p.sees("#documents table", "sample")
	p.click("#new-document")
	p.fill("#edit-key", "mine")
	p.fill("#edit-owner", "1008544")
	p.fill("#edit-text", `{"number": `)
	p.wait("document.querySelector('#edit-save').disabled && document.querySelector('#edit-wrong').textContent")
	p.fill("#edit-text", `{"number": "S-1"}`)
	p.click("#edit-save")
	p.sees("#documents table", "mine")
	call("GET", "state/transeu/order/mine", nil, 200)

	// What the store refuses is said beside the field.
	p.click("#new-document")
	p.fill("#edit-key", "other")
	p.fill("#edit-owner", "1008544")
	p.fill("#edit-text", `{"number": "S-1"}`)
	p.click("#edit-save")
	p.sees("#edit-wrong", "unique")
	p.press("\x1b")

	p.click("#snapshot")
	kept := p.downloaded("snapshot-default.json")
	p.click("[aria-label='Open order mine']")
	p.fill("#edit-text", `{"number": "S-2"}`)
	p.click("#edit-save")
	p.sees("#documents table", "S-2")
	p.click("[aria-label='Open order mine']")
	p.click("#edit-delete")
	p.wait("!document.querySelector('#documents').innerText.includes('mine')")
	call("GET", "state/transeu/order/mine", nil, 404)

	file := filepath.Join(t.TempDir(), "kept.json")
	if err := os.WriteFile(file, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#restore-file"), []string{file}))
	p.sees("#documents table", "S-1")
	p.shot("restored")

	p.fill("#state-name", "order")
	p.click("#state-setup")
	p.sees("#state-answer", "orderId")
	p.click("#seed")
	p.wait("!document.querySelector('#documents').innerText.includes('mine')")

	// Another session has a state of its own.
	p.fill("#session", "private")
	p.sees("h2", "State of session private")
	p.click("#reset")
	p.click("dialog button.danger")
	p.sees("#said", "as at the start")
}

// A person looks for what was not seen yet, and makes it happen.
func consoleOutcomes(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	p := openTab(t, started, web.URL+admin.Prefix+"#/outcomes")
	p.sees("#main", "seen in session")
	p.fill("#contract", "transeu")
	cell := "[data-outcome='addShippingOrder http:409']"
	p.wait("document.querySelector(" + quoted(cell) + ") && !document.querySelector(" + quoted(cell) + ").classList.contains('seen')")
	p.click(cell)
	p.sees("dialog", "What leads to it")
	p.sees("dialog", "The rule")
	p.shot("cell")
	p.click("dialog button.primary")
	p.sees("#said", "The next call of addShippingOrder")
	if resp, _ := send(t, request(t, "POST", web.URL+orders, order("O-1"))); resp.StatusCode != 409 {
		t.Errorf("armed, the call gives %d", resp.StatusCode)
	}
	if resp, _ := send(t, request(t, "POST", web.URL+orders, order("O-1"))); resp.StatusCode != 201 {
		t.Errorf("the armed outcome is over after one call, found %d", resp.StatusCode)
	}
	p.click("#main button:not(.cell)") // Refresh
	p.wait("document.querySelector(" + quoted(cell) + ").classList.contains('seen')")

	// An outcome of items that no request alone can cause.
	p.fill("#contract", "otms")
	p.sees("th", "Code of an item")
	p.shot("grid")
	found := read[string](p, `(() => { for (const b of document.querySelectorAll("button.cell")) { b.click(); const d = document.querySelector("dialog[open]");
		if (d && d.innerText.includes("provider state outcome")) return b.dataset.outcome; d?.close(""); } return ""; })()`)
	if found == "" {
		t.Fatal("no outcome of the contract offers its provider state")
	}
	p.click("dialog button:nth-of-type(2)")
	p.sees("dialog", "The request must carry")
}

// A person arms a fault for a session and ends it.
func consoleFaults(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"))
	p := openTab(t, started, web.URL+admin.Prefix+"#/faults")
	p.sees("#main", "No fault is in force")
	p.fill("#fault-name", "outcome")
	p.fill("[data-param=code]", "404")
	p.fill("#fault-operation", "getOrder")
	p.fill("#fault-session", "private")
	p.click("#fault-arm")
	p.sees("table", "session private")
	p.shot("armed")
	read := func(session string) int {
		r := request(t, "GET", web.URL+"/api/rest/v1/orders/"+sample, nil)
		r.Header.Set("Mock-Session", session)
		resp, _ := send(t, r)
		return resp.StatusCode
	}
	if got := []int{read("private"), read("default")}; got[0] != 404 || got[1] != 200 {
		t.Errorf("the fault must hit its session alone, found %v", got)
	}
	p.fill("#fault-name", "outcome")
	p.fill("[data-param=code]", "404")
	p.fill("#fault-chance", "300")
	p.click("#fault-arm")
	p.sees("#said", "between 0 and 1")
	p.click("[aria-label^='Disarm outcome']")
	p.sees("#main", "No fault is in force")
	if got := read("private"); got != 200 {
		t.Errorf("after disarming, the call gives %d", got)
	}
}

// sample is an order that is there from the start.
const sample = "e674e0a3-847c-4f75-bdff-cedaf6986c7c"

// A person reads the contract and sends its examples.
func consoleContract(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	p := openTab(t, started, web.URL+admin.Prefix+"#/contract/addShippingOrder")
	for _, one := range []struct{ css, text string }{
		{"[aria-label=Examples]", "documented"}, {"[aria-label=Schemas]", "application/"}, {"[aria-label=Rules]", "duplicate"},
		{"[aria-label=Requirements]", "MUST"}, {"[aria-label=Errata]", "TE-E"},
	} {
		p.sees(one.css, one.text)
	}
	p.click("#try-send")
	p.sees("#try-result h2", "201")
	p.shot("tried")
	p.fill("#try-identity", "none")
	p.click("#try-send")
	p.sees("#try-result", "unauthenticated")
	p.fill("#try-example", "generated")
	p.fill("#try-identity", "default")
	p.click("#try-send")
	p.wait("/201|409|422/.test(document.querySelector('#try-result h2')?.innerText)")
	read[string](p, "location.hash = '#/contract/orderLink'")
	p.sees("h2", "/ws/orderLink")
	p.fill("#try-example", "corrected")
	p.click("#try-send")
	p.sees("#try-result h2", "200")
	p.sees("#try-result .tree .name", "orderLinkResponse")
	read[string](p, "location.hash = '#/contract'")
	p.sees("[aria-label=Contract]", "Sources")
	p.sees("[aria-label=Contract]", "https://")
}

// Without the token there is nothing but a form.
func consoleToken(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{AdminToken: "open sesame;=%"}, open(t, "transeu"))
	for _, path := range []string{"", "console.js", "console.css", "icon.svg", "contracts", "requests/stream", "openapi.json", "nothing"} {
		resp, body := send(t, request(t, "GET", web.URL+admin.Prefix+path, nil))
		if resp.StatusCode != 401 || strings.Contains(string(body), "transeu") {
			t.Errorf("%q without the token: %d %.200s", path, resp.StatusCode, body)
		}
	}
	p := openTab(t, started, web.URL+admin.Prefix)
	p.sees("h1", "Roadworthy mock")
	if read[string](p, "getComputedStyle(document.querySelector('main')).borderRadius") == "0px" {
		t.Error("the login form has no style: its policy refuses it")
	}
	p.fill("#token", "wrong")
	p.press("\r")
	p.sees("[role=alert]", "not the token")
	p.shot("login")
	p.fill("#token", "open sesame;=%")
	p.press("\r")
	p.sees("#views", "Requests")
	p.sees("#shown", "live")
	if read[string](p, "document.cookie") != "" {
		t.Error("a script can read the cookie")
	}
	p.click("#logout button")
	p.sees("label", "Admin token")
	p.do(chromedp.Navigate(web.URL + admin.Prefix + "?token=open%20sesame%3B%3D%25"))
	p.sees("#views", "Requests")
	if address := read[string](p, "location.href"); strings.Contains(address, "token") {
		t.Errorf("the token stays in the address: %s", address)
	}
	// A form of another site sends no cookie, and its origin is refused.
	r, _ := http.NewRequest("POST", web.URL+admin.Prefix+"reset", nil)
	r.Header.Set("Sec-Fetch-Site", "same-site")
	if resp, _ := send(t, r); resp.StatusCode != 403 {
		t.Errorf("another site on this host: expected 403, found %d", resp.StatusCode)
	}
}

// hostile is what must be shown and never obeyed.
const hostile = "<img src=x onerror=\"window.bad=1\"><script>window.bad=1</script>${alert(1)}{{1}}'\"><svg/onload=window.bad=1>\u202egnp.\u2066\x1b[31mred"

func consoleShowsHostileTextAsText(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	call := caller(t, web.URL)
	text := plain(hostile)
	body := []byte(fmt.Sprintf(`{"number":%s,%s:%s}`, text, text, text))
	r := request(t, "POST", web.URL+orders+"?x=%3Cscript%3Ewindow.bad%3D1%3C%2Fscript%3E", body)
	r.Header.Set("X-Bad", `<script>window.bad=1</script>"><img src=x onerror=window.bad=1>`)
	r.Header.Set("Prefer", `code="<script>window.bad=1</script>"`)
	send(t, r)
	// No client sends such an address: it is written to the connection.
	raw, err := net.Dial("tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprint(raw, "GET /<img/src=x/onerror=window.bad=1> HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	_, _ = io.ReadAll(raw)
	_ = raw.Close()
	x := request(t, "POST", web.URL+"/ws/orderLink", []byte(`<orderLinkRequest version="0.1"><orders><order sequence="1"><orderNumber>&lt;script>window.bad=1&lt;/script></orderNumber></order></orders><!--<script>window.bad=1</script>--><img src="x" onerror="window.bad=1"/></orderLinkRequest>`))
	x.Header.Set("Content-Type", "application/xml")
	send(t, x)
	call("PUT", "state/transeu/order/%3Cimg%20src=x%20onerror=window.bad=1%3E?owner=1008544", string(body), 201)

	p := openTab(t, started, web.URL+admin.Prefix)
	safe := func(where string) {
		t.Helper()
		if read[bool](p, "Boolean(window.bad) || Boolean(document.querySelector('script:not([src]), main img, main script, main svg, [onerror], [onload]'))") {
			t.Errorf("%s: what was sent became part of the page", where)
		}
		if strings.ContainsAny(read[string](p, "document.body.innerText"), "\u202e\u2066\x1b") {
			t.Errorf("%s: a control character is shown as it is", where)
		}
	}
	p.sees("#shown", "3 requests")
	p.sees(".rows", "<img/src=x/onerror=window.bad=1>")
	safe("the table")
	for id := 1; id <= 3; id++ {
		read[string](p, fmt.Sprintf("location.hash = '#/requests/%d'", id))
		p.wait(fmt.Sprintf("document.querySelector(\"[aria-label='Request %d']\")", id))
		read[bool](p, "document.querySelectorAll('details').forEach((d) => d.open = true) || true")
		safe(fmt.Sprint("request ", id))
	}
	read[string](p, "location.hash = '#/requests/1'")
	p.sees(".detail .tree", "<script>window.bad=1</script>")
	p.shot("shown")
	read[string](p, "location.hash = '#/state'")
	p.fill("#contract", "transeu")
	p.sees("#documents table", "<img src=x onerror=window.bad=1>")
	safe("the state")
	read[bool](p, `[...document.querySelectorAll("#documents button")].find((b) => b.textContent.includes("<img")).click() || true`)
	p.wait("document.querySelector('#edit-text')")
	safe("the editor")
	if resp, _ := send(t, request(t, "GET", web.URL+admin.Prefix+"console.js", nil)); !strings.Contains(resp.Header.Get("Content-Security-Policy"), "script-src 'self';") {
		t.Error("the policy of the page is not strict")
	}
}

// Ten thousand requests: few nodes, fast to scroll, fast to reach the end.
func consoleManyRows(t *testing.T, started context.Context) {
	server, web := start(t, mockserver.Options{Journal: journal.Limits{Entries: 20000}}, open(t, "transeu"))
	add := func(n int) {
		for i := range n {
			server.Journal().Add(&journal.Entry{Time: time.Unix(1700000000, 0), Session: "default", Contract: "transeu", Operation: "getOrder", Method: "GET", URL: fmt.Sprint("/api/rest/v1/orders/", i), Status: 200 + i%2*204})
		}
	}
	add(10000)
	p := openTab(t, started, web.URL+admin.Prefix)
	p.sees("#shown", "10,000 requests, live")
	if n := read[int](p, "document.querySelectorAll('.rows .line').length"); n > 100 {
		t.Errorf("%d rows exist, expected only those that can be seen", n)
	}
	step := func() float64 {
		return read[float64](p, `(() => { const rows = document.querySelector("#rows"), begin = performance.now();
			for (let i = 0; i < 30; i++) { rows.scrollTop = 90 * i; rows.dispatchEvent(new Event("scroll")); }
			return (performance.now() - begin) / 30; })()`)
	}
	many := min(step(), step(), step())
	p.fill("#search", "/orders/77") // 111 of them
	p.sees("#shown", "111 requests")
	few := min(step(), step(), step())
	t.Logf("a step of scrolling takes %.2f ms among 10,000 rows, %.2f ms among 111", many, few)
	if many > 4*few+2 {
		t.Errorf("a step of scrolling takes %.1f ms among 10,000 rows and %.1f ms among 111: it grows with the journal", many, few)
	}
	p.fill("#search", "")
	p.sees("#shown", "10,000 requests")
	read[bool](p, "document.querySelector('#rows').focus() || true")
	read[bool](p, `document.dispatchEvent(new KeyboardEvent("keydown", {key: "End"}))`)
	p.sees(".rows .line[aria-selected=true]", "/orders/0")
	// A burst is not lost.
	add(5000)
	p.sees("#shown", "15,000 requests, live")
	p.shot("many")
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
	p := openTab(t, started, web.URL+admin.Prefix)
	p.sees("#shown", "4 requests")
	best := 1e9
	for range 3 {
		p.do(chromedp.Reload())
		p.sees("#shown", "4 requests")
		best = min(best, read[float64](p, "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
	}
	t.Logf("%d bytes, loaded in %.0f ms", size, best)
	if best > 300 { // 100 are meant, on a machine that does nothing else
		t.Errorf("loading takes %.0f ms", best)
	}
	if outside := read[int](p, "performance.getEntriesByType('resource').filter((e) => !e.name.startsWith(location.origin)).length"); outside > 0 {
		t.Errorf("%d requests to elsewhere", outside)
	}
	views := []string{"requests", "requests/3", "state", "outcomes", "faults", "contract", "contract/addShippingOrder"}
	for _, theme := range []string{"light", "dark"} {
		p.dark(theme == "dark")
		for _, view := range views {
			read[string](p, "location.hash = "+quoted("#/"+view))
			p.wait("document.querySelector('#main').innerText.length > 40 && document.querySelector('#views [aria-current]').dataset.view === " + quoted(strings.Split(view, "/")[0]))
			time.Sleep(100 * time.Millisecond)
			p.shot(theme + "-" + strings.ReplaceAll(view, "/", "-"))
			if nameless := read[string](p, `[...document.querySelectorAll("button, input:not([hidden]), select, textarea, a[href], [role=grid], [role=rowgroup]")]
				.filter((n) => !(n.getAttribute("aria-label") || n.labels?.length || n.innerText?.trim() || n.textContent.trim())).map((n) => n.outerHTML).join("\n")`); nameless != "" {
				t.Errorf("%s: nothing says to a screen reader what this is: %s", view, nameless)
			}
			if low := read[string](p, contrast); low != "" {
				t.Errorf("%s, %s: too little contrast: %s", view, theme, low)
			}
		}
	}
	p.do(chromedp.EmulateViewport(390, 780, chromedp.EmulateMobile))
	for _, view := range views {
		read[string](p, "location.hash = "+quoted("#/"+view))
		time.Sleep(100 * time.Millisecond)
		p.shot("phone-" + strings.ReplaceAll(view, "/", "-"))
		if wide := read[int](p, "document.documentElement.scrollWidth"); wide > 390 {
			t.Errorf("%s is %d wide on a phone of 390", view, wide)
		}
	}
}

// contrast lists texts whose colour is too near to what is behind them (WCAG 2, 4.5 to 1).
const contrast = `(() => {
	const light = (c) => { const [r, g, b] = c.match(/[\d.]+/g).map(Number).map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
	const behind = (n) => { for (; n; n = n.parentElement) { const c = getComputedStyle(n).backgroundColor; if (!/, 0\)$|transparent/.test(c)) return c; } return "rgb(255, 255, 255)"; };
	const found = new Set();
	for (const n of document.querySelectorAll("body *")) {
		if (![...n.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim()) || !n.checkVisibility() || n.disabled || n.classList.contains("only-heard") || n.classList.contains("skip")) continue;
		if (n.getAnimations().length || n.closest(".fresh")) continue;
		const a = light(getComputedStyle(n).color), b = light(behind(n)), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		if (ratio < 4.5) found.add(n.tagName + "." + n.className + " " + ratio.toFixed(1));
	}
	return [...found].join("; ");
})()`

// plain writes a text as JSON and leaves every character that may stay.
func plain(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text)
	return strings.TrimSpace(b.String())
}
