package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TestManualPages: every command has a page with all its flags, and nothing on a
// page is read as a request that we did not write.
func TestManualPages(t *testing.T) {
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	if code := Main([]string{"man", dir}, nil, nil, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	root := (&app{stdout: &stdout, stderr: &stderr}).root()
	root.InitDefaultCompletionCmd()
	requests := []string{".TH", ".SH", ".nh", ".ad", ".B", ".BR", ".PP", ".TP", ".nf", ".fi"}
	var want []string
	for _, cmd := range documented(root) {
		name := manualName(cmd) + ".1"
		want = append(want, name)
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, line := range strings.Split(string(page), "\n") {
			if word, _, _ := strings.Cut(line, " "); strings.HasPrefix(line, ".") && !slices.Contains(requests, word) || strings.HasPrefix(line, "'") {
				t.Errorf("%s: %q is read as a request", name, line)
			}
		}
		for _, part := range []string{".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", roff(cmd.Short)} {
			if !strings.Contains(string(page), part) {
				t.Errorf("%s lacks %q", name, part)
			}
		}
		cmd.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && !strings.Contains(string(page), roff("--"+f.Name)) {
				t.Errorf("%s lacks --%s", name, f.Name)
			}
		})
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range entries {
		have = append(have, e.Name())
	}
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Errorf("the folder holds %v, want %v", have, want)
	}
	if len(want) < 20 {
		t.Errorf("only %d commands were found", len(want))
	}
}

func TestRoff(t *testing.T) {
	for _, row := range []struct{ text, want, reason string }{
		{".so /etc/passwd", `\&.so /etc/passwd`, "a line that begins with a point is no request"},
		{"a\n.so b", "a\n\\&.so b", "nor is a later one"},
		{"'br", `\[aq]br`, "an apostrophe begins a request too"},
		{`a\fBb`, `a\efBb`, "a backslash is no escape"},
		{"--on", `\-\-on`, "a minus can be copied from the page"},
		{"a · b", `a \[u00B7] b`, "pages are ASCII"},
	} {
		if got := roff(row.text); got != row.want {
			t.Errorf("%q gives %q, want %q: %s", row.text, got, row.want, row.reason)
		}
	}
}
