package xmlsafe

import (
	"strings"
	"testing"
)

func TestSelfCheckFindsNothing(t *testing.T) {
	for _, failure := range SelfCheck() {
		t.Error(failure)
	}
}

func TestEveryDangerIsGuardedAgainst(t *testing.T) {
	schema := compile(t, selfCheckSchema)
	names := map[string]bool{}
	for _, d := range dangers() {
		t.Run(d.name, func(t *testing.T) {
			if problem := d.run(schema); problem != "" {
				t.Errorf("%s (%s)", problem, d.why)
			}
		})
		if names[d.name] {
			t.Errorf("two dangers are called %q", d.name)
		}
		names[d.name] = true
	}
}

// The check itself must be able to fail.
func TestADangerThatComesOutWrongIsSaid(t *testing.T) {
	schema := compile(t, selfCheckSchema)
	for _, c := range []struct {
		d    danger
		want string
	}{
		{danger{body: []byte("<r/>"), refused: "DTD"}, "it was read"},
		{danger{body: []byte("<r>"), refused: "DTD"}, "it was refused with"},
		{danger{body: []byte("<r>")}, "malformed"},
		{danger{body: []byte("<r><n>x</n></r>")}, "issues [1824], expected []"},
		{danger{body: []byte("<r><t>a</t></r>"), text: "b"}, "the text is not"},
	} {
		if got := c.d.run(schema); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.d.body, got, c.want)
		}
	}
}

func compile(t testing.TB, source string) *Schema {
	t.Helper()
	s, err := Compile("test.xsd", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
