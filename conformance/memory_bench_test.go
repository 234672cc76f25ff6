package conformance_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/conformance/generate"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/scenarios"
)

// manySteps is the size of the run whose memory is looked at.
const manySteps = 100_000

// BenchmarkSuiteMemory runs a hundred thousand steps, all exchanges of which are in
// the reports, and says how much memory this process had at most. The steps are
// those of a built-in contract, many times over.
func BenchmarkSuiteMemory(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Fatal("the peak is read from /proc")
	}
	url, c := startMock(b), open(b, "otm5")
	written, err := scenarios.For(c)
	if err != nil {
		b.Fatal(err)
	}
	once := append(written, generate.Cases(c, written)...)
	var all []*scenarios.Scenario
	steps := 0
	for round := 0; steps < manySteps; round++ {
		for _, sc := range once {
			copied := *sc
			copied.ID = fmt.Sprintf("%s.%d", sc.ID, round)
			all = append(all, &copied)
			steps += len(sc.Steps)
		}
	}
	for b.Loop() {
		conformance.TuneMemory()
		forgetPeak(b)
		r, err := conformance.Run(b.Context(), conformance.Config{Contract: c, Target: url, ProviderStates: url + "/__admin/provider-states", Scenarios: all, Generated: "off", Parallel: 4, Version: "bench"})
		if err != nil {
			b.Fatal(err)
		}
		// Partial, because what is generated was handed over as if it were written.
		if r.Verdict != reports.Partial {
			b.Fatal(r.Verdict, r.Why)
		}
		b.ReportMetric(peak(b), "MB-judged")
		for _, f := range reports.Formats() {
			if err := f.Render(io.Discard, r); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(peak(b), "MB-reported")
	}
	b.ReportMetric(float64(steps), "steps")
}

// forgetPeak makes the kernel begin anew.
func forgetPeak(b *testing.B) {
	runtime.GC()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Fatal(err)
	}
}

// peak is the most memory that this process had, in MB.
func peak(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range bytes.Lines(status) {
		if kb, ok := strings.CutPrefix(string(line), "VmHWM:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kb), "kB")))
			if err != nil {
				b.Fatal(err)
			}
			return float64(n) / 1024
		}
	}
	b.Fatal("no VmHWM")
	return 0
}
