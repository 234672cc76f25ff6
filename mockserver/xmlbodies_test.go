package mockserver_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/roadworthy-project/roadworthy/mockserver"
)

// A valid body, one of a wrong type, one with a missing field and a malformed one
// are told apart, for each of the fully documented XML operations: accepted, refused
// with the path of the element (twice), refused as malformed. The judge says the same
// of the same bytes, which is what the validate command prints.
func TestFourXMLBodies(t *testing.T) {
	c := open(t, "otms")
	_, web := start(t, mockserver.Options{}, c)
	for _, one := range []struct {
		operation, name, body string
		accepted              string // in the answer to a valid body
		refused               string // the path in the answer to another
	}{
		{operation: "orderLink", name: "valid", accepted: "<code>7001</code>",
			body: `<orderLinkRequest version="0.1"><orders><order sequence="1"><orderNumber>AXDHBMAV009887</orderNumber><userType>Shipper</userType></order></orders></orderLinkRequest>`},
		{operation: "orderLink", name: "wrong type", refused: "/orderLinkRequest/orders/order[1]/@sequence",
			body: `<orderLinkRequest version="0.1"><orders><order sequence="one"><orderNumber>AXDHBMAV009887</orderNumber></order></orders></orderLinkRequest>`},
		{operation: "orderLink", name: "missing", refused: "/orderLinkRequest/orders", body: `<orderLinkRequest version="0.1"/>`},
		{operation: "orderLink", name: "malformed", refused: "<kind>malformed</kind>", body: `<orderLinkRequest version="0.1"><orders></orderLinkRequest>`},

		{operation: "orderRevenue", name: "valid", accepted: "<updateStatus>UPDATED</updateStatus>",
			body: `<orderRevenueUpdateRequest version="0.1"><orders><order sequence="1"><orderNumber>YLDFCNYP000264</orderNumber><lineHaul>912.11</lineHaul></order></orders></orderRevenueUpdateRequest>`},
		{operation: "orderRevenue", name: "wrong type", refused: "/orderRevenueUpdateRequest/orders/order[1]/lineHaul",
			body: `<orderRevenueUpdateRequest version="0.1"><orders><order sequence="1"><orderNumber>YLDFCNYP000264</orderNumber><lineHaul>much</lineHaul></order></orders></orderRevenueUpdateRequest>`},
		{operation: "orderRevenue", name: "missing", refused: "/orderRevenueUpdateRequest/orders", body: `<orderRevenueUpdateRequest version="0.1"/>`},
		{operation: "orderRevenue", name: "malformed", refused: "<kind>malformed</kind>", body: `<orderRevenueUpdateRequest version="0.1"><orders><order>`},

		{operation: "shipPointRemove", name: "valid", accepted: "<importStatus>REMOVED</importStatus>",
			body: `<shipPointRemoveRequest version="0.1"><shipPoints><shipPoint sequence="1"><clientReferenceNumber>sh00105001</clientReferenceNumber><type>0</type></shipPoint></shipPoints></shipPointRemoveRequest>`},
		{operation: "shipPointRemove", name: "wrong type", refused: "/shipPointRemoveRequest/shipPoints/shipPoint[1]/type",
			body: `<shipPointRemoveRequest version="0.1"><shipPoints><shipPoint sequence="1"><clientReferenceNumber>sh00105001</clientReferenceNumber><type>9</type></shipPoint></shipPoints></shipPointRemoveRequest>`},
		{operation: "shipPointRemove", name: "missing", refused: "/shipPointRemoveRequest/shipPoints", body: `<shipPointRemoveRequest version="0.1"/>`},
		{operation: "shipPointRemove", name: "malformed", refused: "<kind>malformed</kind>", body: `<shipPointRemoveRequest version="0.1"><shipPoints></shipPointRemoveRequest>`},
	} {
		t.Run(one.operation+"/"+one.name, func(t *testing.T) {
			op := c.Operation(one.operation)
			r := request(t, op.Method, web.URL+c.BasePath+op.Path, []byte(one.body))
			r.Header.Set("Content-Type", "application/xml")
			r.SetBasicAuth("demo", "demo")
			_, answer := send(t, r)
			_, violations := op.RequestBody.For("application/xml").Judge([]byte(one.body), "")
			if one.accepted != "" {
				if !bytes.Contains(answer, []byte(one.accepted)) || len(violations) != 0 {
					t.Errorf("expected %s and no violations, found %s and %v", one.accepted, answer, violations)
				}
				return
			}
			if !bytes.Contains(answer, []byte(one.refused)) || bytes.Contains(answer, []byte("SUCCEED")) || bytes.Contains(answer, []byte("UPDATED<")) || bytes.Contains(answer, []byte("REMOVED<")) {
				t.Errorf("expected a refusal that says %s, found %s", one.refused, answer)
			}
			if len(violations) == 0 || one.name == "malformed" && violations[0].Kind != "malformed" || one.name != "malformed" && !bytes.Contains(answer, []byte(violations[0].Path)) {
				t.Errorf("expected the judge to name what the mock names, found %v and %s", violations, answer)
			}
		})
	}
}

// Text that is not ASCII arrives whole, in every encoding that a caller may declare.
func TestXMLEncodings(t *testing.T) {
	c := open(t, "otms")
	_, web := start(t, mockserver.Options{}, c)
	const number = "订单-没有"
	document := func(encoding string) string {
		return `<?xml version="1.0" encoding="` + encoding + `"?><orderRevenueUpdateRequest version="0.1"><orders><order sequence="1"><orderNumber>` +
			number + `</orderNumber><lineHaul>1.00</lineHaul></order></orders></orderRevenueUpdateRequest>`
	}
	chinese := func(encoding string) []byte {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(document(encoding))
		if err != nil {
			t.Fatal(err)
		}
		return []byte(out)
	}
	wide := func(order binary.AppendByteOrder) []byte {
		out := order.AppendUint16(nil, 0xFEFF)
		for _, unit := range utf16.Encode([]rune(document("UTF-16"))) {
			out = order.AppendUint16(out, unit)
		}
		return out
	}
	for name, body := range map[string][]byte{
		"UTF-8": []byte(document("UTF-8")), "GB18030": chinese("GB18030"), "GBK": chinese("GBK"), "GB2312": chinese("GB2312"),
		"UTF-16, low byte first": wide(binary.LittleEndian), "UTF-16, high byte first": wide(binary.BigEndian),
	} {
		t.Run(name, func(t *testing.T) {
			r := request(t, "POST", web.URL+"/ws/orderRevenue", body)
			r.Header.Set("Content-Type", "application/xml")
			r.SetBasicAuth("demo", "demo")
			resp, answer := send(t, r)
			if resp.StatusCode != 200 || !strings.Contains(string(answer), "<orderNumber>"+number+"</orderNumber>") {
				t.Errorf("expected 200 and the number %s, found %d %s", number, resp.StatusCode, answer)
			}
		})
	}
}
