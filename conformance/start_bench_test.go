package conformance_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkColdStart is the time from starting the program to the first answer,
// with every built-in contract served.
func BenchmarkColdStart(b *testing.B) {
	binary := stripped(b)
	info, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		stop, _ := firstAnswer(b, binary)
		b.StopTimer()
		stop()
		b.StartTimer()
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB")
}

// BenchmarkIdle is the memory of a mock of every built-in contract that nobody asks
// any more: all that is resident, and what of it no file holds.
func BenchmarkIdle(b *testing.B) {
	binary := stripped(b)
	for b.Loop() {
		stop, process := firstAnswer(b, binary)
		time.Sleep(6 * time.Second) // it is given back after three
		b.ReportMetric(kilobytes(b, process, "VmRSS")/1024, "MB-resident")
		b.ReportMetric(kilobytes(b, process, "RssAnon")/1024, "MB-own")
		stop()
	}
	b.ReportMetric(0, "ns/op")
}

func stripped(b *testing.B) string {
	binary := filepath.Join(b.TempDir(), "roadworthy")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-s -w", "-o", binary, "../cmd/roadworthy").CombinedOutput(); err != nil {
		b.Fatalf("the command cannot be built: %v\n%s", err, out)
	}
	return binary
}

// firstAnswer starts a mock and waits until it has answered once.
func firstAnswer(b *testing.B, binary string) (stop func(), process int) {
	mock := exec.Command(binary, "mock", "--listen", "127.0.0.1:0")
	out, err := mock.StdoutPipe()
	if err == nil {
		err = mock.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	resp, err := http.Get(ready(b, out) + "/__admin/health")
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Fatal("no answer: ", err)
	}
	resp.Body.Close()
	return func() {
		_ = mock.Process.Kill()
		_ = mock.Wait()
	}, mock.Process.Pid
}

// kilobytes reads a line of what the kernel says of a process.
func kilobytes(b *testing.B, process int, name string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, name+":"); ok {
			n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(kb), " kB"))
			if err != nil {
				b.Fatal(err)
			}
			return float64(n)
		}
	}
	b.Fatal("no ", name)
	return 0
}

// ready waits for the address in the output of a mock.
func ready(b *testing.B, out io.Reader) string {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if url, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			return url
		}
	}
	b.Fatal("the mock does not say that it is ready")
	return ""
}
