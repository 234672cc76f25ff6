package reports_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/roadworthy-project/roadworthy/reports"
)

var update = flag.Bool("update", false, "write the golden files anew")

func render(t testing.TB, f func(io.Writer, *reports.Report) error, r *reports.Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := f(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); if that is meant, run the tests with -update:\n%s", file, diff)
	}
}

func TestGolden(t *testing.T) {
	for _, f := range reports.Formats() {
		name := f.File
		if name == "" {
			name = f.Name + ".txt"
		}
		t.Run(f.Name, func(t *testing.T) {
			got := render(t, f.Render, sample())
			if f.Name == "html" {
				// The style sheet and the script have their own files.
				got = got[:strings.Index(got, "<style>")] + got[strings.Index(got, "</style>"):strings.LastIndex(got, "<script>")]
				got = strings.Replace(got, got[strings.Index(got, `content="default-src`):strings.Index(got, "form-action")], "", 1)
			}
			golden(t, name, got)
		})
	}
	t.Run("terminal", func(t *testing.T) {
		var out bytes.Buffer
		if err := reports.Terminal(&out, sample(), reports.TerminalOptions{Trace: true, Width: 100}); err != nil {
			t.Fatal(err)
		}
		golden(t, "terminal.txt", out.String())
	})
}

// The same report gives the same bytes, each time.
func TestRenderersAreDeterministic(t *testing.T) {
	for _, f := range reports.Formats() {
		first := render(t, f.Render, poisoned())
		for range 5 {
			if render(t, f.Render, poisoned()) != first {
				t.Errorf("%s differs from run to run", f.Name)
			}
		}
	}
}
