package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func environment(name string) (string, bool) {
	v, ok := map[string]string{"TOKEN": "t-1", "PASSWORD": "p-1"}[name]
	return v, ok
}

func TestAuth(t *testing.T) {
	got, err := Auth(write(t, `identities:
  default: {basic: {login: acme, password: env:PASSWORD}}
  no-scope: {bearer: env:TOKEN}
  foreign: {headers: {X-Key: env:TOKEN}}
`), environment)
	if err != nil {
		t.Fatal(err)
	}
	if d := got["default"]; d.Login != "acme" || d.Password != "p-1" || d.Public {
		t.Errorf("default: %+v", d)
	}
	if got["no-scope"].Bearer != "t-1" || got["foreign"].Headers["X-Key"] != "t-1" {
		t.Errorf("identities: %+v", got)
	}
}

// What is wrong with a file is said before anything is sent.
func TestFilesThatAreWrong(t *testing.T) {
	auth := func(path string) error { _, err := Auth(path, environment); return err }
	waivers := func(path string) error { _, err := Waivers(path); return err }
	fixtures := func(path string) error { _, err := Fixtures(path); return err }
	baseline := func(path string) error { _, err := Baseline(path, "otms"); return err }
	for _, tc := range []struct {
		name string
		read func(string) error
		text string
		want string
	}{
		{"no default", auth, "identities: {other: {bearer: x}}", "file.yaml:1:1: there is no identity named default"},
		{"no variable", auth, "identities: {default: {bearer: env:NONE}}", "file.yaml:1:23: identity default: the environment variable NONE is not set (set it, or write the value itself)"},
		{"two ways", auth, "identities: {default: {bearer: x, basic: {login: a, password: b}}}", "exactly one"},
		{"no way", auth, "identities: {default: {}}", "exactly one"},
		{"no login", auth, "identities: {default: {basic: {password: b}}}", "needs a login"},
		{"a header that cannot be sent", auth, "identities: {default: {headers: {\"X A\": b}}}", `the header "X A" or its value is none that HTTP can send`},
		{"a taken name", auth, "identities: {default: {bearer: x}, wrong: {bearer: x}}", "name is taken"},
		{"an unknown key", auth, "identities: {default: {baerer: x}}", "file.yaml:1"},
		{"nothing", auth, "", "empty"},
		{"a waiver without a reason", waivers, "waivers: [{deviation: a, owner: me, expires: 2026-01-01}]", "a reason"},
		{"a waiver without an end", waivers, "waivers: [{deviation: a, reason: b, owner: me}]", "such as 2026-12-31"},
		{"a waiver with a word for a day", waivers, "waivers: [{deviation: a, reason: b, owner: me, expires: never}]", `"never"`},
		{"a waiver without an owner", waivers, "waivers:\n  - {deviation: a, reason: b, expires: 2026-01-01}", "file.yaml:2:5: a waiver needs a deviation, a reason and an owner"},
		{"a waiver twice", waivers, "waivers:\n  - {deviation: a, reason: b, owner: me, expires: 2026-01-01}\n  - {deviation: a, reason: c, owner: me, expires: 2026-01-01}", "file.yaml:3:5: the deviation a is waived already in line 2 (keep one of them)"},
		{"a fixture without values", fixtures, "fixtures: [{state: order}]", "needs a state and values"},
		{"no report", baseline, "{", "is not a report"},
		{"another format", baseline, `{"schema": "x/v1"}`, "format"},
		{"another contract", baseline, `{"schema": "roadworthy.report/v1", "suite": {"contract": "pets"}}`, "pets"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := tc.read(write(t, tc.text)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, expected %q", err, tc.want)
			}
		})
	}
}
