package admin_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/reports/design/browsertest"
	"github.com/roadworthy-project/roadworthy/specs"
)

func asList(c ...*specs.Contract) []*specs.Contract { return c }

// A person looks at the state, changes it, keeps it and brings it back.
func consoleState(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"))
	call := caller(t, web.URL)
	p := page(t, started, web, "#/state")
	p.Sees("#documents table", "sample")
	p.Click("#new-document")
	p.Fill("#edit-key", "mine")
	p.Fill("#edit-owner", "1008544")
	p.Fill("#edit-text", stored("S-1"))
	p.Wait("!document.querySelector('#edit-save').disabled")
	p.Click("#edit-save")
	p.Sees("#documents table", "mine")
	call("GET", "state/transeu/order/mine", nil, 200)

	p.Click("#snapshot")
	kept := p.Downloaded("snapshot-default.json")
	p.Click("[aria-label='Open order mine']")
	p.Fill("#edit-text", stored("S-2"))
	p.Click("#edit-save")
	p.Sees("#documents table", "S-2")
	p.Click("[aria-label='Open order mine']")
	p.Click("#edit-delete")
	p.Click("dialog:last-of-type button.danger")
	p.Wait("!document.querySelector('#documents').innerText.includes('mine')")
	call("GET", "state/transeu/order/mine", nil, 404)

	file := filepath.Join(t.TempDir(), "kept.json")
	if err := os.WriteFile(file, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	p.Do(chromedp.SetUploadFiles(chromedp.CSS("#restore-file"), []string{file}))
	p.Sees("#documents table", "S-1")
	p.Shot("restored")

	p.Fill("#state-name", "order")
	p.Click("#state-setup")
	p.Sees("#state-answer", "orderId")
	p.Click("#seed")
	p.Click("dialog button.primary")
	p.Wait("!document.querySelector('#documents').innerText.includes('mine')")

	// Another session has a state of its own.
	p.Fill("#session", "private")
	p.Sees("h2", "State of session private")
	p.Click("#reset")
	p.Click("dialog button.danger")
	p.Sees("#said", "as at the start")
}

// The editor says what the contract says of the thing, at the line, as it is written.
func consoleEditor(t *testing.T, started context.Context) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	call := caller(t, web.URL)
	p := page(t, started, web, "#/state/order?contract=transeu")
	p.Click("#new-document")
	p.Sees("dialog details", "response 200 of getOrder")
	p.Fill("#edit-key", "mine")
	p.Fill("#edit-owner", "1008544")
	p.Fill("#edit-text", "{\n\"number\": ")
	p.Sees("#edit-wrong", "this is not JSON")
	p.Wait("document.querySelector('#edit-save').disabled && document.querySelector('#edit-force').hidden")
	p.Fill("#edit-text", "{\n \"id\": \"nope\",\n \"number\": 5\n}")
	p.Sees("#edit-wrong", "3 findings against the contract")
	p.Sees("#edit-wrong", "expected a uuid")
	p.Wait("[...document.querySelectorAll('.rule b')].map((b) => b.textContent.trim()).join() === '1,2,3'")
	p.Shot("wrong")
	// A finding leads to its line.
	browsertest.Read[bool](p, "[...document.querySelectorAll('#edit-wrong button')].find((b) => b.textContent === 'Line 3').click() || true")
	p.Wait("(() => { const f = document.querySelector('#edit-text'); return f.value.slice(f.selectionStart, f.selectionEnd) === ' \"number\": 5'; })()")
	if !browsertest.Read[bool](p, "document.querySelector('#edit-save').disabled") {
		t.Error("a document that breaks the contract can be saved without being asked for")
	}
	p.Click("#edit-force")
	p.Sees("#documents table", "mine")
	call("GET", "state/transeu/order/mine", nil, 200)

	// What the store refuses is said beside the field.
	call("PUT", "state/transeu/order/good?owner=1008544", stored("S-1"), 201)
	p.Click("#new-document")
	p.Fill("#edit-key", "other")
	p.Fill("#edit-owner", "1008544")
	p.Fill("#edit-text", stored("S-1"))
	p.Sees("#edit-wrong", "Fits what the contract says")
	p.Click("#edit-save")
	p.Sees("#edit-wrong", "unique")
	// Leaving asks for what would be lost; the focus goes back.
	p.Press("\x1b")
	p.Sees("dialog:last-of-type", "Leave without saving?")
	p.Click("dialog:last-of-type button:last-of-type")
	p.Wait("document.querySelectorAll('dialog[open]').length === 1")
	p.Press("\x1b")
	p.Click("dialog:last-of-type button.danger")
	p.Wait("!document.querySelector('dialog[open]') && document.activeElement.id === 'new-document'")

	// An XML contract: the parts that callers send are judged by their XSD.
	p.Hash("#/state/order/DEMO000001?contract=otms")
	p.Sees("dialog", "behaviour.yaml")
	p.Fill("#edit-text", `{"orderNumber": "DEMO000001", "status": "RELEASED", "lineHaul": "912.115",`+"\n"+`"content": {"transportMode": {"transportType": "BOAT"}}}`)
	p.Sees("#edit-wrong", "/content/transportMode/transportType")
	p.Sees("#edit-wrong", "/lineHaul")
	p.Wait("[...document.querySelectorAll('.rule b')].map((b) => b.textContent.trim()).join() === '1,2'")
}

// Of very many documents a page shows, and what is looked for.
func consoleManyDocuments(t *testing.T, started context.Context) {
	folder := t.TempDir()
	const many = 2000
	if err := os.MkdirAll(filepath.Join(folder, "transeu", "order"), 0o755); err != nil {
		t.Fatal(err)
	}
	for n := range many {
		if err := os.WriteFile(filepath.Join(folder, "transeu", "order", fmt.Sprintf("k%04d.json", n)), []byte(stored(fmt.Sprintf("M-%04d", n))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, web := start(t, mockserver.Options{Seed: folder}, open(t, "transeu"))
	p := page(t, started, web, "#/state")
	p.Sees("#documents", "1 to 50 of 2,000 documents")
	if n := browsertest.Read[int](p, "document.querySelectorAll('#documents tbody tr').length"); n != 50 {
		t.Errorf("%d rows exist, expected those of a page", n)
	}
	first := browsertest.Read[string](p, "document.querySelector('#documents tbody a').textContent")
	p.Click("#later")
	p.Sees("#documents", "51 to 100 of 2,000 documents")
	if again := browsertest.Read[string](p, "document.querySelector('#documents tbody a').textContent"); strings.EqualFold(first, again) {
		t.Error("the second page begins like the first")
	}
	p.Press("/")
	p.Fill("#search-documents", "M-1234")
	p.Sees("#documents", "1 document")
	p.Sees("#documents table", "k1234")
	p.Fill("#search-documents", "nothing of that")
	p.Sees("#documents", "No order holds")
}
