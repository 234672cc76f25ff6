package reports_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/reports/design/browsertest"
)

// TestHTMLInABrowser reads the page as a person does who was sent the file.
func TestHTMLInABrowser(t *testing.T) {
	started := browsertest.Start(t)
	for _, one := range []struct {
		name string
		use  func(*testing.T, context.Context)
	}{
		{"read", htmlIsRead},
		{"causes", htmlCauses},
		{"hostile", htmlShowsHostileText},
		{"many steps", htmlOfManySteps},
		{"paper", htmlOnPaper},
	} {
		t.Run(one.name, func(t *testing.T) { one.use(t, started) })
	}
}

// openReport writes the page of a report and opens the file.
func openReport(t *testing.T, started context.Context, r *reports.Report, at string) *browsertest.Tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(render(t, reports.HTML, r)), 0o600); err != nil {
		t.Fatal(err)
	}
	return browsertest.Open(t, started, "file://"+file+at)
}

// Verdict first; a cause shows requirement, expected, found, exchange and the line that
// repeats it; filters, links and keys work; in both themes, on every width.
func htmlIsRead(t *testing.T, started context.Context) {
	p := openReport(t, started, sample(), "")
	p.Sees("h1", "non-conformant")
	p.Sees(".counts", "8 scenarios")
	p.Sees(".family h3", "Answers lack what they must hold")
	p.Sees(".family h3", "Accepted for a time")
	browsertest.Read[bool](p, "[...document.querySelectorAll('.group')].find((g) => g.innerText.includes('addOrder') && g.innerText.includes('status')).querySelector('summary').click() || true")
	for _, want := range []string{"422", "201", "PS-002", "An unknown type is refused.", "Orders page, Responses", "POST http://127.0.0.1:8080/api/v1/orders", "HTTP 201", "curl --globoff", `"$TOKEN"`} {
		p.Sees(".group[open]", want)
	}
	p.Shot("cause")
	// A field that is wrong is marked in the body.
	p.Wait("[...document.querySelectorAll('.group[open] .mark')].some((m) => m.textContent === '\"pickup\"')")
	// From a cause to its scenario, and a link to one deviation that can be passed on.
	browsertest.Read[bool](p, "document.querySelector('.group[open] .places a').click() || true")
	p.Sees("details.scenario[open]", "petshop.enum")
	p.Hash("#deviation=d3")
	p.Sees("details.scenario[open]", "petshop.link")
	p.Sees("details.scenario[open] .deviation", "/result/item[2]/code")
	p.Shot("scenario")
	// Filters are in the address; the counts on top lead there.
	browsertest.Read[bool](p, "document.querySelector('.counts a.failed').click() || true")
	p.Sees("#shown", "2 of 8 scenarios")
	browsertest.Read[bool](p, "document.activeElement.blur() || true")
	p.Press("/")
	p.Wait("document.activeElement.id === 'search'")
	p.Fill("#search", "link")
	p.Sees("#shown", "1 of 8 scenarios")
	p.Wait("location.hash.includes('q=link') && location.hash.includes('status=failed')")
	address := browsertest.Read[string](p, "location.href")
	other := browsertest.Open(t, started, address)
	other.Sees("#shown", "1 of 8 scenarios")
	other.Sees(".scenario .headline", "expected an element, found absent")
	if outside := browsertest.Read[int](p, "performance.getEntriesByType('resource').length"); outside > 0 {
		t.Errorf("the page loads %d other files", outside)
	}
	browsertest.Read[bool](p, "document.querySelectorAll('details').forEach((d) => { d.open = true; }) || true")
	p.Wait("document.querySelectorAll('.code').length > 4")
	for _, theme := range []string{"light", "dark"} {
		p.Prefers("prefers-color-scheme: " + theme)
		if wrong := p.Accessible(); wrong != "" {
			t.Errorf("%s: %s", theme, wrong)
		}
		p.Shot(theme)
	}
	p.Phone(360, 740)
	if wide := p.Overflows(); wide > 0 {
		t.Errorf("the page is %d too wide for a phone", wide)
	}
	if wrong := p.Accessible(); wrong != "" {
		t.Errorf("phone: %s", wrong)
	}
	p.Shot("phone")
}

