package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every mistake on the command line and in its files is exit 2, before anything is
// sent, and the message says what to do: the place, what is expected, the nearest name.
func TestMistakes(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	test := func(flags ...string) []string {
		return append([]string{"test", "transeu", "--target", "http://127.0.0.1:1", "--report-dir", filepath.Join(dir, "out")}, flags...)
	}
	certify := func(name, text string) []string {
		return []string{"certify", "transeu", "--target", "http://127.0.0.1:1", "--report-dir", filepath.Join(dir, "out"), "--implementation", file(name, text)}
	}
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"tst", "transeu", "--target", "http://x"}, `unknown command "tst" (did you mean "test"?)`},
		{test("--profile", "cor"), `did you mean "core"`},
		{test("--operations", "getOrdr"), `did you mean "getOrder"`},
		{test("--only", "transeu.order.duplicate-numbr"), "fits nothing"},
		{test("--generated", "maybe"), "on off only"},
		{test("--fail-on", "errors"), `did you mean "error"`},
		{test("--min-coverage", "outcome=90"), `did you mean "outcomes"`},
		{test("--min-coverage", "outcomes=9.5"), "whole percentage"},
		{test("--min-coverage", "outcomes"), "such as outcomes=90"},
		{test("--shard", "5/4"), "such as 2/4"},
		{test("--rate", "fast"), "such as 5/s"},
		{test("--parallel", "0"), "1 or more"},
		{test("--parallel", "many"), "a whole number"},
		{test("--timeout", "0s"), "more than nothing"},
		{test("--timeout", "5"), "such as 10s"},
		{test("--seed", "x"), "a whole number"},
		{test("--format", "jsn"), `did you mean "json"`},
		{test("--target", "http://127.0.0.1:99999"), "from 1 to 65535"},
		{test("--target", "http://127.0.0.1/?x=1"), "query"},
		{test("--provider-states", "hooks"), "not a URL"},
		{test("--report-dir", "/dev/null/x"), "--report-dir"},
		{test("--auth", filepath.Join(dir, "none.yaml")), "none.yaml: no such file"},
		{test("--auth", file("a.yaml", "identities:\n  default: {baerer: x}\n")), `a.yaml:2:13: unknown key "baerer" (did you mean "bearer"?)`},
		{test("--auth", file("b.yaml", "identities:\n  default: {bearer: env:NOBODY_SET_THIS}\n")), "NOBODY_SET_THIS is not set"},
		{test("--fixtures", file("c.yaml", "fixtures:\n  - {state: ordr, values: {orderId: x}}\n")), `no scenario asks for the state "ordr"; did you mean "order"`},
		{test("--fixtures", file("d.yaml", "fixtures:\n  - {state: order, value: {orderId: x}}\n")), `did you mean "values"`},
		{test("--waivers", file("e.yaml", "waivers:\n  - {deviation: a, reason: b, owner: c, expires: tomorrow}\n")), "such as 2026-12-31"},
		{test("--waivers", file("f.yaml", "waivers:\n  - {deviaton: a, reason: b, owner: c, expires: 2099-01-01}\n")), `did you mean "deviation"`},
		{test("--baseline", file("g.json", "hello")), "is not a report"},
		{certify("us0.yaml", "vendor: A\nprodukt: B\nversion: 1\n"), `us0.yaml:2:1: unknown key "produkt" (did you mean "product"?)`},
		{certify("us1.yaml", "vendor: A\nproduct: B\n"), "version is missing"},
		{certify("us2.yaml", "vendor: A\nproduct: B\nversion: 1\nfeatures: x\n"), "expected a list"},
		{certify("us3.yaml", "vendor: A\nproduct: B\nversion: 1\noperations: [getOrdr]\n"), `did you mean "getOrder"`},
	} {
		var out, errors bytes.Buffer
		code := Main(tc.args, nil, strings.NewReader(""), &out, &errors)
		if code != exitUsage || !strings.Contains(errors.String(), tc.want) || out.Len() > 0 {
			t.Errorf("%s: exit %d, expected %d and %q, found on stderr:\n%s", strings.Join(tc.args, " "), code, exitUsage, tc.want, &errors)
		}
	}
}
