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

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/reports/design/browsertest"
)

// Without the token there is nothing but a form.
func consoleToken(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{AdminToken: "open sesame;=%"}, open(t, "transeu"))
	for _, path := range []string{"", "console.js", "console.css", "icon.svg", "contracts", "requests/stream", "openapi.json", "nothing"} {
		resp, body := send(t, request(t, "GET", web.URL+admin.Prefix+path, nil))
		if resp.StatusCode != 401 || strings.Contains(string(body), "transeu") {
			t.Errorf("%q without the token: %d %.200s", path, resp.StatusCode, body)
		}
	}
	p := page(t, started, web, "")
	p.Sees("h1", "Roadworthy mock")
	if browsertest.Read[string](p, "getComputedStyle(document.querySelector('main')).borderRadius") == "0px" {
		t.Error("the login form has no style: its policy refuses it")
	}
	if wrong := p.Accessible(); wrong != "" {
		t.Errorf("the login form: %s", wrong)
	}
	p.Fill("#token", "wrong")
	p.Press("\r")
	p.Sees("[role=alert]", "not the token")
	p.Shot("login")
	p.Fill("#token", "open sesame;=%")
	p.Press("\r")
	p.Sees("#views", "Requests")
	p.Sees("#shown", "live")
	if browsertest.Read[string](p, "document.cookie") != "" {
		t.Error("a script can read the cookie")
	}
	p.Click("#logout button")
	p.Sees("label", "Admin token")
	p.Go(web.URL + admin.Prefix + "?token=open%20sesame%3B%3D%25")
	p.Sees("#views", "Requests")
	if address := browsertest.Read[string](p, "location.href"); strings.Contains(address, "token") {
		t.Errorf("the token stays in the address: %s", address)
	}
	if n := browsertest.Read[int](p, "performance.getEntriesByType('navigation').filter((e) => e.name.includes('token')).length"); n > 0 {
		t.Error("the token stays in the history")
	}
	// A page of another site shows nothing of it, and sends nothing to it.
	evil, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer evil.Close()
	go func() {
		_ = http.Serve(evil, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, `<iframe src="%s"></iframe>`, web.URL+admin.Prefix)
		}))
	}()
	p.GoElsewhere("http://" + evil.Addr().String())
	got := browsertest.Read[string](p, fmt.Sprintf(`(window.got = [], Promise.allSettled([fetch(%[1]q), fetch(%[1]q, {mode: "no-cors", method: "POST"}), new Promise((ok, no) => { const s = document.createElement("script"); s.src = %[2]q; s.onload = ok; s.onerror = no; document.head.append(s); })]).then((all) => { window.got = all.map((a) => a.status + ":" + (a.value?.type || "")); }), "asked")`,
		web.URL+admin.Prefix+"reset", web.URL+admin.Prefix+"console.js"))
	if got != "asked" {
		t.Fatal(got)
	}
	p.Wait("window.got.length === 3")
	if got := browsertest.Read[[]string](p, "window.got"); got[0] != "rejected:" || got[2] != "rejected:" {
		t.Errorf("another site reads the admin API: %v", got)
	}
	p.Wait("frames.length === 1 && document.readyState === 'complete'")
	r, _ := http.NewRequest("POST", web.URL+admin.Prefix+"reset", nil)
	r.Header.Set("Sec-Fetch-Site", "same-site")
	if resp, _ := send(t, r); resp.StatusCode != 403 {
		t.Errorf("another site on this host: expected 403, found %d", resp.StatusCode)
	}
}

// hostile is what must be shown and never obeyed.
const hostile = "<img src=x onerror=\"window.bad=1\"><script>window.bad=1</script>${alert(1)}{{1}}'\"><svg/onload=window.bad=1>\u202egnp.\u2066\x1b[31mred\u0000" +
	"</textarea></title></style><a href=\"javascript:window.bad=1\">x</a>"

