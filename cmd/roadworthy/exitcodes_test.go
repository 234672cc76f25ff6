package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestExitCodes holds the numbers themselves, which pipelines branch on: a script's
// "! exec" is content with any of them.
func TestExitCodes(t *testing.T) {
	silent := silentTarget(t)
	bad := filepath.Join(t.TempDir(), "bad.xml")
	if err := os.WriteFile(bad, []byte(`<orderLinkRequest version="0.1"/>`), 0o600); err != nil {
		t.Fatal(err)
	}
	report := t.TempDir()
	for _, one := range []struct {
		name, args string
		want       int
	}{
		{"version", "--version", exitFine},
		{"list", "contract list", exitFine},
		{"a body with a violation", "validate otms orderLink " + bad, exitDeviations},
		{"unknown command", "moc", exitUsage},
		{"unknown flag", "test transeu --traget x", exitUsage},
		{"unknown contract", "test transue --target http://127.0.0.1:1", exitUsage},
		{"no target", "test transeu", exitUsage},
		{"no scenario of that name", "test transeu --target http://127.0.0.1:1 --only nothing.like.this", exitUsage},
		{"no operation of that name", "test transeu --target http://127.0.0.1:1 --operations nothing*", exitUsage},
		{"a settings file that is not there", "test transeu --target http://127.0.0.1:1 --auth nowhere.yaml", exitUsage},
		{"target is down", "test transeu --target http://127.0.0.1:1 --report-dir " + report, exitInconclusive},
		{"target never answers", "test transeu --target " + silent + " --timeout 200ms --report-dir " + report, exitInconclusive},
	} {
		t.Run(one.name, func(t *testing.T) {
			var out, problems bytes.Buffer
			began := time.Now()
			if got := Main(strings.Fields(one.args), nil, strings.NewReader(""), &out, &problems); got != one.want {
				t.Errorf("roadworthy %s: expected exit %d, found %d\n%s%s", one.args, one.want, got, &out, &problems)
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("roadworthy %s took %s", one.args, took)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(report, "report.json")); err != nil {
		t.Errorf("a run against nobody leaves a report too: %v", err)
	}
}

// silentTarget accepts connections and says nothing.
func silentTarget(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-ctx.Done():
		}
	})}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { stop(); _ = s.Close() })
	return "http://" + l.Addr().String()
}

// TestTheTrapsHaveTheirTests: the table in CONTRIBUTING.md names tests that exist.
func TestTheTrapsHaveTheirTests(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "## Traps")
	if !found {
		t.Fatal("CONTRIBUTING.md has no section Traps")
	}
	named := regexp.MustCompile("`((?:[a-z0-9]+/)*)(Test\\w+)`").FindAllStringSubmatch(table, -1)
	if len(named) < 13 {
		t.Errorf("expected a test for each of 13 traps, found %d", len(named))
	}
	for _, one := range named {
		dir := filepath.Join("..", "..", filepath.FromSlash(one[1]))
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		exists := false
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			exists = exists || bytes.Contains(source, []byte("\nfunc "+one[2]+"("))
		}
		if !exists {
			t.Errorf("CONTRIBUTING.md names %s%s, and there is no such test", one[1], one[2])
		}
	}
}
