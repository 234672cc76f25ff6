package scenarios_test

import (
	"testing"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
)

func TestBuiltInScenarios(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			c, err := specs.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			list, err := scenarios.For(c)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				t.Fatal("no scenarios")
			}
			t.Logf("%d scenarios", len(list))
		})
	}
}
