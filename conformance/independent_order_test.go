package conformance_test

import (
	"net/http"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
)

// Where a contract's XSD is a sequence, the order of elements is judged, whatever the
// indentation and the quotes are.
func TestOrderOfElements(t *testing.T) {
	const right = "<?xml version='1.0'?>\n<waybill>\n\t<number>W1</number>\n\t<pieces> 3 </pieces><!-- so -->\n\t<sender>A &amp; Söhne</sender>\n\t<receiver><![CDATA[B]]></receiver>\n</waybill>\n"
	for _, tc := range []struct {
		name, body, path, kind string
		reason                 string
	}{
		{"another style", right, "", "", "remarks, line breaks and CDATA mean nothing"},
		{"two elements swapped", "<waybill><number>W1</number><pieces>3</pieces><receiver>B</receiver><sender>A</sender></waybill>", "/waybill/receiver", "order", "the XSD has a sequence"},
		{"text for a number", "<waybill><number>W1</number><pieces>three</pieces><sender>A</sender><receiver>B</receiver></waybill>", "/waybill/pieces", "type", "pieces is an int"},
		{"one missing", "<waybill><number>W1</number><pieces>3</pieces><sender>A</sender></waybill>", "/waybill/receiver", "missing", "every element is required"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := run(t, conformance.Config{Contract: open(t, "testdata/waybills"), Target: serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet {
					w.WriteHeader(http.StatusMethodNotAllowed)
					return
				}
				w.Header().Set("Content-Type", "application/xml; charset=UTF-8")
				_, _ = w.Write([]byte(tc.body))
			}))})
			if tc.kind == "" {
				if r.Verdict != reports.Conformant {
					tell(t, r, 5)
					t.Errorf("verdict %s: %s", r.Verdict, tc.reason)
				}
				return
			}
			for _, d := range r.Deviations {
				if r.Verdict == reports.NonConformant && d.Path == tc.path && d.Kind == tc.kind && d.Severity == reports.SeverityError {
					return
				}
			}
			tell(t, r, 5)
			t.Errorf("no deviation %s %s: %s", tc.path, tc.kind, tc.reason)
		})
	}
}
