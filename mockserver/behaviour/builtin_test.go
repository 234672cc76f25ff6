package behaviour_test

import (
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/specs"
)

// The behaviour of every built-in contract compiles: a rule with a typing error
// would otherwise show only in the request that meets it.
func TestBuiltInContractsCompile(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			c, err := specs.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range behaviour.Check(c) {
				t.Error(p)
			}
		})
	}
}
