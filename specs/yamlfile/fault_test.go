package yamlfile

import (
	"strings"
	"testing"
)

// What is wrong is told where it stands, with what stands there and what to do.
func TestPlacesOfSyntaxErrors(t *testing.T) {
	const good = "a: 1\nb:\n  - c: {d: \"e\", f: [1, 2]}\n    g: h\n  - i: j\nk: l\n"
	for _, tc := range []struct{ name, from, to, want string }{
		{"a tab", "    g: h", "\tg: h", `f.yaml:4:1: not valid YAML: found character that cannot start any token, found "\tg: h" (indent with spaces)`},
		{"less indent", "    g: h", "   g: h", `f.yaml:4:4: not valid YAML: did not find expected '-' indicator, found "g: h" (begin`},
		{"more indent", "k: l", " k: l", `f.yaml:6:2: not valid YAML: did not find expected key, found "k: l" (indent the line`},
		{"an unknown anchor", "i: j", "i: *nope # *nope", `f.yaml:5:8: not valid YAML: unknown anchor 'nope' referenced, found "*nope # *nope" (name the place`},
		{"an unknown anchor in braces", "f: [1", "f: [*no, 1", `f.yaml:3:21: not valid YAML: unknown anchor 'no' referenced, found "*no, 1, 2]}"`},
		{"Latin-1", "g: h", "g: \xe4h", `f.yaml:4:8: not valid YAML: expected text, found the byte 0xE4 is no UTF-8 (save`},
		{"a zero byte", "g: h", "g: äö\x00", `f.yaml:4:10: not valid YAML: expected text, found the control character U+0000 (take`},
		{"an open brace", "]}", "]", `f.yaml:3:8: not valid YAML: did not find expected ',' or '}', found "{d: \"e\", f: [1, 2]" (close`},
		{"a brace too many", "]}", "]}}", `f.yaml:3:27: not valid YAML: did not find expected key, found "}" (take it out`},
		{"an open quote", `"e"`, `"e`, `f.yaml:3:8: not valid YAML: found unexpected end of stream, found "{d: \"e, f: [1, 2]}" (close the quote)`},
		{"a quote open at the end", "k: l", `k: "l`, `f.yaml:6:4: not valid YAML: found unexpected end of stream, found "\"l" (close the quote`},
		{"a colon in a text", "i: j", "i: j: k", `f.yaml:5:9: not valid YAML: mapping values are not allowed in this context, found ": k" (quote`},
		{"a special character", "i: j", "i: @j", `f.yaml:5:8: not valid YAML: found character that cannot start any token, found "@j" (indent`},
		{"no colon", "k: l", "k l", `f.yaml:6:1: not valid YAML: could not find expected ':', found "k l" (write key: value`},
		{"in the second document", "k: l", "k: l\n---\nm: {n", `f.yaml:8:4: not valid YAML: did not find expected ',' or '}', found "{n" (close`},
		{"in the first line", "a: 1", "a: [1", `f.yaml:1:4: not valid YAML: did not find expected ',' or ']', found "[1" (close`},
	} {
		src := strings.Replace(good, tc.from, tc.to, 1)
		if src == good {
			t.Fatalf("%s: %q is not in the text", tc.name, tc.from)
		}
		_, problems := ParseAll("f.yaml", []byte(src))
		if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), tc.want) {
			t.Errorf("%s: expected %s…, found %v", tc.name, tc.want, problems)
		}
	}
	if _, problems := ParseAll("f.yaml", []byte(good)); len(problems) > 0 {
		t.Fatal(problems)
	}
}

// A large broken file is refused soon: the search for the place has an end.
func TestSearchForAPlaceEnds(t *testing.T) {
	src := "a: {\n" + strings.Repeat("  b: [1, 2],\n", 100_000)
	_, problems := ParseAll("f.yaml", []byte(src))
	if len(problems) != 1 || problems[0].Line == 0 {
		t.Errorf("expected one problem with a line, found %v", problems)
	}
}
