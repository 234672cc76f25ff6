package admin_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/reports/design/browsertest"
)

// A person looks for what was not seen yet, and makes it happen.
func consoleOutcomes(t *testing.T, started context.Context) {
	otms := open(t, "otms")
	_, web := start(t, mockserver.Options{}, open(t, "transeu"), otms)
	p := page(t, started, web, "#/outcomes?contract=transeu")
	p.Sees("#seen", "0 of 24 seen in session default")
	const cell = "[data-outcome='addShippingOrder http:409']"
	p.Click(cell)
	p.Sees("dialog", "What leads to it")
	p.Sees("dialog", "The rule")
	p.Shot("cell")
	p.Click("dialog button.primary")
	p.Sees("#said", "The next call of addShippingOrder")
	p.Wait("document.querySelector(" + browsertest.Quoted(cell) + ").classList.contains('armed')")
	if resp, _ := send(t, request(t, "POST", web.URL+orders, order("O-1"))); resp.StatusCode != 409 {
		t.Errorf("armed, the call gives %d", resp.StatusCode)
	}
	// What was seen shows by itself.
	p.Wait("document.querySelector(" + browsertest.Quoted(cell) + ").matches('.seen:not(.armed)')")
	p.Sees("#seen", "1 of 24 seen")
	if resp, _ := send(t, request(t, "POST", web.URL+orders, order("O-1"))); resp.StatusCode != 201 {
		t.Errorf("the armed outcome is over after one call, found %d", resp.StatusCode)
	}
	p.Sees("#seen", "2 of 24 seen")
	// What another session sees does not count here.
	other := request(t, "POST", web.URL+orders, []byte(`{}`))
	other.Header.Set("Mock-Session", "elsewhere")
	send(t, other)
	send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/1", nil))
	p.Sees("#seen", "3 of 24 seen")

	// Less of it: by what is left, by word.
	p.Fill("#which", "seen")
	p.Wait("[...document.querySelectorAll('button.cell')].filter((b) => b.checkVisibility()).length === 3")
	p.Fill("#which", "all")
	p.Fill("#search-outcomes", "conflict")
	p.Wait("[...document.querySelectorAll('button.cell')].filter((b) => b.checkVisibility()).every((b) => b.textContent === '409')")
	p.Fill("#search-outcomes", "no such thing")
	p.Sees("#none", "No outcome fits")

	// By keys: one stop for Tab, the arrows go on from there.
	p.Fill("#search-outcomes", "")
	p.Wait("document.querySelectorAll(\"button.cell[tabindex='0']\").length === 1")
	browsertest.Read[bool](p, "document.querySelector(\"button.cell[tabindex='0']\").focus() || true")
	for _, key := range []string{kb.ArrowDown, kb.ArrowRight, kb.ArrowRight, kb.ArrowLeft} {
		p.Press(key)
	}
	p.Wait("document.activeElement.dataset.outcome?.startsWith('addShippingOrder ') && document.querySelectorAll(\"button.cell[tabindex='0']\").length === 1")
	p.Press("\r")
	p.Sees("dialog", "What leads to it")
	p.Press("\x1b")
	p.Wait("document.activeElement.matches('button.cell')")

	// An outcome of items that no request alone can cause.
	p.Hash("#/outcomes?contract=otms")
	p.Fill("#search-outcomes", "")
	p.Sees("th", "Code of an item")
	outcomes := 0
	for _, op := range otms.Operations {
		outcomes += len(op.Outcomes())
	}
	if n := browsertest.Read[int](p, "document.querySelectorAll('button.cell').length"); n != outcomes {
		t.Errorf("the grid has %d outcomes, expected %d", n, outcomes)
	}
	p.Shot("grid")
	found := browsertest.Read[string](p, `(() => { for (const b of document.querySelectorAll("button.cell")) { b.click(); const d = document.querySelector("dialog[open]");
		if (d && d.innerText.includes("provider state outcome")) return b.dataset.outcome; d?.close(""); } return ""; })()`)
	if found == "" {
		t.Fatal("no outcome of the contract offers its provider state")
	}
	p.Click("dialog button:nth-of-type(2)")
	p.Sees("dialog", "The request must carry")
}

// A person arms a fault for a session and ends it; every fault can be armed.
func consoleFaults(t *testing.T, started context.Context) {
	s, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	p := page(t, started, web, "#/faults?contract=transeu")
	p.Sees("#main", "No fault is in force")
	p.Fill("#fault-name", "outcome")
	p.Fill("[data-param=code]", "404")
	p.Fill("#fault-operation", "getOrder")
	p.Fill("#fault-session", "private")
	p.Sees("#fault-sentence", "Every call of getOrder of transeu in session private: the call ends in an outcome")
	p.Click("#fault-arm")
	p.Sees("table", "in session private")
	p.Shot("armed")
	read := func(session string) int {
		r := request(t, "GET", web.URL+"/api/rest/v1/orders/"+sample, nil)
		r.Header.Set("Mock-Session", session)
		resp, _ := send(t, r)
		return resp.StatusCode
	}
	if got := []int{read("private"), read("default")}; got[0] != 404 || got[1] != 200 {
		t.Errorf("the fault must hit its session alone, found %v", got)
	}
	p.Fill("#fault-chance", "300")
	p.Click("#fault-arm")
	p.Sees("#said", "between 0 and 1")
	p.Fill("#fault-chance", "0")
	p.Click("#fault-arm")
	p.Sees("#said", "never hits")
	p.Click("[aria-label^='Disarm outcome']")
	p.Sees("#main", "No fault is in force")
	if got := read("private"); got != 200 {
		t.Errorf("after disarming, the call gives %d", got)
	}

	// Only the second call, then it is over.
	p.Fill("#fault-chance", "100")
	p.Fill("#fault-rhythm", "call")
	p.Fill("#fault-n", "2")
	p.Sees("#fault-sentence", "The 2nd call of getOrder")
	p.Click("#fault-arm")
	p.Sees("table", "the 2nd call")
	if got := []int{read("private"), read("private"), read("private")}; got[0] != 200 || got[1] != 404 || got[2] != 200 {
		t.Errorf("the fault must hit the second call alone, found %v", got)
	}
	p.Hash("#/outcomes?contract=transeu")
	p.Sees("h2", "Outcomes")
	p.Hash("#/faults?contract=transeu")
	p.Sees("table", "over, hit 1 of 3 calls")
	p.Click("[aria-label^='Remove outcome']")
	p.Sees("#main", "No fault is in force")

	// Each kind, with its own parameters, as they are proposed.
	p.Fill("#fault-contract", "")
	p.Fill("#fault-session", "")
	kinds := browsertest.Read[[]string](p, "[...document.querySelector('#fault-name').options].map((o) => o.value)")
	for i, kind := range kinds {
		p.Fill("#fault-name", kind)
		p.Click("#fault-arm")
		p.Wait("document.querySelectorAll('#in-force tbody tr').length === " + strconv.Itoa(i+1))
	}
	if armed, err := s.Faults().List(); err != nil || len(armed) != len(kinds) || len(kinds) < 20 {
		t.Errorf("of %d kinds %d could be armed", len(kinds), len(armed))
	}
	p.Click("#disarm-all")
	p.Sees("#main", "No fault is in force")
}
