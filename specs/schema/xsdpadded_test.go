package schema

import "testing"

// White space around a number or a date is no fault, whatever the type.
func TestWhiteSpaceAroundValues(t *testing.T) {
	for _, tc := range []struct {
		typ, value string
		want       bool
	}{
		{"int", "3", true}, {"int", " 3\n", true}, {"int", " three ", false}, {"int", " 2147483648 ", false}, {"int", " ", false},
		{"long", "\t-7 ", true}, {"short", " 40000 ", false}, {"integer", " 3 ", true}, {"boolean", " true ", true},
		{"date", " 2026-01-15 ", true}, {"date", " 2026-13-15 ", false}, {"dateTime", "\n2026-01-15T10:00:00+01:00\n", true},
		{"time", " 10:00:00 ", true}, {"time", " 10 ", false},
	} {
		x, err := CompileXSD("a.xsd", []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:sequence>`+
			`<xs:element name="v" type="xs:`+tc.typ+`"/></xs:sequence></xs:complexType></xs:element></xs:schema>`))
		if err != nil {
			t.Fatal(err)
		}
		_, violations, err := forRoot(t, x, "a").Judge([]byte("<a><v>"+tc.value+"</v></a>"), "")
		if err != nil {
			t.Fatal(err)
		}
		if valid := len(violations) == 0; valid != tc.want {
			t.Errorf("%s %q: valid is %v: %v", tc.typ, tc.value, valid, violations)
		}
	}
}
