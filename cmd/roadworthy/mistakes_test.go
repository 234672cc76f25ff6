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
		{test("--auth", "/none.yaml"), "roadworthy: --auth /none.yaml: no such file or directory"},
		{test("--waivers", "/none.yaml"), "roadworthy: --waivers /none.yaml: no such file or directory"},
		{test("--fixtures", "/none.yaml"), "roadworthy: --fixtures /none.yaml: no such file or directory"},
		{test("--baseline", "/none.json"), "roadworthy: --baseline /none.json: no such file or directory"},
		{test("--ca-file", "/none.pem"), "roadworthy: --ca-file /none.pem: no such file or directory"},
		{test("--client-cert", "/none.pem", "--client-key", "/none.pem"), "roadworthy: --client-cert /none.pem: no such file or directory"},
		{test("--ca-file", file("ca.pem", "x")), "ca.pem: expected certificates in PEM, found none"},
		{test("--client-cert", file("cc.pem", "x"), "--client-key", file("ck.pem", "x")), "cc.pem: expected PEM, found none"},
		{test("--proxy", "gopher://x"), "expected a URL such as http://proxy:3128"},
		{test("--waivers", file("w1.yaml", "waivers:\n\t- a\n")), "w1.yaml:2:1: not valid YAML: found character that cannot start any token, found \"\\t- a\" (indent with spaces)"},
		{test("--waivers", file("w2.yaml", "waivers:\n  - {deviation: *a}\n")), "w2.yaml:2:17: not valid YAML: unknown anchor 'a' referenced"},
		{test("--auth", file("w3.yaml", "identities:\n  default: {bearer: \xe4}\n")), "w3.yaml:2:21: not valid YAML: expected text, found the byte 0xE4 is no UTF-8"},
		{test("--auth", file("w4.yaml", "")), "w4.yaml: the file is empty"},
		{[]string{"certify", "transeu", "--target", "http://127.0.0.1:1", "--implementation", "/none.yaml"}, "roadworthy: --implementation /none.yaml: no such file or directory"},
		{[]string{"certify", "transeu", "--target", "http://127.0.0.1:1", "--key", "/none.pem", "--implementation", file("w5.yaml", "vendor: a\nproduct: b\nversion: '1'\n")}, "roadworthy: --key /none.pem: no such file or directory"},
		{certify("w6.yaml", "vendor: a\nproduct: b\n"), "w6.yaml:1:1: version is missing"},
		{certify("w7.yaml", "vendor: a\nproduct: b\nversion: '1'\noperations: [getorder]\n"), `w7.yaml: declared operation "getorder" fits nothing; did you mean "getOrder"?`},
		{[]string{"mock", "transeu", "--listen", "127.0.0.1:0", "--faults", "/none.yaml"}, "roadworthy: --faults /none.yaml: no such file or directory"},
		{[]string{"mock", "transeu", "--listen", "127.0.0.1:0", "--faults", file("w8.yaml", "- fault: latency\n- fault: latncy\n")}, `w8.yaml:2:3: there is no fault "latncy"; did you mean "latency"?`},
		{[]string{"mock", "transeu", "--listen", "127.0.0.1:0", "--faults", file("w9.yaml", "- {fault: latency, operation: getordr}\n")}, `w9.yaml:1:3: no operation "getordr" is served (did you mean "getOrder"?)`},
		{[]string{"mock", "transeu", "--listen", "127.0.0.1:0", "--faults", file("w10.yaml", "- {fault: latency, params: {dely: 1s}}\n")}, `w10.yaml:1:3: the fault latency has no parameter "dely"; it has delay`},
		{[]string{"mock", "transeu", "--listen", "127.0.0.1:0", "--identities", "/none.yaml"}, "roadworthy: --identities /none.yaml: no such file or directory"},
		{[]string{"mock", "transeu", "--listen", "127.0.0.1:0", "--identities", file("w11.yaml", "transeu:\n  - {nme: a}\n")}, `w11.yaml:2:6: unknown key "nme" (did you mean "name"?)`},
		{[]string{"mock", "transeu", "--listen", "127.0.0.1:0", "--max-body", "-1"}, "--max-body -1: expected 1 or more bytes"},
		{[]string{"mock", "transeu", "--listen", "127.0.0.1:0", "--tls-cert", "/none.pem", "--tls-key", "/none.pem"}, "roadworthy: --tls-cert /none.pem: no such file or directory"},
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
