// Package browsertest is a person in front of a headless browser, for the tests of
// pages: one browser for many tests, a tab without a past for each.
//
// Whatever a page throws, and whatever its own policy refuses, fails the test that
// opened it. Pictures are artefacts of the test, or go to the folder that the
// environment variable ROADWORTHY_SCREENSHOTS names.
package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
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
)

// Chromium is where the distribution's package puts it.
const Chromium = "/usr/bin/chromium"

// Screenshots names a folder for the pictures.
const Screenshots = "ROADWORTHY_SCREENSHOTS"

// patience is how long a person waits for what must come.
const patience = 30 * time.Second

// Start starts a browser without anything from earlier; it ends with the test.
func Start(t *testing.T) context.Context {
	t.Helper()
	if _, err := os.Stat(Chromium); err != nil {
		t.Fatalf("pages are tested in a real browser, and %s is not there: install the package chromium (make test does)", Chromium)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(Chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 860))
	deadline, cancelDeadline := context.WithCancel(context.Background())
	if end, ok := t.Deadline(); ok {
		// Before the tests are ended, so that the browser does not stay behind.
		deadline, cancelDeadline = context.WithDeadline(deadline, end.Add(-10*time.Second))
	}
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

// Tab is a page in the browser, with what a person can do there.
type Tab struct {
	t         *testing.T
	ctx       context.Context
	downloads string

	mu      sync.Mutex
	wrong   []string
	strange bool // it shows somebody else's page now
}

// Open opens an address as a new person.
func Open(t *testing.T, started context.Context, url string) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(started, chromedp.WithNewBrowserContext())
	p := &Tab{t: t, ctx: ctx, downloads: t.TempDir()}
	t.Cleanup(func() {
		cancel()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, w := range p.wrong {
			t.Errorf("the page: %s", w)
		}
	})
	p.Size(1280, 860)
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: chromedp.FromContext(ctx).BrowserContextID, DownloadPath: p.downloads}); err != nil {
		t.Fatal(err)
	}
	p.Go(url)
	return p
}

func (p *Tab) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.strange {
		return
	}
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.wrong = append(p.wrong, fmt.Sprintf("exception: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			p.wrong = append(p.wrong, fmt.Sprintf("%s: %s", e.Entry.Source, e.Entry.Text))
		}
	}
}

// Do runs steps of chromedp.
func (p *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// Go opens an address in the tab.
func (p *Tab) Go(url string) {
	p.t.Helper()
	p.Do(chromedp.Navigate(url))
}

// GoElsewhere opens a page whose failures are its own affair.
func (p *Tab) GoElsewhere(url string) {
	p.t.Helper()
	p.mu.Lock()
	p.strange = true
	p.mu.Unlock()
	p.Go(url)
}

// Hash goes to another place in the page.
func (p *Tab) Hash(to string) {
	p.t.Helper()
	Read[string](p, "location.hash = "+Quoted(to))
}

// Size gives the window another size.
func (p *Tab) Size(width, height int64) {
	p.t.Helper()
	p.Do(chromedp.EmulateViewport(width, height))
}

// Phone makes a phone of the browser.
func (p *Tab) Phone(width, height int64) {
	p.t.Helper()
	p.Do(chromedp.EmulateViewport(width, height, chromedp.EmulateMobile))
}

// Prefers sets what the reader's system asks pages for: "prefers-color-scheme:
// dark", "forced-colors: active", "prefers-reduced-motion: reduce".
func (p *Tab) Prefers(features ...string) {
	p.t.Helper()
	var all []*emulation.MediaFeature
	for _, f := range features {
		name, value, _ := strings.Cut(f, ":")
		all = append(all, &emulation.MediaFeature{Name: name, Value: strings.TrimSpace(value)})
	}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: all}); err != nil {
		p.t.Fatal(err)
	}
}

// Read evaluates an expression of the page.
func Read[T any](p *Tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// Wait waits until an expression of the page holds.
func (p *Tab) Wait(expression string) {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && ok {
			return
		}
	}
	p.Shot("failed")
	p.t.Fatalf("waited in vain for %s; the page says %.1500q", expression, Read[string](p, "document.body.innerText"))
}

// Sees waits for a text that a person can see in an element.
func (p *Tab) Sees(css, text string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("[...document.querySelectorAll(%s)].some((n) => n.innerText.includes(%s))", Quoted(css), Quoted(text)))
}

// Quoted writes a text for a script.
func Quoted(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

// Click presses the mouse on what a person would click, as soon as it is there.
func (p *Tab) Click(css string) {
	p.t.Helper()
	p.Wait("document.querySelector(" + Quoted(css) + ")?.checkVisibility()")
	p.Do(chromedp.Click(chromedp.CSS(css)))
}

// Press sends keys to whatever has the focus.
func (p *Tab) Press(keys string) {
	p.t.Helper()
	p.Do(chromedp.KeyEvent(keys))
}

// Fill replaces the text of a field, as typing would.
func (p *Tab) Fill(css, text string) {
	p.t.Helper()
	p.Wait("document.querySelector(" + Quoted(css) + ")")
	Read[bool](p, fmt.Sprintf(`(() => { const f = document.querySelector(%s); f.focus(); f.value = %s;
		f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true})); return true; })()`, Quoted(css), Quoted(text)))
}

// Shot keeps a picture of the page.
func (p *Tab) Shot(name string) {
	p.t.Helper()
	folder := os.Getenv(Screenshots)
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

// Downloaded waits for a file that the page saved.
func (p *Tab) Downloaded(pattern string) []byte {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
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
