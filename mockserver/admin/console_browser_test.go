package admin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
)

// chromium is where the distribution's package puts it.
const chromium = "/usr/bin/chromium"

// screenshots names a folder for the pictures; without it they are artefacts of the test.
const screenshots = "ROADWORTHY_SCREENSHOTS"

// tab is a page in a headless browser, with what a person can do there.
type tab struct {
	t         *testing.T
	ctx       context.Context
	downloads string

	mu    sync.Mutex
	wrong []string
}

// openBrowser starts a browser without anything from earlier.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	if _, err := os.Stat(chromium); err != nil {
		t.Fatalf("the console is tested in a real browser, and %s is not there: install the package chromium (make test does)", chromium)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 860))
	deadline, cancelDeadline := context.WithTimeout(context.Background(), 5*time.Minute)
	allocator, cancelAllocator := chromedp.NewExecAllocator(deadline, options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("closing the browser: %v", err)
		}
		cancel()
		cancelAllocator()
		cancelDeadline()
	})
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// openTab opens an address as a new person. Exceptions of the page and breaches of
// its policy fail the test.
func openTab(t *testing.T, started context.Context, url string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(started, chromedp.WithNewBrowserContext())
	ctx, cancelDeadline := context.WithTimeout(ctx, time.Minute)
	p := &tab{t: t, ctx: ctx, downloads: t.TempDir()}
	t.Cleanup(func() {
		cancelDeadline()
		cancel()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, w := range p.wrong {
			t.Errorf("the page: %s", w)
		}
	})
	p.do(chromedp.EmulateViewport(1280, 860))
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: chromedp.FromContext(ctx).BrowserContextID, DownloadPath: p.downloads}); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Navigate(url))
	return p
}

func (p *tab) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.wrong = append(p.wrong, fmt.Sprintf("exception: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			p.wrong = append(p.wrong, fmt.Sprintf("%s: %s", e.Entry.Source, e.Entry.Text))
		}
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// read evaluates an expression of the page.
func read[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// wait waits until an expression of the page holds.
func (p *tab) wait(expression string) {
	p.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && ok {
			return
		}
	}
	p.shot("failed")
	p.t.Fatalf("waited in vain for %s; the page says %.1500q", expression, read[string](p, "document.body.innerText"))
}

// sees waits for a text that a person can see in an element.
func (p *tab) sees(css, text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("[...document.querySelectorAll(%s)].some((n) => n.innerText.includes(%s))", quoted(css), quoted(text)))
}

func quoted(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

// click presses the mouse on what a person would click, as soon as it is there.
func (p *tab) click(css string) {
	p.t.Helper()
	p.wait("document.querySelector(" + quoted(css) + ")?.checkVisibility()")
	p.do(chromedp.Click(chromedp.CSS(css)))
}

// press sends keys to whatever has the focus.
func (p *tab) press(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// fill replaces the text of a field, as typing would.
func (p *tab) fill(css, text string) {
	p.t.Helper()
	p.wait("document.querySelector(" + quoted(css) + ")")
	read[bool](p, fmt.Sprintf(`(() => { const f = document.querySelector(%s); f.focus(); f.value = %s;
		f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`, quoted(css), quoted(text)))
}

// shot keeps a picture of the page.
func (p *tab) shot(name string) {
	p.t.Helper()
	folder := os.Getenv(screenshots)
	if folder == "" {
		folder = p.t.ArtifactDir()
	}
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Logf("no picture of %s: %v", name, err)
		return
	}
	file := filepath.Join(folder, strings.ReplaceAll(p.t.Name(), "/", "-")+"-"+name+".png")
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		p.t.Error(err)
	}
}

// dark switches the theme that the page is asked for.
func (p *tab) dark(on bool) {
	p.t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}); err != nil {
		p.t.Fatal(err)
	}
}

// downloaded waits for a file that the page saved.
func (p *tab) downloaded(pattern string) []byte {
	p.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if found, _ := filepath.Glob(filepath.Join(p.downloads, pattern)); len(found) > 0 && !strings.HasSuffix(found[0], ".crdownload") {
			text, err := os.ReadFile(found[0])
			if err == nil && len(text) > 0 {
				return text
			}
		}
	}
	p.t.Fatalf("nothing was saved as %s", pattern)
	return nil
}

func open(t *testing.T, name string) *specs.Contract {
	t.Helper()
	c, err := specs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// start serves contracts; an internal fault in the journal fails the test.
func start(t *testing.T, opts mockserver.Options, contracts ...*specs.Contract) (*mockserver.Server, *httptest.Server) {
	t.Helper()
	opts.VerifyResponses = true
	s, err := mockserver.New(contracts, opts)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.Close()
		for _, e := range s.Journal().Entries(journal.Filter{Internal: true}) {
			t.Errorf("%s %s: %s", e.Method, e.URL, e.Internal)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, web
}

const orders = "/api/rest/v1/shipping-orders"

func order(number string) []byte {
	return []byte(`{"number":"` + number + `","route":{"events":[` +
		`{"type":"loading","place":{"address":{"locality":"Berlin","postal_code":"10115","country":"DE"}},"time_frame":{"day":"2026-03-02"}},` +
		`{"type":"unloading","place":{"address":{"locality":"Wroclaw","postal_code":"50-001","country":"PL"}},"time_frame":{"day":"2026-03-03"}}]}}`)
}

func request(t *testing.T, method, url string, body []byte) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(url, "/api/rest/") {
		r.Header.Set("Authorization", "Bearer demo")
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func send(t *testing.T, r *http.Request) (*http.Response, []byte) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 10 * time.Second}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Header.Get("Content-Type") == "text/event-stream" {
		return resp, nil
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

// caller calls the admin API and checks the status.
func caller(t *testing.T, base string) func(method, path string, body any, want int) {
	return func(method, path string, body any, want int) {
		t.Helper()
		text, _ := body.(string)
		if resp, answer := send(t, request(t, method, base+admin.Prefix+path, []byte(text))); resp.StatusCode != want {
			t.Errorf("%s %s: expected %d, found %d: %s", method, path, want, resp.StatusCode, answer)
		}
	}
}
