package admin_test

import (
	"context"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/reports/design/browsertest"
)

// A person reads the contract and sends its examples.
func consoleContract(t *testing.T, started context.Context) {
	s, web := start(t, mockserver.Options{}, open(t, "transeu"), open(t, "otms"))
	p := page(t, started, web, "#/contract/addShippingOrder")
	for _, one := range []struct{ css, text string }{
		{"[aria-label=Examples]", "documented"}, {"[aria-label=Schemas]", "application/"}, {"[aria-label=Rules]", "duplicate"},
		{"[aria-label=Requirements]", "MUST"}, {"[aria-label=Errata]", "TE-E"},
	} {
		p.Sees(one.css, one.text)
	}
	browsertest.Read[bool](p, "document.querySelectorAll('[aria-label=Examples] summary, [aria-label=Errata] summary, [aria-label=Schemas] summary').forEach((s) => s.click()) || true")
	p.Sees("[aria-label=Examples] .tree .name", "number")
	p.Sees("[aria-label=Schemas] .tree", "required")
	p.Sees("[aria-label=Errata] blockquote", " ")
	p.Click("#try-send")
	p.Sees("#try-result h2", "201")
	p.Shot("tried")
	p.Fill("#try-identity", "none")
	p.Click("#try-send")
	p.Sees("#try-result", "unauthenticated")
	p.Fill("#try-example", "generated")
	p.Fill("#try-identity", "default")
	p.Click("#try-send")
	p.Wait("/201|409|422/.test(document.querySelector('#try-result h2')?.innerText)")
	// What was edited is what is sent.
	p.Fill("#try-body", `{"number":"","edited":true}`)
	p.Click("#try-send")
	p.Sees("#try-result h2", "422")
	p.Sees("#try-result [data-message=Request]", `"edited"`)
	// Parameters have fields of their own, filled with the example.
	p.Hash("#/contract/getOrder")
	p.Wait("document.querySelector(\"[data-param='path order-id']\")?.value.length > 10")
	p.Fill("[data-param='path order-id']", "nothing")
	p.Click("#try-send")
	p.Sees("#try-result h2", "/orders/nothing")

	p.Hash("#/contract/orderLink") // of another contract: the address leads there
	p.Sees("h2", "/ws/orderLink")
	p.Fill("#search-operations", "jobsheet")
	p.Wait("[...document.querySelectorAll('.master nav a')].filter((a) => a.checkVisibility()).every((a) => /jobSheet|Overview/.test(a.textContent))")
	p.Fill("#try-example", "corrected")
	p.Click("#try-send")
	p.Sees("#try-result h2", "200")
	p.Sees("#try-result .tree .name", "orderLinkResponse")
	p.Hash("#/contract?contract=otms")
	p.Sees("[aria-label=Contract]", "Sources")
	p.Sees("[aria-label=Contract] a[rel~=noopener]", "https://")
	if armed, err := s.Faults().List(); err != nil || len(armed) > 0 {
		t.Error("reading the contract armed something")
	}
}
