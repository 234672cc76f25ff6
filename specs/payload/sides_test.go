package payload

import "testing"

// A finding says once what was expected and once what was found.
func TestSidesOfASyntaxError(t *testing.T) {
	for _, tc := range []struct{ body, expected, found string }{
		{`{"a": 1`, "JSON: ',' or '}' after a member", "the end of the body"},
		{`{"a": tru}`, "a JSON value", "a word that begins with 't' and is not true"},
		{`{"a, found b" 1}`, `JSON: ':' after the member name "a, found b"`, "'1'"},
		{`{"a": 1, "a": 2}`, "JSON", "member /a occurs twice"},
	} {
		_, err := ParseJSON([]byte(tc.body), JSONLimits{})
		syntax, is := err.(*SyntaxError)
		if !is {
			t.Fatalf("%s: %v", tc.body, err)
		}
		if expected, found := syntax.Sides(); expected != tc.expected || found != tc.found {
			t.Errorf("%s: expected %q, found %q; wanted %q and %q", tc.body, expected, found, tc.expected, tc.found)
		}
	}
}