// obeys says what of a hostile text a page obeyed; "" is as it should be.
func obeys(p *browsertest.Tab) string {
	if browsertest.Read[bool](p, "Boolean(window.bad) || Boolean(document.querySelector('script:not([src]), main img, main script, main svg:not(.bar), dialog img, dialog script, [onerror], [onload], a[href^=\"javascript:\" i], iframe, object, embed'))") {
		return "what was sent became part of the page"
	}
	seen := browsertest.Read[string](p, "document.body.innerText + ' ' + document.title + ' ' + [...document.querySelectorAll('[title], [aria-label]')].map((n) => n.title + n.getAttribute('aria-label')).join(' ')")
	if strings.ContainsAny(seen, "\u202e\u2066\x1b\x00") {
		return "a control character is shown as it is"
	}
	return ""
}

func consoleShowsHostileTextAsText(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	call := caller(t, web.URL)
	text := plain(hostile)
	body := []byte(fmt.Sprintf(`{"number":%s,%s:%s,"%s":1}`, text, text, text, strings.Repeat("W", 5000)))
	r := request(t, "POST", web.URL+orders+"?x=%3Cscript%3Ewindow.bad%3D1%3C%2Fscript%3E", body)
	r.Header.Set("X-Bad", `<script>window.bad=1</script>"><img src=x onerror=window.bad=1>`)
	r.Header.Set("X-Onerror-Window.bad-1", "javascript:window.bad=1")
	r.Header.Set("Prefer", `code="<script>window.bad=1</script>"`)
	r.Header.Set("Mock-Session", `<img.src=x.onerror=window.bad=1>"'`)
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
	bad := "state/transeu/order/%3Cimg%20src=x%20onerror=window.bad=1%3E?force=true&owner=%3Csvg%2Fonload=window.bad=1%3E%E2%80%AE"
	call("PUT", bad, string(body), 201)
	call("POST", "faults", map[string]any{"fault": "outcome", "session": hostile, "operation": hostile, "params": map[string]string{"code": hostile}}, 201)

	p := page(t, started, web, "")
	safe := func(where string) {
		t.Helper()
		if wrong := obeys(p); wrong != "" {
			t.Errorf("%s: %s", where, wrong)
		}
	}
	p.Sees("#shown", "3 requests")
	p.Sees(".rows", "<img/src=x/onerror=window.bad=1>")
	p.Sees(".rows", "<img.src=x.onerror=window.bad=1>")
	safe("the table")
	for id := 1; id <= 3; id++ {
		p.Hash(fmt.Sprintf("#/requests/%d", id))
		p.Wait(fmt.Sprintf("document.querySelector(\"[aria-label='Request %d']\")", id))
		browsertest.Read[bool](p, "document.querySelectorAll('details').forEach((d) => d.open = true) || true")
		safe(fmt.Sprint("request ", id))
	}
	p.Hash("#/requests/1")
	p.Sees(".detail .tree", "<script>window.bad=1</script>")
	p.Shot("shown")
	if wide := browsertest.Read[int](p, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		t.Errorf("a very long word makes the page %d wider", wide)
	}
	p.Hash("#/state/order?contract=transeu")
	p.Sees("#documents table", "<img src=x onerror=window.bad=1>")
	safe("the state")
	browsertest.Read[bool](p, `[...document.querySelectorAll("#documents a")].find((b) => b.textContent.includes("<img")).click() || true`)
	p.Wait("document.querySelector('#edit-text')")
	p.Sees("#edit-wrong", "findings")
	safe("the editor")
	p.Press("\x1b")
	p.Wait("!document.querySelector('dialog[open]')")
	p.Hash("#/faults?contract=transeu")
	p.Sees("#in-force", "<script>window.bad=1</script>")
	safe("the faults")
	// A hostile address is text, too.
	for _, at := range []string{"#/requests/%3Cimg%20src=x%20onerror=window.bad=1%3E", "#/state/%3Csvg%2Fonload=window.bad=1%3E/%3Cb%3E?contract=%3Cb%3E&session=%3Cimg%20src=x%20onerror=window.bad=1%3E", "#/contract/%3Cb%3E", "#/%3Cb%3E/%", "#/requests?text=%3Cb%3E&operation=%3Cimg%20src=x%20onerror=window.bad=1%3E"} {
		p.Hash(at)
		p.Wait("document.querySelector('#main').innerText.length > 20")
		safe(at)
	}
	if resp, _ := send(t, request(t, "GET", web.URL+admin.Prefix+"console.js", nil)); !strings.Contains(resp.Header.Get("Content-Security-Policy"), "script-src 'self';") {
		t.Error("the policy of the page is not strict")
	}
}

