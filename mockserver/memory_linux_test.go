package mockserver

import (
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
)

// A program that gave its pages back must go on as before.
func TestReleaseProgramHarmsNothing(t *testing.T) {
	for range 3 {
		releaseProgram()
		for _, name := range specs.BuiltIn() {
			c, err := specs.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			s, err := New([]*specs.Contract{c}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}
