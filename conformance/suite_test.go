package conformance_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// The suite itself, as "go test ./conformance" and under the ginkgo command: against
// the implementation that ROADWORTHY_TARGET and ROADWORTHY_CONTRACT name, and without
// them against the mock, which is built, started and spoken to like any other server.
//
//	ROADWORTHY_CONTRACT=transeu ROADWORTHY_TARGET=https://staging.example.com \
//	ROADWORTHY_AUTH=auth.yaml go test ./conformance -run TestConformance -v
func TestConformance(t *testing.T) {
	target, contract := os.Getenv("ROADWORTHY_TARGET"), os.Getenv("ROADWORTHY_CONTRACT")
	if (target == "") != (contract == "") {
		t.Fatal("set both ROADWORTHY_TARGET and ROADWORTHY_CONTRACT, or none of them")
	}
	if target != "" {
		conform(t, conformance.Config{Contract: open(t, contract), Target: target, Auth: os.Getenv("ROADWORTHY_AUTH"),
			ProviderStates: os.Getenv("ROADWORTHY_PROVIDER_STATES"), Fixtures: os.Getenv("ROADWORTHY_FIXTURES")})
		return
	}
	url := startMock(t)
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			conform(t, conformance.Config{Contract: open(t, name), Target: url, ProviderStates: url + "/__admin/provider-states"})
		})
	}
}

// conform fails on everything but a verdict without a failure; a run on which
// nothing counted is no success.
func conform(t *testing.T, c conformance.Config) {
	t.Helper()
	c.Testing, c.Version = t, "go-test"
	if testing.Verbose() {
		c.Output = os.Stdout
	}
	r, err := conformance.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	tell(t, r, 20)
	if r.Verdict != reports.Conformant && r.Verdict != reports.Partial {
		t.Errorf("verdict %s: %v", r.Verdict, r.Why)
	}
}

var address = regexp.MustCompile(`ready (http://\S+)`)

// startMock builds the command and starts its mock of the contracts, all built-in ones
// when none is named.
func startMock(t testing.TB, contracts ...string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "roadworthy")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "../cmd/roadworthy").CombinedOutput(); err != nil {
		t.Fatalf("the command cannot be built: %v\n%s", err, out)
	}
	ctx, stop := context.WithCancel(context.Background())
	mock := exec.CommandContext(ctx, binary, append([]string{"mock", "--listen", "127.0.0.1:0"}, contracts...)...)
	mock.Cancel = func() error { return mock.Process.Signal(os.Interrupt) }
	mock.WaitDelay = 5 * time.Second
	mock.Stderr = os.Stderr
	out, err := mock.StdoutPipe()
	if err == nil {
		err = mock.Start()
	}
	if err != nil {
		stop()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = mock.Wait()
	})
	found := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if m := address.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
			}
		}
	}()
	select {
	case url := <-found:
		return url
	case <-time.After(20 * time.Second):
		t.Fatal(fmt.Errorf("the mock does not say that it is ready"))
		return ""
	}
}
