package scenarios_test

import (
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/scenarios"
)

// A "${" that is no reference can be written, and every text can be.
func TestLiteral(t *testing.T) {
	for _, one := range []struct {
		text, literal string
		refs          int
	}{
		{"plain $5", "plain $5", 0}, {"$${HOME}", "${HOME}", 0}, {"a $${b} ${unique} $${c", "a ${b}  ${c", 1}, {"${unique}${uuid}", "", 2}, {"$$${x}", "$${x}", 0}, {"", "", 0},
	} {
		parts, err := scenarios.Parts(one.text)
		if err != nil {
			t.Errorf("%q: %v", one.text, err)
			continue
		}
		var literal strings.Builder
		refs := 0
		for _, p := range parts {
			literal.WriteString(p.Text)
			if p.Ref != nil {
				refs++
			}
		}
		if literal.String() != one.literal || refs != one.refs {
			t.Errorf("%q: expected %q and %d references, found %q and %d", one.text, one.literal, one.refs, literal.String(), refs)
		}
	}
	for _, text := range []string{"${HOME}", "$${x}", "$", "${", "a$${b${", "$$$"} {
		parts, err := scenarios.Parts(scenarios.Literal(text))
		if err != nil || len(parts) != 1 || parts[0].Text != text {
			t.Errorf("%q does not come back: %v %v", text, parts, err)
		}
	}
}
