package specs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
)

// What contract init cannot finish leaves no trace: neither the folder, nor those around
// it, nor anything in one that was there.
func TestInitLeavesNothingHalfWritten(t *testing.T) {
	// No file system has room for a name as long as that of the example.
	document := `openapi: 3.1.0
info: {title: x, version: '1'}
paths: {/r: {post: {operationId: r, requestBody: {content: {application/json: {examples: {` + strings.Repeat("long", 100) + `: {value: {}}}}, application/xml: {}}}, responses: {'204': {description: done}}}}}
`
	const sound = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>`
	for _, tc := range []struct {
		name, xsd, out, reason string
		there                  bool
	}{
		{name: "a new folder in a new one", xsd: "<xs:schema", out: "new/deep/bundle", reason: "the XSD is broken"},
		{name: "an empty folder", xsd: "<xs:schema", out: "empty", there: true, reason: "the XSD is broken"},
		{name: "half way", xsd: sound, out: "new/bundle", reason: "a file cannot be written"},
		{name: "half way into an empty folder", xsd: sound, out: "empty", there: true, reason: "a file cannot be written"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			write := func(name, text string) {
				t.Helper()
				at := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("api.yaml", document)
			write("xsd/r.xsd", tc.xsd)
			out := filepath.Join(dir, tc.out)
			if tc.there {
				if err := os.MkdirAll(out, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			before := all(t, dir)
			if err := specs.Init(filepath.Join(dir, "api.yaml"), "", out); err == nil {
				t.Fatalf("expected a refusal, because %s", tc.reason)
			} else {
				t.Log(err)
			}
			if after := all(t, dir); after != before {
				t.Errorf("expected the folder as it was:\n%s\nfound\n%s", before, after)
			}
		})
	}
}

// A bundle is readable by others, in a new folder and in one that was empty.
func TestInitGivesAFolder(t *testing.T) {
	for _, there := range []bool{false, true} {
		out := filepath.Join(t.TempDir(), "a", "bundle")
		if there {
			if err := os.MkdirAll(out, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if err := specs.Init("testdata/bare/petstore.yaml", "", out); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(out)
		if err != nil || info.Mode().Perm()&0o055 != 0o055 {
			t.Errorf("expected a folder that others may read, found %v, %v", info, err)
		}
		if names := all(t, filepath.Dir(out)); strings.Contains(names, ".roadworthy-init") || !strings.Contains(names, "contract.yaml") {
			t.Errorf("expected the bundle alone, found\n%s", names)
		}
	}
}

func all(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, _ os.DirEntry, err error) error {
		names = append(names, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, "\n")
}
