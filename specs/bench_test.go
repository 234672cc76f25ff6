package specs_test

import (
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
)

// The cold start of the mock: every built-in contract, opened.
func BenchmarkOpenBuiltIn(b *testing.B) {
	for _, name := range specs.BuiltIn() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				open(b, name)
			}
		})
	}
}