// A contract of somebody's own may say anything, in every place.
func consoleShowsAHostileContractAsText(t *testing.T, started context.Context) {
	folder := t.TempDir()
	h := plain(strings.ReplaceAll(hostile, "${", "$(")) // in a template it would be an expression
	for name, text := range map[string]string{
		"contract.yaml": "name: bad\ntitle: " + h + "\nversion: " + h + "\nsummary: " + h + "\nbase-path: \"\"\nsources: [{id: s, title: " + h + ", url: \"javascript:window.bad=1\", note: " + h + "}, {id: t, title: t, url: \"https://x/'><img src=x onerror=window.bad=1>\"}]\n",
		"openapi.yaml": `openapi: 3.0.3
info: {title: x, version: "1"}
paths:
  "/things/{id}":
    get:
      operationId: ` + h + `
      summary: ` + h + `
      description: ` + h + `
      x-source: ` + h + `
      parameters: [{name: id, in: path, required: true, schema: {type: string}, example: ` + h + `}, {name: ` + h + `, in: query, schema: {type: string}}]
      responses:
        "200": {description: ` + h + `, content: {application/json: {schema: {type: object, description: ` + h + `, properties: {` + h + `: {type: string, pattern: "^a"}}}}}}
`,
		"behaviour.yaml": `resources:
  ` + h + `: {title: ` + h + `, key: ` + h + `, seed: [{key: ` + h + `, owner: "", document: {` + h + `: ` + h + `}}], schema: {type: object, description: ` + h + `, properties: {n: {type: number}}}}
states:
  ` + h + `: {title: ` + h + `, params: {` + h + `: {default: ` + h + `}}}
`,
		"errors.yaml":       "outcomes: [{layer: http, code: \"200\", operations: [\"*\"], title: " + h + ", meaning: " + h + ", basis: documented, source: " + h + ", reached-by: {request: " + h + "}}]\n",
		"requirements.yaml": "requirements: [{id: R-1, level: MUST, text: " + h + ", operations: [\"*\"], source: " + h + ", basis: documented}]\n",
		"errata.yaml":       "errata: [{id: E-1, title: " + h + ", says: [{source: s, text: " + h + "}], reading: " + h + ", why: " + h + ", operations: [\"*\"]}]\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, web := start(t, mockserver.Options{AuthOff: true}, open(t, folder))
	send(t, request(t, "GET", web.URL+"/things/1", nil))
	p := page(t, started, web, "")
	p.Sees("#shown", "1 request")
	for _, at := range []string{"#/requests", "#/requests/1", "#/state", "#/outcomes", "#/faults", "#/contract"} {
		p.Hash(at)
		p.Wait("!document.querySelector('.loading') && document.querySelector('#main').innerText.length > 40 && location.hash.startsWith(" + browsertest.Quoted(at) + ")")
		browsertest.Read[bool](p, "document.querySelectorAll('summary').forEach((s) => s.click()) || true")
		if wrong := obeys(p); wrong != "" {
			t.Errorf("%s: %s", at, wrong)
		}
	}
	for _, click := range []string{"#documents a", "button.cell", ".master nav a:last-of-type"} {
		at := map[string]string{"#documents a": "#/state", "button.cell": "#/outcomes", ".master nav a:last-of-type": "#/contract"}[click]
		p.Hash(at)
		p.Wait("document.querySelector(" + browsertest.Quoted(click) + ")")
		browsertest.Read[bool](p, "document.querySelector("+browsertest.Quoted(click)+").click() || true") // its middle is out of sight
		p.Wait("document.querySelector('dialog[open], #try-send')")
		browsertest.Read[bool](p, "document.querySelectorAll('summary').forEach((s) => s.click()) || true")
		if wrong := obeys(p); wrong != "" {
			t.Errorf("%s: %s", click, wrong)
		}
		p.Press("\x1b")
	}
}

// plain writes a text as JSON and leaves every character that may stay.
func plain(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text)
	return strings.TrimSpace(b.String())
}
