package schema

import (
	"strings"
	"testing"
)

// BenchmarkXSDJudge is what one order costs: decode, scan, parse, validate, tree
// and, where it is wrong, every violation.
func BenchmarkXSDJudge(b *testing.B) {
	v := forRoot(b, ordersXSD(b), "orderRequest")
	for _, c := range []struct {
		name, body string
		violations int
	}{
		{"valid", request(wholeOrder), 0},
		{"one wrong value", request(strings.Replace(wholeOrder, "NEW", "BAD", 1)), 1},
		{"an extra and a fault", request(strings.Replace(wholeOrder, "<status>NEW", "<extra/><status>BAD", 1)), 2},
	} {
		b.Run(c.name, func(b *testing.B) {
			body := []byte(c.body)
			b.ReportAllocs()
			for b.Loop() {
				if _, found, err := v.Judge(body, ""); err != nil || len(found) != c.violations {
					b.Fatal(err, found)
				}
			}
		})
	}
}
