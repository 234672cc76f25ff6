package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"roadworthy": func() { os.Exit(Main(os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the command line as a user would: one script per command and
// exit code, in testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"waitready": waitReady},
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			return nil
		},
	})
}

// waitReady waits for the ready line of a mock that runs in the background with
// its output in mock.log of the work folder, and sets $URL.
func waitReady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waitready LOGFILE")
	}
	ready := regexp.MustCompile(`(?m)^ready (http\S+)$`)
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		log, err := os.ReadFile(filepath.Join(ts.Getenv("WORK"), args[0]))
		if found := ready.FindSubmatch(log); err == nil && found != nil {
			ts.Setenv("URL", string(found[1]))
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("no ready line in %s", args[0])
}
