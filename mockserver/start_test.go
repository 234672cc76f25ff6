package mockserver_test

import (
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs"
)

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		begun := time.Now()
		var contracts []*specs.Contract
		for _, name := range specs.BuiltIn() {
			contracts = append(contracts, open(b, name))
		}
		opened := time.Since(begun)
		if _, err := mockserver.New(contracts, mockserver.Options{}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(opened.Milliseconds()), "open-ms")
		b.ReportMetric(float64(time.Since(begun)-opened)/1e6, "compile-ms")
	}
}