// Hundreds of causes are a few kinds; a cause with hundreds of deviations names the
// first and gives the others when asked.
func htmlCauses(t *testing.T, started context.Context) {
	p := openReport(t, started, stub(40, 30), "")
	p.Sees("#deviations", "1,200 deviations, 40 causes")
	p.Wait("document.querySelectorAll('.family').length === 2 && !document.querySelector('.family[open]')")
	p.Sees(".family summary", "Accepts what must be refused")
	p.Sees(".family summary", "600 deviations · 20 causes · 20 operations")
	p.Click("#open-all")
	p.Wait("document.querySelectorAll('.family[open]').length === 2")
	p.Click("#open-all")
	p.Fill("#search-causes", "operation7 missing")
	p.Sees("#causes-shown", "1 of 40 causes")
	p.Wait("[...document.querySelectorAll('.group')].filter((g) => g.checkVisibility()).length === 1")
	p.Fill("#search-causes", "")
	p.Wait("!document.querySelector('.family[open]')")
	p.Hash("#cause-1")
	p.Wait("document.querySelector('#cause-1').checkVisibility() && document.querySelector('#cause-1').open")
	p.Click("#cause-1 .more button")
	p.Wait("document.querySelectorAll('#cause-1 .places a').length === 30")
	p.Shot("causes")
}

func htmlShowsHostileText(t *testing.T, started context.Context) {
	p := openReport(t, started, poisoned(), "")
	p.Wait("document.querySelectorAll('#rows details').length > 0")
	browsertest.Read[bool](p, "document.querySelectorAll('details').forEach((d) => { d.open = true; }) || true")
	p.Wait("document.querySelectorAll('.code').length > 2")
	if browsertest.Read[bool](p, "Boolean(document.querySelector('main script, main img, main iframe, main [onerror], main [onload], main a[href^=\"javascript:\" i]'))") {
		t.Error("what was reported became part of the page")
	}
	if seen := browsertest.Read[string](p, "document.body.innerText + document.title + [...document.querySelectorAll('[title], [aria-label]')].map((n) => n.title + n.getAttribute('aria-label')).join(' ')"); strings.ContainsAny(seen, "\u202e\u2028\x1b\x00") {
		t.Error("a control character is shown as it is")
	}
}

// Ten thousand steps: what is not looked at is not built.
func htmlOfManySteps(t *testing.T, started context.Context) {
	p := openReport(t, started, large(2000, 5), "")
	p.Sees("#shown", "2,008 of 2,008 scenarios")
	if n := browsertest.Read[int](p, "document.querySelectorAll('#rows > details').length"); n > 400 {
		t.Errorf("%d scenarios are built before anybody looks", n)
	}
	t.Logf("opened in %.0f ms, %d nodes", browsertest.Read[float64](p, "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"), browsertest.Read[int](p, "document.querySelectorAll('*').length"))
	last := browsertest.Read[string](p, "JSON.parse(document.querySelector('#index').textContent).scenarios.at(-1).id")
	p.Hash("#scenario=" + last)
	p.Wait("[...document.querySelectorAll('#rows > details')].at(-1)?.open")
	p.Wait("document.querySelectorAll('#rows > details:last-of-type .step').length === 5")
	p.Fill("#search", last)
	p.Sees("#shown", "of 2,008 scenarios")
	p.Wait("document.querySelectorAll('#rows > details').length < 20")
}

// On paper the causes are open; afterwards everything is as it was.
func htmlOnPaper(t *testing.T, started context.Context) {
	p := openReport(t, started, stub(40, 3), "")
	p.Wait("document.querySelectorAll('.family').length === 2")
	browsertest.Read[bool](p, "dispatchEvent(new Event('beforeprint'))")
	p.Wait("document.querySelectorAll('.family[open]').length === 2 && document.querySelectorAll('.group[open]').length === 20 && !document.querySelector('.evidence *')")
	browsertest.Read[bool](p, "dispatchEvent(new Event('afterprint'))")
	p.Wait("!document.querySelector('.family[open], .group[open]')")
}

// stub is the report of a server that gives the same answer to everything: half of
// the causes are refusals that did not come, half are members that are missing.
func stub(causes, each int) *reports.Report {
	r := sample()
	r.Scenarios, r.Deviations = nil, nil
	for c := range causes {
		operation := "operation" + strconv.Itoa(c/2)
		for n := range each {
			id := strconv.Itoa(c) + "-" + strconv.Itoa(n)
			d := reports.Deviation{ID: id, Scenario: "s." + id, Step: "call", Operation: operation, In: "status", Kind: "status", Expected: "400 Bad Request", Actual: "200 OK", Severity: reports.SeverityError}
			if c%2 == 1 {
				d.In, d.Path, d.Kind, d.Expected, d.Actual = "body", "/name", "missing", "string", "absent"
			}
			r.Deviations = append(r.Deviations, d)
			r.Scenarios = append(r.Scenarios, reports.Scenario{ID: d.Scenario, Title: "a case", Origin: "generated", Profile: "core", Status: reports.Failed,
				Steps: []reports.Step{{ID: "call", Operation: operation, Status: reports.Failed, Deviations: []string{id}}}})
		}
	}
	return r
}
